/*
 * hsts.c - the finding on Strict-Transport-Security.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "rules/table.h"

#define URL_HSTS "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/" \
	"security-best-practices/configure-http-strict-transport-security-in-exchange-server"

/* Digits, in quotes or not, and nothing else up to the end of the directive. */
static bool
read_age(const char *p, int64_t *out)
{
	bool quoted = *p == '"';
	char digits[16];
	size_t n;

	p += quoted;
	n = strspn(p, "0123456789");
	if (n == 0 || (quoted && p[n] != '"'))
		return false;
	(void)snprintf(digits, sizeof(digits), "%.*s", n > 12 ? 12 : (int)n, p);
	p += n + quoted;
	p += strspn(p, " \t");
	return (*p == ';' || *p == '\0') && text_number(digits, 0, INT64_MAX, out);
}

/* The directive max-age of the header (RFC 6797 6.1); false when there is none that counts. */
static bool
max_age(const char *header, int64_t *out)
{
	static const char name[] = "max-age";

	for (const char *p = header, *end; *p != '\0'; p = end + (*end == ';')) {
		end = p + strcspn(p, ";");
		p += strspn(p, " \t");
		if (!text_starts_nocase(p, name))
			continue;
		p += strlen(name);
		p += strspn(p, " \t");
		if (*p == '=')
			return read_age(p + 1 + strspn(p + 1, " \t"), out);
	}
	return false;
}

/* A year, below which scanners and browsers' preload lists complain. */
enum { HSTS_YEAR = 31536000 };

/* The first, or the next: clients heed it over HTTPS only (RFC 6797 8.1). */
static const struct observation *
next_header(const struct obs *o, const struct observation *k)
{
	k = k == NULL ? obs_first(o, FACT_HTTP_HSTS) : obs_next(o, k);
	while (k != NULL && !text_starts(k->at, "https://"))
		k = obs_next(o, k);
	return k;
}

static enum verdict
check_hsts(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = next_header(in->obs, NULL), *short_one = NULL;
	const struct observation *page = obs_first(in->obs, FACT_HTTP_STATUS);
	int64_t age = 0, least = INT64_MAX;

	while (page != NULL && !text_starts(page->at, "https://"))
		page = obs_next(in->obs, page);
	if (page == NULL) {
		finding_why(f, "No page was read over HTTPS.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (k == NULL) {
		finding_proof(f, in->obs, page);
		finding_why(f, "No answer had a Strict-Transport-Security header, as seen at %s.", page->at);
		return VERDICT_FAIL;
	}
	for (; k != NULL; k = next_header(in->obs, k)) {
		age = max_age(k->text, &age) ? age : 0;
		if (age < least) {
			least = age;
			short_one = k;
		}
	}
	finding_proof(f, in->obs, short_one);
	finding_number(f, "max_age", least);
	finding_why(f, "Strict-Transport-Security lasts %lld seconds at %s; a year is 31536000.",
	    (long long)least, short_one->at);
	if (least == 0)
		return VERDICT_FAIL;
	return least < HSTS_YEAR ? VERDICT_WARN : VERDICT_PASS;
}

static const enum fact needs_page[] = { FACT_HTTP_STATUS, FACT_COUNT };

const struct rule rule_hsts = {
	.id = "http-hsts", .title = "HSTS header missing or too short",
	.group = "tls", .severity = SEV_MEDIUM, .reference = URL_HSTS,
	.rationale = "Without it a first request over plain HTTP can be caught and kept there. CISA's "
	    "guide and the IIS baselines ask for it.",
	.remediation = "Configure HSTS in IIS for the Default Web Site as the reference says, without "
	    "its redirect.",
	.needs = needs_page, .needs_exchange = true, .check = check_hsts,
};
