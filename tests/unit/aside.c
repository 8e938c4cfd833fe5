/* SPDX-License-Identifier: ISC */
#include "aside.h"
#include "check.h"

#include <stddef.h>

static void
add_one(void *user)
{
	++*(int *)user;
}

int
main(void)
{
	struct aside *aside = aside_new();
	int count = 0;

	CHECK(aside != NULL);
	for (int i = 0; i < 10000; i++) {
		aside_start(aside, add_one, &count);
		aside_wait(aside);
		count++;
	}
	CHECK(count == 20000);
	aside_wait(aside);
	aside_free(aside);
	aside_free(aside_new());
	aside_free(NULL);
	return check_done();
}
