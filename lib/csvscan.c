/* SPDX-License-Identifier: ISC */
#include "csvscan.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"

/* Entries behind the last, since the loops store whole groups. */
enum { SPARE = 64 };

/* The codes, the fastest first. */
static const struct csvscan_code *const codes[] = {
#if defined(__x86_64__)
    &csvscan_avx512,
    &csvscan_avx2,
    &csvscan_sse2,
#endif
    &csvscan_portable,
};

enum { NCODES = sizeof(codes) / sizeof(codes[0]) };

static bool
runs_here(const struct csvscan_code *code)
{
#if defined(__x86_64__)
	if (code == &csvscan_avx512)
		return __builtin_cpu_supports("avx512bw") &&
		       __builtin_cpu_supports("avx512vl") &&
		       runs_here(&csvscan_avx2);
	if (code == &csvscan_avx2)
		return __builtin_cpu_supports("avx2") &&
		       __builtin_cpu_supports("bmi") &&
		       __builtin_cpu_supports("bmi2") &&
		       __builtin_cpu_supports("popcnt") &&
		       __builtin_cpu_supports("pclmul");
#endif
	(void)code;
	return true;
}

const struct csvscan_code *
csvscan_named(const char *name)
{
	for (size_t i = 0; i < NCODES; i++) {
		if (!strcmp(codes[i]->name, name) && runs_here(codes[i]))
			return codes[i];
	}
	return NULL;
}

const struct csvscan_code *
csvscan_best(void)
{
	size_t best = 0;

	while (!runs_here(codes[best]))
		best++;
	return codes[best];
}

/* An array of offsets with room for so many more than are used. */
static uint32_t *
reserve(uint32_t *items, size_t more, size_t *cap)
{
	if (more <= *cap)
		return items;
	*cap = more > 2 * *cap ? more : 2 * *cap;
	return xrealloc(items, *cap * sizeof(*items));
}

void
csvscan_run(struct csvscan *scan, const struct csvscan_code *code,
    const char *data, size_t len)
{
	size_t from = scan->at, cap = scan->end_cap;
	const char *nul;
	bool maybe;

	scan->end = reserve(scan->end, scan->nends + len - from + SPARE, &cap);
	scan->count = reserve(
	    scan->count, scan->nends + len - from + SPARE, &scan->end_cap);
	if (scan->fields)
		scan->sep = reserve(scan->sep, scan->nseps + len - from + SPARE,
		    &scan->sep_cap);
	maybe = (scan->fields ? code->fields : code->records)(scan, data, len);
	nul = maybe ? memchr(data + from, '\0', len - from) : NULL;
	if (nul && (size_t)(nul - data) < scan->wrong) {
		scan->wrong = (size_t)(nul - data);
		while (scan->nends && scan->end[scan->nends - 1] > scan->wrong)
			scan->nends--;
	}
}

void
csvscan_restart(struct csvscan *scan, size_t at)
{
	scan->at = at;
	scan->wrong = CSVSCAN_NONE;
	scan->quoted = scan->inner = 0;
	scan->nends = scan->nseps = 0;
	scan->inside = scan->closed = scan->cr = scan->open = 0;
}

/* Moves the items from first on to the front, less so much each. */
static void
shift(uint32_t *items, size_t first, size_t count, uint32_t less)
{
	for (size_t i = first; i < count; i++)
		items[i - first] = items[i] - less;
}

void
csvscan_drop(struct csvscan *scan, size_t nends, size_t bytes, const char *data)
{
	uint32_t seps = nends ? scan->count[nends - 1] : 0;

	shift(scan->end, nends, scan->nends, (uint32_t)bytes);
	shift(scan->count, nends, scan->nends, seps);
	if (scan->fields)
		shift(scan->sep, seps, scan->nseps, (uint32_t)bytes);
	scan->nends -= nends;
	scan->nseps -= seps;
	scan->at -= bytes;
	if (scan->wrong != CSVSCAN_NONE)
		scan->wrong -= bytes;
	scan->quoted = scan->quoted && memchr(data, '"', scan->at);
}

void
csvscan_release(struct csvscan *scan)
{
	free(scan->end);
	free(scan->count);
	free(scan->sep);
	*scan = (struct csvscan){0};
}
