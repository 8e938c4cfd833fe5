/* SPDX-License-Identifier: ISC */
/*
 * parts - two outputs that belong together
 *
 * The first is standard output or a file, the rest a file or nowhere. Files
 * appear under their names when both are on the disk, one right after the
 * other, so that it takes a crash just then to leave only one.
 */
#ifndef PARTS_H
#define PARTS_H

#include "io.h"

struct parts {
	const char *output, *rest_path; /* or NULL; borrowed */
	struct out first, rest;
};

/*
 * Opens what output and rest_path say; inputs are as for csvin_new(). Dies
 * with "PATH: reason" if one cannot be opened, or is the other or an input.
 */
void parts_xopen(struct parts *parts, char *const *inputs, int ninputs);

/* The output of the rest, or NULL. */
struct out *parts_rest(struct parts *parts);

/*
 * Publishes both, or neither. Returns STATUS_DONE, or STATUS_TROUBLE after a
 * message.
 */
enum status parts_finish(struct parts *parts);

#endif
