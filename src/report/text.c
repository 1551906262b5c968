/*
 * text.c - for people: a card for one target, a table with the worst first and
 * a summary for many.
 */
#include "card.h"
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

static void
text_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	struct paint p = brush(f, run);

	fleet_add(state, report, run);
	if (run->single || run->verbose > 0)
		card_print(&p, run, report);
}

static void
text_end(void *state, FILE *f, const struct report_run *run)
{
	struct paint p = brush(f, run);

	fleet_print(state, &p, run);
}

static void
text_clear(void *state)
{
	fleet_clear(state);
}

const struct reporter reporter_text = {
	.name = "text",
	.summary = "for people: a card for one target, a table for many",
	.state_size = sizeof(struct fleet),
	.target = text_target,
	.end = text_end,
	.clear = text_clear,
};
