/*
 * redirect.h - redirects: noted always, followed only within the target.
 */
#ifndef EXVET_REDIRECT_H
#define EXVET_REDIRECT_H

#include "probe.h"

/*
 * Note where a reply sends to.  True when that is within the target: then path
 * holds what to ask.
 */
bool	redirect_note(struct talk *, const struct http_reply *, char *path, size_t cap);

#endif
