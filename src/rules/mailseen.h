/*
 * mailseen.h - what the probes of mail saw, for the rules on SMTP, IMAP and
 * POP3: by probe, and why it was not seen.
 */
#ifndef EXVET_RULES_MAILSEEN_H
#define EXVET_RULES_MAILSEEN_H

#include "rule.h"

/* The probes of one rule, ended by NULL. */
extern const char *const mailseen_smtp[], *const mailseen_imap[], *const mailseen_pop[], *const mailseen_all[];

/* The first, or the next, observation of a fact by one of the probes. */
const struct observation *mailseen_next(const struct obs *, enum fact, const char *const *probes,
	    const struct observation *after);
/* The first with that text. */
const struct observation *mailseen_find(const struct obs *, enum fact, const char *const *probes,
	    const char *text);
/* Mechanisms that hand the password, or a token as good as one, to whoever listens. */
const struct observation *mailseen_bare(const struct rule_in *, struct finding *,
	    const char *const *probes);
/*
 * None of the probes saw it: turned away, cut off, closed, not asked.  Returns
 * VERDICT_NOT_OBSERVABLE.
 */
enum verdict mailseen_none(const struct rule_in *, struct finding *, const char *const *probes,
	    const char *what);
/*
 * Words that a firewall overwrote, or that lie beyond our limits, prove
 * nothing: where there are such, what was not seen is undecidable.
 */
bool	mailseen_unclear(const struct rule_in *, struct finding *, const char *const *probes,
	    const char *what);

#endif
