/* SPDX-License-Identifier: ISC */
#include "sqlite_functions.h"

#include <math.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>

#include "clock.h"
#include "sqlite_call.h"
#include "value.h"

static bool
take_integer(sqlite3_context *call, sqlite3_value *value, int64_t *integer)
{
	*integer = sqlite3_value_int64(value);
	if (sqlite3_value_type(value) == SQLITE_INTEGER)
		return true;
	sqlite_fail(call, "an argument is not an INT64");
	return false;
}

static bool
take_time(sqlite3_context *call, sqlite3_value *value, int64_t *time)
{
	char room[NUM_SIZE];

	if (sqlite3_value_type(value) == SQLITE_TEXT &&
	    !clock_parse(sqlite_text_of(value, room), time))
		return true;
	sqlite_fail(call, "an argument is not a time");
	return false;
}

static bool
is_true(sqlite3_value *value)
{
	return sqlite3_value_double(value) != 0;
}

static void
step_countif(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	int64_t *count = sqlite3_aggregate_context(call, sizeof(*count));

	(void)argc;
	if (!count)
		sqlite3_result_error_nomem(call);
	else
		*count += is_true(argv[0]);
}

static void
end_countif(sqlite3_context *call)
{
	int64_t *count = sqlite3_aggregate_context(call, 0);

	sqlite3_result_int64(call, count ? *count : 0);
}

static void
call_if(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	(void)argc;
	sqlite3_result_value(call, argv[is_true(argv[0]) ? 1 : 2]);
}

/* GREATEST and LEAST: the argument that no other one beats. */
static void
call_extreme(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	const struct sqlite_function *function = sqlite3_user_data(call);
	char rooms[2][NUM_SIZE];
	int best = 0;

	if (argc == 0) {
		sqlite_fail(call, "an argument is missing");
		return;
	}
	if (sqlite_any_null(call, argc, argv))
		return;
	for (int i = 1; i < argc; i++) {
		int diff = value_compare(sqlite_text_of(argv[i], rooms[0]),
		    sqlite_text_of(argv[best], rooms[1]));

		if (function->sign * diff > 0)
			best = i;
	}
	sqlite3_result_value(call, argv[best]);
}

/* Takes the operands of a division; false if there is no result. */
static bool
take_division(sqlite3_context *call, int argc, sqlite3_value **argv, int64_t *a,
    int64_t *b)
{
	if (sqlite_any_null(call, argc, argv) ||
	    !take_integer(call, argv[0], a) || !take_integer(call, argv[1], b))
		return false;
	if (*b == 0)
		sqlite_fail(call, "division by zero");
	return *b != 0;
}

static void
call_div(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	int64_t a, b;

	if (!take_division(call, argc, argv, &a, &b))
		return;
	if (a == INT64_MIN && b == -1)
		sqlite_fail(call, "overflow of INT64");
	else
		sqlite3_result_int64(call, a / b);
}

static void
call_mod(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	int64_t a, b;

	if (take_division(call, argc, argv, &a, &b))
		sqlite3_result_int64(call, b == -1 ? 0 : a % b);
}

static void
call_safe_divide(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	double operands[2], ratio;

	if (sqlite_any_null(call, argc, argv))
		return;
	for (int i = 0; i < 2; i++) {
		char room[NUM_SIZE];

		if (num_double(sqlite_text_of(argv[i], room), &operands[i])) {
			sqlite_fail(call, "an argument is not a number");
			return;
		}
	}
	ratio = operands[0] / operands[1];
	if (isfinite(ratio))
		sqlite3_result_double(call, ratio);
}

static void
return_time(sqlite3_context *call, int64_t time)
{
	char text[CLOCK_SIZE];

	clock_format(time, text);
	sqlite_return_text(call, slice_of(text));
}

static void
call_timestamp(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	int64_t time;

	if (!sqlite_any_null(call, argc, argv) &&
	    take_time(call, argv[0], &time))
		return_time(call, time);
}

static void
call_timestamp_millis(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	int64_t time, first, last;

	/* the years that clock.h knows */
	first = clock_from_civil((struct civil){1, 1, 1}) / 1000;
	last = clock_from_civil((struct civil){10000, 1, 1}) / 1000 - 1;
	if (sqlite_any_null(call, argc, argv) ||
	    !take_integer(call, argv[0], &time))
		return;
	if (time < first || time > last)
		sqlite_fail(call, "beyond the years 0001 to 9999");
	else
		return_time(call, time * 1000);
}

static void
call_unix_millis(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	int64_t time;

	/* rounded down, also before 1970 */
	if (!sqlite_any_null(call, argc, argv) &&
	    take_time(call, argv[0], &time))
		sqlite3_result_int64(call, time / 1000 - (time % 1000 < 0));
}

static void
call_current_timestamp(sqlite3_context *call, int argc, sqlite3_value **argv)
{
	(void)argc;
	(void)argv;
	sqlite_return_text(call, slice_of(sqlite3_user_data(call)));
}

static const struct sqlite_function functions[] = {
    {"COUNTIF", 1, .step = step_countif, .end = end_countif},
    {"DIV", 2, .call = call_div},
    {"GREATEST", -1, .call = call_extreme, .sign = 1},
    {"IF", 3, .call = call_if},
    {"LEAST", -1, .call = call_extreme, .sign = -1},
    {"MOD", 2, .call = call_mod},
    {"SAFE_DIVIDE", 2, .call = call_safe_divide},
    {"TIMESTAMP", 1, .call = call_timestamp},
    {"TIMESTAMP_MILLIS", 1, .call = call_timestamp_millis},
    {"UNIX_MILLIS", 1, .call = call_unix_millis},
};

int
sqlite_functions_register(struct sqlite3 *db)
{
	char *now = xmalloc(CLOCK_SIZE);
	int rc;

	clock_format(clock_now(), now);
	/* what SQLite calls for the bare word; the time is one for all rows */
	rc = sqlite3_create_function_v2(db, "current_timestamp", 0, SQLITE_UTF8,
	    now, call_current_timestamp, NULL, NULL, free);
	return rc ? rc
		  : sqlite_register(db, functions,
			sizeof(functions) / sizeof(functions[0]));
}
