/*
 * smb.c - what SMB tells before log-on (C-19): two connections at most.
 *
 * The first offers every dialect of SMB 2 and 3 and every algorithm, then
 * sends a session setup with the NTLM negotiate message, which names nobody;
 * the challenge names the server.  The second offers SMB 1 alone, in all its
 * dialects: beside SMB 2 the server would choose that and say nothing of SMB 1.
 *
 * The server tells only the newest that both know (MS-SMB2 3.3.5.4) and hangs
 * up on a second negotiation, so which older dialects of SMB 2 and 3 it would
 * take needs a connection each; they are noted as undecided.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "probes/names.h"
#include "probes/note.h"
#include "probes/table.h"
#include "wire/netbios.h"
#include "wire/smb1.h"
#include "wire/smb2.h"
#include "wire/spnego.h"

enum { NETBIOS_PORT = 139 };

enum stage { STAGE_NEGOTIATE, STAGE_SESSION, STAGE_SMB1, STAGE_WAIT };

struct state {
	enum stage	 stage;
	bool		 asked;		/* something was sent on this connection */
	bool		 called;	/* port 139: the NetBIOS session stands */
	bool		 spoke;		/* SMB 2 or 3 was seen */
};

static void
put_session(struct wr *w)
{
	uint8_t message[NTLM_NEGOTIATE_LEN], token[128];
	struct wr ntlm = wr_init(message, sizeof(message)), spnego = wr_init(token, sizeof(token));

	ntlm_write_negotiate(&ntlm);
	spnego_write_ntlm(&spnego, ntlm.p, ntlm.len);
	smb2_write_session(w, spnego.p, spnego.len);
}

static void
smb_ask(struct talk *talk, struct wr *w)
{
	struct state *s = talk->state;
	size_t frame;

	if (s->stage == STAGE_WAIT)		/* the final answer to what was asked already */
		return;
	s->asked = true;
	if (talk->port == NETBIOS_PORT && !s->called) {
		netbios_write_request(w);
		return;
	}
	frame = netbios_open(w);
	if (s->stage == STAGE_NEGOTIATE)
		smb2_write_negotiate(w);
	else if (s->stage == STAGE_SESSION)
		put_session(w);
	else
		smb1_write_negotiate(w);
	netbios_close(w, frame);
}

static void
note_name(struct talk *t, enum fact fact, const char *name, unsigned number)
{
	char hex[32];

	(void)snprintf(hex, sizeof(hex), "0x%04x", number);
	note_text(t, fact, name != NULL ? name : hex, hex);
}

/* All were offered: newer ones than the choice are not spoken, older ones may be. */
static void
note_dialects(struct talk *t, unsigned chosen)
{
	if (smb2_dialect_name(chosen) == NULL || chosen == SMB2_DIALECT_WILDCARD)
		return;
	for (size_t i = 0; smb2_dialect_at(i) != 0; i++) {
		unsigned k = smb2_dialect_at(i);

		if (k != chosen)
			note_text(t, k > chosen ? FACT_SMB_DIALECT_NO : FACT_SMB_UNDECIDED,
			    smb2_dialect_name(k), "");
	}
}

static void
note_time(struct talk *t, const struct smb2_negotiated *n)
{
	char text[64];
	time_t at = (time_t)n->started;
	struct tm tm;

	if (n->time != INT64_MIN)
		note_number(t, FACT_SMB_SKEW, n->time - t->now, "SystemTime");
	/* Anything but a past day is no time of a start. */
	if (n->started > 0 && n->started <= t->now + 86400 && gmtime_r(&at, &tm) != NULL &&
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		note_text(t, FACT_SMB_STARTED, text, "ServerStartTime");
}

static void
note_guid(struct talk *t, const uint8_t g[16])
{
	char text[40];
	bool zero = true;

	for (size_t i = 0; i < 16; i++)
		zero = zero && g[i] == 0;
	/* MS-DTYP 2.3.4.2: the first three parts are little-endian. */
	(void)snprintf(text, sizeof(text),
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	    g[3], g[2], g[1], g[0], g[5], g[4], g[7], g[6], g[8], g[9], g[10], g[11], g[12],
	    g[13], g[14], g[15]);
	if (!zero)
		note_text(t, FACT_SMB_GUID, text, "");
}

/* What only 3.1.1 tells: a context that is missing tells nothing. */
static void
note_contexts(struct talk *t, const struct smb2_negotiated *n)
{
	if (n->hash != SMB2_NO_ALGORITHM)
		note_name(t, FACT_SMB_HASH, smb2_hash_name(n->hash), n->hash);
	if (n->cipher != SMB2_NO_ALGORITHM)
		note_name(t, FACT_SMB_CIPHER, smb2_cipher_name(n->cipher), n->cipher);
	if (n->signing != SMB2_NO_ALGORITHM)
		note_name(t, FACT_SMB_SIGNING_ALG, smb2_signing_name(n->signing), n->signing);
	for (size_t i = 0; i < n->ncompression; i++)
		note_name(t, FACT_SMB_COMPRESSION, smb2_compression_name(n->compression[i]),
		    n->compression[i]);
	if (n->has_compression && n->ncompression == 0)
		note_text(t, FACT_SMB_COMPRESSION, "none", "");
}

/* Is NTLM among the mechanisms; true also when none is named. */
static bool
note_mechanisms(struct talk *t, struct rd token)
{
	struct spnego spnego;
	char name[DER_OID];
	bool named = false, ntlm = false;

	if (token.len == 0 || !spnego_read(token, &spnego))
		return true;
	while (spnego_next(&spnego, name)) {
		named = true;
		ntlm = ntlm || strcmp(name, "ntlm") == 0;
		note_text(t, FACT_SMB_AUTH, name, "");
	}
	return ntlm || !named;
}

static enum heard
take_negotiated(struct talk *t, struct state *s, struct rd message)
{
	struct smb2_negotiated n;
	char mode[32];
	bool ntlm;

	if (!smb2_read_negotiated(message, &n))
		return HEARD_BAD;
	(void)snprintf(mode, sizeof(mode), "SecurityMode 0x%04x", n.mode);
	note_name(t, FACT_SMB_DIALECT, smb2_dialect_name(n.dialect), n.dialect);
	note_dialects(t, n.dialect);
	note_text(t, FACT_SMB_SIGNING, (n.mode & SMB2_SIGNING_REQUIRED) != 0 ? "required" :
	    (n.mode & SMB2_SIGNING_ENABLED) != 0 ? "enabled" : "disabled", mode);
	for (unsigned bit = 0; bit < 32; bit++)
		if ((n.capabilities >> bit & 1) != 0 && smb2_capability_name(bit) != NULL)
			note_text(t, FACT_SMB_CAPABILITY, smb2_capability_name(bit), "");
	note_guid(t, n.guid);
	note_time(t, &n);
	note_contexts(t, &n);
	ntlm = note_mechanisms(t, n.token);
	s->spoke = true;
	if (ntlm) {
		s->stage = STAGE_SESSION;
		return HEARD_NEXT;
	}
	note_text(t, FACT_SMB_SESSION, "ntlm-not-offered", "");
	return HEARD_REDIAL;
}

static void
note_status(struct talk *t, enum fact fact, uint32_t status)
{
	char hex[32];

	(void)snprintf(hex, sizeof(hex), "0x%08" PRIx32, status);
	note_text(t, fact, smb2_status_name(status) != NULL ? smb2_status_name(status) : hex, hex);
}

static void
take_session(struct talk *t, struct rd message, uint32_t status)
{
	struct ntlm_challenge c;
	struct spnego spnego;
	struct rd token;

	if (status != SMB2_STATUS_MORE || !smb2_read_session(message, &token)) {
		note_status(t, FACT_SMB_SESSION, status);
		return;
	}
	/* Bare NTLM without its SPNEGO wrap is legal too. */
	if (!ntlm_read_challenge(token, &c) && !(spnego_read(token, &spnego) &&
	    ntlm_read_challenge(spnego.token, &c))) {
		note_text(t, FACT_SMB_SESSION, "no-challenge", "");
		return;
	}
	note_text(t, FACT_SMB_SESSION, "ntlm-challenge", "");
	names_note(t, &c);
}

/* The next connection, which offers SMB 1. */
static enum heard
go_smb1(struct state *s)
{
	*s = (struct state){ .stage = STAGE_SMB1, .spoke = s->spoke };
	return HEARD_REDIAL;
}

static enum heard
take_smb2(struct talk *t, struct state *s, struct rd message)
{
	struct smb2_header h;

	if (!smb2_read_header(message, &h))
		return HEARD_BAD;
	if (h.status == SMB2_STATUS_PENDING) {		/* once: the answer follows */
		if (s->stage != STAGE_SESSION || h.command != SMB2_SESSION_SETUP)
			return HEARD_BAD;
		s->stage = STAGE_WAIT;
		return HEARD_NEXT;
	}
	if (s->stage == STAGE_NEGOTIATE) {
		enum heard heard = HEARD_REDIAL;

		if (h.command != SMB2_NEGOTIATE)
			return HEARD_BAD;
		if (h.status == SMB2_STATUS_OK)
			heard = take_negotiated(t, s, message);
		else
			note_status(t, FACT_SMB_REFUSED, h.status);
		return heard == HEARD_REDIAL ? go_smb1(s) : heard;
	}
	if (h.command != SMB2_SESSION_SETUP)
		return HEARD_BAD;
	take_session(t, message, h.status);
	return go_smb1(s);
}

static enum heard
take_smb1(struct talk *t, struct state *s, struct rd message)
{
	struct smb1_negotiated n;
	struct smb2_header other;
	char mode[32];
	bool odd = smb2_read_header(message, &other);
	enum smb1_answer answer = odd ? SMB1_NO : smb1_read_negotiated(message, &n);

	if (answer == SMB1_BAD)
		return HEARD_BAD;
	note_number(t, FACT_SMB1_OFFERED, answer == SMB1_YES, odd ? "answered in SMB 2" :
	    answer == SMB1_YES ? smb1_dialect_name(n.dialect) : "no dialect accepted");
	if (answer == SMB1_NO)
		return HEARD_DONE;
	note_text(t, FACT_SMB1_DIALECT, smb1_dialect_name(n.dialect), "");
	(void)snprintf(mode, sizeof(mode), "SecurityMode 0x%02x", n.mode);
	note_text(t, FACT_SMB1_SIGNING, (n.mode & SMB1_SIGNING_REQUIRED) != 0 ? "required" :
	    (n.mode & SMB1_SIGNING_ENABLED) != 0 ? "enabled" : "disabled", mode);
	if ((n.mode & SMB1_USER_LEVEL) == 0)
		note_text(t, FACT_SMB1_WEAK, "share-level", mode);
	if ((n.mode & SMB1_HASHED_PASSWORDS) == 0)
		note_text(t, FACT_SMB1_WEAK, "plain-passwords", mode);
	if (!s->spoke && n.time != INT64_MIN)
		note_number(t, FACT_SMB_SKEW, n.time - t->now, "SystemTime");
	return HEARD_DONE;
}

static bool
is_hang_up(const struct talk *t)
{
	return strcmp(t->ended_by, "close") == 0 || strcmp(t->ended_by, "reset") == 0;
}

/* The connection is over without the answer that was due. */
static enum heard
take_end(struct talk *t, struct state *s)
{
	if (!is_hang_up(t) || !s->asked)
		return HEARD_PART;
	if (s->stage == STAGE_SMB1) {
		/* How a server without SMB 1 says no; from one that never spoke it says nothing. */
		if (!s->spoke)
			return HEARD_PART;
		note_number(t, FACT_SMB1_OFFERED, 0, "hung up");
		return HEARD_DONE;
	}
	if (s->stage != STAGE_NEGOTIATE)
		note_text(t, FACT_SMB_SESSION, "hung-up", t->ended_by);
	return go_smb1(s);
}

/*
 * A negative response of one byte, a retarget of six (RFC 1002 sections 4.3.4
 * and 4.3.5).  Some servers answer so to whom they do not want, at 445 too.
 */
static enum heard
take_refusal(struct talk *t, struct rd message)
{
	size_t len = message.len;
	unsigned code = rd_u8(&message);

	if (len != 1 && len != 6)
		return HEARD_BAD;
	if (len == 6)
		note_text(t, FACT_SMB_NETBIOS, "retarget", "");
	else
		note_name(t, FACT_SMB_NETBIOS, netbios_error_name(code), code);
	return HEARD_DONE;
}

static enum heard
smb_hear(struct talk *talk, struct rd *in, bool ended)
{
	struct state *s = talk->state;
	struct rd message;

	switch (netbios_read(in, &message)) {
	case NETBIOS_PART:
		return ended ? take_end(talk, s) : HEARD_PART;
	case NETBIOS_YES:
		if (s->called)
			return HEARD_BAD;
		s->called = true;
		return HEARD_NEXT;
	case NETBIOS_NO:
		return s->called ? HEARD_BAD : take_refusal(talk, message);
	case NETBIOS_BAD:
		return HEARD_BAD;
	case NETBIOS_SMB:
		break;
	}
	return s->stage == STAGE_SMB1 ? take_smb1(talk, s, message) : take_smb2(talk, s, message);
}

const struct probe probe_smb = {
	.name = "smb",
	.summary = "SMB: dialect, signing, encryption, clock, names by NTLM; SMB 1 or not",
	.technique = "C-19",
	.port = 445,
	.flags = PROBE_STANDARD | PROBE_FULL,
	.state_size = sizeof(struct state),
	.connections = 2,
	.gives = (const enum fact[]){
		FACT_PORT, FACT_SMB_DIALECT, FACT_SMB_DIALECT_NO, FACT_SMB_UNDECIDED,
		FACT_SMB_NETBIOS, FACT_SMB1_DIALECT, FACT_SMB_SIGNING, FACT_SMB_CAPABILITY, FACT_SMB_CIPHER,
		FACT_SMB_SIGNING_ALG, FACT_SMB_HASH, FACT_SMB_COMPRESSION, FACT_SMB_GUID,
		FACT_SMB_SKEW, FACT_SMB_STARTED, FACT_SMB_AUTH, FACT_SMB_SESSION, FACT_SMB_REFUSED,
		FACT_SMB1_OFFERED, FACT_SMB1_SIGNING, FACT_SMB1_WEAK, NAMES_GIVES, FACT_COUNT
	},
	.ask = smb_ask,
	.hear = smb_hear,
};
