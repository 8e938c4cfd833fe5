/* SPDX-License-Identifier: ISC */
/*
 * die - the program's name, its messages and its exit status
 *
 * A message is one line on standard error, "prog: subject: reason", lower
 * case, without a full stop. Control bytes in it are printed as '?', so that
 * data quoted in a message cannot drive the terminal.
 */
#ifndef DIE_H
#define DIE_H

#if defined(__GNUC__)
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define PRINTF_LIKE(fmt, args)
#endif

/* The exit statuses of every tool; see sluice(7). */
enum status {
	STATUS_DONE = 0,       /* done, or there was nothing to do */
	STATUS_NO = 1,         /* it ran, and the verdict is no */
	STATUS_TROUBLE = 2,    /* usage, bad input, failed write, refusal */
	STATUS_TEMPORARY = 75, /* time-out or busy: run the same again */
};

/* Takes the last part of argv[0] as the name in messages; keeps the pointer. */
void die_name(const char *argv0);

/* The name given to die_name, or "sluice" before that. */
const char *die_program(void);

/* Prints "prog: message" on standard error. */
void warning(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Prints "prog: message" on standard error and exits with status. */
_Noreturn void die(enum status status, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
