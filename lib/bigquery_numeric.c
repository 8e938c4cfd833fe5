/* SPDX-License-Identifier: ISC */
#include "bigquery_numeric.h"

#include <string.h>

#include "decimal.h"

/* 2^255 - 1 and 2^255, in units of 10^-38 */
static const char largest[] = "578960446186580977117854925043439539266"
			      ".34992332820282019728792003956564819967";
static const char smallest[] = "-578960446186580977117854925043439539266"
			       ".34992332820282019728792003956564819968";

const char *
bigquery_numeric_problem(const char *type, struct slice value)
{
	bool big = !strcmp(type, "BIGNUMERIC");
	size_t sign = value.len && value.data[0] == '-';
	const char *point =
	    value.len ? memchr(value.data, '.', value.len) : NULL;
	size_t whole =
	    (point ? (size_t)(point - value.data) : value.len) - sign;
	size_t behind = point ? value.len - sign - whole - 1 : 0;

	if (!big && behind > 9)
		return "has more than 9 digits behind the point, which NUMERIC "
		       "cannot hold";
	if (!big && whole > 29)
		return "has more than 29 digits before the point, which NUMERIC "
		       "cannot hold";
	if (big && behind > 38)
		return "has more than 38 digits behind the point, which "
		       "BIGNUMERIC cannot hold";
	if (big && (decimal_compare(value, slice_of(largest)) > 0 ||
		       decimal_compare(value, slice_of(smallest)) < 0))
		return "is beyond what BIGNUMERIC can hold";
	return NULL;
}
