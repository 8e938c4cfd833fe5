/* SPDX-License-Identifier: ISC */
#include "ldl.h"

#include <stdlib.h>

size_t
ldl_at(size_t i, size_t j)
{
	return i * (i + 1) / 2 + j;
}

/* sum -= a * b */
static void
subtract_product(struct bigfloat *sum, const struct bigfloat *a,
    const struct bigfloat *b, struct bigfloat *work)
{
	bigfloat_mul(work, a, b);
	bigfloat_sub(sum, sum, work);
}

/* u[i][j] = a[i][j] - the sum over k < j of u[i][k] l[j][k] */
static void
reduce(struct ldl *ldl, const struct bigfloat *a, size_t i, size_t j,
    struct bigfloat *work)
{
	struct bigfloat *u = &ldl->u[ldl_at(i, j)];

	bigfloat_set(u, &a[ldl_at(i, j)]);
	for (size_t k = 0; k < j; k++)
		subtract_product(
		    u, &ldl->u[ldl_at(i, k)], &ldl->l[ldl_at(j, k)], work);
}

bool
ldl_factor(struct ldl *ldl, const struct bigfloat *a, size_t n)
{
	size_t size = a->size;
	struct bigfloat *work = bigfloat_new(1, size);
	bool good = true;

	*ldl = (struct ldl){.n = n};
	ldl->l = bigfloat_new(ldl_at(n, 0), size);
	ldl->u = bigfloat_new(ldl_at(n, 0), size);
	ldl->d = bigfloat_new(n, size);
	ldl->e = bigfloat_new(n, size);
	for (size_t j = 0; j < n && good; j++) {
		reduce(ldl, a, j, j, work);
		bigfloat_set(&ldl->d[j], &ldl->u[ldl_at(j, j)]);
		if (j + 1 == n)
			break;
		good = ldl->d[j].sign > 0;
		if (good)
			bigfloat_inverse(&ldl->e[j], &ldl->d[j]);
		for (size_t i = j + 1; i < n && good; i++) {
			reduce(ldl, a, i, j, work);
			bigfloat_mul(&ldl->l[ldl_at(i, j)],
			    &ldl->u[ldl_at(i, j)], &ldl->e[j]);
		}
	}
	free(work);
	return good;
}

void
ldl_release(struct ldl *ldl)
{
	free(ldl->l);
	free(ldl->u);
	free(ldl->d);
	free(ldl->e);
	free(ldl->m);
	*ldl = (struct ldl){0};
}

void
ldl_solve(const struct ldl *ldl, struct bigfloat *b)
{
	size_t p = ldl->n - 1;
	struct bigfloat *work = bigfloat_new(1, ldl->d->size);

	for (size_t i = p; i-- > 0;) {
		bigfloat_set(&b[i], &ldl->l[ldl_at(p, i)]);
		for (size_t k = i + 1; k < p; k++)
			subtract_product(
			    &b[i], &ldl->l[ldl_at(k, i)], &b[k], work);
	}
	free(work);
}

void
ldl_invert(struct ldl *ldl)
{
	size_t p = ldl->n - 1, size = ldl->d->size;
	struct bigfloat *work = bigfloat_new(1, size);

	ldl->m = bigfloat_new(ldl_at(p, 0), size);
	for (size_t j = 0; j < p; j++) {
		bigfloat_set_int(&ldl->m[ldl_at(j, j)], 1);
		for (size_t i = j + 1; i < p; i++) {
			struct bigfloat *m = &ldl->m[ldl_at(i, j)];

			for (size_t k = j; k < i; k++)
				subtract_product(m, &ldl->l[ldl_at(i, k)],
				    &ldl->m[ldl_at(k, j)], work);
		}
	}
	free(work);
}

void
ldl_inverse(const struct ldl *ldl, size_t i, size_t j, struct bigfloat *r)
{
	size_t p = ldl->n - 1, size = ldl->d->size;
	struct bigfloat *work = bigfloat_new(2, size);

	for (size_t k = i > j ? i : j; k < p; k++) {
		bigfloat_mul(
		    &work[0], &ldl->m[ldl_at(k, i)], &ldl->m[ldl_at(k, j)]);
		bigfloat_mul(&work[0], &work[0], &ldl->e[k]);
		bigfloat_add(&work[1], &work[1], &work[0]);
	}
	bigfloat_set(r, &work[1]);
	free(work);
}
