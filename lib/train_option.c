/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "decimal.h"
#include "num.h"
#include "train.h"

static double
level_option(const char *text)
{
	double level;

	if (num_double(slice_of(text), &level) || level <= 0 || level >= 1)
		die(STATUS_TROUBLE, "-l: '%s' is not between 0 and 1", text);
	return level;
}

static void
ridge_option(struct cols *lambdas, const char *arg)
{
	cols_release(lambdas);
	cols_option(lambdas, "-r", arg);
	for (size_t i = 0; i < lambdas->count; i++) {
		struct slice lambda = slice_of(lambdas->names[i]);

		if (!decimal_valid(lambda) ||
		    decimal_compare(lambda, slice_of("0")) < 0)
			die(STATUS_TROUBLE, "-r: '%s' is no number from 0 on",
			    lambdas->names[i]);
	}
}

static enum select_by
select_option(const char *arg)
{
	if (strcmp(arg, "aic") && strcmp(arg, "bic"))
		die(STATUS_TROUBLE, "-s: '%s': want aic or bic", arg);
	return strcmp(arg, "bic") ? SELECT_AIC : SELECT_BIC;
}

bool
train_option(struct train *train, int letter, const char *arg)
{
	switch (letter) {
	case 'I':
		train->intercept = false;
		return true;
	case 'N':
		train->white = false;
		return true;
	case 'S':
		train->strict = true;
		return true;
	case 'l':
		train->level = level_option(arg);
		return true;
	case 'r':
		ridge_option(&train->lambdas, arg);
		return true;
	case 's':
		train->select = select_option(arg);
		return true;
	}
	return false;
}
