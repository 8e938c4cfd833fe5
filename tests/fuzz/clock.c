/* SPDX-License-Identifier: ISC */
/* Times on two lines, spelled: they read back, are gmtime's, sort as text. */
#include "clock.h"
#include "fuzz.h"

#include <time.h>

static void
spell(int64_t time, char text[CLOCK_SIZE])
{
	int64_t back, day = clock_from_civil(clock_to_civil(time));
	time_t seconds =
	    (time_t)((time - day) / CLOCK_SECOND + day / CLOCK_SECOND);
	char want[40];

	clock_format(time, text);
	PROPERTY(!clock_parse(slice_of(text), &back) && back == time);
	PROPERTY(day <= time && time - day < CLOCK_DAY);
	strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S", gmtime(&seconds));
	PROPERTY(!strncmp(text + strspn(text, "0"), want, strlen(want)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice b = {(const char *)data, size}, a = fuzz_cut(&b, '\n');
	char early[CLOCK_SIZE], late[CLOCK_SIZE];
	int64_t x, y;

	if (clock_parse(a, &x) || clock_parse(b, &y))
		return 0;
	spell(x, early);
	spell(y, late);
	PROPERTY((x < y) == (strcmp(early, late) < 0));
	return 0;
}
