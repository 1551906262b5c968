/* html_card.c - all that is said of one server, cut into pieces. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "markup.h"
#include "tone.h"

#define LIST_SHOWN	24	/* a longer list opens on demand */

struct cut {
	struct html	*h;
	struct html_row	*row;
	const struct report *report;
	const struct report_run *run;
	struct text_buf	 piece;
	uint32_t	 room;
};

/* What is in the buffer becomes one piece. */
static void
cut(struct cut *c)
{
	struct html_row *row = c->row;

	if (c->piece.len == 0)
		return;
	if (row->npieces == c->room) {
		c->room = c->room == 0 ? 64 : 2 * c->room;
		row->pieces = text_grow(row->pieces, c->room, sizeof(*row->pieces));
	}
	row->pieces[row->npieces++] = html_piece(c->h, c->report->result->target, &c->piece);
	text_buf_free(&c->piece);
}

/* ---- what it is ---- */

static void
line(struct text_buf *out, const char *label, const char *text)
{
	if (text[0] != '\0')
		markup_printf(out, "<div><dt>%s</dt><dd>%s</dd></div>", label, text);
}

static void
add_build(struct cut *c)
{
	const struct judgement *j = c->report->judgement;
	char *s;

	if (j->build == NULL)
		return;
	s = tone_release(j->build);
	line(&c->piece, "Build", s);
	free(s);
	s = view_sources(c->report->result->obs);
	line(&c->piece, j->contradiction ? "Witnesses disagree" : "Read from", s);
	free(s);
	s = tone_support(j->build, c->run->as_of);
	line(&c->piece, "Support", s);
	free(s);
}

static void
add_who(struct cut *c)
{
	const struct result *r = c->report->result;
	const struct judgement *j = c->report->judgement;
	char time[RESULT_TIME_MAX], *s;

	text_buf_str(&c->piece, "<dl class=\"kv\">");
	line(&c->piece, "Target", r->target);
	line(&c->piece, "Address", r->address);
	line(&c->piece, "Tag", r->tag);
	s = text_printf("%s, score %d of 100", j->identity == IDENTITY_EXCHANGE ? "Exchange Server" :
	    tone_identity(j->identity), j->score);
	line(&c->piece, "Identity", s);
	free(s);
	add_build(c);
	cut(c);
	s = text_printf("%s, in %" PRId64 " ms", result_time(r->started_ms, time), r->duration_ms);
	line(&c->piece, "Scanned", time[0] != '\0' ? s : "");
	free(s);
	line(&c->piece, "From", r->vantage);
	s = text_printf("%u connections, %u requests, profile %s%s%s", r->connections, r->requests,
	    r->profile, r->finished ? "" : "; stopped half-way",
	    obs_capped(r->obs) ? "; more than a limit allows was seen, the rest was dropped" : "");
	line(&c->piece, "Asked", s);
	free(s);
	text_buf_str(&c->piece, "</dl>");
	cut(c);
}

/* ---- findings ---- */

static const char *
badge_class(const struct finding *f)
{
	static const enum view_state states[] = {
		[SEV_INFO] = VIEW_INFO, [SEV_LOW] = VIEW_LOW, [SEV_MEDIUM] = VIEW_MEDIUM,
		[SEV_HIGH] = VIEW_HIGH, [SEV_CRITICAL] = VIEW_CRITICAL,
	};

	if (f->waiver != NULL)
		return html_state_class(VIEW_OTHER);
	switch (f->verdict) {
	case VERDICT_FAIL:
	case VERDICT_WARN:
		return html_state_class(states[f->severity]);
	case VERDICT_UNDECIDABLE:
		return html_state_class(VIEW_UNDECIDED);
	case VERDICT_PASS:
		return html_state_class(VIEW_CLEAN);
	default:
		return html_state_class(VIEW_SILENT);
	}
}

static const char *
badge_word(const struct finding *f)
{
	if (f->waiver != NULL)
		return "waived";
	if (f->verdict == VERDICT_FAIL || f->verdict == VERDICT_WARN)
		return rule_severity_name(f->severity);
	return f->verdict == VERDICT_UNDECIDABLE ? "undecided" :
	    f->verdict == VERDICT_NOT_OBSERVABLE ? "not seen" : rule_verdict_name(f->verdict);
}

static void
add_list(struct text_buf *out, const struct finding *f, const char *key, const char *between)
{
	bool short_words = strcmp(key, "search") != 0;
	const char *before = "";

	for (size_t i = 0; i < f->ndetail; i++)
		if (f->detail[i].text != NULL && strcmp(f->detail[i].key, key) == 0) {
			text_buf_str(out, before);
			markup_printf(out, short_words ? "<span>%s</span>" : "%s", f->detail[i].text);
			before = between;
		}
}

/* Lists that the sentence cuts short: CVEs, updates, what to search for. */
static void
add_lists(struct text_buf *out, const struct finding *f)
{
	static const struct { const char *key, *label; } shown[] = {
		{ "cve", "All of them" }, { "search", "Search for" },
		{ "undetermined", "Not decided" },
	};

	for (size_t k = 0; k < sizeof(shown) / sizeof(shown[0]); k++) {
		size_t n = 0;

		for (size_t i = 0; i < f->ndetail; i++)
			n += f->detail[i].text != NULL && strcmp(f->detail[i].key, shown[k].key) == 0;
		if (n < 2)
			continue;
		if (n > LIST_SHOWN)
			markup_printf(out, "<details class=\"more\"><summary>%s: %u</summary><p class=\"all\">",
			    shown[k].label, (uint64_t)n);
		else
			markup_printf(out, "<p class=\"all\"><b>%s</b> ", shown[k].label);
		add_list(out, f, shown[k].key, k == 1 ? "; " : ", ");
		text_buf_str(out, n > LIST_SHOWN ? "</p></details>" : "</p>");
	}
}

static void
add_proof(struct text_buf *out, const struct finding *f, const struct obs *obs)
{
	if (f->nproof == 0)
		return;
	text_buf_str(out, "<ul class=\"ev\">");
	for (size_t i = 0; i < f->nproof; i++) {
		const struct observation *k;
		char number[32];

		if (f->proof[i] >= obs_count(obs))
			continue;
		k = obs_get(obs, f->proof[i]);
		(void)snprintf(number, sizeof(number), "%" PRId64, k->number);
		markup_printf(out, "<li><code>%s</code> <span>%s at %s</span></li>",
		    k->evidence[0] != '\0' ? k->evidence : k->text != NULL ? k->text : number,
		    obs_fact(k->fact)->name, k->at);
	}
	text_buf_str(out, "</ul>");
}

static void
add_waiver(struct text_buf *out, const struct finding *f)
{
	char day[11];

	markup_printf(out, "<p class=\"all\"><b>Waived</b> by %s until %s: %s (it would be %s)</p>",
	    f->waiver->owner, builds_day_text(f->waiver->until, day), f->waiver->reason,
	    rule_severity_name(f->severity));
}

/* The same on every server, and so a piece that is kept once. */
static void
add_advice(struct cut *c, const struct rule *rule)
{
	cut(c);
	if (rule->rationale != NULL)
		markup_printf(&c->piece, "<p class=\"do\"><b>Why</b> %s</p>", rule->rationale);
	if (rule->remediation != NULL)
		markup_printf(&c->piece, "<p class=\"do\"><b>What to do</b> %s</p>", rule->remediation);
	html_rule_controls(&c->piece, c->run, rule, false);
	cut(c);
}

static void
add_finding(struct cut *c, const struct finding *f)
{
	bool bad = f->verdict == VERDICT_FAIL || f->verdict == VERDICT_WARN ||
	    f->verdict == VERDICT_UNDECIDABLE;
	struct text_buf *out = &c->piece;

	text_buf_str(out, "<li><p class=\"ft\">");
	html_badge(out, badge_class(f), badge_word(f));
	markup_printf(out, " <a href=\"#rule-%s\">%s</a></p>", f->rule->id, f->rule->title);
	if (f->why != NULL && f->why[0] != '\0')
		markup_printf(out, "<p>%s</p>", f->why);
	if (f->waiver != NULL)
		add_waiver(out, f);
	add_lists(out, f);
	if (bad)
		add_advice(c, f->rule);
	cut(c);
	if (f->verdict != VERDICT_NOT_APPLICABLE)
		add_proof(out, f, c->report->result->obs);
	text_buf_str(out, "</li>");
	cut(c);
}

static void
add_group(struct cut *c, const struct finding **v, size_t n, enum verdict verdict,
    const char *one, const char *many)
{
	size_t k = view_verdicts(c->report->judgement, verdict);

	if (k == 0)
		return;
	text_buf_printf(&c->piece, "<details class=\"more\"><summary>%zu %s</summary>"
	    "<ul class=\"fs\">", k, k == 1 ? one : many);
	cut(c);
	for (size_t i = 0; i < n; i++)
		if (v[i]->verdict == verdict)
			add_finding(c, v[i]);
	text_buf_str(&c->piece, "</ul></details>");
	cut(c);
}

static void
add_findings(struct cut *c)
{
	const struct judgement *j = c->report->judgement;
	const struct finding **v = view_sorted(j);
	size_t n = j->nfindings, shown = 0;

	text_buf_str(&c->piece, "<ul class=\"fs\">");
	for (size_t i = 0; i < n; i++) {
		if (v[i]->verdict != VERDICT_FAIL && v[i]->verdict != VERDICT_WARN &&
		    v[i]->verdict != VERDICT_UNDECIDABLE)
			continue;
		add_finding(c, v[i]);
		shown++;
	}
	if (shown == 0)
		text_buf_str(&c->piece, "<li><p>No finding among the checks that could be made.</p></li>");
	text_buf_str(&c->piece, "</ul>");
	cut(c);
	add_group(c, v, n, VERDICT_NOT_OBSERVABLE, "check could not be made from here",
	    "checks could not be made from here");
	add_group(c, v, n, VERDICT_PASS, "check passed", "checks passed");
	add_group(c, v, n, VERDICT_NOT_APPLICABLE, "check does not apply", "checks do not apply");
	free(v);
}

/* ---- what failed and what was seen ---- */

static void
add_errors(struct cut *c)
{
	const struct obs *obs = c->report->result->obs;
	size_t n = obs_error_count(obs), shown = n < 20 ? n : 20;

	if (n == 0)
		return;
	text_buf_str(&c->piece, "<p class=\"lab\">What failed</p><ul class=\"ev\">");
	for (size_t i = 0; i < shown; i++) {
		const struct obs_error *e = obs_error_get(obs, i);

		markup_printf(&c->piece, "<li><code>%s: %s</code> %s <span>%s %s</span></li>", e->stage,
		    e->reason, e->detail, e->probe, e->at);
		cut(c);
	}
	if (shown < n)
		text_buf_printf(&c->piece, "<li>%zu more</li>", n - shown);
	text_buf_str(&c->piece, "</ul>");
	cut(c);
}

static void
add_seen(struct cut *c, const struct observation *k, const char *last)
{
	char number[32];
	const char *value = k->text;

	(void)snprintf(number, sizeof(number), "%" PRId64, k->number);
	if (value == NULL)
		value = obs_fact(k->fact)->type != FACT_TYPE_FLAG ? number : k->number != 0 ? "yes" : "no";
	markup_printf(&c->piece, "<div><dt>%s</dt><dd>%s", obs_fact(k->fact)->name, value);
	if (k->evidence[0] != '\0' && strcmp(k->evidence, value) != 0 &&
	    strcmp(k->evidence, last) != 0)
		markup_printf(&c->piece, " <span>%s</span>", k->evidence);
	text_buf_str(&c->piece, "</dd></div>");
	cut(c);
}

static bool
is_first_at(const struct obs *obs, size_t n, size_t i)
{
	const char *at = obs_get(obs, i)->at;

	for (size_t k = 0; k < i && k < n; k++)
		if (strcmp(obs_get(obs, k)->at, at) == 0)
			return false;
	return true;
}

/* By place, because one answer tells many facts. */
static void
add_observations(struct cut *c)
{
	const struct obs *obs = c->report->result->obs;
	size_t all = obs_count(obs), n = all < HTML_SEEN ? all : HTML_SEEN;

	if (n == 0)
		return;
	text_buf_printf(&c->piece, "<details class=\"more\"><summary>%zu observation%s, with their "
	    "evidence</summary>", all, all == 1 ? "" : "s");
	for (size_t i = 0; i < n; i++) {
		const char *at = obs_get(obs, i)->at, *last = "";

		if (!is_first_at(obs, n, i))
			continue;
		markup_printf(&c->piece, "<p class=\"lab\">%s</p><dl class=\"kv obs\">", at);
		cut(c);
		for (size_t k = i; k < n; k++) {
			const struct observation *o = obs_get(obs, k);

			if (strcmp(o->at, at) != 0)
				continue;
			add_seen(c, o, last);
			last = o->evidence;
		}
		text_buf_str(&c->piece, "</dl>");
	}
	if (n < all)
		text_buf_printf(&c->piece, "<p>%zu more are in the JSON Lines.</p>", all - n);
	text_buf_str(&c->piece, "</details>");
	cut(c);
}

void
html_card(struct html *h, struct html_row *row, const struct report *report,
    const struct report_run *run)
{
	struct cut c = { .h = h, .row = row, .report = report, .run = run };

	add_who(&c);
	add_findings(&c);
	add_errors(&c);
	row->nmain = row->npieces;
	add_observations(&c);
}
