/* card_findings.c - the findings of one target, worst first. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "card_parts.h"
#include "tone.h"
#include "unseen.h"
#include "view.h"

#define UNSEEN_NAMED	8	/* more than these are only counted, without -v */

/* Shown at a place of its own. */
static bool
is_elsewhere(const struct finding *f)
{
	return strcmp(f->rule->id, "next-step") == 0;
}

/* The lines above the findings say the same with numbers: the title will do. */
static bool
is_told(const struct finding *f)
{
	static const char *const ids[] = {
		"su-missing", "cve-known-exploited-open", "cve-open", "cve-undecidable",
		"product-unsupported", "build-range-only",
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (strcmp(f->rule->id, ids[i]) == 0)
			return true;
	return false;
}

static void
print_evidence(const struct paint *p, const struct finding *f, const struct obs *obs)
{
	for (size_t i = 0; i < f->nproof; i++) {
		const struct observation *k;
		char *s;

		if (f->proof[i] >= obs_count(obs))
			continue;
		k = obs_get(obs, f->proof[i]);
		s = text_printf("%s %s: %s", obs_fact(k->fact)->name, k->at,
		    k->evidence[0] != '\0' ? k->evidence : k->text != NULL ? k->text : "");
		paint_blank(p, 17);
		paint_wrap(p, INK_DIM, 17, 19, s);
		free(s);
	}
}

static void
print_waiver(const struct paint *p, const struct waiver *w)
{
	char *s;

	if (w == NULL)
		return;
	s = view_waiver(w);
	s[0] = 'W';
	paint_blank(p, 15);
	paint_wrap(p, INK_DIM, 15, 15, s);
	free(s);
}

/* "high       mitigation-seen" in its ink, then the sentence under it. */
static void
print_finding(const struct paint *p, const char *label, const struct finding *f,
    const struct report_run *run, const struct obs *obs)
{
	bool counts = rule_counts(f);
	enum ink ink = counts ? tone_severity(f->severity) : f->waiver != NULL ? INK_DIM :
	    tone_verdict(f->verdict);
	const char *word = counts ? rule_severity_name(f->severity) : f->waiver != NULL ? "waived" :
	    f->verdict == VERDICT_UNDECIDABLE ? "undecided" : "pass";

	paint_blank(p, 2);
	paint_cell(p, INK_DIM, label, 11, false);
	paint_cell(p, ink, word, 11, false);
	paint_ink(p, INK_BOLD, f->rule->id);
	if (run->verbose == 0 && is_told(f) && f->waiver == NULL) {
		size_t at = 24 + paint_columns(f->rule->id) + 2;

		paint_blank(p, 2);
		paint_wrap(p, INK_PLAIN, at, 24, f->rule->title);
		return;
	}
	fputc('\n', p->f);
	paint_blank(p, 15);
	paint_wrap(p, INK_PLAIN, 15, 15, f->why != NULL && f->why[0] != '\0' ? f->why : f->rule->title);
	print_waiver(p, f->waiver);
	if (run->verbose > 0)
		print_evidence(p, f, obs);
}

/* What no scan sees, one a line, with the command that answers it. */
static void
print_list(const struct paint *p, const struct finding *f)
{
	for (size_t i = 0; i < f->ndetail; i++)
		if (strcmp(f->detail[i].key, UNSEEN_LIST) == 0 && f->detail[i].text != NULL) {
			paint_blank(p, 15);
			paint_wrap(p, INK_DIM, 15, 17, f->detail[i].text);
		}
}

static void
print_unseen(const struct paint *p, const struct finding **v, size_t n, bool all, bool single)
{
	struct text_buf ids = { 0 };
	size_t unseen = 0;

	for (size_t i = 0; i < n; i++) {
		char *s;

		if (v[i]->verdict != VERDICT_NOT_OBSERVABLE || is_elsewhere(v[i]))
			continue;
		unseen++;
		if (!all) {
			text_buf_printf(&ids, "%s%s", ids.s != NULL ? ", " : "", v[i]->rule->id);
			continue;
		}
		s = text_printf("%s: %s", v[i]->rule->id, v[i]->why != NULL ? v[i]->why : "");
		card_line(p, unseen == 1 ? "Not seen" : "", INK_DIM, s);
		free(s);
		if (single)			/* many say it once, at their end */
			print_list(p, v[i]);
	}
	if (!all && unseen > UNSEEN_NAMED) {
		text_buf_free(&ids);
		text_buf_printf(&ids, "%zu checks need what could not be seen (-v lists them)", unseen);
		card_line(p, "Not seen", INK_DIM, ids.s);
	} else if (!all && unseen > 0) {
		text_buf_str(&ids, " (-v says why)");
		card_line(p, "Not seen", INK_DIM, ids.s);
	}
	text_buf_free(&ids);
}

void
card_findings(const struct paint *p, const struct report_run *run, const struct report *r)
{
	const struct judgement *j = r->judgement;
	const struct finding **v = view_sorted(j);
	const char *label = "Findings";
	size_t passed = 0;

	fputc('\n', p->f);
	for (size_t i = 0; i < j->nfindings; i++) {
		bool quiet = v[i]->verdict == VERDICT_PASS && run->verbose == 0;

		passed += v[i]->verdict == VERDICT_PASS && !is_elsewhere(v[i]);
		if (quiet || v[i]->verdict == VERDICT_NOT_OBSERVABLE ||
		    v[i]->verdict == VERDICT_NOT_APPLICABLE || is_elsewhere(v[i]))
			continue;
		print_finding(p, label, v[i], run, r->result->obs);
		label = "";
	}
	if (label[0] != '\0')
		card_line(p, label, INK_DIM, rule_complete(j) ? "none" : "none, but nothing could be judged");
	print_unseen(p, v, j->nfindings, run->verbose > 0, run->single);
	if (passed > 0 && run->verbose == 0) {
		char *s = text_printf("%zu check%s (-v lists %s)", passed, passed == 1 ? "" : "s",
		    passed == 1 ? "it" : "them");

		card_line(p, "Passed", INK_DIM, s);
		free(s);
	}
	free(v);
}
