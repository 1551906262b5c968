/*
 * marks.h - bytes by which products are known: Exchange, what stands in front
 * of it, and what is something else.
 */
#ifndef EXVET_MARKS_H
#define EXVET_MARKS_H

#include "probe.h"

/* Where a mark may stand. */
enum marks_place {
	MARKS_LOCATION	= 1 << 0,
	MARKS_COOKIE	= 1 << 1,	/* name of a cookie: the mark stands in front */
	MARKS_BODY	= 1 << 2,
	MARKS_SERVER	= 1 << 3,	/* Server header: the mark stands in front */
	MARKS_HEADER	= 1 << 4,	/* name of a header: the mark stands in front */
};

/*
 * Note every mark that stands in the text.  exchange: the reply came from an
 * Exchange server, so what looks like pre-authentication is its own (OWA sends
 * its users to AD FS or to Entra ID by itself).
 */
void	marks_note(struct talk *, enum marks_place, const char *, size_t len, bool exchange);

#endif
