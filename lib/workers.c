/* SPDX-License-Identifier: ISC */
#include "workers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "num.h"
#include "secret.h"

enum { HOPELESS = 100 }; /* failures in a row */

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};

enum { ENDING = sizeof(ending) / sizeof(ending[0]) };

/* The workers that live, or 0, for the signal handler. */
static volatile pid_t living[WORKERS_MAX];

struct worker {
	int fd;          /* -1: it is dead */
	struct buf task; /* it is at; empty: none */
};

struct crew {
	const struct workers *plan;
	struct worker workers[WORKERS_MAX];
	struct sigaction before[ENDING];
	enum status status;
	int failed, temporary; /* in a row */
	bool stopped;          /* no more tasks are given out */
	char message[WORKERS_MESSAGE];
};

/* Only what a signal handler may call. */
static void
end_workers(int sig)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};

	for (int i = 0; i < WORKERS_MAX; i++) {
		if (living[i])
			kill(living[i], SIGTERM);
	}
	sigaction(sig, &usual, NULL);
	raise(sig);
}

/* Has the signals end the workers; what is ignored stays so. */
static void
catch_signals(struct crew *crew)
{
	struct sigaction catch = {.sa_handler = end_workers};

	for (int i = 0; i < ENDING; i++)
		sigaddset(&catch.sa_mask, ending[i]);
	for (int i = 0; i < ENDING; i++) {
		sigaction(ending[i], NULL, &crew->before[i]);
		if (crew->before[i].sa_handler != SIG_IGN)
			sigaction(ending[i], &catch, NULL);
	}
}

static void
restore_signals(const struct crew *crew)
{
	for (int i = 0; i < ENDING; i++)
		sigaction(ending[i], &crew->before[i], NULL);
}

enum status
workers_worse(enum status a, enum status b)
{
	if (a == STATUS_DONE || b == STATUS_TROUBLE)
		return b;
	return a;
}

/* A worker's life. */
static _Noreturn void
serve(struct crew *crew, int fd)
{
	const struct workers *plan = crew->plan;
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct sigaction usual = {.sa_handler = SIG_DFL};
	struct buf answer = {0};
	ssize_t len;

	/* a terminal sends them to all; the parent decides, by SIGTERM */
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGTERM, &usual, NULL);
	while ((len = recv(fd, crew->message, sizeof(crew->message), 0)) > 0) {
		struct slice task = {crew->message, (size_t)len};
		enum status status;

		buf_clear(&answer);
		buf_putc(&answer, '\0');
		status = plan->work(plan->user, task, &answer);
		answer.data[0] = (char)status;
		if (answer.len > WORKERS_MESSAGE)
			answer.len = WORKERS_MESSAGE;
		if (send(fd, answer.data, answer.len, MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(STATUS_DONE);
}

static void
start(struct crew *crew, int i)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends))
		die(STATUS_TROUBLE, "socketpair: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		die(STATUS_TROUBLE, "fork: %s", strerror(errno));
	if (!pid) {
		/* or the others would not notice the end of this process */
		for (int other = 0; other < i; other++)
			close(crew->workers[other].fd);
		close(ends[0]);
		serve(crew, ends[1]);
	}
	living[i] = pid;
	close(ends[1]);
	crew->workers[i].fd = ends[0];
}

/* Closes what a worker is told by, and waits for its end. */
static void
end(struct crew *crew, int i, struct buf *how)
{
	pid_t pid = living[i];
	int status;

	close(crew->workers[i].fd);
	crew->workers[i].fd = -1;
	living[i] = 0;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) {
			buf_puts(how, "is gone");
			return;
		}
	}
	if (WIFSIGNALED(status))
		buf_printf(how, "was killed by signal %d", WTERMSIG(status));
	else
		buf_printf(
		    how, "ended with exit status %d", WEXITSTATUS(status));
}

static void
fail(struct crew *crew, enum status status, const char *message)
{
	warning("%s", message);
	crew->status = workers_worse(crew->status, status);
	crew->failed++;
	if (status == STATUS_TEMPORARY)
		crew->temporary++;
	if (crew->temporary < crew->plan->count && crew->failed < HOPELESS)
		return;
	if (!crew->stopped)
		warning("%d failures in a row: given up", crew->failed);
	crew->stopped = true;
}

/* A worker is dead, and its task has failed. */
static void
lose(struct crew *crew, int i)
{
	struct worker *worker = &crew->workers[i];
	struct buf how = {0}, message = {0};

	end(crew, i, &how);
	buf_printf(&message, "%s: the process at work on it %s",
	    buf_text(&worker->task), buf_text(&how));
	buf_clear(&worker->task);
	fail(crew, STATUS_TEMPORARY, buf_text(&message));
	buf_release(&message);
	buf_release(&how);
}

/* Gives a worker the next task, if there is one. */
static void
give(struct crew *crew, int i)
{
	struct worker *worker = &crew->workers[i];

	if (!crew->plan->next(crew->plan->user, &worker->task)) {
		crew->stopped = true;
		buf_clear(&worker->task);
	} else if (send(worker->fd, worker->task.data, worker->task.len,
		       MSG_NOSIGNAL) < 0) {
		lose(crew, i);
	}
}

static void
take(struct crew *crew, int i)
{
	struct worker *worker = &crew->workers[i];
	ssize_t len;
	struct slice answer;
	char *text;

	do
		len = recv(worker->fd, crew->message, sizeof(crew->message), 0);
	while (len < 0 && errno == EINTR);
	if (len <= 0) {
		lose(crew, i);
		return;
	}
	buf_clear(&worker->task);
	answer = (struct slice){crew->message + 1, (size_t)len - 1};
	if (crew->message[0] == STATUS_DONE) {
		crew->failed = crew->temporary = 0;
		crew->plan->done(crew->plan->user, answer);
		return;
	}
	text = xslicedup(answer);
	fail(crew, (enum status)crew->message[0], text);
	free(text);
}

/* Waits for the answers of those at work; false if there are none. */
static bool
wait_for_answers(struct crew *crew)
{
	struct pollfd fds[WORKERS_MAX];
	bool busy = false;

	for (int i = 0; i < crew->plan->count; i++) {
		struct worker *worker = &crew->workers[i];

		fds[i].fd = worker->task.len ? worker->fd : -1;
		fds[i].events = POLLIN;
		fds[i].revents = 0;
		busy = busy || fds[i].fd >= 0;
	}
	if (!busy)
		return false;
	poll(fds, (nfds_t)crew->plan->count, -1);
	for (int i = 0; i < crew->plan->count; i++) {
		if (fds[i].revents)
			take(crew, i);
	}
	return true;
}

static void
dismiss(struct crew *crew)
{
	struct buf how = {0};

	for (int i = 0; i < crew->plan->count; i++) {
		if (crew->workers[i].fd >= 0)
			end(crew, i, &how);
		buf_release(&crew->workers[i].task);
	}
	buf_release(&how);
}

enum status
workers_run(const struct workers *workers)
{
	struct crew *crew = xcalloc(1, sizeof(*crew));
	enum status status;

	crew->plan = workers;
	secret_share(); /* who of them warns */
	catch_signals(crew);
	for (int i = 0; i < workers->count; i++)
		start(crew, i);
	do {
		for (int i = 0; i < workers->count; i++) {
			struct worker *worker = &crew->workers[i];

			if (!crew->stopped && worker->fd >= 0 &&
			    !worker->task.len)
				give(crew, i);
		}
	} while (wait_for_answers(crew));
	if (!crew->stopped)
		warning("no process is left to go on");
	dismiss(crew);
	restore_signals(crew);
	status = crew->status;
	free(crew);
	return status;
}

int
workers_option(const char *option, const char *text)
{
	return (int)num_option(option, text, 1, WORKERS_MAX);
}
