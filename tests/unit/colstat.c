/* SPDX-License-Identifier: ISC */
#include "colstat.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 5000, WIDTH = 48 };

/* Values with room behind them, as colstat_add() asks for. */
struct values {
	char texts[MOST][WIDTH];
	struct slice slices[MOST];
	size_t count;
};

static void
put(struct values *values, const char *text)
{
	char *at = values->texts[values->count];

	snprintf(at, WIDTH, "%s", text);
	values->slices[values->count++] = (struct slice){at, strlen(at)};
}

/* The summary of values, added step at a time. */
static void
summarize(
    const struct values *values, size_t step, struct colstat_summary *summary)
{
	struct colstat *column = colstat_new();

	for (size_t i = 0; i < values->count; i += step) {
		size_t left = values->count - i;

		colstat_add(
		    column, values->slices + i, left < step ? left : step);
	}
	colstat_summarize(column, summary);
	summary->ntop = 0; /* its texts go with the column */
	colstat_free(column);
}

/* All that a summary says, in one line. */
static void
put_summary(struct buf *line, const struct colstat_summary *summary)
{
	buf_clear(line);
	buf_printf(line,
	    "%d %d %d %d %d: %s %s: %s %s %s: %s %s:", summary->type,
	    (int)summary->count, (int)summary->empty, (int)summary->distinct,
	    summary->distinct_exact, buf_text(&summary->min),
	    buf_text(&summary->max), buf_text(&summary->q1),
	    buf_text(&summary->median), buf_text(&summary->q3),
	    buf_text(&summary->mean), buf_text(&summary->deviation));
	for (int i = 0; i < COLSTAT_BINS; i++)
		buf_printf(line, " %d", (int)summary->bins[i]);
}

/* What is said does not depend on how the values come. */
static bool
same_in_any_batches(const struct values *values, enum colstat_type type)
{
	static const size_t steps[] = {1, 2, 7, 1023, 1024, 1025};
	struct colstat_summary summary;
	struct buf whole = {0}, parts = {0};
	bool good;

	summarize(values, MOST, &summary);
	put_summary(&whole, &summary);
	good = summary.type == type;
	colstat_summary_release(&summary);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		summarize(values, steps[i], &summary);
		put_summary(&parts, &summary);
		colstat_summary_release(&summary);
		if (strcmp(buf_text(&whole), buf_text(&parts)) != 0) {
			printf("# %s\n# but in batches of %zu\n# %s\n",
			    buf_text(&whole), steps[i], buf_text(&parts));
			good = false;
		}
	}
	buf_release(&whole);
	buf_release(&parts);
	return good;
}

static void
check_batches(struct values *values)
{
	char text[WIDTH];

	values->count = 0;
	for (int i = 0; i < MOST; i++) {
		snprintf(text, sizeof(text), "%d.%0*d", i * 37 % 1001 - 500,
		    1 + i % 5, i % 10);
		put(values, i % 11 ? text : "");
	}
	CHECK(same_in_any_batches(values, COLSTAT_DECIMAL));
	for (int i = 0; i < MOST; i += 7)
		snprintf(values->texts[i], WIDTH, "%de-%d", i, i % 5);
	for (int i = 0; i < MOST; i += 7)
		values->slices[i].len = strlen(values->texts[i]);
	CHECK(same_in_any_batches(values, COLSTAT_DECIMAL));
	values->slices[3000].len = 3;
	memcpy(values->texts[3000], "n/a", 3);
	CHECK(same_in_any_batches(values, COLSTAT_STRING));
}

static void
check_times(struct values *values)
{
	char text[WIDTH];

	values->count = 0;
	for (int i = 0; i < MOST; i++) {
		snprintf(text, sizeof(text), "2024-%02d-%02dT%02d:00:00Z",
		    1 + i % 12, 1 + i / 12 % 28, i % 24);
		put(values, text);
	}
	CHECK(same_in_any_batches(values, COLSTAT_DATETIME));
}

/* A prefix of 16 bytes decides, and what is behind it only in a tie. */
static void
check_texts(struct values *values)
{
	static const char *const texts[] = {"b", "", "\xff\xff", "a", "ab",
	    "0123456789abcdefg", "0123456789abcdef", "0123456789abcdee"};
	struct colstat_summary summary;

	values->count = 0;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		put(values, texts[i]);
	summarize(values, MOST, &summary);
	CHECK(summary.type == COLSTAT_STRING);
	CHECK(!strcmp(buf_text(&summary.min), "0123456789abcdee"));
	CHECK(!strcmp(buf_text(&summary.max), "\xff\xff"));
	CHECK(summary.count == 7 && summary.empty == 1);
	CHECK(!summary.has_bins && summary.mean.len == 0);
	colstat_summary_release(&summary);
}

static void
check_nothing(void)
{
	struct colstat *column = colstat_new();
	struct colstat_summary summary;

	colstat_summarize(column, &summary);
	CHECK(summary.type == COLSTAT_EMPTY);
	CHECK(summary.count == 0 && summary.distinct == 0);
	CHECK(summary.min.len == 0 && summary.ntop == 0);
	CHECK(!strcmp(colstat_type_name(summary.type), "empty"));
	colstat_summary_release(&summary);
	colstat_free(column);
	colstat_free(NULL);
}

static void
check_cut(void)
{
	struct buf out = {0};

	colstat_put_text(&out, slice_of("ab\xc3"), true);
	CHECK(!strcmp(buf_text(&out), "ab..."));
	buf_clear(&out);
	colstat_put_text(&out, slice_of("ab\xc3"), false);
	CHECK(!strcmp(buf_text(&out), "ab\xc3"));
	buf_release(&out);
}

int
main(void)
{
	struct values *values = calloc(1, sizeof(*values));

	CHECK(values != NULL);
	if (values) {
		check_batches(values);
		check_times(values);
		check_texts(values);
	}
	check_nothing();
	check_cut();
	free(values);
	return check_done();
}
