/* views.c - several views of one server taken together. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "views.h"

/* A fail counts above a warning, what is waived below both, unseen below seen. */
static int
badness(const struct finding *f)
{
	static const int rank[] = {
		[VERDICT_NOT_APPLICABLE] = 0, [VERDICT_NOT_OBSERVABLE] = 1, [VERDICT_PASS] = 2,
		[VERDICT_UNDECIDABLE] = 3, [VERDICT_WARN] = 5, [VERDICT_FAIL] = 6,
	};

	return f->waiver != NULL ? 4 : rank[f->verdict];
}

/* Exchange that was recognised, then the worst finding, then the better known build. */
static int
weight(const struct report *r)
{
	const struct judgement *j = r->judgement;
	enum severity worst;
	int w = 0;

	if (j->identity == IDENTITY_EXCHANGE)
		w += 1000;
	if (rule_worst(j, &worst))
		w += 100 + 100 * (int)worst;
	if (j->build != NULL)
		w += (int)j->build->number.parts;
	return w;
}

/* Insertion sort: a server has a handful of views. */
static size_t *
order_views(const struct report *v, size_t n)
{
	size_t *order = text_alloc(n * sizeof(*order));

	for (size_t i = 0; i < n; i++) {
		size_t k = i;

		for (; k > 0 && weight(&v[order[k - 1]]) < weight(&v[i]); k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
	return order;
}

static const char *
name_of(const struct report *r)
{
	if (r->result->vantage[0] != '\0')
		return r->result->vantage;
	return r->result->address[0] != '\0' ? r->result->address : r->result->target;
}

/* A finding of another view: whose, and without proof, which is of other observations. */
static void
adopt(struct views *s, struct finding *mine, const struct finding *theirs, const struct report *of)
{
	*mine = *theirs;
	mine->proof = NULL;
	mine->nproof = 0;
	s->sentences = text_grow(s->sentences, s->nsentences + 1, sizeof(*s->sentences));
	mine->why = text_printf("Seen from %s: %s", name_of(of), theirs->why != NULL ? theirs->why : "");
	s->sentences[s->nsentences++] = mine->why;
}

struct views *
views_combine(const struct report *v, size_t n)
{
	struct views *s = text_alloc(sizeof(*s));
	const struct report *base;
	size_t nfindings;

	s->order = order_views(v, n);
	base = &v[s->order[0]];
	nfindings = base->judgement->nfindings;
	s->judgement = text_alloc(sizeof(*s->judgement));
	*s->judgement = *base->judgement;
	s->judgement->findings = text_alloc((nfindings + 1) * sizeof(struct finding));
	if (nfindings > 0)
		memcpy(s->judgement->findings, base->judgement->findings,
		    nfindings * sizeof(struct finding));
	for (size_t i = 1; i < n; i++) {
		const struct report *other = &v[s->order[i]];

		for (size_t k = 0; k < nfindings && k < other->judgement->nfindings; k++)
			if (badness(&other->judgement->findings[k]) > badness(&s->judgement->findings[k]))
				adopt(s, &s->judgement->findings[k], &other->judgement->findings[k], other);
	}
	s->report = (struct report){
		.result = base->result, .judgement = s->judgement, .view = 1, .views = (unsigned)n,
		.all = v,
	};
	return s;
}

void
views_free(struct views *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->nsentences; i++)
		free(s->sentences[i]);
	free(s->sentences);
	free(s->judgement->findings);
	free(s->judgement);
	free(s->order);
	free(s);
}
