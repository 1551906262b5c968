/*
 * hsts.c - the finding on Strict-Transport-Security.
 */
#include <string.h>

#include "base/text.h"
#include "rules/table.h"

#define URL_HSTS "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/" \
	"security-best-practices/configure-http-strict-transport-security-in-exchange-server"

/* The max-age of the header; false when there is none. */
static bool
max_age(const char *header, int64_t *out)
{
	const char *p = text_find_nocase(header, strlen(header), "max-age=");
	char digits[16];
	size_t n;

	if (p == NULL)
		return false;
	p += strlen("max-age=");
	p += *p == '"';
	n = strspn(p, "0123456789");
	if (n == 0)
		return false;
	if (n > 12)
		n = 12;
	memcpy(digits, p, n);
	digits[n] = '\0';
	return text_number(digits, 0, INT64_MAX, out);
}

/* A year, below which scanners and browsers' preload lists complain. */
enum { HSTS_YEAR = 31536000 };

static enum verdict
check_hsts(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = obs_first(in->obs, FACT_HTTP_HSTS), *short_one = NULL;
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
	for (; k != NULL; k = obs_next(in->obs, k)) {
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
