/* jsonl.c - the native format: JSON Lines, exvet/1. */
#include "report.h"
#include "store.h"

static void
jsonl_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	(void)state;
	store_write(f, run, report);
}

const struct reporter reporter_jsonl = {
	.name = "jsonl",
	.summary = "JSON Lines, one result a line: observations, findings and failures",
	.streams = true, .every_view = true,
	.target = jsonl_target,
};
