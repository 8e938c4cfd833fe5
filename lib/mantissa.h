/* SPDX-License-Identifier: ISC */
/*
 * mantissa - plain decimals as 64-bit integers, many at a time
 *
 * A plain decimal is -? digits [. digits], with at most MANTISSA_DIGITS
 * digits; its value is mantissa * 10^-scale, where scale counts the digits
 * behind the point. Anything else is for decimal.h. Eight digits are taken in
 * three multiplications (Lemire: Quickly parsing eight digits, 2018).
 */
#ifndef MANTISSA_H
#define MANTISSA_H

#include <stdint.h>

#include "buf.h"

enum {
	MANTISSA_DIGITS = 18,
	/* bytes from a value's first one on that must be readable */
	MANTISSA_READABLE = 17,
};

/*
 * Parses values up to the first that is no plain decimal; returns how many
 * they are. Scale 0 is an integer: a point has digits on both sides.
 */
size_t mantissa_parse(const struct slice *values, size_t count,
    int64_t *mantissas, uint8_t *scales);

/* 10^n, for n up to MANTISSA_DIGITS. */
int64_t mantissa_power(unsigned n);

/*
 * Brings one or more mantissas to the greatest of their scales and returns it,
 * or -1 with nothing changed where one would pass 10^MANTISSA_DIGITS.
 */
int mantissa_align(int64_t *mantissas, const uint8_t *scales, size_t count);

#endif
