/* total_words.c - what a run says, in one sentence. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "total.h"

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void
say_urgent(struct text_buf *out, const struct total *t)
{
	text_buf_printf(out, "%" PRIu64 " of %" PRIu64 " Exchange server%s need%s work now", t->urgent,
	    t->servers, plural(t->servers), t->urgent == 1 ? "s" : "");
	if (t->kev > 0)
		text_buf_printf(out, ": %" PRIu64 "%s %s a flaw that attackers are known to use", t->kev,
		    t->kev_maybe > 0 ? " or more" : "", t->kev == 1 && t->kev_maybe == 0 ? "has" : "have");
	if (t->unsupported > 0)
		text_buf_printf(out, "%s %" PRIu64 "%s %s out of support", t->kev > 0 ? ", and" : ":",
		    t->unsupported, t->unsupported_maybe > 0 ? " or more" : "",
		    t->unsupported == 1 && t->unsupported_maybe == 0 ? "is" : "are");
}

static void
say_calm(struct text_buf *out, const struct total *t)
{
	uint64_t high = t->servers_by_state[VIEW_HIGH], bad = high +
	    t->servers_by_state[VIEW_MEDIUM] + t->servers_by_state[VIEW_LOW] +
	    t->servers_by_state[VIEW_INFO];
	uint64_t open = t->servers_by_state[VIEW_UNDECIDED] + t->servers_by_state[VIEW_SILENT];

	if (high > 0)
		text_buf_printf(out, "No Exchange server has a critical finding; %" PRIu64 " of %" PRIu64
		    " %s high ones", high, t->servers, high == 1 ? "has" : "have");
	else if (bad > 0)
		text_buf_printf(out, "No Exchange server has a finding above medium; %" PRIu64
		    " of %" PRIu64 " %s smaller ones", bad, t->servers, bad == 1 ? "has" : "have");
	else if (open > 0)
		text_buf_printf(out, "Nothing is known to be wrong with %" PRIu64 " Exchange server%s, but "
		    "%" PRIu64 " could not be decided", t->servers, plural(t->servers), open);
	else
		text_buf_printf(out, "%s finding on %" PRIu64 " Exchange server%s, as far as the network "
		    "shows", "No", t->servers, plural(t->servers));
}

/* What somebody took upon himself is not what was not found. */
static void
say_waived(struct text_buf *out, const struct report_run *run)
{
	const struct policy_book *b = run->policy->book;
	uint64_t n = 0;

	for (size_t i = 0; run->waiver_uses != NULL && i < b->nwaivers; i++)
		n += run->waiver_uses[i];
	if (n > 0)
		text_buf_printf(out, "; %" PRIu64 " finding%s waived", n, n == 1 ? " is" : "s are");
}

char *
total_sentence(const struct total *t, const struct report_run *run)
{
	struct text_buf out = { 0 };
	uint64_t silent = t->not_judged;

	if (t->servers == 0)
		text_buf_printf(&out, "No Exchange server was found among %" PRIu64 " target%s",
		    t->targets, plural(t->targets));
	else if (t->urgent > 0)
		say_urgent(&out, t);
	else
		say_calm(&out, t);
	if (silent > 0)
		text_buf_printf(&out, "; %" PRIu64 " of %" PRIu64 " target%s could not be judged", silent,
		    t->targets, plural(t->targets));
	if (t->kev == 0 && t->kev_maybe > 0)
		text_buf_printf(&out, "; %" PRIu64 " may have a flaw that attackers are known to use", t->kev_maybe);
	if (t->unsupported == 0 && t->unsupported_maybe > 0)
		text_buf_printf(&out, "; %" PRIu64 " may be out of support", t->unsupported_maybe);
	say_waived(&out, run);
	if (run->not_done > 0)
		text_buf_printf(&out, "; the scan was stopped: %" PRIu64 " target%s not looked at",
		    run->not_done, run->not_done == 1 ? " was" : "s were");
	text_buf_str(&out, ".");
	return out.s;
}

/* An empty list of things to do is no praise where nothing was seen. */
const char *
total_idle(const struct total *t)
{
	if (t->targets == 0)
		return "There is no target in this run.";
	if (t->not_judged > 0)
		return "Nothing that was seen asks for work. What could not be judged may: scan it again, or "
		    "from another place.";
	return "Nothing that can be seen asks for work.";
}

enum { MACHINES_TOLD = 20 };

static void
say_machine(struct text_buf *out, const struct same_machine *m)
{
	text_buf_printf(out, "%s%s%s is", m->name, m->domain[0] != '\0' ? "." : "", m->domain);
	for (size_t i = 0; i < m->ntargets && i < SAME_TARGETS; i++)
		text_buf_printf(out, "%s %s", i > 0 ? "," : "", m->targets[i]);
	if (m->ntargets > SAME_TARGETS)
		text_buf_printf(out, " and %zu more", m->ntargets - SAME_TARGETS);
}

char *
total_counted(const struct total *t)
{
	return t->servers == same_count(&t->which.same) ? text_dup("") :
	    text_printf(", counted as %" PRIu64 " server%s: a pool is one", t->servers, plural(t->servers));
}

char *
total_machines(const struct total *t)
{
	const struct same *s = &t->which.same;
	struct text_buf out = { 0 };
	bool counts_pool = t->servers != same_count(s);
	size_t shared = 0, told = 0;
	char *counted;

	for (size_t i = 0; i < s->n; i++)
		shared += s->v[i].ntargets > 1;
	if (s->targets == 0 || (shared == 0 && same_count(s) == s->targets))
		return NULL;
	counted = total_counted(t);
	text_buf_printf(&out, "Behind the %" PRIu64 " Exchange target%s stand%s %s%zu machine%s%s",
	    s->targets, plural(s->targets), same_count(s) == 1 ? "s" : "", s->lost > 0 ? "at least " : "",
	    same_count(s), plural(same_count(s)), counted);
	free(counted);
	for (size_t i = 0; i < s->n && told < MACHINES_TOLD; i++) {
		if (s->v[i].ntargets < 2)
			continue;
		text_buf_str(&out, told++ > 0 ? "; " : counts_pool ? ". " : ": ");
		say_machine(&out, &s->v[i]);
	}
	if (shared > told)
		text_buf_printf(&out, "; and %zu more with several names", shared - told);
	text_buf_str(&out, ".");
	return out.s;
}
