/* SPDX-License-Identifier: ISC */
#include "auth_gcloud.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "io.h"

enum { CONFIG_MAX = 256 * 1024 };

/* Appends the path of a file in the folder: 0, or -1 if there is none. */
static int
add_path(const char *name, struct buf *path)
{
	const char *folder = getenv("CLOUDSDK_CONFIG");
	const char *home = getenv("HOME");

	if (folder && *folder)
		buf_printf(path, "%s/%s", folder, name);
	else if (home && *home)
		buf_printf(path, "%s/.config/gcloud/%s", home, name);
	else
		return -1;
	return 0;
}

char *
auth_gcloud_credentials(void)
{
	struct buf path = {0};
	char *found = NULL;

	/* one that is there and cannot be read is for its reader to tell */
	if (!add_path("application_default_credentials.json", &path) &&
	    (!access(buf_text(&path), F_OK) ||
		(errno != ENOENT && errno != ENOTDIR)))
		found = xstrdup(buf_text(&path));
	buf_release(&path);
	return found;
}

static struct slice
trim(struct slice text)
{
	while (text.len && isspace((unsigned char)text.data[text.len - 1]))
		text.len--;
	while (text.len && isspace((unsigned char)*text.data)) {
		text.data++;
		text.len--;
	}
	return text;
}

/* Reads a file of the folder; nothing if it is not there. */
static void
read_config(const char *name, struct buf *text)
{
	struct buf path = {0};

	text->limit = CONFIG_MAX;
	if (add_path(name, &path) || io_read_file(buf_text(&path), text))
		buf_clear(text);
	buf_release(&path);
}

/* The value of "project" if the line gives it one. */
static struct slice
project_in(struct slice line)
{
	const char *equal = memchr(line.data, '=', line.len);
	struct slice name = {
	    line.data, equal ? (size_t)(equal - line.data) : 0};

	if (!equal || !slice_equal(trim(name), slice_of("project")))
		return (struct slice){"", 0};
	return trim((struct slice){equal + 1, line.len - name.len - 1});
}

static char *
find_project(struct slice text)
{
	bool core = false;

	while (text.len) {
		const char *end = memchr(text.data, '\n', text.len);
		size_t len = end ? (size_t)(end - text.data) : text.len;
		struct slice line = trim((struct slice){text.data, len});
		struct slice project = project_in(line);

		if (line.len && *line.data == '[')
			core = slice_equal(line, slice_of("[core]"));
		else if (core && project.len)
			return xslicedup(project);
		text.data += end ? len + 1 : len;
		text.len -= end ? len + 1 : len;
	}
	return NULL;
}

char *
auth_gcloud_project(void)
{
	const char *name = getenv("CLOUDSDK_ACTIVE_CONFIG_NAME");
	struct buf active = {0}, path = {0}, text = {0};
	struct slice chosen = slice_of("default");
	char *project;

	if (name && *name) {
		chosen = slice_of(name);
	} else {
		read_config("active_config", &active);
		if (trim(buf_slice(&active)).len)
			chosen = trim(buf_slice(&active));
	}
	buf_puts(&path, "configurations/config_");
	buf_add_slice(&path, chosen);
	read_config(buf_text(&path), &text);
	project = find_project(buf_slice(&text));
	buf_release(&active);
	buf_release(&path);
	buf_release(&text);
	return project;
}
