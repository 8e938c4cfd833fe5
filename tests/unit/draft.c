/* SPDX-License-Identifier: ISC */
#include "draft.h"
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* The number of files in the folder of drafts. */
static int
count(void)
{
	DIR *folder = opendir("drafts");
	int files = -2; /* "." and ".." */

	while (folder && readdir(folder))
		files++;
	if (folder)
		closedir(folder);
	return files;
}

static void
leave(const char *path)
{
	close(open(path, O_WRONLY | O_CREAT, 0444));
}

int
main(void)
{
	char folder[] = "/tmp/draft-XXXXXX";
	struct draft one, two, none = {0};

	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	CHECK(!draft_open(&one, "drafts"));
	leave("drafts/left");
	CHECK(count() == 2);
	CHECK(!draft_open(&two, "drafts"));
	CHECK(access("drafts/left", F_OK) && count() == 2);
	CHECK(draft_publish(&one, "a/b/name") == 1);
	CHECK(!access("a/b/name", R_OK));
	CHECK(draft_publish(&two, "a/b/name") == 0);
	CHECK(draft_publish(&two, "a/b") == 0);
	CHECK(draft_publish(&two, "a/b/name/x") == -1 && errno == ENOTDIR);
	CHECK(draft_publish(&two, "name") == 1);
	draft_close(&two);
	draft_close(&two);
	CHECK(count() == 1);
	draft_close(&one);
	CHECK(count() == 0);
	CHECK(!access("a/b/name", R_OK) && !access("name", R_OK));
	draft_close(&none);

	CHECK(draft_open(&one, "name/drafts") == -1 && errno == ENOTDIR);
	draft_close(&one);
	CHECK(draft_open(&one, "name") == -1);
	draft_close(&one);
	CHECK(!system("rm -r a drafts name"));
	CHECK(!rmdir(folder));
	return check_done();
}
