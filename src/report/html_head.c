/* html_head.c - the top of the page: the verdict in one sentence, four numbers, what to do first. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "markup.h"

#define FIRST_ACTIONS	8	/* shown at once; the others on demand */

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- when and how ---- */

static void
put_scanned(FILE *f, const struct total *t)
{
	char first[RESULT_TIME_MAX], last[RESULT_TIME_MAX];

	(void)result_time(t->first_ms, first);
	(void)result_time(t->last_ms, last);
	if (t->targets == 0 || first[0] == '\0' || last[0] == '\0') {
		(void)fputs("Judged", f);
		return;
	}
	first[10] = last[10] = '\0';		/* the day is enough here */
	if (strcmp(first, last) == 0)
		markup_put(f, "Scanned on <time>%s</time>, judged", first);
	else
		markup_put(f, "Scanned from <time>%s</time> to <time>%s</time>, judged", first, last);
}

static void
put_dates(FILE *f, const struct total *t, const struct report_run *run)
{
	int age = (int)(run->as_of - builds_as_of(run->builds));
	char day[3][11];

	(void)fputs("<p class=\"when\">", f);
	put_scanned(f, t);
	markup_put(f, " as of <time>%s</time> by the table of <time>%s</time> (%d day%s old) "
	    "and the known-exploited list of <time>%s</time>",
	    builds_day_text(run->as_of, day[0]), builds_day_text(builds_as_of(run->builds), day[1]),
	    age, age == 1 ? "" : "s", builds_day_text(builds_kev_as_of(run->builds), day[2]));
	if (policy_named(run->policy)[0] != '\0')
		markup_put(f, ", as the policy %s has it", policy_named(run->policy));
	(void)fputs(".</p>\n", f);
}

/* How many servers a rule fails or warns. */
static uint64_t
bad_by(const struct total *t, const char *id)
{
	for (size_t i = 0; i < total_rules(); i++)
		if (strcmp(rule_table[i]->id, id) == 0)
			return total_rule(t, i, VERDICT_FAIL) + total_rule(t, i, VERDICT_WARN);
	return 0;
}

static void
put_banners(FILE *f, const struct total *t)
{
	if (bad_by(t, "table-stale") > 0)
		(void)fputs("<p class=\"note warn\"><b>The table of builds is old.</b> Updates released "
		    "since are not counted as missing: install a newer table and make this report "
		    "again from the same results.</p>\n", f);
	if (t->unfinished > 0)
		markup_put(f, "<p class=\"note warn\"><b>Not complete.</b> The scan of %u target%s was "
		    "stopped half-way.</p>\n", t->unfinished, plural(t->unfinished));
	if (t->kev > 0)
		markup_put(f, "<p class=\"note\"><b>An update does not remove a backdoor.</b> %u server%s "
		    "with a flaw that attackers use must be searched for what they left behind, also "
		    "after the update. The network cannot show whether it is there.</p>\n", t->kev,
		    plural(t->kev));
}

/* ---- four numbers ---- */

static void
put_number(FILE *f, const char *class, uint64_t n, const char *more, const char *label,
    uint64_t all)
{
	markup_put(f, "<div class=\"num n-%s\"><dt>%s</dt><dd><b>%u</b><span>%s of %u</span></dd></div>\n",
	    n > 0 ? class : "zero", label, n, more, all);
}

static void
put_numbers(FILE *f, const struct total *t)
{
	(void)fputs("<dl class=\"nums\">\n", f);
	put_number(f, "critical", t->urgent, "", "need work now", t->servers);
	put_number(f, "critical", t->kev, t->kev_maybe > 0 ? "or more," : "",
	    "with a known-exploited flaw", t->servers);
	put_number(f, "high", t->unsupported, t->unsupported_maybe > 0 ? "or more," : "",
	    "out of support", t->servers);
	put_number(f, "unknown", t->not_judged, "", "targets not judged", t->targets);
	(void)fputs("</dl>\n", f);
}

static void
put_nav(FILE *f)
{
	(void)fputs("<a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
	    "<nav class=\"top\" aria-label=\"Sections\"><div><span class=\"brand\">exvet</span>"
	    "<ul><li><a href=\"#do\">What to do</a></li><li><a href=\"#levels\">Patch levels</a></li>"
	    "<li><a href=\"#charts\">Charts</a></li><li><a href=\"#servers\">Servers</a></li>"
	    "<li><a href=\"#frameworks\">Frameworks</a></li><li><a href=\"#checks\">Checks</a></li><li><a href=\"#method\">Method</a></li></ul>"
	    "<button type=\"button\" id=\"theme\" hidden>Dark</button></div></nav>\n", f);
}

void
html_head(const struct html *h, FILE *f, const struct report_run *run)
{
	char *sentence = total_sentence(&h->total, run), *machines = total_machines(&h->total);

	put_nav(f);
	(void)fputs("<header class=\"hero\">\n<p class=\"kicker\">Exchange servers, seen from the "
	    "network</p>\n", f);
	markup_put(f, "<h1>%s</h1>\n", sentence);
	put_dates(f, &h->total, run);
	put_numbers(f, &h->total);
	put_banners(f, &h->total);
	if (machines != NULL)
		markup_put(f, "<p class=\"note plain\">%s</p>\n", machines);
	(void)fputs("</header>\n", f);
	free(machines);
	free(sentence);
}

/* ---- what to do first ---- */

static void
put_names(FILE *f, const struct action *a)
{
	markup_put(f, "<details class=\"more\"><summary>Which</summary><ul class=\"names\">");
	for (size_t i = 0; i < a->nnames; i++)
		markup_put(f, "<li><a href=\"#s%u\">%s</a></li>", a->names[i].order, a->names[i].target);
	if (a->targets > a->nnames)
		markup_put(f, "<li>and %u more</li>", a->targets - a->nnames);
	(void)fputs("</ul></details>", f);
}

static void
put_action(FILE *f, const struct action *a)
{
	static const enum view_state states[] = {
		[SEV_INFO] = VIEW_INFO, [SEV_LOW] = VIEW_LOW, [SEV_MEDIUM] = VIEW_MEDIUM,
		[SEV_HIGH] = VIEW_HIGH, [SEV_CRITICAL] = VIEW_CRITICAL,
	};
	char *title = action_title(a);
	struct text_buf badge = { 0 };

	html_badge(&badge, html_state_class(states[a->severity]), rule_severity_name(a->severity));
	fprintf(f, "<li><div class=\"at\">%s", badge.s);
	markup_put(f, "<h3>%s</h3></div><div class=\"ab\"><p>%s</p>", title, a->text);
	if (a->kev > 0 && strcmp(a->rule->id, "next-step") == 0)
		markup_put(f, "<p class=\"kev\">%u of them ha%s a flaw that attackers are known to use."
		    "</p>", a->kev, a->kev == 1 ? "s" : "ve");
	put_names(f, a);
	(void)fputs("</div></li>\n", f);
	text_buf_free(&badge);
	free(title);
}

void
html_actions(const struct html *h, FILE *f)
{
	const struct actions *t = &h->actions;
	size_t first = t->n < FIRST_ACTIONS ? t->n : FIRST_ACTIONS;

	(void)fputs("<section id=\"do\">\n<h2>What to do first</h2>\n", f);
	if (t->n == 0)
		markup_put(f, "<p>%s</p>\n", total_idle(&h->total));
	if (t->n > 0)
		(void)fputs("<ol class=\"acts\">\n", f);
	for (size_t i = 0; i < first; i++)
		put_action(f, &t->v[i]);
	if (t->n > 0)
		(void)fputs("</ol>\n", f);
	if (t->n > first) {
		fprintf(f, "<details class=\"more rest\"><summary>%zu more</summary><ol class=\"acts\" "
		    "start=\"%zu\">\n", t->n - first, first + 1);
		for (size_t i = first; i < t->n; i++)
			put_action(f, &t->v[i]);
		(void)fputs("</ol></details>\n", f);
	}
	if (t->lost > 0)
		markup_put(f, "<p>%u more are left out here.</p>\n", t->lost);
	(void)fputs("</section>\n", f);
}
