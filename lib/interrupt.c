/* SPDX-License-Identifier: ISC */
#include "interrupt.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "die.h"

static const int signals[] = {SIGHUP, SIGINT, SIGTERM};

enum { NSIGNALS = sizeof(signals) / sizeof(signals[0]) };

/* A handler has no argument that could name its guard. */
static struct {
	void (*undo)(void *user);
	void *user;
	pthread_t thread;
	sem_t woken;                  /* by a signal, or by the release */
	volatile sig_atomic_t number; /* of the signal, or 0 */
	struct sigaction before[NSIGNALS];
} guard;

static void
handle(int number)
{
	int error = errno;

	guard.number = number;
	sem_post(&guard.woken);
	errno = error;
}

static void *
watch(void *unused)
{
	(void)unused;
	while (sem_wait(&guard.woken) && errno == EINTR)
		continue;
	if (!guard.number)
		return NULL;
	guard.undo(guard.user);
	signal(guard.number, SIG_DFL);
	kill(getpid(), guard.number);
	return NULL;
}

void
interrupt_guard(void (*undo)(void *user), void *user)
{
	struct sigaction action = {
	    .sa_handler = handle, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
	int error;

	guard.undo = undo;
	guard.user = user;
	guard.number = 0;
	sem_init(&guard.woken, 0, 0);
	error = pthread_create(&guard.thread, NULL, watch, NULL);
	if (error)
		die(STATUS_TROUBLE, "a thread: %s", strerror(error));
	sigemptyset(&action.sa_mask);
	for (int i = 0; i < NSIGNALS; i++) {
		sigaction(signals[i], NULL, &guard.before[i]);
		if (guard.before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

void
interrupt_release(void)
{
	for (int i = 0; i < NSIGNALS; i++)
		sigaction(signals[i], &guard.before[i], NULL);
	sem_post(&guard.woken);
	pthread_join(guard.thread, NULL);
	sem_destroy(&guard.woken);
}
