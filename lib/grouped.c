/* SPDX-License-Identifier: ISC */
#include "grouped.h"

#include <stdlib.h>

static bool
is_last(const struct grouped *grouped, struct slice name)
{
	return grouped->count &&
	       slice_equal(name, slice_of(grouped->groups[grouped->last].name));
}

/* Makes the group of that name the last one, a new one if there is none. */
static int
find(struct grouped *grouped, struct slice name)
{
	uint64_t number = grouped->count;
	struct grouped_group *group;

	if (!grouped->keys)
		grouped->keys = keyset_xnew(true);
	if (!keyset_add(grouped->keys, name, &number)) {
		grouped->last = (size_t)number;
		return 0;
	}
	if (grouped->count == GROUPED_MAX)
		return -1;
	grouped->groups = xgrow(grouped->groups, grouped->count, &grouped->cap,
	    sizeof(*grouped->groups));
	group = &grouped->groups[grouped->count];
	*group = (struct grouped_group){.name = xslicedup(name)};
	metrics_limit(&group->metrics, GROUPED_EXACT);
	grouped->last = grouped->count++;
	return 0;
}

int
grouped_add(
    struct grouped *grouped, struct slice name, double actual, double predicted)
{
	if (!is_last(grouped, name) && find(grouped, name))
		return -1;
	metrics_add(&grouped->groups[grouped->last].metrics, actual, predicted);
	return 0;
}

void
grouped_report(struct grouped *grouped, struct json_out *json)
{
	struct metric list[METRICS_COUNT];

	json_key(json, "groups");
	json->lines++;
	json_open(json, '[');
	for (size_t i = 0; i < grouped->count; i++) {
		struct grouped_group *group = &grouped->groups[i];

		metrics_report(&group->metrics, list);
		json_open(json, '{');
		json_pair_text(json, "group", group->name);
		for (size_t m = 0; m < METRICS_COUNT; m++)
			json_pair_number(json, list[m].name, list[m].value);
		json_close(json, '}');
	}
	json_close(json, ']');
	json->lines--;
}

void
grouped_release(struct grouped *grouped)
{
	for (size_t i = 0; i < grouped->count; i++) {
		free(grouped->groups[i].name);
		metrics_release(&grouped->groups[i].metrics);
	}
	free(grouped->groups);
	keyset_free(grouped->keys);
	*grouped = (struct grouped){0};
}
