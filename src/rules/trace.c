/* trace.c - what an update does not settle: mitigations seen, and traces to search for. */
#include <string.h>

#include "rules/cve.h"
#include "rules/place.h"
#include "rules/table.h"

/*
 * The only mitigation that shows from outside: an outbound rule sets
 * "script-src-attr 'none'" on text/html below /owa/ (Exchange Emergency
 * Mitigation M2.1, EOMT).
 */
static const char mitigated[] = "CVE-2026-42897";

static const struct cve_verdict *
verdict_of(const struct build_report *b, const char *id)
{
	for (size_t i = 0; i < b->ncves; i++)
		if (strcmp(b->cves[i].cve->id, id) == 0)
			return &b->cves[i];
	return NULL;
}

/* Was a page asked for that the rule covers? */
static const struct observation *
owa_answer(const struct obs *obs)
{
	for (const struct observation *k = obs_first(obs, FACT_HTTP_STATUS); k != NULL;
	    k = obs_next(obs, k)) {
		size_t n = strlen(k->at);

		if (k->number < 400 && ((n >= 5 && strcmp(k->at + n - 5, "/owa/") == 0) ||
		    (n >= 4 && strcmp(k->at + n - 4, "/owa") == 0)))
			return k;
	}
	return NULL;
}

static enum verdict
header_seen(const struct rule_in *in, struct finding *f, enum cve_state state)
{
	const struct build_report *b = in->who->build;

	switch (state) {
	case CVE_OPEN:
	case CVE_OPEN_PRESUMED:
		f->severity = SEV_MEDIUM;
		finding_why(f, "Mitigation header seen for %s, but the fix is missing in %s: install it.",
		    mitigated, place_build(b).s);
		return VERDICT_WARN;
	case CVE_FIXED:
	case CVE_NEEDS_CONFIG:
		finding_why(f, "%s has the fix for %s by its build; the mitigation header is seen too, "
		    "which stays after the update until somebody removes it.", place_build(b).s, mitigated);
		return VERDICT_PASS;
	case CVE_UNDECIDABLE:
		break;
	}
	finding_why(f, "Mitigation header seen for %s; whether the fix is installed cannot be decided "
	    "for %s.", mitigated, place_build(b).s);
	return VERDICT_UNDECIDABLE;
}

static enum verdict
header_not_seen(const struct rule_in *in, struct finding *f, enum cve_state state)
{
	const struct build_report *b = in->who->build;
	const struct observation *owa = owa_answer(in->obs);

	if (state == CVE_FIXED || state == CVE_NEEDS_CONFIG) {
		finding_why(f, "%s has the fix for %s by its build: no mitigation is needed.",
		    place_build(b).s, mitigated);
		return VERDICT_NOT_APPLICABLE;
	}
	if (owa == NULL) {
		finding_why(f, "/owa/, where the mitigation for %s would show, did not answer.", mitigated);
		return VERDICT_NOT_OBSERVABLE;
	}
	finding_proof(f, in->obs, owa);
	if (state == CVE_UNDECIDABLE) {
		finding_why(f, "No mitigation header for %s at %s; whether the fix is installed cannot be "
		    "decided for %s.", mitigated, owa->at, place_build(b).s);
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "%s is open in %s and %s shows no mitigation header.", mitigated,
	    place_build(b).s, owa->at);
	return VERDICT_FAIL;
}

static enum verdict
check_mitigation(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	const struct observation *seen = obs_find(in->obs, FACT_MITIGATION, mitigated);
	const struct cve_verdict *v = verdict_of(b, mitigated);
	enum cve_state state;

	finding_text(f, "cve", mitigated);
	finding_number(f, "header_seen", seen != NULL);
	if (seen != NULL)
		finding_proof(f, in->obs, seen);
	if (v == NULL && b->branch[0] == '\0')
		return place_undecidable(in, f, "Whether the mitigation is needed");
	if (v == NULL) {
		finding_why(f, "%s is not among the versions with %s known on %s.", b->product, mitigated,
		    place_day(in->as_of).s);
		return VERDICT_NOT_APPLICABLE;
	}
	state = cve_state_of(in, v);
	return seen != NULL ? header_seen(in, f, state) : header_not_seen(in, f, state);
}

const struct rule rule_mitigation = {
	.id = "mitigation-seen",
	.title = "Mitigation of CVE-2026-42897",
	.group = "patch",
	.severity = SEV_HIGH,
	.reference = "https://msrc.microsoft.com/update-guide/vulnerability/CVE-2026-42897",
	.rationale = "Until June 2026 a rewrite rule was the only protection against a flaw in Outlook on "
	    "the web that was used in attacks. It shows as script-src-attr 'none' in the "
	    "Content-Security-Policy of /owa/. It is no fix and may stay after the update. (That it "
	    "shows on the answer before log-on is inferred from the rule. Microsoft's mitigation "
	    "tool counts the fix from Jul26SU, the update guide from Jun26SU.)",
	.remediation = "Install the June 2026 update or a later one, better July's. Then the mitigation "
	    "may be removed.",
	.needs_exchange = true, .needs_build = true,
	.check = check_mitigation,
};

/* What to search for, by the name that the flaw is known under. */
static const struct trace {
	const char	*cve;
	const char	*search;
} traces[] = {
	{ "CVE-2021-26855", "ProxyLogon: web shells (.aspx) below inetpub\\wwwroot\\aspnet_client and "
	    "FrontEnd\\HttpProxy\\owa\\auth, script in the ExternalUrl of an OAB directory, "
	    "Test-ProxyLogon.ps1 (https://aka.ms/exchangevulns)" },
	{ "CVE-2021-27065", "ProxyLogon: OAB directories whose ExternalUrl holds script" },
	{ "CVE-2021-34473", "ProxyShell: IIS log lines with autodiscover.json and powershell, mailbox "
	    "export requests to .aspx files, accounts added to Organization Management" },
	{ "CVE-2022-41040", "ProxyNotShell: IIS log lines with autodiscover.json, powershell and status "
	    "200, web shells, children of w3wp.exe" },
	{ "CVE-2022-41080", "OWASSRF: Remote PowerShell log lines of ordinary users through /owa/, remote "
	    "access tools (Plink, AnyDesk)" },
	{ "CVE-2021-42321", "IIS and PowerShell logs for Update-UserConfiguration, children of w3wp.exe" },
	{ "CVE-2020-0688", "event 4 of MSExchange Control Panel, /ecp/ requests with __VIEWSTATE in the "
	    "query; machine keys must be renewed" },
	{ "CVE-2021-33766", "ProxyToken: /ecp/ requests with the cookie SecurityToken, new inbox rules "
	    "that forward mail" },
	{ "CVE-2018-8581", "PrivExchange: push subscriptions to strange hosts, new rights on the domain "
	    "object (DCSync)" },
	{ "CVE-2024-21410", "NTLM relay: log-ons to Exchange from addresses that are not the user's" },
	{ "CVE-2026-42897", "OWA script flaw: new inbox rules and forwards, sessions from strange "
	    "addresses, mails with script in attributes" },
};

static size_t
list_traces(const struct rule_in *in, struct finding *f, const char **first)
{
	const struct build_report *b = in->who->build;
	size_t n = 0;

	for (size_t i = 0; i < sizeof(traces) / sizeof(traces[0]); i++) {
		const struct cve_verdict *v = verdict_of(b, traces[i].cve);

		if (v == NULL || (v->state != CVE_OPEN && v->state != CVE_OPEN_PRESUMED))
			continue;
		if (n++ == 0)
			*first = traces[i].search;
		finding_list(f, "search", traces[i].search);
	}
	return n;
}

static enum verdict
check_backdoor(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	const char *first = "web shells (.aspx) below the web folders, children of w3wp.exe, new "
	    "accounts, inbox rules and scheduled tasks";
	size_t maybe = 0;

	for (size_t i = 0; i < b->ncves; i++)
		maybe += b->cves[i].state == CVE_UNDECIDABLE && b->cves[i].cve->kev;
	finding_number(f, "known_exploited_open", (int64_t)b->kev_open);
	if (b->kev_open > 0) {
		(void)list_traces(in, f, &first);
		finding_why(f, "%s that attackers use %s open: installing the update closes the hole, and "
		    "does not remove a backdoor. Search for %s.",
		    place_count((int64_t)b->kev_open, "flaw").s, b->kev_open == 1 ? "is" : "are", first);
		return VERDICT_WARN;
	}
	if (maybe > 0) {
		finding_why(f, "%s that attackers use may be open: if so, search for %s; an update does not "
		    "remove a backdoor.", place_count((int64_t)maybe, "flaw").s, first);
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "No flaw that attackers are known to use is open by the build; whether one was open "
	    "before the last update, and was used, cannot be seen from the network.");
	return VERDICT_NOT_OBSERVABLE;
}

const struct rule rule_backdoor = {
	.id = "backdoor-check",
	.title = "An update does not remove a backdoor",
	.group = "patch",
	.severity = SEV_HIGH,
	.reference = "https://microsoft.github.io/CSS-Exchange/Security/Test-ProxyLogon/",
	.rationale = "Attackers who used a flaw leave web shells, accounts, rules and stolen machine keys "
	    "behind, and these survive every update. exvet sends no request that would look for "
	    "them: that is work on the server.",
	.remediation = "Look through the IIS, ECP, OAB and PowerShell logs for what the finding names, "
	    "run Microsoft Safety Scanner and HealthChecker, compare the web folders with a clean "
	    "installation, renew machine keys and the passwords of administrators. CISA's advisories "
	    "AA21-062A and AA21-116A show the traces.",
	.needs_exchange = true, .needs_build = true,
	.check = check_backdoor,
};
