/* SPDX-License-Identifier: ISC */
/*
 * interrupt - something to undo before a signal ends the process
 *
 * For what would be left behind at a service. The undoing runs in a thread of
 * its own, as in a signal handler there is little that may be done; all else
 * goes on meanwhile. A second signal ends the process at once.
 */
#ifndef INTERRUPT_H
#define INTERRUPT_H

/*
 * From now on SIGHUP, SIGINT and SIGTERM, unless they are ignored, run
 * undo(user) and then end the process as they do by themselves. There is one
 * guard at a time.
 */
void interrupt_guard(void (*undo)(void *user), void *user);

/* Signals end the process at once again. Undoing under way is waited for. */
void interrupt_release(void);

#endif
