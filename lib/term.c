/* SPDX-License-Identifier: ISC */
#include "term.h"

#include <stdlib.h>
#include <string.h>

#include "num.h"

/* The text before and behind position at, of which one byte is left out. */
static struct slice
before(struct slice text, size_t at)
{
	return (struct slice){text.data, at};
}

static struct slice
behind(struct slice text, size_t at)
{
	return (struct slice){text.data + at + 1, text.len - at - 1};
}

/* Where a byte stands, or text.len. */
static size_t
find(struct slice text, char byte)
{
	size_t i = 0;

	while (i < text.len && text.data[i] != byte)
		i++;
	return i;
}

static void
add_factor(struct term *term, struct slice column, const struct slice *level,
    int power)
{
	term->factors[term->count++] = (struct term_factor){
	    xslicedup(column), level ? xslicedup(*level) : NULL, power};
}

/* Where "*d=" of a category d begins in a level, or level.len. */
static size_t
find_second(struct slice level, const struct cols *categories)
{
	for (size_t i = 0; i < level.len; i++) {
		struct slice rest = behind(level, i);
		size_t equals;

		if (level.data[i] != '*')
			continue;
		equals = find(rest, '=');
		if (equals < rest.len &&
		    cols_find(categories, before(rest, equals)) >= 0)
			return i;
	}
	return level.len;
}

/* The levels of c=v or c=v*d=w. */
static void
add_levels(struct term *term, struct slice category, struct slice level,
    const struct cols *categories)
{
	size_t star = find_second(level, categories);
	struct slice first = before(level, star);

	add_factor(term, category, &first, 1);
	if (star < level.len && term->count < 2) {
		struct slice rest = behind(level, star);
		size_t equals = find(rest, '=');
		struct slice second = behind(rest, equals);

		add_factor(term, before(rest, equals), &second, 1);
	}
}

/* x, x^3 or a*b */
static void
add_numbers(struct term *term, struct slice name)
{
	size_t star = find(name, '*'), hat = find(name, '^');
	int64_t power;

	if (star < name.len) {
		add_factor(term, before(name, star), NULL, 1);
		add_factor(term, behind(name, star), NULL, 1);
	} else if (hat < name.len && !num_int64(behind(name, hat), &power) &&
		   power > 1 && power <= INT32_MAX) {
		add_factor(term, before(name, hat), NULL, (int)power);
	} else {
		add_factor(term, name, NULL, 1);
	}
}

void
term_parse(struct term *term, struct slice name, const struct cols *numbers,
    const struct cols *categories)
{
	size_t equals = find(name, '='), star;
	struct slice head = before(name, equals);

	*term = (struct term){0};
	if (cols_find(numbers, name) >= 0) {
		add_factor(term, name, NULL, 1);
		return;
	}
	if (equals == name.len) {
		add_numbers(term, name);
		return;
	}
	star = find(head, '*');
	if (star < head.len)
		add_factor(term, before(head, star), NULL, 1);
	add_levels(term, star < head.len ? behind(head, star) : head,
	    behind(name, equals), categories);
}

void
term_release(struct term *term)
{
	for (size_t i = 0; i < term->count; i++) {
		free(term->factors[i].column);
		free(term->factors[i].level);
	}
	*term = (struct term){0};
}

struct slice
term_category(struct slice name)
{
	size_t equals = find(name, '='), star;
	struct slice head = before(name, equals);

	if (equals == name.len)
		return (struct slice){"", 0};
	star = find(head, '*');
	return star < head.len ? behind(head, star) : head;
}
