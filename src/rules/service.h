/* service.h - services beside the web, in the sentences of findings. */
#ifndef EXVET_RULES_SERVICE_H
#define EXVET_RULES_SERVICE_H

#include "rule.h"

/* The state of a service's port: its first net.port fact, or NULL. */
const struct observation *service_port(const struct obs *, const char *service);
/*
 * Why nothing of a service is known: its port is closed or silent, the talk
 * failed, or its probe did not run.  Returns VERDICT_NOT_OBSERVABLE.
 */
enum verdict service_unseen(const struct rule_in *, struct finding *, const char *service,
	    const char *what);
/* Is the vantage point called internet, external, extern, outside, public or wan? */
bool	service_is_outside(const char *vantage);
/*
 * Is a service that nobody outside needs reachable from here?  The verdict
 * depends on the vantage point: fail only outside.
 */
enum verdict service_exposed(const struct rule_in *, struct finding *, const char *service,
	    const char *called);

#endif
