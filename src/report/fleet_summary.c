/* fleet_summary.c - what the whole run says, in a few lines. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "builds.h"
#include "fleet_summary.h"
#include "tone.h"
#include "unseen.h"

static void
add_counts(struct text_buf *out, const struct fleet_count *v, size_t n)
{
	const char *open = " (";

	for (size_t i = 0; i < n && v[i].name != NULL; i++) {
		text_buf_printf(out, "%s%" PRIu64 " %s", open, v[i].n, v[i].name);
		open = ", ";
	}
	if (n > 0 && v[0].name != NULL)
		text_buf_str(out, ")");
}

static void
add_part(struct text_buf *out, uint64_t n, const char *what)
{
	if (n > 0)
		text_buf_printf(out, "%s%" PRIu64 " %s", out->s != NULL ? ", " : "", n, what);
}

static char *
who(const struct fleet *t)
{
	struct text_buf out = { 0 };

	add_part(&out, t->by_identity[IDENTITY_EXCHANGE], "Exchange");
	if (t->by_identity[IDENTITY_EXCHANGE] > 0)
		add_counts(&out, t->branches, FLEET_BRANCHES);
	add_part(&out, t->by_identity[IDENTITY_ONLINE], "Exchange Online");
	add_part(&out, t->by_identity[IDENTITY_PREAUTH], "behind a pre-auth proxy");
	add_part(&out, t->by_identity[IDENTITY_NOT_EXCHANGE], "not Exchange");
	add_part(&out, t->by_identity[IDENTITY_UNKNOWN], "not known");
	if (t->by_identity[IDENTITY_UNKNOWN] > 0)
		add_counts(&out, t->reasons, FLEET_REASONS);
	return out.s != NULL ? out.s : text_dup("nothing");
}

static void
line(const struct paint *p, enum ink ink, const char *label, const char *text)
{
	paint_cell(p, INK_DIM, label, 12, false);
	paint_wrap(p, ink, 12, 12, text);
}

static char *
machine_text(const struct same_machine *m)
{
	struct text_buf out = { 0 };

	text_buf_printf(&out, "%s%s%s =", m->name, m->domain[0] != '\0' ? "." : "", m->domain);
	for (size_t i = 0; i < m->ntargets && i < SAME_TARGETS; i++)
		text_buf_printf(&out, "%s %s", i > 0 ? "," : "", m->targets[i]);
	if (m->ntargets > SAME_TARGETS)
		text_buf_printf(&out, " and %zu more", m->ntargets - SAME_TARGETS);
	return out.s;
}

/* How many machines the targets are, and which names are the same one. */
static void
print_servers(const struct fleet *t, const struct paint *p, const struct report_run *run)
{
	const struct same *s = &t->total.which.same;
	size_t shared = 0, shown = 0, most = run->verbose > 0 ? 100 : 5;
	char *text, *counted;

	for (size_t i = 0; i < s->n; i++)
		shared += s->v[i].ntargets > 1;
	if (s->targets == 0 || (shared == 0 && same_count(s) == s->targets))
		return;
	counted = total_counted(&t->total);
	text = text_printf("%s%zu behind %" PRIu64 " Exchange target%s%s", s->lost > 0 ? "at least " : "",
	    same_count(s), s->targets, s->targets == 1 ? "" : "s", counted);
	line(p, INK_PLAIN, "Machines", text);
	free(text);
	free(counted);
	for (size_t i = 0; i < s->n && shown < most; i++) {
		if (s->v[i].ntargets < 2)
			continue;
		text = machine_text(&s->v[i]);
		line(p, INK_DIM, "", text);
		free(text);
		shown++;
	}
	if (shared > shown) {
		text = text_printf("%zu more with several names%s", shared - shown,
		    run->verbose > 0 ? "" : " (-v lists them)");
		line(p, INK_DIM, "", text);
		free(text);
	}
}

/* Said once a run, so that silence is never taken for fine. */
static void
print_unseen(const struct fleet *t, const struct paint *p, const struct report_run *run)
{
	char *text;

	if (t->by_identity[IDENTITY_EXCHANGE] == 0)
		return;
	text = text_printf("%zu things that no scan of the network sees (%s, %s, %s ...): exvet list unseen "
	    "names the command for each", unseen_count(), unseen_table[0].what, unseen_table[1].what,
	    unseen_table[9].what);
	line(p, INK_DIM, "Not seen", text);
	free(text);
	for (size_t i = 0; run->verbose > 0 && unseen_table[i].what != NULL; i++) {
		bool check = unseen_table[i].check[0] != '\0';

		text = text_printf("%s: %s%s%s%s", unseen_table[i].what, unseen_table[i].command,
		    check ? " (HealthChecker: " : "", unseen_table[i].check, check ? ")" : "");
		line(p, INK_DIM, "", text);
		free(text);
	}
}

/* "25 or more with ...", "4 perhaps with ...": what is not known is no zero. */
static void
add_perhaps(struct text_buf *out, uint64_t n, uint64_t maybe, const char *what)
{
	char *s = n > 0 ? text_printf("or more %s", what) : text_printf("perhaps %s", what);

	add_part(out, n > 0 ? n : maybe, maybe > 0 ? s : what);
	free(s);
}

static void
print_worst(const struct fleet *t, const struct paint *p)
{
	struct text_buf out = { 0 };

	for (int s = VIEW_CRITICAL; s >= VIEW_OTHER; s--)
		if (s != VIEW_OTHER)
			add_part(&out, t->by_state[s], view_state_name((enum view_state)s));
	if (out.s != NULL)
		line(p, INK_PLAIN, "Worst", out.s);
	text_buf_free(&out);
	add_perhaps(&out, t->total.kev, t->total.kev_maybe, "with a known-exploited CVE open");
	add_perhaps(&out, t->total.unsupported, t->total.unsupported_maybe, "out of support");
	if (out.s != NULL)
		line(p, t->total.kev > 0 ? INK_ALARM : t->total.unsupported > 0 ? INK_RED : INK_YELLOW, "Urgent", out.s);
	text_buf_free(&out);
}

static void
print_basis(const struct paint *p, const struct report_run *run)
{
	int32_t table = builds_as_of(run->builds), kev = builds_kev_as_of(run->builds);
	char day[3][11];
	const char *policy = policy_named(run->policy);
	char *s = text_printf("as of %s, table of %s (%" PRId32 " days old), known-exploited list of %s"
	    "%s%s", builds_day_text(run->as_of, day[0]), builds_day_text(table, day[1]),
	    run->as_of - table, builds_day_text(kev, day[2]), policy[0] != '\0' ? ", by policy " : "",
	    policy);

	line(p, INK_DIM, "Judged", s);
	free(s);
}

/* What is reachable depends on it. */
static void
print_vantages(const struct fleet *t, const struct paint *p)
{
	struct text_buf out = { 0 };
	uint64_t named = 0;

	for (size_t i = 0; i < FLEET_VANTAGES && t->vantages[i].name != NULL; i++) {
		named += t->vantages[i].n;
		text_buf_printf(&out, "%s%s (%" PRIu64 ")", i > 0 ? ", " : "", t->vantages[i].name,
		    t->vantages[i].n);
	}
	if (named > 0 && named < t->views)
		text_buf_printf(&out, ", not named (%" PRIu64 ")", t->views - named);
	if (out.s != NULL)
		line(p, INK_DIM, "Seen from", out.s);
	text_buf_free(&out);
}

static void
print_waivers(const struct paint *p, const struct report_run *run)
{
	const struct policy_book *b = run->policy->book;
	char *s, *how, *scope, day[11];

	for (size_t i = 0; run->waiver_uses != NULL && i < b->nwaivers; i++) {
		const struct waiver *w = &b->waivers[i];
		bool ended = run->as_of > w->until;

		how = view_waiver(w);
		scope = policy_scope_text(&w->scope);
		s = ended ? text_printf("%s of %s for %s on %s ended on %s", w->name, w->owner, w->rule,
		    scope, builds_day_text(w->until, day)) :
		    text_printf("%s: %" PRIu64 " finding%s of %s on %s, %s", w->name, run->waiver_uses[i],
		    run->waiver_uses[i] == 1 ? "" : "s", w->rule, scope, how);
		line(p, ended ? INK_RED : run->waiver_uses[i] == 0 ? INK_YELLOW : INK_DIM,
		    i == 0 ? "Waivers" : "", s);
		free(scope);
		free(how);
		free(s);
	}
}

static void
print_left_out(const struct fleet *t, const struct paint *p, const struct report_run *run,
    size_t shown)
{
	char *s;

	if (!run->single && t->targets > shown) {
		s = text_printf("%" PRIu64 " more targets, none of them worse than the last row%s",
		    t->targets - shown, run->verbose == 0 && t->n <= FLEET_ROWS ?
		    " (without an answer, or not Exchange: -v lists them)" : "");
		line(p, INK_DIM, "Not shown", s);
		free(s);
	}
	if (run->left != NULL && run->left->duplicates + run->left->excluded + run->left->no_web > 0) {
		struct text_buf out = { 0 };

		add_part(&out, run->left->duplicates, run->left->duplicates == 1 ? "duplicate" : "duplicates");
		add_part(&out, run->left->excluded, "excluded");
		add_part(&out, run->left->no_web, "up without an open web port (nmap)");
		line(p, INK_DIM, "Left out", out.s);
		text_buf_free(&out);
	}
	if (t->unfinished + run->not_done > 0) {
		s = text_printf("%" PRIu64 " stopped half-way, %" PRIu64 " not started",
		    t->unfinished, run->not_done);
		line(p, INK_YELLOW, "Not done", s);
		free(s);
	}
}

void
fleet_summary(const struct fleet *t, const struct paint *p, const struct report_run *run,
    size_t shown)
{
	char *text = who(t), *all;

	all = text_printf("%" PRIu64 ": %s", t->targets, text);
	line(p, INK_PLAIN, "Targets", all);
	free(text);
	free(all);
	print_worst(t, p);
	print_servers(t, p, run);
	print_left_out(t, p, run, shown);
	print_vantages(t, p);
	print_waivers(p, run);
	print_unseen(t, p, run);
	print_basis(p, run);
}
