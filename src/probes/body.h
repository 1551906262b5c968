/* body.h - what every reply tells by its body. */
#ifndef EXVET_BODY_H
#define EXVET_BODY_H

#include "probe.h"

void	body_note(struct talk *, const struct http_reply *);

#endif
