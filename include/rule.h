/*
 * rule.h - rules, findings and the judgement of one target.
 *
 * A rule is a pure function over the observations of one target, the build
 * table and the policy.  The driver decides not-observable from `needs`, so
 * no rule tests for missing data.  What is not known never becomes a pass.
 */
#ifndef EXVET_RULE_H
#define EXVET_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "builds.h"
#include "obs.h"
#include "policy.h"
#include "result.h"

enum severity { SEV_INFO, SEV_LOW, SEV_MEDIUM, SEV_HIGH, SEV_CRITICAL };
const char *rule_severity_name(enum severity);		/* "info" ... "critical" */
bool	rule_severity_find(const char *, enum severity *);

enum verdict {
	VERDICT_PASS, VERDICT_FAIL, VERDICT_WARN,
	VERDICT_UNDECIDABLE,	/* the evidence allows both */
	VERDICT_NOT_OBSERVABLE,	/* cannot be seen from here, or the probe did not run */
	VERDICT_NOT_APPLICABLE,
};
const char *rule_verdict_name(enum verdict);		/* "pass", "not-observable" ... */

enum identity {
	IDENTITY_UNKNOWN, IDENTITY_EXCHANGE, IDENTITY_ONLINE,
	IDENTITY_PREAUTH, IDENTITY_NOT_EXCHANGE,
};
const char *rule_identity_name(enum identity);		/* "exchange", "exchange-online", "pre-auth-proxy" ... */

struct rule;

/* One datum of a finding's detail; equal keys in a row make a list. */
struct detail {
	const char	*key;
	const char	*text;		/* NULL: number holds */
	int64_t		 number;
	bool		 list;		/* prints as a list even when alone */
};

struct finding {
	const struct rule *rule;
	enum verdict	 verdict;
	enum severity	 severity;	/* the rule's, or what the policy or the check made of it */
	const struct waiver *waiver;	/* fail or warn, and somebody took the risk; NULL */
	char		*why;		/* one sentence with the evidence; owned */
	struct detail	*detail;	/* owned */
	size_t		 ndetail;
	size_t		*proof;		/* indexes of observations; owned */
	size_t		 nproof;
};

/* printf into why, replacing what was there. */
void	finding_why(struct finding *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	finding_text(struct finding *, const char *key, const char *value);
void	finding_list(struct finding *, const char *key, const char *value);
void	finding_number(struct finding *, const char *key, int64_t value);
/* NULL: this one was not seen, and proves nothing. */
void	finding_proof(struct finding *, const struct obs *, const struct observation *);

/* What is judged before the rules, and shared by them. */
struct judgement {
	enum identity	 identity;
	int		 score;		/* -100..100, from independent marks */
	const struct observation *witness; /* the observation that names the build; NULL */
	bool		 contradiction;	/* witnesses disagree */
	struct build_report *build;	/* NULL when no build was read */
	struct finding	*findings;
	size_t		 nfindings;
};

struct rule_in {
	const struct obs	*obs;
	const struct result	*result;
	const struct builds	*builds;
	const struct policy	*policy;
	const struct judgement	*who;		/* identity and build; findings not yet */
	int32_t			 as_of;		/* the day to judge as of */
};

struct rule {
	const char	*id;		/* for ever */
	const char	*title;
	const char	*group;		/* patch, support, tls, cert, smb, auth, mail, health, exposure, identity */
	enum severity	 severity;
	const char	*reference;	/* URL or document */
	const char	*rationale;
	const char	*remediation;
	/* Facts of which one must have been seen; ended by FACT_COUNT; NULL: none. */
	const enum fact	*needs;
	bool		 needs_exchange; /* not-applicable unless the target is Exchange */
	bool		 needs_build;	/* not-observable unless a build was read */
	enum verdict	(*check)(const struct rule_in *, struct finding *);
};

/* The table: in report order, ended by NULL. */
extern const struct rule *const rule_table[];
const struct rule *rule_find(const char *id);		/* NULL when there is none */

/* Can an observation of that fact name the build? */
bool	rule_reads_build(enum fact);
/* Judge one result.  Never NULL. */
struct judgement *rule_judge(const struct result *, const struct builds *,
	    const struct policy *, int32_t as_of);
/* The same for what is known to be Exchange by other means than marks. */
struct judgement *rule_judge_known(const struct result *, const struct builds *,
	    const struct policy *, int32_t as_of);
void	rule_judgement_free(struct judgement *);	/* NULL is fine */
/* The finding of that rule; NULL when it was not judged. */
struct finding *rule_finding(const struct judgement *, const char *id);
/* Does the finding count against the target: fail or warn, and not waived? */
bool	rule_counts(const struct finding *);
/* The worst severity among the findings that count; false when there is none. */
bool	rule_worst(const struct judgement *, enum severity *);
/* Could the target be judged at all: identity known, and a build if Exchange. */
bool	rule_complete(const struct judgement *);

#endif
