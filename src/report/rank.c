/* rank.c - one line on one target, and which is worse. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rank.h"
#include "tone.h"
#include "total.h"

void
rank_fill(struct rank *row, const struct report *report, uint64_t order)
{
	const struct judgement *j = report->judgement;
	const struct build_report *b = j->identity == IDENTITY_EXCHANGE ? j->build : NULL;
	const struct finding *worst = view_worst(j);
	bool cves = view_knows_cves(b);

	*row = (struct rank){
		.state = view_state(report), .order = order,
		.target = text_dup(report->result->target),
		.address = text_dup(report->result->address),
		.tag = text_dup(report->result->tag),
		.release = tone_what(report),
		.days = b != NULL && b->nmissing > 0 ? b->days_behind : -1,
		.missing = b != NULL && (b->missing_known || b->nmissing > 0) ? (int32_t)b->nmissing : -1,
		.cves = cves ? (int32_t)view_cves_open(b) : -1,
		.kev = cves ? (int32_t)b->kev_open : -1,
		.perhaps = cves && b->count[CVE_UNDECIDABLE] > 0,
		.kev_perhaps = cves && view_kev_undecidable(b) > 0,
		.exchange = j->identity == IDENTITY_EXCHANGE,
		.ended = b != NULL && total_behind_of(j) == TOTAL_ENDED,
		.first = worst != NULL ? worst->rule : NULL,
		.weight = !cves ? 0 : (uint64_t)b->kev_open * 1000000 +
		    (uint64_t)view_cves_open(b) * 1000 + b->nmissing,
	};
}

int
rank_compare(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;
	int by;

	if (x->state != y->state)
		return x->state > y->state ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	by = strcmp(x->target, y->target);
	return by != 0 ? by : x->order < y->order ? -1 : 1;
}

void
rank_clear(struct rank *r)
{
	free(r->target);
	free(r->address);
	free(r->tag);
	free(r->release);
}

char *
rank_behind(const struct rank *r)
{
	if (!r->exchange)
		return text_dup("");
	if (r->missing < 0)
		return text_dup("?");
	if (r->missing == 0)
		return text_dup(r->ended ? "ended" : "0");
	return r->days < 0 ? text_printf("%d", r->missing) :
	    text_printf("%d, %d d", r->missing, r->days);
}

/* A zero on what has ended is a question; what may be more has a plus. */
static char *
count_of(const struct rank *r, int32_t n, bool perhaps)
{
	if (!r->exchange)
		return text_dup("");
	return n < 0 ? text_dup("?") : text_printf("%d%s", n, perhaps ? "+" :
	    n == 0 && r->ended ? "?" : "");
}

char *
rank_cves(const struct rank *r)
{
	return count_of(r, r->cves, r->perhaps);
}

char *
rank_kev(const struct rank *r)
{
	return count_of(r, r->kev, r->kev_perhaps);
}
