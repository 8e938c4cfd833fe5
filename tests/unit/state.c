/* SPDX-License-Identifier: ISC */
#include "state.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Adds records "a,b,sum;..." or takes them off. */
static int
add(struct state *state, const char *records, bool subtract)
{
	struct buf error = {0};
	int result = 0;

	while (*records && !result) {
		size_t a = strcspn(records, ","), b, sum;

		b = strcspn(records + a + 1, ",");
		sum = strcspn(records + a + b + 2, ";");
		result = state_add(state, (struct slice){records, a},
		    (struct slice){records + a + 1, b},
		    (struct slice){records + a + b + 2, sum}, subtract, &error);
		records += a + b + 2 + sum;
		records += *records == ';';
	}
	if (result)
		printf("# %s\n", buf_text(&error));
	buf_release(&error);
	return result;
}

/* What state_write() writes, with ; for LF. */
static bool
text_is(const struct state *state, const char *want)
{
	static char text[4096];
	FILE *file = tmpfile();
	struct out out;
	ssize_t len;

	out_stdout(&out);
	out.fd = fileno(file);
	state_write(state, -1, &out);
	out_flush(&out);
	len = pread(out.fd, text, sizeof(text) - 1, 0);
	text[len > 0 ? len : 0] = '\0';
	for (char *at = text; *at; at++)
		*at = *at == '\n' ? ';' : *at;
	if (strcmp(text, want))
		printf("# %s\n# not\n# %s\n", text, want);
	fclose(file);
	free(out.data);
	return !strcmp(text, want);
}

static bool
check_says(const struct state *state, const char *want)
{
	struct buf error = {0};
	bool same = state_check(state, &error) == (*want ? -1 : 0) &&
		    !strcmp(buf_text(&error), want);

	if (!same)
		printf("# %s\n", buf_text(&error));
	buf_release(&error);
	return same;
}

static void
test_order(void)
{
	struct state state = {0};

	CHECK(!add(&state,
	    "y,c=z,1;c=z,1,2;y,x,3;c=a,1,4;x,1,5;y,1,6;1,1,7;:b,,1;:a,z,2;"
	    ":a,b,3;c=a,c=z,0;x,c=a,0;x,x,0;c=q,1,0",
	    false));
	state_settle(&state);
	CHECK(text_is(&state, ":a,b,3;:a,z,2;:b,,1;1,1,7;1,y,6;1,x,5;1,c=a,4;"
			      "1,c=z,2;y,x,3;y,c=z,1;x,x,0;"));
	CHECK(state.terms.count == 5);
	state_settle(&state);
	CHECK(state.terms.count == 5);
	state_release(&state);
}

/* Sums at scales that grow and vary; what is taken off leaves no trace. */
static void
test_add_and_subtract(void)
{
	struct state state = {0};
	const char *before = "1,1,3;1,x,0.5;x,x,2.25;";

	CHECK(!add(&state, "1,1,3;1,x,.50;x,x,2.25", false));
	CHECK(text_is(&state, before));
	CHECK(!add(
	    &state, "1,1,2e0;x,1,1e-30;x,x,123e20;1,c=v,4;c=v,c=v,4", false));
	CHECK(text_is(&state,
	    "1,1,5;1,x,0.500000000000000000000000000001;1,c=v,4;"
	    "x,x,12300000000000000000002.25;c=v,c=v,4;"));
	CHECK(!add(
	    &state, "1,1,2e0;x,1,1e-30;x,x,123e20;1,c=v,4;c=v,c=v,4", true));
	state_settle(&state);
	CHECK(text_is(&state, before));
	state_release(&state);
}

static void
test_refusals(void)
{
	struct state state = {0};

	CHECK(add(&state, "1,1,x", false) == -1);
	CHECK(add(&state, "1,1,", false) == -1);
	CHECK(add(&state, ":state,2,1", false) == -1);
	CHECK(add(&state, "1,1,1e5000", false) == -1);
	state_release(&state);
}

static void
test_check(void)
{
	struct state state = {0};

	CHECK(check_says(&state, "no rows"));
	add(&state, "1,1,2;1,x,3;x,x,5", false);
	CHECK(check_says(&state, ""));
	/* 2 * 4.49 < 3^2 */
	add(&state, "x,x,0.51", true);
	CHECK(check_says(&state, "the sums of 'x' are not of any rows"));
	add(&state, "x,x,0.01", false);
	CHECK(check_says(&state, ""));
	add(&state, ":rows,read,4;:rows,used,2;:rows,missing,1", false);
	CHECK(check_says(&state, "4 rows read are not 2 used and 1 left out"));
	add(&state, ":rows,weightless,1;:count,x,2;:weight,w,2", false);
	CHECK(check_says(&state, ""));
	add(&state, ":count,x,1", true);
	CHECK(check_says(&state, "'x' took part in 1 of 2 rows: states of "
				 "different columns were mixed"));
	state_release(&state);
}

static void
test_lookup(void)
{
	struct state state = {0};

	add(&state, "1,1,2;1,x,3.5;x,y,-1;:rows,used,12", false);
	CHECK(state_pair(&state, 0, 1)->present);
	CHECK(state_pair(&state, 1, 0) == state_pair(&state, 0, 1));
	CHECK(!state_pair(&state, 0, 2)->present);
	CHECK(state_count(&state, ":rows", "used") == 12);
	CHECK(state_count(&state, ":rows", "read") == 0);
	CHECK(!state_told(&state, ":rows", "read"));
	CHECK(state_sum_count(state_pair(&state, 0, 1)) == 0); /* 3.5 */
	state_release(&state);
}

int
main(void)
{
	test_order();
	test_add_and_subtract();
	test_refusals();
	test_check();
	test_lookup();
	return check_done();
}
