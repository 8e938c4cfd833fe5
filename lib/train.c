/* SPDX-License-Identifier: ISC */
#include "train.h"

#include <stdlib.h>

#include "choice.h"
#include "cv.h"
#include "model.h"
#include "ridge.h"

/* A training under way. */
struct training {
	const struct train *how;
	struct state total;
	struct choice choice;
	struct ols_task task;
	struct cols removed;
	struct cv_try *tries; /* one for each lambda, or one without */
	size_t ntries, best;
	struct ols_fit fit;
};

static _Noreturn void
die_unfit(const struct training *training, const struct buf *reason)
{
	die(STATUS_TROUBLE, "cannot fit '%s': %s",
	    training->total.terms.names[training->task.y], buf_text(reason));
}

/* What is worth a line on standard error; some of it is an error. */
static void
warn(const struct training *training)
{
	const struct ols_fit *fit = &training->fit;
	struct buf text = {0};

	for (size_t i = 0; i < fit->rank.ndependent; i++)
		warning("column '%s' depends on others and is dropped: %s",
		    fit->names[fit->rank.dependent[i].of], fit->relations[i]);
	if (ols_collinear(fit, &text)) {
		if (training->how->strict)
			die(STATUS_TROUBLE, "nearly collinear: %s",
			    buf_text(&text));
		warning("nearly collinear: %s", buf_text(&text));
	}
	buf_release(&text);
}

static void
choose_terms(struct training *training, struct design *design,
    const struct states *states)
{
	const struct train *how = training->how;
	struct state *total = &training->total;
	struct choice *choice = &training->choice;
	struct buf error = {0};

	if (states_total(states, total, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	if (state_check(total, &error))
		die(STATUS_TROUBLE, "cannot fit '%s': %s", design->target,
		    buf_text(&error));
	if (choice_make(choice, total, design, how->intercept, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
	training->task = (struct ols_task){.state = total,
	    .x = choice->x,
	    .nx = choice->nx,
	    .y = choice->y,
	    .intercept = how->intercept,
	    .level = how->level};
	if (how->select && select_terms(&training->task, choice->x, how->select,
			       &training->removed, &error))
		die_unfit(training, &error);
}

/* Tries each lambda on the folds; the best of them has the least error. */
static void
choose_lambda(struct training *training, const struct states *states)
{
	const struct cols *lambdas = &training->how->lambdas;
	struct buf error = {0};

	training->ntries = lambdas->count ? lambdas->count : 1;
	training->tries = xcalloc(training->ntries, sizeof(*training->tries));
	for (size_t i = 0; i < lambdas->count; i++)
		training->tries[i].lambda = lambdas->names[i];
	if (!states->folded && training->ntries > 1)
		die(STATUS_TROUBLE,
		    "-r: choosing among several needs folds; see -K");
	if (!states->folded)
		return;
	if (cv_run(states, &training->task, training->tries, training->ntries,
		&error))
		die_unfit(training, &error);
	for (size_t i = 1; i < training->ntries; i++) {
		if (bigfloat_compare(training->tries[i].rmse,
			training->tries[training->best].rmse) < 0)
			training->best = i;
	}
}

static void
fit(struct training *training)
{
	const char *lambda = training->tries[training->best].lambda;
	struct buf error = {0};

	if (ols_fit(&training->fit, &training->task, &error) ||
	    (lambda &&
		ridge_apply(&training->fit, &training->task, lambda, &error)))
		die_unfit(training, &error);
}

static void
write_model(const struct training *training, size_t folds, struct buf *model)
{
	const struct train *how = training->how;
	const struct choice *choice = &training->choice;
	struct model_source source = {.tool = how->tool,
	    .state = &training->total,
	    .numbers = &choice->numbers,
	    .categories = &choice->categories,
	    .references = &choice->references,
	    .ranges = &how->ranges,
	    .level = how->level,
	    .white = how->white,
	    .lambda = training->tries[training->best].lambda,
	    .folds = folds,
	    .tries = training->tries,
	    .ntries = training->ntries,
	    .best = training->best,
	    .select = how->select,
	    .removed = &training->removed};
	struct buf error = {0};

	if (model_write(model, &training->fit, &source, &error))
		die(STATUS_TROUBLE, "%s", buf_text(&error));
}

void
train_xmodel(const struct train *train, struct design *design,
    const struct states *states, struct buf *model)
{
	struct training training = {.how = train};

	choose_terms(&training, design, states);
	choose_lambda(&training, states);
	fit(&training);
	warn(&training);
	write_model(&training, states->folded ? states->count : 0, model);
	ols_release(&training.fit);
	for (size_t i = 0; i < training.ntries; i++)
		free(training.tries[i].rmse);
	free(training.tries);
	cols_release(&training.removed);
	choice_release(&training.choice);
	state_release(&training.total);
}
