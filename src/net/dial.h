/* dial.h - one TCP connection, non-blocking, with a deadline. */
#ifndef EXVET_NET_DIAL_H
#define EXVET_NET_DIAL_H

#include <stdint.h>

#include "net/addr.h"

struct loop;
struct dial;

/*
 * done() is called once, never from inside dial_start: with a connected
 * socket that is then the caller's, or with -1 and a reason: refused,
 * timeout, unreachable, reset, local (our own fault: no descriptors left).
 */
typedef void dial_done(void *arg, int fd, const char *reason, const char *detail);
struct dial *dial_start(struct loop *, const struct addr *, uint16_t port,
	    uint64_t timeout_ms, dial_done *, void *arg);
void	dial_cancel(struct dial *);		/* done() will not be called */

/* The reason word of an errno of connect(2) or read(2). */
const char *dial_reason(int error);
/* Has the peer not ended it?  What it said may still wait to be read. */
int	dial_is_alive(int fd);
void	dial_close(int fd, int abort);		/* abort: RST, so that no TIME_WAIT is left */

#endif
