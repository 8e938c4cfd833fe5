/* SPDX-License-Identifier: ISC */
/*
 * lr-show - print a model for people
 */
#include "io.h"
#include "json.h"
#include "opt.h"
#include "show.h"

static const struct option_row options[] = {
    {'j', "json", NULL, "print JSON"},
};

static const struct tool tool = {
    .name = "lr-show",
    .synopsis = "[-j] [MODEL]",
    .summary = "print a linear regression for people",
    .options = options,
    .noptions = sizeof(options) / sizeof(options[0]),
    .examples = "lr-show model.json\n"
		"lr-train -y close -x open klines.csv | lr-show",
};

int
main(int argc, char **argv)
{
	struct buf text = {0}, error = {0};
	const char *path = "-";
	struct json *model;
	struct opts opts;
	struct out out;
	bool as_json = false;
	int letter;

	opt_begin(&opts, &tool, argc, argv);
	while ((letter = opt_next(&opts)) != -1)
		as_json = true;
	if (opts.argc > 1)
		opt_usage(&opts, "one model at a time");
	if (opts.argc)
		path = opts.argv[0];
	if (!(model = json_read(path, &error)))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	if ((as_json ? show_json : show_text)(model, &text, &error))
		die(STATUS_TROUBLE, "%s: %s", io_name(path), buf_text(&error));
	out_stdout(&out);
	out_slice(&out, buf_slice(&text));
	json_free(model);
	buf_release(&text);
	buf_release(&error);
	return (int)out_finish(&out, STATUS_DONE);
}
