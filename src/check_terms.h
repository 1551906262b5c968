/*
 * check_terms.h - what the owner asked of a check: groups, thresholds, and the
 * states of what is not known; read once from the configuration.
 */
#ifndef EXVET_CHECK_TERMS_H
#define EXVET_CHECK_TERMS_H

#include <stdbool.h>

#include "check_metric.h"
#include "check_range.h"

struct config;

/* Exit status and service state of monitoring systems. */
enum check_state { CHECK_OK = 0, CHECK_WARNING = 1, CHECK_CRITICAL = 2, CHECK_UNKNOWN = 3 };
const char *check_state_name(enum check_state);		/* "OK" ... */
/* OK < UNKNOWN < WARNING < CRITICAL. */
enum check_state check_state_worse(enum check_state, enum check_state);

/* The groups of rules that can be asked for, ended by NULL. */
extern const char *const check_groups[];

struct check_limit {
	const char	*text;		/* as given; NULL: none */
	struct check_range range;
	bool		 by_default;	/* from the policy, not from the user */
};

struct check_terms {
	bool		 group[16];	/* by check_groups */
	bool		 groups_given;	/* by --checks */
	struct check_limit warning[METRIC_COUNT], critical[METRIC_COUNT];
	enum check_state unknown_as, timeout_result, unreachable;
	bool		 verify, plain, proxied;
	bool		 signalled;	/* somebody stopped the scan before its time */
	char		 cert_text[2][24];	/* of the default limits */
	double		 budget;	/* seconds, for perfdata's max; 0: none */
	unsigned	 verbose;
};

void	check_terms_read(struct check_terms *, const struct config *);
/* --no-ssl: HTTP, no certificate. */
bool	check_terms_plain(const struct config *);
/* Does the rule count: its group was asked for, or it says what answers at all. */
bool	check_terms_counts(const struct check_terms *, const struct rule *);
bool	check_terms_has(const struct check_terms *, const char *group);

#endif
