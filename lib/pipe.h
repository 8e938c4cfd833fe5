/* SPDX-License-Identifier: ISC */
/*
 * pipe - pipes that hold more
 *
 * Through a pipe of the usual 64 KiB two programs on two processors spend
 * most of their time with waking each other up; 1 MiB makes it four times as
 * fast. Only Linux lets a program ask.
 */
#ifndef PIPE_H
#define PIPE_H

/* Asks for 1 MiB if fd is a pipe; it does not matter if it is refused. */
void pipe_widen(int fd);

#endif
