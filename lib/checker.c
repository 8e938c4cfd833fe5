/* SPDX-License-Identifier: ISC */
#include "checker.h"

#include <stdlib.h>

#include "column.h"

/* A row constraint: less, that a is less than b, or that it is not. */
struct comparison {
	const struct known *a, *b;
	bool less;
};

struct checker {
	struct column *columns;
	size_t ncolumns;
	struct known *known; /* of each field */
	struct checker_values values;
	bool quick;   /* numbers may be taken as bytes */
	bool aligned; /* all to be compared are bytes, of one scale each */
	struct comparison *comparisons;
	size_t ncomparisons;
	const struct schema_constraint **texts; /* to be compared as such */
	size_t ntexts;
	struct buf note; /* of no use here */
};

/* The column of a field, or NULL. */
static struct column *
column_of(
    const struct checker *checker, const struct schema *schema, long field)
{
	for (size_t i = 0; field >= 0 && i < checker->ncolumns; i++) {
		if (checker->columns[i].field == &schema->fields[field])
			return &checker->columns[i];
	}
	return NULL;
}

static enum schema_operator
turned(enum schema_operator relation)
{
	switch (relation) {
	case SCHEMA_LT:
		return SCHEMA_GT;
	case SCHEMA_LE:
		return SCHEMA_GE;
	case SCHEMA_GE:
		return SCHEMA_LE;
	case SCHEMA_GT:
		return SCHEMA_LT;
	default:
		return relation;
	}
}

static void
add_comparison(struct checker *checker, const struct column *a,
    const struct column *b, bool less)
{
	checker->comparisons[checker->ncomparisons++] =
	    (struct comparison){a->known, b->known, less};
}

/* Compares two columns; false if they are not known, or by != . */
static bool
compile_columns(struct checker *checker, struct column *left,
    struct column *right, enum schema_operator relation)
{
	bool known =
	    left->kind == right->kind &&
	    (left->kind == COLUMN_NUMBER || left->kind == COLUMN_MOMENT);

	if (!known || relation == SCHEMA_NE)
		return false;
	left->compared = right->compared = true;
	if (relation == SCHEMA_LT || relation == SCHEMA_GE)
		add_comparison(checker, left, right, relation == SCHEMA_LT);
	else
		add_comparison(checker, right, left, relation == SCHEMA_GT);
	if (relation == SCHEMA_EQ)
		add_comparison(checker, left, right, false);
	return true;
}

/* Compares what is known; false if that cannot be done with these sides. */
static bool
compile_sides(struct checker *checker, struct column *left,
    struct column *right, const struct schema_constraint *at)
{
	if (left && right)
		return compile_columns(checker, left, right, at->relation);
	if (left)
		return column_compare(left, at->relation, at->right_literal);
	return right &&
	       column_compare(right, turned(at->relation), at->left_literal);
}

/* Has a constraint checked in the quickest way there is. */
static void
compile_constraint(struct checker *checker, const struct schema *schema,
    const struct schema_constraint *at)
{
	struct column *left = column_of(checker, schema, at->left);
	struct column *right = column_of(checker, schema, at->right);

	/* a constraint over a missing value holds */
	if ((at->left >= 0 && !left) || (at->right >= 0 && !right))
		return;
	if (at->order != SCHEMA_BY_TEXT &&
	    compile_sides(checker, left, right, at))
		return;
	checker->texts[checker->ntexts++] = at;
	if (left)
		column_want(left);
	if (right)
		column_want(right);
}

struct checker *
checker_new(const struct schema *schema, struct csvin *in, const long *field_of,
    size_t ncolumns, struct checker_values values)
{
	struct checker *checker = xcalloc(1, sizeof(*checker));
	size_t most = schema->nconstraints + 1;

	checker->values = values;
	checker->quick = schema_lacks_empty(schema);
	checker->ncolumns = ncolumns;
	checker->columns = xcalloc(ncolumns, sizeof(*checker->columns));
	checker->known = xcalloc(schema->nfields, sizeof(*checker->known));
	checker->comparisons = xcalloc(2 * most, sizeof(*checker->comparisons));
	checker->texts = xcalloc(most, sizeof(*checker->texts));
	for (size_t i = 0; i < ncolumns; i++) {
		struct column *column = &checker->columns[i];
		long at = field_of[i];

		if (at < 0)
			continue;
		column_init(column, schema, &schema->fields[at], in);
		column->known = &checker->known[at];
		column->value = &values.values[at];
		column->missing = &values.missing[at];
		column->aligned = &checker->aligned;
		if (values.wanted[at])
			column_want(column);
	}
	for (size_t i = 0; i < schema->nconstraints; i++)
		compile_constraint(checker, schema, &schema->constraints[i]);
	for (size_t i = 0; i < ncolumns; i++)
		column_ready(&checker->columns[i]);
	return checker;
}

void
checker_free(struct checker *checker)
{
	if (!checker)
		return;
	for (size_t i = 0; i < checker->ncolumns; i++)
		column_release(&checker->columns[i]);
	free(checker->columns);
	free(checker->known);
	free(checker->comparisons);
	free(checker->texts);
	buf_release(&checker->note);
	free(checker);
}

static struct decimal_small
small_of(const struct known *known)
{
	return known->form == KNOWN_SMALL
		   ? known->small
		   : decimal_bytes_small(known->bytes, known->form);
}

/* Compares what is in different forms; what is only text, it does not know. */
static bool
holds_small(const struct comparison *at)
{
	if (at->a->form == KNOWN_MISSING || at->b->form == KNOWN_MISSING)
		return true;
	if (at->a->form == KNOWN_TEXT || at->b->form == KNOWN_TEXT)
		return false;
	return (decimal_small_order(small_of(at->a), small_of(at->b)) < 0) ==
	       at->less;
}

/* True if both sides are bytes of one scale. */
static bool
is_aligned(const struct comparison *at)
{
	return at->a->form == at->b->form && at->a->form < KNOWN_SMALL;
}

static inline bool
holds(const struct comparison *at)
{
	return decimal_bytes_less(at->a->bytes, at->b->bytes) == at->less;
}

/* Compares whatever the forms are; if all are aligned, the next ones may be. */
static bool
compare_irregular(struct checker *checker)
{
	const struct comparison *at = checker->comparisons;
	const struct comparison *end = at + checker->ncomparisons;
	bool all = true;

	for (; at < end; at++) {
		bool aligned = is_aligned(at);

		all = all && aligned;
		if (!(aligned ? holds(at) : holds_small(at)))
			return false;
	}
	checker->aligned = all;
	return true;
}

static bool
compare_aligned(const struct checker *checker)
{
	const struct comparison *at = checker->comparisons;
	const struct comparison *end = at + checker->ncomparisons;

	for (; at < end; at++) {
		if (!holds(at))
			return false;
	}
	return true;
}

static bool
compare_texts(struct checker *checker)
{
	for (size_t i = 0; i < checker->ntexts; i++) {
		if (!schema_check_row(checker->texts[i], checker->values.values,
			checker->values.missing, &checker->note)) {
			buf_clear(&checker->note);
			return false;
		}
	}
	return true;
}

static bool
compare_all(struct checker *checker)
{
	bool good = checker->aligned ? compare_aligned(checker)
				     : compare_irregular(checker);

	return good && (checker->ntexts == 0 || compare_texts(checker));
}

static bool
check_column(struct column *column, struct slice raw)
{
	return column->kind == COLUMN_ANY || column_check(column, raw);
}

bool
checker_fits_field(struct checker *checker, size_t column, struct slice raw)
{
	return check_column(&checker->columns[column], raw);
}

void
checker_leave_out(struct checker *checker, size_t column)
{
	checker->columns[column].known->form = KNOWN_MISSING;
	checker->aligned = false;
}

bool
checker_fits_row(struct checker *checker)
{
	return compare_all(checker);
}

static bool
check_quickly(struct checker *checker, const struct checker_record *record)
{
	const char *base = record->base, *at = base + record->start;
	const uint32_t *behind = record->end;
	struct column *column = checker->columns;
	struct column *last = column + checker->ncolumns;

	for (; column < last; column++, behind++) {
		const char *end = base + *behind;
		struct slice raw = {at, (size_t)(end - at)};

		if (!(column->kind == COLUMN_NUMBER
			    ? column_check_number(column, raw)
			    : check_column(column, raw)))
			return false;
		at = end + 1;
	}
	return true;
}

static bool
check_slowly(struct checker *checker, const struct checker_record *record)
{
	const char *at = record->base + record->start;

	for (size_t i = 0; i < checker->ncolumns; i++) {
		const char *end = record->base + record->end[i];
		struct slice raw = {at, (size_t)(end - at)};

		if (!check_column(&checker->columns[i], raw))
			return false;
		at = end + 1;
	}
	return true;
}

bool
checker_fits(struct checker *checker, const struct checker_record *record)
{
	bool quick = checker->quick && record->start >= DECIMAL_BYTES;

	return (quick ? check_quickly(checker, record)
		      : check_slowly(checker, record)) &&
	       compare_all(checker);
}
