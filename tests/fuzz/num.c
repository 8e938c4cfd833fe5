/* SPDX-License-Identifier: ISC */
/* Numbers are strtoll's and strtod's; a double out is the same again. */
#include "num.h"
#include "fuzz.h"

#include <errno.h>
#include <math.h>

#include "decimal.h"

static bool
is_int64(const char *text, size_t len, int64_t *value)
{
	size_t sign = *text == '-' || *text == '+';

	errno = 0;
	*value = strtoll(text, NULL, 10);
	return len > sign && !errno &&
	       sign + strspn(text + sign, "0123456789") == len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	char *copy = xslicedup(text), out[NUM_SIZE];
	double x, y, z = strtod(copy, NULL);
	int64_t i, j;

	PROPERTY(num_int64(text, &i) == -!is_int64(copy, size, &j));
	PROPERTY(num_int64(text, &i) || i == j);
	PROPERTY(!num_double(text, &x) == (decimal_valid(text) && isfinite(z)));
	if (!num_double(text, &x)) {
		num_format(x, out);
		PROPERTY(!num_double(slice_of(out), &y) && y == x && x == z);
	}
	free(copy);
	return 0;
}
