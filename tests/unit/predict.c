/* SPDX-License-Identifier: ISC */
#include "predict.h"
#include "check.h"

#include <string.h>

static bool
rounds(const char *decimal, size_t digits, const char *want)
{
	struct bigint value = {0};
	struct buf text = {0};
	size_t scale;
	bool same;

	bigint_set_decimal(&value, slice_of(decimal), &scale);
	predict_round(&value, scale, digits, &text);
	same = !strcmp(buf_text(&text), want);
	if (!same)
		printf("# %s, not %s\n", buf_text(&text), want);
	bigint_release(&value);
	buf_release(&text);
	return same;
}

int
main(void)
{
	CHECK(rounds("0", 3, "0") && rounds("-0.00", 3, "0"));
	CHECK(rounds("1.5", 1, "2") && rounds("2.5", 1, "2"));
	CHECK(rounds("2.5000000000000000000000001", 1, "3"));
	CHECK(rounds("-0.0125", 2, "-0.012") && rounds("-0.0135", 2, "-0.014"));
	CHECK(rounds("999.5", 3, "1e+03") && rounds("99.95", 3, "100"));
	CHECK(rounds("100", 3, "100") && rounds("1000", 3, "1e+03"));
	CHECK(rounds("0.00001234", 3, "0.0000123"));
	CHECK(rounds("0.000001234", 3, "1.23e-06"));
	CHECK(rounds("1e120", 5, "1e+120") && rounds("12e-140", 5, "1.2e-139"));
	return check_done();
}
