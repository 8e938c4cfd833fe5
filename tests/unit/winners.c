/* SPDX-License-Identifier: ISC */
#include "winners.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

enum { NO_LIMIT = 0, SPILL_AT_ONCE = 1 };

/*
 * Adds rows given as "key:value key:value ..." with keys and values of one
 * character, '-' for the empty value. Returns which rows stay, as in "0110".
 */
static const char *
stay(enum keep keep, const char *rows, size_t limit, char text[32])
{
	struct winners_plan plan = {.keep = keep, .limit = limit};
	struct winners *winners = winners_xnew(&plan);
	size_t count = 0;
	bool told[32];

	for (; *rows; rows += 3 + (rows[3] == ' ')) {
		struct winners_row row = {
		    .key = {rows, 1},
		    .value = {rows + 2, rows[2] != '-'},
		};

		told[count] = keep == KEEP_FIRST && !winners_spilled(winners);
		CHECK(!winners_add(winners, &row, 1));
		text[count++] = row.stays ? '1' : '0';
	}
	CHECK(!winners_settle(winners));
	for (size_t i = 0; i < count; i++) {
		if (!told[i])
			text[i] = winners_has(winners, i) ? '1' : '0';
	}
	text[count] = '\0';
	if (winners_has(winners, count))
		text[0] = '?';
	winners_free(winners);
	return text;
}

static bool
stays_within(enum keep keep, const char *rows, size_t limit, const char *want)
{
	char text[32];

	if (!strcmp(stay(keep, rows, limit, text), want))
		return true;
	printf("# %s gave %s, not %s\n", rows, text, want);
	return false;
}

/* The same in memory and through temporary files. */
static bool
stays(enum keep keep, const char *rows, const char *want)
{
	return stays_within(keep, rows, NO_LIMIT, want) &&
	       stays_within(keep, rows, SPILL_AT_ONCE, want);
}

/* Many keys through a limit that needs several passes, against a table. */
static void
check_many(enum keep keep, size_t limit)
{
	enum { KEYS = 5000, ROWS = 4 * KEYS };
	struct winners_plan plan = {.keep = keep, .limit = limit};
	struct winners *winners = winners_xnew(&plan);
	static uint64_t best[KEYS];
	static bool stays[ROWS];
	uint64_t wrong = 0;

	for (uint64_t i = 0; i < ROWS; i++) {
		uint64_t number = i * 7919 % KEYS;
		char key[16], value[16];
		struct winners_row row = {0};
		bool told = keep == KEEP_FIRST && !winners_spilled(winners);

		snprintf(key, sizeof(key), "%d", (int)number);
		snprintf(value, sizeof(value), "%d", (int)(i * 31 % 1009));
		row.key = slice_of(key);
		row.value = slice_of(value);
		wrong += winners_add(winners, &row, 1) != 0;
		stays[i] = told && row.stays;
		if (i < KEYS || keep == KEEP_LAST ||
		    (keep == KEEP_MAX &&
			i * 31 % 1009 >= best[number] * 31 % 1009))
			best[number] = i;
	}
	CHECK(!winners_settle(winners));
	for (uint64_t i = 0; i < ROWS; i++)
		wrong += (stays[i] || winners_has(winners, i)) !=
			 (best[i * 7919 % KEYS] == i);
	CHECK(wrong == 0);
	CHECK(winners_spilled(winners) == (limit != NO_LIMIT));
	CHECK(winners_counts(winners).rows == ROWS);
	CHECK(winners_counts(winners).duplicates == ROWS - KEYS);
	winners_free(winners);
}

/* Rows of one key with records a, b, b, a: which are exact duplicates? */
static uint64_t
exact(enum keep keep, size_t limit)
{
	struct winners_plan plan = {keep, true, limit};
	struct winners *winners = winners_xnew(&plan);
	static const char *const records[] = {"a", "b", "b", "a"};
	uint64_t count;

	for (int i = 0; i < 4; i++) {
		struct winners_row row = {
		    .key = slice_of("k"),
		    .value = slice_of("v"),
		    .record = slice_of(records[i]),
		};

		CHECK(!winners_add(winners, &row, 1));
	}
	CHECK(!winners_settle(winners));
	CHECK(winners_counts(winners).duplicates == 3);
	count = winners_counts(winners).exact;
	winners_free(winners);
	return count;
}

static void
check_exact(size_t limit)
{
	/* of b, b, a the last is as the first row, which stays */
	CHECK(exact(KEEP_FIRST, limit) == 1);
	/* a lost to b, b to b, b to a */
	CHECK(exact(KEEP_LAST, limit) == 1);
	CHECK(exact(KEEP_MIN, limit) == 1);
}

static void
check_no_room(void)
{
	struct winners_plan plan = {.limit = SPILL_AT_ONCE};
	struct winners *winners = winners_xnew(&plan);
	struct winners_row row = {.key = slice_of("k")};

	setenv("TMPDIR", "/nowhere", 1);
	CHECK(winners_add(winners, &row, 1) == -1);
	CHECK(!strcmp(
	    winners_error(winners), "/nowhere: No such file or directory"));
	winners_free(winners);
	unsetenv("TMPDIR");
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
	for (int keep = KEEP_FIRST; keep <= KEEP_MAX; keep++) {
		check_many((enum keep)keep, NO_LIMIT);
		check_many((enum keep)keep, SPILL_AT_ONCE);
		check_many((enum keep)keep, 20000);
	}
	check_exact(NO_LIMIT);
	check_exact(SPILL_AT_ONCE);
	check_no_room();
	CHECK(keep_option("-K", "first", &column) == KEEP_FIRST && !column);
	CHECK(keep_option("-K", "last", &column) == KEEP_LAST && !column);
	CHECK(keep_option("-K", "max:v", &column) == KEEP_MAX &&
	      !strcmp(column, "v"));
	CHECK(keep_option("-K", "min:a:b", &column) == KEEP_MIN &&
	      !strcmp(column, "a:b"));
	return check_done();
}
