/*
 * rule.c - names of verdicts and severities, the hands that write a finding,
 * and the driver that judges one result.  What a rule means stands in rules/.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rule.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const severity_names[] = {
	[SEV_INFO] = "info", [SEV_LOW] = "low", [SEV_MEDIUM] = "medium",
	[SEV_HIGH] = "high", [SEV_CRITICAL] = "critical",
};

static const char *const verdict_names[] = {
	[VERDICT_PASS] = "pass", [VERDICT_FAIL] = "fail", [VERDICT_WARN] = "warn",
	[VERDICT_UNDECIDABLE] = "undecidable",
	[VERDICT_NOT_OBSERVABLE] = "not-observable",
	[VERDICT_NOT_APPLICABLE] = "not-applicable",
};

static const char *const identity_names[] = {
	[IDENTITY_UNKNOWN] = "unknown", [IDENTITY_EXCHANGE] = "exchange",
	[IDENTITY_ONLINE] = "exchange-online", [IDENTITY_PREAUTH] = "pre-auth-proxy",
	[IDENTITY_NOT_EXCHANGE] = "not-exchange",
};

const char *
rule_severity_name(enum severity severity)
{
	return severity_names[severity];
}

bool
rule_severity_find(const char *name, enum severity *out)
{
	for (size_t i = 0; i < COUNT(severity_names); i++)
		if (strcmp(severity_names[i], name) == 0) {
			*out = (enum severity)i;
			return true;
		}
	return false;
}

const char *
rule_verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

const char *
rule_identity_name(enum identity identity)
{
	return identity_names[identity];
}

const struct rule *
rule_find(const char *id)
{
	for (const struct rule *const *r = rule_table; *r != NULL; r++)
		if (strcmp((*r)->id, id) == 0)
			return *r;
	return NULL;
}

void
finding_why(struct finding *f, const char *fmt, ...)
{
	char *was = f->why;
	va_list ap;

	va_start(ap, fmt);
	f->why = text_vprintf(fmt, ap);		/* may print what was there */
	va_end(ap);
	free(was);
}

static struct detail *
detail_add(struct finding *f, const char *key)
{
	struct detail *d;

	f->detail = text_grow(f->detail, f->ndetail + 1, sizeof(*f->detail));
	d = &f->detail[f->ndetail++];
	*d = (struct detail){ .key = key };
	return d;
}

void
finding_text(struct finding *f, const char *key, const char *value)
{
	detail_add(f, key)->text = text_dup(value);
}

void
finding_list(struct finding *f, const char *key, const char *value)
{
	struct detail *d = detail_add(f, key);

	d->text = text_dup(value);
	d->list = true;
}

void
finding_number(struct finding *f, const char *key, int64_t value)
{
	detail_add(f, key)->number = value;
}

void
finding_proof(struct finding *f, const struct obs *obs, const struct observation *seen)
{
	size_t index = obs_index(obs, seen);

	for (size_t i = 0; i < f->nproof; i++)
		if (f->proof[i] == index)
			return;
	f->proof = text_grow(f->proof, f->nproof + 1, sizeof(*f->proof));
	f->proof[f->nproof++] = index;
}

bool
rule_worst(const struct judgement *j, enum severity *out)
{
	bool found = false;

	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];

		if (f->verdict != VERDICT_FAIL && f->verdict != VERDICT_WARN)
			continue;
		if (!found || f->severity > *out)
			*out = f->severity;
		found = true;
	}
	return found;
}

bool
rule_complete(const struct judgement *j)
{
	if (j->identity == IDENTITY_EXCHANGE)
		return j->build != NULL;
	return j->identity != IDENTITY_UNKNOWN;
}
