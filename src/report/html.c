/* html.c - one self-contained page: a summary, every server, every finding. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "controls.h"
#include "html.h"
#include "html_asset.h"
#include "markup.h"
#include "sha256.h"

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

static void
html_begin(void *state, FILE *f, const struct report_run *run)
{
	(void)f;
	((struct html *)state)->tally = controls_tally_new(run->controls);
}

static void
html_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	struct html *h = state;
	struct html_row *row = new_row(h);
	uint32_t id;

	(void)f;
	id = total_add(&h->total, report, run);
	controls_tally_add(h->tally, report, id);
	action_add(&h->actions, report, run, h->total.targets, id);
	*row = (struct html_row){ .npieces = 0 };
	rank_fill(&row->rank, report, h->total.targets);
	html_card(h, row, report, run);
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

	h->ncards = h->nrows <= HTML_CARDS ? h->nrows : HTML_CARDS_MANY;
	total_finish(&h->total, run);
	action_finish(&h->actions, &h->total.which);
	controls_tally_finish(h->tally, &h->total.which);
	if (h->nrows > 1)
		qsort(h->rows, h->nrows, sizeof(*h->rows), rank_compare);
	put_start(f);
	html_head(h, f, run);
	(void)fputs("<main id=\"main\">\n", f);
	html_actions(h, f);
	html_changes(f, run);
	html_matrix(h, f);
	html_charts(h, f, run);
	html_list(h, f);
	html_cards(h, f);
	html_frames(h, f, run);
	html_waivers(f, run);
	html_checks(h, f, run);
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
		rank_clear(&h->rows[i].rank);
		free(h->rows[i].pieces);
	}
	free(h->rows);
	html_pieces_clear(h);
	controls_tally_free(h->tally);
	action_clear(&h->actions);
	total_clear(&h->total);
}

const struct reporter reporter_html = {
	.name = "html",
	.summary = "one self-contained page for people: summary, servers, findings, evidence",
	.wants_controls = true,
	.wants_inputs = true,
	.state_size = sizeof(struct html),
	.begin = html_begin,
	.target = html_target,
	.end = html_end,
	.clear = html_clear,
};
