/* check_line.c - the first line: short, the most important first, alone in an SMS. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "check_line.h"
#include "view.h"

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* "Exchange 2019 CU15 Oct25SU (15.2.1748.39)" */
static void
add_release(struct text_buf *out, const struct build_report *b)
{
	char buf[48];

	text_buf_str(out, "Exchange");
	if (b->branch[0] != '\0')
		text_buf_printf(out, " %s", b->branch);
	if (b->place == PLACE_EXACT)
		text_buf_printf(out, " %s%s%s", b->row->cu, b->row->update[0] != '\0' ? " " : "",
		    b->row->update);
	else if (b->cu[0] != '\0')
		text_buf_printf(out, " %s", b->cu);
	text_buf_printf(out, " (%s)", build_number_text(&b->number, buf));
}

/* Up to date is what the table says; an old one is named. */
static void
add_none_missing(struct text_buf *out, const struct report_run *run, const struct judgement *j)
{
	const struct finding *missing = rule_finding(j, "su-missing"), *stale = rule_finding(j, "table-stale");
	char day[11];

	if (missing == NULL || missing->verdict != VERDICT_PASS)
		return;
	text_buf_str(out, ", up to date");
	if (stale != NULL && rule_counts(stale))
		text_buf_printf(out, " by the table of %s", builds_day_text(builds_as_of(run->builds), day));
}

static void
add_count(struct text_buf *out, const struct build_report *b, const char *before)
{
	text_buf_printf(out, ", %s%zu update%s behind", before, b->nmissing, plural(b->nmissing));
	if (b->days_behind >= 0)
		text_buf_printf(out, " (%d day%s)", (int)b->days_behind,
		    b->days_behind == 1 ? "" : "s");
}

static void
add_updates(struct text_buf *out, const struct report_run *run, const struct judgement *j)
{
	const struct build_report *b = j->build;

	if (b->place == PLACE_NEWER) {
		text_buf_str(out, ", newer than the table");
	} else if (b->place == PLACE_BETWEEN) {
		text_buf_str(out, ", in no list of builds");
		if (b->nmissing > 0)
			add_count(out, b, "at least ");
	} else if (b->place == PLACE_RANGE && b->nmissing != b->nmissing_worst) {
		text_buf_printf(out, ", %zu to %zu updates behind", b->nmissing, b->nmissing_worst);
	} else if (b->place != PLACE_EXACT && b->place != PLACE_RANGE) {
		text_buf_str(out, ", updates not known");
	} else if (b->nmissing > 0)
		add_count(out, b, "");
	else
		add_none_missing(out, run, j);
}

static void
add_build(struct text_buf *out, const struct report_run *run, const struct judgement *j)
{
	const struct build_report *b = j->build;

	add_release(out, b);
	add_updates(out, run, j);
	if (b->kev_open > 0)
		text_buf_printf(out, ", %zu known-exploited CVE%s open", b->kev_open,
		    plural(b->kev_open));
	if (b->newer_cu != NULL)
		text_buf_printf(out, ", %s is newer", b->newer_cu->cu);
	if (b->support == SUPPORT_UNSUPPORTED || b->support == SUPPORT_ESU_ENDED)
		text_buf_str(out, ", out of support");
	else if (b->support == SUPPORT_ESU_1 || b->support == SUPPORT_ESU_2)
		text_buf_str(out, ", out of support but for ESU");
}

static void
add_identity(struct text_buf *out, const struct report_run *run, const struct judgement *j)
{
	static const char *const words[] = {
		[IDENTITY_UNKNOWN] = "answers, but nothing tells that it is Exchange",
		[IDENTITY_EXCHANGE] = "Exchange, build not read",
		[IDENTITY_ONLINE] = "Exchange Online, which Microsoft updates",
		[IDENTITY_PREAUTH] = "a pre-authentication proxy hides the build",
		[IDENTITY_NOT_EXCHANGE] = "answers, and is not Exchange",
	};

	if (j->identity == IDENTITY_EXCHANGE && j->build != NULL)
		add_build(out, run, j);
	else
		text_buf_str(out, words[j->identity]);
}

static void
add_cert(struct text_buf *out, const struct check_values *v)
{
	int days = (int)v->v[METRIC_CERT];

	if (days < 0)
		text_buf_printf(out, "cert expired %d d ago", -days);
	else
		text_buf_printf(out, "cert %d d", days);
}

/* Two reasons that the rest does not tell; more stand in the long output.  How many. */
static size_t
add_leads(struct text_buf *out, const struct check_verdict *v, const char *before)
{
	size_t leads = 0;

	for (size_t i = 0; i < v->nreasons && leads < 2; i++)
		if (v->reasons[i].lead && v->reasons[i].state == v->state) {
			text_buf_str(out, leads++ > 0 ? ", " : before);
			escape_plugin(out, v->reasons[i].text);
		}
	return leads;
}

/* Nothing leads, and there is nothing else to tell: the worst, and what comes first of the rest. */
static void
add_worst(struct text_buf *out, const struct check_verdict *v)
{
	for (size_t i = 0; i < v->nreasons; i++)
		if (i == 0 || v->reasons[i].lead) {
			text_buf_str(out, i > 0 ? ", " : "");
			escape_plugin(out, v->reasons[i].text);
			if (i > 0)
				return;
		}
}

static bool
is_of_cert(const struct check_reason *k)
{
	if (k->finding != NULL)
		return strcmp(k->finding->rule->id, "cert-expires-soon") == 0;
	return text_starts(k->text, check_metric_name(METRIC_CERT));
}

/* Is the worst of all told by what the build is and lacks? */
static bool
is_build_worst(const struct judgement *j, const struct check_verdict *v)
{
	const struct check_reason *worst = v->nreasons > 0 ? &v->reasons[0] : NULL;

	if (worst == NULL || worst->lead || j->contradiction)
		return false;
	if (worst->finding == NULL)		/* a limit, on updates or on the certificate */
		return !is_of_cert(worst);
	return strcmp(worst->finding->rule->group, "patch") == 0 ||
	    strcmp(worst->finding->rule->group, "support") == 0;
}

/* Is the end of the certificate the worst, and nothing of the build as bad? */
static bool
is_cert_worst(const struct check_verdict *v)
{
	bool cert = false;

	for (size_t i = 0; i < v->nreasons && v->reasons[i].state == v->state; i++) {
		const struct check_reason *k = &v->reasons[i];

		cert |= is_of_cert(k);
		if (!is_of_cert(k) && !k->lead)
			return false;
		/* Its title says that the certificate has ended. */
		if (k->finding != NULL && strcmp(k->finding->rule->id, "cert-dates") == 0)
			return false;
	}
	return cert && v->values.known[METRIC_CERT];
}

/* Nothing came that could be called by a name. */
static bool
is_all(const struct report *report, const struct check_verdict *v)
{
	return v->unreachable || (v->timed_out && report->judgement->build == NULL);
}

void
check_line_summary(struct text_buf *out, const char *host, const struct report_run *run,
    const struct report *report, const struct check_verdict *v)
{
	bool told = is_build_worst(report->judgement, v);
	bool cert = !is_all(report, v) && is_cert_worst(v);

	escape_plugin(out, host);
	text_buf_str(out, ": ");
	if (cert) {
		add_cert(out, &v->values);
		text_buf_str(out, "; ");
	}
	if (is_all(report, v)) {
		if (add_leads(out, v, "") == 0)
			add_worst(out, v);
		return;
	}
	if (!told && add_leads(out, v, "") > 0)
		text_buf_str(out, "; ");
	add_identity(out, run, report->judgement);
	if (v->values.known[METRIC_MEMBERS] && v->values.v[METRIC_MEMBERS] > 1)
		text_buf_printf(out, ", %.0f members seen", v->values.v[METRIC_MEMBERS]);
	if (told)
		(void)add_leads(out, v, "; ");
	if (!cert && v->values.known[METRIC_CERT]) {
		text_buf_str(out, "; ");
		add_cert(out, &v->values);
	}
	if (view_waived(report->judgement) > 0)
		text_buf_printf(out, "; %zu waived", view_waived(report->judgement));
}
