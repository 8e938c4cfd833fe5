/* SPDX-License-Identifier: ISC */
#include "sqlite_facts.h"

#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite_table.h"

static const char suffix[] = ".sqlite";
enum { SUFFIX = sizeof(suffix) - 1 };

int
sqlite_facts_datasets(struct warehouse *warehouse, struct cols *names)
{
	struct sqlite_db *db = sqlite_db_of(warehouse);
	struct dirent **entries;
	int count = scandir(db->dir, &entries, NULL, alphasort);

	if (count < 0)
		return warehouse_fail(warehouse, STATUS_TROUBLE, "%s: %s",
		    db->dir, strerror(errno));
	for (int i = 0; i < count; i++) {
		struct slice name = slice_of(entries[i]->d_name);

		if (name.len > SUFFIX &&
		    !strcmp(name.data + name.len - SUFFIX, suffix)) {
			name.len -= SUFFIX;
			if (warehouse_name_valid(name))
				cols_add(names, name);
		}
		free(entries[i]);
	}
	free(entries);
	return 0;
}

/* Makes a dataset ready to be read; it must be there. */
static int
open_dataset(struct sqlite_db *db, const char *dataset)
{
	if (!sqlite_db_exists(db, dataset))
		return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
		    "no dataset '%s' in %s", dataset, db->warehouse.location);
	return sqlite_db_open(db, SQLITE_DB_READ) ||
		       sqlite_db_attach(db, dataset)
		   ? -1
		   : 0;
}

int
sqlite_facts_tables(
    struct warehouse *warehouse, const char *dataset, struct cols *names)
{
	struct sqlite_db *db = sqlite_db_of(warehouse);
	sqlite3_stmt *rows;

	if (open_dataset(db, dataset))
		return -1;
	rows = sqlite_db_prepare(db,
	    "SELECT name FROM \"%w\".sqlite_master WHERE type IN ('table', "
	    "'view') AND name NOT LIKE 'sqlite@_%%' ESCAPE '@' ORDER BY name",
	    dataset);
	while (rows && sqlite3_step(rows) == SQLITE_ROW)
		cols_add(names,
		    slice_of((const char *)sqlite3_column_text(rows, 0)));
	if (!rows)
		return -1;
	return sqlite3_finalize(rows) ? sqlite_db_fail(db) : 0;
}

/* Adds the columns of a table. */
static int
add_columns(struct sqlite_db *db, const struct warehouse_table *table,
    struct warehouse_facts *facts)
{
	sqlite3_stmt *rows = sqlite_db_prepare(db,
	    "PRAGMA \"%w\".table_info(\"%w\")", table->dataset, table->table);

	if (!rows)
		return -1;
	while (sqlite3_step(rows) == SQLITE_ROW) {
		struct warehouse_column *column = warehouse_facts_column(facts);
		const char *declared =
		    (const char *)sqlite3_column_text(rows, 2);
		const char *type = sqlite_table_type(declared);
		bool required = sqlite3_column_int(rows, 3) != 0;

		column->name =
		    xstrdup((const char *)sqlite3_column_text(rows, 1));
		column->type = xstrdup(type ? type : declared);
		column->mode = xstrdup(required ? "REQUIRED" : "NULLABLE");
	}
	return sqlite3_finalize(rows) ? sqlite_db_fail(db) : 0;
}

/* Sets the kind of a table, if there is one. */
static int
find_kind(struct sqlite_db *db, const struct warehouse_table *table,
    struct warehouse_facts *facts)
{
	int64_t kind; /* 0: none */

	if (sqlite_db_integer(db, &kind,
		"SELECT 1 + (type = 'view') FROM \"%w\".sqlite_master WHERE "
		"type IN ('table', 'view') AND name = %Q",
		table->dataset, table->table))
		return -1;
	if (kind)
		facts->kind = xstrdup(kind == 1 ? "TABLE" : "VIEW");
	return 0;
}

int
sqlite_facts(struct warehouse *warehouse, const struct warehouse_table *table,
    struct warehouse_facts *facts)
{
	struct sqlite_db *db = sqlite_db_of(warehouse);

	*facts = (struct warehouse_facts){.rows = -1,
	    .bytes = -1,
	    .created = -1,
	    .modified = -1,
	    .partitions = -1};
	if (open_dataset(db, table->dataset) || find_kind(db, table, facts))
		return -1;
	if (!facts->kind)
		return 0;
	if (add_columns(db, table, facts))
		return -1;
	if (strcmp(facts->kind, "TABLE") != 0)
		return 0;
	if (sqlite_db_integer(db, &facts->bytes,
		"SELECT SUM(pgsize) FROM dbstat(%Q) WHERE name IN (SELECT name "
		"FROM \"%w\".sqlite_master WHERE tbl_name = %Q)",
		table->dataset, table->dataset, table->table))
		facts->bytes = -1; /* SQLite is built without it */
	return sqlite_db_integer(db, &facts->rows,
	    "SELECT COUNT(*) FROM \"%w\".\"%w\"", table->dataset, table->table);
}
