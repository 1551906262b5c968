/* html_list.c - the table of servers, their cards, and the data for the script. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "html.h"
#include "markup.h"

/* ---- cells ---- */

static void
put_name(FILE *f, const struct rank *r, bool linked)
{
	if (linked)
		markup_put(f, "<a href=\"#s%u\">%s</a>", r->order, r->target);
	else
		markup_put(f, "%s", r->target);
	if (r->tag[0] != '\0')
		markup_put(f, " <span class=\"tag\">%s</span>", r->tag);
}

static void
put_row(FILE *f, const struct rank *r, bool linked)
{
	char *behind = rank_behind(r), *cves = rank_cves(r), *kev = rank_kev(r);
	struct text_buf badge = { 0 };

	html_badge(&badge, html_state_class(r->state), view_state_name(r->state));
	fprintf(f, "<tr><td>%s</td><td class=\"host\">", badge.s);
	put_name(f, r, linked);
	markup_put(f, "</td><td class=\"rel\">%s</td><td class=\"r\">%s</td><td class=\"r\">%s</td>"
	    "<td class=\"r%s\">%s</td><td class=\"ff\">%s</td></tr>\n", r->release, behind, cves,
	    r->kev > 0 ? " hot" : "", kev, r->first != NULL ? r->first->title : "");
	text_buf_free(&badge);
	free(behind);
	free(cves);
	free(kev);
}

void
html_list(struct html *h, FILE *f)
{
	static const char *const heads[] = { "Worst", "Server", "Release", "Behind", "CVEs", "KEV",
		"First finding" };
	size_t n = h->nrows < HTML_ROWS ? h->nrows : HTML_ROWS;

	fprintf(f, "<section id=\"servers\">\n<h2>Servers</h2>\n"
	    "<div class=\"tools\" id=\"tools\" hidden><label for=\"q\">Search</label>"
	    "<input id=\"q\" type=\"search\" placeholder=\"name, address, tag, release, finding\" "
	    "autocomplete=\"off\" spellcheck=\"false\"><label for=\"only\">Show</label>"
	    "<select id=\"only\"><option value=\"\">all</option></select>"
	    "<output id=\"count\" for=\"q only\"></output></div>\n"
	    "<div class=\"wrap\"><table class=\"list\" id=\"list\">\n<caption class=\"vh\">All targets, "
	    "worst first</caption>\n<thead><tr>");
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		fprintf(f, "<th scope=\"col\"%s>%s</th>", i >= 3 && i <= 5 ? " class=\"r\"" : "", heads[i]);
	(void)fputs("</tr></thead>\n<tbody>\n", f);
	for (size_t i = 0; i < n; i++)
		put_row(f, &h->rows[i].rank, i < h->ncards);
	(void)fputs("</tbody></table></div>\n<p><button type=\"button\" id=\"further\" hidden>Show more"
	    "</button></p>\n", f);
	if (h->nrows > n)
		fprintf(f, "<p class=\"nojs\">The worst %zu of %zu are listed; with JavaScript all of them."
		    "</p>\n", n, h->nrows);
	(void)fputs("</section>\n", f);
}

/* ---- cards that need no script ---- */

static void
put_pieces(struct html *h, FILE *f, const struct html_row *r)
{
	for (uint32_t i = 0; i < r->npieces; i++) {
		char *s = html_piece_text(h, r->pieces[i], r->rank.target);

		(void)fputs(s, f);
		free(s);
	}
}

void
html_cards(struct html *h, FILE *f)
{
	size_t n = h->ncards;

	(void)fputs("<section id=\"cards\">\n<h2>Every server</h2>\n", f);
	for (size_t i = 0; i < n; i++) {
		const struct rank *r = &h->rows[i].rank;
		struct text_buf badge = { 0 };

		html_badge(&badge, html_state_class(r->state), view_state_name(r->state));
		markup_put(f, "<details class=\"card%s\" id=\"s%u\"><summary>",
		    r->exchange && r->state >= VIEW_UNDECIDED ? "" : " quiet", r->order);
		markup_put(f, "<b>%s</b> <span class=\"rel\">%s</span> ", r->target, r->release);
		fprintf(f, "%s</summary><div class=\"cb\">", badge.s);
		put_pieces(h, f, &h->rows[i]);
		(void)fputs("</div></details>\n", f);
		text_buf_free(&badge);
	}
	if (h->nrows > n)
		fprintf(f, "<p>The worst %zu of %zu stand here. The others open in the table above, "
		    "which needs JavaScript; on paper, use the formats csv-findings or jsonl.</p>\n", n,
		    h->nrows);
	(void)fputs("</section>\n", f);
}

/* ---- data for the script ---- */

struct writer {
	struct html	*h;
	FILE		*f;
	uint32_t	*number;	/* in the page, by piece; 0: not in it yet */
	uint32_t	 n;
	size_t		 bytes;
};

static void
give(struct writer *w, uint32_t piece)
{
	if (w->number[piece] != 0)
		return;
	if (w->n > 0)
		(void)fputs(",\n", w->f);
	html_piece_json(w->h, w->f, piece);
	w->number[piece] = ++w->n;
	w->bytes += html_piece_size(w->h, piece);
}

/* Pieces of the servers without a card of their own; observations while there is room. */
static void
give_pieces(struct writer *w)
{
	for (size_t i = w->h->ncards; i < w->h->nrows; i++) {
		struct html_row *r = &w->h->rows[i];

		if (w->bytes > HTML_DETAIL_MAX)
			r->npieces = r->nmain;
		for (uint32_t k = 0; k < r->npieces; k++)
			give(w, r->pieces[k]);
	}
}

static void
give_row(struct writer *w, const struct html_row *row, bool has_card)
{
	const struct rank *r = &row->rank;
	struct json_out j = { .comma = false };

	json_out_open(&j, NULL, '[');
	json_out_number(&j, NULL, (int64_t)r->order);
	json_out_number(&j, NULL, r->state);
	json_out_text(&j, NULL, r->target);
	json_out_text(&j, NULL, r->address);
	json_out_text(&j, NULL, r->tag);
	json_out_text(&j, NULL, r->release);
	json_out_number(&j, NULL, r->days);
	json_out_number(&j, NULL, r->missing);
	json_out_number(&j, NULL, r->cves);
	json_out_number(&j, NULL, r->kev);
	json_out_number(&j, NULL, r->perhaps + 2 * r->exchange + 4 * r->ended + 8 * r->kev_perhaps);
	json_out_text(&j, NULL, r->first != NULL ? r->first->title : "");
	if (!has_card) {
		json_out_open(&j, NULL, '[');
		for (uint32_t i = 0; i < row->npieces; i++)
			json_out_number(&j, NULL, w->number[row->pieces[i]] - 1);
		json_out_close(&j, ']');
	}
	json_out_close(&j, ']');
	markup_json(w->f, &j.text);
}

static void
give_states(FILE *f)
{
	struct json_out j = { .comma = false };

	json_out_open(&j, NULL, '[');
	for (int s = 0; s < VIEW_STATES; s++) {
		json_out_open(&j, NULL, '[');
		json_out_text(&j, NULL, view_state_name((enum view_state)s));
		json_out_text(&j, NULL, html_state_class((enum view_state)s));
		json_out_close(&j, ']');
	}
	json_out_close(&j, ']');
	markup_json(f, &j.text);
}

void
html_data(struct html *h, FILE *f)
{
	struct writer w = { .h = h, .f = f };

	w.number = text_alloc((h->npieces + 1) * sizeof(*w.number));
	(void)fputs("<script type=\"application/json\" id=\"data\">{\"states\":", f);
	give_states(f);
	(void)fputs(",\n\"pieces\":[", f);
	give_pieces(&w);
	(void)fputs("],\n\"rows\":[", f);
	for (size_t i = 0; i < h->nrows; i++) {
		(void)fputs(i > 0 ? ",\n" : "", f);
		give_row(&w, &h->rows[i], i < h->ncards);
	}
	(void)fputs("]}</script>\n", f);
	free(w.number);
}
