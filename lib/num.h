/* SPDX-License-Identifier: ISC */
/*
 * num - strict parsing of integers and doubles, doubles as text
 *
 * The whole text must be the number: no blanks, no trailing bytes, no
 * overflow. Decimals that must stay exact are the business of decimal.h.
 */
#ifndef NUM_H
#define NUM_H

#include <stdint.h>

#include "buf.h"

/*
 * Parses [+-]?[0-9]+ into *value. Returns 0, or -1 if the text is something
 * else or does not fit; *value is then untouched.
 */
int num_int64(struct slice text, int64_t *value);

/*
 * Parses a decimal number (sign, digits, point, exponent) into the nearest
 * double. Returns 0, or -1 if the text is something else or not finite.
 */
int num_double(struct slice text, double *value);

enum { NUM_SIZE = 32 };

/*
 * Writes a finite double with the fewest of 15, 16 or 17 digits that read
 * back as the same double.
 */
void num_format(double value, char text[NUM_SIZE]);

/*
 * Writes a double as BigQuery prints a FLOAT64: as num_format() does, but
 * never like a whole number (1.0), and Infinity, -Infinity and NaN.
 */
void num_format_float(double value, char text[NUM_SIZE]);

/*
 * An option's whole number within [min, max]: returns it, or dies saying
 * which option wanted what.
 */
int64_t num_option(
    const char *option, const char *text, int64_t min, int64_t max);

/*
 * An option's share of a whole, "0.999" or "99.9%": returns it in millionths,
 * to which it is rounded, or dies saying what was wanted.
 */
int64_t num_share_option(const char *option, const char *text);

/* Writes a number of bytes for people: "512 B", "1.5 GiB". */
void num_format_bytes(int64_t bytes, char text[NUM_SIZE]);

/*
 * An option's number of bytes, "256M": digits, and K, M, G or T for 1024 bytes
 * and so on. Returns it, or dies saying which option wanted what, at least
 * min, a whole number of MiB.
 */
size_t num_size_option(const char *option, const char *text, size_t min);

#endif
