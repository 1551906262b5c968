/* body.h - what every reply tells by its body. */
#ifndef EXVET_BODY_H
#define EXVET_BODY_H

#include "probe.h"

void	body_note(struct talk *, const struct http_reply *);
/*
 * What a server says itself when no certificate of the client came: IIS by the
 * sub-status in its own pages, nginx by its error 496 (which it sends as 400).
 * The words; NULL when it says nothing of the kind.
 */
const char *body_certificate(const struct http_reply *);

#endif
