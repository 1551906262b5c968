/*
 * tls.c - the findings on protocol versions and cipher suites.
 *
 * A place passes only on what was asked and answered: a version that was
 * refused, a kind of suites that was refused, or a whole list.
 */
#include <stdio.h>

#include "rules/table.h"
#include "tls_facts.h"

#define URL_TLS	"https://learn.microsoft.com/exchange/plan-and-deploy/" \
	"post-installation-tasks/security-best-practices/exchange-tls-configuration"
#define URL_SCHANNEL "https://learn.microsoft.com/troubleshoot/windows-server/" \
	"windows-security/restrict-cryptographic-algorithms-protocols-schannel"

#define FIX_VERSIONS "Set the protocol's Enabled to 0 and DisabledByDefault to 1 below " \
	"SCHANNEL\\Protocols in the registry, on all servers alike, and restart. Clients and " \
	"servers that cannot do better stop working: look at their logs first."
#define FIX_SUITES "Take the suites out of the order of suites by Group Policy (SSL Cipher " \
	"Suite Order) or Disable-TlsCipherSuite, on all servers alike, and restart."

static const enum fact needs_versions[] = {
	FACT_TLS_OFFERED, FACT_TLS_REFUSED, FACT_TLS_UNDECIDED, FACT_COUNT,
};

/* What is open, in one sentence's half. */
static void
list_open(struct tls_list *l, const struct obs *o, const char *at, uint16_t version)
{
	char text[200];

	(void)snprintf(text, sizeof(text), "%s at %s (%s)", tls_names_version(version), at,
	    tls_facts_open(o, at, version));
	tls_facts_list(l, text);
}

/* ---- versions that must not be ---- */

static enum verdict
check_unwanted(const struct rule_in *in, struct finding *f, const uint16_t *versions)
{
	struct tls_list bad = { .n = 0 }, open = { .n = 0 }, good = { .n = 0 };
	const struct observation *k;

	for (const char *at = NULL; (at = tls_facts_place(in->obs, at)) != NULL;)
		for (const uint16_t *v = versions; *v != 0; v++) {
			char text[160];

			(void)snprintf(text, sizeof(text), "%s at %s", tls_names_version(*v), at);
			switch (tls_facts_version(in->obs, at, *v, &k)) {
			case TLS_YES:
				tls_facts_list(&bad, text);
				finding_list(f, "offered", text);
				finding_proof(f, in->obs, k);
				break;
			case TLS_NO:
				tls_facts_list(&good, text);
				finding_proof(f, in->obs, k);
				break;
			case TLS_OPEN:
				list_open(&open, in->obs, at, *v);
				break;
			}
		}
	if (bad.n > 0) {
		finding_why(f, "Accepted: %s.", bad.s);
		return VERDICT_FAIL;
	}
	if (open.n > 0 || good.n == 0) {
		finding_why(f, "Not settled: %s.", open.n > 0 ? open.s : "TLS was not asked to the end");
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "Refused: %s.", good.s);
	return VERDICT_PASS;
}

static enum verdict
check_ssl(const struct rule_in *in, struct finding *f)
{
	static const uint16_t versions[] = { 0x0002, 0x0300, 0 };

	return check_unwanted(in, f, versions);
}

static enum verdict
check_10(const struct rule_in *in, struct finding *f)
{
	static const uint16_t versions[] = { 0x0301, 0 };

	return check_unwanted(in, f, versions);
}

static enum verdict
check_11(const struct rule_in *in, struct finding *f)
{
	static const uint16_t versions[] = { 0x0302, 0 };

	return check_unwanted(in, f, versions);
}

const struct rule rule_tls_ssl = {
	.id = "tls-ssl-offered", .title = "SSL 2.0 or SSL 3.0 is offered",
	.group = "tls", .severity = SEV_CRITICAL, .reference = URL_TLS,
	.rationale = "Both are broken: DROWN reads TLS traffic through SSL 2.0, POODLE reads SSL 3.0. "
	    "No client that Exchange supports needs them.",
	.remediation = FIX_VERSIONS, .needs = needs_versions, .check = check_ssl,
};

const struct rule rule_tls_10 = {
	.id = "tls-1-0-offered", .title = "TLS 1.0 is offered",
	.group = "tls", .severity = SEV_HIGH, .reference = URL_TLS,
	.rationale = "Deprecated by RFC 8996 and left out of every current profile. Exchange 2016 and "
	    "later work without it.",
	.remediation = FIX_VERSIONS, .needs = needs_versions, .check = check_10,
};

const struct rule rule_tls_11 = {
	.id = "tls-1-1-offered", .title = "TLS 1.1 is offered",
	.group = "tls", .severity = SEV_HIGH, .reference = URL_TLS,
	.rationale = "Deprecated by RFC 8996 and left out of every current profile.",
	.remediation = FIX_VERSIONS, .needs = needs_versions, .check = check_11,
};

/* ---- versions that should be ---- */

static enum verdict
check_12(const struct rule_in *in, struct finding *f)
{
	struct tls_list bad = { .n = 0 }, open = { .n = 0 }, good = { .n = 0 }, mute = { .n = 0 };
	const struct observation *k;

	for (const char *at = NULL; (at = tls_facts_place(in->obs, at)) != NULL;)
		switch (tls_facts_version(in->obs, at, 0x0303, &k)) {
		case TLS_YES:
			tls_facts_list(&good, at);
			finding_proof(f, in->obs, k);
			break;
		case TLS_NO:
			tls_facts_list(tls_facts_speaks(in->obs, at) ? &bad : &mute, at);
			finding_list(f, "refused", at);
			finding_proof(f, in->obs, k);
			break;
		case TLS_OPEN:
			list_open(&open, in->obs, at, 0x0303);
			break;
		}
	if (bad.n > 0) {
		finding_why(f, "TLS 1.2 is refused at %s.", bad.s);
		return VERDICT_FAIL;
	}
	if (mute.n > 0) {
		finding_why(f, "Every version is refused at %s: what answers there may be no server "
		    "of TLS.", mute.s);
		return VERDICT_UNDECIDABLE;
	}
	if (open.n > 0 || good.n == 0) {
		finding_why(f, "Not settled: %s.", open.n > 0 ? open.s : "TLS was not asked to the end");
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "TLS 1.2 is accepted at %s.", good.s);
	return VERDICT_PASS;
}

const struct rule rule_tls_12 = {
	.id = "tls-1-2-missing", .title = "TLS 1.2 is not offered",
	.group = "tls", .severity = SEV_HIGH, .reference = URL_TLS,
	.rationale = "TLS 1.2 is the floor of all profiles and of Microsoft's guidance for Exchange; "
	    "Outlook, Exchange Online and other servers count on it.",
	.remediation = "Enable TLS 1.2 in Schannel, .NET and WinHTTP as the reference says.",
	.needs = needs_versions, .check = check_12,
};

/* ---- kinds of suites ---- */

struct kinds {
	unsigned	 mask;
	uint16_t	 since;		/* older versions are not asked about */
	const char	*what;		/* "suites that ..." */
};

static void
find_bad(const struct rule_in *in, struct finding *f, const char *at, const struct kinds *q,
    struct tls_list *bad)
{
	const struct observation *k = NULL;
	uint16_t version;

	while ((k = obs_next_at(in->obs, FACT_TLS_SUITE, at, k)) != NULL) {
		const char *name;
		unsigned kinds = tls_facts_kinds(k, &name, &version);
		char text[240];

		/* SSLv2 counts with the oldest. */
		if ((kinds & q->mask) == 0 || (version < q->since && q->since > 0x0300))
			continue;
		(void)snprintf(text, sizeof(text), "%s at %s", name, at);
		tls_facts_list(bad, text);
		(void)snprintf(text, sizeof(text), "%s at %s", k->text, at);
		finding_list(f, "suite", text);
		finding_proof(f, in->obs, k);
	}
}

/* All versions that could hold such suites are settled without one. */
static bool
is_clean(const struct obs *o, const char *at, const struct kinds *q, struct tls_list *open)
{
	const struct observation *k;
	unsigned before = open->n;

	for (uint16_t v = q->since; v <= 0x0304; v++) {
		enum tls_known known = tls_facts_version(o, at, v, &k);

		if (known == TLS_NO || (known == TLS_YES && v == 0x0304))
			continue;		/* 1.3 has no suite of those kinds but NULL */
		if (known == TLS_OPEN || (q->mask & ~tls_facts_clean(o, at, v)) != 0)
			list_open(open, o, at, v);
	}
	return open->n == before;
}

/* False: each version that could hold such suites is refused. */
static bool
could_hold(const struct obs *o, const char *at, const struct kinds *q)
{
	const struct observation *k;

	for (uint16_t v = q->since; v <= 0x0304; v++)
		if (tls_facts_version(o, at, v, &k) != TLS_NO)
			return true;
	return false;
}

static enum verdict
check_kinds(const struct rule_in *in, struct finding *f, const struct kinds *q)
{
	struct tls_list bad = { .n = 0 }, open = { .n = 0 }, good = { .n = 0 }, none = { .n = 0 };

	for (const char *at = NULL; (at = tls_facts_place(in->obs, at)) != NULL;) {
		find_bad(in, f, at, q, &bad);
		if (!could_hold(in->obs, at, q))
			tls_facts_list(&none, at);
		else if (is_clean(in->obs, at, q, &open))
			tls_facts_list(&good, at);
	}
	if (bad.n > 0) {
		finding_why(f, "Accepted: %s.", bad.s);
		return VERDICT_FAIL;
	}
	if (open.n == 0 && good.n == 0 && none.n > 0) {
		finding_why(f, "%s is offered at %s.",
		    q->since > 0x0300 ? "Neither TLS 1.2 nor 1.3" : "No version of TLS", none.s);
		return VERDICT_NOT_APPLICABLE;
	}
	if (open.n > 0 || good.n == 0) {
		finding_why(f, "Not settled for %s: %s.", q->what,
		    open.n > 0 ? open.s : "TLS was not asked to the end");
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "No %s at %s.", q->what, good.s);
	return VERDICT_PASS;
}

static enum verdict
check_broken(const struct rule_in *in, struct finding *f)
{
	static const struct kinds q = { SUITE_NULL | SUITE_ANON | SUITE_EXPORT, 0x0300,
		"NULL, anonymous or EXPORT suites" };

	return check_kinds(in, f, &q);
}

static enum verdict
check_legacy(const struct rule_in *in, struct finding *f)
{
	static const struct kinds q = { SUITE_RC4 | SUITE_DES | SUITE_TDES | SUITE_RC2, 0x0300,
		"RC4, RC2, DES or 3DES suites" };

	return check_kinds(in, f, &q);
}

static enum verdict
check_static(const struct rule_in *in, struct finding *f)
{
	static const struct kinds q = { SUITE_FS, 0x0300, "suites without forward secrecy" };

	return check_kinds(in, f, &q);
}

static enum verdict
check_cbc(const struct rule_in *in, struct finding *f)
{
	static const struct kinds q = { SUITE_CBC, 0x0303, "CBC suites in TLS 1.2" };

	return check_kinds(in, f, &q);
}

const struct rule rule_tls_broken = {
	.id = "tls-broken-suites", .title = "NULL, anonymous or EXPORT cipher suites are accepted",
	.group = "tls", .severity = SEV_CRITICAL, .reference = URL_SCHANNEL,
	.rationale = "They do not encrypt, do not prove who the server is, or encrypt with a key that "
	    "a laptop breaks.",
	.remediation = FIX_SUITES, .needs = needs_versions, .check = check_broken,
};

const struct rule rule_tls_legacy = {
	.id = "tls-legacy-suites", .title = "RC4, DES or 3DES cipher suites are accepted",
	.group = "tls", .severity = SEV_HIGH, .reference = URL_SCHANNEL,
	.rationale = "RC4's key stream is biased, and ciphers of 64-bit blocks leak after some "
	    "gigabytes (SWEET32).",
	.remediation = FIX_SUITES, .needs = needs_versions, .check = check_legacy,
};

const struct rule rule_tls_static = {
	.id = "tls-no-forward-secrecy", .title = "Cipher suites without forward secrecy are accepted",
	.group = "tls", .severity = SEV_MEDIUM, .reference = URL_SCHANNEL,
	.rationale = "Whoever gets the certificate's key later can read traffic recorded today. Mozilla "
	    "and BSI allow ephemeral key exchange only.",
	.remediation = FIX_SUITES, .needs = needs_versions, .check = check_static,
};

const struct rule rule_tls_cbc = {
	.id = "tls-cbc-suites", .title = "CBC cipher suites are accepted in TLS 1.2",
	.group = "tls", .severity = SEV_LOW, .reference = URL_SCHANNEL,
	.rationale = "CBC with MAC-then-encrypt has a history of padding oracles; Mozilla's profile takes "
	    "AEAD suites only. Windows still has them on as it comes, hence low.",
	.remediation = FIX_SUITES, .needs = needs_versions, .check = check_cbc,
};
