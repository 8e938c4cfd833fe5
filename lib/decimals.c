/* SPDX-License-Identifier: ISC */
#include "decimals.h"

#include <stdlib.h>
#include <string.h>

void
decimals_release(struct decimals *column)
{
	for (size_t r = 0; column->wide && r < GRAM_ROWS; r++)
		bigint_release(&column->wide[r].value);
	free(column->wide);
	*column = (struct decimals){0};
}

static bool
is_wide(const struct decimals *column, size_t row)
{
	return column->nwide && column->wide[row].used;
}

/* Makes a row wide: its place. */
static struct decimals_wide *
widen(struct decimals *column, size_t row)
{
	if (!column->wide)
		column->wide = xcalloc(GRAM_ROWS, sizeof(*column->wide));
	column->nwide += !column->wide[row].used;
	column->wide[row].used = true;
	column->mantissas[row] = 0;
	column->scales[row] = 0;
	return &column->wide[row];
}

static void
narrow_all(struct decimals *column)
{
	for (size_t r = 0; column->nwide && r < GRAM_ROWS; r++) {
		column->nwide -= column->wide[r].used;
		column->wide[r].used = false;
	}
}

/* Takes digits off a text as long as value stays below 10^18. */
static size_t
take_digits(struct slice *text, int64_t *value)
{
	size_t taken = 0;

	while (taken < text->len && text->data[taken] >= '0' &&
	       text->data[taken] <= '9' && *value < mantissa_power(17))
		*value = *value * 10 + (text->data[taken++] - '0');
	text->data += taken;
	text->len -= taken;
	return taken;
}

static bool
take_byte(struct slice *text, const char *bytes)
{
	if (!text->len || !memchr(bytes, text->data[0], strlen(bytes)))
		return false;
	text->data++;
	text->len--;
	return true;
}

/* The exponent at the end of a text; false if there is none. */
static bool
take_exponent(struct slice text, int64_t *exponent)
{
	bool negative;

	if (!take_byte(&text, "eE"))
		return false;
	negative = take_byte(&text, "-");
	if (!negative)
		take_byte(&text, "+");
	*exponent = 0;
	if (text.len > 4 || !take_digits(&text, exponent) || text.len)
		return false;
	if (negative)
		*exponent = -*exponent;
	return true;
}

/*
 * A decimal with an exponent, as programs print small and large doubles, if 64
 * bits hold it without a digit moved over the point.
 */
static bool
parse_exponent(struct slice text, int64_t *mantissa, uint8_t *scale)
{
	bool negative = take_byte(&text, "-");
	int64_t value = 0, exponent;
	size_t digits = take_digits(&text, &value), behind = 0;

	if (take_byte(&text, "."))
		behind = take_digits(&text, &value);
	if (!(digits + behind) || !take_exponent(text, &exponent) ||
	    (int64_t)behind < exponent ||
	    (int64_t)behind - exponent > UINT8_MAX)
		return false;
	*mantissa = negative ? -value : value;
	*scale = (uint8_t)((int64_t)behind - exponent);
	return true;
}

/* Any decimal: 64 bits if they hold it. */
static int
parse_any(struct decimals *column, struct slice text, size_t row)
{
	struct bigint value = {0};
	size_t scale;
	int result;

	if (parse_exponent(text, &column->mantissas[row], &column->scales[row]))
		return 0;
	result = bigint_set_decimal(&value, text, &scale);
	column->mantissas[row] = 0;
	column->scales[row] = 0;
	if (!result && bigint_bits(&value) <= 63 && scale <= UINT8_MAX) {
		column->mantissas[row] =
		    value.count ? (int64_t)value.limbs[0] : 0;
		column->scales[row] = (uint8_t)scale;
	} else if (!result) {
		struct decimals_wide *wide = widen(column, row);

		bigint_set(&wide->value, &value);
		wide->scale = scale;
	}
	bigint_release(&value);
	return result;
}

size_t
decimals_parse(struct decimals *column, const struct slice *values, size_t rows,
    unsigned char *faults)
{
	size_t faulty = 0;

	narrow_all(column);
	for (size_t r = 0; r < rows; r++) {
		r += mantissa_parse(values + r, rows - r, column->mantissas + r,
		    column->scales + r);
		if (r == rows || !parse_any(column, values[r], r))
			continue;
		faults[r] |= values[r].len ? DECIMALS_BAD : DECIMALS_EMPTY;
		faulty++;
	}
	return faulty;
}

/* The value of a row as an integer; room is for one of 64 bits. */
static const struct bigint *
value_of(const struct decimals *column, size_t row, struct bigint *room,
    size_t *scale)
{
	if (is_wide(column, row)) {
		*scale = column->wide[row].scale;
		return &column->wide[row].value;
	}
	*scale = column->scales[row];
	bigint_set_int64(room, column->mantissas[row]);
	return room;
}

/* product = left * right of a row */
static int
multiply_any(struct bigint *product, size_t *scale, const struct decimals *left,
    const struct decimals *right, size_t row)
{
	struct bigint a = {0}, b = {0};
	size_t more;
	int result;

	result = bigint_mul(product, value_of(left, row, &a, scale),
	    value_of(right, row, &b, &more));
	*scale += more;
	bigint_release(&a);
	bigint_release(&b);
	return result;
}

int
decimals_multiply(struct decimals *column, const struct decimals *left,
    const struct decimals *right, size_t rows)
{
	bool all_narrow = !left->nwide && !right->nwide;

	narrow_all(column);
	for (size_t r = 0; r < rows; r++) {
		unsigned scale = (unsigned)left->scales[r] + right->scales[r];
		struct decimals_wide *wide;

		if ((all_narrow || (!is_wide(left, r) && !is_wide(right, r))) &&
		    scale <= UINT8_MAX &&
		    !__builtin_mul_overflow(left->mantissas[r],
			right->mantissas[r], &column->mantissas[r])) {
			column->scales[r] = (uint8_t)scale;
			continue;
		}
		wide = widen(column, r);
		if (multiply_any(&wide->value, &wide->scale, left, right, r))
			return -1;
	}
	return 0;
}

void
decimals_pick(struct decimals *column, struct decimals *from,
    const uint16_t *list, size_t rows)
{
	if (column != from)
		narrow_all(column);
	for (size_t r = 0; r < rows; r++) {
		size_t at = list[r];
		struct decimals_wide *wide;

		column->mantissas[r] = from->mantissas[at];
		column->scales[r] = from->scales[at];
		if (column == from && at == r)
			continue;
		if (column == from && is_wide(column, r)) {
			column->wide[r].used = false;
			column->nwide--;
		}
		if (!is_wide(from, at))
			continue;
		wide = widen(column, r);
		bigint_set(&wide->value, &from->wide[at].value);
		wide->scale = from->wide[at].scale;
	}
	for (size_t r = rows; column->nwide && r < GRAM_ROWS; r++) {
		column->nwide -= column->wide[r].used;
		column->wide[r].used = false;
	}
}

int
decimals_sign(const struct decimals *column, size_t row)
{
	int64_t m = column->mantissas[row];

	if (is_wide(column, row))
		return bigint_sign(&column->wide[row].value);
	return (m > 0) - (m < 0);
}

int
decimals_give(
    const struct decimals *column, struct gram *gram, size_t index, size_t rows)
{
	int result =
	    gram_column(gram, index, column->mantissas, column->scales, rows);

	for (size_t r = 0; column->nwide && r < rows && !result; r++) {
		const struct decimals_wide *wide = &column->wide[r];

		if (wide->used)
			result = gram_value(
			    gram, index, r, &wide->value, wide->scale);
	}
	return result;
}

/* Puts the near part away. */
static int
settle(struct decimals_sum *sum)
{
	if (bigint_add_int128(&sum->far, sum->near, 0))
		return -1;
	sum->near = 0;
	return 0;
}

static int
add_any(struct decimals_sum *sum, const struct decimals *left,
    const struct decimals *right, size_t row)
{
	struct bigint product = {0};
	size_t scale;
	int result = multiply_any(&product, &scale, left, right, row);

	if (!result)
		result = settle(sum);
	if (!result && scale > sum->scale) {
		result = bigint_scale(&sum->far, scale - sum->scale);
		sum->scale = scale;
	} else if (!result) {
		result = bigint_scale(&product, sum->scale - scale);
	}
	if (!result)
		result = bigint_add(&sum->far, &product);
	bigint_release(&product);
	return result;
}

int
decimals_add(struct decimals_sum *sum, const struct decimals *left,
    const struct decimals *right, size_t row)
{
	int128 product = (int128)left->mantissas[row] * right->mantissas[row];
	size_t scale = (size_t)left->scales[row] + right->scales[row];
	int128 near;

	if (is_wide(left, row) || is_wide(right, row) || scale != sum->scale ||
	    __builtin_add_overflow(sum->near, product, &near))
		return add_any(sum, left, right, row);
	sum->near = near;
	return 0;
}

const struct bigint *
decimals_total(struct decimals_sum *sum)
{
	return settle(sum) ? NULL : &sum->far;
}

void
decimals_sum_release(struct decimals_sum *sum)
{
	bigint_release(&sum->far);
	*sum = (struct decimals_sum){0};
}
