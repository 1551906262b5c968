/*
 * ntlm.c - findings from NTLM challenges and clocks: the release of Windows
 * and its end of support, and clock skew.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rules/place.h"
#include "rules/table.h"

/*
 * Ends of support from https://learn.microsoft.com/lifecycle/products/.  A
 * build belongs to a server and to a client release; client: the last day of
 * its longest-served edition.  esu: the last day of paid updates, "" if none.
 */
static const struct release {
	const char	*version;
	const char	*server, *ends, *esu;
	const char	*client, *client_ends;		/* "" : there is none */
} releases[] = {
	{ "5.0.2195",	"Windows 2000 Server", "2010-07-13", "", "Windows 2000", "2010-07-13" },
	{ "5.1.2600",	"", "", "", "Windows XP", "2014-04-08" },
	{ "5.2.3790",	"Windows Server 2003", "2015-07-14", "", "Windows XP x64", "2014-04-08" },
	{ "6.0.6001",	"Windows Server 2008", "2011-07-12", "", "Windows Vista SP1", "2011-07-12" },
	{ "6.0.6002",	"Windows Server 2008", "2020-01-14", "2023-01-10", "Windows Vista", "2017-04-11" },
	{ "6.0.6003",	"Windows Server 2008", "2020-01-14", "2023-01-10", "", "" },
	{ "6.1.7600",	"Windows Server 2008 R2", "2013-04-09", "", "Windows 7", "2013-04-09" },
	{ "6.1.7601",	"Windows Server 2008 R2", "2020-01-14", "2023-01-10", "Windows 7", "2020-01-14" },
	{ "6.2.9200",	"Windows Server 2012", "2023-10-10", "2026-10-13", "Windows 8", "2016-01-12" },
	{ "6.3.9600",	"Windows Server 2012 R2", "2023-10-10", "2026-10-13", "Windows 8.1", "2023-01-10" },
	{ "10.0.14393",	"Windows Server 2016", "2027-01-12", "", "Windows 10 1607", "2026-10-13" },
	{ "10.0.16299",	"Windows Server 1709", "2019-04-09", "", "Windows 10 1709", "2020-10-13" },
	{ "10.0.17134",	"Windows Server 1803", "2019-11-12", "", "Windows 10 1803", "2021-05-11" },
	{ "10.0.17763",	"Windows Server 2019", "2029-01-09", "", "Windows 10 1809", "2029-01-09" },
	{ "10.0.18362",	"Windows Server 1903", "2020-12-08", "", "Windows 10 1903", "2020-12-08" },
	{ "10.0.18363",	"Windows Server 1909", "2021-05-11", "", "Windows 10 1909", "2022-05-10" },
	{ "10.0.19041",	"Windows Server 2004", "2021-12-14", "", "Windows 10 2004", "2021-12-14" },
	{ "10.0.19042",	"Windows Server 20H2", "2022-08-09", "", "Windows 10 20H2", "2023-05-09" },
	{ "10.0.20348",	"Windows Server 2022", "2031-10-14", "", "", "" },
	{ "10.0.25398",	"Windows Server 23H2", "2025-10-24", "", "", "" },
	{ "10.0.26100",	"Windows Server 2025", "2034-11-14", "", "Windows 11 24H2", "2029-10-09" },
};

enum { SOON = 180 };		/* days ahead in which an end of support warns */

static const struct release *
find_release(const char *version)
{
	for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++)
		if (strcmp(releases[i].version, version) == 0)
			return &releases[i];
	return NULL;
}

static int32_t
day(const char *text)
{
	int32_t d = BUILDS_NO_DAY;

	return builds_day_parse(text, &d) ? d : BUILDS_NO_DAY;
}

/* Exchange runs on server releases only, so it settles which one it is. */
static bool
is_server(const struct rule_in *in, const struct release *r)
{
	return r->client[0] == '\0' || (in->who->identity == IDENTITY_EXCHANGE && r->server[0] != '\0');
}

/* Both readings of a build that is not known to be a server. */
static enum verdict
judge_either(const struct rule_in *in, struct finding *f, const struct observation *k,
    const struct release *r)
{
	bool server = r->server[0] != '\0' && day(r->ends) >= in->as_of;
	bool client = day(r->client_ends) >= in->as_of;
	bool both = r->server[0] != '\0';

	if (!server && !client) {
		finding_why(f, "%s at %s is %s%s%s: support has ended.", k->text, k->at, r->server,
		    both ? " or " : "", r->client);
		return VERDICT_FAIL;
	}
	if (server && client) {
		finding_why(f, "%s at %s is %s or %s: both are supported.", k->text, k->at, r->server,
		    r->client);
		return VERDICT_PASS;
	}
	finding_why(f, "%s at %s is %s (supported to %s) or %s (to %s): it cannot be told which.",
	    k->text, k->at, r->server, r->ends, r->client, r->client_ends);
	return VERDICT_UNDECIDABLE;
}

static enum verdict
judge_server(const struct rule_in *in, struct finding *f, const struct observation *k,
    const struct release *r)
{
	int32_t left = day(r->ends) - in->as_of;

	finding_text(f, "release", r->server);
	finding_text(f, "support_until", r->ends);
	if (left < 0 && day(r->esu) >= in->as_of) {
		finding_why(f, "%s (%s at %s): support ended on %s; paid updates, which cannot be seen, "
		    "run to %s.", r->server, k->text, k->at, r->ends, r->esu);
		return VERDICT_WARN;
	}
	if (left < 0) {
		finding_why(f, "%s (%s at %s): support ended on %s, %s ago.", r->server, k->text, k->at,
		    r->esu[0] != '\0' ? r->esu : r->ends, place_count(in->as_of -
		    day(r->esu[0] != '\0' ? r->esu : r->ends), "day").s);
		return VERDICT_FAIL;
	}
	if (left > SOON) {
		finding_why(f, "%s (%s at %s) is supported to %s.", r->server, k->text, k->at, r->ends);
		return VERDICT_PASS;
	}
	finding_why(f, "%s (%s at %s): support ends on %s, in %s.", r->server, k->text, k->at, r->ends,
	    place_count(left, "day").s);
	f->severity = SEV_LOW;
	return VERDICT_WARN;
}

static enum verdict
judge_os(const struct rule_in *in, struct finding *f, const struct observation *k)
{
	const struct release *r = find_release(k->text);

	f->severity = f->rule->severity;
	if (r == NULL) {
		finding_why(f, "%s at %s is no release of Windows Server that is known here; other "
		    "software (Samba, a proxy) makes up its own.", k->text, k->at);
		return VERDICT_UNDECIDABLE;
	}
	return is_server(in, r) ? judge_server(in, f, k, r) : judge_either(in, f, k, r);
}

/* Several builds behind one name: the worst is told. */
static enum verdict
check_windows(const struct rule_in *in, struct finding *f)
{
	static const int worth[] = {
		[VERDICT_PASS] = 0, [VERDICT_UNDECIDABLE] = 1, [VERDICT_WARN] = 2, [VERDICT_FAIL] = 3,
	};
	const struct observation *worst = NULL;
	enum verdict verdict = VERDICT_PASS, v;

	for (const struct observation *k = obs_first(in->obs, FACT_NTLM_OS); k != NULL;
	    k = obs_next(in->obs, k)) {
		struct finding trial = { .rule = f->rule };

		finding_proof(f, in->obs, k);
		v = judge_os(in, &trial, k);
		if (worst == NULL || worth[v] > worth[verdict]) {
			worst = k;
			verdict = v;
		}
		for (size_t i = 0; i < trial.ndetail; i++)
			free((void *)(uintptr_t)trial.detail[i].text);
		free(trial.detail);
		free(trial.why);
	}
	finding_text(f, "build", worst->text);
	return judge_os(in, f, worst);
}

const struct rule rule_windows = {
	.id = "windows-end-of-support",
	.title = "Windows under Exchange is out of support",
	.group = "support",
	.severity = SEV_HIGH,
	.reference = "https://learn.microsoft.com/lifecycle/products/",
	.rationale = "The build in an NTLM challenge names the release of Windows. One without support gets no "
	    "security updates, whatever Exchange itself gets.",
	.remediation = "Install a new server on a supported release and move the mailboxes; Windows under "
	    "Exchange must not be upgraded in place.",
	.needs = (const enum fact[]){ FACT_NTLM_OS, FACT_COUNT },
	.check = check_windows,
};

/* The clock that is furthest off, of one fact. */
static const struct observation *
furthest(const struct obs *obs, enum fact fact, const struct observation *best)
{
	for (const struct observation *k = obs_first(obs, fact); k != NULL; k = obs_next(obs, k))
		if (best == NULL || llabs(k->number) > llabs(best->number))
			best = k;
	return best;
}

static enum verdict
check_skew(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = furthest(in->obs, FACT_NTLM_SKEW, NULL);
	const struct observation *date = furthest(in->obs, FACT_HTTP_DATE_SKEW, NULL);
	bool own;

	k = furthest(in->obs, FACT_SMB_SKEW, k);
	k = furthest(in->obs, FACT_MAIL_SKEW, k);
	own = k != NULL;
	/* A Date may be a proxy's: it speaks only where it is worse, and more softly. */
	if (!own || (llabs(k->number) <= in->policy->skew_seconds &&
	    date != NULL && llabs(date->number) > in->policy->skew_seconds))
		k = date;
	own = own && k != date;
	finding_proof(f, in->obs, k);
	finding_number(f, "seconds", k->number);
	if (llabs(k->number) <= in->policy->skew_seconds) {
		finding_why(f, "The clocks differ by %s at most (%s).",
		    place_count(llabs(k->number), "second").s, k->at);
		return VERDICT_PASS;
	}
	finding_why(f, "The clock at %s is %s %s ours%s.", k->at,
	    place_count(llabs(k->number), "second").s, k->number > 0 ? "ahead of" : "behind",
	    own ? "" : ", by the Date header, which may be a proxy's");
	return own ? VERDICT_FAIL : VERDICT_WARN;
}

const struct rule rule_skew = {
	.id = "clock-skew",
	.title = "The server's clock is wrong",
	.group = "health",
	.severity = SEV_MEDIUM,
	.reference = "https://learn.microsoft.com/previous-versions/windows/it-pro/"
	    "windows-10/security/threat-protection/security-policy-settings/"
	    "maximum-tolerance-for-computer-clock-synchronization",
	.rationale = "Kerberos refuses log-ons when clocks differ by more than five minutes, and certificates, "
	    "logs and OAuth tokens depend on the time. Our own clock may be the wrong one: several "
	    "servers with the same skew point at it.",
	.remediation = "Check w32tm /query /status on the server and on the host of this scan; domain members "
	    "take their time from the domain hierarchy.",
	.needs = (const enum fact[]){ FACT_NTLM_SKEW, FACT_SMB_SKEW, FACT_MAIL_SKEW,
	    FACT_HTTP_DATE_SKEW, FACT_COUNT },
	.check = check_skew,
};
