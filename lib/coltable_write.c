/* SPDX-License-Identifier: ISC */
#include "coltable.h"

#include <inttypes.h>
#include <stdio.h>

#include "csvout.h"
#include "json_out.h"
#include "num.h"
#include "utf8.h"

/* "BTCUSDT (1000); ETHUSDT (20)" */
static void
put_top(struct buf *out, const struct colstat_summary *summary)
{
	for (size_t i = 0; i < summary->ntop; i++) {
		const struct frequent_value *value = &summary->top[i];

		buf_puts(out, i ? "; " : "");
		colstat_put_text(out, value->text, value->cut);
		buf_printf(out, " (%s%" PRIu64 ")",
		    summary->top_exact ? "" : ">=", value->count);
	}
}

/* A block for each bin, as high as its share of the fullest one. */
static void
put_sparkline(struct buf *out, const struct colstat_summary *summary)
{
	static const char *const blocks[] = {
	    "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	const size_t last = sizeof(blocks) / sizeof(blocks[0]) - 1;
	uint64_t most = 1;

	for (int i = 0; i < COLSTAT_BINS; i++)
		most = summary->bins[i] > most ? summary->bins[i] : most;
	for (int i = 0; summary->has_bins && i < COLSTAT_BINS; i++) {
		double share = (double)summary->bins[i] / (double)most;

		buf_puts(out, blocks[(size_t)(share * (double)last + 0.5)]);
	}
}

static void
put_text(struct out *out, const struct buf *text)
{
	out_putc(out, ',');
	csvout_value(out, buf_slice(text));
}

static void
put_count(struct out *out, uint64_t count)
{
	char text[NUM_SIZE];

	snprintf(text, sizeof(text), ",%" PRIu64, count);
	out_puts(out, text);
}

static void
write_record(struct out *out, const struct buf *name,
    const struct colstat_summary *summary)
{
	struct buf top = {0}, sparkline = {0};

	put_top(&top, summary);
	put_sparkline(&sparkline, summary);
	csvout_value(out, buf_slice(name));
	out_putc(out, ',');
	out_puts(out, colstat_type_name(summary->type));
	put_count(out, summary->count);
	put_count(out, summary->empty);
	put_count(out, summary->distinct);
	put_text(out, &summary->min);
	put_text(out, &summary->q1);
	put_text(out, &summary->median);
	put_text(out, &summary->q3);
	put_text(out, &summary->max);
	put_text(out, &summary->mean);
	put_text(out, &summary->deviation);
	put_text(out, &top);
	put_text(out, &sparkline);
	out_putc(out, '\n');
	buf_release(&top);
	buf_release(&sparkline);
}

void
coltable_write_csv(const struct coltable *table, struct out *out)
{
	struct colstat_summary summary;

	if (table->count)
		out_puts(out, "field,type,count,empty,distinct,min,q1,median,"
			      "q3,max,mean,sd,top,histogram\n");
	for (size_t i = 0; i < table->count; i++) {
		colstat_summarize(table->columns[i], &summary);
		write_record(out, &table->names[i], &summary);
		colstat_summary_release(&summary);
	}
}

/* Texts may be any bytes; JSON may not. */
static void
json_text(struct json_out *json, const char *key, struct slice text)
{
	struct buf clean = {0};

	utf8_add(&clean, text, SIZE_MAX);
	json_key(json, key);
	json_put_string(json, buf_slice(&clean));
	buf_release(&clean);
}

/* A number as one, a time as text, nothing as null. */
static void
json_measure(struct json_out *json, const char *key,
    const struct colstat_summary *summary, const struct buf *text)
{
	double number;

	json_key(json, key);
	if (!text->len)
		json_put_null(json);
	else if (summary->type <= COLSTAT_DECIMAL &&
		 !num_double(buf_slice(text), &number))
		json_put_number(json, number);
	else
		json_put_string(json, buf_slice(text));
}

static void
json_extreme(struct json_out *json, const char *key, const struct buf *text)
{
	if (text->len)
		json_text(json, key, buf_slice(text));
	else
		json_pair_text(json, key, NULL);
}

static void
json_top(struct json_out *json, const struct colstat_summary *summary)
{
	struct buf text = {0};

	json_key(json, "top");
	json_open(json, '[');
	for (size_t i = 0; i < summary->ntop; i++) {
		const struct frequent_value *value = &summary->top[i];

		buf_clear(&text);
		colstat_put_text(&text, value->text, value->cut);
		json_open(json, '{');
		json_text(json, "value", buf_slice(&text));
		json_pair_int(json, "count", (int64_t)value->count);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_pair_bool(json, "top_exact", summary->top_exact);
	buf_release(&text);
}

static void
json_bins(struct json_out *json, const struct colstat_summary *summary)
{
	json_key(json, "histogram");
	json_open(json, '[');
	for (int i = 0; summary->has_bins && i < COLSTAT_BINS; i++)
		json_put_int(json, (int64_t)summary->bins[i]);
	json_close(json, ']');
}

static void
json_column(struct json_out *json, const struct buf *name,
    const struct colstat_summary *summary)
{
	json_open(json, '{');
	json_text(json, "field", buf_slice(name));
	json_pair_text(json, "type", colstat_type_name(summary->type));
	json_pair_int(json, "count", (int64_t)summary->count);
	json_pair_int(json, "empty", (int64_t)summary->empty);
	json_pair_int(json, "distinct", (int64_t)summary->distinct);
	json_pair_bool(json, "distinct_exact", summary->distinct_exact);
	json_extreme(json, "min", &summary->min);
	json_measure(json, "q1", summary, &summary->q1);
	json_measure(json, "median", summary, &summary->median);
	json_measure(json, "q3", summary, &summary->q3);
	json_extreme(json, "max", &summary->max);
	json_pair_bool(json, "quartiles_exact", summary->quartiles_exact);
	json_measure(json, "mean", summary, &summary->mean);
	json_measure(json, "sd", summary, &summary->deviation);
	json_top(json, summary);
	json_bins(json, summary);
	json_close(json, '}');
}

void
coltable_write_json(const struct coltable *table, struct out *out)
{
	struct buf text = {0};
	struct json_out json = {.buf = &text, .lines = 2};
	struct colstat_summary summary;

	json_open(&json, '[');
	for (size_t i = 0; i < table->count; i++) {
		colstat_summarize(table->columns[i], &summary);
		json_column(&json, &table->names[i], &summary);
		colstat_summary_release(&summary);
	}
	json_close(&json, ']');
	out_slice(out, buf_slice(&text));
	buf_release(&text);
}
