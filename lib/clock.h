/* SPDX-License-Identifier: ISC */
/*
 * clock - UTC time in its three spellings
 *
 * A time is the number of microseconds since 1970-01-01T00:00:00Z, as in
 * BigQuery's TIMESTAMP, within the years 0001 to 9999. Leap seconds do not
 * exist. The spellings: RFC 3339, the epoch, and the one in object names.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

#include "buf.h"

#define CLOCK_SECOND INT64_C(1000000)
#define CLOCK_DAY (86400 * CLOCK_SECOND)

enum { CLOCK_SIZE = 32 };

/* The years, months (1-12) and days (1-31) of the Gregorian calendar. */
struct civil {
	int64_t year;
	int month, day;
};

/*
 * Parses a time, in one of these forms:
 *	YYYY-MM-DD
 *	YYYY-MM-DD(T| )HH:MM[:SS[.f]][Z|+HH:MM|-HH:MM]	without zone: UTC
 *	13 digits: milliseconds of the epoch; 16 digits: microseconds
 * Digits of f beyond the sixth must be zero. Returns 0, or -1 if the text is
 * something else or no such day exists.
 */
int clock_parse(struct slice text, int64_t *time);

/* Writes YYYY-MM-DDTHH:MM:SS.ffffffZ, which sorts as text. */
void clock_format(int64_t time, char text[CLOCK_SIZE]);

/*
 * Writes YYYY-MM-DD:HH:MM:SS:MS, the spelling in the names of staging
 * objects; what is finer than a millisecond is cut off.
 */
void clock_object_name(int64_t time, char text[CLOCK_SIZE]);

/* The current time, cut to milliseconds. */
int64_t clock_now(void);

/* The first microsecond of a day; month may run past 12 and below 1. */
int64_t clock_from_civil(struct civil civil);

/* The day a time falls on. */
struct civil clock_to_civil(int64_t time);

/* An option's time: returns it, or dies saying which option wanted what. */
int64_t clock_option(const char *option, const char *text);

#endif
