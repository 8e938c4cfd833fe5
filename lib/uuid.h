/* SPDX-License-Identifier: ISC */
/*
 * uuid - names that nobody else gives, on no machine
 */
#ifndef UUID_H
#define UUID_H

enum { UUID_SIZE = 37 }; /* with NUL */

/*
 * Writes a random UUID (RFC 9562, version 4) out of /dev/urandom. Dies where
 * there is none.
 */
void uuid_make(char text[UUID_SIZE]);

#endif
