/* SPDX-License-Identifier: ISC */
/*
 * bigquery_numeric - which decimals NUMERIC and BIGNUMERIC hold as they are
 *
 * GoogleSQL reference, "Decimal types": NUMERIC has 9 digits behind the point
 * and 29 before it; BIGNUMERIC is a multiple of 10^-38 from -2^255 to
 * 2^255 - 1 of them. A service that is given more digits rounds.
 */
#ifndef BIGQUERY_NUMERIC_H
#define BIGQUERY_NUMERIC_H

#include "buf.h"

/*
 * What is wrong with a decimal in canonical spelling (decimal_canon()) for the
 * type, to be put behind it (static), or NULL.
 */
const char *bigquery_numeric_problem(const char *type, struct slice value);

#endif
