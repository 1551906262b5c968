/* cmd_builds_card.c - one build's report for people, and the table's lines. */
#include <string.h>

#include "base/text.h"
#include "builds.h"
#include "cmd_builds.h"

#define BOLD(c)		((c) ? "\033[1m" : "")
#define RED(c)		((c) ? "\033[31m" : "")
#define PLAIN(c)	((c) ? "\033[0m" : "")

static const char LABEL[] = "  %-9s ";

/* "CU15 Oct25SU", "CU15"; the product stands before it. */
static void
row_name(FILE *f, const struct build_row *row)
{
	fprintf(f, "%s%s%s", row->cu, *row->update != '\0' ? " " : "", row->update);
}

static void
row_line(FILE *f, const char *label, const struct build_row *row)
{
	char day[11];

	if (row == NULL)
		return;
	fprintf(f, LABEL, label);
	row_name(f, row);
	fprintf(f, ", %s (%s)\n", row->text, builds_day_text(row->released, day));
}

static void
names(FILE *f, const struct build_row **rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s%s", i > 0 ? ", " : "", rows[i]->update);
}

static void
title(FILE *f, const struct build_report *r, bool color)
{
	char text[48];

	fprintf(f, "%s%s%s  %s", BOLD(color), build_number_text(&r->number, text), PLAIN(color),
	    *r->product != '\0' ? r->product : "not the number of an Exchange Server");
	if (*r->cu != '\0')
		fprintf(f, " %s", r->cu);
	if (r->row != NULL && *r->row->update != '\0')
		fprintf(f, " %s", r->row->update);
	fputc('\n', f);
}

/* What the number is, when it is not simply a row of the table. */
static void
place(FILE *f, const struct build_report *r)
{
	static const char *const words[] = {
		[PLACE_BETWEEN] = "this build is not in the table; judged by its neighbours",
		[PLACE_NEWER] = "newer than this table",
		[PLACE_GENERATION] = "no CU of the table has this number; judged by its neighbours",
		[PLACE_ONLINE] = "Microsoft runs and updates it",
		[PLACE_UNKNOWN] = "no generation of Exchange has this number",
	};

	switch (r->place) {
	case PLACE_EXACT:
		return;
	case PLACE_RANGE:
		fprintf(f, LABEL, "range");
		fprintf(f, "the CU is certain, the update is not: %zu listed build%s, ",
		    r->ncandidates, r->ncandidates == 1 ? " (or one not listed)" : "s");
		row_name(f, r->candidates[0]);
		if (r->ncandidates > 1) {
			fputs(" to ", f);
			row_name(f, r->candidates[r->ncandidates - 1]);
		}
		fputc('\n', f);
		return;
	default:
		fprintf(f, LABEL, "place");
		fprintf(f, "%s\n", r->number.parts == 2 && r->place == PLACE_GENERATION ?
		    "the generation only; CU and update are not known" : words[r->place]);
		row_line(f, "below", r->below);
		row_line(f, "above", r->above);
	}
}

static void
released(FILE *f, const struct build_report *r, int32_t as_of)
{
	const struct build_row *row = r->row;
	char day[11];

	if (row == NULL)
		return;
	fprintf(f, LABEL, "released");
	fprintf(f, "%s (%d days before this judgement), %s\n",
	    builds_day_text(row->released, day), (int)(as_of - row->released),
	    *row->kb != '\0' ? row->kb : "KB not known");
	if (*row->note != '\0') {
		fprintf(f, LABEL, "note");
		fprintf(f, "%s\n", row->note);
	}
}

static void
support(FILE *f, const struct build_report *r, bool color)
{
	static const char *const words[] = {
		[SUPPORT_UNKNOWN] = "not known",
		[SUPPORT_SUPPORTED] = "supported until",
		[SUPPORT_ESU_1] = "out of support; Extended Security Updates, period 1, until",
		[SUPPORT_ESU_2] = "out of support; Extended Security Updates, period 2, until",
		[SUPPORT_ESU_ENDED] = "out of support, and Extended Security Updates ended on",
		[SUPPORT_UNSUPPORTED] = "out of support since",
	};
	bool bad = r->support != SUPPORT_SUPPORTED && r->support != SUPPORT_UNKNOWN;
	char day[11];

	fprintf(f, LABEL, "support");
	fprintf(f, "%s%s %s%s\n", bad ? RED(color) : "", words[r->support],
	    builds_day_text(r->support_until, day), bad ? PLAIN(color) : "");
}

static void
missing(FILE *f, const struct build_report *r)
{
	if (*r->cu == '\0')
		return;
	fprintf(f, LABEL, "missing");
	if (r->nmissing != 0) {
		fprintf(f, "%zu security update%s", r->nmissing, r->nmissing == 1 ? "" : "s");
		if (r->days_behind >= 0)
			fprintf(f, ", the first since %d days", (int)r->days_behind);
		fputs(": ", f);
		names(f, r->missing, r->nmissing);
	} else
		fputs(r->missing_known ? "no security update of this CU that the table knows" :
		    "not known", f);
	fputc('\n', f);
	if (r->nundetermined != 0) {
		fprintf(f, LABEL, "");
		fputs("cannot be read from this build: ", f);
		names(f, r->undetermined, r->nundetermined);
		fputc('\n', f);
	}
	if (r->place == PLACE_RANGE && !r->missing_known) {
		fprintf(f, LABEL, "");
		fputs("possibly: ", f);
		names(f, r->missing_worst, r->nmissing_worst);
		fputc('\n', f);
	}
}

static void
cve_line(FILE *f, const struct cve_verdict *v, bool color)
{
	int tenths = (int)(v->cve->cvss * 10 + 0.5);
	char day[11], score[16] = "   -";

	if (v->cve->cvss >= 0)
		(void)snprintf(score, sizeof(score), "%2d.%d", tenths / 10, tenths % 10);
	fprintf(f, "    %-15s %s", v->cve->id, score);
	if (v->cve->kev)
		fprintf(f, "  %sknown exploited%s (%s%s)", RED(color), PLAIN(color),
		    builds_day_text(v->cve->kev_date, day),
		    v->cve->ransomware ? ", ransomware" : "");
	if (*v->cve->name != '\0')
		fprintf(f, "  %s", v->cve->name);
	if (v->fix != NULL && v->state != CVE_NEEDS_CONFIG) {
		fputs("  fix: ", f);
		row_name(f, v->fix);
	}
	if (v->candidates > 1)
		fprintf(f, "  (in %zu of %zu)", v->fixed_in, v->candidates);
	fputc('\n', f);
	if (v->state == CVE_NEEDS_CONFIG)
		fprintf(f, "        %s\n", v->cve->needs);
}

static void
cves(FILE *f, const struct build_report *r, bool color)
{
	static const char *const heads[] = {
		[CVE_OPEN] = "open",
		[CVE_OPEN_PRESUMED] = "presumed open: this CU was never assessed",
		[CVE_UNDECIDABLE] = "undecidable: open or fixed",
		[CVE_NEEDS_CONFIG] = "fix in the build, but a setting decides, which is not visible",
	};
	int last = CVE_FIXED;

	if (r->ncves == 0) {
		fprintf(f, LABEL, "CVEs");
		fputs("the table holds none for this build, which does not make it safe\n", f);
	}
	for (size_t i = 0; i < r->ncves && r->cves[i].state != CVE_FIXED; i++) {
		if ((int)r->cves[i].state != last)
			fprintf(f, "  %s (%zu)\n", heads[r->cves[i].state],
			    r->count[r->cves[i].state]);
		last = (int)r->cves[i].state;
		cve_line(f, &r->cves[i], color);
	}
	if (r->count[CVE_FIXED] != 0)
		fprintf(f, "  fixed in this build: %zu known CVEs\n", r->count[CVE_FIXED]);
}

/* One sentence: which update, or away from here. */
static void
next_step(FILE *f, const struct build_report *r)
{
	if (r->place == PLACE_ONLINE || r->place == PLACE_UNKNOWN)
		return;
	fprintf(f, LABEL, "next");
	if (r->support == SUPPORT_UNKNOWN)
		fputs("find out the whole build number", f);
	else if (r->support == SUPPORT_ESU_1 || r->support == SUPPORT_ESU_2)
		fputs("migrate to the Subscription Edition; updates of this CU exist only for"
		    " ESU customers", f);
	else if (r->support != SUPPORT_SUPPORTED && r->newer_cu != NULL &&
	    strcmp(r->branch, "SE") == 0)
		fprintf(f, "install %s, then its newest update", r->newer_cu->cu);
	else if (r->support != SUPPORT_SUPPORTED)
		fputs("migrate to the Subscription Edition; a build without open CVEs is not safe"
		    " when nobody assesses it", f);
	else if (r->place == PLACE_NEWER)
		fputs("get a newer table (--table FILE) to judge this build", f);
	else if ((r->nmissing != 0 || r->nmissing_worst != 0) && r->newest != NULL)
		fprintf(f, "%sinstall %s (%s)", r->nmissing != 0 ? "" : "read the whole build, or ",
		    *r->newest->update != '\0' ? r->newest->update : r->newest->cu,
		    r->newest->text);
	else
		fputs("nothing to install that this table knows", f);
	fputc('\n', f);
	if (r->kev_open != 0)
		fputs("            An exploited hole was open: patching does not remove a backdoor;"
		    " search for one.\n", f);
}

void
cmd_builds_card(FILE *f, const struct build_report *r, int32_t as_of, bool color)
{
	title(f, r, color);
	place(f, r);
	released(f, r, as_of);
	if (r->place == PLACE_ONLINE || r->place == PLACE_UNKNOWN)
		return;
	support(f, r, color);
	missing(f, r);
	row_line(f, "newest", r->newest);
	row_line(f, "newer HU", r->newer_hu);
	row_line(f, "newer CU", r->newer_cu);
	cves(f, r, color);
	next_step(f, r);
}

void
cmd_builds_row_head(FILE *f)
{
	fprintf(f, "%-13s %-4s %-4s %-17s %-6s %-10s %-9s %4s %4s %s\n", "BUILD", "YEAR", "CU",
	    "UPDATE", "KIND", "RELEASED", "KB", "OPEN", "KEV", "SUPPORT");
}

/* A branch without CVEs in the table has not zero of them: nobody knows. */
static void
count(FILE *f, const struct build_report *r, size_t n)
{
	if (r->ncves == 0)
		fprintf(f, "%4s ", "?");
	else
		fprintf(f, "%4zu ", n);
}

void
cmd_builds_row(FILE *f, const struct build_row *row, const struct build_report *r)
{
	char day[11];

	fprintf(f, "%-13s %-4s %-4s %-17s %-6s %-10s %-9s ", row->text, row->branch, row->cu,
	    *row->update != '\0' ? row->update : "-", builds_kind_name(row->kind),
	    builds_day_text(row->released, day), *row->kb != '\0' ? row->kb : "-");
	count(f, r, r->count[CVE_OPEN] + r->count[CVE_OPEN_PRESUMED]);
	count(f, r, r->kev_open);
	fprintf(f, "%s\n", builds_support_name(r->support));
}
