/*
 * tls_chain.h - every suite of one protocol version, in the fewest hellos:
 * offer all, take away the one that the server chose, until it refuses.
 *
 * k accepted suites cost k + 1 connections: an answer names one suite, and
 * one refusal excludes the rest.  From the second hello on, the groups that
 * were seen are taken away as well, so that groups come nearly for nothing;
 * a refusal is then asked again with all groups before it counts.
 */
#ifndef EXVET_PROBES_TLS_CHAIN_H
#define EXVET_PROBES_TLS_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct talk;
struct tls_group;
struct tls_offer;
struct tls_reply;
struct tls_suite;

enum { TLS_CHAIN_SUITES = 384, TLS_CHAIN_GROUPS = 64 };

enum tls_phase {
	TLS_PHASE_FIRST,	/* everything */
	TLS_PHASE_SECOND,	/* it was refused: the short list */
	TLS_PHASE_MORE,		/* without those found */
	TLS_PHASE_GROUPS,	/* only the groups */
	TLS_PHASE_ORDER,	/* whose order decides */
	TLS_PHASE_END,
};

struct tls_chain {
	uint16_t	 version;
	enum tls_phase	 phase;
	bool		 mail;		/* no ALPN */
	bool		 picky;		/* only the short list is answered */
	bool		 narrow;	/* the groups seen are taken away */
	bool		 widened;	/* the last hello repeats one, with all groups */
	bool		 kept;		/* it fell back on a curve kept for its certificate */
	bool		 settled;	/* all groups known */
	bool		 retried;	/* after a silence */
	bool		 accepted;	/* the version is offered */
	bool		 brief;		/* the first suite will do: tls_share.h finds the others */
	bool		 resumed;	/* a piece of tls_share.h: no order to find */
	bool		 ordered;	/* whose order decides is known */
	uint16_t	 curve;		/* of its ECDSA certificate; 0: none, or unknown */
	uint16_t	 found[TLS_CHAIN_SUITES];
	bool		 was_narrow[TLS_CHAIN_SUITES];	/* when that one was chosen */
	size_t		 nfound;
	uint8_t		 group_seen[TLS_CHAIN_GROUPS];	/* by row of tls_names_groups */
};

/* How one hello ended, as the chain sees it. */
enum tls_end {
	TLS_END_HELLO,
	TLS_END_REFUSED,	/* an alert, a close or a reset */
	TLS_END_SILENT,		/* nothing came in time, or the line broke otherwise */
	TLS_END_BROKEN,		/* bytes that are no answer */
};

void	tls_chain_begin(struct tls_chain *, uint16_t version, bool mail);
/* The next hello; suites and groups are room for the lists. */
void	tls_chain_offer(const struct tls_chain *, struct tls_offer *,
	    uint16_t suites[TLS_CHAIN_SUITES], uint16_t groups[TLS_CHAIN_GROUPS]);
/* Judge the answer; true when the chain goes on. */
bool	tls_chain_judge(struct tls_chain *, struct talk *, enum tls_end, const struct tls_reply *);

/* A chain that goes on from what is known: NULL is fine. */
void	tls_chain_know_suite(struct tls_chain *, const struct tls_suite *);
void	tls_chain_know_group(struct tls_chain *, const struct tls_group *);
/* Go on at MORE or GROUPS; false when nothing is left to ask there. */
bool	tls_chain_resume(struct tls_chain *, enum tls_phase);
/* Note that all suites of the version are known. */
void	tls_chain_complete(struct tls_chain *, struct talk *, const char *evidence);

#endif
