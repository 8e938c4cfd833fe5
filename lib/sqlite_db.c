/* SPDX-License-Identifier: ISC */
#include "sqlite_db.h"

#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "sqlite_decimal.h"
#include "sqlite_functions.h"

enum { ATTACH_LIMIT = 10, LOCK_SECONDS = 30 };

struct sqlite_db *
sqlite_db_new(const char *location, const char *dir)
{
	struct sqlite_db *db = xcalloc(1, sizeof(*db));

	db->warehouse.location = location;
	db->dir = dir;
	db->lock_seconds = LOCK_SECONDS;
	return db;
}

void
sqlite_db_free(struct sqlite_db *db)
{
	sqlite3_finalize(db->query);
	sqlite3_close(db->connection);
	cols_release(&db->attached);
	buf_release(&db->warehouse.error);
	buf_release(&db->warehouse.notes);
	free(db->rooms);
	free(db);
}

struct sqlite_db *
sqlite_db_of(struct warehouse *warehouse)
{
	return (struct sqlite_db *)(void *)warehouse;
}

int
sqlite_db_fail(struct sqlite_db *db)
{
	int code = sqlite3_errcode(db->connection);
	bool busy = code == SQLITE_BUSY || code == SQLITE_LOCKED;

	return warehouse_fail(&db->warehouse,
	    busy ? STATUS_TEMPORARY : STATUS_TROUBLE, "%s: %s",
	    db->warehouse.location, sqlite3_errmsg(db->connection));
}

int
sqlite_db_open(struct sqlite_db *db, enum sqlite_access access)
{
	/*
	 * What is attached is opened with the flags of this one. A reader too
	 * needs to write: the last one to close a file empties its log.
	 */
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE;

	if (db->connection)
		return 0;
	db->access = access;
	if (access == SQLITE_DB_WRITE)
		flags |= SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(":memory:", &db->connection, flags, NULL) ||
	    sqlite3_extended_result_codes(db->connection, 0) ||
	    sqlite3_busy_timeout(db->connection, db->lock_seconds * 1000) ||
	    sqlite_decimal_register(db->connection) ||
	    sqlite_functions_register(db->connection))
		return sqlite_db_fail(db);
	return sqlite_db_exec(db,
	    "PRAGMA case_sensitive_like = ON; PRAGMA query_only = %d",
	    access == SQLITE_DB_READ);
}

static char *
path_of(const struct sqlite_db *db, const char *dataset)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s.sqlite", db->dir, dataset);
	return path.data;
}

bool
sqlite_db_exists(const struct sqlite_db *db, const char *dataset)
{
	char *path = path_of(db, dataset);
	struct stat st;
	bool exists = !stat(path, &st) && S_ISREG(st.st_mode);

	free(path);
	return exists;
}

/* Makes the folder of the warehouse, and those it lies in. */
static int
make_folder(struct sqlite_db *db)
{
	char *path = xstrdup(db->dir), *end = path;
	int result = 0;

	while (!result && *end) {
		char kept;

		end += strspn(end, "/");
		end += strcspn(end, "/");
		kept = *end;
		*end = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			result = warehouse_fail(&db->warehouse, STATUS_TROUBLE,
			    "%s: %s", path, strerror(errno));
		*end = kept;
	}
	free(path);
	return result;
}

/* Refuses a new dataset whose name differs only in case from another's. */
static int
check_case(struct sqlite_db *db, const char *dataset)
{
	struct buf file = {0};
	struct dirent *entry;
	DIR *dir = opendir(db->dir);
	int result = 0;

	buf_printf(&file, "%s.sqlite", dataset);
	while (dir && !result && (entry = readdir(dir))) {
		if (!strcasecmp(entry->d_name, buf_text(&file)) &&
		    strcmp(entry->d_name, buf_text(&file)) != 0)
			result = warehouse_fail(&db->warehouse, STATUS_TROUBLE,
			    "%s: dataset '%s': %s exists, and names must "
			    "differ in more than case",
			    db->warehouse.location, dataset, entry->d_name);
	}
	if (dir)
		closedir(dir);
	buf_release(&file);
	return result;
}

/*
 * Puts a dataset into WAL mode. Two connections that do this to a new file at
 * once are told at once, not after the time-out, that the other one is there.
 */
static int
use_wal(struct sqlite_db *db, const char *dataset)
{
	enum { STEP = 10 };

	for (int waited = 0;; waited += STEP) {
		if (!sqlite_db_exec(db,
			"PRAGMA \"%w\".journal_mode = WAL;"
			"PRAGMA \"%w\".synchronous = FULL",
			dataset, dataset))
			return 0;
		if (db->warehouse.status != STATUS_TEMPORARY ||
		    waited >= db->lock_seconds * 1000)
			return -1;
		sqlite3_sleep(STEP);
	}
}

int
sqlite_db_attach(struct sqlite_db *db, const char *dataset)
{
	char *path;
	int result;

	if (cols_find(&db->attached, slice_of(dataset)) >= 0)
		return 0;
	if (db->attached.count == ATTACH_LIMIT)
		return warehouse_fail(&db->warehouse, STATUS_TROUBLE,
		    "a statement can name %d datasets", ATTACH_LIMIT);
	if (!sqlite_db_exists(db, dataset) &&
	    (make_folder(db) || check_case(db, dataset)))
		return -1;
	path = path_of(db, dataset);
	result = sqlite_db_exec(db, "ATTACH %Q AS \"%w\"", path, dataset);
	free(path);
	if (!result && db->access == SQLITE_DB_WRITE)
		result = use_wal(db, dataset);
	if (!result)
		cols_add(&db->attached, slice_of(dataset));
	return result;
}

/* sqlite3_vmprintf() that dies when memory runs out. */
static char *
format(const char *fmt, va_list args)
{
	char *sql = sqlite3_vmprintf(fmt, args);

	if (!sql)
		die(STATUS_TROUBLE, "out of memory");
	return sql;
}

int
sqlite_db_exec(struct sqlite_db *db, const char *fmt, ...)
{
	va_list args;
	char *sql;
	int rc;

	va_start(args, fmt);
	sql = format(fmt, args);
	va_end(args);
	rc = sqlite3_exec(db->connection, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	return rc ? sqlite_db_fail(db) : 0;
}

struct sqlite3_stmt *
sqlite_db_prepare(struct sqlite_db *db, const char *fmt, ...)
{
	sqlite3_stmt *statement = NULL;
	va_list args;
	char *sql;

	va_start(args, fmt);
	sql = format(fmt, args);
	va_end(args);
	if (sqlite3_prepare_v2(db->connection, sql, -1, &statement, NULL))
		sqlite_db_fail(db);
	sqlite3_free(sql);
	return statement;
}

int
sqlite_db_integer(struct sqlite_db *db, int64_t *value, const char *fmt, ...)
{
	sqlite3_stmt *statement = NULL;
	va_list args;
	char *sql;

	va_start(args, fmt);
	sql = format(fmt, args);
	va_end(args);
	*value = 0;
	sqlite3_prepare_v2(db->connection, sql, -1, &statement, NULL);
	sqlite3_free(sql);
	if (!statement)
		return sqlite_db_fail(db);
	if (sqlite3_step(statement) == SQLITE_ROW)
		*value = sqlite3_column_int64(statement, 0);
	return sqlite3_finalize(statement) ? sqlite_db_fail(db) : 0;
}
