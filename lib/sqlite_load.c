/* SPDX-License-Identifier: ISC */
#include "sqlite_load.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite_ledger.h"
#include "sqlite_table.h"

/* What a load holds between its calls. */
struct sqlite_load {
	struct warehouse_load spec;
	struct sqlite3_stmt *insert; /* into temp.stage */
};

/* Appends names between commas, each within quotes, which may be none. */
static void
put_names(struct buf *text, const struct cols *names, const char *quote)
{
	for (size_t i = 0; i < names->count; i++)
		buf_printf(text, "%s%s%s%s", i ? ", " : "", quote,
		    names->names[i], quote);
}

/*
 * Appends what a merge does with a row whose key is in the table: the row
 * there is overwritten if it is older or, within a load, as old.
 */
static void
put_merge(struct buf *sql, const struct warehouse_load *load, const char *table,
    bool within_load)
{
	const char *newest = load->newest;

	buf_puts(sql, " ON CONFLICT(");
	put_names(sql, load->key, "\"");
	buf_puts(sql, ") DO UPDATE SET ");
	for (size_t i = 0; i < load->nfields; i++)
		buf_printf(sql, "%s\"%s\" = excluded.\"%s\"", i ? ", " : "",
		    load->fields[i]->name, load->fields[i]->name);
	buf_printf(sql,
	    " WHERE excluded.\"%s\" %s \"%s\".\"%s\""
	    " OR (\"%s\".\"%s\" IS NULL%s",
	    newest, within_load ? ">=" : ">", table, newest, table, newest,
	    within_load ? ")" : "");
	if (!within_load)
		buf_printf(sql, " AND excluded.\"%s\" IS NOT NULL)", newest);
}

/* Makes temp.stage, which has the columns of the table to load. */
static int
create_stage(struct sqlite_db *db, const struct warehouse_load *load)
{
	struct buf sql = {0};
	int result;

	buf_puts(&sql, "CREATE TEMP TABLE stage(");
	sqlite_table_columns(&sql, load->fields, load->nfields);
	buf_puts(&sql, ");");
	if (load->mode == WAREHOUSE_MERGE) {
		buf_puts(&sql, "CREATE UNIQUE INDEX temp.\"key\" ON stage(");
		put_names(&sql, load->key, "\"");
		buf_puts(&sql, ");");
	}
	/* what a crash leaves of it nobody needs */
	buf_puts(&sql, "PRAGMA temp.journal_mode = OFF; BEGIN");
	result = sqlite_db_exec(db, "%s", buf_text(&sql));
	buf_release(&sql);
	return result;
}

/* The INSERT into temp.stage. */
static struct sqlite3_stmt *
prepare_insert(struct sqlite_db *db, const struct warehouse_load *load)
{
	struct buf sql = {0};
	struct sqlite3_stmt *insert;

	buf_puts(&sql, "INSERT INTO temp.stage VALUES(");
	for (size_t i = 0; i < load->nfields; i++)
		buf_puts(&sql, i ? ", ?" : "?");
	buf_putc(&sql, ')');
	if (load->mode == WAREHOUSE_MERGE)
		put_merge(&sql, load, "stage", true);
	insert = sqlite_db_prepare(db, "%s", buf_text(&sql));
	buf_release(&sql);
	return insert;
}

int
sqlite_load_begin(
    struct warehouse *warehouse, const struct warehouse_load *load)
{
	struct sqlite_db *db = sqlite_db_of(warehouse);

	if (sqlite_db_open(db, SQLITE_DB_WRITE) || create_stage(db, load))
		return -1;
	db->load = xcalloc(1, sizeof(*db->load));
	db->load->spec = *load;
	db->load->insert = prepare_insert(db, load);
	return db->load->insert ? 0 : -1;
}

int
sqlite_load_row(
    struct warehouse *warehouse, const struct warehouse_value *values)
{
	struct sqlite_db *db = sqlite_db_of(warehouse);
	struct sqlite3_stmt *insert = db->load->insert;
	const struct warehouse_load *load = &db->load->spec;

	for (size_t i = 0; i < load->nfields; i++) {
		const char *reason;

		if (values[i].null)
			sqlite3_bind_null(insert, (int)i + 1);
		else if (sqlite_table_bind(insert, (int)i + 1, load->fields[i],
			     values[i].text, &reason))
			return warehouse_fail(warehouse, STATUS_TROUBLE,
			    "column '%s': '%.*s' is %s", load->fields[i]->name,
			    (int)values[i].text.len, values[i].text.data,
			    reason);
	}
	sqlite3_step(insert);
	return sqlite3_reset(insert) ? sqlite_db_fail(db) : 0;
}

/* True if the table has the columns of the load, in their order. */
static bool
same_columns(const struct warehouse_load *load, const struct schema *table)
{
	for (size_t i = 0; i < load->nfields; i++) {
		if (i == table->nfields ||
		    strcmp(load->fields[i]->name, table->fields[i].name) != 0 ||
		    strcmp(warehouse_type(load->fields[i]),
			warehouse_type(&table->fields[i])) != 0)
			return false;
	}
	return load->nfields == table->nfields;
}

/* Makes the table, or makes sure that it is still the one described. */
static int
settle_table(struct sqlite_db *db, const struct warehouse_load *load)
{
	struct schema *table;
	struct buf columns = {0};
	int result = sqlite_table_describe(&db->warehouse, load->table, &table);

	if (!result && !table) {
		sqlite_table_columns(&columns, load->fields, load->nfields);
		result = sqlite_db_exec(db, "CREATE TABLE \"%w\".\"%w\"(%s)",
		    load->table->dataset, load->table->table,
		    buf_text(&columns));
		buf_release(&columns);
	} else if (!result && !same_columns(load, table)) {
		result = warehouse_fail(&db->warehouse, STATUS_TEMPORARY,
		    "%s.%s: its columns changed during the load",
		    load->table->dataset, load->table->table);
	}
	schema_free(table);
	return result;
}

/* The unique index that a merge works by; its name tells the key. */
static int
create_key(struct sqlite_db *db, const struct warehouse_load *load)
{
	struct buf names = {0}, quoted = {0};
	int result;

	put_names(&names, load->key, "");
	put_names(&quoted, load->key, "\"");
	result = sqlite_db_exec(db,
	    "CREATE UNIQUE INDEX IF NOT EXISTS \"%w\".\"%w: key %w\""
	    " ON \"%w\"(%s)",
	    load->table->dataset, load->table->table, buf_text(&names),
	    load->table->table, buf_text(&quoted));
	if (result && sqlite3_errcode(db->connection) == SQLITE_CONSTRAINT)
		warehouse_fail(&db->warehouse, STATUS_TROUBLE,
		    "%s.%s holds rows with the same %s, which a merge cannot "
		    "keep apart",
		    load->table->dataset, load->table->table, buf_text(&names));
	buf_release(&quoted);
	buf_release(&names);
	return result;
}

/* Moves the rows from temp.stage to the table. */
static int
move_rows(struct sqlite_db *db, const struct warehouse_load *load)
{
	struct buf merge = {0};
	int result;

	if (load->mode == WAREHOUSE_MERGE) {
		/* without WHERE the parser would take ON for that of a join */
		buf_puts(&merge, " WHERE TRUE");
		put_merge(&merge, load, load->table->table, false);
	}
	result = sqlite_db_exec(db,
	    "INSERT INTO \"%w\".\"%w\" SELECT * FROM temp.stage%s",
	    load->table->dataset, load->table->table, buf_text(&merge));
	buf_release(&merge);
	return result;
}

/* Changes the table, and counts. */
static int
change_table(struct sqlite_db *db, const struct warehouse_load *load,
    struct warehouse_receipt *receipt)
{
	const char *dataset = load->table->dataset;
	const char *table = load->table->table;
	int64_t before;

	if (settle_table(db, load) ||
	    (load->mode == WAREHOUSE_MERGE && create_key(db, load)) ||
	    (load->mode == WAREHOUSE_REPLACE &&
		sqlite_db_exec(
		    db, "DELETE FROM \"%w\".\"%w\"", dataset, table)) ||
	    /* an inserted row gets a rowid larger than all others */
	    sqlite_db_integer(db, &before,
		"SELECT MAX(_rowid_) FROM \"%w\".\"%w\"", dataset, table) ||
	    move_rows(db, load))
		return -1;
	receipt->rows_loaded = sqlite3_changes64(db->connection);
	if (sqlite_db_integer(db, &receipt->rows_inserted,
		"SELECT COUNT(*) FROM \"%w\".\"%w\" WHERE _rowid_ > %lld",
		dataset, table, (long long)before))
		return -1;
	receipt->rows_updated = receipt->rows_loaded - receipt->rows_inserted;
	receipt->rows_unchanged = receipt->rows_in - receipt->rows_loaded;
	return 0;
}

/* All that is done under the lock. */
static int
commit(struct sqlite_db *db, const struct warehouse_load *load,
    struct warehouse_receipt *receipt)
{
	if (sqlite_db_exec(db, "BEGIN IMMEDIATE") ||
	    sqlite_ledger_open(db, load->table) ||
	    sqlite_ledger_find(db, load, receipt))
		return -1;
	if (receipt->already_loaded)
		return sqlite_db_exec(db, "ROLLBACK");
	return change_table(db, load, receipt) ||
		       sqlite_ledger_add(db, load, receipt) ||
		       sqlite_db_exec(db, "COMMIT")
		   ? -1
		   : 0;
}

int
sqlite_load_commit(
    struct warehouse *warehouse, struct warehouse_receipt *receipt)
{
	struct sqlite_db *db = sqlite_db_of(warehouse);
	const struct warehouse_load *load = &db->load->spec;

	if (sqlite_db_exec(db, "COMMIT") ||
	    sqlite_db_attach(db, load->table->dataset))
		return -1;
	/* closing the connection rolls back what was not committed */
	return commit(db, load, receipt);
}

void
sqlite_load_free(struct warehouse *warehouse)
{
	struct sqlite_load *load = sqlite_db_of(warehouse)->load;

	if (load)
		sqlite3_finalize(load->insert);
	free(load);
}
