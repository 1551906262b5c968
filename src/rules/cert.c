/*
 * cert.c - the findings on certificates: days, keys, and the same one everywhere.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/place.h"
#include "rules/table.h"
#include "tls_facts.h"

#define URL_CERT "https://learn.microsoft.com/exchange/architecture/client-access/certificates"

/* ---- days ---- */

/* "2026-10-13T12:00:00Z" as seconds since 1970. */
static bool
read_time(const char *s, int64_t *out)
{
	char day[11];
	int32_t days;

	if (strlen(s) != 20 || s[10] != 'T' || s[13] != ':' || s[16] != ':')
		return false;
	memcpy(day, s, 10);
	day[10] = '\0';
	if (!builds_day_parse(day, &days))
		return false;
	*out = days * INT64_C(86400) + strtol(s + 11, NULL, 10) * 3600 +
	    strtol(s + 14, NULL, 10) * 60 + strtol(s + 17, NULL, 10);
	return true;
}

/* The moment to judge at: that of the scan, moved to the day judged as of. */
static int64_t
moment(const struct rule_in *in)
{
	return in->as_of * INT64_C(86400) + in->result->started_ms / 1000 % 86400;
}

/*
 * A chain that leads to a trusted root, but through an authority that is not
 * valid any more or not yet: as good as an expired certificate.
 */
static void
find_old_authority(const struct rule_in *in, struct finding *f, struct tls_list *bad)
{
	for (const struct observation *k = obs_first(in->obs, FACT_CERT_VERIFY); k != NULL;
	    k = obs_next(in->obs, k)) {
		bool expired = strcmp(k->text, "authority-expired") == 0;
		char text[300];

		if (!expired && strcmp(k->text, "authority-not-yet-valid") != 0)
			continue;
		(void)snprintf(text, sizeof(text), "an authority in its chain %s when scanned at %s",
		    expired ? "had ended" : "had not begun", k->at);
		tls_facts_list(bad, text);
		finding_list(f, "certificate", text);
		finding_proof(f, in->obs, k);
	}
}

/* Places whose certificate has a date that cannot be read. */
static void
find_undated(const struct obs *o, struct tls_list *open)
{
	for (const struct observation *k = obs_first(o, FACT_CERT_BAD); k != NULL; k = obs_next(o, k))
		if (strcmp(k->text, "0: a date that is none") == 0)
			tls_facts_list(open, k->at);
}

static enum verdict
check_dates(const struct rule_in *in, struct finding *f)
{
	static const struct { enum fact fact; bool end; } dates[] = {
		{ FACT_CERT_NOT_AFTER, true }, { FACT_CERT_NOT_BEFORE, false },
	};
	struct tls_list bad = { .n = 0 }, good = { .n = 0 }, open = { .n = 0 };
	int64_t now = moment(in), t;
	char text[160];

	for (size_t i = 0; i < 2; i++)
		for (const struct observation *k = obs_first(in->obs, dates[i].fact); k != NULL;
		    k = obs_next(in->obs, k)) {
			bool ok = read_time(k->text, &t) && (dates[i].end ? now <= t : now >= t);

			(void)snprintf(text, sizeof(text), "%s %s at %s", dates[i].end ? "ended" : "begins",
			    k->text, k->at);
			if (ok) {
				tls_facts_list(&good, k->at);
				continue;
			}
			tls_facts_list(&bad, text);
			finding_list(f, "certificate", text);
			finding_proof(f, in->obs, k);
		}
	find_old_authority(in, f, &bad);
	if (bad.n > 0) {
		finding_why(f, "The certificate is not valid now: %s.", bad.s);
		return VERDICT_FAIL;
	}
	find_undated(in->obs, &open);
	if (open.n > 0) {
		finding_why(f, "A date of the certificate cannot be read at %s.", open.s);
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "The certificate is within its dates at %s.", good.s);
	return VERDICT_PASS;
}

static const enum fact needs_dates[] = { FACT_CERT_NOT_AFTER, FACT_CERT_NOT_BEFORE, FACT_COUNT };

const struct rule rule_cert_dates = {
	.id = "cert-dates", .title = "The certificate has expired or is not yet valid",
	.group = "cert", .severity = SEV_HIGH, .reference = URL_CERT,
	.rationale = "Outlook and mail servers stop, or people learn to click warnings away, and "
	    "then click away the one that was about an attacker.",
	.remediation = "Import a current certificate and assign it to the services "
	    "(Enable-ExchangeCertificate), on every server and on the balancer.",
	.needs = needs_dates, .check = check_dates,
};

static enum verdict
check_soon(const struct rule_in *in, struct finding *f)
{
	const struct observation *worst = NULL;
	int64_t now = moment(in), t, left = INT64_MAX, days;

	for (const struct observation *k = obs_first(in->obs, FACT_CERT_NOT_AFTER); k != NULL;
	    k = obs_next(in->obs, k))
		if (read_time(k->text, &t) && t - now < left) {
			left = t - now;
			worst = k;
		}
	if (worst == NULL) {
		finding_why(f, "The end of the certificate cannot be read.");
		return VERDICT_UNDECIDABLE;
	}
	finding_proof(f, in->obs, worst);
	if (left < 0) {
		finding_why(f, "The certificate at %s has ended already.", worst->at);
		return VERDICT_NOT_APPLICABLE;
	}
	days = left / 86400;
	finding_number(f, "days_left", days);
	finding_why(f, "The certificate at %s ends in %s, on %.10s.", worst->at,
	    place_count(days, "day").s, worst->text);
	if (days < in->policy->cert_fail_days)
		return VERDICT_FAIL;
	return days < in->policy->cert_warn_days ? VERDICT_WARN : VERDICT_PASS;
}

static const enum fact needs_end[] = { FACT_CERT_NOT_AFTER, FACT_COUNT };

const struct rule rule_cert_soon = {
	.id = "cert-expires-soon", .title = "The certificate expires soon",
	.group = "cert", .severity = SEV_MEDIUM, .reference = URL_CERT,
	.rationale = "A certificate that ends unseen is the most frequent outage. Public ones last at "
	    "most 200 days since 15 March 2026.",
	.remediation = "Renew it and assign it to the services before the day.",
	.needs = needs_end, .check = check_soon,
};

/* CA/Browser Forum: ballots SC-081v3 (from 2026 on) and SC-31 (2020), by the day of issue. */
static int64_t
longest_life(const char *from)
{
	static const struct { const char *day; int64_t days; } limits[] = {
		{ "2029-03-15", 47 }, { "2027-03-15", 100 }, { "2026-03-15", 200 }, { "2020-09-01", 398 },
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (strcmp(from, limits[i].day) >= 0)
			return limits[i].days;
	return 825;
}

static enum verdict
check_lifetime(const struct rule_in *in, struct finding *f)
{
	struct tls_list bad = { .n = 0 }, good = { .n = 0 };
	char text[160];

	for (const struct observation *k = obs_first(in->obs, FACT_CERT_LIFETIME); k != NULL;
	    k = obs_next(in->obs, k)) {
		const struct observation *pub = obs_next_at(in->obs, FACT_CERT_PUBLIC, k->at, NULL);
		const struct observation *from = obs_next_at(in->obs, FACT_CERT_NOT_BEFORE, k->at, NULL);
		int64_t most;

		if (pub == NULL || pub->number == 0 || from == NULL)
			continue;
		most = longest_life(from->text);
		(void)snprintf(text, sizeof(text), "%lld days at %s, where %lld are allowed",
		    (long long)k->number, k->at, (long long)most);
		tls_facts_list(k->number > most ? &bad : &good, k->number > most ? text : k->at);
		if (k->number > most) {
			finding_list(f, "certificate", text);
			finding_proof(f, in->obs, k);
		}
	}
	if (bad.n > 0) {
		finding_why(f, "The certificate lasts too long: %s.", bad.s);
		return VERDICT_WARN;
	}
	if (good.n == 0) {
		finding_why(f, "No certificate of a public authority: their limits do not bind it.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_why(f, "The certificate's life is within the limits at %s.", good.s);
	return VERDICT_PASS;
}

static const enum fact needs_life[] = { FACT_CERT_LIFETIME, FACT_COUNT };

const struct rule rule_cert_lifetime = {
	.id = "cert-lifetime", .title = "The certificate's life is longer than public authorities may give",
	.group = "cert", .severity = SEV_LOW, .reference = URL_CERT,
	.rationale = "Browsers refuse public certificates beyond the CA/Browser Forum's limit: 398 days, "
	    "and 200 for those issued since 15 March 2026.",
	.remediation = "Let the authority issue a shorter one, and renew by machine.",
	.needs = needs_life, .check = check_lifetime,
};

/* ---- keys and signatures ---- */

static enum verdict
check_weak(const struct rule_in *in, struct finding *f)
{
	struct tls_list bad = { .n = 0 }, good = { .n = 0 };
	char text[300];

	for (const struct observation *k = obs_first(in->obs, FACT_CERT_WEAK); k != NULL;
	    k = obs_next(in->obs, k)) {
		(void)snprintf(text, sizeof(text), "certificate %s at %s", k->text, k->at);
		tls_facts_list(&bad, text);
		finding_list(f, "weak", text);
		finding_proof(f, in->obs, k);
	}
	if (bad.n > 0) {
		finding_why(f, "Weak in the chain (0 is the server's own): %s.", bad.s);
		return VERDICT_FAIL;
	}
	for (const struct observation *k = obs_first(in->obs, FACT_CERT_KEY); k != NULL;
	    k = obs_next(in->obs, k)) {
		(void)snprintf(text, sizeof(text), "%s at %s", k->text, k->at);
		tls_facts_list(&good, text);
	}
	finding_why(f, "Keys and signatures of the chain are strong (%s).", good.s);
	return VERDICT_PASS;
}

static const enum fact needs_key[] = { FACT_CERT_KEY, FACT_COUNT };

const struct rule rule_cert_weak = {
	.id = "cert-weak", .title = "Weak key or signature in the certificate's chain",
	.group = "cert", .severity = SEV_HIGH, .reference = URL_CERT,
	.rationale = "RSA keys below 2048 bits can be factored, SHA-1 and MD5 signatures forged.",
	.remediation = "Replace the certificate; for an intermediate, ask the authority.",
	.needs = needs_key, .check = check_weak,
};

/* ---- the same everywhere ---- */

static enum verdict
check_same(const struct rule_in *in, struct finding *f)
{
	const struct observation *first = obs_first(in->obs, FACT_CERT_SHA256), *other = NULL;
	const struct observation *told = obs_first(in->obs, FACT_CERT_DIFFERS);
	struct tls_list places = { .n = 0 };
	bool kinds = false;

	/* Setup gives the back end a certificate of its own. */
	while (first != NULL && tls_facts_is_backend(first))
		first = obs_next(in->obs, first);
	for (const struct observation *k = first; k != NULL; k = obs_next(in->obs, k)) {
		if (tls_facts_is_backend(k))
			continue;
		tls_facts_list(&places, k->at);
		finding_list(f, "certificate", k->text);
		kinds = kinds || strcmp(k->text, first->text) != 0;
		/* Two key types at one place are no difference. */
		if (other == NULL && strcmp(k->at, first->at) != 0 &&
		    obs_next_at(in->obs, FACT_CERT_SHA256, k->at, NULL) == k &&
		    !tls_facts_share_cert(in->obs, k->at, first->at))
			other = k;
	}
	if (told != NULL) {
		unsigned n = tls_facts_each(in->obs, FACT_CERT_DIFFERS, f, "differs");

		finding_why(f, "The certificate at %s is %s%s.", told->at, told->text,
		    n > 1 ? ", and so at further places" : "");
		return VERDICT_WARN;
	}
	if (other != NULL) {
		finding_proof(f, in->obs, first);
		finding_proof(f, in->obs, other);
		finding_why(f, "The certificate at %s is another one than at %s.", other->at, first->at);
		return VERDICT_WARN;
	}
	if (places.n < 2) {
		finding_why(f, "A certificate was seen at one place only: nothing to compare.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_why(f, "The same certificate%s at %s.", kinds ? "s, one for each kind of key," : "",
	    places.s);
	return VERDICT_PASS;
}

static const enum fact needs_sum[] = { FACT_CERT_SHA256, FACT_COUNT };

const struct rule rule_cert_same = {
	.id = "cert-differs", .title = "The certificate differs between ports or addresses",
	.group = "cert", .severity = SEV_LOW, .reference = URL_CERT,
	.rationale = "Extended Protection binds a log-on to the certificate: where a balancer or a member "
	    "shows another one, log-ons fail. For SMTP another certificate can be meant, and the back end "
	    "has its own. Of several results of one name or server the later one tells.",
	.remediation = "Install the same certificate on all members and on what bridges TLS for them.",
	.needs = needs_sum, .check = check_same,
};
