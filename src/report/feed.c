/* feed.c - what a CERT's feed needs of one server. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "feed.h"

bool
feed_is_vulnerable(const struct report *r)
{
	static const char *const rules[] = {
		"cve-known-exploited-open", "cve-open", "cve-open-presumed", "su-missing",
		"product-unsupported",
	};
	const struct judgement *j = r->judgement;

	if (j->identity != IDENTITY_EXCHANGE)
		return false;
	for (size_t i = 0; i < j->nfindings; i++)
		for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++)
			if (strcmp(j->findings[i].rule->id, rules[k]) == 0 &&
			    j->findings[i].verdict == VERDICT_FAIL && rule_counts(&j->findings[i]))
				return true;
	return false;
}

static void
add_lower(struct text_buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		text_buf_add(out, &(char){ (char)tolower((unsigned char)*s) }, 1);
}

char *
feed_tag(const struct report *r)
{
	const struct build_report *b = r->judgement->build;
	struct text_buf out = { 0 };

	text_buf_str(&out, "exchange");
	for (size_t i = 0; b != NULL && i < b->ncves; i++) {
		const struct cve_verdict *v = &b->cves[i];

		if (!v->cve->kev || (v->state != CVE_OPEN && v->state != CVE_OPEN_PRESUMED))
			continue;
		text_buf_str(&out, ";");
		add_lower(&out, v->cve->id);
	}
	if (b != NULL && (b->support == SUPPORT_UNSUPPORTED || b->support == SUPPORT_ESU_ENDED))
		text_buf_str(&out, ";eol");
	return out.s;
}

const char *
feed_server_name(const struct report *r)
{
	static const enum fact facts[] = { FACT_NAME_FRONTEND, FACT_NAME_HEALTH, FACT_NAME_BACKEND };

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const struct observation *k = obs_first(r->result->obs, facts[i]);

		if (k != NULL && k->text[0] != '\0')
			return k->text;
	}
	return "";
}

/* Letters, digits and hyphens in labels (RFC 1123 section 2.1), the last not all digits. */
static bool
is_dns_name(const char *s)
{
	const char *label = s;

	if (strlen(s) > 253 || strchr(s, '.') == NULL)
		return false;
	for (const char *p = s; ; p++) {
		if (*p == '.' || *p == '\0') {
			if (p == label || p - label > 63 || *label == '-' || p[-1] == '-')
				return false;
			if (*p == '\0')
				return strspn(label, "0123456789") != strlen(label);
			label = p + 1;
		} else if (!isalnum((unsigned char)*p) && *p != '-') {
			return false;
		}
	}
}

char *
feed_host(const struct report *r)
{
	struct text_buf out = { 0 };
	char *host = text_dup_n(r->result->target, strcspn(r->result->target, ":"));

	if (is_dns_name(host))
		add_lower(&out, host);
	free(host);
	return out.s != NULL ? out.s : text_dup("");
}
