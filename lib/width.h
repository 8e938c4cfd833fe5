/* SPDX-License-Identifier: ISC */
/*
 * width - how many columns of a terminal a character takes
 *
 * wcwidth(3) knows that only after setlocale(3), which we never call. The
 * tables follow Unicode 14: Standard Annex #11, East Asian Width, where
 * ambiguous characters are narrow, and the general categories. Characters are
 * taken one by one: a sequence that a terminal draws as one emoji counts as
 * its parts.
 */
#ifndef WIDTH_H
#define WIDTH_H

#include <stdint.h>

/*
 * The columns of a code point: 0 of a mark or joiner, 1, or 2; -1 if it must
 * not reach a terminal: C0 and C1 controls, line and paragraph separators, and
 * what changes the direction of text.
 */
int width_char(uint32_t code);

#endif
