/* check_metric.c - the numbers that the plugin measures; what is not known is left out. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "check_metric.h"
#include "check_terms.h"
#include "view.h"

static const char first_byte[] = "milliseconds to the first byte of that directory";
static const struct {
	const char *name, *unit, *text;
} metrics[METRIC_COUNT] = {
	[METRIC_MISSING] = { "missing-updates", "",
	    "security updates that are missing" },
	[METRIC_BEHIND] = { "days-behind", "",
	    "days since the first missing update came out" },
	[METRIC_KEV] = { "kev-open", "",
	    "open vulnerabilities that are known to be exploited" },
	[METRIC_CVES] = { "cves-open", "",
	    "open vulnerabilities" },
	[METRIC_CERT] = { "cert-days", "",
	    "days until the certificate ends; below zero: since" },
	[METRIC_CRITICAL] = { "findings-critical", "",
	    "critical findings of the groups asked for" },
	[METRIC_HIGH] = { "findings-high", "",
	    "high findings" },
	[METRIC_MEDIUM] = { "findings-medium", "",
	    "medium findings" },
	[METRIC_LOW] = { "findings-low", "",
	    "low findings" },
	[METRIC_TIME] = { "time", "s",
	    "seconds that the check took" },
	[METRIC_RESOLVE] = { "time-resolve", "s",
	    "seconds until the name was resolved" },
	[METRIC_CONNECT] = { "time-connect", "s",
	    "seconds of the TCP connection" },
	[METRIC_TLS] = { "time-tls", "s",
	    "seconds of the TLS handshake" },
	[METRIC_FIRST] = { "time-first-byte", "s",
	    "seconds from the quickest request to its first byte" },
	[METRIC_MEMBERS] = { "members", "",
	    "front ends that named themselves" },
	[METRIC_OWA] = { "time-owa", "ms", first_byte },
	[METRIC_ECP] = { "time-ecp", "ms", first_byte },
	[METRIC_EWS] = { "time-ews", "ms", first_byte },
	[METRIC_AUTODISCOVER] = { "time-autodiscover", "ms", first_byte },
	[METRIC_MAPI] = { "time-mapi", "ms", first_byte },
	[METRIC_OAB] = { "time-oab", "ms", first_byte },
	[METRIC_RPC] = { "time-rpc", "ms", first_byte },
	[METRIC_ACTIVESYNC] = { "time-activesync", "ms", first_byte },
	[METRIC_POWERSHELL] = { "time-powershell", "ms", first_byte },
};

static const struct {
	const char		*path;
	enum check_metric	 metric;
} directories[] = {
	{ "owa", METRIC_OWA },
	{ "ecp", METRIC_ECP },
	{ "ews", METRIC_EWS },
	{ "autodiscover", METRIC_AUTODISCOVER },
	{ "mapi", METRIC_MAPI },
	{ "oab", METRIC_OAB },
	{ "rpc", METRIC_RPC },
	{ "microsoft-server-activesync", METRIC_ACTIVESYNC },
	{ "powershell", METRIC_POWERSHELL },
};

const char *
check_metric_name(enum check_metric m)
{
	return metrics[m].name;
}

const char *
check_metric_unit(enum check_metric m)
{
	return metrics[m].unit;
}

const char *
check_metric_text(enum check_metric m)
{
	return metrics[m].text;
}

enum check_metric
check_metric_find(const char *name, size_t n)
{
	for (size_t i = 0; i < METRIC_COUNT; i++)
		if (strlen(metrics[i].name) == n && strncmp(metrics[i].name, name, n) == 0)
			return (enum check_metric)i;
	return METRIC_COUNT;
}

static void
set(struct check_values *v, enum check_metric m, double value)
{
	v->known[m] = true;
	v->v[m] = value;
}

/* Days of the proleptic Gregorian calendar since 1970-01-01, by builds.h. */
static bool
read_time(const char *s, double *seconds)
{
	char date[11] = "";
	int32_t day;
	int64_t hour, minute, second;
	char part[3] = "";

	if (strlen(s) < 19)
		return false;
	memcpy(date, s, 10);
	if (!builds_day_parse(date, &day))
		return false;
	memcpy(part, s + 11, 2);
	if (!text_number(part, 0, 23, &hour))
		return false;
	memcpy(part, s + 14, 2);
	if (!text_number(part, 0, 59, &minute))
		return false;
	memcpy(part, s + 17, 2);
	if (!text_number(part, 0, 60, &second))
		return false;
	*seconds = day * 86400.0 + (double)(hour * 3600 + minute * 60 + second);
	return true;
}

bool
check_metric_cert_end(const struct result *r, double *end)
{
	bool any = false;

	for (const struct observation *k = obs_first(r->obs, FACT_CERT_NOT_AFTER); k != NULL;
	    k = obs_next(r->obs, k)) {
		double t;

		if (!read_time(k->text, &t))
			continue;
		if (!any || t < *end)
			*end = t;
		any = true;
	}
	return any;
}

static void
read_cert(const struct result *r, int32_t as_of, struct check_values *v)
{
	double end, left;
	int64_t days;

	if (!check_metric_cert_end(r, &end))
		return;
	/* the moment of the scan on the day that is judged as of: rules/cert.c */
	left = (end - as_of * 86400.0 - (double)(r->started_ms / 1000 % 86400)) / 86400;
	days = (int64_t)left;
	set(v, METRIC_CERT, (double)(left < 0 && (double)days > left ? days - 1 : days));
}

/*
 * Is the number of missing updates known?  A dead product misses nothing more:
 * its zero would be a lie.
 */
static bool
counts_missing(const struct judgement *j)
{
	const struct build_report *b = j->build;
	const struct finding *missing = rule_finding(j, "su-missing");

	if (b == NULL || j->identity != IDENTITY_EXCHANGE || b->place != PLACE_EXACT ||
	    !b->missing_known)
		return false;
	return b->nmissing > 0 || (missing != NULL && missing->verdict == VERDICT_PASS);
}

static void
read_build(const struct judgement *j, struct check_values *v)
{
	const struct build_report *b = j->build;

	if (b == NULL || j->identity != IDENTITY_EXCHANGE || j->contradiction)
		return;
	if (counts_missing(j)) {
		set(v, METRIC_MISSING, (double)b->nmissing);
		if (b->days_behind >= 0)
			set(v, METRIC_BEHIND, b->days_behind);
	}
	if (b->place != PLACE_EXACT)
		return;
	/* A count says at least so many; none is only said where none can hide. */
	if (b->kev_open > 0 || (!view_has_ended(b) && view_kev_undecidable(b) == 0))
		set(v, METRIC_KEV, (double)b->kev_open);
	if (view_cves_open(b) > 0 || (!view_has_ended(b) && b->count[CVE_UNDECIDABLE] == 0))
		set(v, METRIC_CVES, (double)view_cves_open(b));
}

static void
read_findings(const struct check_terms *t, const struct judgement *j, struct check_values *v)
{
	static const enum check_metric by_severity[] = {
		[SEV_INFO] = METRIC_COUNT, [SEV_LOW] = METRIC_LOW, [SEV_MEDIUM] = METRIC_MEDIUM,
		[SEV_HIGH] = METRIC_HIGH, [SEV_CRITICAL] = METRIC_CRITICAL,
	};

	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];
		enum check_metric m = by_severity[f->severity];

		if (rule_counts(f) && m != METRIC_COUNT && check_terms_counts(t, f->rule))
			v->v[m]++;
	}
	/* None of what was not recognized says nothing. */
	for (int m = METRIC_CRITICAL; m <= METRIC_LOW; m++)
		v->known[m] = v->v[m] > 0 || j->identity != IDENTITY_UNKNOWN;
}

/* The first folder of a URL's path, in place. */
static const char *
folder_of(const char *url, size_t *n)
{
	const char *s = strstr(url, "://");

	s = s != NULL ? strchr(s + 3, '/') : NULL;
	if (s == NULL)
		return NULL;
	*n = strcspn(s + 1, "/?#");
	return s + 1;
}

/* The slowest answer of each directory. */
static void
read_directory(const struct observation *k, struct check_values *v)
{
	size_t n = 0;
	const char *folder = folder_of(k->at, &n);

	for (size_t i = 0; folder != NULL && i < sizeof(directories) / sizeof(directories[0]); i++) {
		enum check_metric m = directories[i].metric;

		if (strlen(directories[i].path) == n && n > 0 &&
		    text_starts_nocase(folder, directories[i].path) &&
		    (!v->known[m] || (double)k->number > v->v[m]))
			set(v, m, (double)k->number);
	}
}

static void
read_times(const struct result *r, struct check_values *v)
{
	for (const struct observation *k = obs_first(r->obs, FACT_HTTP_TTFB); k != NULL;
	    k = obs_next(r->obs, k)) {
		double s = (double)k->number / 1000;

		if (!v->known[METRIC_FIRST] || s < v->v[METRIC_FIRST])
			set(v, METRIC_FIRST, s);
		read_directory(k, v);
	}
}

static void
read_step(const struct result *r, enum fact fact, struct check_values *v, enum check_metric m)
{
	const struct observation *k = obs_first(r->obs, fact);

	if (k != NULL)
		set(v, m, (double)k->number / 1000);
}

/* Does an earlier observation of the same kind name it too? */
static bool
is_repeated(const struct result *r, const struct observation *k)
{
	const struct observation *p = obs_first(r->obs, k->fact);

	while (p != k && !text_eq_nocase(p->text, k->text))
		p = obs_next(r->obs, p);
	return p != k;
}

/* Servers that named themselves: one name is one member. */
static void
read_members(const struct result *r, struct check_values *v)
{
	static const enum fact facts[] = { FACT_POOL_MEMBER, FACT_NAME_FRONTEND };
	size_t n = 0;

	/* Samples of a pool know best; without them the front ends met by chance. */
	for (size_t i = 0; i < 2 && n == 0; i++)
		for (const struct observation *k = obs_first(r->obs, facts[i]); k != NULL;
		    k = obs_next(r->obs, k))
			n += !is_repeated(r, k);
	if (n > 0)
		set(v, METRIC_MEMBERS, (double)n);
}

void
check_metric_read(const struct check_terms *t, const struct report_run *run,
    const struct report *report, struct check_values *v)
{
	const struct result *r = report->result;

	*v = (struct check_values){ 0 };
	read_build(report->judgement, v);
	read_cert(r, run->as_of, v);
	read_findings(t, report->judgement, v);
	set(v, METRIC_TIME, (double)r->duration_ms / 1000);
	read_step(r, FACT_TIME_RESOLVE, v, METRIC_RESOLVE);
	read_step(r, FACT_TIME_CONNECT, v, METRIC_CONNECT);
	read_step(r, FACT_TIME_TLS, v, METRIC_TLS);
	read_times(r, v);
	read_members(r, v);
}
