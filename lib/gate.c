/* SPDX-License-Identifier: ISC */
#include "gate.h"

#include <math.h>
#include <string.h>

#include "cols.h"
#include "io.h"
#include "num.h"

/* NULL, or the reason why a rule is not one. */
static const char *
refuse_rule(struct json *rule, bool has_previous)
{
	if (json_type(rule) != JSON_OBJECT || !json_count(rule))
		return "want an object with min, max, max_drop_abs or "
		       "max_drop_rel";
	for (size_t i = 0; i < json_count(rule); i++) {
		const char *key = json_key_at(rule, i);

		if (!strcmp(key, "max_drop_abs") ||
		    !strcmp(key, "max_drop_rel")) {
			if (!has_previous)
				return "a drop needs the previous metrics";
		} else if (strcmp(key, "min") && strcmp(key, "max")) {
			return "a key is none of min, max, max_drop_abs, "
			       "max_drop_rel";
		}
	}
	return NULL;
}

/* Appends the reason to error if the root is no gate: 0 or -1. */
static int
check_shape(struct json *root, bool has_previous, struct buf *error)
{
	if (json_type(root) != JSON_OBJECT || !json_count(root)) {
		buf_puts(error, "want an object with a rule for each metric");
		return -1;
	}
	for (size_t i = 0; i < json_count(root); i++) {
		const char *name = json_key_at(root, i);
		const char *reason =
		    refuse_rule(json_get(root, name), has_previous);

		if (reason) {
			buf_printf(error, "'%s': %s", name, reason);
			return -1;
		}
	}
	return 0;
}

static int
read_rules(
    struct gate *gate, const char *path, bool has_previous, struct buf *error)
{
	gate->rules = json_read(path, error);
	if (!gate->rules)
		return -1;
	buf_printf(error, "%s: ", io_name(path));
	if (check_shape(gate->rules, has_previous, error))
		return -1;
	buf_clear(error);
	return 0;
}

static int
read_previous(struct gate *gate, const char *path, struct buf *error)
{
	gate->previous = json_read(path, error);
	if (!gate->previous)
		return -1;
	if (json_type(gate->previous) == JSON_OBJECT)
		return 0;
	buf_printf(error, "%s: want an object with metrics", io_name(path));
	return -1;
}

int
gate_read(struct gate *gate, const char *path, const char *previous,
    struct buf *error)
{
	*gate = (struct gate){.name = io_name(path)};
	if (read_rules(gate, path, previous != NULL, error) ||
	    (previous && read_previous(gate, previous, error))) {
		gate_release(gate);
		return -1;
	}
	return 0;
}

void
gate_release(struct gate *gate)
{
	json_free(gate->rules);
	json_free(gate->previous);
	*gate = (struct gate){0};
}

/* A bound being checked. */
struct bound {
	const struct metric *metric;
	const char *key;
	double limit;
	struct json *before; /* the metric's earlier value, or NULL */
};

static void
check_limit(const struct bound *bound, struct buf *text)
{
	char have[NUM_SIZE], want[NUM_SIZE];
	bool is_min = !strcmp(bound->key, "min");
	double value = bound->metric->value;

	if (is_min ? value >= bound->limit : value <= bound->limit)
		return;
	num_format(value, have);
	num_format(bound->limit, want);
	buf_printf(text, "%s %s is %s %s %s", bound->metric->name, have,
	    is_min ? "below" : "above", bound->key, want);
}

/* How much worse a value is than the one before. */
static double
loss(enum metric_aim aim, double value, double before)
{
	switch (aim) {
	case METRIC_MORE:
		return before - value;
	case METRIC_LESS:
		return value - before;
	case METRIC_ZERO:
		return fabs(value) - fabs(before);
	}
	return NAN;
}

static void
check_drop(const struct bound *bound, struct buf *text)
{
	char have[NUM_SIZE], want[NUM_SIZE], had[NUM_SIZE];
	const struct metric *metric = bound->metric;
	double before = json_number(bound->before);
	double limit = bound->limit;

	if (json_type(bound->before) != JSON_NUMBER || isnan(before)) {
		buf_printf(text, "%s is %s in the previous metrics",
		    metric->name, bound->before ? "undefined" : "missing");
		return;
	}
	if (!strcmp(bound->key, "max_drop_rel"))
		limit *= fabs(before);
	if (loss(metric->aim, metric->value, before) <= limit)
		return;
	num_format(metric->value, have);
	num_format(before, had);
	num_format(bound->limit, want);
	buf_printf(text, "%s %s is worse than %s by more than %s %s",
	    metric->name, have, had, bound->key, want);
}

static void
check_bound(const struct gate *gate, const struct metric *metric,
    const char *key, struct cols *failures)
{
	struct json *value = json_get(json_get(gate->rules, metric->name), key);
	struct bound bound = {metric, key, json_number(value),
	    json_get(gate->previous, metric->name)};
	struct buf text = {0};

	if (!value)
		return;
	if (json_type(value) != JSON_NUMBER || isnan(bound.limit))
		buf_printf(&text, "%s: %s is not a number", metric->name, key);
	else if (!strncmp(key, "max_", 4))
		check_drop(&bound, &text);
	else
		check_limit(&bound, &text);
	if (text.len)
		cols_add(failures, buf_slice(&text));
	buf_release(&text);
}

static const struct metric *
find(const char *name, const struct metric *metrics, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(metrics[i].name, name))
			return &metrics[i];
	}
	return NULL;
}

static void
check_all(const struct gate *gate, const struct metric *metrics, size_t count,
    struct cols *failures)
{
	static const char *const keys[] = {
	    "min", "max", "max_drop_abs", "max_drop_rel"};

	for (size_t i = 0; i < json_count(gate->rules); i++) {
		const char *name = json_key_at(gate->rules, i);
		const struct metric *metric = find(name, metrics, count);
		struct buf text = {0};

		if (!metric || isnan(metric->value)) {
			buf_printf(&text, "%s is %s", name,
			    metric ? "undefined" : "no metric");
			cols_add(failures, buf_slice(&text));
			buf_release(&text);
			continue;
		}
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
			check_bound(gate, metric, keys[k], failures);
	}
}

size_t
gate_report(const struct gate *gate, const struct metric *metrics, size_t count,
    struct json_out *json)
{
	struct cols failures = {0};
	size_t failed;

	check_all(gate, metrics, count, &failures);
	failed = failures.count;
	json_pair_text(json, "gate", failed ? "fail" : "pass");
	json_key(json, "failed");
	json_open(json, '[');
	for (size_t i = 0; i < failed; i++) {
		json_put_string(json, slice_of(failures.names[i]));
		warning("%s: %s", gate->name, failures.names[i]);
	}
	json_close(json, ']');
	cols_release(&failures);
	return failed;
}
