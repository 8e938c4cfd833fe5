/* SPDX-License-Identifier: ISC */
#include "gate.h"

#include <math.h>
#include <string.h>

#include "io.h"
#include "num.h"

/* NULL, or the reason why a rule is not one. */
static const char *
refuse_rule(struct json *rule)
{
	if (json_type(rule) != JSON_OBJECT || !json_count(rule))
		return "want an object with min, max or both";
	for (size_t i = 0; i < json_count(rule); i++) {
		const char *key = json_key_at(rule, i);

		if (strcmp(key, "min") && strcmp(key, "max"))
			return "a key is neither min nor max";
	}
	return NULL;
}

/* Appends the reason to error if the root is no gate: 0 or -1. */
static int
check_shape(struct json *root, struct buf *error)
{
	if (json_type(root) != JSON_OBJECT || !json_count(root)) {
		buf_puts(error, "want an object with a rule for each metric");
		return -1;
	}
	for (size_t i = 0; i < json_count(root); i++) {
		const char *name = json_key_at(root, i);
		const char *reason = refuse_rule(json_get(root, name));

		if (reason) {
			buf_printf(error, "'%s': %s", name, reason);
			return -1;
		}
	}
	return 0;
}

struct json *
gate_read(const char *path, struct buf *error)
{
	struct json *root = json_read(path, error);

	if (!root)
		return NULL;
	buf_printf(error, "%s: ", io_name(path));
	if (check_shape(root, error)) {
		json_free(root);
		return NULL;
	}
	buf_clear(error);
	return root;
}

/* Adds a failure if the value does not keep the bound "min" or "max". */
static void
check_bound(struct json *rule, const char *key, const struct metric *metric,
    struct cols *failures)
{
	struct json *bound = json_get(rule, key);
	double limit = json_number(bound);
	bool is_min = !strcmp(key, "min");
	char have[NUM_SIZE], want[NUM_SIZE];
	struct buf text = {0};

	if (!bound)
		return;
	if (json_type(bound) != JSON_NUMBER || isnan(limit)) {
		buf_printf(&text, "%s: %s is not a number", metric->name, key);
	} else if (is_min ? metric->value < limit : metric->value > limit) {
		num_format(metric->value, have);
		num_format(limit, want);
		buf_printf(&text, "%s %s is %s %s %s", metric->name, have,
		    is_min ? "below" : "above", key, want);
	}
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

void
gate_check(struct json *gate, const struct metric *metrics, size_t count,
    struct cols *failures)
{
	for (size_t i = 0; i < json_count(gate); i++) {
		const char *name = json_key_at(gate, i);
		const struct metric *metric = find(name, metrics, count);
		struct json *rule = json_get(gate, name);
		struct buf text = {0};

		if (!metric || isnan(metric->value)) {
			buf_printf(&text, "%s is %s", name,
			    metric ? "undefined" : "no metric");
			cols_add(failures, buf_slice(&text));
			buf_release(&text);
			continue;
		}
		check_bound(rule, "min", metric, failures);
		check_bound(rule, "max", metric, failures);
	}
}
