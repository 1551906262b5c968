/* card_seen.c - what failed, and every observation, of one target. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "card_parts.h"

#define ERRORS_SHOWN	3

void
card_seen_errors(const struct paint *p, const struct report_run *run, const struct result *r)
{
	size_t n = obs_error_count(r->obs);
	size_t shown = run->verbose > 0 || n <= ERRORS_SHOWN ? n : ERRORS_SHOWN;
	char *s;

	for (size_t i = 0; i < shown; i++) {
		const struct obs_error *e = obs_error_get(r->obs, i);

		s = text_printf("%s%s%s: %s: %s%s%s%s", e->probe, e->probe[0] != '\0' ? " at " : "",
		    e->at, e->stage, e->reason, e->detail[0] != '\0' ? " (" : "", e->detail,
		    e->detail[0] != '\0' ? ")" : "");
		card_line(p, i == 0 ? "Failed" : "", INK_YELLOW, s);
		free(s);
	}
	if (shown == n)
		return;
	s = text_printf("%zu more (-v lists them)", n - shown);
	card_line(p, "", INK_DIM, s);
	free(s);
}

void
card_seen_observations(const struct paint *p, const struct report_run *run, const struct result *r)
{
	const char *label = "Seen";

	if (run->verbose < 2)
		return;
	fputc('\n', p->f);
	for (size_t i = 0; i < obs_count(r->obs); i++) {
		const struct observation *k = obs_get(r->obs, i);
		char *s = k->text != NULL ?
		    text_printf("%s = %s", obs_fact(k->fact)->name, k->text) :
		    text_printf("%s = %" PRId64, obs_fact(k->fact)->name, k->number);

		card_line(p, label, INK_PLAIN, s);
		free(s);
		s = text_printf("%s  [%s]  %s", k->at, k->probe, k->evidence);
		paint_blank(p, 15);
		paint_wrap(p, INK_DIM, 15, 17, s);
		free(s);
		label = "";
	}
}
