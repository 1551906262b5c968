/* smb1.c - the negotiate exchange of SMB 1. */
#include "wire/smb1.h"

enum {
	NEGOTIATE = 0x72, REPLY = 0x80, NO_DIALECT = 0xffff,
	WORDS_CORE = 1, WORDS_LANMAN = 13, WORDS_NT = 17,	/* MS-CIFS 2.2.4.52.2 */
};

static const uint8_t magic[4] = { 0xff, 'S', 'M', 'B' };
/* Oldest first; a server takes the last that it knows (MS-CIFS 2.2.4.52.1). */
static const char dialects[] = "\2PC NETWORK PROGRAM 1.0\0\2LANMAN1.0\0\2LM1.2X002\0"
    "\2LANMAN2.1\0\2NT LM 0.12";

void
smb1_write_negotiate(struct wr *w)
{
	wr_put(w, magic, sizeof(magic));		/* MS-CIFS 2.2.3.1 */
	wr_u8(w, NEGOTIATE);
	wr_u32le(w, 0);
	wr_u8(w, 0x18);					/* paths canonical and without case */
	wr_u16le(w, 0xc843);		/* Unicode, NT status, extended security, long names */
	wr_le(w, 0, 8);
	wr_le(w, 0, 4);
	wr_u16le(w, 0xffff);				/* TID: none */
	wr_u16le(w, 0xfeff);
	wr_le(w, 0, 4);					/* UID, MID */
	wr_u8(w, 0);					/* WordCount */
	wr_u16le(w, sizeof(dialects));
	wr_put(w, dialects, sizeof(dialects));
}

static void
read_nt(struct rd *r, struct smb1_negotiated *n)
{
	uint64_t t;

	n->mode = rd_u8(r);
	(void)rd_take(r, 16);		/* MaxMpxCount, -NumberVcs, -BufferSize, -RawSize, SessionKey */
	n->capabilities = rd_u32le(r);
	t = rd_u64le(r);
	if (t != 0)
		n->time = (int64_t)(t / 10000000) - INT64_C(11644473600);
}

enum smb1_answer
smb1_read_negotiated(struct rd r, struct smb1_negotiated *n)
{
	const uint8_t *mark = rd_take(&r, sizeof(magic));
	unsigned command = rd_u8(&r), flags, words, index;
	uint32_t status = rd_u32le(&r);

	flags = rd_u8(&r);
	(void)rd_take(&r, 22);
	words = rd_u8(&r);
	if (r.bad || memcmp(mark, magic, sizeof(magic)) != 0 || command != NEGOTIATE ||
	    (flags & REPLY) == 0)
		return SMB1_BAD;
	if (status != 0 || words == 0)
		return SMB1_NO;
	index = rd_u16le(&r);
	if (r.bad)
		return SMB1_BAD;
	if (index == NO_DIALECT)
		return SMB1_NO;
	/* The oldest knows neither users, nor hashes, nor signing. */
	*n = (struct smb1_negotiated){ .dialect = SMB1_CORE, .time = INT64_MIN };
	if (words == WORDS_LANMAN) {
		n->dialect = SMB1_LANMAN;
		n->mode = rd_u16le(&r) & (SMB1_USER_LEVEL | SMB1_HASHED_PASSWORDS);
		(void)rd_take(&r, (WORDS_LANMAN - 2) * 2);
	} else if (words >= WORDS_NT) {
		n->dialect = SMB1_NT;
		read_nt(&r, n);
	} else if (words != WORDS_CORE) {
		return SMB1_BAD;
	}
	return r.bad ? SMB1_BAD : SMB1_YES;
}

const char *
smb1_dialect_name(enum smb1_dialect d)
{
	static const char *const names[] = {
		[SMB1_CORE] = "core dialect", [SMB1_LANMAN] = "LANMAN dialect",
		[SMB1_NT] = "NT LM 0.12",
	};

	return names[d];
}
