/*
 * policy.h - the owner's thresholds, from the INI's policy section.
 */
#ifndef EXVET_POLICY_H
#define EXVET_POLICY_H

#include <stdint.h>

struct policy {
	int64_t		 grace_days;		/* days after a release in which missing it only warns */
	int64_t		 table_stale_days;	/* age of the table that is a finding */
	int64_t		 cert_warn_days;	/* certificate ends within: warn */
	int64_t		 cert_fail_days;	/* certificate ends within: fail */
	int64_t		 skew_seconds;		/* clock skew that is a finding */
};

#endif
