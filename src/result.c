/* result.c - what one scan of one target at one address saw. */
#include <stdlib.h>

#include "base/text.h"
#include "result.h"

struct result *
result_new(void)
{
	struct result *r = text_alloc(sizeof(*r));

	r->target = text_dup("");
	r->tag = text_dup("");
	r->address = text_dup("");
	r->vantage = text_dup("");
	r->profile = text_dup("");
	r->probes = text_dup("");
	r->finished = true;
	r->obs = obs_new();
	return r;
}

void
result_free(struct result *r)
{
	if (r == NULL)
		return;
	free(r->target);
	free(r->tag);
	free(r->address);
	free(r->vantage);
	free(r->profile);
	free(r->probes);
	obs_free(r->obs);
	free(r);
}
