/* tls_hello.c - write a ClientHello of any version, also SSLv3's and SSLv2's. */
#include <string.h>

#include "bytes.h"
#include "wire/tls_hello.h"
#include "wire/tls_names.h"

/*
 * Nothing here is secret and no handshake is ever finished, so that a fixed
 * random makes the same hello each time.
 */
static const char random_bytes[32 + 1] = "exvet reads your hello, no more.";

static bool
is_name(const char *host)
{
	size_t n = host != NULL ? strlen(host) : 0;

	/* RFC 6066 3: no addresses; a name without any letter is one. */
	return n > 0 && n < 256 && strchr(host, ':') == NULL &&
	    strspn(host, "0123456789.") != n;
}

static void
ext_sni(const struct tls_offer *o, struct wr *w)
{
	size_t list = wr_open(w, 2), name;

	wr_u8(w, 0);			/* host_name */
	name = wr_open(w, 2);
	wr_str(w, o->host);
	wr_close(w, name, 2);
	wr_close(w, list, 2);
}

static void
ext_groups(const struct tls_offer *o, struct wr *w)
{
	size_t list = wr_open(w, 2);

	for (size_t i = 0; i < o->ngroups; i++)
		wr_u16(w, o->groups[i]);
	wr_close(w, list, 2);
}

static void
ext_points(const struct tls_offer *o, struct wr *w)
{
	(void)o;
	wr_u8(w, 1);
	wr_u8(w, 0);			/* uncompressed */
}

static void
ext_schemes(const struct tls_offer *o, struct wr *w)
{
	size_t list = wr_open(w, 2);

	for (size_t i = 0; i < o->nschemes; i++)
		wr_u16(w, o->schemes[i]);
	for (size_t i = 0; o->nschemes == 0 && i < TLS_SCHEMES_ORDINARY; i++)
		wr_u16(w, tls_names_schemes[i].code);
	wr_close(w, list, 2);
}

static void
ext_versions(const struct tls_offer *o, struct wr *w)
{
	(void)o;
	wr_u8(w, 2);
	wr_u16(w, 0x0304);
}

/* Public values that are on their curves: the base points (RFC 7748, SEC 2). */
static const uint8_t x25519_base[32] = { 9 };
static const uint8_t p256_base[65] = {
	0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5,
	0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4,
	0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a,
	0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33,
	0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

static void
share(struct wr *w, unsigned group, const uint8_t *key, size_t len)
{
	wr_u16(w, group);
	wr_u16(w, (unsigned)len);
	wr_put(w, key, len);
}

static void
ext_share(const struct tls_offer *o, struct wr *w)
{
	size_t list = wr_open(w, 2);

	if (o->share == TLS_SHARE_X25519 || o->share == TLS_SHARE_BOTH)
		share(w, 29, x25519_base, sizeof(x25519_base));
	if (o->share == TLS_SHARE_P256 || o->share == TLS_SHARE_BOTH)
		share(w, 23, p256_base, sizeof(p256_base));
	wr_close(w, list, 2);
}

static void
ext_alpn(const struct tls_offer *o, struct wr *w)
{
	size_t list = wr_open(w, 2);

	for (const char *p = o->alpn; *p != '\0';) {
		size_t n = strcspn(p, " ");

		wr_u8(w, (unsigned)n);
		wr_put(w, p, n);
		p += n + (p[n] == ' ');
	}
	wr_close(w, list, 2);
}

static void
ext_status(const struct tls_offer *o, struct wr *w)
{
	(void)o;
	wr_u8(w, 1);			/* ocsp */
	wr_u16(w, 0);			/* no responders */
	wr_u16(w, 0);			/* no extensions */
}

static void
ext_empty(const struct tls_offer *o, struct wr *w)
{
	(void)o;
	(void)w;
}

static bool want_sni(const struct tls_offer *o)    { return is_name(o->host); }
static bool want_groups(const struct tls_offer *o) { return o->ngroups > 0; }
static bool want_share(const struct tls_offer *o)  { return o->share != TLS_SHARE_NONE; }
static bool want_alpn(const struct tls_offer *o)   { return o->alpn != NULL; }
static bool want_status(const struct tls_offer *o) { return o->staple; }

/* Extensions in the order sent: type, first and last version they belong in. */
static const struct ext {
	uint16_t type, since, until;
	bool	(*want)(const struct tls_offer *);	/* NULL: always */
	void	(*body)(const struct tls_offer *, struct wr *);
} exts[] = {
	{ 0x0000, 0x0300, 0x0304, want_sni, ext_sni },
	{ 0x000a, 0x0300, 0x0304, want_groups, ext_groups },
	{ 0x000b, 0x0300, 0x0304, want_groups, ext_points },
	{ 0x000d, 0x0303, 0x0304, NULL, ext_schemes },
	{ 0x0005, 0x0300, 0x0303, want_status, ext_status },
	{ 0x0010, 0x0300, 0x0304, want_alpn, ext_alpn },
	{ 0x0017, 0x0300, 0x0304, NULL, ext_empty },		/* extended_master_secret */
	{ 0x0023, 0x0300, 0x0304, NULL, ext_empty },		/* session_ticket */
	{ 0x002b, 0x0304, 0x0304, NULL, ext_versions },
	{ 0x0033, 0x0304, 0x0304, want_share, ext_share },
};

/*
 * Lengths that some balancers cannot bear: 256 to 511 in the record's length
 * field, and 10 or 14 modulo 256; whether they count the record, the message
 * or its body is not told, so all three are kept clear.
 */
static bool
is_awkward(size_t len)
{
	static const size_t headers[] = { 0, 5, 9 };

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		size_t n = len - headers[i];

		if (n % 256 == 10 || n % 256 == 14 || (n >= 256 && n < 512))
			return true;
	}
	return false;
}

/* RFC 7685: bytes of padding, 0 or at least the 4 of its header. */
static size_t
padding(size_t len)
{
	size_t to = len;

	if (!is_awkward(len))
		return 0;
	for (to = len + 4; is_awkward(to); to++)
		;
	return to - len;
}

static void
write_extensions(const struct tls_offer *o, struct wr *w, size_t record)
{
	static const uint8_t zero[300];
	size_t list = wr_open(w, 2), pad;

	for (size_t i = 0; i < sizeof(exts) / sizeof(exts[0]); i++) {
		size_t body;

		if (o->version < exts[i].since || o->version > exts[i].until ||
		    (exts[i].want != NULL && !exts[i].want(o)))
			continue;
		wr_u16(w, exts[i].type);
		body = wr_open(w, 2);
		exts[i].body(o, w);
		wr_close(w, body, 2);
	}
	pad = padding(w->len - record);
	if (pad > 0) {
		wr_u16(w, 21);
		wr_u16(w, (unsigned)(pad - 4));
		wr_put(w, zero, pad - 4);
	}
	wr_close(w, list, 2);
}

/*
 * SSLv2 CLIENT-HELLO with every cipher kind (draft-hickman-netscape-ssl-00);
 * the server answers with those that it has.
 */
static void
write_v2(struct wr *w)
{
	static const uint8_t kinds[] = {
		0x07, 0x00, 0xc0, 0x07, 0x01, 0xc0, 0x03, 0x00, 0x80, 0x01, 0x00, 0x80,
		0x05, 0x00, 0x80, 0x06, 0x00, 0x40, 0x06, 0x01, 0x40, 0x08, 0x00, 0x80,
		0x04, 0x00, 0x80, 0x02, 0x00, 0x80, 0xff, 0x08, 0x00, 0xff, 0x08, 0x10,
	};

	wr_u16(w, 0x8000 | (9 + sizeof(kinds) + 16));
	wr_u8(w, 1);			/* CLIENT-HELLO */
	wr_u16(w, 0x0002);
	wr_u16(w, sizeof(kinds));
	wr_u16(w, 0);			/* session id */
	wr_u16(w, 16);			/* challenge */
	wr_put(w, kinds, sizeof(kinds));
	wr_put(w, random_bytes, 16);
}

void
tls_hello_write(const struct tls_offer *o, struct wr *w)
{
	static const uint16_t older[] = { 0xc02f, 0xc02b, 0xc014, 0x009c, 0x002f };
	unsigned legacy = o->version > 0x0303 ? 0x0303 : o->version;
	size_t record, message, list, start = w->len;

	if (o->version == 0x0002) {
		write_v2(w);
		return;
	}
	wr_u8(w, 22);			/* handshake */
	wr_u16(w, legacy > 0x0301 ? 0x0301 : legacy);
	record = wr_open(w, 2);
	wr_u8(w, 1);			/* client_hello */
	message = wr_open(w, 3);
	wr_u16(w, legacy);
	wr_put(w, random_bytes, 32);
	wr_u8(w, 0);			/* session id */
	list = wr_open(w, 2);
	for (size_t i = 0; i < o->nsuites; i++)
		wr_u16(w, o->suites[i]);
	/* What a server without 1.3 can answer: its older version is then told. */
	for (size_t i = 0; o->version == 0x0304 && i < sizeof(older) / sizeof(older[0]); i++)
		wr_u16(w, older[i]);
	wr_u16(w, 0x00ff);		/* TLS_EMPTY_RENEGOTIATION_INFO_SCSV */
	wr_close(w, list, 2);
	wr_u8(w, o->compress ? 2 : 1);
	if (o->compress)
		wr_u8(w, 1);		/* DEFLATE */
	wr_u8(w, 0);
	if (!o->bare)
		write_extensions(o, w, start);
	wr_close(w, message, 3);
	wr_close(w, record, 2);
}
