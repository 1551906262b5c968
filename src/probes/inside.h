/* inside.h - internal addresses and names in the headers of an ordinary reply. */
#ifndef EXVET_INSIDE_H
#define EXVET_INSIDE_H

#include "probe.h"

/* Notes FACT_HTTP_INSIDE, one observation an address or name of the target. */
void	inside_note(struct talk *, const struct http_reply *);

#endif
