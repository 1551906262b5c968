/*
 * check_perfdata.c - performance data and long output.
 *
 * All performance data stand in the first line: Icinga 2 takes what follows
 * later for text, Nagios 4 swallows lines behind a later |.  Units are those
 * that Icinga knows; a metric that is not known is left out, for "U" is an
 * error there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "check_line.h"
#include "view.h"

size_t
check_line_metrics(void)
{
	return METRIC_COUNT;
}

static void
add_limit(struct text_buf *out, const struct check_limit *l)
{
	text_buf_printf(out, ";%s", l->text != NULL ? l->text : "");
}

bool
check_line_value(const struct check_verdict *v, size_t i, const char **label, double *value)
{
	enum check_metric m = (enum check_metric)i;

	*label = check_metric_name(m);
	*value = strcmp(check_metric_unit(m), "ms") == 0 ? v->values.v[m] / 1000 : v->values.v[m];
	return v->values.known[i];
}

static void
add_metric(struct text_buf *out, const struct check_terms *t, enum check_metric m, double value)
{
	const char *unit = check_metric_unit(m);

	text_buf_printf(out, "%s=%.*f%s", check_metric_name(m), unit[0] == 's' ? 3 : 0, value, unit);
	add_limit(out, &t->warning[m]);
	add_limit(out, &t->critical[m]);
	text_buf_str(out, m == METRIC_CERT ? "" : ";0");
	if (m == METRIC_TIME && t->budget > 0)
		text_buf_printf(out, ";%.6g", t->budget);
}

void
check_line_perfdata(struct text_buf *out, const struct check_terms *t,
    const struct check_verdict *v)
{
	const char *between = "";

	for (int i = 0; i < METRIC_COUNT; i++) {
		if (!v->values.known[i])
			continue;
		text_buf_str(out, between);
		between = " ";
		add_metric(out, t, (enum check_metric)i, v->values.v[i]);
	}
}

/* ---- long output ---- */

/* A line that does not fit is left out whole, and counted. */
struct lines {
	struct text_buf	*out;
	size_t		 start, cap, left_out;
};

static void
add_line(struct lines *l, char *line)
{
	size_t n = strlen(line);

	if (l->cap != 0 && l->out->len - l->start + n + 1 > l->cap)
		l->left_out++;
	else
		text_buf_printf(l->out, "%s\n", line);
	free(line);
}

static char *
finding_line(const char *word, const struct finding *f)
{
	struct text_buf b = { 0 };

	text_buf_printf(&b, "[%s] %s: ", word, f->rule->id);
	escape_plugin(&b, f->why);
	return b.s;
}

/* From -vv on; the way out of an old table always, for it concerns every server at once. */
static void
add_remedy(struct lines *l, const struct check_terms *t, const struct finding *f)
{
	struct text_buf b = { 0 };

	if ((t->verbose < 2 && strcmp(f->rule->id, "table-stale") != 0) || !rule_counts(f))
		return;
	text_buf_str(&b, "    ");
	escape_plugin(&b, f->rule->remediation);
	add_line(l, b.s);
}

static void
add_scan(struct lines *l, const struct result *r)
{
	add_line(l, text_printf("[scan] probes %s; %u connections, %u requests, %lld ms", r->probes,
	    r->connections, r->requests, (long long)r->duration_ms));
}

static void
add_reasons(struct lines *l, const struct check_terms *t, const struct check_verdict *v)
{
	for (size_t i = 0; i < v->nreasons; i++) {
		const struct check_reason *k = &v->reasons[i];
		const char *word = check_state_name(k->state);
		struct text_buf b = { 0 };

		if (k->finding != NULL) {
			add_line(l, finding_line(word, k->finding));
			add_remedy(l, t, k->finding);
			continue;
		}
		text_buf_printf(&b, "[%s] ", word);
		escape_plugin(&b, k->text);
		add_line(l, b.s);
	}
}

static bool
is_reason(const struct check_verdict *v, const struct finding *f)
{
	for (size_t i = 0; i < v->nreasons; i++)
		if (v->reasons[i].finding == f)
			return true;
	return false;
}

/* What raised no state: low findings; with -v all the others. */
static void
add_others(struct lines *l, const struct check_terms *t, const struct report *r,
    const struct check_verdict *v)
{
	const struct finding **sorted = view_sorted(r->judgement);

	for (size_t i = 0; i < r->judgement->nfindings; i++) {
		const struct finding *f = sorted[i];

		if (is_reason(v, f) || !check_terms_counts(t, f->rule))
			continue;
		if (t->verbose > 0 || rule_counts(f))
			add_line(l, finding_line(rule_verdict_name(f->verdict), f));
	}
	free(sorted);
}

static void
add_errors(struct lines *l, const struct result *r)
{
	for (size_t i = 0; i < obs_error_count(r->obs); i++) {
		const struct obs_error *e = obs_error_get(r->obs, i);
		struct text_buf b = { 0 };

		text_buf_str(&b, "[not seen] ");
		escape_plugin(&b, e->at);
		text_buf_printf(&b, ": %s %s ", e->stage, e->reason);
		escape_plugin(&b, e->detail);
		add_line(l, b.s);
	}
}

static void
add_observations(struct lines *l, const struct result *r)
{
	for (size_t i = 0; i < obs_count(r->obs); i++) {
		const struct observation *k = obs_get(r->obs, i);
		struct text_buf b = { 0 };

		text_buf_printf(&b, "%s = ", obs_fact(k->fact)->name);
		if (k->text != NULL)
			escape_plugin(&b, k->text);
		else
			text_buf_printf(&b, "%lld", (long long)k->number);
		text_buf_str(&b, " at ");
		escape_plugin(&b, k->at);
		add_line(l, b.s);
	}
}

void
check_line_long(struct text_buf *out, const struct check_terms *t, const struct report *report,
    const struct check_verdict *v, size_t cap)
{
	struct lines l = { .out = out, .start = out->len, .cap = cap };

	add_reasons(&l, t, v);
	if (!v->unreachable)
		add_others(&l, t, report, v);
	if (t->verbose >= 1)
		add_errors(&l, report->result);
	if (t->verbose >= 2)
		add_scan(&l, report->result);
	if (t->verbose >= 3)
		add_observations(&l, report->result);
	if (l.left_out > 0)
		text_buf_printf(out, "(%zu more line%s with -vv)\n", l.left_out,
		    l.left_out == 1 ? "" : "s");
}
