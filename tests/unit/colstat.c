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

static bool
same_text(const struct buf *a, const struct buf *b)
{
	return !strcmp(buf_text(a), buf_text(b));
}

static bool
same(const struct colstat_summary *a, const struct colstat_summary *b)
{
	return a->type == b->type && a->count == b->count &&
	       a->empty == b->empty && a->distinct == b->distinct &&
	       a->distinct_exact == b->distinct_exact &&
	       same_text(&a->min, &b->min) && same_text(&a->max, &b->max) &&
	       same_text(&a->q1, &b->q1) && same_text(&a->median, &b->median) &&
	       same_text(&a->mean, &b->mean) &&
	       same_text(&a->deviation, &b->deviation) &&
	       !memcmp(a->bins, b->bins, sizeof(a->bins));
}

/* What is said does not depend on how the values come. */
static bool
same_in_any_batches(const struct values *values, enum colstat_type type)
{
	static const size_t steps[] = {1, 2, 7, 1023, 1024, 1025};
	struct colstat_summary whole, parts;
	bool good;

	summarize(values, MOST, &whole);
	good = whole.type == type;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		summarize(values, steps[i], &parts);
		if (!same(&whole, &parts)) {
			printf("# other in batches of %zu: %s %s\n", steps[i],
			    buf_text(&whole.deviation),
			    buf_text(&parts.deviation));
			good = false;
		}
		colstat_summary_release(&parts);
	}
	colstat_summary_release(&whole);
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
