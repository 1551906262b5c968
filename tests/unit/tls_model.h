/*
 * tls_model.h - a TLS server made of a table: what it has, in which order, and
 * the bad habits of Schannel and of balancers.  It answers one hello at a time.
 */
#ifndef EXVET_TLS_MODEL_H
#define EXVET_TLS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "bytes.h"
#include "probe.h"

enum refusal { REFUSE_40, REFUSE_70, REFUSE_112, REFUSE_CLOSE, REFUSE_SILENT, REFUSE_WARNING_CLOSE };
enum pieces { PIECES_RECORD_EACH, PIECES_ONE_RECORD, PIECES_SPLIT };

struct model {
	struct {
		uint16_t version, suites[40];	/* by the server's preference */
	} has[8];
	uint16_t	 groups[12];
	uint16_t	 groups_12[12];	/* of TLS 1.2 and older, where it keeps two lists */
	uint16_t	 finite[4];	/* of RFC 7919, used up to TLS 1.2 where the hello names one */
	bool		 no_finite;	/* ... and no other parameters: without them no DHE */
	bool		 stumbles;	/* ... it chooses DHE all the same, and then refuses (GnuTLS by its own order) */
	bool		 own_finite;	/* none of them, but it knows them: DHE only where the hello names none */
	uint16_t	 ecdsa_curve;	/* of its ECDSA certificate; 0: not judged */
	bool		 apart;		/* a hello with any suite of ECDSA gets no other (HAProxy) */
	uint16_t	 schemes[8];	/* none: rsa_pkcs1_sha256, whatever is offered */
	bool		 client_order;
	bool		 client_groups;
	bool		 nameless;	/* refuses a server name: unrecognized_name */
	bool		 wants_name;	/* refuses a hello without one in the same way */
	bool		 deep;		/* asked as in the profile full */
	enum refusal	 refusal;
	size_t		 longest;	/* more bytes of hello are dropped; 0: no limit */
	enum refusal	 dropped;	/* how */
	bool		 needs_scsv;
	bool		 warns;		/* unrecognized_name before its answer */
	bool		 alert_after;	/* a fatal alert after its ServerHello */
	bool		 no_ems, no_renegotiation, compresses, no_done;
	enum pieces	 pieces;
	uint16_t	 ignores;	/* answers with that suite whatever is offered */
	bool		 v2;		/* has SSLv2 */
	const char	*text;		/* not TLS at all */
	const char	*door[8];	/* plain talk first: what it says, what it waits for, ... */
	unsigned	 busy;		/* says 421 to so many connections first */
	unsigned	 busy_from;	/* ... from that connection on */
	unsigned	 tires;		/* after so many ServerHellos of a lane it closes at once; 0: never */
	unsigned	 drops;		/* something in front closes every connection of that number; 0: none */
	unsigned	 silences;	/* says nothing to so many hellos first */
	bool		 far;		/* lanes go side by side, and help each other */
	unsigned	 pace;		/* which of them are slow then */
	/* counted */
	unsigned	 hellos[6];	/* SSLv2, SSLv3, 1.0 .. 1.3 */
	unsigned	 met;		/* hellos of any kind */
	unsigned	 connections, pauses, turned_away, answers, rounds;
	size_t		 awkward;	/* hellos of a length that must not be */
};

/* Its answer to one hello; true: closed after what was written. */
bool	tls_model_respond(struct model *, struct rd, struct wr *);
/*
 * Run all lanes of a probe against the model, its bytes step at a time.
 * The facts, sorted, one a line as name=value, go to out.
 */
void	tls_model_run(struct model *, const struct probe *, size_t step, struct text_buf *out);
/* Is that line among those facts; whole: to its end, else as the start of one? */
bool	tls_model_told(const struct text_buf *facts, const char *line, bool whole);

#endif
