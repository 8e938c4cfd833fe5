/* SPDX-License-Identifier: ISC */
#include "bigquery_numeric.h"

#include <string.h>

#include "decimal.h"

/* 2^255 - 1 and 2^255, in units of 10^-38 */
static const char largest[] = "578960446186580977117854925043439539266"
			      ".34992332820282019728792003956564819967";
static const char smallest[] = "-578960446186580977117854925043439539266"
			       ".34992332820282019728792003956564819968";

/* NUMERIC is judged by its digits. */
static const char *
numeric_problem(size_t whole, size_t behind)
{
	if (behind > 9)
		return "has more than 9 digits behind the point, which NUMERIC "
		       "cannot hold";
	if (whole > 29)
		return "has more than 29 digits before the point, which "
		       "NUMERIC cannot hold";
	return NULL;
}

static const char *
bignumeric_problem(struct slice value, size_t behind)
{
	if (behind > 38)
		return "has more than 38 digits behind the point, which "
		       "BIGNUMERIC cannot hold";
	if (decimal_compare(value, slice_of(largest)) > 0 ||
	    decimal_compare(value, slice_of(smallest)) < 0)
		return "is beyond what BIGNUMERIC can hold";
	return NULL;
}

const char *
bigquery_numeric_problem(const char *type, struct slice value)
{
	const char *point = memchr(value.data, '.', value.len);
	size_t len = point ? (size_t)(point - value.data) : value.len;
	size_t behind = value.len - len - (point ? 1 : 0);

	return strcmp(type, "NUMERIC")
		   ? bignumeric_problem(value, behind)
		   : numeric_problem(len - (value.data[0] == '-'), behind);
}
