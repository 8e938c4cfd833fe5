/* SPDX-License-Identifier: ISC */
/*
 * What is appended stands behind every record, wherever the output's buffer
 * ends: records of all lengths about its size, among short ones.
 */
#include "append.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NRECORDS = 5 };

/* A batch of empty, short and one long record, CR LF behind some. */
struct text {
	struct buf bytes;
	struct buf want; /* what must come out, with ",s" behind each */
	uint32_t end[NRECORDS];
};

static void
add_record(struct text *text, size_t i, size_t len, const char *eol)
{
	for (size_t j = 0; j < len; j++) {
		buf_putc(&text->bytes, (char)('a' + (i + j) % 26));
		buf_putc(&text->want, (char)('a' + (i + j) % 26));
	}
	buf_puts(&text->bytes, eol);
	text->end[i] = (uint32_t)text->bytes.len - 1;
	buf_puts(&text->want, ",s\n");
}

static bool
comes_out(struct text *text, size_t fill, const char *path)
{
	static const char spare[CSVIN_SLACK];
	struct append append = {0};
	struct csvin_batch batch = {.nrecords = NRECORDS, .crlf = true};
	struct buf want = {0}, got = {0};
	struct out out;
	bool same;

	buf_add(&text->bytes, spare, sizeof(spare));
	batch.base = text->bytes.data;
	batch.end = text->end;
	append_clear(&append);
	append_value(&append, slice_of("s"));
	out_xfile(&out, path);
	for (size_t i = 0; i < fill; i++) {
		out_putc(&out, '.');
		buf_putc(&want, '.');
	}
	append_batch(&append, &batch, &out);
	out_xcommit(&out);
	buf_add_slice(&want, buf_slice(&text->want));
	same = !io_read_file(path, &got) &&
	       slice_equal(buf_slice(&want), buf_slice(&got));
	append_release(&append);
	buf_release(&want);
	buf_release(&got);
	return same;
}

static void
check_lengths(const char *path)
{
	int wrong = 0;

	for (size_t i = 0; i < 80; i++) {
		struct text text = {0};

		add_record(&text, 0, 0, "\n");
		add_record(&text, 1, i, "\r\n");
		add_record(&text, 2, OUT_SIZE - 40 + i, i % 2 ? "\n" : "\r\n");
		add_record(&text, 3, 31 + i % 3, "\n");
		add_record(&text, 4, 0, "\r\n");
		wrong += !comes_out(&text, 0, path);
		buf_release(&text.bytes);
		buf_release(&text.want);
	}
	CHECK(wrong == 0);
}

/* The buffer is almost full before the first of short records. */
static void
check_fill(const char *path)
{
	int wrong = 0;

	for (size_t fill = OUT_SIZE - 150; fill <= OUT_SIZE; fill++) {
		struct text text = {0};

		for (size_t i = 0; i < NRECORDS; i++)
			add_record(&text, i, 7 * i, "\n");
		wrong += !comes_out(&text, fill, path);
		buf_release(&text.bytes);
		buf_release(&text.want);
	}
	CHECK(wrong == 0);
}

/* A value that needs quotes has them; none at all is only the LF. */
static void
check_values(void)
{
	struct append append = {0};

	append_clear(&append);
	CHECK(append.len == 1 && append.suffix.data[0] == '\n');
	append_value(&append, slice_of("a,b"));
	append_value(&append, slice_of(""));
	CHECK(append.len == 8 && !memcmp(append.suffix.data, ",\"a,b\",\n", 8));
	append_release(&append);
}

int
main(void)
{
	char path[] = "/tmp/append.XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	check_lengths(path);
	check_fill(path);
	check_values();
	unlink(path);
	return check_done();
}
