/* SPDX-License-Identifier: ISC */
#include "workers.h"
#include "check.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io.h"

/* Tasks 0 to count - 1; each letter of fate is what becomes of one. */
struct run {
	const char *fate; /* "." and beyond its end: done */
	int count, given;
	int seen[2000]; /* how often each task was done */
	int answers;
	struct buf said;
};

static bool
next(void *user, struct buf *task)
{
	struct run *run = user;

	if (run->given == run->count)
		return false;
	buf_printf(task, "task %d", run->given);
	buf_putc(task, '\0');
	buf_printf(task, "%d", run->given++);
	return true;
}

static enum status
work(void *user, struct slice task, struct buf *answer)
{
	struct run *run = user;
	size_t name = strlen(task.data) + 1;
	int number = 0;

	for (size_t i = name; i < task.len; i++)
		number = number * 10 + task.data[i] - '0';
	switch ((size_t)number < strlen(run->fate) ? run->fate[number] : '.') {
	case 'x':
		buf_printf(answer, "%s: broken", task.data);
		return STATUS_TROUBLE;
	case 't':
		buf_printf(answer, "%s: busy", task.data);
		return STATUS_TEMPORARY;
	case 'k':
		kill(getpid(), SIGKILL);
		break;
	case 'e':
		_exit(3);
	case 's': /* for long: a signal is to end it */
		kill(getppid(), SIGTERM);
		for (;;)
			pause();
	}
	buf_add(answer, &number, sizeof(number));
	return STATUS_DONE;
}

static void
done(void *user, struct slice answer)
{
	struct run *run = user;
	int number;

	run->answers++;
	if (answer.len == sizeof(number)) {
		memcpy(&number, answer.data, sizeof(number));
		run->seen[number]++;
	}
}

/* Runs the tasks with what the messages are in run->said. */
static enum status
go(struct run *run, int workers)
{
	struct workers plan = {workers, next, work, done, run};
	char path[] = "/tmp/workers-XXXXXX";
	int file = mkstemp(path), before = dup(STDERR_FILENO);
	enum status status;

	fflush(stdout);
	dup2(file, STDERR_FILENO);
	status = workers_run(&plan);
	dup2(before, STDERR_FILENO);
	close(before);
	lseek(file, 0, SEEK_SET);
	io_read_all(file, &run->said);
	close(file);
	unlink(path);
	return status;
}

static bool
each_once(const struct run *run)
{
	for (int i = 0; i < run->count; i++) {
		if (run->seen[i] != 1)
			return false;
	}
	return run->answers == run->count;
}

static bool
nobody_left(void)
{
	return waitpid(-1, NULL, WNOHANG) < 0;
}

static void
check_good(int workers)
{
	struct run run = {.fate = "", .count = 2000};
	struct run none = {.fate = ""};

	CHECK(go(&run, workers) == STATUS_DONE);
	CHECK(each_once(&run) && !run.said.len && nobody_left());
	CHECK(go(&none, workers) == STATUS_DONE && !none.said.len);
}

static void
check_failures(void)
{
	struct run one = {.fate = "..x", .count = 50};
	struct run mixed = {.fate = ".t.x.t", .count = 6};
	struct run busy = {.fate = ".t.", .count = 20};

	CHECK(go(&one, 3) == STATUS_TROUBLE && one.answers == 49);
	CHECK(!strcmp(buf_text(&one.said), "sluice: task 2: broken\n"));
	CHECK(go(&mixed, 3) == STATUS_TROUBLE);
	CHECK(mixed.answers == 3 && mixed.given == 6);
	CHECK(go(&busy, 2) == STATUS_TEMPORARY && busy.answers == 19);
	CHECK(nobody_left());
	buf_release(&one.said);
	buf_release(&mixed.said);
	buf_release(&busy.said);
}

static void
check_hopeless(void)
{
	char fate[201];
	struct run run = {.fate = fate, .count = 200};
	struct run busy = {.fate = "tttt", .count = 200};

	memset(fate, 'x', sizeof(fate));
	fate[200] = '\0';
	CHECK(go(&run, 1) == STATUS_TROUBLE && run.given == 100);
	CHECK(strstr(run.said.data, "sluice: 100 failures in a row: given up"));
	CHECK(go(&busy, 2) == STATUS_TEMPORARY && busy.given <= 3);
	CHECK(strstr(busy.said.data, "2 failures in a row: given up"));
	buf_release(&run.said);
	buf_release(&busy.said);
}

static void
check_deaths(void)
{
	struct run killed = {.fate = "...k", .count = 100};
	struct run left = {.fate = "e", .count = 100};
	struct run all = {.fate = "..k..k", .count = 100};

	CHECK(go(&killed, 3) == STATUS_TEMPORARY && killed.answers == 99);
	CHECK(!strcmp(buf_text(&killed.said),
	    "sluice: task 3: the process at work on it was killed by "
	    "signal 9\n"));
	CHECK(go(&left, 2) == STATUS_TEMPORARY && left.answers == 99);
	CHECK(!strcmp(buf_text(&left.said),
	    "sluice: task 0: the process at work on it ended with exit "
	    "status 3\n"));
	CHECK(go(&all, 2) == STATUS_TEMPORARY && all.answers < 100);
	CHECK(strstr(all.said.data, "no process is left to go on\n") ||
	      strstr(all.said.data, "failures in a row: given up\n"));
	CHECK(nobody_left());
	buf_release(&killed.said);
	buf_release(&left.said);
	buf_release(&all.said);
}

/* A signal ends this process and its workers, which hold a pipe open. */
static void
check_signal(void)
{
	struct run run = {.fate = "...s", .count = 100};
	int ends[2], status;
	pid_t child;
	char byte;

	if (pipe(ends))
		return;
	fflush(stdout);
	child = fork();
	if (!child) {
		close(ends[0]);
		go(&run, 4);
		_exit(STATUS_DONE);
	}
	close(ends[1]);
	CHECK(read(ends[0], &byte, 1) == 0);
	close(ends[0]);
	CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
	      WTERMSIG(status) == SIGTERM);
}

int
main(void)
{
	check_good(1);
	check_good(8);
	check_failures();
	check_hopeless();
	check_deaths();
	check_signal();
	CHECK(workers_worse(STATUS_DONE, STATUS_TEMPORARY) == STATUS_TEMPORARY);
	CHECK(workers_worse(STATUS_TEMPORARY, STATUS_DONE) == STATUS_TEMPORARY);
	CHECK(
	    workers_worse(STATUS_TROUBLE, STATUS_TEMPORARY) == STATUS_TROUBLE);
	CHECK(
	    workers_worse(STATUS_TEMPORARY, STATUS_TROUBLE) == STATUS_TROUBLE);
	return check_done();
}
