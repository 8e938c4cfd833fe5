/* SPDX-License-Identifier: ISC */
#include "predict_fast.h"

#include <stdlib.h>
#include <string.h>

#include "mantissa.h"

enum {
	LIMBS = 4,
	SUM_BITS = 64 * LIMBS - 2,
	VALUE_BITS = 60, /* of MANTISSA_DIGITS digits */
	ROOM = 64        /* bytes of a value with what may be read behind it */
};

/* Coefficients of many sizes leave room for values of few decimals. */
static const unsigned decimals_tried[] = {12, 8, 2};

/* A coefficient's magnitude at the common scale. */
struct wide {
	uint64_t limbs[LIMBS];
};

/* A term: the coefficient times the levels times the number, if it has one. */
struct fast_term {
	bool minus;
	bool has_number;
	size_t number; /* a column */
	size_t nlevels;
	size_t columns[2]; /* of the levels */
	struct slice levels[2];
	struct wide *by_scale; /* of the value, 0 to decimals */
};

struct fast_range {
	bool known;
	struct predict_value ends[2];
};

struct predict_fast {
	struct fast_term *terms;
	size_t count;
	unsigned decimals; /* that a value may have */
	size_t scale;      /* of the sum */
	struct fast_range *ranges;
	size_t ncolumns;
};

/* wide = |value|; false if it does not fit. */
static bool
set_wide(struct wide *wide, const struct bigint *value)
{
	size_t count;
	uint64_t *limbs = bigint_magnitude(value, &count);
	bool fits = count <= LIMBS;

	*wide = (struct wide){{0}};
	for (size_t i = 0; i < count && fits; i++)
		wide->limbs[i] = limbs[i];
	free(limbs);
	return fits;
}

/* Brings the coefficient to each scale that is needed. */
static bool
make_coefficients(const struct predict_fast *fast, struct fast_term *to,
    const struct model_term *term)
{
	size_t digits = fast->scale - term->scale;
	bool fits = true;

	to->by_scale = xcalloc(fast->decimals + 1, sizeof(*to->by_scale));
	for (unsigned s = 0; s <= fast->decimals && fits; s++) {
		struct bigint value = {0};

		/* the value brings s decimals itself */
		bigint_set(&value, &term->coef);
		fits = !bigint_scale(&value, digits - s) &&
		       bigint_bits(&value) + VALUE_BITS <= SUM_BITS - 16 &&
		       set_wide(&to->by_scale[s], &value);
		bigint_release(&value);
	}
	return fits;
}

/* Takes a term apart; false if it is a power or a product of numbers. */
static bool
make_term(const struct predict_fast *fast, const struct model *model,
    const struct model_term *term, struct fast_term *to)
{
	to->minus = bigint_sign(&term->coef) < 0;
	for (size_t i = 0; i < term->term.count; i++) {
		const struct term_factor *factor = &term->term.factors[i];
		size_t at = model_column(model, factor->column);

		if (factor->level) {
			to->columns[to->nlevels] = at;
			to->levels[to->nlevels++] = slice_of(factor->level);
			continue;
		}
		if (to->has_number || factor->power > 1)
			return false;
		to->has_number = true;
		to->number = at;
	}
	return make_coefficients(fast, to, term);
}

bool
predict_fast_value(const struct predict_fast *fast, struct slice text,
    struct predict_value *value)
{
	char room[ROOM] = "";
	struct slice copy = {room, text.len};

	if (text.len + MANTISSA_READABLE > ROOM)
		return false;
	memcpy(room, text.data, text.len);
	return mantissa_parse(&copy, 1, &value->mantissa, &value->scale) == 1 &&
	       value->scale <= fast->decimals;
}

static void
make_ranges(struct predict_fast *fast, const struct model *model)
{
	fast->ncolumns = model->ncolumns;
	fast->ranges = xcalloc(fast->ncolumns + 1, sizeof(*fast->ranges));
	for (size_t i = 0; i < fast->ncolumns; i++) {
		const struct model_column *column = &model->columns[i];
		struct fast_range *range = &fast->ranges[i];

		range->known = column->min && column->max &&
			       predict_fast_value(fast, slice_of(column->min),
				   &range->ends[0]) &&
			       predict_fast_value(fast, slice_of(column->max),
				   &range->ends[1]);
	}
}

/* True if all ranges that the model has are plain. */
static bool
has_ranges(const struct predict_fast *fast, const struct model *model)
{
	for (size_t i = 0; i < model->ncolumns; i++) {
		if (model->columns[i].min && !fast->ranges[i].known)
			return false;
	}
	return true;
}

/* NULL where values of so many decimals do not fit. */
static struct predict_fast *
try_decimals(const struct model *model, unsigned decimals)
{
	struct predict_fast *fast = xcalloc(1, sizeof(*fast));
	bool good = model->count < 10000;

	fast->decimals = decimals;
	for (size_t i = 0; i < model->count; i++) {
		if (model->terms[i].scale > fast->scale)
			fast->scale = model->terms[i].scale;
	}
	fast->scale += fast->decimals;
	fast->terms = xcalloc(model->count + 1, sizeof(*fast->terms));
	for (size_t i = 0; i < model->count && good; i++)
		good = make_term(
		    fast, model, &model->terms[i], &fast->terms[fast->count++]);
	make_ranges(fast, model);
	if (good && has_ranges(fast, model))
		return fast;
	predict_fast_free(fast);
	return NULL;
}

struct predict_fast *
predict_fast_new(const struct model *model)
{
	struct predict_fast *fast = NULL;

	for (unsigned i = 0; !fast && i < 3; i++)
		fast = try_decimals(model, decimals_tried[i]);
	return fast;
}

void
predict_fast_free(struct predict_fast *fast)
{
	if (!fast)
		return;
	for (size_t i = 0; i < fast->count; i++)
		free(fast->terms[i].by_scale);
	free(fast->terms);
	free(fast->ranges);
	free(fast);
}

/* sum += a * b, or sum -= a * b, in two's complement */
static void
add_product(uint64_t sum[LIMBS], const struct wide *a, uint64_t b, bool minus)
{
	uint128 carry = 0, flow = minus;

	for (size_t i = 0; i < LIMBS; i++) {
		uint64_t part;

		carry += (uint128)a->limbs[i] * b;
		part = (uint64_t)carry;
		carry >>= 64;
		flow += (uint128)sum[i] + (minus ? ~part : part);
		sum[i] = (uint64_t)flow;
		flow >>= 64;
	}
}

/* True if the row has all levels of the term. */
static bool
applies(const struct fast_term *term, const struct slice *levels)
{
	for (size_t i = 0; i < term->nlevels; i++) {
		if (!slice_equal(levels[term->columns[i]], term->levels[i]))
			return false;
	}
	return true;
}

size_t
predict_fast_sum(const struct predict_fast *fast,
    const struct predict_value *values, const struct slice *levels,
    struct bigint *sum)
{
	uint64_t total[LIMBS] = {0};

	for (size_t i = 0; i < fast->count; i++) {
		const struct fast_term *term = &fast->terms[i];
		struct predict_value value = {1, 0};
		bool minus = term->minus;
		uint64_t size;

		if (!applies(term, levels))
			continue;
		if (term->has_number)
			value = values[term->number];
		minus ^= value.mantissa < 0;
		size = value.mantissa < 0 ? -(uint64_t)value.mantissa
					  : (uint64_t)value.mantissa;
		add_product(total, &term->by_scale[value.scale], size, minus);
	}
	bigint_set_int64(sum, 0);
	for (size_t i = 0; i + 1 < LIMBS; i++)
		bigint_add_int128(sum, (int128)total[i], (unsigned)(64 * i));
	/* the sign is that of the last limb */
	bigint_add_int128(
	    sum, (int128)(int64_t)total[LIMBS - 1], 64 * (LIMBS - 1));
	return fast->scale;
}

/* The sign of a - b */
static int
compare(const struct predict_value *a, const struct predict_value *b)
{
	int128 left = a->mantissa, right = b->mantissa;

	if (a->scale < b->scale)
		left *= mantissa_power((unsigned)(b->scale - a->scale));
	else
		right *= mantissa_power((unsigned)(a->scale - b->scale));
	return (left > right) - (left < right);
}

bool
predict_fast_outside(const struct predict_fast *fast, size_t column,
    const struct predict_value *value)
{
	const struct fast_range *range = &fast->ranges[column];

	return range->known && (compare(value, &range->ends[0]) < 0 ||
				   compare(value, &range->ends[1]) > 0);
}
