/* SPDX-License-Identifier: ISC */
/*
 * schema_field - one field of a schema, out of JSON
 *
 * What schema_read() is made of; for the schema modules only. All functions
 * that return an int return 0, or -1 with a reason appended to reason.
 */
#ifndef SCHEMA_FIELD_H
#define SCHEMA_FIELD_H

#include "json.h"
#include "schema.h"

/*
 * Reads a field of a Frictionless Table Schema into a zeroed struct.
 * schema_field_release() frees it, also after an error.
 */
int schema_field_read(
    struct schema_field *field, struct json *json, struct buf *reason);

/* The same for an entry of a BigQuery schema: name, type, mode, ... */
int schema_field_read_bigquery(
    struct schema_field *field, struct json *json, struct buf *reason);

void schema_field_release(struct schema_field *field);

/* Reads the "constraints" of a field whose type is known. */
int schema_constraints_read(
    struct schema_field *field, struct json *object, struct buf *reason);

/* Appends "KEY: WHAT" to reason; returns -1. */
int schema_refuse(struct buf *reason, const char *key, const char *what);

/* Reads a member that is a string; the caller frees. NULL if there is none. */
int schema_text_read(
    char **to, struct json *object, const char *key, struct buf *reason);

/* The text of a string, number or boolean, or NULL; the caller frees. */
char *schema_scalar_text(const struct json *value);

/* Appends the texts of a member: an array of scalars, or a scalar alone. */
int schema_texts_read(struct schema_texts *texts, struct json *object,
    const char *key, struct buf *reason);

void schema_texts_add(struct schema_texts *texts, const char *text);
void schema_texts_release(struct schema_texts *texts);

#endif
