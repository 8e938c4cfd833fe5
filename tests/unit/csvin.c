/* SPDX-License-Identifier: ISC */
/*
 * The reader against libcsv in strict mode, an independent parser: texts of
 * the bytes that matter, read in pieces of every size. The program is linked
 * with --wrap=io_read, so that the pieces are ours to choose.
 */
#include "csvin.h"
#include "check.h"

#include <csv.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__ /* which takes long to make a buffer */
enum { LONGEST = 5 };
#else
enum { LONGEST = 6 };
#endif
enum { BUFFER_SIZE = 256 * 1024 };

/* What io_read() has yet to give, at most piece bytes a call. */
static struct slice input;
static size_t piece, reads;

ssize_t __wrap_io_read(int fd, void *data, size_t size);

ssize_t
__wrap_io_read(int fd, void *data, size_t size)
{
	size_t len = size < piece ? size : piece;

	(void)fd;
	if (len > input.len)
		len = input.len;
	if (len)
		memcpy(data, input.data, len);
	input.data += len;
	input.len -= len;
	reads++;
	return (ssize_t)len;
}

/*
 * What a parser made of a text: a hash (FNV-1a) over the values of all whole
 * records but empty lines, which libcsv drops, and where it saw an error.
 */
struct result {
	uint64_t hash, whole;
	uint64_t records;    /* empty ones included */
	uint64_t error_line; /* 0 is none */
	bool unclosed;       /* libcsv does not say where the quote was */
};

static void
add_byte(struct result *result, int byte)
{
	result->hash =
	    (result->hash ^ (uint64_t)byte) * UINT64_C(0x100000001b3);
}

/* A value, without the CRs before LFs, of which libcsv gets none. */
static void
add_value(struct result *result, const char *data, size_t len, bool strip)
{
	for (size_t i = 0; i < len; i++) {
		if (strip && data[i] == '\r' && i + 1 < len &&
		    data[i + 1] == '\n')
			continue;
		add_byte(result, (unsigned char)data[i]);
	}
	add_byte(result, 256);
}

static void
end_record(struct result *result)
{
	add_byte(result, 257);
	result->whole = result->hash;
}

static void
on_field(void *value, size_t len, void *result)
{
	add_value(result, value, len, false);
}

static void
on_record(int terminator, void *result)
{
	(void)terminator;
	end_record(result);
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

static struct result
read_libcsv(struct slice text)
{
	struct result result = {0};
	struct csv_parser parser;
	struct buf fed = {0};
	size_t parsed;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] != '\r' || i + 1 == text.len ||
		    text.data[i + 1] != '\n')
			buf_putc(&fed, text.data[i]);
	}
	csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_space_func(&parser, no_space);
	csv_set_term_func(&parser, line_feed);
	parsed = csv_parse(
	    &parser, buf_text(&fed), fed.len, on_field, on_record, &result);
	if (parsed < fed.len) {
		result.error_line = 1;
		for (size_t i = 0; i < parsed; i++)
			result.error_line += fed.data[i] == '\n';
	} else if (csv_fini(&parser, on_field, on_record, &result)) {
		result.unclosed = true;
	}
	csv_free(&parser);
	buf_release(&fed);
	return result;
}

static void
add_record(
    struct result *result, struct csvin *in, const struct csvin_record *row)
{
	result->records++;
	if (row->len == 0)
		return;
	for (size_t i = 0; i < row->nfields; i++) {
		struct slice value = csvin_value(in, csvin_field(row, i));

		add_value(result, value.data, value.len, true);
	}
	end_record(result);
}

/* The line an error message names; 0 if it is not as csvin.h says. */
static uint64_t
line_named(const char *message, uint64_t record)
{
	char want[80];
	uint64_t line = 0;

	if (sscanf(message, "standard input: line %" SCNu64, &line) != 1)
		return 0;
	snprintf(want, sizeof(want),
	    "standard input: line %" PRIu64 ": record %" PRIu64 ": ", line,
	    record);
	return strncmp(message, want, strlen(want)) ? 0 : line;
}

/* A place in the text that the records must lead through. */
struct place {
	const char *at, *end;
	uint64_t line;
};

/* Steps over a record and its end; false if the text has another there. */
static bool
step(struct place *place, const struct csvin_record *row)
{
	if (row->len > (size_t)(place->end - place->at) ||
	    memcmp(place->at, row->data, row->len) || row->line != place->line)
		return false;
	for (size_t i = 0; i < row->len; i++)
		place->line += row->data[i] == '\n';
	place->line++;
	place->at += row->len;
	if (place->end - place->at >= 2 && *place->at == '\r')
		place->at++;
	if (place->at == place->end)
		return true;
	return *place->at++ == '\n';
}

/* True if nothing is left, or the one empty line that may be dropped. */
static bool
at_end(const struct place *place)
{
	size_t left = (size_t)(place->end - place->at);

	return left == 0 || (left == 1 && !memcmp(place->at, "\n", 1)) ||
	       (left == 2 && !memcmp(place->at, "\r\n", 2));
}

/* Reads text with csvin; false if the records are not the text's. */
static bool
read_ours(struct slice text, const char *prefix, struct result *result)
{
	struct csvin *in = csvin_new(NULL, 0, CSVIN_RAGGED);
	struct place place = {text.data, text.data + text.len, 1};
	struct csvin_record row;
	struct buf whole = {0};
	bool same = true;
	int got;

	buf_puts(&whole, prefix);
	buf_add_slice(&whole, text);
	input = buf_slice(&whole);
	*result = (struct result){0};
	while (same && (got = csvin_next(in, &row)) > 0) {
		add_record(result, in, &row);
		same = step(&place, &row) && row.number == result->records;
	}
	if (same && got < 0)
		result->error_line =
		    line_named(csvin_error(in), result->records + 1);
	else if (same)
		same = at_end(&place);
	buf_release(&whole);
	csvin_free(in);
	return same;
}

static bool
agree(const struct result *a, const struct result *libcsv)
{
	if (a->whole != libcsv->whole)
		return false;
	if (libcsv->unclosed)
		return a->error_line > 0;
	return a->error_line == libcsv->error_line;
}

/* True if csvin reads prefix and text, in such pieces, as libcsv the text. */
static bool
good(struct slice text, const char *prefix, size_t size,
    const struct result *want)
{
	struct result got;

	piece = size;
	if (read_ours(text, prefix, &got) && agree(&got, want))
		return true;
	printf("# in pieces of %zu:", size);
	for (size_t i = 0; i < text.len && i < 16; i++)
		printf(" %02x", (unsigned char)text.data[i]);
	printf("; error in line %" PRIu64 ", libcsv's in %" PRIu64 "\n",
	    got.error_line, want->error_line);
	return false;
}

/* The text number n of that length over the five bytes. */
static struct slice
small_text(char *text, size_t len, long n)
{
	for (size_t i = 0; i < len; i++, n /= 5)
		text[i] = "a,\"\r\n"[n % 5];
	return (struct slice){text, len};
}

/* All texts of up to longest bytes behind prefix, at every piece size. */
static int
all_small(size_t longest, const char *prefix)
{
	char text[LONGEST];
	long count = 1;
	int wrong = 0;

	for (size_t len = 0; len <= longest; len++, count *= 5) {
		for (long n = 0; n < count; n++) {
			struct slice small = small_text(text, len, n);
			struct result want = read_libcsv(small);
			size_t size = 0;

			do
				wrong += !good(small, prefix, ++size, &want);
			while (size < strlen(prefix) + len);
		}
	}
	return wrong;
}

/* All texts of one more byte, in one piece. */
static int
all_longer(void)
{
	char text[LONGEST + 1];
	long count = 1;
	int wrong = 0;

	for (size_t len = 0; len < sizeof(text); len++)
		count *= 5;
	for (long n = 0; n < count; n++) {
		struct slice small = small_text(text, sizeof(text), n);
		struct result want = read_libcsv(small);

		wrong += !good(small, "", SIZE_MAX, &want);
	}
	return wrong;
}

/*
 * Text whose interesting bytes begin shift bytes from the edge of the
 * reader's buffer, and all of which is one record before them.
 */
static int
at_edge(const char *head, const char *interesting, int shift)
{
	static const size_t sizes[] = {SIZE_MAX, 65536, 262143};
	struct buf text = {0};
	struct result want;
	int wrong = 0;

	buf_puts(&text, head);
	while (text.len < (size_t)(BUFFER_SIZE + shift))
		buf_putc(&text, 'x');
	buf_puts(&text, interesting);
	want = read_libcsv(buf_slice(&text));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		wrong += !good(buf_slice(&text), "", sizes[i], &want);
	buf_release(&text);
	return wrong;
}

static void
check_edges(void)
{
	static const char *const bare[] = {
	    "\r\nc", "\rc\r\n", ",b\r\nc\n", "\"\n", "\n\r\n", ",\"\"\r\n"};
	static const char *const quoted[] = {"\"\"b\"\r\nc\n", "\"\r\nc,d",
	    "\r\n\"\n", "\",\"\"\"\"\n", "\"\rx", "\"\r", "\n", "\"x\n"};
	int wrong = 0;

	for (int shift = -2; shift <= 2; shift++) {
		for (size_t i = 0; i < sizeof(bare) / sizeof(*bare); i++) {
			wrong += at_edge("", bare[i], shift);
			wrong += at_edge("h\r\n", bare[i], shift);
		}
		for (size_t i = 0; i < sizeof(quoted) / sizeof(*quoted); i++) {
			wrong += at_edge("\"", quoted[i], shift);
			wrong += at_edge("h\r\n\"", quoted[i], shift);
		}
	}
	CHECK(wrong == 0);
}

/*
 * True if the text, read with the flags in pieces of every size, gives these
 * records, each as LINE/NUMBER:BYTES! with the error, if any, behind the '!'.
 */
static bool
records_are(struct slice text, unsigned flags, const char *want)
{
	bool same = true;

	for (piece = 1; piece <= text.len && same; piece++) {
		struct csvin *in = csvin_new(NULL, 0, flags);
		struct csvin_record row;
		struct buf got = {0};
		int more;

		input = text;
		while ((more = csvin_next(in, &row)) > 0)
			buf_printf(&got, "%" PRIu64 "/%" PRIu64 ":%.*s!%s ",
			    row.line, row.number, (int)row.len, row.data,
			    row.error ? row.error : "");
		if (more < 0)
			buf_puts(&got, csvin_error(in));
		same = !strcmp(buf_text(&got), want);
		if (!same)
			printf(
			    "# in pieces of %zu: %s\n", piece, buf_text(&got));
		buf_release(&got);
		csvin_free(in);
	}
	return same;
}

#define TEXT(literal) ((struct slice){(literal), sizeof(literal) - 1})

/* With CSVIN_RECOVER a broken record ends at the next LF. */
static void
check_recovery(void)
{
	CHECK(records_are(TEXT("a,b\n1,\"x\"y\n3,4\n"), CSVIN_RECOVER,
	    "1/1:a,b! 2/2:1,\"x\"y!text after a closing quote 3/3:3,4! "));
	CHECK(records_are(TEXT("a\n\"x\ny\"z\r\n5"), CSVIN_RECOVER,
	    "1/1:a! 2/2:\"x\ny\"z!text after a closing quote 4/3:5! "));
	CHECK(records_are(TEXT("a\n1\"\n\"\"\r"), CSVIN_RECOVER,
	    "1/1:a! 2/2:1\"!quote inside an unquoted field "
	    "3/3:\"\"\r!text after a closing quote "));
	CHECK(records_are(TEXT("a\n1\n\"2\n3\n"), CSVIN_RECOVER,
	    "1/1:a! 2/2:1! "
	    "standard input: line 3: record 3: unclosed quote"));
	CHECK(records_are(TEXT("a,b\n\"x\ny\",\"z\n"), CSVIN_RECOVER,
	    "1/1:a,b! standard input: line 3: record 2: unclosed quote"));
	CHECK(records_are(TEXT("a\"\n1\n"), CSVIN_RECOVER,
	    "standard input: line 1: record 1: "
	    "quote inside an unquoted field"));
}

static void
check_shape(void)
{
	CHECK(records_are(TEXT("a,b\n1\n"), 0,
	    "1/1:a,b! "
	    "standard input: line 2: record 2: 1 field, header has 2"));
	CHECK(records_are(TEXT("a,b\n1\n1,2,3\n\n4,5\n"), CSVIN_RAGGED,
	    "1/1:a,b! 2/2:1! 3/3:1,2,3! 4/4:! 5/5:4,5! "));
	CHECK(records_are(TEXT("a,b\n1,2\n\r\n"), 0, "1/1:a,b! 2/2:1,2! "));
	CHECK(records_are(TEXT("a,b\n\n\n"), 0,
	    "1/1:a,b! standard input: line 2: record 2: "
	    "empty line, header has 2 fields"));
	CHECK(records_are(TEXT("a\n\n\n"), 0, "1/1:a! 2/2:! 3/3:! "));
	CHECK(records_are(TEXT("\xef\xbb\xbf"), 0, ""));
	CHECK(records_are(TEXT("\xef\xbb"), 0, "1/1:\xef\xbb! "));
	CHECK(records_are(
	    TEXT("a\n\xef\xbb\xbf\n"), 0, "1/1:a! 2/2:\xef\xbb\xbf! "));
	CHECK(records_are(TEXT("a\n\"1\n\0\n"), 0,
	    "1/1:a! standard input: line 3: record 2: NUL byte"));
	CHECK(records_are(TEXT("\xff\xfe"
			       "a\0,\0"),
	    0, "standard input: line 1: record 1: NUL byte; is it UTF-16?"));
}

static void
describe(struct buf *text, const struct csvin_record *row)
{
	buf_printf(text, "%" PRIu64 "/%" PRIu64 ":%.*s!%s", row->line,
	    row->number, (int)row->len, row->data,
	    row->error ? row->error : "");
	for (size_t i = 0; i < row->nfields; i++)
		buf_printf(text, "|%.*s", (int)csvin_field(row, i).len,
		    csvin_field(row, i).data);
	buf_puts(text, "\n");
}

/* Adds the records of a batch; false if its slices are others. */
static bool
describe_batch(
    struct buf *text, struct csvin *in, const struct csvin_batch *batch)
{
	struct csvin_record row;
	bool same = true;

	for (size_t i = 0; i < batch->nrecords; i++) {
		csvin_batch_record(in, batch, i, &row);
		describe(text, &row);
		same = same && slice_equal(csvin_batch_slice(batch, i),
				   csvin_bytes(&row));
		for (size_t j = 0; same && j < row.nfields; j++)
			same = slice_equal(csvin_batch_field(batch, i, j),
			    csvin_field(&row, j));
	}
	return same && batch->nrecords > 0;
}

/* All records as text; every each-th time one, otherwise a batch. */
static struct buf
read_in_batches(struct slice text, unsigned flags, size_t each)
{
	struct csvin *in = csvin_new(NULL, 0, flags);
	struct csvin_record row;
	struct csvin_batch batch;
	struct buf got = {0};
	bool same = true;
	int more = 1;

	input = text;
	for (size_t round = 0; more > 0; round++) {
		if (round % each == 0) {
			more = csvin_next(in, &row);
			if (more > 0)
				describe(&got, &row);
		} else {
			more = csvin_next_batch(in, &batch);
			if (more > 0)
				same = describe_batch(&got, in, &batch) && same;
		}
	}
	buf_puts(&got, more < 0 ? csvin_error(in) : same ? "" : "other slices");
	csvin_free(in);
	return got;
}

/* Batches, alone or in turn with single records, give the same records. */
static void
check_batches(void)
{
	static const char *const texts[] = {
	    "a,b\n1,2\n3,4\r\n\"5\n5\",6\n7,8\n9\n\n1,\"x\"y\n\"2\r\n\",\"\"\"\"\n3,",
	    "a\n1\n\n\"\n\"\r\n2\"\n\r\n3\r", "a,b\n1,2\n3,4\n5,\"6\n"};
	static const size_t each[] = {2, 3, SIZE_MAX};
	int wrong = 0;

	for (size_t i = 0; i < 3 * 3 * 100; i++) {
		struct slice text = slice_of(texts[i % 3]);
		unsigned flags = CSVIN_RAGGED | CSVIN_RECOVER;
		struct buf want, got;

		piece = 1 + i / 9;
		want = read_in_batches(text, flags, 1);
		got = read_in_batches(text, flags, each[i / 3 % 3]);
		wrong += strcmp(want.data, got.data) != 0;
		buf_release(&want);
		buf_release(&got);
	}
	CHECK(wrong == 0);
}

/* Without fields, all else is the same. */
static void
check_records_level(void)
{
	CHECK(records_are(TEXT("a,b\n1,\"\n\"\n3,4\n5\n"), CSVIN_RECORDS,
	    "1/1:a,b! 2/2:1,\"\n\"! 4/3:3,4! "
	    "standard input: line 5: record 4: 1 field, header has 2"));
	CHECK(records_are(TEXT("a,b\n1\n2,3\n"), CSVIN_RECORDS | CSVIN_RAGGED,
	    "1/1:a,b! 2/2:1! 3/3:2,3! "));
}

/* A record that has arrived is not held back for the sake of a BOM. */
static void
check_promptness(void)
{
	struct csvin *in = csvin_new(NULL, 0, 0);
	struct csvin_record row;

	input = TEXT("a\nb\n");
	piece = 2;
	reads = 0;
	CHECK(csvin_next(in, &row) == 1 && reads == 1);
	CHECK(csvin_next(in, &row) == 1 && reads == 2);
	csvin_free(in);
}

int
main(void)
{
	CHECK(all_small(LONGEST, "") == 0);
	CHECK(all_longer() == 0);
	CHECK(all_small(LONGEST - 2, "\xef\xbb\xbf") == 0);
	check_edges();
	check_recovery();
	check_shape();
	check_batches();
	check_records_level();
	check_promptness();
	return check_done();
}
