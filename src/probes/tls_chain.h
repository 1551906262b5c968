/*
 * tls_chain.h - every suite of one protocol version, in the fewest hellos:
 * offer all, take away the one that the server chose, until it refuses.
 *
 * k accepted suites cost k + 1 connections: an answer names one suite, and
 * one refusal excludes the rest.  From the second hello on, the groups (and,
 * when it goes deep, the signature schemes) that were seen are taken away as
 * well, so that most of them come for nothing; a refusal is then asked again
 * with all of them before it counts, which makes k + 2.  What is left of groups
 * and schemes costs a connection each and one refusal; whose order decides, or
 * whether a server that closed still answers, costs one.
 */
#ifndef EXVET_PROBES_TLS_CHAIN_H
#define EXVET_PROBES_TLS_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probes/tls_finite.h"
#include "probes/tls_found.h"

struct talk;
struct tls_half;
struct tls_offer;
struct tls_reply;

enum tls_phase {
	TLS_PHASE_FIRST,	/* everything */
	TLS_PHASE_SECOND,	/* it was refused: the short list */
	TLS_PHASE_MORE,		/* without those found */
	TLS_PHASE_RARE,		/* long hellos are not answered: the rest, piece by piece */
	TLS_PHASE_GROUPS,	/* only the groups */
	TLS_PHASE_SCHEMES,	/* only the schemes of signatures */
	TLS_PHASE_ORDER,	/* whose order decides, and: does it still answer? */
	TLS_PHASE_END,
};

struct tls_chain {
	struct tls_found found;
	enum tls_phase	 phase;
	bool		 mail;		/* no ALPN */
	bool		 picky;		/* only the short list is answered */
	bool		 dressed;	/* SSLv3 with extensions: without a name it is refused */
	bool		 narrow;	/* the groups seen are taken away */
	bool		 narrow_schemes;	/* ... and the schemes */
	bool		 yields;	/* TLS 1.2 and 1.3 ask for groups at the same time */
	bool		 unyielding;	/* but this one has none of those left for it */
	bool		 widened;	/* the last hello repeats one, with all groups */
	bool		 client_groups;	/* of groups on offer it takes the client's first */
	bool		 swapped;	/* asking that: groups seen, the certificate's in front */
	enum tls_finite	 finite;
	bool		 own_finite;	/* DHE was seen with parameters of the server's own */
	bool		 plain;		/* without named groups there is no DHE */
	bool		 finite_again;	/* asking the suites that used a named group, without one */
	bool		 apart;		/* suites of ECDSA are left out: their certificate may hide another */
	bool		 was_apart;	/* that was asked, or is known */
	bool		 settled;	/* all groups known */
	bool		 schemes_settled;
	bool		 mute;		/* it closed, and has not answered since */
	bool		 unsaid;	/* all suites known, if it still answers */
	bool		 closed;	/* ... as a close says; at SECOND: it closed on the first hello */
	bool		 again;		/* that was asked twice */
	bool		 crowd;		/* that close came in a crowd */
	bool		 retried;	/* after a silence */
	bool		 brief;		/* the first suite will do: tls_share.h finds the others */
	bool		 resumed;	/* a piece of tls_share.h: no order to find */
	bool		 alone;		/* ... that shares nothing: with an order of its own */
	bool		 ordered;	/* whose order decides is known */
	uint16_t	 curve;		/* of its ECDSA certificate; 0: none */
	uint16_t	 group;		/* the first that it took */
	struct tls_half	*half;		/* shared with other lanes; NULL: not */
	unsigned	 part;		/* which half is asked; 0: all */
	size_t		 rare;		/* row of the suites at which the next piece begins */
};

/* Evidence of a version that was offered to a short hello alone. */
#define TLS_CHAIN_PICKY	"it does not answer long hellos"

/* How one hello ended, as the chain sees it. */
enum tls_end {
	TLS_END_HELLO,
	TLS_END_REFUSED,	/* an alert, a close or a reset */
	TLS_END_SILENT,		/* nothing came in time, or the line broke otherwise */
	TLS_END_BROKEN,		/* bytes that are no answer */
	TLS_END_NAME,		/* it does not know the server name */
	TLS_END_DROPPED,	/* closed, which says nothing of that server (tls_close.h) */
};

/* deep: every signature scheme and ffdhe group too. */
void	tls_chain_begin(struct tls_chain *, uint16_t version, bool mail, bool deep);
/* The next hello; the lists are its room. */
void	tls_chain_offer(const struct tls_chain *, struct tls_offer *, struct tls_lists *);
/* Judge the answer; true when the chain goes on. */
bool	tls_chain_judge(struct tls_chain *, struct talk *, enum tls_end, const struct tls_reply *);

/* Go on from what was found already, at MORE or GROUPS; false when nothing is left to ask there. */
bool	tls_chain_resume(struct tls_chain *, enum tls_phase);
/* Note that all suites of the version are known. */
void	tls_chain_complete(const struct tls_chain *, struct talk *, const char *evidence);

#endif
