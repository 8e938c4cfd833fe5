/* SPDX-License-Identifier: ISC */
#include "die.h"
#include "check.h"
#include "dies.h"

#include <string.h>

static void
plain(void)
{
	die_name("/usr/bin/tool");
	die(STATUS_TROUBLE, "%s: line %d: bad", "in.csv", 3);
}

static void
warned(void)
{
	die_name("tool");
	warning("first");
	die(STATUS_TROUBLE, "second");
}

static void
dirty(void)
{
	die_name("tool");
	die(STATUS_TROUBLE, "'%s'", "a\033[2J\nb\t\x7f\xc3\xa9");
}

static void
endless(void)
{
	char text[8192];

	memset(text, 'x', sizeof(text));
	die_name("t");
	die(STATUS_TROUBLE, "%.*s", (int)sizeof(text), text);
}

/* The message of endless(): cut to 4095 bytes, and marked. */
static const char *
cut(char message[4104])
{
	memset(message, 'x', 4104);
	memcpy(message, "t: ", 3);
	memcpy(message + 3 + 4095, "...\n", 5);
	return message;
}

int
main(void)
{
	char message[4104];

	CHECK(dies_saying(plain, "tool: in.csv: line 3: bad\n"));
	CHECK(dies_saying(warned, "tool: first\ntool: second\n"));
	CHECK(dies_saying(dirty, "tool: 'a?[2J?b??\xc3\xa9'\n"));
	CHECK(dies_saying(endless, cut(message)));
	CHECK(!strcmp(die_program(), "sluice"));
	return check_done();
}
