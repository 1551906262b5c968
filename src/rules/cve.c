/* cve.c - the findings on known flaws of the build, by state. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/cve.h"
#include "rules/place.h"
#include "rules/table.h"

/* Names of flaws in a sentence; the detail has them all. */
enum { CVE_NAMED = 8 };

/*
 * A file's version can lag by one update: what only the next update of the CU
 * fixes may be fixed already.
 */
enum cve_state
cve_state_of(const struct rule_in *in, const struct cve_verdict *v)
{
	const struct build_report *b = in->who->build;

	if (v->state == CVE_OPEN && v->fix != NULL && place_is_soft(in) &&
	    b->missing_known && b->nmissing > 0 && v->fix == b->missing[0])
		return CVE_UNDECIDABLE;
	return v->state;
}

static bool
is_any(const struct cve_info *cve)
{
	(void)cve;
	return true;
}

static bool
is_exploited(const struct cve_info *cve)
{
	return cve->kev;
}

/* Which flaws: in one of two states, and of a kind. */
struct pick {
	enum cve_state	 one, two;
	bool		(*kind)(const struct cve_info *);
	bool		 dates;			/* name them with the catalogue's days */
};

static const struct pick
    pick_exploited = { CVE_OPEN, CVE_OPEN_PRESUMED, is_exploited, true },
    pick_exploited_maybe = { CVE_UNDECIDABLE, CVE_UNDECIDABLE, is_exploited, true },
    pick_open = { CVE_OPEN, CVE_OPEN, is_any, false },
    pick_presumed = { CVE_OPEN_PRESUMED, CVE_OPEN_PRESUMED, is_any, false },
    pick_undecidable = { CVE_UNDECIDABLE, CVE_UNDECIDABLE, is_any, false },
    pick_config = { CVE_NEEDS_CONFIG, CVE_NEEDS_CONFIG, is_any, false };

struct tally {
	size_t		 n, named, ransomware;
	double		 worst;			/* highest CVSS; < 0: none known */
	struct text_buf	 names;
};

static void
name_one(struct tally *t, const struct cve_verdict *v, bool dates)
{
	const struct cve_info *cve = v->cve;

	if (t->named++ >= CVE_NAMED)
		return;
	text_buf_str(&t->names, t->names.len > 0 ? ", " : "");
	text_buf_str(&t->names, cve->id);
	if (cve->name[0] != '\0')
		text_buf_printf(&t->names, " (%s)", cve->name);
	if (dates && cve->kev_date != BUILDS_NO_DAY)
		text_buf_printf(&t->names, " %s", place_day(cve->kev_date).s);
}

static const struct cve_verdict *
next_of(const struct rule_in *in, const struct pick *p, size_t *i)
{
	const struct build_report *b = in->who->build;

	while (*i < b->ncves) {
		const struct cve_verdict *v = &b->cves[(*i)++];
		enum cve_state state = cve_state_of(in, v);

		if ((state == p->one || state == p->two) && p->kind(v->cve))
			return v;
	}
	return NULL;
}

/* Count and name them, and list their ids in the detail. */
static void
tally(const struct rule_in *in, struct finding *f, const struct pick *p, struct tally *t)
{
	const struct cve_verdict *v;

	*t = (struct tally){ .worst = -1 };
	for (size_t i = 0; (v = next_of(in, p, &i)) != NULL;) {
		t->n++;
		t->ransomware += v->cve->ransomware;
		if (v->cve->cvss > t->worst)
			t->worst = v->cve->cvss;
		name_one(t, v, p->dates);
		finding_list(f, "cve", v->cve->id);
	}
	if (t->n > CVE_NAMED)
		text_buf_printf(&t->names, " and %zu more", t->n - CVE_NAMED);
}

static void
tally_free(struct tally *t)
{
	text_buf_free(&t->names);
}

/* CVSS 3.1, section 5. */
static enum severity
severity_of(double cvss)
{
	if (cvss < 0)
		return SEV_HIGH;	/* not scored yet */
	return cvss >= 9.0 ? SEV_CRITICAL : cvss >= 7.0 ? SEV_HIGH : cvss >= 4.0 ? SEV_MEDIUM : SEV_LOW;
}

/*
 * None in the wanted state: fine only for a known build of a product that is
 * still looked after.  Else "none known" is all that can be said.
 */
static enum verdict
none(const struct rule_in *in, struct finding *f, const char *what)
{
	const struct build_report *b = in->who->build;

	if (b->place != PLACE_EXACT)
		return place_undecidable(in, f, what);
	if (b->support == SUPPORT_UNSUPPORTED || b->support == SUPPORT_ESU_ENDED ||
	    b->support == SUPPORT_UNKNOWN) {
		finding_why(f, "%s: none known to this table, which is not \"safe\": %s is out of "
		    "support and nobody assesses it for new flaws.", what, place_build(b).s);
		return VERDICT_UNDECIDABLE;
	}
	if (b->count[CVE_UNDECIDABLE] > 0) {
		finding_why(f, "%s: none for certain, but %zu cannot be decided for %s.", what,
		    b->count[CVE_UNDECIDABLE], place_build(b).s);
		return VERDICT_UNDECIDABLE;
	}
	if (place_is_soft(in)) {
		finding_why(f, "%s: none, if %s is right; it was read from a file's version, which can "
		    "lead by one update.", what, place_build(b).s);
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "%s: none in %s, by the table of %s.", what, place_build(b).s,
	    place_day(builds_as_of(in->builds)).s);
	return VERDICT_PASS;
}

static enum verdict
check_kev(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	const struct cve_verdict *v;
	struct tally t, maybe;
	enum verdict verdict;

	tally(in, f, &pick_exploited, &t);
	for (size_t i = 0; (v = next_of(in, &pick_exploited, &i)) != NULL;)
		finding_list(f, "kev_date", place_day(v->cve->kev_date).s);
	finding_number(f, "count", (int64_t)t.n);
	finding_number(f, "ransomware", (int64_t)t.ransomware);
	finding_text(f, "kev_as_of", place_day(builds_kev_as_of(in->builds)).s);
	if (t.n > 0) {
		finding_why(f, "%s has %s open that attackers are known to use (each with its day in "
		    "CISA's catalogue): %s%s.", place_build(b).s,
		    place_count((int64_t)t.n, "flaw").s, t.names.s,
		    t.ransomware > 0 ? "; ransomware is known to use at least one" : "");
		tally_free(&t);
		return VERDICT_FAIL;
	}
	tally_free(&t);
	tally(in, f, &pick_exploited_maybe, &maybe);
	if (maybe.n > 0) {
		finding_why(f, "Perhaps open in %s, and used by attackers: %s.", place_build(b).s,
		    maybe.names.s);
		verdict = VERDICT_UNDECIDABLE;
	} else
		verdict = none(in, f, "Open flaws that attackers are known to use");
	tally_free(&maybe);
	return verdict;
}

const struct rule rule_cve_kev = {
	.id = "cve-known-exploited-open",
	.title = "A flaw that attackers are known to use is open",
	.group = "patch",
	.severity = SEV_CRITICAL,
	.reference = "https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
	.rationale = "CISA's catalogue of known exploited vulnerabilities lists flaws that are used in "
	    "real attacks. An Exchange server that is reachable and has one of them open must be "
	    "taken for compromised until somebody has looked.",
	.remediation = "Take the server off the Internet, install the newest update of a CU that still "
	    "gets them, then look for traces (see backdoor-check): an update does not remove what "
	    "an attacker left.",
	.needs_exchange = true, .needs_build = true,
	.check = check_kev,
};

static enum verdict
check_open(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	enum verdict verdict = VERDICT_FAIL;
	struct tally t;
	char score[16] = "unknown";

	tally(in, f, &pick_open, &t);
	finding_number(f, "count", (int64_t)t.n);
	if (t.n > 0) {
		if (t.worst >= 0)
			(void)snprintf(score, sizeof(score), "%.1f", t.worst);
		finding_text(f, "cvss_max", score);
		f->severity = severity_of(t.worst);
		if (b->kev_open > 0)
			f->severity = SEV_CRITICAL;
		finding_why(f, "%s has %s open%s, the worst with CVSS %s: %s.", place_build(b).s,
		    place_count((int64_t)t.n, "known flaw").s,
		    b->place == PLACE_RANGE ? " whatever its fourth part" : "", score, t.names.s);
	} else
		verdict = none(in, f, "Known open flaws");
	tally_free(&t);
	return verdict;
}

const struct rule rule_cve_open = {
	.id = "cve-open",
	.title = "Known flaws are open",
	.group = "patch",
	.severity = SEV_HIGH,
	.reference = "https://msrc.microsoft.com/update-guide/",
	.rationale = "A flaw counts as open when the update that fixes it in the server's own CU is "
	    "newer than the build. With three parts only, a flaw counts when no build of the CU "
	    "holds the fix.",
	.remediation = "Install the newest security update of this CU, or the newest CU and then its "
	    "newest update; security updates are cumulative.",
	.needs_exchange = true, .needs_build = true,
	.check = check_open,
};

static enum verdict
check_presumed(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	enum verdict verdict = VERDICT_WARN;
	struct tally t;

	tally(in, f, &pick_presumed, &t);
	finding_number(f, "count", (int64_t)t.n);
	if (t.n > 0)
		finding_why(f, "%s: %s fixed in newer CUs only and presumed open here, because Microsoft "
		    "never assessed this CU: %s.", place_build(b).s,
		    place_count((int64_t)t.n, "flaw").s, t.names.s);
	else if (b->place == PLACE_RANGE || b->place == PLACE_BETWEEN) {
		finding_why(f, "Every flaw that the table knows was assessed for %s.", b->cu);
		verdict = VERDICT_PASS;
	} else
		verdict = none(in, f, "Flaws presumed open");
	tally_free(&t);
	return verdict;
}

const struct rule rule_cve_presumed = {
	.id = "cve-open-presumed",
	.title = "Flaws are presumed open: this CU was never assessed",
	.group = "patch",
	.severity = SEV_HIGH,
	.reference = "https://msrc.microsoft.com/update-guide/",
	.rationale = "Microsoft assesses flaws for CUs in support only. A flaw that was fixed in a newer "
	    "CU, and exists in an older one for all we know, gets no update there.",
	.remediation = "Install a CU that still gets security updates, or migrate.",
	.needs_exchange = true, .needs_build = true,
	.check = check_presumed,
};

static enum verdict
check_undecidable(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	enum verdict verdict = VERDICT_UNDECIDABLE;
	struct tally t;

	tally(in, f, &pick_undecidable, &t);
	finding_number(f, "count", (int64_t)t.n);
	if (t.n > 0)
		finding_why(f, "%s: %s fixed in some and open in other %s: %s.", place_build(b).s,
		    place_count((int64_t)t.n, "flaw").s, b->row != NULL && b->row->partial ?
		    "servers with this update, which does not contain the earlier ones" :
		    place_is_soft(in) ? "builds that this file's version allows" :
		    "builds that it can be", t.names.s);
	else if (b->place == PLACE_EXACT || b->place == PLACE_RANGE) {
		finding_why(f, "Every flaw that the table knows can be decided for %s.", place_build(b).s);
		verdict = VERDICT_PASS;
	} else
		verdict = place_undecidable(in, f, "Which flaws are open");
	tally_free(&t);
	return verdict;
}

const struct rule rule_cve_undecidable = {
	.id = "cve-undecidable",
	.title = "Flaws that the evidence cannot decide",
	.group = "patch",
	.severity = SEV_MEDIUM,
	.reference = PLACE_URL_BUILDS,
	.rationale = "Three parts of a build allow several updates. The updates of March 2021 for old "
	    "CUs hold the ProxyLogon fixes alone and have a higher number than the updates before "
	    "them, which they do not contain. In both cases a flaw may be open or fixed, and exvet "
	    "does not guess.",
	.remediation = "Read the build on the server (Get-Command Exsetup.exe), for March 2021 updates "
	    "also the list of installed updates; or install the newest update, which settles it.",
	.needs_exchange = true, .needs_build = true,
	.check = check_undecidable,
};

static enum verdict
check_config(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	const char *needs = NULL;
	const struct cve_verdict *v;
	enum verdict verdict = VERDICT_NOT_OBSERVABLE;
	struct tally t;

	tally(in, f, &pick_config, &t);
	finding_number(f, "count", (int64_t)t.n);
	for (size_t i = 0; (v = next_of(in, &pick_config, &i)) != NULL;) {
		needs = needs == NULL ? v->cve->needs : needs;
		finding_list(f, "needs", v->cve->needs);
	}
	if (t.n > 0)
		finding_why(f, "%s: %s fixed by the build only together with a setting that the network "
		    "cannot show: %s. The first needs: %s.", place_build(b).s,
		    place_count((int64_t)t.n, "flaw").s, t.names.s, needs);
	else if (b->place == PLACE_EXACT) {
		finding_why(f, "No fix in %s depends on a setting.", place_build(b).s);
		verdict = VERDICT_PASS;
	} else
		verdict = place_undecidable(in, f, "Which fixes depend on a setting");
	tally_free(&t);
	return verdict;
}

const struct rule rule_cve_config = {
	.id = "cve-needs-configuration",
	.title = "Fixes that work only with a setting",
	.group = "patch",
	.severity = SEV_MEDIUM,
	.reference = "https://aka.ms/ExchangeEP",
	.rationale = "Some fixes are in the build but do nothing, or can be undone, without a setting: "
	    "Extended Protection, serialized data signing, /PrepareAllDomains, the dedicated hybrid "
	    "application, Download Domains. None of them can be seen from the network.",
	.remediation = "Run HealthChecker (https://aka.ms/ExchangeHealthChecker) on the server and set "
	    "what it names; for Extended Protection see https://aka.ms/ExchangeEP.",
	.needs_exchange = true, .needs_build = true,
	.check = check_config,
};
