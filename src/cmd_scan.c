/* cmd_scan.c - `exvet scan`: targets in, probes, judgement out. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cmd.h"
#include "config.h"
#include "judge.h"
#include "progress.h"
#include "report.h"
#include "result.h"
#include "rule.h"
#include "run.h"
#include "run_plan.h"
#include "target.h"

struct scan {
	struct judge		*judge;
	struct progress		*progress;
	struct target_source	*source;
	bool			 has_bar;
};

static void
on_result(void *arg, struct result *r)
{
	struct scan *s = arg;

	if (judge_on_terminal(s->judge))
		progress_clear(s->progress);
	judge_result(s->judge, r);
	result_free(r);
}

static void
on_tick(void *arg, uint64_t given, uint64_t done, bool all_given)
{
	struct scan *s = arg;
	struct progress_state state = { .done = done, .flying = given - done,
		.total = all_given ? given : target_total(s->source) };

	progress_tick(s->progress, clock_ms(), &state);
}

/* One operand that stands for exactly one target. */
static bool
is_single(const struct config *c, char **args)
{
	return c->inputs.n == 0 && !c->all_addresses && args[0] != NULL && args[1] == NULL &&
	    args[0][0] != '@' && strcmp(args[0], "-") != 0 && strstr(args[0], "://") == NULL ?
	    strpbrk(args[0], "/") == NULL && (strpbrk(args[0], "-") == NULL ||
	    strspn(args[0], "0123456789.-") != strlen(args[0])) :
	    args[0] != NULL && args[1] == NULL && strstr(args[0], "://") != NULL;
}

/* Only then are the rows of the table of builds of use. */
static bool
may_see_build(const struct run_plan *plan)
{
	for (enum fact f = 0; f < FACT_COUNT; f++)
		if (rule_reads_build(f) && run_plan_gives(plan, f))
			return true;
	return false;
}

int
cmd_scan(const struct config *c, char **args)
{
	struct scan s = { .source = target_open(c, args) };
	struct run_sink sink = { .result = on_result, .tick = on_tick, .arg = &s };
	struct run_plan *plan;
	struct report_left left;
	bool single = is_single(c, args);
	int status = CMD_USAGE, stopped;
	uint64_t given;

	if (s.source == NULL)
		return CMD_USAGE;
	plan = run_plan_new(c, single);
	if (plan != NULL)
		s.judge = judge_open(c, args, single, !may_see_build(plan), &status);
	if (s.judge == NULL) {
		run_plan_free(plan);
		target_close(s.source);
		return status;
	}
	s.progress = progress_start(c->progress, clock_ms());
	stopped = run_scan(c, plan, s.source, &sink);
	run_plan_free(plan);
	progress_stop(s.progress);
	given = judge_count(s.judge);
	judge_unreadable(s.judge, target_bad_lines(s.source));
	left = (struct report_left){ target_duplicates(s.source), target_excluded(s.source),
		target_no_web(s.source) };
	judge_left_out(s.judge, &left);
	status = judge_close(s.judge, 0);
	if (stopped < 0)
		status = CMD_USAGE;
	else if (stopped == 0 && target_broken(s.source) > 0)
		status = CMD_BROKEN;
	else if (stopped == 0 && given == 0 && status == CMD_DONE) {
		fputs("exvet: no targets: the list is empty\n", stderr);
		status = CMD_USAGE;
	}
	/* After a signal a reader may still sit on its input: the source stays. */
	if (stopped <= 0 || target_total(s.source) > 0)
		target_close(s.source);
	return stopped > 0 && status != CMD_BROKEN ? 128 + stopped : status;
}
