/* SPDX-License-Identifier: ISC */
/* A value and a schema: refused with a reason, or good, and cast without. */
#include "schema.h"
#include "fuzz.h"

static void
check(const struct schema_field *field, struct slice value)
{
	struct buf note = {0}, cast = {0};
	bool good = !schema_check(field, value, &note);

	PROPERTY(good == (note.len == 0));
	buf_clear(&note);
	if (schema_cast(field, value, &cast, &note))
		PROPERTY(!good && note.len > 0);
	buf_release(&note);
	buf_release(&cast);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	struct slice value = fuzz_cut(&text, '\n');
	struct buf reason = {0};
	struct schema *schema = schema_parse(text, &reason);

	PROPERTY((schema == NULL) == (reason.len > 0));
	for (size_t i = 0; schema && i < schema->nfields; i++) {
		struct slice name = slice_of(schema->fields[i].name);

		PROPERTY(schema_find(schema, name) == (long)i);
		if (!schema_is_missing(schema, value))
			check(&schema->fields[i], value);
	}
	buf_release(&reason);
	schema_free(schema);
	return 0;
}
