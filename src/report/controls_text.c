/* controls_text.c - what the findings of a run say of frameworks, for people. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "controls_text.h"

static const enum ink inks[CONTROL_STATES] = {
	[CONTROL_FAILED] = INK_RED, [CONTROL_WAIVED] = INK_DIM, [CONTROL_UNDECIDABLE] = INK_BLUE,
	[CONTROL_NOT_OBSERVABLE] = INK_DIM, [CONTROL_SATISFIED] = INK_GREEN,
	[CONTROL_NOT_APPLICABLE] = INK_DIM,
};

static void
add_counts(struct text_buf *out, const uint64_t n[CONTROL_STATES])
{
	const char *before = "";

	for (size_t s = 0; s < CONTROL_STATES; s++) {
		if (n[s] == 0)
			continue;
		text_buf_printf(out, "%s%" PRIu64 " %s", before, n[s],
		    controls_state_name((enum control_state)s));
		before = ", ";
	}
	if (before[0] == '\0')
		text_buf_str(out, "no server");
}

/* A score never stands without what was not seen. */
static void
print_score(const struct paint *p, const struct framework *f, const struct controls_score *s)
{
	struct text_buf out = { 0 };

	if (s->score >= 0)
		text_buf_printf(&out, "%d%% of what was decided is satisfied, %d%% of what applies was "
		    "decided: ", s->score, s->coverage);
	else
		text_buf_str(&out, "nothing was decided: ");
	add_counts(&out, s->n);
	paint_ink(p, INK_BOLD, f->id);
	fputc('\n', p->f);
	paint_blank(p, 2);
	paint_wrap(p, INK_PLAIN, 2, 2, out.s);
	text_buf_free(&out);
}

static void
print_source(const struct paint *p, const struct framework *f)
{
	char *edition = controls_edition(f);
	char *s = text_printf("%s, %s (%s). %s", f->name, edition, f->publisher, f->url);

	free(edition);
	paint_blank(p, 2);
	paint_wrap(p, INK_DIM, 2, 2, s);
	free(s);
	s = text_printf("Compared on %s with %s.", f->checked, f->compared);
	paint_blank(p, 2);
	paint_wrap(p, INK_DIM, 2, 2, s);
	free(s);
	if (f->note[0] == '\0')
		return;
	paint_blank(p, 2);
	paint_wrap(p, INK_DIM, 2, 2, f->note);
}

static void
print_more(const struct paint *p, const char *what, const char *text)
{
	char *s;

	if (text[0] == '\0')
		return;
	s = text_printf("%s%s", what, text);
	paint_blank(p, 19);
	paint_wrap(p, INK_DIM, 19, 19, s);
	free(s);
}

static void
print_control(const struct paint *p, const struct control *c, const uint64_t *n)
{
	struct text_buf out = { 0 };
	size_t worst = 0;

	while (worst + 1 < CONTROL_STATES && n[worst] == 0)
		worst++;
	paint_blank(p, 2);
	paint_cell(p, inks[worst], controls_state_name((enum control_state)worst), 17, false);
	text_buf_printf(&out, "%s%s%s%s%s%s: ", c->id, c->alias[0] != '\0' ? " (" : "", c->alias,
	    c->alias[0] != '\0' ? ")" : "", c->title[0] != '\0' ? ", " : "", c->title);
	add_counts(&out, n);
	if (c->sight == CONTROL_SIGHT_PART)
		text_buf_str(&out, "; only part of it shows");
	paint_wrap(p, INK_PLAIN, 19, 19, out.s);
	text_buf_free(&out);
	for (size_t i = 0; i < c->nrules; i++)
		text_buf_printf(&out, "%s%s", i > 0 ? ", " : "", c->rules[i]->id);
	if (c->nrules > 0)
		print_more(p, "by ", out.s);
	print_more(p, "by the state of ", c->cve);
	print_more(p, "", c->note);
	print_more(p, "conflict: ", c->conflict);
	if (c->certain == CONTROL_GENERAL)
		print_more(p, "", "number as generally known: look it up before you quote it");
	text_buf_free(&out);
}

static void
print_framework(const struct paint *p, const struct report_run *run,
    const struct controls_tally *t, const struct framework *f, bool one)
{
	struct controls_score s = controls_tally_score(t, f);

	print_score(p, f, &s);
	if (!one && run->verbose == 0)
		return;
	print_source(p, f);
	for (size_t i = 0; i < f->ncontrols; i++)
		print_control(p, &f->controls[i], controls_tally_of(t, &f->controls[i]));
}

void
controls_text(const struct paint *p, const struct report_run *run,
    const struct controls_tally *t)
{
	const struct framework *one = controls_find(run->controls, run->framework);

	fputc('\n', p->f);
	paint_wrap(p, INK_DIM, 0, 0, "Findings support evidence for controls; they do not make "
	    "anybody compliant. Counted are pairs of server and control.");
	if (one != NULL) {
		print_framework(p, run, t, one, true);
		return;
	}
	for (size_t i = 0; i < controls_count(run->controls); i++)
		print_framework(p, run, t, controls_framework(run->controls, i), false);
}
