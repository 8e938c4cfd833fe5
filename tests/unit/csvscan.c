/* SPDX-License-Identifier: ISC */
/*
 * The scan, for each instruction set that runs here: against libcsv in strict
 * mode, against plain loops, and between pages that must not be touched.
 */
#include "csvscan.h"
#include "check.h"

#include <csv.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buf.h"
#include "csvstrict.h"

#ifdef __SANITIZE_ADDRESS__
enum { LONGEST = 6 };
#else
enum { LONGEST = 8 };
#endif

static const char *const codes[] = {"avx512", "avx2", "sse2", "portable"};
enum { NCODES = sizeof(codes) / sizeof(codes[0]) };

/* What a parser makes of a text, up to its first error. */
struct result {
	size_t records, fields;     /* of whole records */
	size_t error;               /* offset of the wrong byte, or SIZE_MAX */
	bool unclosed;              /* no byte is wrong, but a quote is open */
	size_t all_fields, columns; /* libcsv's, of the record begun too */
};

static void
on_field(void *value, size_t len, void *result)
{
	struct result *got = result;

	(void)value;
	(void)len;
	got->columns++;
}

static void
on_record(int terminator, void *result)
{
	struct result *got = result;

	(void)terminator;
	/* an empty line has one field */
	got->fields += got->columns ? got->columns : 1;
	got->columns = 0;
	got->records++;
}

static int
no_space(unsigned char byte)
{
	(void)byte;
	return 0;
}

static int
line_feed(unsigned char byte)
{
	return byte == '\n';
}

/* libcsv gets no CR that stands before a LF. */
static struct result
read_libcsv(const char *text, size_t len)
{
	struct result result = {.error = SIZE_MAX};
	struct csv_parser parser;
	size_t place[LONGEST], fed_len = 0, good;
	char fed[LONGEST];

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
			continue;
		place[fed_len] = i;
		fed[fed_len++] = text[i];
	}
	csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
	csv_set_space_func(&parser, no_space);
	csv_set_term_func(&parser, line_feed);
	good = csv_parse(&parser, fed, fed_len, on_field, on_record, &result);
	if (good < fed_len)
		result.error = place[good];
	else if (csv_fini(&parser, on_field, on_record, &result))
		result.unclosed = true;
	csv_free(&parser);
	return result;
}

/* A scan, and the text it is of: behind a LF, and with room for two bytes. */
struct reading {
	const struct csvscan_code *code;
	struct csvscan scan;
	size_t piece; /* bytes it gets at once */
	char *data;
};

static void
scan_to(struct reading *reading, size_t len)
{
	struct csvscan *scan = &reading->scan;

	while (scan->at < len && scan->wrong == CSVSCAN_NONE) {
		size_t left = len - scan->at;

		csvscan_run(scan, reading->code, reading->data,
		    scan->at + (left < reading->piece ? left : reading->piece));
	}
}

/* The end of the input, as csvin treats it. */
static void
finish(struct reading *reading, size_t len, struct result *result)
{
	struct csvscan *scan = &reading->scan;
	size_t end = scan->nends ? scan->end[scan->nends - 1] + (size_t)1 : 0;

	if (scan->wrong != CSVSCAN_NONE) {
		result->error = scan->wrong;
	} else if (scan->inside) {
		result->unclosed = true;
	} else if (scan->cr) {
		result->error = len - 1;
	} else if (end < len) {
		reading->data[len] = '\n';
		scan_to(reading, len + 1);
	}
}

static struct result
read_ours(struct reading *reading, size_t len)
{
	struct csvscan *scan = &reading->scan;
	struct result result = {.error = SIZE_MAX};

	csvscan_restart(scan, 0);
	scan_to(reading, len);
	finish(reading, len, &result);
	result.records = scan->nends;
	result.fields = scan->nends ? scan->count[scan->nends - 1] : 0;
	return result;
}

/*
 * True if ours is libcsv's, of a text before which stand so many bytes that
 * are one record. That a CR behind a quote is wrong shows one byte late.
 */
static bool
agree(const struct result *ours, const struct result *libcsv, size_t before,
    const char *text)
{
	size_t at = ours->error - before;

	if (ours->unclosed != libcsv->unclosed ||
	    ours->records != libcsv->records + (before > 0) ||
	    ours->fields != libcsv->fields + (before > 0))
		return false;
	if (libcsv->error == SIZE_MAX || ours->error == SIZE_MAX)
		return ours->error == libcsv->error;
	return at == libcsv->error ||
	       (at == libcsv->error + 1 && text[libcsv->error] == '\r');
}

static bool
same_as_libcsv(struct reading *reading, const char *text, size_t len,
    size_t before, const struct result *want)
{
	struct result got;

	if (before) {
		memset(reading->data, 'x', before - 1);
		reading->data[before - 1] = '\n';
	}
	memcpy(reading->data + before, text, len);
	got = read_ours(reading, before + len);
	if (agree(&got, want, before, text))
		return true;
	printf("# %s, %zu bytes before, pieces of %zu:", reading->code->name,
	    before, reading->piece);
	for (size_t i = 0; i < len; i++)
		printf(" %02x", (unsigned char)text[i]);
	printf("\n");
	return false;
}

/* The arbiter, of what the scan refuses, says where libcsv stopped. */
static bool
arbiter_agrees(const char *text, size_t len, const struct result *want)
{
	size_t expected = want->error == SIZE_MAX ? len : want->error;

	return csvstrict_offence(text, len) == expected;
}

/* All texts of len bytes, at several places before the edge of a block. */
static int
all_texts(struct reading *reading, size_t len)
{
	static const size_t before[] = {0, 57, 60, 62, 63, 64};
	long count = 1;
	int wrong = 0;

	for (size_t i = 0; i < len; i++)
		count *= 5;
	for (long n = 0; n < count; n++) {
		struct result want;
		char text[LONGEST];
		long rest = n;

		for (size_t i = 0; i < len; i++, rest /= 5)
			text[i] = "a,\"\r\n"[rest % 5];
		want = read_libcsv(text, len);
		wrong += !arbiter_agrees(text, len, &want);
		for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
			reading->piece = i % 2 ? SIZE_MAX : 1 + i;
			wrong += !same_as_libcsv(
			    reading, text, len, before[i], &want);
		}
	}
	return wrong;
}

/* True if separator number sep stands at an offset, and is record end's LF. */
static bool
found(const struct csvscan *scan, size_t at, size_t sep, size_t end, bool lf)
{
	if (sep >= scan->nseps || scan->sep[sep] != at)
		return false;
	return !lf || (end < scan->nends && scan->end[end] == at &&
			  scan->count[end] == sep + 1);
}

/* What stands where, byte by byte; for text without quotes. */
static bool
same_as_loop(struct reading *reading, size_t len)
{
	struct csvscan *scan = &reading->scan;
	size_t ends = 0, seps = 0, at;

	csvscan_restart(scan, 0);
	scan_to(reading, len);
	for (at = 0; at < len && reading->data[at]; at++) {
		bool lf = reading->data[at] == '\n';

		if (!lf && reading->data[at] != ',')
			continue;
		if (!found(scan, at, seps++, ends, lf))
			return false;
		ends += lf;
	}
	return ends == scan->nends &&
	       scan->wrong == (at < len ? at : CSVSCAN_NONE);
}

/*
 * Bytes that a test for a byte may take for it: one bit off, and one more
 * behind it, which the usual test of a word for a zero byte falls for.
 */
static void
check_bytes(struct reading *reading)
{
	static const char bytes[] =
	    "\n,\x0b-\x0a,\x8a\xac\x01\x80\xff\x0d+\x09";
	uint64_t random = 1;
	int wrong = 0;

	for (int round = 0; round < 20000; round++) {
		size_t len = (size_t)round % 200;

		for (size_t i = 0; i < len; i++) {
			random = random * UINT64_C(6364136223846793005) + 1;
			reading->data[i] =
			    bytes[(random >> 33) % (sizeof(bytes) - 1)];
		}
		if (round % 3 == 0 && len)
			reading->data[(random >> 40) % len] = '\0';
		reading->piece = round % 2 ? SIZE_MAX : 1 + (size_t)round % 70;
		wrong += !same_as_loop(reading, len);
	}
	CHECK(wrong == 0);
}

static void
check_lines(struct reading *reading)
{
	int wrong = 0;

	for (size_t len = 0; len < 200; len++) {
		memset(reading->data, 'x', len);
		for (size_t i = 0; i < len; i += 3)
			reading->data[i] = '\n';
		wrong +=
		    reading->code->lines(reading->data, len) != (len + 2) / 3;
	}
	CHECK(wrong == 0);
}

/* A page between two that must not be touched. */
static char *
guarded_page(size_t size)
{
	int zero = open("/dev/zero", O_RDWR);
	char *pages =
	    mmap(NULL, 3 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);

	if (pages == MAP_FAILED || mprotect(pages, size, PROT_NONE) ||
	    mprotect(pages + 2 * size, size, PROT_NONE))
		exit(1);
	close(zero);
	return pages + size;
}

/* No byte behind the text is read, nor one but the LF before it. */
static void
check_pages(struct reading *reading)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	char *page = guarded_page(size), *usual = reading->data;
	int wrong = 0;

	for (size_t len = 0; len < 300; len++) {
		for (int front = 0; front < 2; front++) {
			char *text = front ? page + 1 : page + size - len;

			memset(page, '\n', size);
			memset(text, 'x', len);
			if (len)
				text[len / 2] = ',';
			reading->data = text;
			reading->piece = SIZE_MAX;
			wrong += !same_as_loop(reading, len);
			wrong += reading->code->lines(text, len) != 0;
		}
	}
	reading->data = usual;
	munmap(page - size, 3 * size);
	CHECK(wrong == 0);
}

/* What is forgotten is forgotten, and what stays is found again. */
static void
check_drop(struct reading *reading)
{
	struct csvscan *scan = &reading->scan;

	memcpy(reading->data, "a,b\nc,\"\nd\"\ne,", 13);
	reading->piece = SIZE_MAX;
	csvscan_restart(scan, 0);
	scan_to(reading, 13);
	CHECK(scan->nends == 2 && scan->nseps == 5 && scan->quoted &&
	      scan->inner == 1);
	memmove(reading->data, reading->data + 4, 9);
	csvscan_drop(scan, 1, 4, reading->data);
	CHECK(found(scan, 1, 0, 0, false) && found(scan, 6, 1, 0, true) &&
	      found(scan, 8, 2, 1, false));
	memmove(reading->data, reading->data + 7, 2);
	csvscan_drop(scan, 1, 7, reading->data);
	CHECK(found(scan, 1, 0, 0, false) && scan->nends == 0);
	CHECK(scan->at == 2 && !scan->quoted);
}

int
main(void)
{
	static char room[64 + 512];
	/* set by tests/checks/valgrind, which takes fifty times as long */
	size_t longest = getenv("SLUICE_BRIEF") ? LONGEST - 2 : LONGEST;

	room[63] = '\n';
	for (size_t i = 0; i < NCODES; i++) {
		struct reading reading = {.code = csvscan_named(codes[i])};

		if (!reading.code) {
			CHECK(!strncmp(codes[i], "avx", 3) ||
			      !strcmp(codes[i], "sse2"));
			continue;
		}
		reading.data = room + 64;
		for (int fields = 0; fields < 2; fields++) {
			reading.scan.fields = fields;
			for (size_t len = 0; len <= longest; len++)
				CHECK(all_texts(&reading, len) == 0);
		}
		check_bytes(&reading);
		check_lines(&reading);
		check_pages(&reading);
		check_drop(&reading);
		csvscan_release(&reading.scan);
	}
	CHECK(csvscan_named("none") == NULL);
	return check_done();
}
