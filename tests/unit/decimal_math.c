/* SPDX-License-Identifier: ISC */
#include "decimal_math.h"
#include "check.h"

#include <stdint.h>
#include <string.h>

typedef int operation(struct slice, struct slice, struct buf *);

static bool
gives(operation *work, const char *a, const char *b, const char *want)
{
	struct buf out = {0};
	bool same = !work(slice_of(a), slice_of(b), &out) &&
		    !strcmp(buf_text(&out), want);

	if (!same)
		printf("# %s and %s gave %s, not %s\n", a, b, buf_text(&out),
		    want);
	buf_release(&out);
	return same;
}

static void
check_examples(void)
{
	CHECK(gives(decimal_add, "0.1", "0.2", "0.3"));
	CHECK(gives(decimal_add, "9007199254740993", "1", "9007199254740994"));
	CHECK(gives(decimal_add, "999.99", "0.01", "1000"));
	CHECK(gives(decimal_add, "-5", "5.00", "0"));
	CHECK(gives(decimal_add, "-0.5", "0.25", "-0.25"));
	CHECK(gives(decimal_add, "1e20", "1e-20",
	    "100000000000000000000.00000000000000000001"));
	CHECK(gives(decimal_sub, "0", "0.0", "0"));
	CHECK(gives(decimal_sub, "1", "1000", "-999"));
	CHECK(gives(decimal_sub, "-1", "-1.001", "0.001"));
	CHECK(gives(decimal_mul, "-0.5", "0.5", "-0.25"));
	CHECK(gives(decimal_mul, "-3", "0", "0"));
	CHECK(gives(decimal_mul, "99999", "99999", "9999800001"));
	CHECK(gives(decimal_mul, "1e-30", "1e30", "1"));
}

static void
check_limit(void)
{
	struct buf out = {0};
	struct slice large = slice_of("1e3000"), small = slice_of("1e-3000");

	CHECK(decimal_add(slice_of("1e9999"), slice_of("1"), &out) == -1);
	CHECK(decimal_add(slice_of("1"), slice_of("1e9999"), &out) == -1);
	CHECK(decimal_add(large, small, &out) == -1);
	CHECK(decimal_mul(large, large, &out) == -1);
	CHECK(decimal_mul(small, small, &out) == -1);
	CHECK(out.len == 0);
	CHECK(gives(decimal_mul, "1e3000", "1e-3000", "1"));
	buf_release(&out);
}

/* The oracle: lines "op a b result", compared with Python's decimal. */
static const char oracle[] =
    "python3 -c 'import sys\n"
    "from decimal import *\n"
    "c = Context(prec=9999, Emin=-9999, Emax=9999)\n"
    "do = {\"+\": c.add, \"-\": c.subtract, \"*\": c.multiply}\n"
    "for line in sys.stdin:\n"
    "  op, a, b, got = line.split()\n"
    "  want = format(do[op](Decimal(a), Decimal(b)), \"f\")\n"
    "  if \".\" in want: want = want.rstrip(\"0\").rstrip(\".\")\n"
    "  if want.strip(\"-0\") == \"\": want = \"0\"\n"
    "  if got != want: sys.exit(f\"# {a} {op} {b} gave {got}, not {want}\")\n"
    "'";

/* A sequence that is the same on every machine. */
static uint32_t
draw(uint32_t below)
{
	static uint32_t state = 1;

	state = state * 1664525 + 1013904223;
	return (uint32_t)(((uint64_t)state * below) >> 32);
}

static void
draw_decimal(struct buf *text)
{
	static const char *const edges[] = {"", "0", "00", "9", "99999"};
	uint32_t digits = draw(draw(20) ? 12 : 200);

	buf_clear(text);
	buf_puts(text, draw(2) ? "-" : "");
	buf_puts(text, edges[draw(5)]);
	for (uint32_t i = 0; i < digits; i++)
		buf_putc(text, (char)('0' + draw(10)));
	buf_puts(text, draw(2) ? "7." : "0");
	buf_puts(text, edges[draw(5)]);
	if (draw(8) == 0)
		buf_printf(text, "e%d", (int)draw(120) - 60);
}

static void
check_against_python(void)
{
	static const struct {
		char name;
		operation *work;
	} all[] = {{'+', decimal_add}, {'-', decimal_sub}, {'*', decimal_mul}};
	struct buf a = {0}, b = {0}, out = {0};
	FILE *python;

	fflush(stdout);
	python = popen(oracle, "w");
	for (int i = 0; python && i < 6000; i++) {
		int op = i % 3;

		draw_decimal(&a);
		draw_decimal(&b);
		buf_clear(&out);
		if (all[op].work(buf_slice(&a), buf_slice(&b), &out))
			buf_puts(&out, "nothing");
		fprintf(python, "%c %s %s %s\n", all[op].name, buf_text(&a),
		    buf_text(&b), buf_text(&out));
	}
	CHECK(python && pclose(python) == 0);
	buf_release(&a);
	buf_release(&b);
	buf_release(&out);
}

int
main(void)
{
	check_examples();
	check_limit();
	check_against_python();
	return check_done();
}
