/*
 * exposure.c - the findings on what can be reached and read from here.  What
 * is exposed depends on where one looks from: the sentences name the vantage
 * point, and the policy may say what may be reached from it (may-reach).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rules/place.h"
#include "rules/service.h"
#include "rules/table.h"
#include "rules/webdir.h"

static const enum fact needs_status[] = { FACT_HTTP_STATUS, FACT_COUNT };

/* "from vantage point internet" */
static struct place_text
from_here(const struct rule_in *in)
{
	struct place_text t = { "from here (--vantage names no place)" };
	const char *v = in->result->vantage;

	if (v[0] != '\0')
		(void)snprintf(t.s, sizeof(t.s), "from vantage point %.100s", v);
	return t;
}

static bool
is_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	while (list != NULL && *(list += strspn(list, " ,")) != '\0') {
		size_t len = strcspn(list, " ,");

		if (len == n && text_starts_nocase(list, word))
			return true;
		list += len;
	}
	return false;
}

/* Reached: a finding, unless the policy allows it; sure when one looks from outside. */
static enum verdict
reached(const struct rule_in *in, struct finding *f, const char *word, const char *what)
{
	if (is_word(in->policy->may_reach, word)) {
		finding_why(f, "%s is reachable %s, as the policy allows (may-reach).", what,
		    from_here(in).s);
		return VERDICT_PASS;
	}
	finding_why(f, "%s is reachable %s.", what, from_here(in).s);
	if (service_is_outside(in->result->vantage))
		return VERDICT_FAIL;
	f->severity = SEV_MEDIUM;	/* from where one looks is not known to be hostile */
	return VERDICT_WARN;
}

static enum verdict
check_dir(const struct rule_in *in, struct finding *f, const char *name, const char *word)
{
	const struct webdir *d = webdir_find(name, strlen(name));
	struct webdir_seen s;
	struct text_buf what = { 0 };
	enum verdict v;

	webdir_look(in->obs, d, &s);
	if (s.status == NULL) {
		finding_why(f, "/%s was not asked, or did not answer.", name);
		return VERDICT_NOT_OBSERVABLE;
	}
	finding_proof(f, in->obs, s.status);
	finding_number(f, "status", s.status->number);
	finding_text(f, "vantage", in->result->vantage);
	if (s.status->number >= 500 || place_is_httpapi(in->obs, s.status)) {
		finding_why(f, "%s answers %" PRId64 ": that it is broken now says not that it is closed.",
		    s.status->at, s.status->number);
		return VERDICT_UNDECIDABLE;
	}
	if (!s.asks && (s.status->number >= 400 ||
	    obs_next_at(in->obs, FACT_HTTP_OFFSITE, s.status->at, NULL) != NULL)) {
		finding_why(f, "%s answers %" PRId64 ": not reachable %s.", s.status->at,
		    s.status->number, from_here(in).s);
		return VERDICT_PASS;
	}
	text_buf_printf(&what, "%s (%" PRId64 ")", s.status->at, s.status->number);
	v = reached(in, f, word, what.s);
	text_buf_free(&what);
	return v;
}

static enum verdict
check_ecp(const struct rule_in *in, struct finding *f)
{
	return check_dir(in, f, "ecp", "ecp");
}

const struct rule rule_ecp = {
	.id = "ecp-reachable",
	.title = "The Exchange admin center answers",
	.group = "exposure",
	.severity = SEV_HIGH,
	.reference = "https://learn.microsoft.com/exchange/clients/client-access-rules/client-access-rules",
	.rationale = "The administrative interface was the way into most Exchange intrusions (ProxyLogon, "
	    "ProxyShell). From the internet nobody needs it: users need only their options.",
	.remediation = "Keep /ecp from untrusted networks: by the proxy in front, by IP restrictions in IIS, "
	    "or by client access rules (2019). If this vantage point may see it, say so: may-reach = ecp.",
	.needs = needs_status, .needs_exchange = true,
	.check = check_ecp,
};

static enum verdict
check_powershell(const struct rule_in *in, struct finding *f)
{
	return check_dir(in, f, "PowerShell", "powershell");
}

const struct rule rule_powershell = {
	.id = "powershell-reachable",
	.title = "Remote PowerShell answers",
	.group = "exposure",
	.severity = SEV_HIGH,
	.reference = "https://www.microsoft.com/security/blog/2022/09/30/"
	    "analyzing-attacks-using-the-exchange-vulnerabilities-cve-2022-41040-and-cve-2022-41082/",
	.rationale = "Anyone with a mailbox's password can open a session there; ProxyNotShell and its like "
	    "end in this directory. Outlook and phones never use it.",
	.remediation = "Keep /PowerShell from untrusted networks at the proxy or by IP restrictions in IIS, "
	    "and take remote PowerShell from users who are no administrators.",
	.needs = needs_status, .needs_exchange = true,
	.check = check_powershell,
};

/* ---- the back end ---- */

static bool
is_backend(const char *probe)
{
	return strcmp(probe, "backend") == 0 || strcmp(probe, "backend-plain") == 0;
}

/* A web server that is no IIS, when none of the ports shows a mark of Exchange, or asks for a log-on. */
static const struct observation *
stranger(const struct obs *obs)
{
	static const enum fact marks[] = { FACT_WEB_EXCHANGE, FACT_WEB_AUTH };
	const struct observation *found = NULL;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		for (const struct observation *k = obs_first(obs, marks[i]); k != NULL; k = obs_next(obs, k))
			if (is_backend(k->probe))
				return NULL;
	for (const struct observation *k = obs_first(obs, FACT_WEB_SERVER); k != NULL; k = obs_next(obs, k)) {
		if (!is_backend(k->probe))
			continue;
		if (text_starts_nocase(k->text, "Microsoft"))
			return NULL;
		found = found == NULL ? k : found;
	}
	return found;
}

static enum verdict
check_backend(const struct rule_in *in, struct finding *f)
{
	const struct observation *open = NULL, *web = NULL, *closed = NULL, *server;
	char word[8] = "";

	for (const struct observation *k = obs_first(in->obs, FACT_PORT); k != NULL;
	    k = obs_next(in->obs, k)) {
		if (!is_backend(k->probe))
			continue;
		finding_proof(f, in->obs, k);
		if (strcmp(k->text, "open") != 0)
			closed = k;
		else if (!is_word(in->policy->may_reach, strrchr(k->at, ':') + 1) || open == NULL)
			open = k;
	}
	for (const struct observation *k = obs_first(in->obs, FACT_WEB_STATUS); k != NULL;
	    k = obs_next(in->obs, k))
		web = web == NULL && is_backend(k->probe) ? k : web;
	if (open == NULL && closed == NULL) {
		finding_why(f, "The ports of the back end were not asked.");
		return VERDICT_NOT_OBSERVABLE;
	}
	if (open == NULL) {
		finding_why(f, "The back end is not reachable %s: %s is %s.", from_here(in).s, closed->at,
		    closed->text);
		return VERDICT_PASS;
	}
	if (web == NULL) {
		finding_why(f, "%s is open, but no web server answered.", open->at);
		return VERDICT_UNDECIDABLE;
	}
	(void)snprintf(word, sizeof(word), "%.7s", strrchr(open->at, ':') + 1);
	finding_proof(f, in->obs, web);
	server = stranger(in->obs);
	if (server != NULL) {
		finding_proof(f, in->obs, server);
		finding_why(f, "%s answers, and calls itself %s; nothing of Exchange shows there.", server->at,
		    server->text);
		return VERDICT_UNDECIDABLE;
	}
	return reached(in, f, word, open->at);
}

const struct rule rule_backend = {
	.id = "backend-reachable",
	.title = "The back end of Exchange answers (ports 444, 81)",
	.group = "exposure",
	.severity = SEV_HIGH,
	.reference = "https://learn.microsoft.com/exchange/plan-and-deploy/deployment-ref/network-ports",
	.rationale = "Only front ends of Exchange talk to the site Exchange Back End. Whoever reaches it "
	    "passes the front end's checks by.",
	.remediation = "Let the firewall pass 444 and 81 between Exchange servers only.",
	.needs_exchange = true,
	.check = check_backend,
};

/* ---- plain HTTP ---- */

static bool
redirects_to_tls(const struct obs *obs, const char *at)
{
	for (const struct observation *k = obs_first(obs, FACT_WEB_REDIRECT); k != NULL;
	    k = obs_next(obs, k))
		if (strcmp(k->at, at) == 0 && text_starts_nocase(k->text, "https://"))
			return true;
	return false;
}

static bool
is_web_path(const char *at, const char *name)
{
	return webdir_is_at(webdir_find(name, strlen(name)), at);
}

static enum verdict
check_plain(const struct rule_in *in, struct finding *f)
{
	const struct observation *bad = NULL, *seen = NULL;
	size_t asked = 0;

	for (const struct observation *k = obs_first(in->obs, FACT_WEB_STATUS); k != NULL;
	    k = obs_next(in->obs, k)) {
		if (strcmp(k->probe, "plain") != 0)
			continue;
		seen = k;
		asked++;
		/* PowerShell needs no TLS by default; its own rule judges that it is reachable. */
		if (is_web_path(k->at, "PowerShell") || k->number == 403 || k->number == 404 ||
		    k->number >= 500 || k->number == 400 || redirects_to_tls(in->obs, k->at))
			continue;
		finding_list(f, "at", k->at);
		finding_proof(f, in->obs, k);
		bad = bad == NULL ? k : bad;
	}
	if (bad != NULL) {
		finding_why(f, "%s answers %" PRId64 " over plain HTTP, without a redirect to HTTPS.", bad->at,
		    bad->number);
		return VERDICT_FAIL;
	}
	if (seen != NULL) {
		finding_proof(f, in->obs, seen);
		if (place_stopped(in->obs, "plain") != NULL) {
			finding_why(f, "None of %s over plain HTTP gives content, but not all were asked (%s).",
			    place_count((int64_t)asked, "path").s, place_stopped(in->obs, "plain")->reason);
			return VERDICT_UNDECIDABLE;
		}
		finding_why(f, "None of %s over plain HTTP gives content: they refuse, or send to HTTPS.",
		    place_count((int64_t)asked, "path").s);
		return VERDICT_PASS;
	}
	for (const struct observation *k = obs_first(in->obs, FACT_PORT); k != NULL;
	    k = obs_next(in->obs, k)) {
		if (strcmp(k->probe, "plain") != 0 || strcmp(k->text, "open") == 0)
			continue;
		finding_proof(f, in->obs, k);
		finding_why(f, "Plain HTTP does not answer %s: %s is %s.", from_here(in).s, k->at, k->text);
		return VERDICT_PASS;
	}
	finding_why(f, "Plain HTTP was not asked, or did not answer.");
	return VERDICT_NOT_OBSERVABLE;
}

const struct rule rule_plain = {
	.id = "plain-http-content",
	.title = "Exchange answers over plain HTTP without a redirect to HTTPS",
	.group = "exposure",
	.severity = SEV_HIGH,
	.reference = "https://learn.microsoft.com/exchange/clients/outlook-on-the-web/http-to-https-redirection",
	.rationale = "Log-ons, session cookies and mail cross the network in clear text.",
	.remediation = "Require SSL on every directory but PowerShell in IIS, and let only the root of the "
	    "site redirect to https://.../owa.",
	.needs_exchange = true,
	.check = check_plain,
};

/* ---- what the replies tell ---- */

static enum verdict
check_internal(const struct rule_in *in, struct finding *f)
{
	static const enum fact facts[] = { FACT_HTTP_INTERNAL, FACT_HTTP_INSIDE };
	const struct observation *first = NULL;

	for (size_t i = 0; i < 2; i++)
		for (const struct observation *k = obs_first(in->obs, facts[i]); k != NULL;
		    k = obs_next(in->obs, k)) {
			first = first == NULL ? k : first;
			finding_list(f, "internal", k->text);
			finding_proof(f, in->obs, k);
		}
	if (first != NULL) {
		finding_why(f, "%s discloses %s %s (%s).", first->at, first->text,
		    first->fact == FACT_HTTP_INTERNAL ? "to a request without Host" : "in a header",
		    first->evidence);
		return VERDICT_FAIL;
	}
	finding_why(f, "No internal address came, in a header or for a request without Host.");
	return VERDICT_PASS;
}

const struct rule rule_internal = {
	.id = "internal-address-disclosed",
	.title = "An internal address or name is disclosed",
	.group = "exposure",
	.severity = SEV_LOW,
	.reference = "https://learn.microsoft.com/troubleshoot/developer/webapps/iis/www-administration-management/"
	    "http-response-headers-contain-internal-ip",
	.rationale = "Asked by HTTP/1.0 without a Host header, IIS puts its own address into a redirect or a "
	    "realm, behind whatever translates addresses. Proxies and balancers name theirs in headers and "
	    "cookies.",
	.remediation = "Set alternateHostName in system.webServer/serverRuntime to the published name, or "
	    "refuse requests without Host at the proxy.",
	.needs = (const enum fact[]){ FACT_BARE_STATUS, FACT_HTTP_INTERNAL, FACT_HTTP_INSIDE, FACT_COUNT },
	.needs_exchange = true,
	.check = check_internal,
};

static enum verdict
check_names(const struct rule_in *in, struct finding *f)
{
	static const enum fact facts[] = {
		FACT_NTLM_COMPUTER_DNS, FACT_NTLM_COMPUTER_NB, FACT_NTLM_DOMAIN_DNS, FACT_NTLM_FOREST,
		FACT_NAME_FRONTEND, FACT_NAME_BACKEND, FACT_NAME_HEALTH,
	};
	struct text_buf names = { 0 };

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const struct observation *k = obs_first(in->obs, facts[i]);

		if (k == NULL)
			continue;
		text_buf_printf(&names, "%s%s (%s)", names.s != NULL ? ", " : "", k->text,
		    obs_fact(k->fact)->name);
		finding_list(f, "name", k->text);
		finding_proof(f, in->obs, k);
	}
	if (names.s == NULL) {
		finding_why(f, "No reply named a server or a domain.");
		return VERDICT_PASS;
	}
	finding_why(f, "Names of the inside are told to everybody: %s.", names.s);
	text_buf_free(&names);
	return VERDICT_WARN;
}

const struct rule rule_names = {
	.id = "internal-names-disclosed",
	.title = "Names of servers and domains are disclosed",
	.group = "exposure",
	.severity = SEV_INFO,
	.reference = "https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/",
	.rationale = "NTLM challenges, X-FEServer and healthcheck.htm name servers, domain and forest before "
	    "any log-on. Exchange does so by default, and parts of it need it.",
	.remediation = "Let the proxy take away X-FEServer and answer healthcheck.htm only to the balancer; "
	    "where modern authentication serves all clients, publish no directory that offers NTLM.",
	.needs = needs_status, .needs_exchange = true,
	.check = check_names,
};

static enum verdict
check_cookies(const struct rule_in *in, struct finding *f)
{
	const struct observation *bad = NULL, *k;
	size_t all = 0;

	for (k = obs_first(in->obs, FACT_HTTP_COOKIE_FLAGS); k != NULL; k = obs_next(in->obs, k)) {
		all++;
		if (strstr(k->text, " Secure") != NULL && strstr(k->text, " HttpOnly") != NULL)
			continue;
		finding_list(f, "cookie", k->text);
		finding_proof(f, in->obs, k);
		bad = bad == NULL ? k : bad;
	}
	if (bad != NULL) {
		finding_why(f, "A cookie lacks Secure or HttpOnly: %s (set at %s).", bad->text, bad->at);
		return VERDICT_WARN;
	}
	finding_why(f, "Each of %s has Secure and HttpOnly; those that come after a log-on are not seen.",
	    place_count((int64_t)all, "cookie").s);
	return VERDICT_PASS;
}

const struct rule rule_cookies = {
	.id = "cookie-flags",
	.title = "A cookie is set without Secure or HttpOnly",
	.group = "exposure",
	.severity = SEV_LOW,
	.reference = "https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.5",
	.rationale = "Without Secure a browser sends the cookie over plain HTTP too; without HttpOnly a script "
	    "in the page reads it.",
	.remediation = "Let the proxy in front add the flags; a cookie of a balancer has them as options.",
	.needs = (const enum fact[]){ FACT_HTTP_COOKIE_FLAGS, FACT_COUNT },
	.needs_exchange = true,
	.check = check_cookies,
};

static enum verdict
check_headers(const struct rule_in *in, struct finding *f)
{
	static const enum fact facts[] = { FACT_HTTP_ASPNET, FACT_HTTP_POWERED, FACT_HTTP_SERVER };
	struct text_buf all = { 0 };

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const struct observation *k = obs_first(in->obs, facts[i]);

		/* A product name without a number tells no version. */
		if (k == NULL || (facts[i] == FACT_HTTP_SERVER && strpbrk(k->text, "0123456789") == NULL))
			continue;
		text_buf_printf(&all, "%s%s %s", all.s != NULL ? ", " : "", obs_fact(k->fact)->name, k->text);
		finding_list(f, "header", k->text);
		finding_proof(f, in->obs, k);
	}
	if (all.s == NULL) {
		finding_why(f, "No Server, X-AspNet-Version or X-Powered-By header tells a version.");
		return VERDICT_PASS;
	}
	finding_why(f, "Headers tell versions: %s.", all.s);
	text_buf_free(&all);
	return VERDICT_WARN;
}

const struct rule rule_headers = {
	.id = "version-headers",
	.title = "Headers tell versions of the web server",
	.group = "exposure",
	.severity = SEV_INFO,
	.reference = "https://learn.microsoft.com/iis/configuration/system.webserver/security/requestfiltering/",
	.rationale = "They make choosing a target easier. X-OWA-Version is left out: Exchange itself needs it, "
	    "and what counts is that the build is current.",
	.remediation = "removeServerHeader in requestFiltering (IIS 10), enableVersionHeader=false in "
	    "httpRuntime, and take X-Powered-By out of customHeaders.",
	.needs = needs_status, .needs_exchange = true,
	.check = check_headers,
};
