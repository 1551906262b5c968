/*
 * action.h - what to do first: the findings of a run grouped by what settles
 * them, "install Oct26SU on 14 servers", "migrate 9 to SE".
 *
 * Memory is bounded: so many groups, so many names in each; all are counted.
 */
#ifndef EXVET_ACTION_H
#define EXVET_ACTION_H

#include "report.h"
#include "servers.h"

#define ACTION_NAMES	40	/* servers named in one group */
#define ACTION_GROUPS	160

struct action_name {
	char			*target;
	uint64_t		 order;		/* the how manieth result of the run, from 1 */
};

struct action {
	char			*key;
	char			*before, *after;	/* around "14 servers" */
	char			*text;			/* how */
	const struct rule	*rule;			/* that asks for it */
	enum severity		 severity;		/* worst of what it settles */
	uint64_t		 targets;
	/* Counted by action_finish(): */
	uint64_t		 n, kev;		/* servers; with a known-exploited flaw */
	uint64_t		 others;		/* targets that are not known to be Exchange */
	unsigned char		*seen;			/* [id of the servers] */
	struct action_name	 names[ACTION_NAMES];
	size_t			 nnames;
};

struct actions {
	struct action	*v;
	size_t		 n;
	uint64_t	 lost;		/* servers and actions beyond ACTION_GROUPS */
};

/* order: of the result in the run, from 1; id: whose it is. */
void	action_add(struct actions *, const struct report *, const struct report_run *,
	    uint64_t order, uint32_t id);
/* No more are added: count servers, most urgent first. */
void	action_finish(struct actions *, const struct servers *);
/* "Install Oct26SU on 14 servers", "TLS 1.0 is offered: 3 servers and 1 other target"; owned. */
char   *action_title(const struct action *);
void	action_clear(struct actions *);

#endif
