/* SPDX-License-Identifier: ISC */
#include "pattern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_LIMIT = 100, SIZE_LIMIT = 10 * 1000 };

/* What is being read, and what is wrong with it. */
struct reading {
	const char *at;
	const char *wrong; /* NULL as long as all is well */
	int depth;
};

/* The size that is one too many, for all above it. */
static unsigned long
limited(unsigned long size)
{
	return size > SIZE_LIMIT ? SIZE_LIMIT + 1 : size;
}

/* Behind [:alpha:], [.x.] or [=x=], which have a ] of their own. */
static const char *
behind_class(const char *at)
{
	char end[] = {at[1], ']', '\0'};
	const char *found = strstr(at + 2, end);

	return found ? found + 2 : at + strlen(at);
}

/* Passes a bracket expression, in which a ] may come first. */
static void
pass_bracket(struct reading *reading)
{
	const char *at = reading->at + 1;

	at += *at == '^';
	at += *at == ']';
	while (*at && *at != ']') {
		if (*at == '[' && at[1] && strchr(":.=", at[1]))
			at = behind_class(at);
		else
			at++;
	}
	reading->at = at + (*at ? 1 : 0);
}

/* Passes *, +, ? or a bound, if there is one; by how much it multiplies. */
static unsigned long
pass_repetition(struct reading *reading)
{
	unsigned long times = 0;
	char *end;

	switch (*reading->at) {
	case '*':
	case '?':
		reading->at++;
		return 1;
	case '+':
		reading->at++;
		return 2;
	case '{':
		if (!isdigit((unsigned char)reading->at[1]))
			return 0;
		times = strtoul(reading->at + 1, &end, 10);
		if (*end == ',' && isdigit((unsigned char)end[1]))
			times = strtoul(end + 1, &end, 10);
		reading->at = end + strcspn(end, "}");
		reading->at += *reading->at ? 1 : 0;
		/* one more for {0} and {n,} */
		return limited(times) + 1;
	}
	return 0;
}

static unsigned long size_of_group(struct reading *reading);

/* Passes one character, bracket expression or group. */
static unsigned long
size_of_atom(struct reading *reading)
{
	if (*reading->at == '(')
		return size_of_group(reading);
	if (*reading->at == '[') {
		pass_bracket(reading);
		return 1;
	}
	reading->at += *reading->at == '\\' && reading->at[1] ? 2 : 1;
	return 1;
}

/* Passes all up to the parenthesis that closes, or to the end. */
static unsigned long
size_of_branches(struct reading *reading)
{
	unsigned long size = 0;

	while (!reading->wrong && *reading->at && *reading->at != ')') {
		unsigned long atom = size_of_atom(reading);
		unsigned long times = pass_repetition(reading);

		if (times && pass_repetition(reading))
			reading->wrong = "two repetitions in a row";
		size = limited(size + limited(atom * (times ? times : 1)));
	}
	return size;
}

static unsigned long
size_of_group(struct reading *reading)
{
	unsigned long size;

	if (++reading->depth > DEPTH_LIMIT) {
		reading->wrong = "parentheses too deep";
		return 0;
	}
	reading->at++;
	size = size_of_branches(reading);
	reading->at += *reading->at ? 1 : 0;
	reading->depth--;
	return size;
}

const char *
pattern_refuse(const char *pattern)
{
	struct reading reading = {.at = pattern};
	unsigned long size = 0;

	while (!reading.wrong && *reading.at) {
		size = limited(size + size_of_branches(&reading));
		/* a parenthesis that closes nothing is a character */
		reading.at += *reading.at ? 1 : 0;
	}
	if (!reading.wrong && size > SIZE_LIMIT)
		return "too large when its repetitions are written out";
	return reading.wrong;
}
