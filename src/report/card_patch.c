/* card_patch.c - support, what is behind, which CVEs are open: from the table. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "card_parts.h"
#include "tone.h"
#include "view.h"

#define CVES_SHOWN	5	/* without -v, beside every known-exploited one */

static void
print_behind(const struct paint *p, const struct build_report *b)
{
	struct text_buf out = { 0 };

	if (!b->missing_known) {
		card_line(p, "Behind", INK_YELLOW, b->place == PLACE_RANGE ?
		    "not known: the update does not show in three parts of a build" :
		    b->place == PLACE_NEWER ? "not known: this table is older than the build" :
		    "not known");
		return;
	}
	if (b->nmissing == 0) {
		text_buf_printf(&out, "no security update of %s is missing",
		    b->cu[0] != '\0' ? b->cu : "this release");
		card_line(p, "Behind", b->support == SUPPORT_SUPPORTED ? INK_GREEN : INK_PLAIN, out.s);
		text_buf_free(&out);
		return;
	}
	text_buf_printf(&out, "%zu security update%s", b->nmissing, b->nmissing == 1 ? "" : "s");
	if (b->days_behind >= 0)
		text_buf_printf(&out, ", %" PRId32 " days", b->days_behind);
	for (size_t i = 0; i < b->nmissing; i++)
		text_buf_printf(&out, "%s%s", i > 0 ? ", " : ": ", view_update(b->missing[i]));
	card_line(p, "Behind", INK_PLAIN, out.s);
	text_buf_free(&out);
}

static bool
is_open(const struct cve_verdict *v)
{
	return v->state == CVE_OPEN || v->state == CVE_OPEN_PRESUMED;
}

static void
print_cve(const struct paint *p, const struct cve_verdict *v)
{
	const struct cve_info *c = v->cve;
	struct text_buf out = { 0 };
	char day[11];

	paint_blank(p, 13);
	paint_cell(p, c->kev ? INK_ALARM : INK_PLAIN, c->id, 15, false);
	if (c->cvss >= 0)
		text_buf_printf(&out, "%5.1f  ", c->cvss);
	else
		text_buf_str(&out, "    ?  ");
	if (c->kev && c->kev_date != BUILDS_NO_DAY)
		text_buf_printf(&out, "known-exploited since %s  ", builds_day_text(c->kev_date, day));
	else if (c->kev)
		text_buf_str(&out, "known-exploited  ");
	if (c->ransomware)
		text_buf_str(&out, "by ransomware  ");
	if (c->name[0] != '\0')
		text_buf_printf(&out, "%s  ", c->name);
	if (v->state == CVE_OPEN_PRESUMED)
		text_buf_str(&out, "presumed  ");
	if (v->state == CVE_UNDECIDABLE && v->candidates > 0)
		text_buf_printf(&out, "fixed in %zu of %zu builds  ", v->fixed_in, v->candidates);
	if (v->fix != NULL)
		text_buf_printf(&out, "fixed by %s%s%s", v->fix->cu,
		    v->fix->update[0] != '\0' ? " " : "", v->fix->update);
	if (v->state == CVE_NEEDS_CONFIG)
		text_buf_printf(&out, "  needs: %s", c->needs);
	paint_wrap(p, INK_PLAIN, 28, 35, out.s);
	text_buf_free(&out);
}

static void
print_more(const struct paint *p, size_t n, const char *fmt_one, const char *fmt_many)
{
	char *s;

	if (n == 0)
		return;
	s = text_printf("%zu %s", n, n == 1 ? fmt_one : fmt_many);
	paint_blank(p, 13);
	paint_wrap(p, INK_DIM, 13, 13, s);
	free(s);
}

/*
 * The CVEs of one state.  Known-exploited ones always, of the others a few, all
 * of them with -v.  Gives how many are left out.
 */
static size_t
print_list(const struct paint *p, const struct build_report *b, bool (*is_in)(const struct cve_verdict *),
    size_t few, bool all)
{
	size_t hidden = 0, others = 0;

	for (size_t i = 0; i < b->ncves; i++) {
		const struct cve_verdict *v = &b->cves[i];

		if (!is_in(v))
			continue;
		if (all || v->cve->kev || others++ < few)
			print_cve(p, v);
		else
			hidden++;
	}
	return hidden;
}

static bool
is_undecidable(const struct cve_verdict *v)
{
	return v->state == CVE_UNDECIDABLE;
}

static bool
is_configured(const struct cve_verdict *v)
{
	return v->state == CVE_NEEDS_CONFIG;
}

/* "34 open, 1 of them known-exploited"; NULL when there is nothing to count. */
static char *
count_cves(const struct build_report *b)
{
	size_t open = view_cves_open(b), maybe = b->count[CVE_UNDECIDABLE];
	struct text_buf out = { 0 };

	if (open + maybe == 0)
		return text_dup(b->support == SUPPORT_SUPPORTED ? "none known to this table is open" :
		    "none known to this table is open, which is not \"safe\": nobody assesses a "
		    "release that is out of support");
	if (open > 0)
		text_buf_printf(&out, "%zu open%s", open,
		    b->place == PLACE_RANGE ? " in every build that it can be" : "");
	if (b->kev_open > 0)
		text_buf_printf(&out, ", %zu of them known-exploited", b->kev_open);
	if (maybe > 0)
		text_buf_printf(&out, "%s%zu perhaps open: the evidence allows both",
		    out.s != NULL ? "; " : "", maybe);
	if (view_kev_undecidable(b) > 0)
		text_buf_printf(&out, "; %zu of these known-exploited", view_kev_undecidable(b));
	return out.s;
}

static void
print_cves(const struct paint *p, const struct build_report *b, bool all)
{
	enum ink ink = b->kev_open > 0 ? INK_ALARM : view_cves_open(b) > 0 ? INK_RED :
	    b->count[CVE_UNDECIDABLE] > 0 ? INK_YELLOW : INK_PLAIN;
	char *s;

	if (!view_knows_cves(b)) {
		card_line(p, "CVEs", INK_YELLOW, "not known");
		return;
	}
	s = count_cves(b);
	card_line(p, "CVEs", ink, s);
	free(s);
	print_more(p, print_list(p, b, is_open, CVES_SHOWN, all), "more is open (-v lists it)",
	    "more are open (-v lists them)");
	print_more(p, print_list(p, b, is_undecidable, 0, all), "more is perhaps open (-v lists it)",
	    "more are perhaps open (-v lists them)");
	print_more(p, b->count[CVE_NEEDS_CONFIG],
	    "more is fixed only with a setting that the network cannot see",
	    "more are fixed only with settings that the network cannot see");
	if (all)
		(void)print_list(p, b, is_configured, 0, true);
}

void
card_patch(const struct paint *p, const struct report_run *run, const struct judgement *j)
{
	const struct build_report *b = j->build;
	char *s;

	if (b == NULL || j->identity != IDENTITY_EXCHANGE)
		return;
	fputc('\n', p->f);
	s = tone_support(b, run->as_of);
	card_line(p, "Support", b->support == SUPPORT_SUPPORTED ? INK_PLAIN :
	    b->support == SUPPORT_UNKNOWN ? INK_YELLOW : INK_RED, s);
	free(s);
	print_behind(p, b);
	print_cves(p, b, run->verbose > 0);
}
