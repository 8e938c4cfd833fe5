/* SPDX-License-Identifier: ISC */
#include "sqlite_query.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite_table.h"

static bool
in_word(char byte)
{
	return warehouse_name_valid((struct slice){&byte, 1}) ||
	       (byte >= '0' && byte <= '9');
}

/*
 * Attaches the datasets that a statement names: words before a point that are
 * names of datasets. One within a string or a comment is attached for
 * nothing, which does no harm.
 */
static int
attach_named(struct sqlite_db *db, const char *sql)
{
	int result = 0;

	while (!result && *sql) {
		size_t len = 0;
		char *word;
		const char *behind;

		while (in_word(sql[len]))
			len++;
		behind = sql + len;
		behind += strspn(behind, "`\"");
		behind += strspn(behind, " \t\r\n");
		if (len && *behind == '.') {
			word = xslicedup((struct slice){sql, len});
			if (sqlite_db_exists(db, word))
				result = sqlite_db_attach(db, word);
			free(word);
		}
		sql += len ? len : 1;
	}
	return result;
}

/* Lets a statement read and compute, and nothing else. */
static int
authorize(void *unused, int action, const char *a, const char *b, const char *c,
    const char *d)
{
	(void)unused, (void)a, (void)b, (void)c, (void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

static int
fail_read_only(struct sqlite_db *db)
{
	return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
	    "a query can only read: one SELECT");
}

/* SQLite's reason for refusing a statement, in our words where they help. */
static int
fail_prepare(struct sqlite_db *db)
{
	static const char no_table[] = "no such table: ";
	const char *reason = sqlite3_errmsg(db->connection);
	const char *name = reason + sizeof(no_table) - 1;
	int len;

	if (sqlite3_errcode(db->connection) == SQLITE_AUTH)
		return fail_read_only(db);
	if (sqlite3_errcode(db->connection) != SQLITE_ERROR)
		return sqlite_db_fail(db);
	if (strncmp(reason, no_table, sizeof(no_table) - 1) != 0)
		return warehouse_fail(
		    &db->warehouse, STATUS_TROUBLE, "%s", reason);
	len = (int)strcspn(name, ".");
	if (name[len] &&
	    cols_find(&db->attached, (struct slice){name, (size_t)len}) < 0)
		return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
		    "no dataset '%.*s' in %s", len, name,
		    db->warehouse.location);
	return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
	    "no table '%s' in %s", name, db->warehouse.location);
}

/* Prepares the one statement in sql. */
static int
prepare(struct sqlite_db *db, const char *sql)
{
	sqlite3_stmt *more = NULL;
	const char *rest;
	int rc = SQLITE_OK;

	if (sqlite3_prepare_v2(db->connection, sql, -1, &db->query, &rest))
		return fail_prepare(db);
	if (!db->query)
		return warehouse_fail(
		    &db->warehouse, STATUS_TROUBLE, "no statement");
	if (!sqlite3_stmt_readonly(db->query) ||
	    !sqlite3_column_count(db->query))
		return fail_read_only(db);
	/* comments and semicolons are no statement */
	while (!rc && !more && *rest)
		rc = sqlite3_prepare_v2(db->connection, rest, -1, &more, &rest);
	sqlite3_finalize(more);
	if (rc || more)
		return warehouse_fail(
		    &db->warehouse, STATUS_TROUBLE, "more than one statement");
	return 0;
}

/* Binds each @NAME of the statement. */
static int
bind_named(struct sqlite_db *db, const struct warehouse_parameters *parameters)
{
	int wanted = sqlite3_bind_parameter_count(db->query);

	for (int i = 1; i <= wanted; i++) {
		const char *name = sqlite3_bind_parameter_name(db->query, i);
		const struct warehouse_parameter *found;
		const char *reason;

		if (!name || *name != '@')
			return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
			    "parameter %s: only @NAME is one",
			    name ? name : "?");
		found =
		    warehouse_parameters_find(parameters, slice_of(name + 1));
		if (!found)
			return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
			    "parameter %s is not given", name);
		if (sqlite_table_bind(db->query, i, &found->schema->fields[0],
			buf_slice(&found->value), &reason))
			return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
			    "parameter %s: %s", name, reason);
	}
	return 0;
}

/* Refuses a parameter that does not stand in the statement. */
static int
check_named(struct sqlite_db *db, const struct warehouse_parameters *parameters)
{
	int result = 0;

	for (size_t i = 0; !result && i < parameters->count; i++) {
		struct buf name = {0};

		buf_printf(
		    &name, "@%s", parameters->items[i].schema->fields[0].name);
		if (!sqlite3_bind_parameter_index(db->query, buf_text(&name)))
			result = warehouse_fail(&db->warehouse, STATUS_TROUBLE,
			    "parameter %s does not stand in the query",
			    buf_text(&name));
		buf_release(&name);
	}
	return result;
}

/* Names the columns; one that stands twice becomes NAME_1, as in BigQuery. */
static void
name_columns(struct sqlite_db *db, struct cols *columns)
{
	int count = sqlite3_column_count(db->query);

	for (int i = 0; i < count; i++) {
		const char *name = sqlite3_column_name(db->query, i);
		struct buf unique = {0};

		buf_puts(&unique, name);
		for (int n = 1; cols_find(columns, buf_slice(&unique)) >= 0;
		     n++) {
			buf_clear(&unique);
			buf_printf(&unique, "%s_%d", name, n);
		}
		cols_add(columns, buf_slice(&unique));
		buf_release(&unique);
	}
}

/* Prepares a query, and all that could be wrong with it. */
static int
begin(struct sqlite_db *db, const struct warehouse_query *query)
{
	if (sqlite_db_open(db, SQLITE_DB_READ) || attach_named(db, query->sql))
		return -1;
	sqlite3_set_authorizer(db->connection, authorize, NULL);
	if (prepare(db, query->sql) || bind_named(db, query->parameters) ||
	    check_named(db, query->parameters))
		return -1;
	return 0;
}

int
sqlite_query(struct warehouse *warehouse, const struct warehouse_query *query,
    struct cols *columns)
{
	struct sqlite_db *db = sqlite_db_of(warehouse);

	if (begin(db, query))
		return -1;
	name_columns(db, columns);
	db->rooms = xcalloc(columns->count, sizeof(*db->rooms));
	return 0;
}

int
sqlite_query_estimate(struct warehouse *warehouse,
    const struct warehouse_query *query, int64_t *bytes)
{
	*bytes = -1;
	return begin(sqlite_db_of(warehouse), query);
}

static struct warehouse_value
value_at(struct sqlite_db *db, int column)
{
	sqlite3_stmt *row = db->query;
	struct warehouse_value value = {{NULL, 0}, false};

	switch (sqlite3_column_type(row, column)) {
	case SQLITE_NULL:
		value.null = true;
		return value;
	case SQLITE_FLOAT:
		num_format_float(
		    sqlite3_column_double(row, column), db->rooms[column]);
		value.text = slice_of(db->rooms[column]);
		return value;
	case SQLITE_INTEGER:
		if (sqlite_table_is_bool(sqlite3_column_decltype(row, column)))
			value.text = slice_of(
			    sqlite3_column_int(row, column) ? "true" : "false");
	}
	if (!value.text.data) {
		value.text.data =
		    (const char *)sqlite3_column_text(row, column);
		value.text.len = (size_t)sqlite3_column_bytes(row, column);
	}
	return value;
}

int
sqlite_query_next(struct warehouse *warehouse, struct warehouse_value *row)
{
	struct sqlite_db *db = sqlite_db_of(warehouse);
	int rc = sqlite3_step(db->query);

	if (rc == SQLITE_DONE)
		return 0;
	if (rc != SQLITE_ROW)
		return sqlite_db_fail(db);
	for (int i = 0; i < sqlite3_column_count(db->query); i++)
		row[i] = value_at(db, i);
	return 1;
}
