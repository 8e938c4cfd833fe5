/* SPDX-License-Identifier: ISC */
/*
 * io - descriptors read and written whole, checked output, files by rename
 *
 * EINTR, EAGAIN and short counts are dealt with here and nowhere else.
 */
#ifndef IO_H
#define IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "buf.h"

/*
 * Fills closed standard descriptors with ones on which the wrong way of use
 * fails, so that no file of ours is opened as standard input or output.
 */
void io_guard_standard(void);

/* The name of an input in messages: "standard input" for "-". */
const char *io_name(const char *path);

/*
 * Opens a file for reading; "-" is standard input. Returns the descriptor, or
 * -1 with the reason in errno: a directory is EISDIR. A pipe on standard
 * input, as one on standard output, is asked to hold 1 MiB.
 */
int io_open(const char *path);

/* read(2): the count, 0 at the end, or -1 with errno. */
ssize_t io_read(int fd, void *data, size_t size);

/* Writes all of data: 0, or -1 with errno. */
int io_write(int fd, const void *data, size_t size);

/* True if a read from fd would block now. */
bool io_would_block(int fd);

/*
 * Reads fd to its end, appended to buf. Returns 0, or -1 with errno: EFBIG if
 * the buffer's limit is passed.
 */
int io_read_all(int fd, struct buf *buf);

/* Reads a whole file ("-" is standard input); the caller closes nothing. */
int io_read_file(const char *path, struct buf *buf);

/* What an output holds back, and the spare bytes behind its buffer. */
enum { OUT_SIZE = 64 * 1024, OUT_SLACK = 64 };

/*
 * Buffered output to a descriptor or to a file. The first error is kept in
 * error and later writes are dropped, so only out_finish() or out_commit()
 * has to look.
 */
struct out {
	int fd;
	int error;        /* errno of the first failure, or 0 */
	const char *name; /* in messages; borrowed */
	char *temporary;  /* the file written until out_commit(), or NULL */
	char *data; /* OUT_SIZE and OUT_SLACK bytes, len of them to write */
	size_t len;
};

/* Output to standard output. */
void out_stdout(struct out *out);

/*
 * Output to a file that appears under its name only with out_commit(); until
 * then it is PATH.tmp. An existing path that is no regular file (a device, a
 * pipe) is written directly. Returns 0, or -1 with errno. path is borrowed.
 */
int out_file(struct out *out, const char *path);

/* Appends bytes. */
void out_write(struct out *out, const void *data, size_t len);
void out_slice(struct out *out, struct slice slice);
void out_puts(struct out *out, const char *text);
void out_putc(struct out *out, char byte);

/* Hands what is buffered to the descriptor. */
void out_flush(struct out *out);

/*
 * The one way out of main after output: flushes and closes. Returns status,
 * or STATUS_TROUBLE after a message if any of the output was lost.
 */
enum status out_finish(struct out *out, enum status status);

/*
 * Publishes a file of out_file(): flush, fsync, close, rename. Returns 0, or
 * -1 with the reason in errno; the temporary file is then removed.
 */
int out_commit(struct out *out);

/* out_file() and out_commit() that die with "PATH: reason". */
void out_xfile(struct out *out, const char *path);
void out_xcommit(struct out *out);

#endif
