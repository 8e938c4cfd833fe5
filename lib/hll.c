/* SPDX-License-Identifier: ISC */
#include "hll.h"

#include <math.h>
#include <stdlib.h>

#include "buf.h"

/* Bits that are left of a hash to count zeros in. */
enum { REST = 64 - HLL_BITS };

void
hll_add(struct hll *hll, const uint64_t *hashes, size_t count)
{
	if (!hll->registers)
		hll->registers = xcalloc(HLL_REGISTERS, 1);
	for (size_t i = 0; i < count; i++) {
		/* the bit behind the rest ends a run of zeros */
		uint64_t rest = hashes[i] << HLL_BITS | UINT64_C(1)
							    << (HLL_BITS - 1);
		uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
		uint8_t *at = &hll->registers[hashes[i] >> REST];

		if (*at < rank)
			*at = rank;
	}
}

void
hll_merge(struct hll *hll, const struct hll *other)
{
	if (!other->registers)
		return;
	if (!hll->registers)
		hll->registers = xcalloc(HLL_REGISTERS, 1);
	for (int i = 0; i < HLL_REGISTERS; i++)
		if (hll->registers[i] < other->registers[i])
			hll->registers[i] = other->registers[i];
}

/* x + sum of x^(2^k) 2^(k-1) over k from 1 */
static double
sigma(double x)
{
	double y = 1, z = x, before;

	if (x >= 1)
		return INFINITY;
	do {
		x *= x;
		before = z;
		z += x * y;
		y += y;
	} while (z > before);
	return z;
}

/* (1 - x - sum of (1 - x^(2^-k))^2 2^-k over k from 1) / 3 */
static double
tau(double x)
{
	double y = 1, z = 1 - x, before;

	if (x <= 0 || x >= 1)
		return 0;
	do {
		x = sqrt(x);
		before = z;
		y /= 2;
		z -= (1 - x) * (1 - x) * y;
	} while (z < before);
	return z / 3;
}

uint64_t
hll_count(const struct hll *hll)
{
	const double m = HLL_REGISTERS;
	uint32_t with[REST + 2] = {0}; /* registers that hold each rank */
	double z;

	if (!hll->registers)
		return 0;
	for (int i = 0; i < HLL_REGISTERS; i++)
		with[hll->registers[i]]++;
	z = m * tau(1 - with[REST + 1] / m);
	for (int rank = REST; rank > 0; rank--)
		z = (z + with[rank]) / 2;
	z += m * sigma(with[0] / m);
	return (uint64_t)llround(m * m / (2 * log(2) * z));
}

void
hll_release(struct hll *hll)
{
	free(hll->registers);
	*hll = (struct hll){0};
}
