/* tls_reply.c - read what a server says to a ClientHello. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "wire/tls_names.h"
#include "wire/tls_reply.h"

/* RFC 8446 5.1 allows 2^14; RFC 5246 6.2.3 some more. */
enum { RECORD_MAX = 16384 + 2048, EMPTY_MAX = 32 };

static unsigned
bit_length(struct rd v)
{
	while (v.len > 0 && *v.p == 0)
		(void)rd_u8(&v);
	unsigned bits = (unsigned)v.len * 8;

	for (unsigned mask = 0x80; v.len > 0 && mask != 0 && (*v.p & mask) == 0; mask >>= 1)
		bits--;
	return bits;
}

/* ---- ServerHello ---- */

static void
read_share(struct tls_reply *r, struct rd body)
{
	r->group = rd_u16(&body);
}

static void
read_version(struct tls_reply *r, struct rd body)
{
	uint16_t v = rd_u16(&body);

	if (!body.bad)
		r->version = v;
}

static void
read_alpn(struct tls_reply *r, struct rd body)
{
	struct rd list = rd_vec(&body, 2), name = rd_vec(&list, 1);

	if (!name.bad && name.len < sizeof(r->alpn) && memchr(name.p, 0, name.len) == NULL)
		memcpy(r->alpn, name.p, name.len);
}

static void read_renegotiation(struct tls_reply *r, struct rd b) { (void)b; r->renegotiation = true; }
static void read_ems(struct tls_reply *r, struct rd b)    { (void)b; r->ems = true; }
static void read_ticket(struct tls_reply *r, struct rd b) { (void)b; r->ticket = true; }
static void read_sni(struct tls_reply *r, struct rd b)    { (void)b; r->sni = true; }
static void read_etm(struct tls_reply *r, struct rd b)    { (void)b; r->encrypt_then_mac = true; }

static const struct ext {
	uint16_t type;
	void (*read)(struct tls_reply *, struct rd);
} exts[] = {
	{ 0x0000, read_sni }, { 0x0010, read_alpn }, { 0x0016, read_etm },
	{ 0x0017, read_ems }, { 0x0023, read_ticket }, { 0x002b, read_version },
	{ 0x0033, read_share }, { 0xff01, read_renegotiation },
};

static void
read_extensions(struct tls_reply *r, struct rd *list)
{
	while (rd_more(list)) {
		uint16_t type = rd_u16(list);
		struct rd body = rd_vec(list, 2);

		for (size_t i = 0; !body.bad && i < sizeof(exts) / sizeof(exts[0]); i++)
			if (exts[i].type == type)
				exts[i].read(r, body);
	}
}

/* RFC 8446 4.1.3: the random that makes a ServerHello a HelloRetryRequest. */
static const uint8_t retry_random[32] = {
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e,
	0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e,
	0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

static bool
read_hello(struct tls_reply *r, struct rd m)
{
	struct rd list = { .len = 0 };
	const uint8_t *random;

	r->version = rd_u16(&m);
	random = rd_take(&m, 32);
	struct rd session = rd_vec(&m, 1);
	r->suite = rd_u16(&m);
	r->compression = rd_u8(&m);
	if (m.bad || session.len > 32 || r->version < 0x0300 || r->version > 0x0303)
		return false;
	r->retry = memcmp(random, retry_random, 32) == 0;
	r->downgrade = memcmp(random + 24, "DOWNGRD", 7) == 0 && random[31] <= 1;
	if (m.len > 0) {
		list = rd_vec(&m, 2);
		read_extensions(r, &list);
	}
	return !m.bad && !list.bad && tls_names_version(r->version) != NULL;
}

/* ---- what follows a ServerHello up to 1.2 ---- */

static bool
read_certificate(struct tls_reply *r, struct rd m)
{
	struct rd list = rd_vec(&m, 3);

	while (rd_more(&list)) {
		struct rd der = rd_vec(&list, 3);

		if (der.bad)
			break;
		if (r->ncerts < LIMIT_CERT_CHAIN)
			r->cert[r->ncerts++] = der;
		else
			r->certs_cut = true;
	}
	return !m.bad && !list.bad;
}

static bool
read_status(struct tls_reply *r, struct rd m)
{
	uint8_t type = rd_u8(&m);
	struct rd answer = rd_vec(&m, 3);

	r->stapled = type == 1 && answer.len > 0;
	r->staple = answer;
	return !answer.bad;
}

/*
 * RFC 7919 appendix A: all its primes begin alike; the eight bytes before the
 * last eight tell one from another.
 */
static uint16_t
group_of(struct rd prime)
{
	static const uint8_t head[16] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xad, 0xf8, 0x54, 0x58, 0xa2, 0xbb, 0x4a, 0x9a,
	};
	static const struct { uint16_t group; size_t len; uint8_t tail[8]; } groups[] = {
		{ 256, 256, { 0x88, 0x6b, 0x42, 0x38, 0x61, 0x28, 0x5c, 0x97 } },
		{ 257, 384, { 0x25, 0xe4, 0x1d, 0x2b, 0x66, 0xc6, 0x2e, 0x37 } },
		{ 258, 512, { 0xc6, 0x8a, 0x00, 0x7e, 0x5e, 0x65, 0x5f, 0x6a } },
		{ 259, 768, { 0xa4, 0x0e, 0x32, 0x9c, 0xd0, 0xe4, 0x0e, 0x65 } },
		{ 260, 1024, { 0xd6, 0x8c, 0x8b, 0xb7, 0xc5, 0xc6, 0x42, 0x4c } },
	};

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (prime.len == groups[i].len && memcmp(prime.p, head, sizeof(head)) == 0 &&
		    memcmp(prime.p + prime.len - 16, groups[i].tail, 8) == 0)
			return groups[i].group;
	return 0;
}

static bool
read_curve(struct tls_reply *r, struct rd *m)
{
	uint8_t type = rd_u8(m);

	if (type == 3) {		/* named_curve, RFC 8422 5.4 */
		r->group = rd_u16(m);
		(void)rd_vec(m, 1);
		return !m->bad;
	}
	/* The others are not read to their end: no scheme is known then. */
	r->explicit_curve = type == 1 || type == 2;
	return false;
}

static void
read_signature(struct tls_reply *r, struct rd *m, const struct tls_suite *s)
{
	if (r->version != 0x0303 || s->auth == TLS_AUTH_anon || s->auth == TLS_AUTH_PSK)
		return;
	uint16_t scheme = rd_u16(m);
	(void)rd_vec(m, 2);
	if (!m->bad)
		r->scheme = scheme;
}

/* RFC 5246 7.4.3, RFC 8422 5.4, RFC 4279 2, RFC 5489 2. */
static bool
read_key_exchange(struct tls_reply *r, struct rd m)
{
	const struct tls_suite *s = tls_names_suite(r->suite);
	struct rd first, hint;

	if (s == NULL)
		return true;
	if (s->kx == TLS_KX_PSK || s->kx == TLS_KX_RSA_PSK || s->kx == TLS_KX_DHE_PSK ||
	    s->kx == TLS_KX_ECDHE_PSK) {
		hint = rd_vec(&m, 2);
		if (hint.bad)
			return false;
	}
	switch (s->kx) {
	case TLS_KX_ECDHE:
	case TLS_KX_ECDHE_PSK:
		if (read_curve(r, &m))
			read_signature(r, &m, s);
		return !m.bad;
	case TLS_KX_DHE:
	case TLS_KX_DHE_PSK:
		first = rd_vec(&m, 2);			/* p */
		(void)rd_vec(&m, 2);			/* g */
		(void)rd_vec(&m, 2);			/* Ys */
		if (!m.bad) {
			r->dh_bits = bit_length(first);
			r->dh_group = group_of(first);
		}
		read_signature(r, &m, s);
		return !m.bad;
	case TLS_KX_RSA:
		first = rd_vec(&m, 2);			/* modulus: only EXPORT sends one */
		r->rsa_bits = first.bad ? 0 : bit_length(first);
		return !first.bad;
	default:
		return true;
	}
}

static bool
read_message(struct tls_reply *r, uint8_t type, struct rd m)
{
	switch (type) {
	case 11:
		return r->version == 0x0304 || read_certificate(r, m);
	case 12:
		return read_key_exchange(r, m);
	case 13:
		r->asks_cert = true;
		return true;
	case 14:
		r->done = true;
		return true;
	case 22:
		return read_status(r, m);
	default:
		return true;
	}
}

/* ---- SSLv2 (draft-hickman-netscape-ssl-00) ---- */

static enum tls_answer
read_v2(struct rd in, bool ended, struct tls_reply *r)
{
	unsigned head = rd_u16(&in);
	struct rd rec, specs, cert;
	uint16_t ncert, nspecs;

	if (in.bad)
		return ended ? TLS_ANSWER_CLOSED : TLS_ANSWER_PART;
	if ((head & 0x8000) == 0)
		(void)rd_u8(&in);	/* padding length; the header has three bytes */
	rec = rd_sub(&in, head & ((head & 0x8000) != 0 ? 0x7fff : 0x3fff));
	if (rec.bad)
		return ended ? TLS_ANSWER_BAD : TLS_ANSWER_PART;
	uint8_t type = rd_u8(&rec);
	if (type == 0)			/* ERROR */
		return TLS_ANSWER_ALERT;
	(void)rd_u8(&rec);		/* session id hit */
	(void)rd_u8(&rec);		/* certificate type */
	r->version = rd_u16(&rec);
	ncert = rd_u16(&rec);
	nspecs = rd_u16(&rec);
	(void)rd_u16(&rec);		/* connection id length */
	cert = rd_sub(&rec, ncert);
	specs = rd_sub(&rec, nspecs);
	if (type != 4 || r->version != 0x0002 || specs.bad || nspecs % 3 != 0)
		return TLS_ANSWER_BAD;
	/* The bytes are the caller's: keep a copy, as with later versions. */
	r->hand = (uint8_t *)text_dup_n((const char *)cert.p, cert.len);
	r->nhand = cert.len;
	if (ncert > 0)
		r->cert[r->ncerts++] = rd_init(r->hand, cert.len);
	while (rd_more(&specs) && r->nkinds < sizeof(r->kinds) / sizeof(r->kinds[0]))
		r->kinds[r->nkinds++] = rd_u24(&specs);
	r->done = true;
	return TLS_ANSWER_HELLO;
}

/* ---- records ---- */

enum end { END_MORE, END_CUT, END_FATAL, END_OTHER };

static enum end
read_alerts(struct tls_reply *r, struct rd body)
{
	while (rd_more(&body)) {
		uint8_t level = rd_u8(&body), what = rd_u8(&body);

		if (body.bad)
			return END_OTHER;
		if (level == 1 && what != 0) {	/* a warning is not the end */
			r->warnings++;
			r->warning = what;
			continue;
		}
		r->alerted = true;
		r->alert = what;
		return END_FATAL;
	}
	return END_MORE;
}

/* Join the handshake bytes of all whole records; how did it end? */
static enum end
join_records(struct tls_reply *r, struct rd in)
{
	unsigned empty = 0;

	while (in.len > 0) {
		struct rd at = in;
		uint8_t type = rd_u8(&at), major = rd_u8(&at);
		(void)rd_u8(&at);
		size_t len = rd_u16(&at);
		enum end e = END_MORE;

		if (type < 20 || type > 23 || (in.len > 1 && major != 3) ||
		    (!at.bad && len > RECORD_MAX) || (!at.bad && len == 0 && ++empty > EMPTY_MAX))
			return END_OTHER;
		struct rd body = rd_sub(&at, len);
		if (body.bad)
			return type == 22 ? END_CUT : END_MORE;
		if (type == 21)
			e = read_alerts(r, body);
		else if (type != 22 || r->nhand + len > LIMIT_TALK_BYTES)
			e = END_OTHER;
		if (e != END_MORE)
			return e;
		if (type == 22 && len > 0) {
			memcpy(r->hand + r->nhand, body.p, len);
			r->nhand += len;
		}
		in = at;
	}
	return END_MORE;
}

/* All whole messages; false when one of them breaks the rules. */
static bool
read_messages(struct tls_reply *r, bool *hello)
{
	struct rd in = rd_init(r->hand, r->nhand);

	while (rd_more(&in) && !r->done) {
		struct rd at = in;
		uint8_t type = rd_u8(&at);
		struct rd m = rd_vec(&at, 3);

		if (m.bad)
			return true;		/* the rest is still to come */
		in = at;
		if (type == 0 && m.len == 0)	/* HelloRequest means nothing here */
			continue;
		if (*hello != (type != 2))
			return false;
		if (type == 2) {
			if (!read_hello(r, m))
				return false;
			*hello = true;
			if (r->version == 0x0304 || r->retry)
				return true;
		} else if (!read_message(r, type, m))
			return false;
	}
	return true;
}

static bool
is_text(uint8_t c)
{
	return (c >= ' ' && c < 0x7f) || c == '\r' || c == '\n' || c == '\t' || c >= 0xa0;
}

/* Not TLS from its first byte on. */
static enum tls_answer
read_plain(struct rd in, bool ended, struct tls_reply *r)
{
	struct rd line = in, rest = in;

	for (size_t i = 0; i < in.len && i < sizeof(r->text) - 1; i++)
		if (!is_text(in.p[i]))
			return TLS_ANSWER_BAD;
	if (!rd_line(&rest, &line) && !ended && in.len < sizeof(r->text) - 1)
		return TLS_ANSWER_PART;
	size_t n = line.len < sizeof(r->text) - 1 ? line.len : sizeof(r->text) - 1;
	if (n > 0)
		memcpy(r->text, line.p, n);
	return TLS_ANSWER_PLAIN;
}

static enum tls_answer
judge(struct tls_reply *r, enum end e, bool ended, bool hello, bool sound, uint16_t offered)
{
	if (hello && r->version <= offered) {
		/* An alert after it, or a broken certificate, takes nothing back. */
		if (r->version == 0x0304 || r->retry || r->done || !sound ||
		    e == END_FATAL || e == END_OTHER || ended)
			return TLS_ANSWER_HELLO;
		return TLS_ANSWER_PART;
	}
	if (hello || !sound || e == END_OTHER)
		return TLS_ANSWER_BAD;
	if (e == END_FATAL)
		return TLS_ANSWER_ALERT;
	if (!ended)
		return TLS_ANSWER_PART;
	/* A ServerHello that was cut short is no refusal. */
	return r->nhand > 0 || e == END_CUT ? TLS_ANSWER_BAD : TLS_ANSWER_CLOSED;
}

enum tls_answer
tls_reply_read(struct rd in, bool ended, uint16_t offered, struct tls_reply *r)
{
	bool hello = false, sound;
	enum end e;

	*r = (struct tls_reply){ .answer = TLS_ANSWER_PART };
	if (in.len == 0)
		return r->answer = ended ? TLS_ANSWER_CLOSED : TLS_ANSWER_PART;
	/* Text is text to either kind of hello; high bit set: an SSLv2 record. */
	if (in.p[0] >= ' ' && in.p[0] < 0x7f)
		return r->answer = read_plain(in, ended, r);
	if (offered == 0x0002 && (in.p[0] < 20 || in.p[0] > 23 || (in.len > 1 && in.p[1] != 3)))
		return r->answer = read_v2(in, ended, r);
	if ((in.p[0] & 0x80) != 0) {
		/* An SSLv2 ERROR to a later hello: that version is refused. */
		if (in.len < 3 && !ended)
			return r->answer;
		return r->answer = in.len >= 3 && in.p[0] == 0x80 && in.p[2] == 0 ?
		    TLS_ANSWER_ALERT : TLS_ANSWER_BAD;
	}
	r->hand = text_alloc(in.len < LIMIT_TALK_BYTES ? in.len : LIMIT_TALK_BYTES);
	e = join_records(r, in);
	sound = read_messages(r, &hello);
	r->answer = judge(r, e, ended, hello, sound, offered);
	if (!sound)			/* half a chain is none */
		r->ncerts = 0;
	/* To an SSLv2 hello any TLS is a refusal. */
	if (offered == 0x0002 && (hello || r->answer == TLS_ANSWER_BAD))
		r->answer = TLS_ANSWER_ALERT;
	return r->answer;
}

void
tls_reply_free(struct tls_reply *r)
{
	free(r->hand);
	r->hand = NULL;
}
