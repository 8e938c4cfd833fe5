/* SPDX-License-Identifier: ISC */
#include "parts.h"

#include <errno.h>
#include <string.h>

#include "distinct.h"

static void
check_distinct(const struct parts *parts, char *const *inputs, int ninputs)
{
	struct distinct files = {0};

	distinct_inputs(&files, inputs, ninputs);
	if (!parts->output)
		distinct_xstdout(&files);
	distinct_xoutput(&files, parts->output);
	distinct_xoutput(&files, parts->rest_path);
	distinct_release(&files);
}

void
parts_xopen(struct parts *parts, char *const *inputs, int ninputs)
{
	check_distinct(parts, inputs, ninputs);
	if (parts->output)
		out_xfile(&parts->first, parts->output);
	else
		out_stdout(&parts->first);
	if (parts->rest_path)
		out_xfile(&parts->rest, parts->rest_path);
}

struct out *
parts_rest(struct parts *parts)
{
	return parts->rest_path ? &parts->rest : NULL;
}

/* Brings an output as far as it gets without its name; or dies. */
static void
xsync(struct out *out)
{
	if (out_sync(out))
		die(STATUS_TROUBLE, "%s: %s", out->name, strerror(errno));
}

enum status
parts_finish(struct parts *parts)
{
	xsync(&parts->first);
	if (parts->rest_path) {
		xsync(&parts->rest);
		out_xcommit(&parts->rest);
	}
	if (!parts->output)
		return out_finish(&parts->first, STATUS_DONE);
	out_xcommit(&parts->first);
	return STATUS_DONE;
}
