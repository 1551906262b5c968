/* smb1.c - the negotiate exchange of SMB 1. */
#include "wire/smb1.h"

enum { NEGOTIATE = 0x72, REPLY = 0x80, NO_DIALECT = 0xffff, WORDS = 17 };

static const uint8_t magic[4] = { 0xff, 'S', 'M', 'B' };
static const char dialect[] = "NT LM 0.12";

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
	wr_u16le(w, sizeof(dialect) + 1);
	wr_u8(w, 2);					/* a dialect string */
	wr_put(w, dialect, sizeof(dialect));
}

enum smb1_answer
smb1_read_negotiated(struct rd r, struct smb1_negotiated *n)
{
	const uint8_t *mark = rd_take(&r, sizeof(magic));
	unsigned command = rd_u8(&r), flags, words, index;
	uint32_t status = rd_u32le(&r);
	uint64_t t;

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
	if (index == NO_DIALECT || words < WORDS)
		return SMB1_NO;
	*n = (struct smb1_negotiated){ .mode = rd_u8(&r) };
	(void)rd_take(&r, 16);		/* MaxMpxCount, -NumberVcs, -BufferSize, -RawSize, SessionKey */
	n->capabilities = rd_u32le(&r);
	t = rd_u64le(&r);
	n->time = t == 0 ? INT64_MIN : (int64_t)(t / 10000000) - INT64_C(11644473600);
	return r.bad ? SMB1_BAD : SMB1_YES;
}
