/* SPDX-License-Identifier: ISC */
/*
 * copier - the objects of some places copied to another, by workers
 *
 * Receipts are written as objects are done, failures told on standard error;
 * see workers.h for what goes on after one.
 */
#ifndef COPIER_H
#define COPIER_H

#include <stddef.h>

#include "die.h"
#include "io.h"
#include "place.h"

struct copier {
	const struct place *from; /* objects and folders */
	size_t nfrom;
	const struct place *to; /* a folder, unless from is one object */
	const char *tool;       /* name and version, for receipts */
	struct out *out;        /* of receipts; its failure ends the work */
};

/*
 * Copies all. A folder without objects is a failure. What a list passes over,
 * such as symbolic links, is told.
 */
enum status copier_run(const struct copier *copier, int workers);

#endif
