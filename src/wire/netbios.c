/* netbios.c - the frame in which SMB travels. */
#include "wire/netbios.h"

enum { TYPE_MESSAGE = 0x00, TYPE_REQUEST = 0x81, TYPE_POSITIVE = 0x82, TYPE_NEGATIVE = 0x83,
    TYPE_RETARGET = 0x84, TYPE_KEEP_ALIVE = 0x85, NAME = 16 };

enum netbios
netbios_read(struct rd *in, struct rd *message)
{
	for (;;) {
		struct rd r = *in;
		unsigned type = rd_u8(&r);
		size_t len = rd_u24(&r);

		if (in->len == 0)
			return NETBIOS_PART;
		if (in->p[0] != TYPE_MESSAGE && (in->p[0] < TYPE_POSITIVE || in->p[0] > TYPE_KEEP_ALIVE))
			return NETBIOS_BAD;
		if (r.bad)
			return NETBIOS_PART;
		if (len > NETBIOS_MESSAGE)
			return NETBIOS_BAD;
		*message = rd_sub(&r, len);
		if (r.bad)
			return NETBIOS_PART;
		*in = r;
		if (type != TYPE_KEEP_ALIVE)
			return type == TYPE_MESSAGE ? NETBIOS_SMB :
			    type == TYPE_POSITIVE ? NETBIOS_YES : NETBIOS_NO;
	}
}

/* First-level encoding: half a byte each, from 'A' (RFC 1001, section 14.1). */
static void
put_name(struct wr *w, const char *name, unsigned suffix)
{
	size_t n = strlen(name);

	wr_u8(w, NAME * 2);
	for (size_t i = 0; i < NAME; i++) {
		unsigned c = i == NAME - 1 ? suffix : i < n ? (uint8_t)name[i] : ' ';

		wr_u8(w, 'A' + (c >> 4));
		wr_u8(w, 'A' + (c & 15));
	}
	wr_u8(w, 0);
}

void
netbios_write_request(struct wr *w)
{
	size_t at;

	wr_u8(w, TYPE_REQUEST);
	at = wr_open(w, 3);
	put_name(w, "*SMBSERVER", 0x20);	/* whatever its name is: the file service */
	put_name(w, "EXVET", 0x00);
	wr_close(w, at, 3);
}

const char *
netbios_error_name(unsigned code)
{
	switch (code) {				/* RFC 1002 section 4.3.4 */
	case 0x80:
		return "not-listening-on-called-name";
	case 0x81:
		return "not-listening-for-calling-name";
	case 0x82:
		return "called-name-not-present";
	case 0x83:
		return "insufficient-resources";
	case 0x8f:
		return "unspecified-error";
	default:
		return NULL;
	}
}

size_t
netbios_open(struct wr *w)
{
	wr_u8(w, TYPE_MESSAGE);
	return wr_open(w, 3);
}

void
netbios_close(struct wr *w, size_t at)
{
	wr_close(w, at, 3);
}
