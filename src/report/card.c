/* card.c - all about one target, for a terminal. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "card.h"
#include "card_parts.h"
#include "tone.h"

/* ---- head: who, and the one word ---- */

static void
print_title(const struct paint *p, const struct report *r)
{
	const struct result *s = r->result;
	enum view_state state = view_state(r);
	const char *word = view_state_name(state);
	bool v6 = strchr(s->address, ':') != NULL;
	char *at = s->address[0] == '\0' ? text_dup("") :
	    text_printf(v6 ? "  [%s]:%u" : "  %s:%u", s->address, (unsigned)s->port);
	size_t wide = strlen(word), used = paint_columns(s->target) + paint_columns(at);

	paint_ink(p, INK_BOLD, s->target);
	paint_ink(p, INK_DIM, at);
	if (s->tag[0] != '\0') {
		paint_ink(p, INK_DIM, "  ");
		paint_ink(p, INK_DIM, s->tag);
		used += 2 + paint_columns(s->tag);
	}
	paint_blank(p, used + 2 + wide < p->width ? p->width - used - wide : 2);
	for (; *word != '\0'; word++) {
		char c[2] = { (char)(*word >= 'a' && *word <= 'z' ? *word - 'a' + 'A' : *word) };

		paint_ink(p, tone_state(state), c);
	}
	fputc('\n', p->f);
	free(at);
}

static void
print_release(const struct paint *p, const struct report *r)
{
	const struct judgement *j = r->judgement;
	char *what, *from, *all;

	paint_blank(p, 2);
	if (j->build == NULL) {
		what = j->identity != IDENTITY_UNKNOWN ? text_dup("") : view_failure_text(r->result);
		all = text_printf("%s%s%s", tone_identity(j->identity), what[0] != '\0' ? ": " : "", what);
		paint_wrap(p, INK_BOLD, 2, 4, all);
		free(all);
		free(what);
		return;
	}
	what = tone_release(j->build);
	from = view_sources(r->result->obs);
	paint_wrap(p, INK_BOLD, 2, 4, what);
	if (from[0] != '\0') {
		all = text_printf("%s: %s", j->contradiction ? "witnesses disagree" :
		    j->build->place == PLACE_EXACT ? "read from" : "as far as it shows, from", from);
		paint_blank(p, 2);
		paint_wrap(p, j->contradiction ? INK_YELLOW : INK_DIM, 2, 4, all);
		free(all);
	}
	free(from);
	free(what);
}

/* ---- foot ---- */

static void
print_next(const struct paint *p, const struct judgement *j)
{
	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];

		if (strcmp(f->rule->id, "next-step") == 0 && f->why != NULL &&
		    f->verdict != VERDICT_NOT_APPLICABLE && f->verdict != VERDICT_NOT_OBSERVABLE)
			card_line(p, "Next step", INK_BOLD, f->why);
	}
}

static void
print_basis(const struct paint *p, const struct report_run *run, const struct report *r)
{
	const struct result *s = r->result;
	int32_t table = builds_as_of(run->builds);
	char day[11], *text;

	text = text_printf("identity %s (score %d), %u connection%s, %u request%s, "
	    "table of %s (%" PRId32 " days old)%s%s", rule_identity_name(r->judgement->identity),
	    r->judgement->score, s->connections, s->connections == 1 ? "" : "s", s->requests,
	    s->requests == 1 ? "" : "s", builds_day_text(table, day), run->as_of - table,
	    s->vantage[0] != '\0' ? ", seen from " : "", s->vantage);
	card_line(p, "How sure", INK_DIM, text);
	free(text);
	if (!s->finished)
		card_line(p, "", INK_YELLOW, "stopped by a signal before all probes ran");
	if (obs_capped(s->obs))
		card_line(p, "", INK_YELLOW, "the peer sent more than is kept: some observations were cut");
}

void
card_print(const struct paint *p, const struct report_run *run, const struct report *r)
{
	print_title(p, r);
	print_release(p, r);
	card_patch(p, run, r->judgement);
	card_tls(p, run, r->result);
	card_health(p, run, r->result);
	card_findings(p, run, r);
	card_seen_errors(p, run, r->result);
	print_next(p, r->judgement);
	print_basis(p, run, r);
	card_seen_observations(p, run, r->result);
	fputc('\n', p->f);
}
