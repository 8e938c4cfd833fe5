/* SPDX-License-Identifier: ISC */
#include "ascend.h"

#include <stdlib.h>
#include <string.h>

/* Keys first, first + step, ..., with numbers number, number + 1, ... */
struct run {
	uint64_t first, step, count, number;
};

/* The bytes of a key, big-endian, zeros behind them; the last is the length. */
struct text {
	uint64_t high, low;
};

struct ascend {
	bool numbered;

	struct run *runs;
	size_t nruns, runs_cap;
	uint64_t last; /* key of the last run */

	struct text *texts;
	size_t ntexts, texts_cap;
	uint64_t *numbers; /* of the texts, or NULL */
	size_t numbers_cap;
};

struct ascend *
ascend_new(bool numbers)
{
	struct ascend *map = xcalloc(1, sizeof(*map));

	map->numbered = numbers;
	return map;
}

void
ascend_free(struct ascend *map)
{
	if (!map)
		return;
	free(map->runs);
	free(map->texts);
	free(map->numbers);
	free(map);
}

size_t
ascend_memory(const struct ascend *map)
{
	size_t text =
	    sizeof(struct text) + (map->numbered ? sizeof(uint64_t) : 0);

	return map->nruns * sizeof(struct run) + map->ntexts * text;
}

/* Eight digits as values, the first one lowest; compilers make it one load. */
static inline uint64_t
load(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	uint64_t word = (uint64_t)at[0] | (uint64_t)at[1] << 8 |
			(uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 |
			(uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 |
			(uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;

	return word ^ UINT64_C(0x3030303030303030);
}

/* Not 0 if one of the eight is no digit. */
static inline uint64_t
others(uint64_t word)
{
	return ((word + UINT64_C(0x7676767676767676)) | word) &
	       UINT64_C(0x8080808080808080);
}

/* The number that eight digits spell: pairs are joined, then fours, then all.
 */
static inline uint64_t
join(uint64_t word)
{
	const uint64_t low = UINT64_C(0x000000ff000000ff);

	word = word * 10 + (word >> 8);
	return ((word & low) * UINT64_C(0x000f424000000064) +
		   (word >> 16 & low) * UINT64_C(0x0000271000000001)) >>
	       32;
}

/* Less than eight digits, of which no eight bytes can be loaded. */
static bool
few_digits(struct slice key, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < key.len; i++) {
		unsigned digit = (unsigned char)key.data[i] - (unsigned)'0';

		if (digit > 9)
			return false;
		*value = *value * 10 + digit;
	}
	return true;
}

bool
ascend_decimal(struct slice key, uint64_t *value)
{
	size_t head = (key.len - 1) % 8 + 1;
	uint64_t word, wrong, sum;

	if (key.len == 0 || key.len > ASCEND_DIGITS_MAX ||
	    (key.data[0] == '0' && key.len > 1))
		return false;
	if (key.len < 8)
		return few_digits(key, value);
	/* the first 1 to 8 digits; what is shifted in before them are zeros */
	word = load(key.data) << (64 - 8 * head);
	wrong = others(word);
	sum = join(word);
	for (size_t at = head; at < key.len; at += 8) {
		word = load(key.data + at);
		wrong |= others(word);
		sum = sum * 100000000 + join(word);
	}
	*value = sum;
	return !wrong;
}

static bool
read_text(struct slice key, struct text *text)
{
	unsigned char bytes[16] = {0};

	if (key.len > ASCEND_TEXT_MAX)
		return false;
	if (key.len)
		memcpy(bytes, key.data, key.len);
	bytes[15] = (unsigned char)key.len;
	*text = (struct text){0};
	for (int i = 0; i < 8; i++) {
		text->high = text->high << 8 | bytes[i];
		text->low = text->low << 8 | bytes[i + 8];
	}
	return true;
}

static bool
text_less(struct text a, struct text b)
{
	return a.high < b.high || (a.high == b.high && a.low < b.low);
}

bool
ascend_find_decimal(const struct ascend *map, uint64_t value, uint64_t *number)
{
	size_t from = 0, count = map->nruns;
	const struct run *run;
	uint64_t away;

	/* the last run that begins at or below the value */
	while (count > 1) {
		size_t half = count / 2;

		from += map->runs[from + half].first <= value ? half : 0;
		count -= half;
	}
	if (!count || map->runs[from].first > value)
		return false;
	run = &map->runs[from];
	away = value - run->first;
	if (away) {
		if (run->count == 1 || away % run->step)
			return false;
		away /= run->step;
	}
	if (away >= run->count)
		return false;
	*number = map->numbered ? run->number + away : 0;
	return true;
}

/* True if the value, greater than all, could go on the last run. */
static bool
extend(struct ascend *map, uint64_t value, uint64_t number)
{
	struct run *run = &map->runs[map->nruns - 1];

	if (map->numbered && number != run->number + run->count)
		return false;
	if (run->count == 1)
		run->step = value - run->first;
	else if (value - map->last != run->step)
		return false;
	run->count++;
	return true;
}

enum ascend_answer
ascend_add_decimal(struct ascend *map, uint64_t value, uint64_t *number)
{
	if (map->nruns && value <= map->last)
		return ascend_find_decimal(map, value, number) ? ASCEND_FOUND
							       : ASCEND_OTHER;
	if (!map->nruns || !extend(map, value, *number)) {
		map->runs = xgrow(
		    map->runs, map->nruns, &map->runs_cap, sizeof(*map->runs));
		map->runs[map->nruns++] = (struct run){
		    .first = value,
		    .count = 1,
		    .number = *number,
		};
	}
	map->last = value;
	return ASCEND_NEW;
}

static bool
find_text(const struct ascend *map, struct text text, uint64_t *number)
{
	size_t from = 0, count = map->ntexts;

	/* the last one that is not greater */
	while (count > 1) {
		size_t half = count / 2;

		from += text_less(text, map->texts[from + half]) ? 0 : half;
		count -= half;
	}
	if (!count || text_less(map->texts[from], text) ||
	    text_less(text, map->texts[from]))
		return false;
	*number = map->numbered ? map->numbers[from] : 0;
	return true;
}

bool
ascend_find_text(const struct ascend *map, struct slice key, uint64_t *number)
{
	struct text text;

	return read_text(key, &text) && find_text(map, text, number);
}

enum ascend_answer
ascend_add_text(struct ascend *map, struct slice key, uint64_t *number)
{
	struct text text;

	if (!read_text(key, &text))
		return ASCEND_OTHER;
	if (map->ntexts && !text_less(map->texts[map->ntexts - 1], text))
		return find_text(map, text, number) ? ASCEND_FOUND
						    : ASCEND_OTHER;
	map->texts = xgrow(
	    map->texts, map->ntexts, &map->texts_cap, sizeof(*map->texts));
	if (map->numbered) {
		map->numbers = xgrow(map->numbers, map->ntexts,
		    &map->numbers_cap, sizeof(*map->numbers));
		map->numbers[map->ntexts] = *number;
	}
	map->texts[map->ntexts++] = text;
	return ASCEND_NEW;
}

static struct slice
spell(struct text text, char spelled[16])
{
	for (int i = 0; i < 8; i++) {
		spelled[i] = (char)(text.high >> (56 - 8 * i));
		spelled[i + 8] = (char)(text.low >> (56 - 8 * i));
	}
	return (struct slice){spelled, text.low & 0xff};
}

void
ascend_each(const struct ascend *map, const struct ascend_visitor *visitor)
{
	char spelled[16];

	for (size_t i = 0; i < map->nruns; i++) {
		const struct run *run = &map->runs[i];

		for (uint64_t j = 0; j < run->count; j++)
			visitor->decimal(visitor->context,
			    run->first + j * run->step,
			    map->numbered ? run->number + j : 0);
	}
	for (size_t i = 0; i < map->ntexts; i++)
		visitor->text(visitor->context, spell(map->texts[i], spelled),
		    map->numbered ? map->numbers[i] : 0);
}
