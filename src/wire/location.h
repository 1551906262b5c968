/*
 * location.h - where a Location header points to, seen from one target.
 */
#ifndef EXVET_LOCATION_H
#define EXVET_LOCATION_H

#include <stddef.h>
#include <stdint.h>

enum location {
	LOCATION_BAD,		/* no URL reference at all */
	LOCATION_AWAY,		/* another host, port or scheme: never followed */
	LOCATION_HERE,		/* within the target */
};

struct location_base {
	const char	*url;	/* http or https URL that was asked */
	const char	*host;	/* another name of the same target; may be NULL */
	uint16_t	 port;	/* port that it was asked at */
	const char	*path;	/* absolute path with query that was asked */
};

/*
 * Resolve a reference by RFC 3986 section 5.2.  Within the target means: the
 * same scheme or https, the same port, and the host of the URL or host.  Only
 * then is path written: absolute, with query, without dot segments and
 * fragment.  What does not fit into cap is bad.
 */
enum location location_resolve(const struct location_base *, const char *reference,
	    char *path, size_t cap);

#endif
