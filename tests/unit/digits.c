/* SPDX-License-Identifier: ISC */
#include "digits.h"
#include "check.h"

#include <stdlib.h>

/* The number of leading digits, told byte by byte. */
static unsigned
count_slowly(const char *text)
{
	unsigned count = 0;

	while (count < DIGITS_WORD && text[count] >= '0' && text[count] <= '9')
		count++;
	return count;
}

/* Checks a word of text against the C library. */
static bool
reads(const char *text)
{
	uint64_t word = digits_load(text);
	unsigned count = digits_count(digits_others(word));
	char copy[DIGITS_WORD + 1] = "";

	memcpy(copy, text, count);
	return count == count_slowly(text) &&
	       digits_join(word, count) == strtoull(copy, NULL, 10);
}

/* Every byte at every place among digits. */
static bool
reads_all(void)
{
	for (int place = 0; place < DIGITS_WORD; place++) {
		for (int byte = 0; byte < 256; byte++) {
			char text[] = "90817263";

			text[place] = (char)byte;
			if (!reads(text)) {
				printf("# byte %d at %d\n", byte, place);
				return false;
			}
		}
	}
	return true;
}

int
main(void)
{
	CHECK(reads("00000000"));
	CHECK(reads("99999999"));
	CHECK(reads("12345678"));
	CHECK(reads("1\xff\xff\xff\xff\xff\xff\xff"));
	CHECK(reads("1234567\x80"));
	CHECK(reads_all());
	CHECK(digits_word("abcdefgh") == UINT64_C(0x6867666564636261));
	CHECK(digits_swap(UINT64_C(0x0102030405060708)) ==
	      UINT64_C(0x0807060504030201));
	CHECK(digits_power[0] == 1);
	for (int i = 1; i <= DIGITS_MOST; i++)
		CHECK(digits_power[i] == digits_power[i - 1] * 10);
	return check_done();
}
