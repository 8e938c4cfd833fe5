/* SPDX-License-Identifier: ISC */
#include "clock.h"
#include "check.h"
#include "dies.h"

#include <inttypes.h>
#include <string.h>

/* Text, and its microseconds as Python's datetime has them; see below. */
struct spelling {
	const char *text;
	int64_t time;
};

static bool
parses(const char *text, int64_t want)
{
	int64_t time = 0;

	if (!clock_parse(slice_of(text), &time) && time == want)
		return true;
	printf("# %s gave %" PRId64 ", not %" PRId64 "\n", text, time, want);
	return false;
}

static bool
refused(const char *text)
{
	int64_t time = 42;

	if (clock_parse(slice_of(text), &time) == -1 && time == 42)
		return true;
	printf("# %s gave %" PRId64 "\n", text, time);
	return false;
}

static bool
formats(int64_t time, const char *want)
{
	char text[CLOCK_SIZE];

	clock_format(time, text);
	return !strcmp(text, want);
}

static bool
object_name(int64_t time, const char *want)
{
	char text[CLOCK_SIZE];

	clock_object_name(time, text);
	return !strcmp(text, want);
}

static int
days_in(int64_t year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* True if the day of that number is this one, at both ends of the day. */
static bool
day_is(int64_t number, struct civil want)
{
	int64_t time = number * CLOCK_DAY;
	struct civil first = clock_to_civil(time);
	struct civil last = clock_to_civil(time + CLOCK_DAY - 1);

	return clock_from_civil(want) == time && first.year == want.year &&
	       first.month == want.month && first.day == want.day &&
	       last.year == want.year && last.month == want.month &&
	       last.day == want.day;
}

/* Counts every day by hand; 0001-01-01 lies 719162 days before 1970. */
static void
check_every_day(void)
{
	int64_t number = -719162, wrong = 0;
	struct civil civil = {1, 1, 1};

	for (; civil.year <= 9999; civil.year++) {
		for (civil.month = 1; civil.month <= 12; civil.month++) {
			int days = days_in(civil.year, civil.month);

			for (civil.day = 1; civil.day <= days; civil.day++)
				wrong += !day_is(number++, civil);
		}
	}
	CHECK(wrong == 0);
	CHECK(number == INT64_C(2932897));
}

/*
 * From Python:
 *	(datetime.fromisoformat(TEXT) - datetime(1970, 1, 1, tzinfo=utc))
 *	    // timedelta(microseconds=1)
 */
static void
check_python(void)
{
	static const struct spelling table[] = {
	    {"0001-01-01T00:00:00.000000Z", INT64_C(-62135596800000000)},
	    {"0004-02-29T12:34:56.789012Z", INT64_C(-62035845903210988)},
	    {"1582-10-15T00:00:00.000001Z", INT64_C(-12219292799999999)},
	    {"1900-02-28T23:59:59.999999Z", INT64_C(-2203891200000001)},
	    {"1969-12-31T23:59:59.999999Z", INT64_C(-1)},
	    {"1970-01-01T00:00:00.000000Z", INT64_C(0)},
	    {"2000-02-29T06:07:08.900000Z", INT64_C(951804428900000)},
	    {"2024-01-26T15:00:00.300000Z", INT64_C(1706281200300000)},
	    {"2038-01-19T03:14:08.000000Z", INT64_C(2147483648000000)},
	    {"9999-12-31T23:59:59.999999Z", INT64_C(253402300799999999)},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		CHECK(parses(table[i].text, table[i].time));
		CHECK(formats(table[i].time, table[i].text));
	}
}

static void
check_forms(void)
{
	int64_t noon = INT64_C(1706270400) * CLOCK_SECOND;

	CHECK(parses("2024-01-26", noon - CLOCK_DAY / 2));
	CHECK(parses("2024-01-26T12:00", noon));
	CHECK(parses("2024-01-26 12:00:00", noon));
	CHECK(parses("2024-01-26T12:00:00.5", noon + CLOCK_SECOND / 2));
	CHECK(parses("2024-01-26T12:00:00.0000010000", noon + 1));
	CHECK(parses("2024-01-26T12:00Z", noon));
	CHECK(parses("2024-01-26T12:00:00+00:00", noon));
	CHECK(parses("2024-01-26T17:30:00+05:30", noon));
	CHECK(parses("2024-01-25T23:00:00-13:00", noon));
	CHECK(parses("1706270400000", noon));
	CHECK(parses("1706270400000001", noon + 1));
	CHECK(parses("0000000000000", 0));
}

static void
check_refusals(void)
{
	static const char *const bad[] = {"", "2024", "2024-1-26", "2024-13-01",
	    "2024-00-01", "2024-01-00", "2024-01-32", "2023-02-29",
	    "1900-02-29", "2024-04-31", "0000-01-01", "2024-01-26T",
	    "2024-01-26T12", "2024-01-26T24:00", "2024-01-26T12:60",
	    "2024-01-26T12:00:60", "2024-01-26T12:00:", "2024-01-26T12:00:00.",
	    "2024-01-26T12:00.5", "2024-01-26T12:00:00.0000001",
	    "2024-01-26T12:00:00z", "2024-01-26T12:00:00Z ", " 2024-01-26",
	    "2024-01-26T12:00+0530", "2024-01-26T12:00+24:00", "2024-01-26Z",
	    "2024-01-26  12:00", "+170627040000", "-170627040000",
	    "170627040000", "17062704000000", "1706270400.00", "1706270400000x",
	    /* outside of the years 0001 to 9999 */
	    "0001-01-01T00:00+00:01", "9999-12-31T23:59:59.5-00:01"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(refused(bad[i]));
}

static void
check_object_names(void)
{
	CHECK(
	    object_name(INT64_C(1706281200300000), "2024-01-26:15:00:00:300"));
	CHECK(
	    object_name(INT64_C(1706281200300999), "2024-01-26:15:00:00:300"));
	CHECK(object_name(0, "1970-01-01:00:00:00:000"));
	CHECK(object_name(-1, "1969-12-31:23:59:59:999"));
}

static void
check_months(void)
{
	int64_t january = clock_from_civil((struct civil){2024, 1, 1});

	CHECK(clock_from_civil((struct civil){2023, 13, 1}) == january);
	CHECK(clock_from_civil((struct civil){2025, -11, 1}) == january);
	CHECK(clock_from_civil((struct civil){2024, 0, 1}) ==
	      clock_from_civil((struct civil){2023, 12, 1}));
}

static void
bad_option(void)
{
	clock_option("-t", "noon");
}

int
main(void)
{
	check_every_day();
	check_python();
	check_forms();
	check_refusals();
	check_object_names();
	check_months();
	CHECK(clock_now() % 1000 == 0);
	CHECK(clock_now() > INT64_C(1700000000) * CLOCK_SECOND);
	CHECK(clock_option("-t", "1970-01-01T00:00:01") == CLOCK_SECOND);
	CHECK(dies_saying(bad_option,
	    "sluice: -t: 'noon' is not a time like 2024-01-26, "
	    "2024-01-26T15:00:00.300Z or epoch milliseconds\n"));
	return check_done();
}
