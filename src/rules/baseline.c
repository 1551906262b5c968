/*
 * baseline.c - the finding on the baseline for TLS that the user chose.
 */
#include <stdio.h>
#include <string.h>

#include "rules/table.h"
#include "tls_baseline.h"
#include "tls_facts.h"

/* The line, by the user's file when it is one, and what breaks it or leaves it open. */
static void
add_line(struct tls_list *list, const struct tls_baseline *b, const struct tls_baseline_line *l,
    const char *what, char *text, size_t cap)
{
	enum { PATH_SHOWN = 100 };	/* its end, for a sentence */
	size_t n = strlen(b->file);

	if (n > 0)
		(void)snprintf(text, cap, "%s (%s%s:%u): %s", l->key, n > PATH_SHOWN ? "..." : "",
		    b->file + (n > PATH_SHOWN ? n - PATH_SHOWN : 0), l->number, what);
	else
		(void)snprintf(text, cap, "%s (line %u): %s", l->key, l->number, what);
	tls_facts_list(list, text);
}

static enum verdict
check_baseline(const struct rule_in *in, struct finding *f)
{
	const struct tls_baseline *b = in->policy->baseline;
	struct tls_list bad = { .n = 0 }, open = { .n = 0 }, held = { .n = 0 };
	char what[256], text[400];

	if (b == NULL) {
		finding_why(f, "No baseline for TLS was chosen, and that of Microsoft is not installed.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_text(f, "baseline", b->name);
	finding_text(f, "date", b->date);
	for (size_t i = 0; i < b->nlines; i++) {
		const struct tls_baseline_line *l = &b->lines[i];

		switch (tls_baseline_check(l, in->obs, what, sizeof(what))) {
		case BASELINE_HOLDS:
			tls_facts_list(&held, l->key);
			break;
		case BASELINE_BROKEN:
			add_line(&bad, b, l, what, text, sizeof(text));
			finding_list(f, "broken", text);
			break;
		case BASELINE_OPEN:
			add_line(&open, b, l, what, text, sizeof(text));
			break;
		case BASELINE_UNSEEN:
			break;
		}
	}
	if (bad.n > 0) {
		finding_why(f, "Breaks %s of %s: %s.", b->name, b->date, bad.s);
		return VERDICT_WARN;
	}
	if (open.n > 0 || held.n == 0) {
		finding_why(f, "Not settled against %s: %s.", b->name, open.n > 0 ? open.s : "nothing was seen");
		return VERDICT_UNDECIDABLE;
	}
	/* A baseline may leave out what another judges: that is no pass of it. */
	finding_why(f, "All that was seen is within %s of %s, which asks for %s.", b->name, b->date,
	    held.s);
	return VERDICT_PASS;
}

static const enum fact needs[] = { FACT_TLS_OFFERED, FACT_TLS_REFUSED, FACT_COUNT };

const struct rule rule_tls_baseline = {
	.id = "tls-baseline", .title = "TLS is not within the chosen baseline",
	.group = "tls", .severity = SEV_MEDIUM,
	.reference = "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/"
	    "security-best-practices/exchange-tls-configuration",
	.rationale = "--tls-baseline names what to measure by; as it comes that is what Microsoft "
	    "recommends for Exchange today. Other findings on TLS do not depend on it.",
	.remediation = "Change the settings that the finding names, or choose the baseline that the "
	    "organisation is bound to.",
	.needs = needs, .check = check_baseline,
};
