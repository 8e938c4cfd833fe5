/* SPDX-License-Identifier: ISC */
#include "sqlite_call.h"

#include <sqlite3.h>
#include <stdint.h>

void
sqlite_fail(sqlite3_context *call, const char *reason)
{
	const struct sqlite_function *function = sqlite3_user_data(call);
	struct buf message = {0};

	buf_printf(&message, "%s: %s", function->name, reason);
	sqlite3_result_error(call, buf_text(&message), -1);
	buf_release(&message);
}

void
sqlite_return_text(sqlite3_context *call, struct slice text)
{
	sqlite3_result_text64(
	    call, text.data, text.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

bool
sqlite_any_null(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	for (int i = 0; i < argc; i++) {
		if (sqlite3_value_type(argv[i]) == SQLITE_NULL) {
			sqlite3_result_null(call);
			return true;
		}
	}
	return false;
}

struct slice
sqlite_text_of(sqlite3_value *value, char room[NUM_SIZE])
{
	if (sqlite3_value_type(value) == SQLITE_FLOAT) {
		num_format(sqlite3_value_double(value), room);
		return slice_of(room);
	}
	return (struct slice){(const char *)sqlite3_value_text(value),
	    (size_t)sqlite3_value_bytes(value)};
}

int
sqlite_register(
    struct sqlite3 *db, const struct sqlite_function *functions, size_t count)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; !rc && i < count; i++) {
		const struct sqlite_function *row = &functions[i];

		/* user data is not const, but ours to leave alone */
		rc = sqlite3_create_function_v2(db, row->name, row->args,
		    SQLITE_UTF8 | SQLITE_DETERMINISTIC, (void *)(uintptr_t)row,
		    row->call, row->step, row->end, NULL);
	}
	return rc;
}
