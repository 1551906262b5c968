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

/* Known-exploited ones always, of the others a few; all of them with -v. */
static size_t
print_open(const struct paint *p, const struct build_report *b, bool all)
{
	size_t hidden = 0, others = 0;

	for (size_t i = 0; i < b->ncves; i++) {
		const struct cve_verdict *v = &b->cves[i];

		if (!is_open(v))
			continue;
		if (all || v->cve->kev || others++ < CVES_SHOWN)
			print_cve(p, v);
		else
			hidden++;
	}
	return hidden;
}

static void
print_state(const struct paint *p, const struct build_report *b, enum cve_state state)
{
	for (size_t i = 0; i < b->ncves; i++)
		if (b->cves[i].state == state)
			print_cve(p, &b->cves[i]);
}

static void
print_cves(const struct paint *p, const struct build_report *b, bool all)
{
	size_t open, maybe, config;
	char *s;

	if (!view_knows_cves(b)) {
		card_line(p, "CVEs", INK_YELLOW, "not known");
		return;
	}
	open = view_cves_open(b);
	maybe = b->count[CVE_UNDECIDABLE];
	config = b->count[CVE_NEEDS_CONFIG];
	if (open == 0 && maybe == 0 && b->support == SUPPORT_SUPPORTED)
		s = text_dup("none known to this table is open");
	else if (open == 0 && maybe == 0)
		s = text_dup("none known to this table is open; nobody assesses an unsupported release");
	else
		s = text_printf("%zu open%s, %zu known-exploited", open,
		    b->place == PLACE_RANGE ? " at every possible build" : "", b->kev_open);
	card_line(p, "CVEs", b->kev_open > 0 ? INK_ALARM : INK_PLAIN, s);
	free(s);
	print_more(p, print_open(p, b, all), "more is open (-v lists it)", "more are open (-v lists them)");
	if (all)
		print_state(p, b, CVE_UNDECIDABLE);
	print_more(p, maybe, all ? "of these may be open or fixed: the evidence allows both" :
	    "may be open or fixed: the evidence allows both (-v lists it)",
	    all ? "of these may be open or fixed: the evidence allows both" :
	    "may be open or fixed: the evidence allows both (-v lists them)");
	if (all)
		print_state(p, b, CVE_NEEDS_CONFIG);
	print_more(p, config, "fixed in the build depends on a setting that the network cannot see",
	    "fixed in the build depend on settings that the network cannot see");
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
