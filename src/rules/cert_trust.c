/*
 * cert_trust.c - the findings on a certificate's names and on whom it is trusted by.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "rules/table.h"
#include "tls_facts.h"

#define URL_CERT "https://learn.microsoft.com/exchange/architecture/client-access/certificates"

/* ---- names ---- */

/* Is the place an address, with or without scheme, port and path? */
static bool
is_address(const char *at)
{
	const char *p = strstr(at, "://");

	p = p != NULL ? p + 3 : at;
	return *p == '[' || p[strspn(p, "0123456789.")] == ':' || p[strspn(p, "0123456789.")] == '/' ||
	    p[strspn(p, "0123456789.")] == '\0';
}

/* The name that --name gave to an address; NULL: none, or results of older versions. */
static const char *
name_given(const struct observation *k)
{
	const char *name = strstr(k->evidence, "; asked as ");

	name = name != NULL ? name + strlen("; asked as ") : "";
	return name[0] == '\0' || strchr(name, ':') != NULL || is_address(name) ? NULL : name;
}

static void
list_bad(struct tls_list *bad, const struct observation *k, const char *name)
{
	char place[512];

	(void)snprintf(place, sizeof(place), "%s (asked as %s)", k->at, name != NULL ? name : "");
	tls_facts_list(bad, name != NULL && is_address(k->at) ? place : k->at);
}

static enum verdict
check_name(const struct rule_in *in, struct finding *f)
{
	struct tls_list bad = { .n = 0 }, good = { .n = 0 }, address = { .n = 0 }, inner = { .n = 0 };

	for (const struct observation *k = obs_first(in->obs, FACT_CERT_NAME_MATCH); k != NULL;
	    k = obs_next(in->obs, k)) {
		if (k->number != 0)
			tls_facts_list(&good, k->at);
		else if (tls_facts_is_backend(k))
			tls_facts_list(&inner, k->at);
		else if (is_address(k->at) && name_given(k) == NULL)
			tls_facts_list(&address, k->at);
		else {
			list_bad(&bad, k, name_given(k));
			finding_list(f, "place", k->at);
			finding_proof(f, in->obs, k);
		}
	}
	if (bad.n > 0) {
		finding_why(f, "The certificate does not name the host that was asked for: %s.", bad.s);
		return VERDICT_FAIL;
	}
	if (good.n == 0 && address.n == 0) {
		finding_why(f, "Only the back end was seen (%s), which clients do not ask by that name.",
		    inner.s);
		return VERDICT_NOT_APPLICABLE;
	}
	if (good.n == 0) {
		finding_why(f, "Asked by address (%s): which name its clients use is not known.", address.s);
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "The certificate names the host at %s.", good.s);
	return VERDICT_PASS;
}

static const enum fact needs_name[] = { FACT_CERT_NAME_MATCH, FACT_COUNT };

const struct rule rule_cert_name = {
	.id = "cert-name", .title = "The certificate does not match the name",
	.group = "cert", .severity = SEV_HIGH, .reference = URL_CERT,
	.rationale = "A client that accepts a certificate of another name accepts anybody's, and so "
	    "has no protection against interception.",
	.remediation = "Put all names that clients use into the certificate's alternative names.",
	.needs = needs_name, .check = check_name,
};

/* ---- trust ---- */

/* NULL: no word of ours. */
static const char *
trust_text(const char *word)
{
	static const struct { const char *word, *text; } words[] = {
		{ "self-signed", "self-signed" },
		{ "untrusted-root", "its root is not trusted" },
		{ "unknown-issuer", "its issuer is unknown, or an intermediate was not sent" },
		{ "bad-signature", "a signature in its chain is wrong" },
		{ "not-an-authority", "its issuer is no authority" },
		{ "wrong-purpose", "it is not meant for servers" },
		{ "path-too-long", "its chain is too long" },
		{ "name-constraint", "a name constraint forbids it" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].text;
	return NULL;
}

/* Its own authority says so, in the answer that the server staples. */
static void
find_revoked(const struct rule_in *in, struct finding *f, struct tls_list *bad)
{
	char text[360];

	for (const struct observation *k = obs_first(in->obs, FACT_CERT_OCSP); k != NULL;
	    k = obs_next(in->obs, k)) {
		if (strcmp(k->text, "revoked") != 0)
			continue;
		(void)snprintf(text, sizeof(text), "revoked by its authority at %s", k->at);
		tls_facts_list(bad, text);
		finding_list(f, "certificate", text);
		finding_proof(f, in->obs, k);
	}
}

/* Was a stapled answer asked for at that port?  TLS 1.3 encrypts it. */
static bool
is_staple_asked(const struct obs *o, const char *at)
{
	for (const struct observation *k = obs_first(o, FACT_TLS_STAPLED); k != NULL; k = obs_next(o, k))
		if (tls_facts_same_port(k->at, at))
			return true;
	return false;
}

/* RFC 7633: without a good answer, where one was asked for, it is not to be accepted. */
static void
find_unstapled(const struct rule_in *in, struct finding *f, struct tls_list *bad, struct tls_list *unasked)
{
	char text[360];

	for (const struct observation *k = obs_first(in->obs, FACT_CERT_MUST_STAPLE); k != NULL;
	    k = obs_next(in->obs, k)) {
		const struct observation *asked = obs_next_at(in->obs, FACT_TLS_STAPLED, k->at, NULL);
		const struct observation *said = obs_next_at(in->obs, FACT_CERT_OCSP, k->at, NULL);

		if (k->number != 0 && !is_staple_asked(in->obs, k->at))
			tls_facts_list(unasked, k->at);
		if (k->number == 0 || asked == NULL || (said != NULL && strcmp(said->text, "good") == 0))
			continue;
		(void)snprintf(text, sizeof(text), "%s at %s", said != NULL ? said->text : "none", k->at);
		tls_facts_list(bad, text);
		finding_list(f, "staple", text);
		finding_proof(f, in->obs, k);
	}
}

/* What no client can read ends the handshake. */
static void
find_unreadable(const struct rule_in *in, struct finding *f, struct tls_list *bad)
{
	char text[360];

	for (const struct observation *k = obs_first(in->obs, FACT_CERT_BAD); k != NULL;
	    k = obs_next(in->obs, k)) {
		if (strstr(k->text, "not a certificate") == NULL && strstr(k->text, "bytes after its end") == NULL)
			continue;
		(void)snprintf(text, sizeof(text), "it cannot be read (%s) at %s", k->text, k->at);
		tls_facts_list(bad, text);
		finding_list(f, "certificate", text);
		finding_proof(f, in->obs, k);
	}
}

/* Where the chain leads, by place.  inner: the back end's own, as setup makes it. */
static void
find_untrusted(const struct rule_in *in, struct finding *f, struct tls_list *bad, struct tls_list *good,
    struct tls_list *open, struct tls_list *inner)
{
	char text[360];

	for (const struct observation *k = obs_first(in->obs, FACT_CERT_TRUST); k != NULL;
	    k = obs_next(in->obs, k)) {
		const struct observation *own = obs_next_at(in->obs, FACT_CERT_DEFAULT, k->at, NULL);
		const char *why;

		if (strcmp(k->text, "ok") == 0) {
			tls_facts_list(good, k->at);
			continue;
		}
		if (strcmp(k->text, "not-read-whole") == 0) {
			tls_facts_list(open, k->at);
			continue;
		}
		if (strcmp(k->text, "self-signed") == 0 && tls_facts_is_backend(k)) {
			tls_facts_list(inner, k->at);
			continue;
		}
		why = own != NULL && own->number != 0 ? "self-signed by Exchange setup" : trust_text(k->text);
		/* A reason that has no word of ours: OpenSSL's, and whose it is. */
		(void)snprintf(text, sizeof(text), "%s%s%s%s at %s", why != NULL ? why : "its chain is invalid",
		    why == NULL && k->evidence[0] != '\0' ? " (" : "", why == NULL ? k->evidence : "",
		    why == NULL && k->evidence[0] != '\0' ? ")" : "", k->at);
		tls_facts_list(bad, text);
		finding_list(f, "certificate", text);
		finding_proof(f, in->obs, k);
	}
}

/* The order that RFC 5246 7.4.2 asks for; RFC 8446 4.4.2 wants clients to bear others. */
static void
find_disordered(const struct rule_in *in, struct finding *f, struct tls_list *mixed)
{
	for (const struct observation *k = obs_first(in->obs, FACT_CERT_CHAIN_ORDER); k != NULL;
	    k = obs_next(in->obs, k))
		if (k->number == 0 && !tls_facts_is_backend(k)) {
			tls_facts_list(mixed, k->at);
			finding_proof(f, in->obs, k);
		}
}

static enum verdict
check_trust(const struct rule_in *in, struct finding *f)
{
	struct tls_list bad = { .n = 0 }, good = { .n = 0 }, unstapled = { .n = 0 }, open = { .n = 0 },
	    inner = { .n = 0 }, mixed = { .n = 0 }, unasked = { .n = 0 };

	find_revoked(in, f, &bad);
	find_unstapled(in, f, &unstapled, &unasked);
	find_unreadable(in, f, &bad);
	find_untrusted(in, f, &bad, &good, &open, &inner);
	if (bad.n > 0) {
		finding_why(f, "The certificate is not trusted: %s.", bad.s);
		return VERDICT_FAIL;
	}
	if (unstapled.n > 0) {
		finding_why(f, "The certificate asks for a stapled OCSP answer, and there was no good one: %s. "
		    "Some clients refuse it then.", unstapled.s);
		return VERDICT_WARN;
	}
	if (open.n > 0 || good.n + inner.n == 0) {
		finding_why(f, "Not settled: %s.", open.n > 0 ? "the chain is longer than what is kept of one" :
		    "no certificate was judged");
		return VERDICT_UNDECIDABLE;
	}
	if (unasked.n > 0) {
		finding_why(f, "The certificate asks for a stapled OCSP answer; whether there is one was not seen at %s.",
		    unasked.s);
		return VERDICT_UNDECIDABLE;
	}
	if (good.n == 0) {
		finding_why(f, "Only the back end was seen (%s), whose certificate Exchange signs itself.",
		    inner.s);
		return VERDICT_NOT_APPLICABLE;
	}
	find_disordered(in, f, &mixed);
	finding_why(f, "The certificate leads to a trusted root at %s%s%s%s%s.", good.s,
	    inner.n > 0 ? "; that of the back end is self-signed, as setup makes it: " : "", inner.s,
	    mixed.n > 0 ? "; but each certificate sent is not followed by its issuer, which old clients do "
	    "not put right: " : "", mixed.s);
	return VERDICT_PASS;
}

static const enum fact needs_trust[] = { FACT_CERT_TRUST, FACT_CERT_BAD, FACT_COUNT };

const struct rule rule_cert_trust = {
	.id = "cert-untrusted", .title = "The certificate's chain is not trusted",
	.group = "cert", .severity = SEV_HIGH, .reference = URL_CERT,
	.rationale = "Self-signed, of an unknown issuer, or without its intermediate: clients cannot tell "
	    "the server from an attacker. --ca-file names the roots of a private authority. The back end "
	    "(444) has a certificate that Exchange signs itself: that is as it should be.",
	.remediation = "Install a certificate of an authority that the clients trust, with its "
	    "intermediates.",
	.needs = needs_trust, .check = check_trust,
};
