/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include "csvout.h"

/* A record that is not certainly good. */
static void
judge_row(struct judge *judge, const struct csvin_record *row)
{
	struct validator *validator = judge->validator;

	if (validator_row(validator, row)) {
		csvout_record(judge->out, row);
		return;
	}
	judge->rejected++;
	if (judge->rejects)
		rejects_row(judge->rejects, row,
		    validator_labels(validator)->count,
		    validator_fault(validator));
}

/* Good records go out in runs, as they stand in the batch. */
static void
judge_batch(struct judge *judge, const struct csvin_batch *batch)
{
	struct csvin_record row;

	for (size_t i = 0; i < batch->nrecords; i++) {
		size_t good = validator_run(judge->validator, batch, i);

		csvout_records(judge->out, batch, i, i + good);
		i += good;
		if (i == batch->nrecords)
			break;
		csvin_batch_record(judge->in, batch, i, &row);
		judge_row(judge, &row);
	}
	judge->rows += batch->nrecords;
}

void
judge_xall(struct judge *judge)
{
	struct csvin_record header;
	struct csvin_batch batch;

	if (!csvin_xnext(judge->in, &header)) {
		judge->unfit = !validator_empty(judge->validator);
		return;
	}
	judge->unfit = !validator_header(judge->validator, &header);
	if (judge->unfit)
		return;
	csvout_record(judge->out, &header);
	if (judge->rejects)
		rejects_header(judge->rejects, &header);
	while (csvin_xnext_batch(judge->in, &batch))
		judge_batch(judge, &batch);
}
