/* SPDX-License-Identifier: ISC */
#include "producer.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io.h"

extern char **environ;

/* posix_spawnp() with out as the standard output: 0 or an errno. */
static int
spawn(struct producer *producer, char **argv, int out)
{
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		return error;
	error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (!error)
		error = posix_spawnp(
		    &producer->pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

void
producer_start(struct producer *producer, int argc, char **argv)
{
	int ends[2], error;

	*producer = (struct producer){.name = io_name("-"), .fd = STDIN_FILENO};
	if (!argc)
		return;
	producer->name = argv[0];
	/* the command must not hold an end that it does not use */
	if (pipe(ends) || fcntl(ends[0], F_SETFD, FD_CLOEXEC) ||
	    fcntl(ends[1], F_SETFD, FD_CLOEXEC))
		die(STATUS_TROUBLE, "%s: %s", argv[0], strerror(errno));
	error = spawn(producer, argv, ends[1]);
	if (error)
		die(STATUS_TROUBLE, "%s: %s", argv[0], strerror(error));
	close(ends[1]);
	producer->fd = ends[0];
}

enum status
producer_wait(struct producer *producer, struct buf *reason)
{
	int status;

	if (!producer->pid)
		return STATUS_DONE;
	close(producer->fd);
	while (waitpid(producer->pid, &status, 0) < 0) {
		if (errno == EINTR)
			continue;
		buf_printf(reason, "%s: %s", producer->name, strerror(errno));
		return STATUS_TROUBLE;
	}
	if (WIFSIGNALED(status)) {
		buf_printf(reason, "%s: killed by signal %d", producer->name,
		    WTERMSIG(status));
		return STATUS_TROUBLE;
	}
	if (!WEXITSTATUS(status))
		return STATUS_DONE;
	buf_printf(
	    reason, "%s: exit status %d", producer->name, WEXITSTATUS(status));
	return WEXITSTATUS(status) == STATUS_TEMPORARY ? STATUS_TEMPORARY
						       : STATUS_TROUBLE;
}

void
producer_finish(struct producer *producer)
{
	struct buf reason = {0};
	enum status status = producer_wait(producer, &reason);

	if (status != STATUS_DONE)
		die(status, "%s", buf_text(&reason));
}
