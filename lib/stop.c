/* SPDX-License-Identifier: ISC */
#include "stop.h"

#include <signal.h>

#include "http.h"

static const int signals[] = {SIGINT, SIGTERM};
static struct sigaction before[2];
static volatile sig_atomic_t asked; /* to stop */
static volatile sig_atomic_t came;  /* the signal */
static int begun;

static void
note(int signal)
{
	came = signal;
	asked = 1;
}

void
stop_begin(void)
{
	struct sigaction action = {
	    .sa_handler = note, .sa_flags = (int)SA_RESETHAND};

	if (begun)
		return;
	begun = 1;
	sigemptyset(&action.sa_mask);
	http_stop(&asked);
	for (int i = 0; i < 2; i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

void
stop_end(void)
{
	for (int i = 0; begun && i < 2; i++)
		sigaction(signals[i], &before[i], NULL);
	begun = 0;
}

int
stop_taken(void)
{
	asked = 0;
	return came;
}

void
stop_die(void)
{
	if (!came)
		return;
	stop_end();
	signal(came, SIG_DFL);
	raise(came);
}
