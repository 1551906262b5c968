/* der.c - the little of DER (X.690) that SPNEGO tokens and the names of roots need. */
#include <inttypes.h>
#include <stdio.h>

#include "wire/der.h"

bool
der_next(struct rd *r, unsigned *tag, struct rd *contents)
{
	size_t len;

	if (!rd_more(r))
		return false;
	*tag = rd_u8(r);
	len = rd_u8(r);
	/* Long tags do not occur in SPNEGO; an indefinite length is no DER (8.1.3.6). */
	if ((*tag & 0x1f) == 0x1f || len == 0x80 || len > 0x84)
		r->bad = true;
	else if (len > 0x80)
		len = (size_t)rd_be(r, len & 0x7f);
	*contents = rd_sub(r, len);
	return !r->bad;
}

struct rd
der_enter(struct rd *r, unsigned tag)
{
	struct rd contents;
	unsigned found;

	if (!der_next(r, &found, &contents) || found != tag) {
		r->bad = true;
		return (struct rd){ .bad = true };
	}
	return contents;
}

const char *
der_oid(struct rd r, char buf[DER_OID])
{
	size_t used = 0;
	uint32_t arc = 0;
	bool first = true;
	int n;

	buf[0] = '\0';
	while (rd_more(&r)) {
		unsigned byte = rd_u8(&r);

		if (arc > UINT32_MAX >> 7 || (r.len == 0 && (byte & 0x80) != 0)) {
			buf[0] = '\0';
			break;
		}
		arc = arc << 7 | (byte & 0x7f);
		if ((byte & 0x80) != 0)
			continue;
		if (first)	/* 8.19.4: two arcs in one number */
			n = snprintf(buf, DER_OID, "%u.%" PRIu32, arc < 80 ? (unsigned)arc / 40 : 2,
			    arc < 80 ? arc % 40 : arc - 80);
		else
			n = snprintf(buf + used, DER_OID - used, ".%" PRIu32, arc);
		used += (size_t)n;
		if (used >= DER_OID)
			break;
		first = false;
		arc = 0;
	}
	return buf;
}
