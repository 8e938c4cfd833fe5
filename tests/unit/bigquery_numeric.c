/* SPDX-License-Identifier: ISC */
#include "bigquery_numeric.h"
#include "check.h"

#include <string.h>

static bool
fits(const char *type, const char *value)
{
	return !bigquery_numeric_problem(type, slice_of(value));
}

static bool
says(const char *type, const char *value, const char *part)
{
	const char *problem = bigquery_numeric_problem(type, slice_of(value));

	return problem && strstr(problem, part);
}

/* The bounds are those of the GoogleSQL reference, "Decimal types". */
static void
numeric(void)
{
	CHECK(fits("NUMERIC", "0"));
	CHECK(fits("NUMERIC", "99999999999999999999999999999.999999999"));
	CHECK(fits("NUMERIC", "-99999999999999999999999999999.999999999"));
	CHECK(says("NUMERIC", "100000000000000000000000000000", "before"));
	CHECK(says("NUMERIC", "-100000000000000000000000000000", "before"));
	CHECK(says("NUMERIC", "0.0000000001", "behind"));
	CHECK(says("NUMERIC", "-0.0000000001", "behind"));
}

static void
bignumeric(void)
{
	CHECK(fits("BIGNUMERIC", "578960446186580977117854925043439539266."
				 "34992332820282019728792003956564819967"));
	CHECK(fits("BIGNUMERIC", "-578960446186580977117854925043439539266."
				 "34992332820282019728792003956564819968"));
	CHECK(says("BIGNUMERIC",
	    "578960446186580977117854925043439539266."
	    "34992332820282019728792003956564819968",
	    "beyond"));
	CHECK(says("BIGNUMERIC", "-578960446186580977117854925043439539267",
	    "beyond"));
	CHECK(says("BIGNUMERIC", "0.000000000000000000000000000000000000001",
	    "behind"));
}

int
main(void)
{
	numeric();
	bignumeric();
	return check_done();
}
