/* SPDX-License-Identifier: ISC */
/*
 * run INPUT COMMAND [ARG...] - what one run of a command costs
 *
 * The command reads the file on standard input and writes to /dev/null. Prints
 * "SECONDS CPU-SECONDS KIB STATUS": the time from fork to exit, user and system
 * time, peak memory. It is a program of its own because a child's peak memory
 * begins with what its parent had at fork: it has to be small.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "die.h"

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static _Noreturn void
run(const char *input, char **command)
{
	int in = open(input, O_RDONLY), out = open("/dev/null", O_WRONLY);

	if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0)
		_exit(126);
	close(in);
	close(out);
	execvp(command[0], command);
	_exit(127);
}

static double
seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	struct rusage used;
	double began = now(), took;
	int status;
	pid_t pid;

	die_name(argv[0]);
	if (argc < 3)
		die(STATUS_TROUBLE, "usage: run INPUT COMMAND [ARG...]");
	pid = fork();
	if (pid == 0)
		run(argv[1], argv + 2);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die(STATUS_TROUBLE, "cannot run %s", argv[2]);
	took = now() - began;
	getrusage(RUSAGE_CHILDREN, &used);
	printf("%.6f %.6f %ld %d\n", took,
	    seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss,
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	return 0;
}
