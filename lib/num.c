/* SPDX-License-Identifier: ISC */
#include "num.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"

int
num_int64(struct slice text, int64_t *value)
{
	size_t i = 0, safe;
	bool negative = false;
	uint64_t limit = INT64_MAX, sum = 0;

	if (text.len && (text.data[0] == '-' || text.data[0] == '+')) {
		negative = text.data[0] == '-';
		limit += negative;
		i++;
	}
	if (i == text.len)
		return -1;
	/* so many digits cannot pass the limit, and need no division */
	for (safe = i + 18; i < text.len; i++) {
		unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';

		if (digit > 9 || (i >= safe && sum > (limit - digit) / 10))
			return -1;
		sum = sum * 10 + digit;
	}
	*value = negative ? (int64_t)(0 - sum) : (int64_t)sum;
	return 0;
}

int
num_double(struct slice text, double *value)
{
	char small[64];
	char *copy = small;
	double parsed;

	if (!decimal_valid(text))
		return -1;
	if (text.len >= sizeof(small))
		copy = xmalloc(text.len + 1);
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	parsed = strtod(copy, NULL);
	if (copy != small)
		free(copy);
	if (!isfinite(parsed))
		return -1;
	*value = parsed;
	return 0;
}

void
num_format(double value, char text[NUM_SIZE])
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, NUM_SIZE, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
}

void
num_format_float(double value, char text[NUM_SIZE])
{
	if (isnan(value)) {
		strcpy(text, "NaN");
	} else if (isinf(value)) {
		strcpy(text, value < 0 ? "-Infinity" : "Infinity");
	} else {
		num_format(value, text);
		if (!text[strspn(text, "-0123456789")])
			strcat(text, ".0");
	}
}

void
num_format_bytes(int64_t bytes, char text[NUM_SIZE])
{
	static const char units[] = "KMGTPE";
	double value = (double)bytes / 1024;
	int unit = 0;

	if (bytes < 1024) {
		snprintf(text, NUM_SIZE, "%" PRId64 " B", bytes);
		return;
	}
	/* what would be rounded to 1024.0 is 1.0 of the next unit */
	while (value >= 1023.95) {
		value /= 1024;
		unit++;
	}
	snprintf(text, NUM_SIZE, "%.1f %ciB", value, units[unit]);
}

int64_t
num_option(const char *option, const char *text, int64_t min, int64_t max)
{
	int64_t value;

	if (num_int64(slice_of(text), &value) || value < min || value > max)
		die(STATUS_TROUBLE,
		    "%s: '%s' is not a whole number from %" PRId64
		    " to %" PRId64,
		    option, text, min, max);
	return value;
}

int64_t
num_share_option(const char *option, const char *text)
{
	struct slice number = slice_of(text);
	double share, scale = 1e6;

	if (number.len && number.data[number.len - 1] == '%') {
		number.len--;
		scale = 1e4;
	}
	if (num_double(number, &share) || share < 0 || share * scale > 1e6)
		die(STATUS_TROUBLE,
		    "%s: '%s' is not a share like 0.999 or 99.9%%", option,
		    text);
	return (int64_t)(share * scale + 0.5);
}

/* Parses a number of bytes: 0, or -1. */
static int
parse_size(const char *text, size_t *size)
{
	static const char units[] = "KMGT";
	size_t digits = strspn(text, "0123456789");
	const char *unit = strchr(units, text[digits]);
	int shift = 0;
	int64_t value;

	if (num_int64((struct slice){text, digits}, &value) || !unit)
		return -1;
	if (text[digits]) {
		if (text[digits + 1])
			return -1;
		shift = 10 * (int)(unit - units + 1);
	}
	if ((uint64_t)value > SIZE_MAX >> shift)
		return -1;
	*size = (size_t)value << shift;
	return 0;
}

size_t
num_size_option(const char *option, const char *text, size_t min)
{
	size_t size;

	if (!parse_size(text, &size) && size >= min)
		return size;
	if (min)
		die(STATUS_TROUBLE,
		    "%s: '%s' is not a size such as 256M, at least %zuM",
		    option, text, min >> 20);
	die(STATUS_TROUBLE, "%s: '%s' is not a size such as 256M", option,
	    text);
}
