/* SPDX-License-Identifier: ISC */
/*
 * draft - a file written aside, which gets its name once, or leaves nothing
 *
 * A draft lies in a folder of drafts until it is published with link(2),
 * which fails where the name exists: of two drafts for one name, one wins.
 * Its writer holds a lock (flock) on it. A new draft first removes those in
 * the folder that nobody holds, which killed writers left. So the folder is
 * for drafts only, on the file system of the names to be given.
 */
#ifndef DRAFT_H
#define DRAFT_H

/* {0} is no draft. */
struct draft {
	char *path; /* NULL: there is none */
	int fd;     /* to write to */
};

/*
 * Opens a draft in folder, which is made, with those above it, if need be.
 * The file is read-only for all others. Returns 0, or -1 with errno;
 * draft_close() in either case.
 */
int draft_open(struct draft *draft, const char *folder);

/*
 * Gives the draft its name, as a file modified now, on disk with the folders
 * that it lies in, which are made if need be. Returns 1, or 0 if path exists
 * already (then that is on disk), or -1 with errno.
 */
int draft_publish(struct draft *draft, const char *path);

/* Closes the draft, if there is one, and removes what is not published. */
void draft_close(struct draft *draft);

#endif
