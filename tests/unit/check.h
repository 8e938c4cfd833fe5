/* SPDX-License-Identifier: ISC */
/*
 * check - the claims of a unit test, printed as TAP
 *
 * CHECK(condition) is one claim; a failed one prints where it stands. main()
 * ends with return check_done().
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdio.h>

static int check_count, check_failed;

static inline void
check_that(bool good, const char *claim, const char *file, int line)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++check_count, claim);
	if (!good) {
		printf("# %s:%d\n", file, line);
		check_failed++;
	}
}

static inline int
check_done(void)
{
	printf("1..%d\n", check_count);
	return check_failed > 0;
}

/*
 * False where long double computes as double: under valgrind, which has no
 * other arithmetic.
 */
static inline bool
check_long_double(void)
{
	volatile long double one = 1;

	return one + 0x1p-60L != 1;
}

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)

#endif
