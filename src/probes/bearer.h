/* bearer.h - what the answer to an empty Bearer token tells (C-26). */
#ifndef EXVET_BEARER_H
#define EXVET_BEARER_H

#include "probe.h"

/* Facts that it gives; for the list of a probe. */
#define BEARER_GIVES \
	FACT_BEARER, FACT_BEARER_URI, FACT_BEARER_ISSUER, FACT_BEARER_TENANT, FACT_BEARER_WHY

void	bearer_add(struct http_ask *);			/* the empty token */
void	bearer_note(struct talk *, const struct http_reply *);

#endif
