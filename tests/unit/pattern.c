/* SPDX-License-Identifier: ISC */
#include <regex.h>
#include <string.h>

#include "buf.h"
#include "check.h"
#include "pattern.h"

static bool
refused(const char *pattern, const char *why)
{
	const char *wrong = pattern_refuse(pattern);

	return wrong && strstr(wrong, why);
}

static bool
compiles_well(const char *pattern)
{
	regex_t compiled;
	bool compiles = !regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB);

	if (compiles)
		regfree(&compiled);
	return compiles && !pattern_refuse(pattern);
}

/* PART written so many times. */
static const char *
times(struct buf *text, const char *part, int count)
{
	buf_clear(text);
	while (count--)
		buf_puts(text, part);
	return buf_text(text);
}

static void
takes_what_people_write(void)
{
	static const char *const patterns[] = {"", "a", "a|bc", "[A-Z0-9]+",
	    "(ab*c?)+", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[]a*+?{]+", "[^]x]*",
	    "[[:alpha:]]*", "[[.].]x]+", "\\*+", "\\(\\)\\+*", "a{1,255}",
	    "a{3,}b", "(a|(b|c){2}){3}"};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		CHECK(compiles_well(patterns[i]));
}

static void
refuses_repeated_repetitions(void)
{
	struct buf text = {0};
	static const char *const patterns[] = {
	    "a**", "a+*", "a{2}{3}", "(a)?+", "[b]*{2}", "x|a**"};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		CHECK(refused(patterns[i], "two repetitions"));
	buf_puts(&text, "[A-Z]");
	buf_puts(&text, "******************************+");
	CHECK(refused(buf_text(&text), "two repetitions"));
	buf_release(&text);
}

static void
refuses_what_grows(void)
{
	struct buf text = {0};

	CHECK(refused("((a{100}){100}){100}", "too large"));
	CHECK(refused(
	    "(((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9})", "too large"));
	CHECK(refused("a{99999999999999999999}", "too large"));
	CHECK(refused("(b)a{255}|(c{200}){60}", "too large"));
	CHECK(refused(times(&text, "(((a+)+)+)+", 1000), "too large"));
	CHECK(!pattern_refuse(times(&text, "a", 10 * 1000)));
	CHECK(refused(times(&text, "a", 10 * 1000 + 1), "too large"));
	buf_release(&text);
}

static void
refuses_what_is_deep(void)
{
	struct buf text = {0};

	CHECK(refused(times(&text, "(", 101), "too deep"));
	CHECK(!pattern_refuse(times(&text, "(", 100)));
	buf_release(&text);
}

static void
leaves_mistakes_to_the_compiler(void)
{
	static const char *const patterns[] = {
	    "(", "[", "[[:", "a{2", "a{2,", "\\", ")", "a)b)", "*", "[[.x"};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		CHECK(!pattern_refuse(patterns[i]));
}

int
main(void)
{
	takes_what_people_write();
	refuses_repeated_repetitions();
	refuses_what_grows();
	refuses_what_is_deep();
	leaves_mistakes_to_the_compiler();
	return check_done();
}
