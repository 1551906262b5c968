/*
 * markdown.c - a ticket: the verdict, what to do as a list to tick off, the
 * worst servers.  Every text of a peer is escaped, so that none of it is
 * mark-up, a link or a mention.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "action.h"
#include "base/escape.h"
#include "controls.h"
#include "rank.h"
#include "total.h"

#define ROWS_SHOWN	100	/* a ticket is read, not scrolled */

struct markdown {
	struct total	 total;
	struct actions	 actions;
	struct rank	*rows;
	size_t		 n;
	struct controls_tally *tally;	/* NULL: no framework was asked for */
};

static void
put(FILE *f, const char *before, const char *text, const char *after)
{
	struct text_buf out = { 0 };

	escape_markdown(&out, text);
	fprintf(f, "%s%s%s", before, out.s != NULL ? out.s : "", after);
	text_buf_free(&out);
}

/* Only the worst rows are kept: when the array is full its worse half stays. */
static void
markdown_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	struct markdown *m = state;
	uint32_t id;

	(void)f;
	if (m->rows == NULL)
		m->rows = text_alloc(2 * ROWS_SHOWN * sizeof(*m->rows));
	if (m->n == 2 * ROWS_SHOWN) {
		qsort(m->rows, m->n, sizeof(*m->rows), rank_compare);
		while (m->n > ROWS_SHOWN)
			rank_clear(&m->rows[--m->n]);
	}
	id = total_add(&m->total, report, run);
	action_add(&m->actions, report, run, m->total.targets, id);
	if (run->framework != NULL) {
		if (m->tally == NULL)
			m->tally = controls_tally_new(run->controls);
		controls_tally_add(m->tally, report, id);
	}
	rank_fill(&m->rows[m->n++], report, m->total.targets);
}

static void
put_actions(FILE *f, const struct actions *t, const struct total *total)
{
	(void)fputs("\n## What to do first\n\n", f);
	if (t->n == 0)
		fprintf(f, "%s\n", total_idle(total));
	for (size_t i = 0; i < t->n; i++) {
		const struct action *a = &t->v[i];
		char *title = action_title(a);

		fprintf(f, "- [ ] **%s**: ", rule_severity_name(a->severity));
		put(f, "", title, ".");
		put(f, "  \n      ", a->text, "  \n      ");
		for (size_t k = 0; k < a->nnames; k++)
			put(f, k > 0 ? ", " : "", a->names[k].target, "");
		if (a->targets > a->nnames)
			fprintf(f, " and %" PRIu64 " more", a->targets - a->nnames);
		(void)fputc('\n', f);
		free(title);
	}
}

static void
put_row(FILE *f, const struct rank *r)
{
	char *behind = rank_behind(r), *cves = rank_cves(r), *kev = rank_kev(r);

	put(f, "| ", view_state_name(r->state), " | ");
	put(f, "", r->target, " | ");
	put(f, "", r->release, " | ");
	fprintf(f, "%s | %s | %s | ", behind, cves, kev);
	put(f, "", r->first != NULL ? r->first->title : "", " |\n");
	free(behind);
	free(cves);
	free(kev);
}

static void
put_rows(FILE *f, struct markdown *m)
{
	size_t shown = m->n < ROWS_SHOWN ? m->n : ROWS_SHOWN;

	if (m->n > 1)
		qsort(m->rows, m->n, sizeof(*m->rows), rank_compare);
	(void)fputs("\n## Targets, worst first\n\n| Worst | Target | Release | Behind | CVEs | KEV | First "
	    "finding |\n|---|---|---|--:|--:|--:|---|\n", f);
	for (size_t i = 0; i < shown; i++)
		put_row(f, &m->rows[i]);
	if (m->total.targets > shown)
		fprintf(f, "\n%" PRIu64 " more targets, none of them worse.\n", m->total.targets - shown);
}

/* ---- frameworks ---- */

static void
put_states(FILE *f, const uint64_t *n)
{
	for (size_t i = 0; i < CONTROL_STATES; i++)
		fprintf(f, " %" PRIu64 " |", n[i]);
	(void)fputs("\n", f);
}

static void
put_percent(FILE *f, int percent)
{
	if (percent >= 0)
		fprintf(f, " %d %% |", percent);
	else
		(void)fputs(" - |", f);
}

static void
put_state_names(FILE *f)
{
	for (size_t i = 0; i < CONTROL_STATES; i++)
		fprintf(f, " %s |", controls_state_name((enum control_state)i));
	(void)fputs("\n", f);
}

static void
put_controls(FILE *f, const struct framework *k, const struct controls_tally *t)
{
	(void)fputs("\n| Control | Visible |", f);
	put_state_names(f);
	(void)fputs("|---|---|--:|--:|--:|--:|--:|--:|\n", f);
	for (size_t i = 0; i < k->ncontrols; i++) {
		const struct control *c = &k->controls[i];

		put(f, "| ", c->id, "");
		put(f, c->title[0] != '\0' ? ": " : "", c->title, "");
		put(f, c->conflict[0] != '\0' ? "; conflict: " : "", c->conflict, " | ");
		fprintf(f, "%s |", controls_sight_name(c->sight));
		put_states(f, controls_tally_of(t, c));
	}
}

/* A score never stands without its coverage. */
static void
put_frameworks(FILE *f, const struct report_run *run, const struct controls_tally *t)
{
	const struct framework *one;

	if (t == NULL)
		return;
	one = controls_find(run->controls, run->framework);
	(void)fputs("\n## Frameworks\n\nFindings support evidence for controls; they do not make anybody "
	    "compliant. Counted are pairs of server and control; the score is the share of what was "
	    "decided, the coverage how much of what applies was decided.\n\n| Framework | Score | "
	    "Coverage |", f);
	put_state_names(f);
	(void)fputs("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n", f);
	for (size_t i = 0; i < controls_count(run->controls); i++) {
		const struct framework *k = controls_framework(run->controls, i);
		struct controls_score s = controls_tally_score(t, k);
		char *edition;

		if (one != NULL && one != k)
			continue;
		edition = controls_edition(k);
		put(f, "| ", k->name, ", ");
		put(f, "", edition, " |");
		free(edition);
		put_percent(f, s.score);
		put_percent(f, s.coverage);
		put_states(f, s.n);
	}
	if (one != NULL)
		put_controls(f, one, t);
}

static void
put_waivers(FILE *f, const struct report_run *run)
{
	const struct policy_book *b = run->policy->book;
	char day[11];

	if (run->waiver_uses == NULL)
		return;
	(void)fputs("\n## Waivers\n\n| Waiver | Rule | Servers | Until | Owner | Reason | Findings |\n"
	    "|---|---|---|---|---|---|--:|\n", f);
	for (size_t i = 0; i < b->nwaivers; i++) {
		const struct waiver *w = &b->waivers[i];
		bool ended = run->as_of > w->until;
		char *scope = policy_scope_text(&w->scope);

		put(f, "| ", w->name, " | ");
		put(f, "", w->rule, " | ");
		put(f, "", scope, " | ");
		free(scope);
		put(f, ended ? "**ended** " : "", builds_day_text(w->until, day), " | ");
		put(f, "", w->owner, " | ");
		put(f, "", w->reason, " | ");
		fprintf(f, "%" PRIu64 " |\n", run->waiver_uses[i]);
	}
}

static void
put_basis(FILE *f, const struct report_run *run, const struct total *t)
{
	char day[3][11];

	fprintf(f, "\nJudged as of %s by the table of %s (%" PRId32 " days old), known-exploited list of "
	    "%s", builds_day_text(run->as_of, day[0]), builds_day_text(builds_as_of(run->builds), day[1]),
	    run->as_of - builds_as_of(run->builds),
	    builds_day_text(builds_kev_as_of(run->builds), day[2]));
	if (policy_named(run->policy)[0] != '\0')
		put(f, ", by the policy ", policy_named(run->policy), "");
	(void)fputs(". What the network does not show is counted nowhere as fine.\n", f);
	if (t->vantages[0].name == NULL || (t->vantages[0].name[0] == '\0' && t->vantages[1].name == NULL))
		return;
	(void)fputs("\nSeen from", f);
	for (size_t i = 0; i < TOTAL_NAMES && t->vantages[i].name != NULL; i++) {
		put(f, i > 0 ? ", " : " ", t->vantages[i].name[0] != '\0' ? t->vantages[i].name :
		    "a place without name", "");
		fprintf(f, " (%" PRIu64 ")", t->vantages[i].n);
	}
	(void)fputs(".\n", f);
}

static void
markdown_end(void *state, FILE *f, const struct report_run *run)
{
	struct markdown *m = state;
	char *sentence, *machines;

	total_finish(&m->total, run);
	action_finish(&m->actions, &m->total.which);
	if (m->tally != NULL)
		controls_tally_finish(m->tally, &m->total.which);
	sentence = total_sentence(&m->total, run);
	machines = total_machines(&m->total);
	put(f, "# Exchange servers\n\n**", sentence, "**\n");
	if (machines != NULL)
		put(f, "\n", machines, "\n");
	put_actions(f, &m->actions, &m->total);
	put_rows(f, m);
	put_frameworks(f, run, m->tally);
	put_waivers(f, run);
	put_basis(f, run, &m->total);
	free(machines);
	free(sentence);
}

static void
markdown_clear(void *state)
{
	struct markdown *m = state;

	for (size_t i = 0; i < m->n; i++)
		rank_clear(&m->rows[i]);
	free(m->rows);
	action_clear(&m->actions);
	total_clear(&m->total);
	controls_tally_free(m->tally);
}

const struct reporter reporter_markdown = {
	.name = "markdown",
	.summary = "a ticket: the verdict, what to do, the worst servers",
	.state_size = sizeof(struct markdown),
	.target = markdown_target,
	.end = markdown_end,
	.clear = markdown_clear,
};
