/* SPDX-License-Identifier: ISC */
#include "bigquery_script.h"

#include "bigquery_ledger.h"
#include "bigquery_spool.h"
#include "bigquery_sql.h"

/*
 * The sides of a merge. A column of the same name would hide them, so they are
 * called as no column is.
 */
#define OLD "sluice_old."
#define NEW "sluice_new."

/* The newest row of each key, of rows that are numbered. */
static const char rows_ordered[] =
    "CREATE TEMP TABLE {rows} AS SELECT {columns} FROM ("
    "SELECT {staged}, ROW_NUMBER() OVER (PARTITION BY {key}"
    " ORDER BY {newest} DESC, `" BIGQUERY_SPOOL_ROW "` DESC) AS sluice_place"
    " FROM {stage}) WHERE sluice_place = 1;\n";

/* Of rows that are not, one that ties and differs cannot be left out. */
static const char rows_unordered[] =
    "CREATE TEMP TABLE {rows} AS SELECT DISTINCT {columns} FROM ("
    "SELECT {staged}, RANK() OVER (PARTITION BY {key}"
    " ORDER BY {newest} DESC) AS sluice_place"
    " FROM {stage}) WHERE sluice_place = 1;\n"
    "ASSERT NOT EXISTS (SELECT 1 FROM {rows} GROUP BY {key}"
    " HAVING COUNT(*) > 1) AS 'rows with the same {key names} are equally"
    " new, and it is not known which is the last';\n"
    "ASSERT NOT EXISTS (SELECT 1 FROM {rows} WHERE {key missing})"
    " AS 'a value of {key names} is missing';\n";

static const char state[] = "BEGIN TRANSACTION;\n"
			    "CREATE TEMP TABLE {state} AS SELECT"
			    " (SELECT COUNT(*) FROM {ledger}"
			    " WHERE load_id = {load id} AND status = 0) AS did,"
			    " (SELECT COUNT(*) FROM {table}) AS held;\n"
			    "ASSERT (SELECT did = {done} FROM {state})"
			    " AS '" BIGQUERY_SCRIPT_DONE "';\n"
			    "INSERT INTO {ledger}{undone};\n";

static const char merge[] =
    "CREATE TEMP TABLE {plan} AS SELECT {new columns},"
    " sluice_old.{a key} IS NOT NULL AS sluice_there,"
    " (sluice_old.{a key} IS NULL OR sluice_new.{newest} > sluice_old.{newest}"
    " OR (sluice_old.{newest} IS NULL AND sluice_new.{newest} IS NOT NULL)) AS sluice_wins"
    " FROM {rows} AS sluice_new LEFT JOIN {table} AS sluice_old ON {same key};\n"
    "ASSERT NOT EXISTS (SELECT 1 FROM {plan} GROUP BY {key}"
    " HAVING COUNT(*) > 1) AS '{table name} holds rows with the same"
    " {key names}, which a merge cannot keep apart';\n"
    "MERGE {table} AS sluice_old USING {plan} AS sluice_new ON {same key}\n"
    "WHEN MATCHED AND sluice_new.sluice_wins THEN UPDATE SET {settings}\n"
    "WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({new columns});\n";

static const char replace[] = "TRUNCATE TABLE {table};\n";

static const char insert[] =
    "INSERT INTO {table} ({columns}) SELECT {staged} FROM {stage};\n";

static const char end[] = "INSERT INTO {ledger}{row};\n"
			  "COMMIT TRANSACTION;\n";

/* Appends the i-th of a list: a comma, unless it is the first, and `NAME`. */
static void
put_name(struct buf *out, size_t i, const char *prefix, const char *name)
{
	buf_printf(out, "%s%s`%s`", i ? ", " : "", prefix, name);
}

static void
take_columns(const struct bigquery_script *script, struct bigquery_sql *sql)
{
	const struct warehouse_load *load = script->load;
	struct buf columns = {0}, source = {0}, settings = {0}, staged = {0};

	for (size_t i = 0; i < load->nfields; i++) {
		const char *name = load->fields[i]->name;

		put_name(&columns, i, "", name);
		if (script->lacks && script->lacks[i])
			buf_printf(&staged, "%sCAST(NULL AS %s) AS `%s`",
			    i ? ", " : "", warehouse_type(load->fields[i]),
			    name);
		else if (script->cast && load->fields[i]->type < SCHEMA_OBJECT)
			buf_printf(&staged, "%sCAST(`%s` AS %s) AS `%s`",
			    i ? ", " : "", name,
			    warehouse_type(load->fields[i]), name);
		else
			put_name(&staged, i, "", name);
		put_name(&source, i, NEW, name);
		put_name(&settings, i, "", name);
		buf_printf(&settings, " = " NEW "`%s`", name);
	}
	*bigquery_sql_term(sql, "columns") = columns;
	*bigquery_sql_term(sql, "staged") = staged;
	*bigquery_sql_term(sql, "new columns") = source;
	*bigquery_sql_term(sql, "settings") = settings;
}

/* Takes what only a merge has. */
static void
take_key(const struct bigquery_script *script, struct bigquery_sql *sql)
{
	const struct cols *cols = script->load->key;
	struct buf key = {0}, names = {0}, missing = {0}, same = {0};

	for (size_t i = 0; i < cols->count; i++) {
		const char *name = cols->names[i];

		put_name(&key, i, "", name);
		buf_printf(&names, "%s%s", i ? ", " : "", name);
		buf_printf(&missing, "%s`%s` IS NULL", i ? " OR " : "", name);
		buf_printf(&same, "%s" OLD "`%s` = " NEW "`%s`",
		    i ? " AND " : "", name, name);
	}
	if (script->partition)
		buf_printf(&same, " AND " OLD "`%s` BETWEEN %s AND %s",
		    script->partition, script->low, script->high);
	put_name(bigquery_sql_term(sql, "a key"), 0, "", cols->names[0]);
	put_name(bigquery_sql_term(sql, "newest"), 0, "", script->load->newest);
	*bigquery_sql_term(sql, "key") = key;
	*bigquery_sql_term(sql, "key names") = names;
	*bigquery_sql_term(sql, "key missing") = missing;
	*bigquery_sql_term(sql, "same key") = same;
}

static void
take_names(const struct bigquery_script *script, struct bigquery_sql *sql)
{
	static const char *const temporary[] = {"rows", "state", "plan"};
	const struct warehouse_table *table = script->load->table;

	for (size_t i = 0; i < sizeof(temporary) / sizeof(temporary[0]); i++)
		buf_printf(bigquery_sql_term(sql, temporary[i]), "%s_%s",
		    script->stage, temporary[i]);
	bigquery_sql_table(bigquery_sql_term(sql, "table"), script->project,
	    table->dataset, table->table);
	bigquery_sql_table(bigquery_sql_term(sql, "stage"), script->project,
	    table->dataset, script->stage);
	bigquery_sql_table(bigquery_sql_term(sql, "ledger"), script->project,
	    table->dataset, BIGQUERY_LEDGER);
	buf_printf(bigquery_sql_term(sql, "table name"), "%s.%s",
	    table->dataset, table->table);
	bigquery_sql_text(
	    bigquery_sql_term(sql, "load id"), script->receipt->load_id);
	buf_printf(
	    bigquery_sql_term(sql, "done"), "%lld", (long long)script->done);
}

/* Takes what goes into the ledger. */
static void
take_ledger(const struct bigquery_script *script, struct bigquery_sql *sql)
{
	const struct bigquery_ledger_row row = {
	    .load = script->load,
	    .receipt = script->receipt,
	    .created = script->created,
	    .stage = script->stage,
	};

	bigquery_ledger_undone(script->project, script->load, script->stage,
	    bigquery_sql_term(sql, "undone"));
	bigquery_ledger_row(&row, bigquery_sql_term(sql, "row"));
}

void
bigquery_script(const struct bigquery_script *script, struct buf *out)
{
	enum warehouse_mode mode = script->load->mode;
	struct bigquery_sql sql = {0};

	take_names(script, &sql);
	take_columns(script, &sql);
	take_ledger(script, &sql);
	if (mode == WAREHOUSE_MERGE) {
		take_key(script, &sql);
		bigquery_sql_fill(
		    &sql, script->ordered ? rows_ordered : rows_unordered, out);
	}
	bigquery_sql_fill(&sql, state, out);
	if (mode == WAREHOUSE_REPLACE)
		bigquery_sql_fill(&sql, replace, out);
	bigquery_sql_fill(&sql, mode == WAREHOUSE_MERGE ? merge : insert, out);
	bigquery_sql_fill(&sql, end, out);
	bigquery_sql_release(&sql);
}
