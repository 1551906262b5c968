/*
 * probe.h - what a probe is.
 *
 * A wire probe is two pure functions over bytes, an HTTP probe two functions
 * over our own request and reply structs.  ask() writes the next message,
 * hear() judges what came back and notes facts, only from a whole message.
 * Neither knows clock, socket nor printer, so the same code runs on the
 * network, in a replay test and under a fuzzer.
 */
#ifndef EXVET_PROBE_H
#define EXVET_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "obs.h"

enum heard {
	HEARD_PART,		/* need more bytes */
	HEARD_NEXT,		/* message consumed: ask again, same connection */
	HEARD_REDIAL,		/* ask again on a fresh connection */
	HEARD_STARTTLS,		/* message consumed: TLS from here on, then ask again */
	HEARD_DONE,		/* learned all there is */
	HEARD_BAD,		/* not this protocol */
};

enum probe_flag {
	PROBE_QUICK	= 1 << 0,	/* part of --profile quick */
	PROBE_STANDARD	= 1 << 1,	/* part of --profile standard */
	PROBE_FULL	= 1 << 2,	/* part of --profile full */
	PROBE_ALONE	= 1 << 3,	/* HTTP/1.1 connection of its own (NTLM) */
	PROBE_UNSETTLED	= 1 << 9,	/* only while no build of four parts is known; full: always */
	PROBE_FIRST	= 1 << 4,	/* before the others, alone: tells the HTTP version */
	PROBE_TLS	= 1 << 5,	/* a wire probe whose connections are TLS from the start */
	PROBE_IN_TURN	= 1 << 6,	/* a wire probe that waits for others of its service */
	PROBE_PLAIN	= 1 << 7,	/* a web probe that speaks http:// at its own port */
	PROBE_SAMPLES	= 1 << 8,	/* runs only when samples of a pool were asked for */
	PROBE_EACH	= 1 << 10,	/* a web probe whose steps are paths of their own: one without
					 * an answer does not end it, two in a row do */
};

/* Beside which other connections of ours to that server may one be open? */
enum company {
	COMPANY_ANY,
	COMPANY_PROVEN,		/* as many as it has been seen to bear side by side */
	COMPANY_NONE,
};

/* What it had of ours when a connection ended. */
enum crowd {
	CROWD_NONE,		/* nothing else, and not just before either */
	CROWD_SOME,
	CROWD_MANY,		/* more than it has been seen to bear side by side */
};

struct cert_store;

/* One talk: a probe's own state for one target. */
struct talk {
	struct obs	*obs;		/* where facts go */
	const char	*probe;		/* the probe's name, for obs */
	const char	*at;		/* URL or host:port of this step, for obs */
	const char	*host;		/* name for SNI and Host */
	const char	*ehlo;		/* our own name, for EHLO; NULL: the default */
	uint16_t	 port;		/* port that the talk goes to */
	int64_t		 now;		/* seconds since 1970 at the reply, by our clock */
	int64_t		 waited_ms;	/* since the last ask() of a wire probe was written */
	const char	*sigalgs;	/* of PROBE_TLS: offer these alone (OpenSSL's names); NULL: all */
	bool		 secure;	/* this connection of a wire probe is inside TLS now */
	bool		 early;		/* bytes came in the clear behind the answer to STARTTLS */
	bool		 settled;	/* four parts known: quick may stop */
	unsigned	 samples;	/* --samples */
	bool		 exact;		/* --tls: every suite, not only what tells good from bad */
	bool		 deep;		/* --profile full: leave nothing to inference */
	unsigned	 profile;	/* PROBE_QUICK, _STANDARD or _FULL; picked by hand: PROBE_FULL */
	const char	*ended_by;	/* when hear() is told ended: close, reset, timeout, limit,
					 * handshake-failed (TLS after HEARD_STARTTLS), or why a
					 * fresh connection failed (refused ...); "" before */
	enum crowd	 crowd;		/* when hear() is told ended: what else of ours that server had */
	bool		 limited;	/* a connection that was not to be had in a crowd was, with fewer open */
	uint64_t	 pause_ms;	/* the probe's own: wait so long before the next connection
					 * that HEARD_REDIAL asks for; taken back to 0 then */
	enum company	 company;	/* the probe's own: beside which others may that one be open;
					 * taken back to COMPANY_ANY then */
	unsigned	 lane;		/* 0 .. probe->lanes - 1: which of the side-by-side talks */
	unsigned	 step;		/* the probe's own */
	char		 path[1024];	/* the probe's own: path to ask next */
	uint64_t	 word[4];	/* the probe's own */
	void		*state;		/* the probe's own, zeroed memory of state_size */
	void		*shared;	/* zeroed memory of shared_size that the lanes have in common;
					 * NULL: the server is near, and they need not help each other */
	struct cert_store *roots;	/* trusted roots; NULL: trust is not judged */
};

struct http_header {
	const char	*name;		/* as sent; compare with http_reply_header() */
	const char	*value;		/* without white space around; NUL ended */
};

struct http_ask {
	const char	*method;	/* "GET" unless the probe says otherwise */
	char		 path[1024];	/* absolute path with query */
	struct http_header headers[4];	/* extra request headers */
	size_t		 nheaders;
	bool		 bare;		/* HTTP/1.0 without a Host header */
	bool		 last;		/* a web probe with a port of its own: nothing follows */
};

struct http_reply {
	unsigned	 status;	/* 100..999 */
	unsigned	 version;	/* 10, 11, 20 */
	const char	*method, *path;	/* what was asked */
	const struct http_header *headers;
	size_t		 nheaders;
	const char	*body;		/* decoded, NUL ended, may hold NUL bytes */
	size_t		 body_len;
	const char	*limit;		/* NULL, or the limit that cut it: body, headers ... */
	int64_t		 ttfb_ms;	/* request sent to first byte */
	const char	*cert_sha256;	/* of the certificate of a fresh connection; NULL: not known */
	const char	*tls_version, *tls_cipher;	/* of a fresh connection; NULL or "": not known */
};

/* The first header of that name, without case; NULL when absent. */
const char *http_reply_header(const struct http_reply *, const char *name);

struct probe {
	const char	*name, *summary;
	const char	*technique;	/* C-1 ... of the manual's table; "" if none */
	uint16_t	 port;		/* 0: the target's web port; a web probe at another
					 * port has a connection of its own */
	unsigned	 flags;
	size_t		 state_size;
	unsigned	 connections;	/* of a wire probe: the most that it makes; 0 is 1 */
	unsigned	 lanes;		/* talks side by side, each with a connection of its own; 0 is 1 */
	size_t		 shared_size;	/* what lanes need to share their work when round trips are dear */
	const enum fact	*gives;		/* ended by FACT_COUNT */
	/*
	 * Of a wire probe that waits until all others are over: does it run after
	 * what they saw?  NULL: it does not wait.
	 */
	bool		(*wanted)(struct talk *);
	/* over bytes; ask NULL: the handshake of PROBE_TLS is all */
	void		(*ask)(struct talk *, struct wr *);
	enum heard	(*hear)(struct talk *, struct rd *, bool ended);
	/* Has the lane work by now?  Until it has, it does not begin; then it takes it.  NULL: always. */
	bool		(*wants)(const struct talk *);
	void		(*take)(struct talk *);
	/* Of its lanes, is that the one whose first message is surest of an answer?  NULL: there is none. */
	bool		(*leads)(const struct talk *);
	/* Its time is up in the middle: note what is not settled, for that reason.  NULL: nothing to note. */
	void		(*stop)(struct talk *, const char *reason);
	/* or over HTTP; http_ask says false when there is nothing to ask */
	bool		(*http_ask)(struct talk *, struct http_ask *);
	enum heard	(*http_hear)(struct talk *, const struct http_reply *);
};

/* The table: in run order, ended by NULL. */
extern const struct probe *const probe_table[];

/* The probe of that name; NULL when there is none. */
const struct probe *probe_find(const char *name);
/* Does the probe run in that profile: one of PROBE_QUICK, _STANDARD, _FULL? */
bool	probe_in_profile(const struct probe *, enum probe_flag profile);

#endif
