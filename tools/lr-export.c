/* SPDX-License-Identifier: ISC */
/*
 * lr-export - a model in another language
 */
#include "export.h"
#include "io.h"
#include "model.h"
#include "opt.h"

static const struct option_row options[] = {
    {'T', "to", "LANGUAGE", "sql:bigquery, sql:sqlite, pmml, r or python"},
    {'c', "column", "NAME", "SQL: the new column; default: predicted_..."},
    {'m', "model", "MODEL", "a file that lr-train wrote"},
    {'t', "table", "TABLE", "SQL: what to select from; default: input"},
};

static const struct tool tool = {
    .name = "lr-export",
    .synopsis = "-T LANGUAGE [-c NAME] -m MODEL [-t TABLE]",
    .summary = "print a linear regression as SQL, PMML or code",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples =
	"lr-export -m model.json --to sql:bigquery --table data.klines\n"
	"lr-export -m model.json --to python > model.py",
};

struct job {
	const char *path; /* of the model */
	const char *language;
	struct export_task task;
};

static void
take_option(struct job *job, int letter, const char *arg)
{
	switch (letter) {
	case 'T':
		job->language = arg;
		break;
	case 'c':
		job->task.column = arg;
		break;
	case 'm':
		job->path = arg;
		break;
	case 't':
		job->task.table = arg;
		break;
	}
}

int
main(int argc, char **argv)
{
	struct model model;
	struct job job = {.task = {.model = &model, .table = "input"}};
	struct buf name = {0}, text = {0}, error = {0};
	struct opts opts;
	struct out out;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1)
		take_option(&job, letter, opts.arg);
	if (!job.path || !job.language || opts.argc)
		opt_usage(&opts, "-m MODEL and -T LANGUAGE are needed");
	if (!export_find(job.language))
		opt_usage(
		    &opts, "-T: '%s' is no language to print", job.language);
	if (model_read(&model, job.path, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	buf_printf(&name, "predicted_%s", model.target);
	if (!job.task.column)
		job.task.column = buf_text(&name);
	export_find(job.language)(&job.task, &text);
	out_stdout(&out);
	out_slice(&out, buf_slice(&text));
	model_release(&model);
	buf_release(&name);
	buf_release(&text);
	buf_release(&error);
	return (int)out_finish(&out, STATUS_DONE);
}
