/* total_server.c - what the totals count of one server; see total_server.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "total_server.h"

static void
fill_rules(struct total_server *s, const struct judgement *j)
{
	size_t n = total_rules();

	s->rules = text_alloc(n);
	memset(s->rules, VERDICT_NOT_APPLICABLE, n);
	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];
		size_t rule = 0;

		while (rule_table[rule] != f->rule)
			rule++;
		s->rules[rule] = (uint8_t)((unsigned)f->verdict |
		    (unsigned)f->severity << TOTAL_SEVERITY_SHIFT |
		    (rule_counts(f) ? (unsigned)TOTAL_COUNTS : 0) |
		    (f->waiver != NULL ? (unsigned)TOTAL_WAIVED : 0));
	}
}

struct total_server *
total_server_new(const struct report *r)
{
	const struct build_report *b = r->judgement->build;
	struct total_server *s = text_alloc(sizeof(*s));

	s->state = view_state(r);
	s->behind = total_behind_of(r->judgement);
	s->cert_day = total_cert_day(r->result->obs);
	fill_rules(s, r->judgement);
	if (b == NULL)
		return s;
	s->built = true;
	s->missing = b->nmissing > 0;
	s->kev = b->kev_open > 0;
	s->supported = b->support == SUPPORT_SUPPORTED;
	s->unsupported = b->support > SUPPORT_SUPPORTED;
	s->level = (struct total_level){ .branch = b->branch, .cu = b->cu, .row = b->row,
	    .place = b->place, .worst = s->behind, .ended = view_has_ended(b) };
	return s;
}

/* As views_combine() weighs: unseen below seen, what is waived below a failure. */
static int
badness(uint8_t finding)
{
	static const int rank[] = {
		[VERDICT_NOT_APPLICABLE] = 0, [VERDICT_NOT_OBSERVABLE] = 10, [VERDICT_PASS] = 20,
		[VERDICT_UNDECIDABLE] = 30, [VERDICT_WARN] = 50, [VERDICT_FAIL] = 60,
	};

	if ((finding & TOTAL_WAIVED) != 0)
		return 40;
	return rank[finding & TOTAL_VERDICT] + (finding >> TOTAL_SEVERITY_SHIFT & 7);
}

static bool
is_further_behind(const struct total_server *a, const struct total_server *b)
{
	if ((a->behind == TOTAL_UNKNOWN) != (b->behind == TOTAL_UNKNOWN))
		return b->behind == TOTAL_UNKNOWN;
	return a->behind != b->behind ? a->behind > b->behind :
	    total_level_compare(&a->level, &b->level) > 0;
}

void
total_server_merge(struct total_server *s, const struct total_server *with)
{
	size_t n = total_rules();

	s->state = with->state > s->state ? with->state : s->state;
	for (size_t i = 0; i < n; i++)
		if (badness(with->rules[i]) > badness(s->rules[i]))
			s->rules[i] = with->rules[i];
	if (with->cert_day != BUILDS_NO_DAY && (s->cert_day == BUILDS_NO_DAY || with->cert_day < s->cert_day))
		s->cert_day = with->cert_day;
	s->missing |= with->missing;
	s->kev |= with->kev;
	s->unsupported |= with->unsupported;
	s->supported = (s->supported || with->supported) && !s->unsupported;
	if (with->built && (!s->built || is_further_behind(with, s))) {
		s->behind = with->behind;
		s->level = with->level;
	}
	s->built |= with->built;
}

void
total_server_free(struct total_server *s)
{
	if (s != NULL)
		free(s->rules);
	free(s);
}
