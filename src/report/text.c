/*
 * text.c - for people: a card for one target, a table with the worst first and
 * a summary for many.
 */
#include "card.h"
#include "changes_text.h"
#include "controls_text.h"
#include "fleet.h"
#include "paint.h"
#include "report.h"

#define WIDTH_UNKNOWN	80

static struct paint
brush(FILE *f, const struct report_run *run)
{
	return (struct paint){
		.f = f, .color = run->color,
		.width = run->width != 0 ? run->width : WIDTH_UNKNOWN,
	};
}

struct state {
	struct fleet		 fleet;
	struct controls_tally	*tally;		/* NULL: no framework was asked for */
};

static void
text_begin(void *state, FILE *f, const struct report_run *run)
{
	struct state *s = state;

	(void)f;
	if (run->framework != NULL && run->controls != NULL)
		s->tally = controls_tally_new(run->controls);
}

static void
text_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	struct paint p = brush(f, run);
	struct state *s = state;
	uint32_t id = fleet_add(&s->fleet, report, run);

	if (s->tally != NULL)
		controls_tally_add(s->tally, report, id);
	if (run->single || run->verbose > 0)
		card_print(&p, run, report);
}

static void
text_end(void *state, FILE *f, const struct report_run *run)
{
	struct paint p = brush(f, run);
	struct state *s = state;

	fleet_finish(&s->fleet, run);
	if (s->tally != NULL)
		controls_tally_finish(s->tally, &s->fleet.total.which);
	fleet_print(&s->fleet, &p, run);
	if (s->tally != NULL)
		controls_text(&p, run, s->tally);
	if (run->compare != NULL)
		changes_text(&p, run->compare);
	if (run->history != NULL)
		changes_text_trend(&p, run->history);
}

static void
text_clear(void *state)
{
	struct state *s = state;

	fleet_clear(&s->fleet);
	controls_tally_free(s->tally);
}

const struct reporter reporter_text = {
	.name = "text",
	.summary = "for people: a card for one target, a table for many",
	.state_size = sizeof(struct state),
	.begin = text_begin,
	.target = text_target,
	.end = text_end,
	.clear = text_clear,
};
