/* SPDX-License-Identifier: ISC */
/*
 * hook - what only tests choose
 *
 * In a build with -DSLUICE_TEST, sizes and names that are otherwise fixed come
 * from the environment. All other builds ignore it.
 */
#ifndef HOOK_H
#define HOOK_H

#include <stddef.h>

/* The number in the variable, or the usual one if it is not a number over 0. */
size_t hook_size(const char *variable, size_t usual);

/* The text in the variable, or NULL. */
const char *hook_text(const char *variable);

#endif
