/*
 * html.h - the parts of the HTML report; nobody but html*.c includes it.
 *
 * While results come in, each server's card is cut into pieces of finished
 * HTML.  Equal pieces are kept once, in an unnamed temporary file; a row of
 * some hundred bytes stays in memory.  At the end the page is written from top
 * to bottom.  Only html_card.c writes what is said of one server.
 */
#ifndef EXVET_HTML_H
#define EXVET_HTML_H

#include "action.h"
#include "base/text.h"
#include "rank.h"
#include "report.h"
#include "total.h"
#include "view.h"

/*
 * Servers, worst first, whose card needs no script: all of a fleet of this
 * size, else so many.  A card is a thousand elements of the page.
 */
#define HTML_CARDS	200
#define HTML_CARDS_MANY	50
#define HTML_ROWS	2000	/* the same for the rows of the table */
#define HTML_DETAIL_MAX	(32L << 20)	/* bytes of pieces in the page; then observations are left out */
#define HTML_SEEN	400	/* observations shown of one server */

#define HTML_TARGET	'\1'	/* stands in a piece for the server's name; no text can hold it */

struct html_row {
	struct rank	 rank;			/* first: rows are compared as ranks */
	uint32_t	*pieces;
	uint32_t	 npieces, nmain;	/* nmain: without the observations */
};

struct html_piece;

struct html {
	struct total	 total;
	struct actions	 actions;
	struct controls_tally *tally;
	struct html_row	*rows;
	size_t		 nrows, ncards;
	FILE		*spool;			/* pieces, each once */
	int		 spool_error;		/* errno; 0: none */
	struct html_piece *pieces;
	size_t		 npieces;
	uint32_t	*slots;			/* hash table of piece number + 1 */
	size_t		 nslots;
};

/* ---- html_pieces.c ---- */
/* The number of the piece, which is new or was there. */
uint32_t html_piece(struct html *, const char *target, const struct text_buf *);
/* Its HTML, with the target in it; the caller frees it. */
char   *html_piece_text(struct html *, uint32_t, const char *target);
/* As a JSON string, the target still a place. */
void	html_piece_json(struct html *, FILE *, uint32_t);
size_t	html_piece_size(const struct html *, uint32_t);
void	html_pieces_clear(struct html *);

/* ---- html_card.c ---- */
void	html_card(struct html *, struct html_row *, const struct report *,
	    const struct report_run *);

/* ---- the page, from top to bottom ---- */
void	html_head(const struct html *, FILE *, const struct report_run *);
void	html_actions(const struct html *, FILE *);
void	html_matrix(const struct html *, FILE *);
void	html_charts(const struct html *, FILE *, const struct report_run *);
void	html_list(struct html *, FILE *);
void	html_cards(struct html *, FILE *);
void	html_data(struct html *, FILE *);
void	html_checks(const struct html *, FILE *, const struct report_run *);
/* Nothing unless another run, or a history of runs, was given. */
void	html_changes(FILE *, const struct report_run *);
void	html_frames(const struct html *, FILE *, const struct report_run *);
void	html_waivers(FILE *, const struct report_run *);
void	html_method(const struct html *, FILE *, const struct report_run *);
void	html_numbers(const struct html *, FILE *);

/*
 * The controls that a rule gives evidence for, as a paragraph, with links to the
 * frameworks or without; nothing when there are none.
 */
void	html_rule_controls(struct text_buf *, const struct report_run *, const struct rule *,
	    bool linked);

/* ---- small things that the parts share ---- */
/* A bar of width n of all, of class "b-NAME", that stretches. */
void	html_bar(FILE *, const char *name, uint64_t n, uint64_t all);
/* "s-critical" and so on: the class of a state. */
const char *html_state_class(enum view_state);
void	html_badge(struct text_buf *, const char *class, const char *word);

#endif
