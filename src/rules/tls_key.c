/*
 * tls_key.c - the findings on key exchange, on what a ServerHello lacks, and
 * on who it is that speaks TLS there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/place.h"
#include "rules/table.h"
#include "tls_facts.h"

#define URL_TLS	"https://learn.microsoft.com/exchange/plan-and-deploy/" \
	"post-installation-tasks/security-best-practices/exchange-tls-configuration"
#define URL_SCHANNEL "https://learn.microsoft.com/troubleshoot/windows-server/" \
	"windows-security/restrict-cryptographic-algorithms-protocols-schannel"

static const enum fact needs_versions[] = {
	FACT_TLS_OFFERED, FACT_TLS_REFUSED, FACT_TLS_UNDECIDED, FACT_COUNT,
};

/* ---- key exchange ---- */

/* Numbers below 2048 of one fact. */
static void
find_short(const struct rule_in *in, struct finding *f, const char *at, enum fact fact,
    const char *what, struct tls_list *bad)
{
	const struct observation *k = NULL;
	char text[160];

	while ((k = obs_next_at(in->obs, fact, at, k)) != NULL) {
		if (k->number >= 2048)
			continue;
		(void)snprintf(text, sizeof(text), "%s of %lld bits at %s", what, (long long)k->number, at);
		tls_facts_list(bad, text);
		finding_list(f, "weak", text);
		finding_proof(f, in->obs, k);
	}
}

static void
find_short_rsa(const struct rule_in *in, struct finding *f, const char *at, struct tls_list *bad)
{
	const struct observation *k = NULL;
	char text[160];

	while ((k = obs_next_at(in->obs, FACT_CERT_KEY, at, k)) != NULL) {
		int64_t bits = tls_facts_rsa_bits(k->text);

		if (bits < 0 || bits >= 2048)
			continue;
		(void)snprintf(text, sizeof(text), "a certificate with %s at %s", k->text, at);
		tls_facts_list(bad, text);
		finding_list(f, "weak", text);
		finding_proof(f, in->obs, k);
	}
}

static void
find_weak_group(const struct rule_in *in, struct finding *f, const char *at, struct tls_list *bad)
{
	const struct observation *k = NULL;
	char text[160];

	while ((k = obs_next_at(in->obs, FACT_TLS_GROUP, at, k)) != NULL) {
		const char *name = strchr(k->text, ' ');
		const struct tls_group *g = name != NULL ? tls_names_group_find(name + 1) : NULL;

		if (name == NULL || (strcmp(name + 1, "explicit-curve") != 0 &&
		    (g == NULL || (g->flags & GROUP_WEAK) == 0)))
			continue;
		(void)snprintf(text, sizeof(text), "%s at %s", name + 1, at);
		tls_facts_list(bad, text);
		finding_list(f, "weak", text);
		finding_proof(f, in->obs, k);
	}
}

/*
 * Is one size of Diffie-Hellman that of all suites there?  OpenSSL goes by the strength of an
 * anonymous suite, so that one of them tells nothing of the others.
 */
static bool
is_size_known(const struct obs *o, const char *at, uint16_t version)
{
	return (tls_facts_clean(o, at, version) & SUITE_ANON) != 0 ||
	    obs_find_at(o, FACT_TLS_COMPLETE, at, tls_names_version(version)) != NULL;
}

/* Up to 1.2 the size of Diffie-Hellman is known, or it is not used. */
static bool
is_exchange_known(const struct obs *o, const char *at, struct tls_list *open)
{
	const struct observation *k;
	bool seen = obs_next_at(o, FACT_TLS_DH_BITS, at, NULL) != NULL;
	unsigned before = open->n;
	char text[200];

	for (uint16_t v = 0x0300; v <= 0x0303; v++) {
		enum tls_known known = tls_facts_version(o, at, v, &k);

		if (known == TLS_NO || (known == TLS_YES &&
		    ((seen && is_size_known(o, at, v)) || (tls_facts_clean(o, at, v) & SUITE_DHE) != 0)))
			continue;
		(void)snprintf(text, sizeof(text), "%s at %s (%s)", tls_names_version(v), at,
		    tls_facts_open(o, at, v));
		tls_facts_list(open, text);
	}
	return open->n == before;
}

static enum verdict
check_exchange(const struct rule_in *in, struct finding *f)
{
	struct tls_list bad = { .n = 0 }, open = { .n = 0 }, good = { .n = 0 }, none = { .n = 0 };

	for (const char *at = NULL; (at = tls_facts_place(in->obs, at)) != NULL;) {
		find_short(in, f, at, FACT_TLS_DH_BITS, "Diffie-Hellman", &bad);
		find_short(in, f, at, FACT_TLS_RSA_BITS, "temporary RSA", &bad);
		find_short_rsa(in, f, at, &bad);
		find_weak_group(in, f, at, &bad);
		if (is_exchange_known(in->obs, at, &open))
			tls_facts_list(tls_facts_speaks(in->obs, at) ? &good : &none, at);
	}
	if (bad.n > 0) {
		finding_why(f, "Weak: %s.", bad.s);
		return VERDICT_FAIL;
	}
	if (open.n == 0 && good.n == 0 && none.n > 0) {
		finding_why(f, "No version of TLS is offered at %s.", none.s);
		return VERDICT_NOT_APPLICABLE;
	}
	if (open.n > 0 || good.n == 0) {
		finding_why(f, "Not settled: %s.", open.n > 0 ? open.s : "TLS was not asked to the end");
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "Every key exchange seen at %s is strong.", good.s);
	return VERDICT_PASS;
}

const struct rule rule_tls_exchange = {
	.id = "tls-weak-key-exchange",
	.title = "Weak key exchange (DH or RSA below 2048 bits, weak curve used)",
	.group = "tls", .severity = SEV_HIGH, .reference = URL_SCHANNEL,
	.rationale = "Finite-field groups of 1024 bits and less are within reach of precomputation "
	    "(Logjam); RSA keys below 2048 bits are below every current minimum.",
	.remediation = "Set ServerMinKeyBitLength of the Diffie-Hellman key exchange to 2048 in "
	    "Schannel, or disable DHE suites; replace certificates with short keys.",
	.needs = needs_versions, .check = check_exchange,
};

/* All suites of the version are known, and none of them needs a curve. */
static bool
is_without_curves(const struct obs *o, const char *at, uint16_t version)
{
	const struct observation *k = NULL;
	uint16_t v;

	if (obs_find_at(o, FACT_TLS_COMPLETE, at, tls_names_version(version)) == NULL)
		return false;
	while ((k = obs_next_at(o, FACT_TLS_SUITE, at, k)) != NULL) {
		const struct tls_suite *s = tls_facts_suite(k, &v);

		if (tls_facts_words(k->text, version) != NULL &&
		    (s == NULL || s->kx == TLS_KX_ECDHE || s->kx == TLS_KX_ECDHE_PSK))
			return false;
	}
	return true;
}

/*
 * The list of curves serves TLS 1.0 to 1.2 and is learned in 1.2; that of 1.3,
 * which has no weak one, says nothing about it.
 */
static bool
are_curves_known(const struct obs *o, const char *at, struct tls_list *open)
{
	const struct observation *k;
	char text[200];

	if (obs_find_at(o, FACT_TLS_GROUPS_ALL, at, tls_names_version(0x0303)) != NULL)
		return true;
	for (uint16_t v = 0x0303; v >= 0x0301; v--) {
		if (tls_facts_version(o, at, v, &k) == TLS_NO || is_without_curves(o, at, v))
			continue;
		(void)snprintf(text, sizeof(text), "%s at %s (%s)", tls_names_version(v), at,
		    tls_facts_open(o, at, v));
		tls_facts_list(open, text);
		return false;
	}
	return true;
}

static enum verdict
check_curves(const struct rule_in *in, struct finding *f)
{
	struct tls_list bad = { .n = 0 }, open = { .n = 0 }, good = { .n = 0 };

	for (const char *at = NULL; (at = tls_facts_place(in->obs, at)) != NULL;) {
		find_weak_group(in, f, at, &bad);
		if (are_curves_known(in->obs, at, &open))
			tls_facts_list(&good, at);
	}
	if (bad.n > 0) {
		finding_why(f, "Weak curves: %s.", bad.s);
		return VERDICT_FAIL;
	}
	if (open.n > 0) {
		finding_why(f, "Not all curves are known: %s.", open.s);
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "No curve below 224 bits at %s.", good.s);
	return VERDICT_PASS;
}

static const enum fact needs_groups[] = { FACT_TLS_GROUPS_ALL, FACT_COUNT };

const struct rule rule_tls_curves = {
	.id = "tls-weak-curves", .title = "Curves below 224 bits are accepted",
	.group = "tls", .severity = SEV_MEDIUM, .reference = URL_SCHANNEL,
	.rationale = "Their strength is below 112 bits, the least that NIST SP 800-131A allows.",
	.remediation = "Remove them from the ECC Curve Order (Group Policy) or Disable-TlsEccCurve.",
	.needs = needs_groups, .check = check_curves,
};

/* ---- what a ServerHello lacks ---- */

static enum verdict
check_protection(const struct rule_in *in, struct finding *f)
{
	static const struct { enum fact fact; int64_t bad; const char *what; } checks[] = {
		{ FACT_TLS_RENEGOTIATION, 0, "no secure renegotiation" },
		{ FACT_TLS_EMS, 0, "no extended master secret" },
		{ FACT_TLS_COMPRESSION, 1, "compression" },
	};
	struct tls_list bad = { .n = 0 }, good = { .n = 0 };
	char text[160];

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		for (const struct observation *k = obs_first(in->obs, checks[i].fact); k != NULL;
		    k = obs_next(in->obs, k)) {
			if (k->number != checks[i].bad) {
				tls_facts_list(&good, k->at);
				continue;
			}
			(void)snprintf(text, sizeof(text), "%s at %s", checks[i].what, k->at);
			tls_facts_list(&bad, text);
			finding_list(f, "fault", text);
			finding_proof(f, in->obs, k);
		}
	if (bad.n > 0) {
		finding_why(f, "The server has %s.", bad.s);
		return VERDICT_FAIL;
	}
	finding_why(f, "Secure renegotiation and extended master secret as asked, and no compression, "
	    "at %s.", good.s);
	return VERDICT_PASS;
}

/* Only a ServerHello up to TLS 1.2 shows them; 1.3 has none of these faults. */
static const enum fact needs_hello[] = {
	FACT_TLS_RENEGOTIATION, FACT_TLS_EMS, FACT_COUNT,
};

const struct rule rule_tls_protection = {
	.id = "tls-hello-protections",
	.title = "Secure renegotiation or extended master secret missing, or TLS compression on",
	.group = "tls", .severity = SEV_MEDIUM, .reference = URL_TLS,
	.rationale = "Without RFC 5746 an attacker puts bytes in front of a session, without RFC 7627 "
	    "sessions can be joined (triple handshake); compression leaks secrets (CRIME).",
	.remediation = "Install the updates of Windows; extended master secret came to Schannel with "
	    "an update and is on unless the registry says otherwise. On a balancer, see its manual.",
	.needs = needs_hello, .check = check_protection,
};

/* ---- TLS 1.3 and what supports it ---- */

enum fit { FIT_NO, FIT_YES, FIT_UNKNOWN };

/* Exchange SE, or 2019 from CU15 on. */
static enum fit
exchange_fits(const struct build_report *b)
{
	if (b == NULL || b->branch[0] == '\0')
		return FIT_UNKNOWN;
	if (place_is_branch(b, "SE"))
		return FIT_YES;
	if (!place_is_branch(b, "2019"))
		return FIT_NO;
	if (strncmp(b->cu, "CU", 2) != 0)
		return strcmp(b->cu, "RTM") == 0 ? FIT_NO : FIT_UNKNOWN;
	return strtol(b->cu + 2, NULL, 10) >= 15 ? FIT_YES : FIT_NO;
}

/* Windows Server 2022 is 10.0.20348. */
static enum fit
windows_fits(const struct obs *o)
{
	const struct observation *k = obs_first(o, FACT_NTLM_OS);

	if (k == NULL || strncmp(k->text, "10.0.", 5) != 0)
		return k == NULL ? FIT_UNKNOWN : FIT_NO;
	return strtol(k->text + 5, NULL, 10) >= 20348 ? FIT_YES : FIT_NO;
}

static enum fit
fits_13(const struct rule_in *in)
{
	enum fit exchange = exchange_fits(in->who->build), windows = windows_fits(in->obs);

	if (exchange == FIT_NO || windows == FIT_NO)
		return FIT_NO;
	return exchange == FIT_YES && windows == FIT_YES ? FIT_YES : FIT_UNKNOWN;
}

/* All places: offered anywhere, open anywhere? */
static void
places_13(const struct obs *o, struct tls_list *yes, struct tls_list *no, struct tls_list *open)
{
	const struct observation *k;

	for (const char *at = NULL; (at = tls_facts_place(o, at)) != NULL;) {
		enum tls_known known = tls_facts_version(o, at, 0x0304, &k);

		tls_facts_list(known == TLS_YES ? yes : known == TLS_NO ? no : open, at);
	}
}

static enum verdict
check_13_missing(const struct rule_in *in, struct finding *f)
{
	struct tls_list yes = { .n = 0 }, no = { .n = 0 }, open = { .n = 0 };

	places_13(in->obs, &yes, &no, &open);
	if (no.n == 0 && open.n == 0 && yes.n > 0) {
		finding_why(f, "TLS 1.3 is accepted at %s.", yes.s);
		return VERDICT_PASS;
	}
	switch (fits_13(in)) {
	case FIT_NO:
		finding_why(f, "This Exchange or Windows does not support TLS 1.3.");
		return VERDICT_NOT_APPLICABLE;
	case FIT_UNKNOWN:
		finding_why(f, "Whether this Exchange and this Windows support TLS 1.3 is not known.");
		return VERDICT_UNDECIDABLE;
	case FIT_YES:
		break;
	}
	if (no.n == 0) {
		finding_why(f, "Whether TLS 1.3 is accepted is not settled at %s.",
		    open.n > 0 ? open.s : "any place");
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "TLS 1.3 is refused at %s, though Exchange and Windows support it.", no.s);
	return VERDICT_WARN;
}

const struct rule rule_tls_13 = {
	.id = "tls-1-3-missing", .title = "TLS 1.3 is not offered",
	.group = "tls", .severity = SEV_INFO, .reference = URL_TLS,
	.rationale = "NIST and BSI ask for TLS 1.3; BSI recommends TLS 1.2 until 2031 only. Exchange "
	    "2019 from CU15 on and SE support it on Windows Server 2022 and later, others do not.",
	.remediation = "Enable TLS 1.3 in Schannel on all servers alike, after an update of Exchange.",
	.needs = needs_versions, .needs_exchange = true, .check = check_13_missing,
};

static enum verdict
check_13_unsupported(const struct rule_in *in, struct finding *f)
{
	struct tls_list yes = { .n = 0 }, no = { .n = 0 }, open = { .n = 0 };

	places_13(in->obs, &yes, &no, &open);
	if (yes.n == 0) {
		finding_why(f, open.n > 0 ? "Whether TLS 1.3 is accepted is not settled at %s." :
		    "TLS 1.3 is refused at %s.", open.n > 0 ? open.s : no.n > 0 ? no.s : "every place");
		return open.n > 0 ? VERDICT_UNDECIDABLE : VERDICT_NOT_APPLICABLE;
	}
	finding_list(f, "offered", yes.s);
	switch (fits_13(in)) {
	case FIT_YES:
		finding_why(f, "TLS 1.3 at %s is supported by this Exchange and Windows.", yes.s);
		return VERDICT_PASS;
	case FIT_UNKNOWN:
		finding_why(f, "TLS 1.3 is accepted at %s; whether this Exchange and Windows support it is "
		    "not known.", yes.s);
		return VERDICT_UNDECIDABLE;
	case FIT_NO:
		break;
	}
	if (windows_fits(in->obs) == FIT_NO)
		finding_why(f, "TLS 1.3 is accepted at %s, which this Windows cannot: something in front of "
		    "the server speaks it.", yes.s);
	else
		finding_why(f, "TLS 1.3 is accepted at %s, which %s does not support.", yes.s,
		    place_build(in->who->build).s);
	return VERDICT_WARN;
}

const struct rule rule_tls_13_unsupported = {
	.id = "tls-1-3-unsupported", .title = "TLS 1.3 on an Exchange or Windows that does not support it",
	.group = "tls", .severity = SEV_LOW, .reference = URL_TLS,
	.rationale = "Microsoft supports TLS 1.3 with Exchange 2019 from CU15 on and SE, on Windows "
	    "Server 2022 and later; elsewhere client certificates and SMTP are known to break.",
	.remediation = "Disable TLS 1.3 in Schannel until Exchange is updated; if a balancer ends TLS, "
	    "see that it uses the same certificate as the servers.",
	.needs = needs_versions, .needs_exchange = true, .check = check_13_unsupported,
};

/* ---- who speaks TLS there ---- */

static enum verdict
check_foreign(const struct rule_in *in, struct finding *f)
{
	struct tls_list seen = { .n = 0 };

	for (const struct observation *k = obs_first(in->obs, FACT_TLS_FOREIGN); k != NULL;
	    k = obs_next(in->obs, k)) {
		tls_facts_list(&seen, k->at);
		finding_list(f, "suite", k->text);
		finding_proof(f, in->obs, k);
	}
	if (seen.n > 0) {
		finding_why(f, "Suites that no Windows has are accepted at %s: something in front of the "
		    "server ends TLS, and its settings are what was judged.", seen.s);
		return VERDICT_WARN;
	}
	finding_why(f, "All suites accepted are such as Windows has.");
	return VERDICT_PASS;
}

static const enum fact needs_complete[] = { FACT_TLS_FOREIGN, FACT_TLS_COMPLETE, FACT_COUNT };

const struct rule rule_tls_foreign = {
	.id = "tls-not-by-windows", .title = "TLS is ended by something other than Windows",
	.group = "tls", .severity = SEV_INFO, .reference = URL_TLS,
	.rationale = "A balancer or proxy that ends TLS must use the same certificate as the servers, or "
	    "Extended Protection refuses every log-on; SSL offloading is not supported with it.",
	.remediation = "Check what stands in front: bridge TLS with the same certificate, or pass it "
	    "through.",
	.needs = needs_complete, .check = check_foreign,
};

/* ---- the same everywhere ---- */

/* The versions accepted at one place, as a text to compare. */
static void
versions_text(const struct obs *o, const char *at, char *out, size_t cap)
{
	const struct observation *k = NULL;

	out[0] = '\0';
	while ((k = obs_next_at(o, FACT_TLS_OFFERED, at, k)) != NULL)
		(void)snprintf(out + strlen(out), cap - strlen(out), "%s%s", out[0] != '\0' ? " " : "", k->text);
}

static enum verdict
check_same(const struct rule_in *in, struct finding *f)
{
	char first[120] = "", text[120];
	const struct observation *told = obs_first(in->obs, FACT_TLS_DIFFERS);
	const char *at0 = NULL;
	size_t n = 0;

	if (told != NULL) {
		n = tls_facts_each(in->obs, FACT_TLS_DIFFERS, f, "differs");
		finding_why(f, "%s %s%s.", told->at, told->text, n > 1 ? ", and there is more that differs" : "");
		return VERDICT_WARN;
	}
	for (const char *at = NULL; (at = tls_facts_place(in->obs, at)) != NULL;) {
		versions_text(in->obs, at, text, sizeof(text));
		if (text[0] == '\0' || obs_next_at(in->obs, FACT_TLS_UNDECIDED, at, NULL) != NULL)
			continue;
		if (n++ == 0) {
			(void)snprintf(first, sizeof(first), "%s", text);
			at0 = at;
		} else if (strcmp(first, text) != 0) {
			finding_why(f, "%s accepts %s, but %s accepts %s.", at0, first, at, text);
			return VERDICT_WARN;
		}
	}
	if (n < 2) {
		finding_why(f, "TLS was seen at one place only: nothing to compare.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_why(f, "The %zu places accept the same versions: %s.", n, first);
	return VERDICT_PASS;
}

const struct rule rule_tls_same = {
	.id = "tls-differs", .title = "TLS differs between ports or addresses",
	.group = "tls", .severity = SEV_MEDIUM, .reference = URL_TLS,
	.rationale = "All servers and ports of an organisation must have equal TLS settings: Extended "
	    "Protection and load balancing break on the difference, and the weakest one counts.",
	.remediation = "Apply the same Schannel settings to all servers.",
	.needs = needs_versions, .check = check_same,
};
