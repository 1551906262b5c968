/* cve.h - the state of one flaw as the rules see it. */
#ifndef EXVET_RULES_CVE_H
#define EXVET_RULES_CVE_H

#include "rule.h"

/* The report's state, made undecidable where a file's version may lag. */
enum cve_state	cve_state_of(const struct rule_in *, const struct cve_verdict *);

#endif
