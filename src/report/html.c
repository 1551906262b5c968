/* html.c - one self-contained page: a summary, every server, every finding. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "html.h"
#include "html_asset.h"
#include "markup.h"
#include "sha256.h"
#include "tone.h"

/* ---- small things that the parts share ---- */

void
html_bar(FILE *f, const char *name, uint64_t n, uint64_t all)
{
	uint64_t width = all == 0 ? 0 : n * 1000 / all;

	if (n > 0 && width < 6)
		width = 6;		/* one of many is still to be seen */
	fprintf(f, "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
	    "aria-hidden=\"true\" focusable=\"false\"><rect class=\"b-%s\" width=\"%" PRIu64
	    "\" height=\"10\"/></svg>", name, width);
}

const char *
html_state_class(enum view_state state)
{
	static const char *const classes[VIEW_STATES] = {
		[VIEW_OTHER] = "other", [VIEW_SILENT] = "unknown", [VIEW_CLEAN] = "clean",
		[VIEW_UNDECIDED] = "undecided", [VIEW_INFO] = "info", [VIEW_LOW] = "low",
		[VIEW_MEDIUM] = "medium", [VIEW_HIGH] = "high", [VIEW_CRITICAL] = "critical",
	};

	return classes[state];
}

void
html_badge(struct text_buf *out, const char *class, const char *word)
{
	markup_printf(out, "<span class=\"st s-%s\">%s</span>", class, word);
}

/* ---- gathering ---- */

static struct html_row *
new_row(struct html *h)
{
	if ((h->nrows & (h->nrows - 1)) == 0)		/* a power of two is full */
		h->rows = text_grow(h->rows, h->nrows == 0 ? 1 : 2 * h->nrows, sizeof(*h->rows));
	return &h->rows[h->nrows++];
}

static char *
release(const struct report *r)
{
	const struct judgement *j = r->judgement;

	if (j->build != NULL)
		return tone_release_short(j->build);
	if (j->identity == IDENTITY_UNKNOWN)
		return view_failure_text(r->result);
	return text_dup(tone_identity(j->identity));
}

static void
fill_row(struct html_row *row, const struct report *report, uint64_t order)
{
	const struct judgement *j = report->judgement;
	const struct build_report *b = j->identity == IDENTITY_EXCHANGE ? j->build : NULL;
	const struct finding *worst = view_worst(j);
	bool cves = view_knows_cves(b);

	*row = (struct html_row){
		.state = view_state(report), .order = order,
		.target = text_dup(report->result->target),
		.address = text_dup(report->result->address),
		.tag = text_dup(report->result->tag),
		.release = release(report),
		.days = b != NULL && b->nmissing > 0 ? b->days_behind : -1,
		.missing = b != NULL && (b->missing_known || b->nmissing > 0) ? (int32_t)b->nmissing : -1,
		.cves = cves ? (int32_t)view_cves_open(b) : -1,
		.kev = cves ? (int32_t)b->kev_open : -1,
		.perhaps = cves && b->count[CVE_UNDECIDABLE] > 0,
		.kev_perhaps = cves && view_kev_undecidable(b) > 0,
		.exchange = j->identity == IDENTITY_EXCHANGE,
		.ended = b != NULL && total_behind_of(j) == TOTAL_ENDED,
		.first = worst != NULL ? worst->rule : NULL,
		.weight = !cves ? 0 : (uint64_t)b->kev_open * 1000000 +
		    (uint64_t)view_cves_open(b) * 1000 + b->nmissing,
	};
}

static void
html_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	struct html *h = state;
	struct html_row *row = new_row(h);

	(void)f;
	total_add(&h->total, report, run);
	action_add(&h->actions, report, run, h->total.targets);
	fill_row(row, report, h->total.targets);
	html_card(h, row, report, run);
}

static int
compare(const void *a, const void *b)
{
	const struct html_row *x = a, *y = b;
	int by;

	if (x->state != y->state)
		return x->state > y->state ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	by = strcmp(x->target, y->target);
	return by != 0 ? by : x->order < y->order ? -1 : 1;
}

/* ---- the page ---- */

/* Only this style and this script run, and nothing is ever fetched. */
static void
put_policy(FILE *f)
{
	static const struct { const char *name; const unsigned char *p; const size_t *n; } parts[] = {
		{ "style-src", html_asset_css, &html_asset_css_len },
		{ "script-src", html_asset_js, &html_asset_js_len },
	};

	(void)fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'", f);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint8_t hash[32];
		char text[64] = "";

		sha256_raw(parts[i].p, *parts[i].n, hash);
		(void)base64_encode(hash, sizeof(hash), text, sizeof(text));
		fprintf(f, "; %s 'sha256-%s'", parts[i].name, text);
	}
	(void)fputs("; img-src data:; base-uri 'none'; form-action 'none'\">\n", f);
}

static void
put_start(FILE *f)
{
	(void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", f);
	put_policy(f);
	(void)fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<meta name=\"robots\" content=\"noindex\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<link rel=\"icon\" href=\"data:,\">\n<title>Exchange servers: what exvet found</title>\n"
	    "<style>", f);
	(void)fwrite(html_asset_css, 1, html_asset_css_len, f);
	(void)fputs("</style>\n</head>\n<body>\n", f);
}

static void
put_end(FILE *f)
{
	(void)fputs("<script>", f);
	(void)fwrite(html_asset_js, 1, html_asset_js_len, f);
	(void)fputs("</script>\n</body>\n</html>\n", f);
}

static void
html_end(void *state, FILE *f, const struct report_run *run)
{
	struct html *h = state;

	total_sort(&h->total);
	action_sort(&h->actions);
	if (h->nrows > 1)
		qsort(h->rows, h->nrows, sizeof(*h->rows), compare);
	put_start(f);
	html_head(h, f, run);
	(void)fputs("<main id=\"main\">\n", f);
	html_actions(h, f);
	html_matrix(h, f);
	html_charts(h, f, run);
	html_list(h, f);
	html_cards(h, f);
	html_checks(h, f);
	html_method(h, f, run);
	(void)fputs("</main>\n", f);
	html_numbers(h, f);
	html_data(h, f);
	put_end(f);
	if (h->spool_error != 0)
		fprintf(stderr, "exvet: html: no room for temporary data, details are missing: %s\n",
		    strerror(h->spool_error));
}

static void
html_clear(void *state)
{
	struct html *h = state;

	for (size_t i = 0; i < h->nrows; i++) {
		free(h->rows[i].target);
		free(h->rows[i].address);
		free(h->rows[i].tag);
		free(h->rows[i].release);
		free(h->rows[i].pieces);
	}
	free(h->rows);
	html_pieces_clear(h);
	action_clear(&h->actions);
	total_clear(&h->total);
}

const struct reporter reporter_html = {
	.name = "html",
	.summary = "one self-contained page for people: summary, servers, findings, evidence",
	.state_size = sizeof(struct html),
	.target = html_target,
	.end = html_end,
	.clear = html_clear,
};
