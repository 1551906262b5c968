/* builds_support.c - is the build in support as of a day. */
#include <string.h>

#include "builds_table.h"

static void
say(struct build_report *r, enum support_status s, int32_t until)
{
	r->support = s;
	r->support_until = until;
}

/* After the end of support, for a CU that Extended Security Updates were sold for. */
static void
extended(const struct builds_product *p, struct build_report *r, int32_t as_of)
{
	for (size_t i = 0; i < p->nesu; i++)
		if (as_of <= p->esu[i].to) {
			say(r, p->esu[i].period == 1 ? SUPPORT_ESU_1 : SUPPORT_ESU_2,
			    p->esu[i].to);
			return;
		}
	say(r, SUPPORT_ESU_ENDED, p->esu[p->nesu - 1].to);
}

/*
 * The product alone: with an unknown CU only the end is certain, and only when
 * no CU of the product is in an ESU period.  A CU newer than the table is in
 * support as long as its product is.
 */
static void
product_only(const struct builds_product *p, struct build_report *r, int32_t as_of)
{
	int32_t over = p->nesu != 0 ? p->esu[p->nesu - 1].to : p->extended_end;

	if (r->place == PLACE_NEWER && as_of <= p->extended_end)
		say(r, SUPPORT_SUPPORTED, p->extended_end);
	else if (as_of > over)
		say(r, SUPPORT_UNSUPPORTED, p->extended_end);
}

void
builds_support(const struct builds *b, const struct builds_where *w, struct build_report *r,
    int32_t as_of)
{
	const struct builds_product *p;
	const struct builds_cu *c;
	int32_t end;

	if (w->product == BUILDS_NONE)
		return;
	p = &b->products[w->product];
	if (w->cu == BUILDS_NONE) {
		product_only(p, r, as_of);
		return;
	}
	c = &b->cus[w->cu];
	end = c->support_end != BUILDS_NO_DAY ? c->support_end : p->extended_end;
	if (as_of <= end)
		say(r, SUPPORT_SUPPORTED, end);
	else if (c->esu && p->nesu != 0)
		extended(p, r, as_of);
	else
		say(r, SUPPORT_UNSUPPORTED, end);
}
