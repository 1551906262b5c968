/* html_chart.c - the patch levels and the charts, as tables and inline SVG. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "markup.h"

/* ---- patch levels: CU by update ---- */

struct column {
	const char	*name;
	int32_t		 released;	/* what is not known comes last */
};

static const char *
column_name(const struct total_level *l)
{
	if (l->row != NULL)
		return l->row->update[0] != '\0' ? l->row->update : "CU alone";
	return l->place == PLACE_RANGE ? "not known" : l->place == PLACE_NEWER ? "newer" :
	    l->place == PLACE_BETWEEN ? "unlisted" : "release only";
}

static int32_t
column_day(const struct total_level *l)
{
	if (l->row == NULL)
		return INT32_MAX - 8 + (int32_t)l->place;
	return l->row->update[0] != '\0' ? l->row->released : INT32_MIN;
}

static int
compare_columns(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	if (x->released != y->released)
		return x->released < y->released ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* The updates that somebody has, oldest first. */
static size_t
columns_of(const struct total *t, struct column *v)
{
	size_t n = 0;

	for (size_t i = 0; i < t->nlevels; i++) {
		struct column c = { column_name(&t->levels[i]), column_day(&t->levels[i]) };
		size_t k = 0;

		while (k < n && strcmp(v[k].name, c.name) != 0)
			k++;
		if (k == n)
			v[n++] = c;
		else if (c.released < v[k].released)
			v[k].released = c.released;
	}
	if (n > 1)
		qsort(v, n, sizeof(*v), compare_columns);
	return n;
}

static bool
is_same_cu(const struct total_level *a, const struct total_level *b)
{
	return strcmp(a->branch, b->branch) == 0 && strcmp(a->cu, b->cu) == 0;
}

static const char *
level_class(const struct total_level *l)
{
	if (l->kev > 0)
		return "critical";
	if (l->ended && l->worst != TOTAL_UNKNOWN)
		return "high";
	switch (l->worst) {
	case TOTAL_CURRENT:
		return "clean";
	case TOTAL_UNKNOWN:
		return "unknown";
	case TOTAL_ENDED:
		return "high";
	case TOTAL_30:
	case TOTAL_90:
		return "medium";
	default:
		return "high";
	}
}

static const char *
level_words(const struct total_level *l)
{
	return l->kev > 0 ? "known-exploited flaw open" : total_behind_name(l->worst);
}

static void
put_cells(FILE *f, const struct total *t, size_t from, const struct column *cols, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		const struct total_level *l = NULL;

		for (size_t i = from; i < t->nlevels && is_same_cu(&t->levels[i], &t->levels[from]); i++)
			if (strcmp(column_name(&t->levels[i]), cols[k].name) == 0)
				l = &t->levels[i];
		if (l == NULL)
			(void)fputs("<td></td>", f);
		else
			markup_put(f, "<td class=\"c s-%s\" title=\"%s %s %s: %u, %s\">%u</td>",
			    level_class(l), l->branch, l->cu, cols[k].name, l->n, level_words(l), l->n);
	}
}

static void
put_row(FILE *f, const struct total *t, size_t from, const struct column *cols, size_t n)
{
	const struct total_level *l = &t->levels[from];
	uint64_t sum = 0;

	for (size_t i = from; i < t->nlevels && is_same_cu(&t->levels[i], l); i++)
		sum += t->levels[i].n;
	markup_put(f, "<tr><th scope=\"row\">%s%s%s</th>", l->branch[0] != '\0' ? l->branch :
	    "Release not known", l->cu[0] != '\0' ? " " : "", l->cu);
	put_cells(f, t, from, cols, n);
	markup_put(f, "<td class=\"sum\">%u</td></tr>\n", sum);
}

void
html_matrix(const struct html *h, FILE *f)
{
	const struct total *t = &h->total;
	struct column *cols;
	size_t n;

	(void)fputs("<section id=\"levels\">\n<h2>Patch levels</h2>\n", f);
	if (t->nlevels == 0) {
		(void)fputs("<p>No build was read.</p>\n</section>\n", f);
		return;
	}
	cols = text_alloc(t->nlevels * sizeof(*cols));
	n = columns_of(t, cols);
	(void)fputs("<p class=\"lead\">Servers by cumulative update and the update on top of it, older "
	    "to the left.</p>\n<section class=\"scroll\" tabindex=\"0\" "
	    "aria-label=\"Patch levels\"><table class=\"mx\">\n<caption class=\"vh\">Servers by CU and "
	    "update</caption>\n<thead><tr><th scope=\"col\">CU</th>", f);
	for (size_t k = 0; k < n; k++)
		markup_put(f, "<th scope=\"col\"><span>%s</span></th>", cols[k].name);
	(void)fputs("<th scope=\"col\"><span>all</span></th></tr></thead>\n<tbody>\n", f);
	for (size_t i = 0; i < t->nlevels; i++)
		if (i == 0 || !is_same_cu(&t->levels[i], &t->levels[i - 1]))
			put_row(f, t, i, cols, n);
	(void)fputs("</tbody></table></section>\n<ul class=\"key\"><li class=\"s-clean\">nothing missing</li>"
	    "<li class=\"s-medium\">behind up to 90 days</li><li class=\"s-high\">behind longer, or no "
	    "updates any more</li><li class=\"s-critical\">known-exploited flaw open</li>"
	    "<li class=\"s-unknown\">not known</li></ul>\n", f);
	if (t->no_build + t->levels_lost > 0)
		markup_put(f, "<p>%u more server%s: build not read, or too many kinds to list.</p>\n",
		    t->no_build + t->levels_lost, t->no_build + t->levels_lost == 1 ? "" : "s");
	(void)fputs("</section>\n", f);
	free(cols);
}

/* ---- bars ---- */

static void
put_bar(FILE *f, const char *label, const char *class, uint64_t n, uint64_t all)
{
	markup_put(f, "<tr><th scope=\"row\">%s</th><td class=\"n\">%u</td><td class=\"g\">", label, n);
	html_bar(f, class, n, all);
	(void)fputs("</td></tr>\n", f);
}

static void
open_chart(FILE *f, const char *title, const char *unit)
{
	markup_put(f, "<figure><figcaption><h3>%s</h3><p>%s</p></figcaption><table class=\"bars\">"
	    "<caption class=\"vh\">%s</caption><thead class=\"vh\"><tr><th scope=\"col\">What</th>"
	    "<th scope=\"col\">Number</th><th scope=\"col\">Share</th></tr></thead><tbody>\n", title,
	    unit, title);
}

static void
close_chart(FILE *f)
{
	(void)fputs("</tbody></table></figure>\n", f);
}

static void
put_states(FILE *f, const struct total *t)
{
	open_chart(f, "Worst finding", "Exchange servers by their worst finding");
	for (int s = VIEW_CRITICAL; s > VIEW_OTHER; s--)
		if (t->servers_by_state[s] > 0 || s >= VIEW_MEDIUM)
			put_bar(f, s == VIEW_SILENT ? "not judged" : view_state_name((enum view_state)s),
			    html_state_class((enum view_state)s), t->servers_by_state[s], t->servers);
	close_chart(f);
}

static void
put_behind(FILE *f, const struct total *t)
{
	static const char *const classes[TOTAL_BEHIND_KINDS] = {
		[TOTAL_CURRENT] = "clean", [TOTAL_30] = "medium", [TOTAL_90] = "medium",
		[TOTAL_180] = "high", [TOTAL_365] = "high", [TOTAL_730] = "critical",
		[TOTAL_LONGER] = "critical", [TOTAL_ENDED] = "high", [TOTAL_UNKNOWN] = "unknown",
	};

	open_chart(f, "Days behind", "since the first security update that is missing");
	for (int i = 0; i < TOTAL_BEHIND_KINDS; i++)
		put_bar(f, total_behind_name((enum total_behind)i), classes[i], t->behind[i], t->servers);
	close_chart(f);
}

static void
put_severities(FILE *f, const struct total *t)
{
	static const char *const classes[] = {
		[SEV_INFO] = "info", [SEV_LOW] = "low", [SEV_MEDIUM] = "medium", [SEV_HIGH] = "high",
		[SEV_CRITICAL] = "critical",
	};
	uint64_t open = t->by_verdict[VERDICT_UNDECIDABLE], most = open > 0 ? open : 1;

	for (int s = SEV_INFO; s <= SEV_CRITICAL; s++)
		most = t->by_severity[s] > most ? t->by_severity[s] : most;
	open_chart(f, "Findings", "that fail or warn, by severity");
	for (int s = SEV_CRITICAL; s >= SEV_INFO; s--)
		put_bar(f, rule_severity_name((enum severity)s), classes[s], t->by_severity[s], most);
	put_bar(f, "undecided", "undecided", open, most);
	close_chart(f);
}

#define RELEASES_SHOWN	9

static int
compare_levels(const void *a, const void *b)
{
	const struct total_level *x = *(const struct total_level *const *)a;
	const struct total_level *y = *(const struct total_level *const *)b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void
put_releases(FILE *f, const struct total *t)
{
	const struct total_level **v = text_alloc((t->nlevels + 1) * sizeof(*v));
	uint64_t rest = 0, most;

	for (size_t i = 0; i < t->nlevels; i++)
		v[i] = &t->levels[i];
	if (t->nlevels > 1)
		qsort(v, t->nlevels, sizeof(*v), compare_levels);
	for (size_t i = RELEASES_SHOWN; i < t->nlevels; i++)
		rest += v[i]->n;
	most = t->nlevels > 0 && v[0]->n > rest ? v[0]->n : rest;
	open_chart(f, "Patch distribution", "Exchange servers by release");
	for (size_t i = 0; i < t->nlevels && i < RELEASES_SHOWN; i++) {
		char *name = text_printf("%s %s%s%s", v[i]->branch, v[i]->cu,
		    v[i]->row != NULL && v[i]->row->update[0] == '\0' ? "" : " ",
		    v[i]->row != NULL ? v[i]->row->update : column_name(v[i]));

		put_bar(f, name, level_class(v[i]), v[i]->n, most);
		free(name);
	}
	if (rest > 0)
		put_bar(f, "all others", "other", rest, most);
	close_chart(f);
	free(v);
}

/* ---- certificates along time ---- */

#define CERT_WIDTH	50
#define CERT_HEIGHT	120

static const char *
month_name(const char *day)
{
	static const char *const names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	int64_t month;
	char digits[3] = { day[5], day[6], '\0' };

	return text_number(digits, 1, 12, &month) ? names[month - 1] : "";
}

/* "24 Nov", and below it the year where one begins: "Nov 24" alone reads as a year. */
static void
put_cert_day(FILE *f, int i, int x, int32_t as_of)
{
	char day[11], before[11] = "";

	(void)builds_day_text(as_of + 30 * (i - 1), day);
	if (i > 1)
		(void)builds_day_text(as_of + 30 * (i - 2), before);
	markup_put(f, "<text x=\"%d\" y=\"%d\">%s %s</text>", x, CERT_HEIGHT + 44, day + 8,
	    month_name(day));
	if (strncmp(day, before, 4) != 0) {
		day[4] = '\0';
		markup_put(f, "<text x=\"%d\" y=\"%d\">%s</text>", x, CERT_HEIGHT + 60, day);
	}
}

static void
put_cert_column(FILE *f, int i, uint64_t n, uint64_t most, int32_t as_of)
{
	int x = i * CERT_WIDTH, h = most == 0 ? 0 : (int)(n * CERT_HEIGHT / most);

	if (n > 0 && h < 3)
		h = 3;
	markup_put(f, "<rect class=\"b-%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"/>",
	    i == 0 ? "critical" : i == 1 ? "high" : i <= 3 ? "medium" : "other", x + 6,
	    CERT_HEIGHT + 24 - h, CERT_WIDTH - 12, h);
	if (n > 0)
		markup_put(f, "<text class=\"v\" x=\"%d\" y=\"%d\">%u</text>", x + CERT_WIDTH / 2,
		    CERT_HEIGHT + 18 - h, n);
	if (i == 0 || i == TOTAL_CERT_BINS - 1)
		markup_put(f, "<text x=\"%d\" y=\"%d\">%s</text>", x + CERT_WIDTH / 2, CERT_HEIGHT + 44,
		    i == 0 ? "ended" : "later");
	else
		put_cert_day(f, i, x + CERT_WIDTH / 2, as_of);
}

static void
put_certs(FILE *f, const struct total *t, int32_t as_of)
{
	uint64_t most = 0;

	if (t->cert_seen == 0) {
		(void)fputs("<figure class=\"wide\"><figcaption><h3>Certificates by their end</h3>"
		    "<p>No certificate was seen.</p></figcaption></figure>\n", f);
		return;
	}
	for (int i = 0; i < TOTAL_CERT_BINS; i++)
		most = t->cert[i] > most ? t->cert[i] : most;
	markup_put(f, "<figure class=\"wide\"><figcaption><h3>Certificates by their end</h3><p>30 days a "
	    "column, from the day below it; of each server the certificate that ends first. Not seen: %u.</p></figcaption>"
	    "<section class=\"scroll\" tabindex=\"0\" aria-label=\"Certificates by their "
	    "end\"><svg class=\"time\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%u of %u "
	    "certificates have ended, %u end within 30 days\">", t->cert_unseen,
	    TOTAL_CERT_BINS * CERT_WIDTH, CERT_HEIGHT + 66, t->cert[0], t->cert_seen, t->cert[1]);
	fprintf(f, "<line class=\"axis\" x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
	    TOTAL_CERT_BINS * CERT_WIDTH, CERT_HEIGHT + 25, CERT_HEIGHT + 25);
	for (int i = 0; i < TOTAL_CERT_BINS; i++)
		put_cert_column(f, i, t->cert[i], most, as_of);
	(void)fputs("</svg></section></figure>\n", f);
}

void
html_charts(const struct html *h, FILE *f, const struct report_run *run)
{
	const struct total *t = &h->total;

	if (t->servers == 0)
		return;
	(void)fputs("<section id=\"charts\">\n<h2>The fleet in figures</h2>\n<div class=\"figs\">\n", f);
	put_states(f, t);
	put_behind(f, t);
	put_releases(f, t);
	put_severities(f, t);
	put_certs(f, t, run->as_of);
	(void)fputs("</div>\n</section>\n", f);
}
