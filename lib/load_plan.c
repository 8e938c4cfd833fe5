/* SPDX-License-Identifier: ISC */
#include "load_plan.h"

#include <stdlib.h>
#include <string.h>

/* Sets the error to "DATASET.TABLE: reason"; returns -1. */
static int
fail(struct load_plan *plan, const char *reason, const char *name)
{
	return warehouse_fail(plan->warehouse, STATUS_TROUBLE, "%s.%s: %s '%s'",
	    plan->request->table.dataset, plan->request->table.table, reason,
	    name);
}

/* Checks that the table has the fields of the schema, and no others. */
static int
compare_schemas(struct load_plan *plan)
{
	const struct schema *wanted = plan->rules, *table = plan->table;

	for (size_t i = 0; i < wanted->nfields; i++) {
		const struct schema_field *field = &wanted->fields[i];
		long at = schema_find(table, slice_of(field->name));

		if (at < 0)
			return fail(
			    plan, "the table has no column", field->name);
		if (strcmp(warehouse_type(field),
			warehouse_type(&table->fields[at])) != 0)
			return warehouse_fail(plan->warehouse, STATUS_TROUBLE,
			    "%s.%s: column '%s' is %s, in the schema %s",
			    plan->request->table.dataset,
			    plan->request->table.table, field->name,
			    warehouse_type(&table->fields[at]),
			    warehouse_type(field));
	}
	for (size_t i = 0; i < table->nfields; i++) {
		const char *name = table->fields[i].name;

		if (schema_find(wanted, slice_of(name)) < 0)
			return fail(plan, "the schema has no column", name);
	}
	return 0;
}

/* Takes the rules from the schema or the table, the order from the table. */
static int
take_fields(struct load_plan *plan)
{
	const struct warehouse_table *table = &plan->request->table;
	const struct schema *order;

	if (plan->warehouse->describe(plan->warehouse, table, &plan->table))
		return -1;
	plan->rules =
	    plan->request->schema ? plan->request->schema : plan->table;
	order = plan->table ? plan->table : plan->rules;
	if (!order)
		return warehouse_fail(plan->warehouse, STATUS_TROUBLE,
		    "%s.%s: no such table; a schema, -s FILE, makes it",
		    table->dataset, table->table);
	if (plan->table && compare_schemas(plan))
		return -1;
	plan->nfields = order->nfields;
	plan->fields = xcalloc(plan->nfields, sizeof(*plan->fields));
	for (size_t i = 0; i < plan->nfields; i++) {
		struct slice name = slice_of(order->fields[i].name);

		plan->fields[i] =
		    &plan->rules->fields[schema_find(plan->rules, name)];
		if (!warehouse_name_valid(name))
			return fail(plan,
			    "columns have letters, digits and _; not so is",
			    name.data);
	}
	return 0;
}

static int
match_columns(struct load_plan *plan, const struct cols *columns)
{
	plan->source = xcalloc(plan->nfields, sizeof(*plan->source));
	for (size_t i = 0; i < plan->nfields; i++) {
		const struct schema_field *field = plan->fields[i];

		plan->source[i] = cols_find(columns, slice_of(field->name));
		if (plan->source[i] < 0 && field->required)
			return fail(plan, "the input lacks the required column",
			    field->name);
	}
	for (size_t i = 0; i < columns->count; i++) {
		struct slice name = slice_of(columns->names[i]);

		if (schema_find(plan->rules, name) < 0)
			return fail(plan, "the table has no column", name.data);
	}
	return 0;
}

/* Takes the key of a merge and the column that decides. */
static int
take_key(struct load_plan *plan)
{
	const struct cols *asked = &plan->request->key;
	const struct schema *rules = plan->rules;

	if (plan->request->mode != WAREHOUSE_MERGE)
		return 0;
	for (size_t i = 0; i < asked->count; i++)
		cols_add(&plan->key, slice_of(asked->names[i]));
	for (size_t i = 0; !asked->count && i < rules->nkey; i++)
		cols_add(
		    &plan->key, slice_of(rules->fields[rules->key[i]].name));
	if (!plan->key.count)
		return warehouse_fail(plan->warehouse, STATUS_TROUBLE,
		    "a merge wants a key: -k COL or a primaryKey in a schema");
	plan->newest =
	    plan->request->newest ? plan->request->newest : "updated_at";
	for (size_t i = 0; i < plan->key.count; i++) {
		const char *name = plan->key.names[i];

		if (schema_find(rules, slice_of(name)) < 0)
			return fail(plan, "no column of the key", name);
	}
	if (schema_find(rules, slice_of(plan->newest)) < 0)
		return fail(
		    plan, "no column to tell the newest row by", plan->newest);
	return 0;
}

int
load_plan_init(struct load_plan *plan, struct warehouse *warehouse,
    const struct load_request *request, const struct cols *columns)
{
	*plan = (struct load_plan){
	    .warehouse = warehouse,
	    .request = request,
	    .columns = columns->count,
	};
	return take_fields(plan) || take_key(plan) ||
		       match_columns(plan, columns)
		   ? -1
		   : 0;
}

void
load_plan_release(struct load_plan *plan)
{
	free(plan->source);
	free(plan->fields);
	cols_release(&plan->key);
	schema_free(plan->table);
}
