/* SPDX-License-Identifier: ISC */
#include "value.h"
#include "check.h"

static int
compare(const char *a, const char *b)
{
	int diff = value_compare(slice_of(a), slice_of(b));

	return (diff > 0) - (diff < 0);
}

int
main(void)
{
	CHECK(compare("9", "10") < 0);
	CHECK(compare("1.0", "1e0") == 0);
	CHECK(compare("-1", "") > 0);
	CHECK(compare("2024-01-26T15:00Z", "2024-01-26T16:00+01:00") == 0);
	CHECK(compare("2024-01-26", "2024-01-25T23:59:59Z") > 0);
	CHECK(compare("1706281200300", "2024-01-26T15:00:00.3Z") == 0);
	CHECK(compare("9x", "10x") > 0);
	CHECK(compare("a", "ab") < 0);
	CHECK(compare("", "") == 0);
	CHECK(compare("\xff", "a") > 0);
	return check_done();
}
