/* SPDX-License-Identifier: ISC */
#include "design.h"

#include <stdlib.h>
#include <string.h>

#include "num.h"

/* Adds the argument of an option that may be given several times. */
static void
add_once(struct cols *cols, const char *option, const char *arg)
{
	if (!*arg || cols_find(cols, slice_of(arg)) >= 0)
		die(STATUS_TROUBLE, "%s: '%s': %s", option, arg,
		    *arg ? "given twice" : "no name");
	cols_add(cols, slice_of(arg));
}

bool
design_option(struct design *design, int letter, char *arg)
{
	switch (letter) {
	case 'C':
		add_once(&design->cats, "-C", arg);
		return true;
	case 'c':
		add_once(&design->crosses, "-c", arg);
		return true;
	case 'p':
		add_once(&design->polys, "-p", arg);
		return true;
	case 'w':
		design->weight = arg;
		return true;
	case 'x':
		cols_release(&design->x);
		design->all = !strcmp(arg, "all");
		if (!design->all)
			cols_option(&design->x, "-x", arg);
		return true;
	case 'y':
		design->target = arg;
		return true;
	}
	return false;
}

static bool
is(const char *name, struct slice text)
{
	return name && slice_equal(slice_of(name), text);
}

/* True for a column that "-x all" takes. */
static bool
is_number(const struct design *design, struct slice name, const char *skip)
{
	return !is(design->target, name) && !is(design->weight, name) &&
	       !is(skip, name) && cols_find(&design->cats, name) < 0;
}

/* Adds a column, unless it is there. */
static void
add_column(struct design *design, struct slice name)
{
	/* at 0 is the constant; a column of that name is refused later */
	if (cols_find(&design->terms, name) <= 0 && !is(design->target, name))
		cols_add(&design->terms, name);
}

/* Splits "A*B" or "COL:DEG". */
static int
split(const char *text, const char *at, struct slice *left, struct slice *right,
    struct buf *error)
{
	if (!at || at == text || !at[1]) {
		buf_printf(error, "'%s' is not A*B or COL:DEG", text);
		return -1;
	}
	*left = (struct slice){text, (size_t)(at - text)};
	*right = slice_of(at + 1);
	return 0;
}

static int
split_poly(const char *text, struct slice *name, struct slice *degree,
    struct buf *error)
{
	return split(text, strrchr(text, ':'), name, degree, error);
}

static int
split_cross(
    const char *text, struct slice *a, struct slice *b, struct buf *error)
{
	if (split(text, strchr(text, '*'), a, b, error))
		return -1;
	if (!slice_equal(*a, *b))
		return 0;
	buf_printf(error, "'%s': a power; see -p", text);
	return -1;
}

/* Adds the columns that -p and -c name. */
static int
add_named(struct design *design, struct buf *error)
{
	for (size_t i = 0; i < design->polys.count; i++) {
		struct slice name, degree;

		if (split_poly(design->polys.names[i], &name, &degree, error))
			return -1;
		add_column(design, name);
	}
	for (size_t i = 0; i < design->crosses.count; i++) {
		struct slice a, b;

		if (split_cross(design->crosses.names[i], &a, &b, error))
			return -1;
		if (cols_find(&design->cats, a) < 0)
			add_column(design, a);
		if (cols_find(&design->cats, b) < 0)
			add_column(design, b);
	}
	return 0;
}

/* Columns: those of -x, those that -p and -c name, then the target. */
static int
make_columns(struct design *design, const struct cols *header, const char *skip,
    struct buf *error)
{
	const struct cols *x = design->all && header ? header : &design->x;

	cols_add(&design->terms, slice_of("1"));
	for (size_t i = 0; i < x->count; i++) {
		struct slice name = slice_of(x->names[i]);

		if (!design->all || is_number(design, name, skip))
			add_column(design, name);
	}
	if (add_named(design, error))
		return -1;
	if (design->target)
		cols_add(&design->terms, slice_of(design->target));
	design->columns = design->terms.count;
	return 0;
}

static void
add_product(struct design *design, const char *name, size_t left, size_t right)
{
	cols_add(&design->terms, slice_of(name));
	design->products = xgrow(design->products, design->nproducts,
	    &design->products_cap, sizeof(*design->products));
	design->products[design->nproducts++] =
	    (struct design_product){left, right};
}

static int
make_powers(struct design *design, const char *poly, struct buf *error)
{
	struct slice name, text;
	size_t column, last;
	int64_t degree;

	split_poly(poly, &name, &text, error);
	if (num_int64(text, &degree) || degree < 2 || degree > DESIGN_DEGREE) {
		buf_printf(
		    error, "'%s': a degree is 2 to %d", poly, DESIGN_DEGREE);
		return -1;
	}
	column = last = (size_t)cols_find(&design->terms, name);
	for (int64_t i = 2; i <= degree; i++) {
		struct buf power = {0};

		buf_printf(
		    &power, "%s^%d", design->terms.names[column], (int)i);
		add_product(design, buf_text(&power), last, column);
		last = design->terms.count - 1;
		buf_release(&power);
	}
	return 0;
}

static void
add_kind(struct design *design, size_t number, size_t category)
{
	design->kinds = xgrow(design->kinds, design->nkinds, &design->kinds_cap,
	    sizeof(*design->kinds));
	design->kinds[design->nkinds++] =
	    (struct design_kind){number, category};
}

static size_t
add_category(struct design *design, char *name, size_t left, size_t right)
{
	design->categories = xgrow(design->categories, design->ncategories,
	    &design->categories_cap, sizeof(*design->categories));
	design->categories[design->ncategories] =
	    (struct design_category){name, left, right};
	return design->ncategories++;
}

static void
make_cross(struct design *design, const char *cross, struct buf *error)
{
	struct slice a, b;
	long left, right;

	split_cross(cross, &a, &b, error);
	left = cols_find(&design->cats, a);
	right = cols_find(&design->cats, b);
	if (left >= 0 && right >= 0)
		add_kind(design, 0,
		    add_category(design, NULL, (size_t)left, (size_t)right));
	else if (left >= 0)
		add_kind(
		    design, (size_t)cols_find(&design->terms, b), (size_t)left);
	else if (right >= 0)
		add_kind(design, (size_t)cols_find(&design->terms, a),
		    (size_t)right);
	else
		add_product(design, cross, (size_t)cols_find(&design->terms, a),
		    (size_t)cols_find(&design->terms, b));
}

/* Names that would be taken for something else in a state or a model. */
static int
check_name(const struct design *design, const char *name, struct buf *error)
{
	bool generated =
	    design->polys.count + design->crosses.count + design->cats.count;

	if (!strcmp(name, "1"))
		buf_puts(error, "column '1': the intercept has this name");
	else if (!*name || *name == ':' || strchr(name, '='))
		buf_printf(error,
		    "column '%s': a name is not empty, begins with no ':' and "
		    "holds no '='",
		    name);
	else if (generated && strpbrk(name, "^*"))
		buf_printf(error,
		    "column '%s': with -C, -c or -p a name holds no '^' and "
		    "no '*'",
		    name);
	return error->len ? -1 : 0;
}

static int
check_names(const struct design *design, struct buf *error)
{
	const struct cols *terms = &design->terms, *cats = &design->cats;
	int result = 0;

	for (size_t i = 0; i < design->x.count && !result; i++)
		result = check_name(design, design->x.names[i], error);
	for (size_t i = 1; i < design->columns && !result; i++)
		result = check_name(design, terms->names[i], error);
	for (size_t i = 0; i < cats->count && !result; i++)
		result = check_name(design, cats->names[i], error);
	return result;
}

/* A category that is a number or the weight too, or NULL. */
static const char *
find_twin(const struct design *design)
{
	for (size_t i = 0; i < design->cats.count; i++) {
		struct slice cat = slice_of(design->cats.names[i]);

		if (cols_find(&design->terms, cat) >= 0 ||
		    is(design->weight, cat))
			return cat.data;
	}
	return NULL;
}

/* A column is one thing: a number, a category, the target or the weight. */
static int
check_roles(const struct design *design, struct buf *error)
{
	const char *target = design->target, *weight = design->weight;
	const char *twice = find_twin(design);

	if (target && cols_find(&design->x, slice_of(target)) >= 0)
		twice = target;
	if (weight && cols_find(&design->terms, slice_of(weight)) >= 0)
		twice = weight;
	if (twice)
		buf_printf(error, "column '%s' has two parts", twice);
	else if (design->columns + design->cats.count < 2)
		buf_puts(error, "no columns");
	return error->len ? -1 : 0;
}

int
design_make(struct design *design, const struct cols *header, const char *skip,
    struct buf *error)
{
	if (design->all && !header) {
		buf_puts(error, "-x all: there is no header to choose from");
		return -1;
	}
	if (make_columns(design, header, skip, error) ||
	    check_names(design, error) || check_roles(design, error))
		return -1;
	for (size_t i = 0; i < design->cats.count; i++)
		add_kind(design, 0,
		    add_category(design, xstrdup(design->cats.names[i]), 0, 0));
	for (size_t i = 0; i < design->polys.count; i++) {
		if (make_powers(design, design->polys.names[i], error))
			return -1;
	}
	for (size_t i = 0; i < design->crosses.count; i++)
		make_cross(design, design->crosses.names[i], error);
	return 0;
}

void
design_prefix(const struct design *design, const struct design_kind *kind,
    struct buf *name)
{
	size_t category = kind->category;

	if (kind->number)
		buf_printf(name, "%s*", design->terms.names[kind->number]);
	if (!design->categories[category].name)
		category = design->categories[category].left;
	buf_printf(name, "%s=", design->categories[category].name);
}

void
design_release(struct design *design)
{
	for (size_t i = 0; i < design->ncategories; i++)
		free(design->categories[i].name);
	cols_release(&design->x);
	cols_release(&design->cats);
	cols_release(&design->polys);
	cols_release(&design->crosses);
	cols_release(&design->terms);
	free(design->products);
	free(design->categories);
	free(design->kinds);
	*design = (struct design){0};
}
