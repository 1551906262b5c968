/*
 * report.h - reporters: they see findings and facts, never bytes.
 *
 * A reporter writes to the stream it is given; the caller owns the stream and
 * the choice between flushing per line and appearing whole by rename.
 */
#ifndef EXVET_REPORT_H
#define EXVET_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "rule.h"

struct report_input {			/* a file that was read */
	const char	*what;			/* "Results", "Policy file" ... */
	const char	*name;
	char		 sha256[65];	/* "" when it is no file that can be read twice */
};

struct report_inputs {
	struct report_input	*v;
	size_t			 n;
};

struct report_left {			/* entries of lists that made no target */
	uint64_t		 duplicates, excluded, no_web;
};

struct report_run {			/* what is true of the whole run */
	const struct builds	*builds;
	int32_t			 as_of;
	bool			 color;
	unsigned		 verbose;
	unsigned		 width;		/* of the terminal, 0: not one */
	bool			 single;	/* the user named exactly one target */
	uint64_t		 not_done;	/* at the end: targets that a signal left unscanned */
	const struct report_left *left;	/* whole at the end; NULL: no list of targets was read */
	const struct policy	*policy;
	const struct config	*config;	/* limits and states of the formats for monitoring */
	/* at the end: findings that each waiver of policy->book waived; NULL: no waivers */
	const uint64_t		*waiver_uses;
	const struct controls	*controls;	/* src/controls.h; NULL unless wanted or --framework */
	const char		*framework;	/* --framework: an id or "all"; NULL: not asked for */
	const struct compare	*compare;	/* src/compare.h; whole at the end; NULL: not asked for */
	struct checklist	*checklist;	/* src/checklist.h; NULL: not asked for */
	const struct report_inputs *inputs; /* whole at the end; only where a reporter wants it */
	const struct history	*history;	/* src/history.h; NULL: not asked for */
};

struct report {				/* one target */
	const struct result	*result;
	const struct judgement	*judgement;
	/* of `exvet merge`: this is view number view of views of one server; else 0 */
	unsigned		 view, views;
	const struct report	*all;	/* of the worst of all: those views */
};

struct reporter {
	const char	*name, *summary;
	bool		 streams;	/* a line a target, flushed; else whole at the end */
	bool		 remote;	/* its lines go to a server, FORMAT:URL: src/passive.h */
	bool		 wants_controls; /* run->controls is there, or the run does not start */
	bool		 wants_checklist; /* the same for run->checklist */
	bool		 wants_inputs;	/* run->inputs has the hash of each file of results */
	bool		 wants_compare;	/* the same for run->compare */
	bool		 every_view;	/* of a merged server sees each view, not the worst of all */
	size_t		 state_size;	/* zeroed memory given to each call */
	/* begin, end and clear may be NULL; after a write error end is not called */
	void		(*begin)(void *state, FILE *, const struct report_run *);
	void		(*target)(void *state, FILE *, const struct report_run *,
			    const struct report *);
	void		(*end)(void *state, FILE *, const struct report_run *);
	void		(*clear)(void *state);	/* free what the state holds */
};

extern const struct reporter *const report_table[];	/* ended by NULL */
const struct reporter *report_find(const char *name);	/* NULL when there is none */

#endif
