/*
 * check_judge.h - folds the judgement of one target into a service state.
 *
 * The judgement is that of `exvet scan'; this only weighs it.  Each reason is
 * a state and why; the worst counts, OK < UNKNOWN < WARNING < CRITICAL.
 */
#ifndef EXVET_CHECK_JUDGE_H
#define EXVET_CHECK_JUDGE_H

#include <stddef.h>

#include "check_terms.h"

struct check_reason {
	enum check_state state;
	const struct finding *finding;	/* NULL: not a rule's */
	char		*text;		/* short, for the first line; owned */
	bool		 lead;		/* the first line says it nowhere else */
};

struct check_verdict {
	enum check_state state;
	bool		 timed_out, unreachable;	/* timed_out: or stopped by a signal */
	struct check_reason *reasons;	/* worst first */
	size_t		 nreasons;
	struct check_values values;
};

void	check_judge(const struct check_terms *, const struct report_run *, const struct report *,
	    struct check_verdict *);
void	check_judge_clear(struct check_verdict *);

#endif
