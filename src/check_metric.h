/* check_metric.h - the numbers that the plugin measures, out of one report. */
#ifndef EXVET_CHECK_METRIC_H
#define EXVET_CHECK_METRIC_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"

enum check_metric {
	METRIC_MISSING, METRIC_BEHIND, METRIC_KEV, METRIC_CVES, METRIC_CERT,
	METRIC_CRITICAL, METRIC_HIGH, METRIC_MEDIUM, METRIC_LOW,
	METRIC_TIME, METRIC_RESOLVE, METRIC_CONNECT, METRIC_TLS, METRIC_FIRST, METRIC_MEMBERS,
	METRIC_OWA, METRIC_ECP, METRIC_EWS, METRIC_AUTODISCOVER, METRIC_MAPI, METRIC_OAB,
	METRIC_RPC, METRIC_ACTIVESYNC, METRIC_POWERSHELL,
	METRIC_COUNT
};

/* The label: unique in its first 19 characters, for ever. */
const char *check_metric_name(enum check_metric);
/* The unit as Icinga knows it: "", "s" or "ms"; values and limits are in it. */
const char *check_metric_unit(enum check_metric);
const char *check_metric_text(enum check_metric);	/* what it counts */
/* By label of n bytes; METRIC_COUNT when there is none. */
enum check_metric check_metric_find(const char *, size_t n);

struct check_values {
	bool	 known[METRIC_COUNT];
	double	 v[METRIC_COUNT];
};

struct check_terms;
bool	check_metric_cert_end(const struct result *, double *end);	/* seconds since 1970 */
void	check_metric_read(const struct check_terms *, const struct report_run *,
	    const struct report *, struct check_values *);

#endif
