/* spnego.c - SPNEGO (RFC 4178, MS-SPNG), read and written as far as NTLM needs. */
#include <stdio.h>

#include "wire/spnego.h"

enum {
	TAG_OCTETS = 0x04, TAG_OID = 0x06, TAG_SEQUENCE = 0x30,
	TAG_GSS = 0x60,			/* RFC 2743, section 3.1 */
	TAG_0 = 0xa0, TAG_1 = 0xa1, TAG_2 = 0xa2,
};

static const uint8_t oid_spnego[] = { 0x2b, 6, 1, 5, 5, 2 };
static const uint8_t oid_ntlm[] = { 0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10 };

static const struct { const char *oid, *name; } names[] = {
	{ "1.3.6.1.4.1.311.2.2.10", "ntlm" },
	{ "1.2.840.113554.1.2.2", "kerberos" },
	{ "1.2.840.48018.1.2.2", "kerberos" },		/* Windows 2000's slip, still sent */
	{ "1.2.840.113554.1.2.2.3", "kerberos-user-to-user" },
	{ "1.3.6.1.4.1.311.2.2.30", "negoex" },
	{ "1.3.6.1.5.2.5", "iakerb" },
};

static size_t
open_tag(struct wr *w, unsigned tag)
{
	wr_u8(w, tag);
	return wr_open(w, 1);
}

/* A length of one byte: below 128. */
static void
close_tag(struct wr *w, size_t start)
{
	if (w->len - start > 127)
		w->full = true;
	wr_close(w, start, 1);
}

static void
put_oid(struct wr *w, const uint8_t *oid, size_t len)
{
	size_t at = open_tag(w, TAG_OID);

	wr_put(w, oid, len);
	close_tag(w, at);
}

void
spnego_write_ntlm(struct wr *w, const void *message, size_t len)
{
	size_t gss = open_tag(w, TAG_GSS), init, sequence, part, inner;

	put_oid(w, oid_spnego, sizeof(oid_spnego));
	init = open_tag(w, TAG_0);
	sequence = open_tag(w, TAG_SEQUENCE);
	part = open_tag(w, TAG_0);			/* mechTypes */
	inner = open_tag(w, TAG_SEQUENCE);
	put_oid(w, oid_ntlm, sizeof(oid_ntlm));
	close_tag(w, inner);
	close_tag(w, part);
	part = open_tag(w, TAG_2);			/* mechToken */
	inner = open_tag(w, TAG_OCTETS);
	wr_put(w, message, len);
	close_tag(w, inner);
	close_tag(w, part);
	close_tag(w, sequence);
	close_tag(w, init);
	close_tag(w, gss);
}

/* Both kinds are a sequence of tagged parts; [0] and [2] are what we want. */
static bool
read_parts(struct rd r, bool init, struct spnego *out)
{
	struct rd part;
	unsigned tag;

	while (der_next(&r, &tag, &part)) {
		if (tag == TAG_0 && init)
			out->mechs = der_enter(&part, TAG_SEQUENCE);
		else if (tag == TAG_2)
			out->token = der_enter(&part, TAG_OCTETS);
		else
			continue;
		if (part.bad)
			return false;
	}
	return !r.bad;
}

bool
spnego_read(struct rd r, struct spnego *out)
{
	struct rd token, oid, body;
	unsigned tag;

	*out = (struct spnego){ .token = { .len = 0 } };
	if (!der_next(&r, &tag, &token))
		return false;
	if (tag == TAG_1) {				/* negTokenResp */
		body = der_enter(&token, TAG_SEQUENCE);
		return !body.bad && read_parts(body, false, out);
	}
	if (tag != TAG_GSS)
		return false;
	oid = der_enter(&token, TAG_OID);
	if (oid.bad || oid.len != sizeof(oid_spnego) ||
	    memcmp(oid.p, oid_spnego, sizeof(oid_spnego)) != 0)
		return false;
	body = der_enter(&token, TAG_0);
	body = der_enter(&body, TAG_SEQUENCE);
	return !body.bad && read_parts(body, true, out);
}

bool
spnego_next(struct spnego *s, char name[DER_OID])
{
	struct rd oid;
	unsigned tag;

	if (!der_next(&s->mechs, &tag, &oid) || tag != TAG_OID)
		return false;
	(void)der_oid(oid, name);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].oid, name) == 0)
			(void)snprintf(name, DER_OID, "%s", names[i].name);
	return name[0] != '\0';
}
