/*
 * policy.h - what the owner of the servers wants: thresholds, which rules
 * count and how much, and waivers.
 *
 * Thresholds come from the options and from a policy file; the book holds what
 * only a file can say.  It is read once, then constant: threads may share it.
 */
#ifndef EXVET_POLICY_H
#define EXVET_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct finding;
struct result;
struct rule;

/* Who a section or waiver is about; each "" means everybody. */
struct policy_scope {
	const char	*tags;		/* tags of the target list, comma-separated */
	const char	*targets;	/* patterns: names with * and ?, addresses, CIDR, ranges */
};

/* Thresholds that a section may set for its rule, each by the key of the option. */
enum policy_limit {
	POLICY_GRACE, POLICY_CERT_WARN, POLICY_CERT_FAIL, POLICY_SKEW, POLICY_SLOW, POLICY_STALE,
	POLICY_BUILDS, POLICY_REACH, POLICY_LIMITS
};

/* What the owner says of one rule: [RULE] or [RULE LABEL] of the file. */
struct policy_rule {
	const char	*rule;		/* id, or "*" for every rule */
	int		 enabled;	/* 0, 1; -1: not said */
	int		 severity;	/* enum severity; -1: not said */
	struct policy_scope scope;
	const char	*limit[POLICY_LIMITS];	/* as written; NULL: not said */
	const char	*where;		/* "FILE:LINE" of the section */
};

/* Somebody took the risk of one finding upon himself, until a day: [waiver NAME]. */
struct waiver {
	const char	*name;
	const char	*rule;		/* id, never "*" */
	struct policy_scope scope;	/* targets is never "" */
	const char	*reason, *owner;
	int32_t		 until;		/* last day that it holds */
	const char	*where;		/* "FILE:LINE" */
};

struct policy_book {
	const char	*name;		/* "default", "cisa-2025", or the file's own name */
	const char	*title, *source, *date;	/* "" where the file does not say */
	const char	*path;
	/* one about some servers is stronger than one about all, then an id than "*", then a later one */
	struct policy_rule *rules;
	size_t		 nrules;
	struct waiver	*waivers;
	size_t		 nwaivers;
	char		**strings;	/* that the above point to */
	size_t		 nstrings;
};

struct tls_baseline;

struct policy {
	int64_t		 grace_days;		/* days after a release in which missing it only warns */
	int64_t		 table_stale_days;	/* age of the table that is a finding */
	int64_t		 cert_warn_days;	/* certificate ends within: warn */
	int64_t		 cert_fail_days;	/* certificate ends within: fail */
	int64_t		 skew_seconds;		/* clock skew that is a finding */
	char		*tls_baseline;		/* name or file of the baseline for TLS */
	const struct tls_baseline *baseline;	/* that one, read; NULL: none */
	char		*allowed_builds;	/* "15.2.2562.*,15.2.1748.39"; NULL: any */
	const struct policy_book *book;		/* NULL: no policy file and no waivers */
	int64_t		 slow_ms;		/* time to first byte that is a finding */
	char		*may_reach;		/* words: ecp powershell 81 444; NULL: none */
	char		*allowed_auth;		/* DIR=SCHEME+SCHEME ...; NULL: no policy */
};

/* All empty; strings are kept by policy_keep(). */
struct policy_book *policy_book_new(void);
void	policy_book_free(struct policy_book *);		/* NULL is fine */
const char *policy_keep(struct policy_book *, const char *);

/* NULL, or what was expected instead of such a list of patterns or tags. */
const char *policy_check_targets(const char *);
const char *policy_check_tags(const char *);
const char *policy_check_builds(const char *);
const char *policy_limit_key(enum policy_limit);
/* Does that rule, or "*", go by it? */
bool	policy_limit_fits(enum policy_limit, const char *rule);
/* The policy for one rule and one server: as it is, or *room with the thresholds of its sections. */
const struct policy *policy_limit_apply(const struct policy *, const struct result *,
	    const struct rule *, struct policy *room);
unsigned policy_strength(const struct policy_rule *);	/* 0 .. 3 */
bool	policy_in_scope(const struct policy_scope *, const struct result *);
/* Its name where a file of a policy was read; else "". */
const char *policy_named(const struct policy *);
/* "*.example.com", "*, tags edge"; the caller frees it. */
char	*policy_scope_text(const struct policy_scope *);
/* Does it hold, on that day, for what the rule finds there? */
bool	policy_waives(const struct waiver *, const struct result *, int32_t as_of,
	    const struct rule *);
/* Is that build in the list of allowed ones?  "15.2.2562.*" allows every build of it. */
bool	policy_allows_build(const char *list, const char *build);
/* Does it allow a build that begins so? */
bool	policy_may_allow_build(const char *list, const char *build);
/*
 * What the book makes of one finding: severity, not counted, or waived as of
 * that day.  A finding that does not count is not-applicable, and its sentence
 * says what it would have been.
 */
void	policy_apply(const struct policy *, const struct result *, int32_t as_of,
	    struct finding *);

#endif
