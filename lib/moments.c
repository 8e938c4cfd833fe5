/* SPDX-License-Identifier: ISC */
#include "moments.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "decimal_math.h"

/* Digits of a mean beyond those of the values. */
enum { MEAN_DIGITS = 4 };

static void
wide_settle(struct wide *wide)
{
	wide->high += (int64_t)(wide->low >> 32);
	wide->low &= UINT32_MAX;
}

static void
wide_add(struct wide *wide, const struct wide *other)
{
	wide->high += other->high;
	wide->low += other->low;
	wide_settle(wide);
}

static double
wide_double(const struct wide *wide)
{
	return ldexp((double)wide->high, 32) + (double)wide->low;
}

/* Puts a batch's mean and squares into those of all before it. */
static void
combine(struct moments *moments, uint64_t count, double mean, double squares)
{
	double before = (double)moments->count, more = (double)count;
	double off = mean - moments->mean;

	moments->count += count;
	moments->mean += off * (more / (double)moments->count);
	moments->squares +=
	    squares + off * off * (before * more / (double)moments->count);
}

/* The sum; the shift of a negative value rounds down, so the rest is not. */
static struct wide
sum_of(const int64_t *values, size_t count)
{
	struct wide sum = {0};

	for (size_t i = 0; i < count; i++) {
		sum.high += values[i] >> 32;
		sum.low += (uint64_t)values[i] & UINT32_MAX;
	}
	wide_settle(&sum);
	return sum;
}

void
moments_add(struct moments *moments, const int64_t *mantissas, size_t count,
    unsigned scale)
{
	double unit = (double)mantissa_power(scale);
	struct wide sum = sum_of(mantissas, count);
	double mean = wide_double(&sum) / (double)count;
	int64_t middle = (int64_t)mean;
	double at = (double)middle / unit;
	double sums = 0, squares = 0, rest;

	for (size_t i = 0; i < count; i++) {
		double off = (double)(mantissas[i] - middle);

		sums += off;
		squares += off * off;
	}
	rest = sums / (double)count;
	if (moments->count == 0)
		moments->origin = at;
	combine(moments, count, at - moments->origin + rest / unit,
	    (squares - rest * rest * (double)count) / (unit * unit));
	wide_add(&moments->sums[scale], &sum);
	if (moments->scale < scale)
		moments->scale = scale;
}

static void
add_inexact(struct moments *moments, double value)
{
	double total = moments->total + value;

	if (fabs(moments->total) >= fabs(value))
		moments->lost += moments->total - total + value;
	else
		moments->lost += value - total + moments->total;
	moments->total = total;
}

void
moments_add_double(struct moments *moments, double value)
{
	moments->inexact = true;
	add_inexact(moments, value);
	if (moments->count == 0)
		moments->origin = value;
	combine(moments, 1, value - moments->origin, 0);
}

void
moments_merge(struct moments *moments, const struct moments *other)
{
	if (!other->count)
		return;
	if (moments->count == 0)
		moments->origin = other->origin;
	combine(moments, other->count,
	    other->mean + (other->origin - moments->origin), other->squares);
	for (int i = 0; i <= MANTISSA_DIGITS; i++)
		wide_add(&moments->sums[i], &other->sums[i]);
	if (moments->scale < other->scale)
		moments->scale = other->scale;
	moments->inexact |= other->inexact;
	add_inexact(moments, other->total);
	moments->lost += other->lost;
}

/* Replaces the decimal in sum by sum + term * 10^-scale. */
static void
add_term(struct buf *sum, struct slice term, unsigned scale)
{
	struct buf scaled = {0}, before = {0};

	buf_add_slice(&scaled, term);
	buf_printf(&scaled, "e-%u", scale);
	buf_add_slice(&before, buf_slice(sum));
	buf_clear(sum);
	decimal_add(buf_slice(&before), buf_slice(&scaled), sum);
	buf_release(&scaled);
	buf_release(&before);
}

/* Appends the exact sum. */
static void
put_sum(const struct moments *moments, struct buf *sum)
{
	struct buf term = {0};

	buf_putc(sum, '0');
	for (unsigned scale = 0; scale <= moments->scale; scale++) {
		const struct wide *wide = &moments->sums[scale];
		char part[32];

		snprintf(part, sizeof(part), "%" PRId64, wide->high);
		buf_clear(&term);
		decimal_mul(slice_of(part), slice_of("4294967296"), &term);
		add_term(sum, buf_slice(&term), scale);
		snprintf(part, sizeof(part), "%" PRIu64, wide->low);
		add_term(sum, slice_of(part), scale);
	}
	buf_release(&term);
}

/* Adds one to the last of the digits. */
static void
round_up(struct buf *digits)
{
	size_t i = digits->len;

	while (i && digits->data[i - 1] == '9')
		digits->data[--i] = '0';
	if (i) {
		digits->data[i - 1]++;
		return;
	}
	buf_putc(digits, '0');
	memmove(digits->data + 1, digits->data, digits->len - 1);
	digits->data[0] = '1';
}

/*
 * Long division of the canonical decimal sum, sign left out: all digits of
 * the quotient up to places behind the point.
 */
static void
divide(struct slice sum, uint64_t count, unsigned places, struct buf *digits)
{
	uint64_t rest = 0;
	unsigned behind = 0;
	bool point = false;

	for (size_t i = 0; i < sum.len || behind < places; i++) {
		if (i < sum.len && (sum.data[i] == '-' || sum.data[i] == '.')) {
			point |= sum.data[i] == '.';
			continue;
		}
		point |= i >= sum.len;
		rest *= 10;
		if (i < sum.len)
			rest += (uint64_t)(sum.data[i] - '0');
		buf_putc(digits, (char)('0' + rest / count));
		rest %= count;
		behind += point;
	}
	if (rest > count - rest ||
	    (rest == count - rest && (digits->data[digits->len - 1] & 1)))
		round_up(digits);
}

static void
put_exact_mean(const struct moments *moments, struct buf *out)
{
	unsigned places = moments->scale + MEAN_DIGITS;
	struct buf sum = {0}, digits = {0}, text = {0};

	put_sum(moments, &sum);
	divide(buf_slice(&sum), moments->count, places, &digits);
	if (sum.data[0] == '-')
		buf_putc(&text, '-');
	buf_add_slice(&text, buf_slice(&digits));
	buf_printf(&text, "e-%u", places);
	decimal_canon(buf_slice(&text), out);
	buf_release(&sum);
	buf_release(&digits);
	buf_release(&text);
}

void
moments_mean(const struct moments *moments, struct buf *out)
{
	struct moments all = *moments;

	if (!moments->inexact) {
		put_exact_mean(moments, out);
		return;
	}
	for (unsigned scale = 0; scale <= moments->scale; scale++)
		add_inexact(&all, wide_double(&moments->sums[scale]) /
				      (double)mantissa_power(scale));
	buf_printf(out, "%.15g", (all.total + all.lost) / (double)all.count);
}

double
moments_deviation(const struct moments *moments)
{
	if (moments->count < 2)
		return NAN;
	return sqrt(moments->squares / (double)(moments->count - 1));
}
