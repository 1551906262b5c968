/* html_change.c - what changed since another run, and the trend over many. */
#include <inttypes.h>
#include <string.h>

#include "compare.h"
#include "history.h"
#include "html.h"
#include "markup.h"

#define SERVERS_SHOWN	200	/* with a change; the totals count all */

/* The day of a time, "" when there is none. */
static const char *
day_of(int64_t ms, char buf[RESULT_TIME_MAX])
{
	(void)result_time(ms, buf);
	buf[buf[0] != '\0' ? 10 : 0] = '\0';
	return buf[0] != '\0' ? buf : "a day that is not recorded";
}

/* ---- since another run ---- */

static const char *const classes[CHANGE_KINDS] = {
	[CHANGE_NEW] = "critical", [CHANGE_REGRESSED] = "high", [CHANGE_FIXED] = "clean",
	[CHANGE_GONE] = "unknown", [CHANGE_SAME] = "other",
};

static bool
has_change(const struct compare_server *s)
{
	return s->in_old != s->in_new || s->n[CHANGE_NEW] + s->n[CHANGE_REGRESSED] +
	    s->n[CHANGE_FIXED] + s->n[CHANGE_GONE] > 0;
}

static void
put_server(FILE *f, const struct compare_server *s)
{
	markup_put(f, "<li><b>%s</b>%s ", s->target, !s->in_old ? " is new" : !s->in_new ?
	    " is not in this run" : "");
	if (s->old_build[0] != '\0' && s->new_build[0] != '\0' &&
	    strcmp(s->old_build, s->new_build) != 0)
		markup_put(f, "<span class=\"dim\">%s, was %s</span>", s->new_build, s->old_build);
	(void)fputs("<ul class=\"chg\">", f);
	for (size_t i = 0; i < s->nv; i++) {
		struct text_buf badge = { 0 };

		if (s->v[i].change == CHANGE_SAME)
			continue;
		html_badge(&badge, classes[s->v[i].change], compare_change_name(s->v[i].change));
		fprintf(f, "<li>%s ", badge.s);
		markup_put(f, "<a href=\"#rule-%s\">%s</a> <span class=\"dim\">%s</span></li>",
		    s->v[i].rule->id, s->v[i].rule->title, rule_severity_name(s->v[i].severity));
		text_buf_free(&badge);
	}
	(void)fputs("</ul></li>\n", f);
}

static void
put_totals(FILE *f, const struct compare *c)
{
	static const char *const words[CHANGE_KINDS] = {
		[CHANGE_NEW] = "new findings", [CHANGE_REGRESSED] = "regressed",
		[CHANGE_FIXED] = "fixed", [CHANGE_GONE] = "not seen any more, which is not fixed",
		[CHANGE_SAME] = "as before",
	};
	uint64_t most = 1;

	for (int k = 0; k < CHANGE_KINDS; k++)
		if (compare_total(c, (enum change)k) > most)
			most = compare_total(c, (enum change)k);
	(void)fputs("<table class=\"bars ch\"><caption class=\"vh\">Findings by what became of them"
	    "</caption><tbody>\n", f);
	for (int k = 0; k < CHANGE_KINDS; k++) {
		markup_put(f, "<tr><th scope=\"row\">%s</th><td class=\"n\">%u</td><td class=\"g\">", words[k],
		    compare_total(c, (enum change)k));
		html_bar(f, classes[k], compare_total(c, (enum change)k), most);
		(void)fputs("</td></tr>\n", f);
	}
	(void)fputs("</tbody></table>\n", f);
}

static void
put_changes(FILE *f, const struct compare *c)
{
	char old[RESULT_TIME_MAX];
	uint64_t shown = 0, all = 0;

	markup_put(f, "<section id=\"changes\">\n<h2>Changes since %s</h2>\n<p class=\"lead\">%u targets "
	    "are in both runs, %u are new, %u are gone. Both runs are judged by the same table and "
	    "policy.</p>\n", day_of(compare_first_ms(c, true), old), compare_servers(c, true, true),
	    compare_servers(c, false, true), compare_servers(c, true, false));
	put_totals(f, c);
	(void)fputs("<ul class=\"ctl\">\n", f);
	for (size_t i = 0; i < compare_count(c); i++) {
		const struct compare_server *s = compare_server(c, i);

		all += has_change(s);
		if (has_change(s) && shown < SERVERS_SHOWN) {
			put_server(f, s);
			shown++;
		}
	}
	(void)fputs(all == 0 ? "<li>Nothing changed.</li></ul>\n" : "</ul>\n", f);
	if (all > shown)
		markup_put(f, "<p>%u more targets with changes: exvet diff lists them.</p>\n", all - shown);
	(void)fputs("</section>\n", f);
}

/* ---- over many runs ---- */

#define COLUMN	56
#define HEIGHT	150
#define RUNS	24		/* the newest; more do not fit beside each other */

static const struct part { const char *class, *word; } parts[] = {
	{ "clean", "nothing missing" }, { "high", "behind" }, { "unknown", "not known" },
};

static uint64_t
part_of(const struct history_point *p, size_t i)
{
	return i == 0 ? p->current : i == 1 ? p->behind : p->patch_unknown;
}

static void
put_column(FILE *f, const struct history_point *p, int x, uint64_t most)
{
	char day[RESULT_TIME_MAX];
	int y = HEIGHT + 20;

	(void)day_of(p->first_ms, day);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int h = most == 0 ? 0 : (int)(part_of(p, i) * HEIGHT / most);

		y -= h;
		markup_put(f, "<rect class=\"b-%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
		    parts[i].class, x + 8, y, COLUMN - 16, h);
	}
	markup_put(f, "<text class=\"v\" x=\"%d\" y=\"%d\">%u</text><text x=\"%d\" y=\"%d\">%s</text>",
	    x + COLUMN / 2, y - 5, p->exchange, x + COLUMN / 2, HEIGHT + 38,
	    day[4] == '-' ? day + 5 : "?");
}

static void
put_runs(FILE *f, const struct history *h, size_t first)
{
	(void)fputs("<section class=\"scroll\" tabindex=\"0\" aria-label=\"Runs in numbers\"><table "
	    "class=\"list runs\"><caption class=\"vh\">Runs in numbers</caption><thead><tr>"
	    "<th scope=\"col\">Run</th><th scope=\"col\" class=\"r\">Servers</th><th scope=\"col\" "
	    "class=\"r\">Nothing missing</th><th scope=\"col\" class=\"r\">Behind</th><th scope=\"col\" "
	    "class=\"r\">Not known</th><th scope=\"col\" class=\"r\">Known-exploited</th>"
	    "<th scope=\"col\" class=\"r\">Out of support</th></tr></thead><tbody>\n", f);
	for (size_t i = first; i < h->n; i++) {
		const struct history_point *p = &h->v[i];
		char day[RESULT_TIME_MAX];

		markup_put(f, "<tr><th scope=\"row\">%s <span class=\"sub\">%s</span></th>"
		    "<td class=\"r\">%u</td><td class=\"r\">%u</td><td class=\"r\">%u</td>"
		    "<td class=\"r\">%u</td><td class=\"r\">%u</td><td class=\"r\">%u</td></tr>\n",
		    day_of(p->first_ms, day), p->file, p->exchange, p->current, p->behind,
		    p->patch_unknown, p->kev, p->unsupported);
	}
	(void)fputs("</tbody></table></section>\n", f);
}

static void
put_trend(FILE *f, const struct history *h)
{
	size_t first = h->n > RUNS ? h->n - RUNS : 0;
	uint64_t most = 0;

	for (size_t i = first; i < h->n; i++)
		most = h->v[i].exchange > most ? h->v[i].exchange : most;
	markup_put(f, "<section id=\"trend\">\n<h2>Trend</h2>\n<p class=\"lead\">Exchange servers of %u "
	    "runs, each judged as of its own day with today's table.</p>\n"
	    "<section class=\"scroll\" tabindex=\"0\" aria-label=\"Trend\"><svg class=\"time runs\" "
	    "viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Servers by run; the table below has the "
	    "numbers\">", (uint64_t)h->n, (int)(h->n - first) * COLUMN, HEIGHT + 46);
	for (size_t i = first; i < h->n; i++)
		put_column(f, &h->v[i], (int)(i - first) * COLUMN, most);
	(void)fputs("</svg></section>\n<ul class=\"key\">", f);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		markup_put(f, "<li class=\"s-%s\">%s</li>", parts[i].class, parts[i].word);
	(void)fputs("</ul>\n", f);
	put_runs(f, h, first);
	(void)fputs("</section>\n", f);
}

void
html_changes(FILE *f, const struct report_run *run)
{
	if (run->compare != NULL)
		put_changes(f, run->compare);
	if (run->history != NULL && run->history->n > 0)
		put_trend(f, run->history);
}
