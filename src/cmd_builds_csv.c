/* cmd_builds_csv.c - one build's report as a CSV record (RFC 4180). */
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "builds.h"
#include "cmd_builds.h"

static void
field(struct text_buf *b, const char *s)
{
	if (b->len != 0)
		text_buf_str(b, ",");
	escape_csv(b, s);
}

static void
number(struct text_buf *b, int64_t n)
{
	text_buf_printf(b, ",%lld", (long long)n);
}

/* Update names with a blank between them. */
static void
names(struct text_buf *b, const struct build_row **rows, size_t n)
{
	struct text_buf all = { 0 };

	for (size_t i = 0; i < n; i++)
		text_buf_printf(&all, "%s%s", i > 0 ? " " : "", rows[i]->update);
	field(b, all.s != NULL ? all.s : "");
	text_buf_free(&all);
}

void
cmd_builds_csv_head(FILE *f)
{
	fputs("build,known,place,product,branch,cu,update,kind,released,kb,support,"
	    "support_until,newest,missing_known,missing,undetermined,days_behind,cves_open,"
	    "cves_open_presumed,cves_undecidable,cves_needs_configuration,cves_fixed,"
	    "kev_open\r\n", f);
}

static void
identity(struct text_buf *b, const struct build_report *r)
{
	const struct build_row *row = r->row;
	char text[48], day[11];

	field(b, build_number_text(&r->number, text));
	field(b, r->place == PLACE_EXACT || r->place == PLACE_RANGE ? "true" : "false");
	field(b, builds_place_name(r->place));
	field(b, r->product);
	field(b, r->branch);
	field(b, r->cu);
	field(b, row != NULL ? row->update : "");
	field(b, row != NULL ? builds_kind_name(row->kind) : "");
	field(b, row != NULL ? builds_day_text(row->released, day) : "");
	field(b, row != NULL ? row->kb : "");
	field(b, builds_support_name(r->support));
	field(b, builds_day_text(r->support_until, day));
}

void
cmd_builds_csv(FILE *f, const struct build_report *r)
{
	struct text_buf b = { 0 };

	identity(&b, r);
	field(&b, r->newest != NULL ? r->newest->text : "");
	field(&b, r->missing_known ? "true" : "false");
	names(&b, r->missing, r->nmissing);
	names(&b, r->undetermined, r->nundetermined);
	if (r->days_behind >= 0)
		number(&b, r->days_behind);
	else
		field(&b, "");
	for (int s = CVE_OPEN; s >= CVE_FIXED; s--)
		number(&b, (int64_t)r->count[s]);
	number(&b, (int64_t)r->kev_open);
	fprintf(f, "%s\r\n", b.s);
	text_buf_free(&b);
}
