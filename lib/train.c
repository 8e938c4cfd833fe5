/* SPDX-License-Identifier: ISC */
#include "train.h"

#include <stdlib.h>

#include "choice.h"
#include "model.h"

/* What is worth a line on standard error; some of it is an error. */
static void
warn(const struct train *train, const struct ols_fit *fit)
{
	struct buf text = {0};

	for (size_t i = 0; i < fit->rank.ndependent; i++)
		warning("column '%s' depends on others and is dropped: %s",
		    fit->names[fit->rank.dependent[i].of], fit->relations[i]);
	if (ols_collinear(fit, &text)) {
		if (train->strict)
			die(STATUS_TROUBLE, "nearly collinear: %s",
			    buf_text(&text));
		warning("nearly collinear: %s", buf_text(&text));
	}
	buf_release(&text);
}

static void
fit_xmodel(const struct train *train, const struct choice *choice,
    const struct state *state, struct buf *model)
{
	struct ols_task task = {.state = state,
	    .x = choice->x,
	    .nx = choice->nx,
	    .y = choice->y,
	    .intercept = train->intercept,
	    .level = train->level};
	struct model_source source = {.tool = train->tool,
	    .state = state,
	    .numbers = &choice->numbers,
	    .categories = &choice->categories,
	    .references = &choice->references,
	    .ranges = &train->ranges,
	    .level = train->level,
	    .white = train->white};
	const char *target = state->terms.names[choice->y];
	struct ols_fit fit;
	struct buf error = {0};

	if (ols_fit(&fit, &task, &error))
		die(STATUS_TROUBLE, "cannot fit '%s': %s", target,
		    buf_text(&error));
	warn(train, &fit);
	if (model_write(model, &fit, &source, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	ols_release(&fit);
}

void
train_xmodel(const struct train *train, struct design *design,
    const struct states *states, struct buf *model)
{
	struct state total = {0};
	struct choice choice = {0};
	struct buf error = {0};

	if (states_total(states, &total, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	if (state_check(&total, &error))
		die(STATUS_TROUBLE, "cannot fit '%s': %s", design->target,
		    buf_text(&error));
	if (choice_make(&choice, &total, design, train->intercept, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	fit_xmodel(train, &choice, &total, model);
	choice_release(&choice);
	state_release(&total);
}
