/* bare.h - is a host name or address one of the inside only? */
#ifndef EXVET_BARE_H
#define EXVET_BARE_H

#include <stdbool.h>
#include <stddef.h>

/* A private address, a name without a dot, or one below a domain that is never public. */
bool	bare_is_internal(const char *, size_t);
/* The host of an absolute URL, without brackets and port; false when there is none. */
bool	bare_url_host(const char *url, const char **host, size_t *len);

#endif
