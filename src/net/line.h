/*
 * line.h - runs one raw talk of a wire probe on the network: dials, sends what
 * ask() wrote, hands hear() what came back, dials again or begins TLS when it
 * says so.  What a handshake tells (version, cipher, certificate) is noted
 * here, at the talk's place.
 */
#ifndef EXVET_NET_LINE_H
#define EXVET_NET_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "net/addr.h"
#include "probe.h"

struct line;
struct loop;

enum line_step {
	LINE_DIALS,		/* for the connection that it talks on next */
	LINE_AHEAD,		/* for the one after that */
	LINE_TAKES,		/* one that was dialled ahead, by whomever */
	LINE_SPEAKS,
	LINE_IS_ANSWERED,	/* the first bytes of the peer */
	LINE_ENDS,
};

struct line_plan {
	const struct probe *probe;
	struct talk	*talk;		/* the owner's; lives until done() */
	struct addr	 addr;
	uint16_t	 port;
	int		 fd;		/* connected already and counted; -1: dial */
	uint64_t	 connect_ms, reply_ms;
	unsigned	*connections, *messages;	/* counted up */
	/* May it dial for its next connection while the answer is on its way?  NULL: never. */
	bool		(*may_dial_ahead)(void *arg);
	/* May it dial in that company?  If not, it waits for line_look_ahead().  NULL: always. */
	bool		(*may_dial)(void *arg, enum company);
	/* What becomes of its connections.  NULL: nobody cares. */
	void		(*step)(void *arg, enum line_step);
	/* What else was open beside the one that has ended?  NULL: nothing. */
	enum crowd	(*crowd)(void *arg);
	/* It learned something, and goes on with another connection.  NULL: nobody cares. */
	void		(*moved)(void *arg);
	/* What it dialled ahead and does not need goes there; others may use it.  NULL: is closed. */
	int		*spare;
};

/*
 * done() is called once, never from inside line_start.  stage "" when the talk
 * ended as the probe wished; else connect, tls or read with a reason.
 */
typedef void line_done(void *arg, const char *stage, const char *reason, const char *detail);
struct line *line_start(struct loop *, const struct line_plan *, line_done *, void *arg);
void	line_cancel(struct line *);		/* done() will not be called */
/* Room, or plan.spare, may have become free: dial ahead, if plan.may_dial_ahead says so now. */
void	line_look_ahead(struct line *);
/* Does it hold a connection beside the one it talks on? */
bool	line_is_ahead(const struct line *);
/* Is that one connected, and has the peer not ended it?  Is it on its way? */
bool	line_is_connected(const struct line *);
bool	line_is_alive(const struct line *);
bool	line_has_next(const struct line *);	/* the same, of the one beside it */
bool	line_is_dialling(const struct line *);
/* In which company it is, or waits for. */
enum company line_company(const struct line *);
bool	line_waits(const struct line *);
bool	line_rests(const struct line *);	/* it has its place, and dials after a pause */

#endif
