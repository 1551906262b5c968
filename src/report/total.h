/*
 * total.h - the numbers of a run, counted once for every report that sums up.
 *
 * Memory is bounded, whatever the length of the run: names are kept for so many
 * kinds, the rest are counted together.  "Targets" are results.  "Servers" are
 * those of them that are Exchange, whether their build was read or not, and
 * several that show the same machine are one (servers.h): the worst that any of
 * them saw counts.  Their numbers are there after total_finish().
 */
#ifndef EXVET_TOTAL_H
#define EXVET_TOTAL_H

#include "report.h"
#include "servers.h"
#include "view.h"

enum total_behind {
	TOTAL_CURRENT,		/* every security update known */
	TOTAL_30, TOTAL_90, TOTAL_180, TOTAL_365, TOTAL_730, TOTAL_LONGER,
	TOTAL_ENDED,		/* nothing is missing, because nothing comes any more */
	TOTAL_UNKNOWN,
	TOTAL_BEHIND_KINDS
};
const char *total_behind_name(enum total_behind);	/* "up to 30 days" ... */

/* When the certificate that ends first ends: expired, by 30 days, later. */
#define TOTAL_CERT_BINS	14

#define TOTAL_LEVELS	512
#define TOTAL_NAMES	24

/* A patch level and who is there; strings belong to the table of builds. */
struct total_level {
	const char		*branch, *cu;
	const struct build_row	*row;		/* NULL: which update is not known */
	enum build_place	 place;
	uint64_t		 n, kev;
	enum total_behind	 worst;		/* how far it is behind */
	bool			 ended;		/* no update comes any more */
};

struct total_server;

struct total_name {
	char			*name;
	uint64_t		 n;
};

struct total {
	uint64_t	 targets, unfinished, capped, connections, requests;
	uint64_t	 not_judged;		/* identity or build not known, or stopped half-way */
	uint64_t	 by_state[VIEW_STATES];	/* targets by their worst finding */
	uint64_t	 servers_by_state[VIEW_STATES];
	uint64_t	 by_identity[IDENTITY_NOT_EXCHANGE + 1];
	uint64_t	 servers, no_build;
	uint64_t	 urgent;		/* servers with a critical finding */
	uint64_t	 missing;		/* servers that lack a security update for certain */
	uint64_t	 kev, kev_maybe;	/* servers: open for certain; perhaps */
	uint64_t	 unsupported, unsupported_maybe, supported;
	uint64_t	 behind[TOTAL_BEHIND_KINDS];
	uint64_t	 by_severity[SEV_CRITICAL + 1];	/* findings that count */
	uint64_t	 by_verdict[VERDICT_NOT_APPLICABLE + 1]; /* findings of servers */
	uint64_t	 cert[TOTAL_CERT_BINS], cert_unseen, cert_seen;
	int64_t		 first_ms, last_ms;	/* first start, last end; -1: no time */
	uint64_t	*rules;			/* [rule][verdict], of servers */
	struct total_level levels[TOTAL_LEVELS];
	size_t		 nlevels;
	uint64_t	 levels_lost;
	struct total_name reasons[TOTAL_NAMES], vantages[TOTAL_NAMES], profiles[TOTAL_NAMES];
	struct servers	 which;			/* results that are one server */
	struct total_server **seen;		/* [id of which]; NULL: none such, or taken together */
};

/* Whose the result is, of t->which. */
uint32_t total_add(struct total *, const struct report *, const struct report_run *);
/* No more are added: count the servers, and sort the patch levels, newest first. */
void	total_finish(struct total *, const struct report_run *);
void	total_clear(struct total *);
/* Of one rule: servers with that verdict. */
uint64_t total_rule(const struct total *, size_t rule, enum verdict);
size_t	total_rules(void);
/* Newest branch, newest CU and newest update first. */
int	total_level_compare(const struct total_level *, const struct total_level *);
/* The day on which the certificate that ends first ends; BUILDS_NO_DAY. */
int32_t	total_cert_day(const struct obs *);
/* How far a server is behind. */
enum total_behind total_behind_of(const struct judgement *);

/* The verdict on the run in a sentence or two; owned.  In total_words.c. */
char   *total_sentence(const struct total *, const struct report_run *);
/* What is said where nothing is to do. */
const char *total_idle(const struct total *);
/* ", counted as 66 servers: a pool is one"; "" where machines and servers are as many.  Owned. */
char   *total_counted(const struct total *);
/* How many machines the results are and which names are one; NULL: as many as results.  Owned. */
char   *total_machines(const struct total *);

#endif
