/* judge_waivers.c - which waivers of a policy were needed in a run, and what is said of the others. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "builds.h"
#include "judge_waivers.h"
#include "policy.h"

void
judge_waivers_begin(struct judge_waivers *t, const struct policy_book *b)
{
	*t = (struct judge_waivers){ .book = NULL };
	if (b == NULL || b->nwaivers == 0)
		return;
	t->book = b;
	t->uses = text_alloc(b->nwaivers * sizeof(*t->uses));
	t->also = text_alloc(b->nwaivers * sizeof(*t->also));
}

/* The waivers that would hold if the one that was taken did not. */
static void
mark_others(struct judge_waivers *t, const struct result *r, const struct finding *f, int32_t as_of)
{
	for (size_t i = 0; i < t->book->nwaivers; i++)
		if (!t->also[i] && &t->book->waivers[i] != f->waiver &&
		    policy_waives(&t->book->waivers[i], r, as_of, f->rule))
			t->also[i] = true;
}

void
judge_waivers_add(struct judge_waivers *t, const struct result *r, const struct judgement *judged,
    int32_t as_of)
{
	for (size_t i = 0; t->book != NULL && i < judged->nfindings; i++) {
		const struct finding *f = &judged->findings[i];

		if (f->waiver == NULL)
			continue;
		t->uses[f->waiver - t->book->waivers]++;
		mark_others(t, r, f, as_of);
	}
}

/* A waiver that waives nothing is a mistake, or not needed any more. */
static void
tell_idle(const struct waiver *w, bool also)
{
	char *scope = policy_scope_text(&w->scope);

	if (also)
		fprintf(stderr, "exvet: %s: waiver %s is not needed: another one waives all findings of %s "
		    "on %s\n", w->where, w->name, w->rule, scope);
	else
		fprintf(stderr, "exvet: %s: waiver %s matches nothing: no finding of %s on %s\n", w->where,
		    w->name, w->rule, scope);
	free(scope);
}

static void
tell_ended(const struct waiver *w)
{
	char day[11], *scope = policy_scope_text(&w->scope);

	fprintf(stderr, "exvet: %s: waiver %s of %s for %s on %s ended on %s\n", w->where, w->name,
	    w->owner, w->rule, scope, builds_day_text(w->until, day));
	free(scope);
}

bool
judge_waivers_tell(const struct judge_waivers *t, int32_t as_of, bool any_result)
{
	bool ended = false;

	for (size_t i = 0; t->book != NULL && i < t->book->nwaivers; i++) {
		const struct waiver *w = &t->book->waivers[i];

		if (as_of > w->until) {
			tell_ended(w);
			ended = true;
		} else if (t->uses[i] == 0 && any_result)
			tell_idle(w, t->also[i]);
	}
	return ended;
}

void
judge_waivers_clear(struct judge_waivers *t)
{
	free(t->uses);
	free(t->also);
	*t = (struct judge_waivers){ .book = NULL };
}
