/*
 * line_inner.h - what line.c (the talk) and line_dial.c (its connections)
 * share; nobody else includes it.
 */
#ifndef EXVET_NET_LINE_INNER_H
#define EXVET_NET_LINE_INNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "cert.h"
#include "net/line.h"
#include "net/loop.h"

struct dial;
struct secure;

enum { LINE_WIRE = 8192 };

struct line {
	struct loop	*loop;
	struct line_plan plan;
	line_done	*done;
	void		*arg;
	struct dial	*dial;
	uv_poll_t	*poll;
	int		 fd;
	int		 next;		/* dialled ahead, and not yet used; -1 */
	uint64_t	 next_since;
	bool		 ahead;		/* what is being dialled is the next connection */
	bool		 waits;		/* until it may dial in its company */
	bool		 rests;		/* before it does */
	bool		 answered;	/* the peer has said something on this connection */
	unsigned	 refused;	/* so often no connection was to be had in a crowd */
	enum company	 company;	/* of this connection, or of the next while it waits */
	uint64_t	 pause;		/* before that one */
	struct deadline	 deadline;
	unsigned	 redials;
	uint64_t	 asked;		/* when the last message was written */
	struct secure	*tls;		/* NULL: in the clear */
	bool		 shaking;	/* the handshake is under way */
	struct cert_sent chain;
	uint8_t		 wire[LINE_WIRE];	/* on its way to the peer */
	size_t		 wire_len, sent;
	uint8_t		*in;		/* grows up to LIMIT_TALK_BYTES */
	size_t		 in_len, in_cap;
};

/* line.c */
void	line_finish(struct line *, const char *stage, const char *reason, const char *detail);
/* Let the probe judge what is there; ended_by: "" while the connection lives. */
void	line_hear(struct line *, const char *ended_by);
/* Tell the owner what becomes of a connection. */
void	line_step(struct line *, enum line_step);
/* Speak on a fresh connection, in the clear or inside TLS; false: the line is finished. */
bool	line_speak(struct line *);

/* line_dial.c */
void	line_dial_first(struct line *);
/* The next connection, when the one before is gone: at once, or after the pause that the probe asked for. */
void	line_dial_again(struct line *);
/* Dial for it already, if that is allowed. */
void	line_dial_ahead(struct line *);
/* No connection beside the one that it talks on. */
void	line_dial_stop(struct line *);

#endif
