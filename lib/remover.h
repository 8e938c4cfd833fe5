/* SPDX-License-Identifier: ISC */
/*
 * remover - objects removed by workers
 *
 * Receipts are written as objects are gone, failures told on standard error;
 * see workers.h for what goes on after one. An object that is not there is a
 * failure.
 */
#ifndef REMOVER_H
#define REMOVER_H

#include <stdint.h>

#include "die.h"
#include "io.h"
#include "store.h"

struct remover {
	struct store *store; /* not used before; each worker has a copy */
	int64_t generation;  /* 0: whichever is there */
	char **names;        /* up to NULL; taken off as they are given out */
	const char *tool;    /* name and version, for receipts */
	struct out *out;     /* of receipts; its failure ends the work */
};

enum status remover_run(struct remover *remover, int jobs);

#endif
