/*
 * view.h - what several reporters say about one report, said once: names of
 * releases, counts that are known, the worst finding, why nothing was seen.
 */
#ifndef EXVET_VIEW_H
#define EXVET_VIEW_H

#include "report.h"

/* A base build has no update of its own: its CU is its name. */
const char *view_update(const struct build_row *);

/*
 * The findings of a judgement, worst first: fail, warn, the same but waived,
 * undecidable, not-observable, pass, not-applicable; each by severity, then in
 * rule order.
 * The caller frees the list of nfindings entries.
 */
const struct finding **view_sorted(const struct judgement *);
/* The worst finding that counts (rule_counts()); NULL when there is none. */
const struct finding *view_worst(const struct judgement *);
size_t	view_verdicts(const struct judgement *, enum verdict);

/* "waived until 2027-01-31 by J. Doe: Replaced in January".  The caller frees it. */
char   *view_waiver(const struct waiver *);
/* The rule could not decide, or not see: what is not known is no zero in a count. */
bool	view_may_fail(const struct judgement *, const char *rule);
size_t	view_waived(const struct judgement *);	/* findings */

/* Is what the table says about missing updates and CVEs worth printing? */
bool	view_knows_cves(const struct build_report *);	/* NULL is fine: false */
size_t	view_cves_open(const struct build_report *);	/* open and presumed */
/* No update comes any more: a zero means that nobody looks. */
bool	view_has_ended(const struct build_report *);
size_t	view_kev_undecidable(const struct build_report *);	/* known-exploited, perhaps open */

/* The failure that explains best why the target was not judged; NULL. */
const struct obs_error *view_failure(const struct result *);
/* "connect: refused (…)", "" for none.  The caller frees it. */
char   *view_failure_text(const struct result *);

/* What told the build: "X-OWA-Version on 4 paths, log-on page"; "" for nothing.  Owned. */
char   *view_sources(const struct obs *);

/* The overall word, and how bad it is: greater is worse. */
enum view_state {
	VIEW_OTHER,		/* not Exchange, or not ours to patch */
	VIEW_SILENT,		/* nothing answered, or not judged */
	VIEW_CLEAN,		/* all that could be seen is judged, no finding */
	VIEW_UNDECIDED,		/* something may be wrong; the evidence allows both */
	VIEW_INFO, VIEW_LOW, VIEW_MEDIUM, VIEW_HIGH, VIEW_CRITICAL,
	VIEW_STATES
};
enum view_state view_state(const struct report *);
const char *view_state_name(enum view_state);

#endif
