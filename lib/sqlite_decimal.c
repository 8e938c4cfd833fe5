/* SPDX-License-Identifier: ISC */
#include "sqlite_decimal.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "decimal_math.h"
#include "sqlite_call.h"

/* Takes a decimal; false after an error. */
static bool
take_decimal(sqlite3_context *call, sqlite3_value *value, char room[NUM_SIZE],
    struct slice *text)
{
	*text = sqlite_text_of(value, room);
	if (decimal_valid(*text))
		return true;
	sqlite_fail(call, "an argument is not a decimal");
	return false;
}

/* Takes two decimals; false if one is NULL, or after an error. */
static bool
take_decimals(sqlite3_context *call, sqlite3_value **argv,
    char rooms[2][NUM_SIZE], struct slice pair[2])
{
	return !sqlite_any_null(call, 2, argv) &&
	       take_decimal(call, argv[0], rooms[0], &pair[0]) &&
	       take_decimal(call, argv[1], rooms[1], &pair[1]);
}

static void
call_decimal(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	const struct sqlite_function *function = sqlite3_user_data(call);
	char rooms[2][NUM_SIZE];
	struct slice pair[2];
	struct buf result = {0};

	(void)argc;
	if (!take_decimals(call, argv, rooms, pair))
		return;
	if (function->decimal(pair[0], pair[1], &result))
		sqlite_fail(call, "too many digits");
	else
		sqlite_return_text(call, buf_slice(&result));
	buf_release(&result);
}

static void
call_decimal_cmp(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	char rooms[2][NUM_SIZE];
	struct slice pair[2];
	int diff;

	(void)argc;
	if (!take_decimals(call, argv, rooms, pair))
		return;
	diff = decimal_compare(pair[0], pair[1]);
	sqlite3_result_int(call, (diff > 0) - (diff < 0));
}

/* The running sum of a group: text in a block of ours, or NULL. */
static void
step_decimal_sum(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	char **sum = sqlite3_aggregate_context(call, sizeof(*sum));
	char room[NUM_SIZE];
	struct slice term;
	struct buf result = {0};

	(void)argc;
	if (!sum) {
		sqlite3_result_error_nomem(call);
		return;
	}
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL ||
	    !take_decimal(call, argv[0], room, &term))
		return;
	if (decimal_add(slice_of(*sum ? *sum : "0"), term, &result)) {
		sqlite_fail(call, "too many digits");
		return;
	}
	free(*sum);
	*sum = result.data;
}

static void
end_decimal_sum(sqlite3_context *call)
{
	char **sum = sqlite3_aggregate_context(call, 0);

	if (!sum || !*sum)
		return;
	sqlite_return_text(call, slice_of(*sum));
	free(*sum);
}

static int
compare_bytes(struct slice a, struct slice b)
{
	size_t shared = a.len < b.len ? a.len : b.len;
	int diff = shared ? memcmp(a.data, b.data, shared) : 0;

	return diff ? diff : (a.len > b.len) - (a.len < b.len);
}

/*
 * Decimals stand before all other text: mixing both orders would not be
 * transitive, and a sort could then do anything.
 */
static int
compare_decimals(void *unused, int alen, const void *a, int blen, const void *b)
{
	struct slice left = {a, (size_t)alen}, right = {b, (size_t)blen};
	bool valid = decimal_valid(left);

	(void)unused;
	if (valid != decimal_valid(right))
		return valid ? -1 : 1;
	return valid ? decimal_compare(left, right)
		     : compare_bytes(left, right);
}

static const struct sqlite_function functions[] = {
    {"decimal_add", 2, .call = call_decimal, .decimal = decimal_add},
    {"decimal_cmp", 2, .call = call_decimal_cmp},
    {"decimal_mul", 2, .call = call_decimal, .decimal = decimal_mul},
    {"decimal_sub", 2, .call = call_decimal, .decimal = decimal_sub},
    {"decimal_sum", 1, .step = step_decimal_sum, .end = end_decimal_sum},
};

int
sqlite_decimal_register(struct sqlite3 *db)
{
	int rc = sqlite3_create_collation(
	    db, "decimal", SQLITE_UTF8, NULL, compare_decimals);

	return rc ? rc
		  : sqlite_register(db, functions,
			sizeof(functions) / sizeof(functions[0]));
}
