/* SPDX-License-Identifier: ISC */
#include "winners.h"
#include "check.h"

#include <string.h>

/*
 * Adds rows given as "key:value key:value ..." with keys and values of one
 * character, '-' for the empty value. Returns which rows stay, as in "0110".
 */
static const char *
stay(enum keep keep, const char *rows, char text[32])
{
	struct winners *winners = winners_xnew(keep);
	size_t count = 0;

	for (; *rows; rows += 3 + (rows[3] == ' ')) {
		struct slice value = {rows + 2, rows[2] != '-'};
		bool best =
		    winners_add(winners, (struct slice){rows, 1}, value);

		if (keep == KEEP_FIRST)
			text[count] = best ? '1' : '0';
		count++;
	}
	for (size_t i = 0; keep != KEEP_FIRST && i < count; i++)
		text[i] = winners_has(winners, i) ? '1' : '0';
	text[count] = '\0';
	if (keep != KEEP_FIRST && winners_has(winners, count))
		text[0] = '?';
	winners_free(winners);
	return text;
}

static bool
stays(enum keep keep, const char *rows, const char *want)
{
	char text[32];

	if (!strcmp(stay(keep, rows, text), want))
		return true;
	printf("# %s gave %s, not %s\n", rows, text, want);
	return false;
}

int
main(void)
{
	const char *column;

	CHECK(stays(KEEP_FIRST, "a:1 b:1 a:2 a:3", "1100"));
	CHECK(stays(KEEP_LAST, "a:1 b:1 a:2 a:3", "0101"));
	CHECK(stays(KEEP_MAX, "a:1 b:1 a:3 a:2", "0110"));
	CHECK(stays(KEEP_MAX, "a:1 a:1 a:0", "010"));
	CHECK(stays(KEEP_MIN, "a:2 b:1 a:1 a:3", "0110"));
	CHECK(stays(KEEP_MIN, "a:1 a:1 a:2", "100"));
	CHECK(stays(KEEP_MAX, "a:- a:0 a:-", "010"));
	CHECK(stays(KEEP_MIN, "a:- a:9 a:-", "010"));
	CHECK(stays(KEEP_MAX, "a:- a:-", "01"));
	CHECK(stays(KEEP_MIN, "a:- a:-", "10"));
	CHECK(stays(KEEP_LAST, "", ""));
	CHECK(stays(KEEP_LAST, "a:1 b:1 c:1 d:1 e:1 f:1 g:1 h:1 i:1 a:2",
	    "0111111111"));
	CHECK(keep_option("-K", "first", &column) == KEEP_FIRST && !column);
	CHECK(keep_option("-K", "last", &column) == KEEP_LAST && !column);
	CHECK(keep_option("-K", "max:v", &column) == KEEP_MAX &&
	      !strcmp(column, "v"));
	CHECK(keep_option("-K", "min:a:b", &column) == KEEP_MIN &&
	      !strcmp(column, "a:b"));
	return check_done();
}
