/*
 * tls_scan.h - ask a server what TLS it speaks, hello by hello.
 *
 * The same questions behind any door: a probe for a TLS port gives the bytes
 * straight to tls_scan_hear(); a mail probe says its own words first on each
 * fresh connection, up to the answer to STARTTLS.
 */
#ifndef EXVET_PROBES_TLS_SCAN_H
#define EXVET_PROBES_TLS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe.h"
#include "probes/tls_chain.h"
#include "probes/tls_close.h"
#include "probes/tls_note.h"
#include "probes/tls_posture.h"

enum tls_depth { TLS_POSTURE, TLS_EXACT };	/* zeroed: posture */

/* The state of one lane; zeroed memory is ready. */
struct tls_scan {
	enum tls_depth	 depth;		/* set before the first ask */
	bool		 mail;		/* no ALPN */
	bool		 begun;
	bool		 answered;	/* TLS was spoken at least once */
	bool		 nameless;	/* it did not know the server name: none is sent */
	bool		 named;		/* the last hello sent it */
	bool		 staple;	/* the last hello asked for a stapled answer */
	bool		 compress;	/* ... and offered compression */
	bool		 mute;		/* it closed on a hello, and has answered none since */
	struct tls_close close;
	bool		 retried;	/* SSLv2, after a silence */
	bool		 control;	/* asking what it has, to see whether it still answers */
	unsigned	 row;		/* of the versions: the one being asked */
	unsigned	 due;		/* pieces of tls_share.h that fell to this lane */
	struct tls_chain chain;		/* exact */
	struct tls_posture posture;
	struct tls_memory memory;
};

/* Lanes that an exact scan of a TLS port is cut into; fewer also work. */
enum { TLS_SCAN_LANES = 4 };

/* All facts that such a probe can note, and what the few hellos of posture can; ended by FACT_COUNT. */
extern const enum fact tls_scan_gives[], tls_scan_posture_gives[];

/* lanes: how many share the work; t->lane says which this one is. */
void	tls_scan_ask(struct tls_scan *, struct talk *, unsigned lanes, struct wr *);
/* Has this lane, of TLS_SCAN_LANES, something to ask by now? */
bool	tls_scan_wants(const struct talk *);
/* Of those, is it the one that asks the version which nearly every server has? */
bool	tls_scan_leads(const struct talk *);
/* Begin with it now, so that no other lane does; without it the first ask begins. */
void	tls_scan_begin(struct tls_scan *, struct talk *, unsigned lanes);
/* HEARD_REDIAL: the next hello wants a fresh connection. */
enum heard tls_scan_hear(struct tls_scan *, struct talk *, unsigned lanes, struct rd *, bool ended);
/* No more connections are to be had: notes what is not settled, and why. */
void	tls_scan_stop(struct tls_scan *, struct talk *, unsigned lanes, const char *reason);

#endif
