/*
 * html_frames.c - the frameworks that auditors ask for, and the waivers.  A
 * score never stands without its coverage, and findings support evidence: they
 * make nobody compliant.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "controls.h"
#include "html.h"
#include "markup.h"

static const char *const classes[CONTROL_STATES] = {
	[CONTROL_FAILED] = "high", [CONTROL_WAIVED] = "other", [CONTROL_UNDECIDABLE] = "undecided",
	[CONTROL_NOT_OBSERVABLE] = "unknown", [CONTROL_SATISFIED] = "clean",
	[CONTROL_NOT_APPLICABLE] = "other",
};

/* The columns of the table, in order. */
static const enum control_state counted[] = {
	CONTROL_SATISFIED, CONTROL_FAILED, CONTROL_WAIVED, CONTROL_UNDECIDABLE, CONTROL_NOT_OBSERVABLE,
};

/* Ids of frameworks hold dots, which an id of the page should not. */
static int
number_of(const struct controls *c, const struct framework *w)
{
	int i = 0;

	while (controls_framework(c, (size_t)i) != w)
		i++;
	return i;
}

/* "CISA 1.0, 2025-10-30" */
static void
put_source(FILE *f, const struct framework *w)
{
	char *edition = controls_edition(w);

	markup_put(f, "%s %s", w->publisher, edition);
	free(edition);
}

static void
put_percent(FILE *f, int n, const char *class)
{
	if (n < 0) {
		(void)fputs("<td class=\"n\">?</td><td class=\"g\"></td>", f);
		return;
	}
	fprintf(f, "<td class=\"n\">%d&#160;%%</td><td class=\"g\">", n);
	html_bar(f, class, (uint64_t)n, 100);
	(void)fputs("</td>", f);
}

static void
put_score(FILE *f, const struct controls_tally *t, const struct framework *w, int number)
{
	struct controls_score s = controls_tally_score(t, w);

	markup_put(f, "<tr><th scope=\"row\"><a href=\"#f-%d\">%s</a><span class=\"sub\">", number,
	    w->name);
	put_source(f, w);
	(void)fputs("</span></th>", f);
	put_percent(f, s.score, "clean");
	put_percent(f, s.coverage, "low");
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		markup_put(f, "<td class=\"k\">%u</td>", s.n[counted[i]]);
	(void)fputs("</tr>\n", f);
}

static void
put_control(FILE *f, const struct controls_tally *t, const struct control *c)
{
	const uint64_t *n = controls_tally_of(t, c);

	markup_put(f, "<li><b>%s</b>", c->id);
	if (c->alias[0] != '\0')
		markup_put(f, " (%s)", c->alias);
	markup_put(f, " %s <span class=\"tally\">", c->title);
	if (c->sight == CONTROL_SIGHT_NONE)
		(void)fputs("<span class=\"t-unknown\">not visible from the network</span>", f);
	for (int i = 0; i < CONTROL_STATES && c->sight != CONTROL_SIGHT_NONE; i++)
		if (n[i] > 0)
			markup_put(f, "<span class=\"t-%s\">%u %s</span> ", classes[i], n[i],
			    controls_state_name((enum control_state)i));
	(void)fputs("</span>", f);
	if (c->sight != CONTROL_SIGHT_NONE) {
		markup_put(f, "<span class=\"sub\">%s of it shows from the network; by ",
		    c->sight == CONTROL_SIGHT_FULL ? "All" : "A part");
		for (size_t i = 0; i < c->nrules; i++)
			markup_put(f, "%s<a href=\"#rule-%s\">%s</a>", i > 0 ? ", " : "", c->rules[i]->id,
			    c->rules[i]->id);
		markup_put(f, ".%s%s</span>", c->note[0] != '\0' ? " " : "", c->note);
	}
	if (c->conflict[0] != '\0')
		markup_put(f, "<span class=\"sub\"><b>Conflict:</b> %s</span>", c->conflict);
	if (c->certain == CONTROL_GENERAL)
		(void)fputs("<span class=\"sub\">As generally known: look it up before you quote it.</span>", f);
	(void)fputs("</li>\n", f);
}

/* Entries that nobody compared with the publisher's own text. */
static size_t
copies_of(const struct framework *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->ncontrols; i++)
		n += w->controls[i].certain == CONTROL_COPY;
	return n;
}

static void
put_framework(FILE *f, const struct controls_tally *t, const struct framework *w, int number)
{
	markup_put(f, "<details class=\"rule\" id=\"f-%d\"><summary><b>%s</b> <span class=\"dim\">",
	    number, w->name);
	put_source(f, w);
	markup_put(f, "</span></summary><div class=\"cb\"><p><a href=\"%s\">%s</a> Compared on "
	    "<time>%s</time> with %s", w->url, w->url, w->checked, w->compared);
	if (copies_of(w) > 0)
		markup_put(f, ", which is a copy or a list of the original for %u of %u entries",
		    (uint64_t)copies_of(w), (uint64_t)w->ncontrols);
	markup_put(f, ".%s%s</p>", w->note[0] != '\0' ? " " : "", w->note);
	(void)fputs("<ul class=\"ctl\">\n", f);
	for (size_t i = 0; i < w->ncontrols; i++)
		put_control(f, t, &w->controls[i]);
	(void)fputs("</ul></div></details>\n", f);
}

void
html_frames(const struct html *h, FILE *f, const struct report_run *run)
{
	const struct controls *c = run->controls;
	const struct framework *only = run->framework != NULL ? controls_find(c, run->framework) : NULL;

	(void)fputs("<section id=\"frameworks\">\n<h2>Frameworks</h2>\n<p class=\"lead\">What the findings "
	    "support evidence for, counted as pairs of a server and a control. The score is the share of "
	    "what is satisfied in what was decided; the coverage says how much was decided of all that "
	    "applies. Neither shows compliance.</p>\n"
	    "<section class=\"scroll\" tabindex=\"0\" aria-label=\"Frameworks\"><table class=\"bars fw\">"
	    "<caption class=\"vh\">Frameworks</caption><thead><tr><th scope=\"col\">Framework</th>"
	    "<th scope=\"col\" colspan=\"2\">Score</th><th scope=\"col\" colspan=\"2\">Coverage</th>", f);
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		markup_put(f, "<th scope=\"col\" class=\"k\">%s</th>", controls_state_name(counted[i]));
	(void)fputs("</tr></thead><tbody>\n", f);
	for (size_t i = 0; i < controls_count(c); i++)
		if (only == NULL || only == controls_framework(c, i))
			put_score(f, h->tally, controls_framework(c, i), (int)i);
	(void)fputs("</tbody></table></section>\n", f);
	for (size_t i = 0; i < controls_count(c); i++)
		if (only == NULL || only == controls_framework(c, i))
			put_framework(f, h->tally, controls_framework(c, i), (int)i);
	(void)fputs("</section>\n", f);
}

/* ---- control ids of one rule ---- */

static void
open_framework(struct text_buf *out, const struct report_run *run, const struct framework *w,
    bool linked)
{
	if (linked)
		markup_printf(out, "<span><a href=\"#f-%d\">%s</a>: ", number_of(run->controls, w), w->id);
	else
		markup_printf(out, "%s: ", w->id);
}

void
html_rule_controls(struct text_buf *out, const struct report_run *run, const struct rule *rule,
    bool linked)
{
	const struct framework *last = NULL;
	const char *close = linked ? "</span>" : "";
	const struct control *c;

	for (size_t i = 0; (c = controls_of_rule(run->controls, rule, i)) != NULL; i++) {
		if (c->framework != last) {
			text_buf_str(out, last == NULL ? "<p class=\"ids\"><b>Evidence for</b> " : close);
			text_buf_str(out, last == NULL ? "" : "; ");
			open_framework(out, run, c->framework, linked);
		}
		markup_printf(out, "%s%s", c->framework == last ? ", " : "", c->id);
		last = c->framework;
	}
	if (last != NULL)
		text_buf_printf(out, "%s</p>", close);
}

/* ---- waivers ---- */

static void
put_waiver(FILE *f, const struct waiver *w, uint64_t uses, int32_t as_of)
{
	char day[11], *scope = policy_scope_text(&w->scope);

	markup_put(f, "<li><b>%s</b> of %s, for %s, until <time>%s</time>", w->name, w->rule, scope,
	    builds_day_text(w->until, day));
	free(scope);
	if (w->until < as_of)
		(void)fputs(" <span class=\"st s-critical\">ended</span>", f);
	else if (uses == 0)
		(void)fputs(" <span class=\"st s-medium\">waived nothing</span>", f);
	markup_put(f, "<span class=\"sub\">%s: %s (%u finding%s; %s)</span></li>\n", w->owner, w->reason,
	    uses, uses == 1 ? "" : "s", w->where);
}

void
html_waivers(FILE *f, const struct report_run *run)
{
	const struct policy_book *book = run->policy != NULL ? run->policy->book : NULL;

	if (book == NULL || book->nwaivers == 0)
		return;
	(void)fputs("<section id=\"waivers\">\n<h2>Waivers</h2>\n<p class=\"lead\">Findings whose risk "
	    "somebody took upon himself: they stand in each card, make no server worse, and no score "
	    "better.</p>\n"
	    "<ul class=\"ctl\">\n", f);
	for (size_t i = 0; i < book->nwaivers; i++)
		put_waiver(f, &book->waivers[i], run->waiver_uses != NULL ? run->waiver_uses[i] : 0,
		    run->as_of);
	(void)fputs("</ul>\n</section>\n", f);
}
