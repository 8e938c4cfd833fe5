/* SPDX-License-Identifier: ISC */
#include "json_out.h"

#include <inttypes.h>
#include <math.h>

#include "num.h"
#include "utf8.h"

static void
new_line(struct json_out *out)
{
	buf_printf(out->buf, "\n%*s", 2 * out->depth, "");
}

/* What must stand between the last value and the next one. */
static void
separate(struct json_out *out)
{
	if (out->keyed) {
		out->keyed = false;
		return;
	}
	if (out->more)
		buf_putc(out->buf, ',');
	if (out->depth > 0 && out->depth <= out->lines)
		new_line(out);
	else if (out->more)
		buf_putc(out->buf, ' ');
}

void
json_open(struct json_out *out, char bracket)
{
	separate(out);
	buf_putc(out->buf, bracket);
	out->depth++;
	out->more = false;
}

void
json_close(struct json_out *out, char bracket)
{
	out->depth--;
	if (out->depth < out->lines && out->more)
		new_line(out);
	buf_putc(out->buf, bracket);
	out->more = true;
	if (out->depth == 0)
		buf_putc(out->buf, '\n');
}

static void
put_escaped(struct buf *buf, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte == '"' || byte == '\\')
			buf_printf(buf, "\\%c", byte);
		else if (byte < ' ')
			buf_printf(buf, "\\u%04x", byte);
		else
			buf_putc(buf, (char)byte);
	}
}

static void
put_quoted(struct buf *buf, struct slice value)
{
	buf_putc(buf, '"');
	while (value.len) {
		struct slice good = {value.data, utf8_prefix(value)};
		size_t used = good.len;

		put_escaped(buf, good);
		if (used < value.len) {
			buf_puts(buf, "\xef\xbf\xbd");
			used++;
		}
		value.data += used;
		value.len -= used;
	}
	buf_putc(buf, '"');
}

void
json_key(struct json_out *out, const char *key)
{
	separate(out);
	put_quoted(out->buf, slice_of(key));
	buf_puts(out->buf, ": ");
	out->keyed = true;
}

void
json_put_string(struct json_out *out, struct slice value)
{
	separate(out);
	put_quoted(out->buf, value);
	out->more = true;
}

void
json_put_int(struct json_out *out, int64_t value)
{
	separate(out);
	buf_printf(out->buf, "%" PRId64, value);
	out->more = true;
}

void
json_put_number(struct json_out *out, double value)
{
	char text[NUM_SIZE];

	if (!isfinite(value)) {
		json_put_null(out);
		return;
	}
	num_format(value, text);
	separate(out);
	buf_puts(out->buf, text);
	out->more = true;
}

void
json_put_bool(struct json_out *out, bool value)
{
	separate(out);
	buf_puts(out->buf, value ? "true" : "false");
	out->more = true;
}

void
json_put_json(struct json_out *out, struct slice json)
{
	separate(out);
	buf_add_slice(out->buf, json);
	out->more = true;
}

void
json_put_null(struct json_out *out)
{
	separate(out);
	buf_puts(out->buf, "null");
	out->more = true;
}

void
json_pair_text(struct json_out *out, const char *key, const char *value)
{
	json_key(out, key);
	if (value)
		json_put_string(out, slice_of(value));
	else
		json_put_null(out);
}

void
json_pair_int(struct json_out *out, const char *key, int64_t value)
{
	json_key(out, key);
	json_put_int(out, value);
}

void
json_pair_number(struct json_out *out, const char *key, double value)
{
	json_key(out, key);
	json_put_number(out, value);
}

void
json_pair_bool(struct json_out *out, const char *key, bool value)
{
	json_key(out, key);
	json_put_bool(out, value);
}
