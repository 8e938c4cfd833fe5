/* SPDX-License-Identifier: ISC */
#include "clock.h"

#include <inttypes.h>
#include <time.h>

#include "num.h"

/*
 * Days from civil and back over years that begin in March, so that the leap
 * day is the last one: Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms", sections days_from_civil and civil_from_days.
 */
enum { DAYS_400_YEARS = 146097, DAYS_TO_1970 = 719468 };

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z */
#define FIRST (-719162 * CLOCK_DAY)
#define LAST (2932897 * CLOCK_DAY - 1)

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t
clock_from_civil(struct civil civil)
{
	int64_t months = civil.year * 12 + civil.month - 3;
	int64_t year = floor_div(months, 12), month = months - year * 12;
	int64_t era = floor_div(year, 400), of_era = year - era * 400;
	int64_t day = (153 * month + 2) / 5 + civil.day - 1;

	day += of_era * 365 + of_era / 4 - of_era / 100;
	return (era * DAYS_400_YEARS + day - DAYS_TO_1970) * CLOCK_DAY;
}

struct civil
clock_to_civil(int64_t time)
{
	int64_t days = floor_div(time, CLOCK_DAY) + DAYS_TO_1970;
	int64_t era = floor_div(days, DAYS_400_YEARS);
	int64_t of_era = days - era * DAYS_400_YEARS;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 -
			   of_era / (DAYS_400_YEARS - 1)) /
		       365;
	int64_t day = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * day + 2) / 153;

	return (struct civil){
	    .year = era * 400 + year + (month >= 10),
	    .month = (int)(month < 10 ? month + 3 : month - 9),
	    .day = (int)(day - (153 * month + 2) / 5 + 1),
	};
}

/* What is left to parse. */
struct cursor {
	const char *at, *end;
};

static bool
take(struct cursor *in, char byte)
{
	if (in->at == in->end || *in->at != byte)
		return false;
	in->at++;
	return true;
}

static bool
take_digits(struct cursor *in, int count, int64_t *value)
{
	*value = 0;
	for (; count; count--, in->at++) {
		if (in->at == in->end || *in->at < '0' || *in->at > '9')
			return false;
		*value = *value * 10 + (*in->at - '0');
	}
	return true;
}

static bool
take_date(struct cursor *in, int64_t *time)
{
	int64_t year, month, day;
	struct civil back;

	if (!take_digits(in, 4, &year) || !take(in, '-') ||
	    !take_digits(in, 2, &month) || !take(in, '-') ||
	    !take_digits(in, 2, &day))
		return false;
	if (month < 1 || month > 12)
		return false;
	*time = clock_from_civil((struct civil){year, (int)month, (int)day});
	back = clock_to_civil(*time);
	return back.month == month && back.day == day;
}

/* .f with any number of digits, of which the first six count. */
static bool
take_fraction(struct cursor *in, int64_t *time)
{
	int64_t digit, unit = CLOCK_SECOND / 10;

	if (!take(in, '.'))
		return true;
	if (!take_digits(in, 1, &digit))
		return false;
	do {
		if (unit == 0 && digit)
			return false;
		*time += digit * unit;
		unit /= 10;
	} while (take_digits(in, 1, &digit));
	return true;
}

static bool
take_hour_minute(struct cursor *in, int64_t *minutes)
{
	int64_t hour, minute;

	if (!take_digits(in, 2, &hour) || !take(in, ':') ||
	    !take_digits(in, 2, &minute))
		return false;
	*minutes = hour * 60 + minute;
	return hour <= 23 && minute <= 59;
}

static bool
take_clock(struct cursor *in, int64_t *time)
{
	int64_t minutes, second;

	if (!take_hour_minute(in, &minutes))
		return false;
	*time += minutes * 60 * CLOCK_SECOND;
	if (!take(in, ':'))
		return true;
	if (!take_digits(in, 2, &second) || second > 59)
		return false;
	*time += second * CLOCK_SECOND;
	return take_fraction(in, time);
}

static bool
take_zone(struct cursor *in, int64_t *time)
{
	int64_t minutes;
	bool east;

	if (in->at == in->end || take(in, 'Z'))
		return true;
	east = take(in, '+');
	if (!east && !take(in, '-'))
		return false;
	if (!take_hour_minute(in, &minutes))
		return false;
	*time += (east ? -minutes : minutes) * 60 * CLOCK_SECOND;
	return true;
}

static int
parse_epoch(struct slice text, int64_t *time)
{
	int64_t value;

	if (text.data[0] == '+' || text.data[0] == '-' ||
	    num_int64(text, &value))
		return -1;
	*time = text.len == 13 ? value * 1000 : value;
	return 0;
}

/* What may follow the date. */
static bool
take_time_of_day(struct cursor *in, int64_t *time)
{
	if (!take(in, 'T') && !take(in, ' '))
		return true;
	return take_clock(in, time) && take_zone(in, time);
}

int
clock_parse(struct slice text, int64_t *time)
{
	struct cursor in = {text.data, text.data + text.len};
	int64_t value;

	if ((text.len == 13 || text.len == 16) && !parse_epoch(text, time))
		return 0;
	if (!take_date(&in, &value) || !take_time_of_day(&in, &value))
		return -1;
	/* an offset can lead out of the calendar */
	if (in.at != in.end || value < FIRST || value > LAST)
		return -1;
	*time = value;
	return 0;
}

/* The parts of a time of day, from days to microseconds. */
struct moment {
	struct civil day;
	int hour, minute, second, micro;
};

static struct moment
split(int64_t time)
{
	int64_t of_day = time - floor_div(time, CLOCK_DAY) * CLOCK_DAY;
	int64_t seconds = of_day / CLOCK_SECOND;

	return (struct moment){
	    .day = clock_to_civil(time),
	    .hour = (int)(seconds / 3600),
	    .minute = (int)(seconds / 60 % 60),
	    .second = (int)(seconds % 60),
	    .micro = (int)(of_day % CLOCK_SECOND),
	};
}

/* By hand: printf would cost ten times as much, and every row has times. */
static char *
put(char *at, int digits, int value, char then)
{
	for (int i = digits; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	at[digits] = then;
	return at + digits + 1;
}

/* YYYY-MM-DD, the byte then, HH:MM:SS, the byte behind. */
static char *
put_seconds(char *at, const struct moment *moment, char then, char behind)
{
	at = put(at, 4, (int)moment->day.year, '-');
	at = put(at, 2, moment->day.month, '-');
	at = put(at, 2, moment->day.day, then);
	at = put(at, 2, moment->hour, ':');
	at = put(at, 2, moment->minute, ':');
	return put(at, 2, moment->second, behind);
}

void
clock_format(int64_t time, char text[CLOCK_SIZE])
{
	struct moment at = split(time);
	char *end = put_seconds(text, &at, 'T', '.');

	*put(end, 6, at.micro, 'Z') = '\0';
}

void
clock_object_name(int64_t time, char text[CLOCK_SIZE])
{
	struct moment at = split(time);

	put(put_seconds(text, &at, ':', ':'), 3, at.micro / 1000, '\0');
}

int64_t
clock_now(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now))
		die(STATUS_TROUBLE, "cannot read the clock");
	return (int64_t)now.tv_sec * CLOCK_SECOND +
	       now.tv_nsec / 1000000 * 1000;
}

int64_t
clock_option(const char *option, const char *text)
{
	int64_t time;

	if (clock_parse(slice_of(text), &time))
		die(STATUS_TROUBLE,
		    "%s: '%s' is not a time like 2024-01-26, "
		    "2024-01-26T15:00:00.300Z or epoch milliseconds",
		    option, text);
	return time;
}
