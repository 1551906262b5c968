/*
 * resolve.h - names to addresses, by c-ares in the loop: a name that nobody
 * answers for holds up nothing.  Reads resolv.conf and the hosts file; other
 * sources of nsswitch.conf are not asked.
 */
#ifndef EXVET_NET_RESOLVE_H
#define EXVET_NET_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "net/addr.h"

struct loop;
struct resolver;
struct lookup;

/* One per loop; want: which families.  NULL: the resolver library failed. */
struct resolver *resolve_new(struct loop *, bool v4, bool v6);
void	resolve_free(struct resolver *);		/* NULL is fine */

/*
 * done() is called once, never from inside resolve_start: with n addresses,
 * IPv4 first, or with n 0 and a reason: not-found, no-address, timeout,
 * server-failure; detail in the library's words.
 */
typedef void resolve_done(void *arg, const struct addr *, size_t n,
	    const char *reason, const char *detail);
struct lookup *resolve_start(struct resolver *, const char *name, resolve_done *, void *arg);
void	resolve_cancel(struct lookup *);		/* done() will not be called */

#endif
