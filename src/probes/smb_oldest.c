/*
 * smb_oldest.c - the oldest dialect of SMB 2 and 3 that the server takes, in
 * one connection; only for those who ask for this probe by its name.
 *
 * One dialect after the other is offered alone, the oldest first.  A refusal
 * leaves the connection as it was (MS-SMB2 3.3.5.4), so it ends at the first
 * that is taken.
 */
#include "probes/note.h"
#include "probes/table.h"
#include "wire/netbios.h"
#include "wire/smb2.h"

static void
oldest_ask(struct talk *talk, struct wr *w)
{
	size_t frame = netbios_open(w);

	smb2_write_single(w, talk->step);
	netbios_close(w, frame);
}

static enum heard
take_answer(struct talk *talk, struct rd message)
{
	struct smb2_negotiated n;
	struct smb2_header h;
	unsigned asked = smb2_dialect_at(talk->step);

	if (!smb2_read_header(message, &h) || h.command != SMB2_NEGOTIATE)
		return HEARD_BAD;
	if (h.status != SMB2_STATUS_OK)
		return smb2_dialect_at(++talk->step) != 0 ? HEARD_NEXT : HEARD_DONE;
	if (!smb2_read_negotiated(message, &n) || n.dialect != asked)
		return HEARD_BAD;
	note_text(talk, FACT_SMB_OLDEST, smb2_dialect_name(asked), "offered alone");
	return HEARD_DONE;
}

static enum heard
oldest_hear(struct talk *talk, struct rd *in, bool ended)
{
	struct rd message;

	(void)ended;			/* without an answer nothing is known */
	switch (netbios_read(in, &message)) {
	case NETBIOS_PART:
		return HEARD_PART;
	case NETBIOS_SMB:
		return take_answer(talk, message);
	default:
		return HEARD_BAD;
	}
}

const struct probe probe_smb_oldest = {
	.name = "smb-oldest",
	.summary = "SMB: the oldest dialect that is taken; a third connection, only when named",
	.technique = "C-19",
	.port = 445,
	.gives = (const enum fact[]){ FACT_PORT, FACT_SMB_OLDEST, FACT_COUNT },
	.ask = oldest_ask,
	.hear = oldest_hear,
};
