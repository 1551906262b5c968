/* banner.h - what the greeting of a mail service tells everybody. */
#ifndef EXVET_BANNER_H
#define EXVET_BANNER_H

#include "probe.h"
#include "probes/mailtalk.h"

/* line: behind the code or word that makes it a greeting. */
void	banner_note(struct talk *, struct mailtalk *, struct rd line);
/* A further line of it: it may tell as much. */
void	banner_more(struct talk *, struct mailtalk *, struct rd line);

#endif
