/* tls_model.c - a TLS server made of a table. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tls_model.h"
#include "tls_model_cert.h"
#include "../talk/replay.h"
#include "wire/tls_names.h"

struct hello {
	uint16_t	version;	/* highest offered */
	struct rd	suites, groups, schemes;
	bool		name, scsv, deflate, status, exts;
};

static void
read_extensions(struct hello *h, struct rd list)
{
	while (rd_more(&list)) {
		uint16_t type = rd_u16(&list);
		struct rd body = rd_vec(&list, 2);

		assert_false(body.bad);
		h->exts = true;
		if (type == 43) {
			struct rd versions = rd_vec(&body, 1);

			h->version = rd_u16(&versions);
		} else if (type == 10)
			h->groups = rd_vec(&body, 2);
		else if (type == 13)
			h->schemes = rd_vec(&body, 2);
		else if (type == 0)
			h->name = true;
		else if (type == 5)
			h->status = true;
	}
	assert_false(list.bad);
}

/* A hello must be well-formed to its last byte. */
static struct hello
read_hello(struct rd in)
{
	struct hello h = { .groups = { .len = 0 }, .schemes = { .len = 0 } };

	assert_int_equal(rd_u8(&in), 22);
	(void)rd_u16(&in);
	struct rd record = rd_vec(&in, 2);
	assert_int_equal(in.len, 0);
	assert_int_equal(rd_u8(&record), 1);
	struct rd m = rd_vec(&record, 3);
	assert_int_equal(record.len, 0);
	h.version = rd_u16(&m);
	(void)rd_sub(&m, 32);
	(void)rd_vec(&m, 1);
	h.suites = rd_vec(&m, 2);
	struct rd compressions = rd_vec(&m, 1);
	h.deflate = compressions.len == 2;
	if (m.len > 0)
		read_extensions(&h, rd_vec(&m, 2));
	assert_false(m.bad || h.suites.bad);
	for (struct rd s = h.suites; rd_more(&s);)
		h.scsv = rd_u16(&s) == 0x00ff;	/* the last one */
	return h;
}

static bool
offers(struct rd list, uint16_t code)
{
	while (rd_more(&list))
		if (rd_u16(&list) == code)
			return true;
	return false;
}

static bool
has(const uint16_t *list, uint16_t code)
{
	while (*list != 0)
		if (*list++ == code)
			return true;
	return false;
}

/* Up to TLS 1.2 those of RFC 7919 are for DHE alone. */
static bool
is_for(const struct hello *h, uint16_t group)
{
	const struct tls_group *g = tls_names_group(group);

	return h->version == 0x0304 || g == NULL || (g->flags & GROUP_FINITE) == 0;
}

static uint16_t
pick_group(const struct model *m, const struct hello *h)
{
	const uint16_t *groups = m->groups_12[0] != 0 && h->version < 0x0304 ? m->groups_12 : m->groups;

	for (struct rd g = h->groups; m->client_groups && rd_more(&g);) {
		uint16_t code = rd_u16(&g);
		if (has(groups, code) && is_for(h, code))
			return code;
	}
	for (size_t i = 0; groups[i] != 0; i++)
		if (offers(h->groups, groups[i]) && is_for(h, groups[i]))
			return groups[i];
	return 0;
}

/* Of RFC 7919; 0: the server's own parameters.  A hello that names no groups at all gets any. */
static uint16_t
pick_finite(const struct model *m, const struct hello *h)
{
	if (m->no_finite && h->groups.len == 0)
		return m->finite[0];
	for (size_t i = 0; i < sizeof(m->finite) / sizeof(m->finite[0]) && m->finite[i] != 0; i++)
		if (offers(h->groups, m->finite[i]))
			return m->finite[i];
	return 0;
}

static uint16_t
pick_scheme(const struct model *m, const struct hello *h)
{
	for (struct rd s = h->schemes; m->client_order && rd_more(&s);) {
		uint16_t code = rd_u16(&s);
		if (has(m->schemes, code))
			return code;
	}
	for (size_t i = 0; m->schemes[i] != 0; i++)
		if (offers(h->schemes, m->schemes[i]))
			return m->schemes[i];
	/* Before 1.2 no hello names them. */
	return m->schemes[0] == 0 || h->schemes.len == 0 ? 0x0401 : 0;
}

static bool
offers_ecdsa(struct rd suites)
{
	while (rd_more(&suites)) {
		const struct tls_suite *s = tls_names_suite(rd_u16(&suites));

		if (s != NULL && s->auth == TLS_AUTH_ECDSA)
			return true;
	}
	return false;
}

static bool
is_usable(const struct model *m, const struct hello *h, uint16_t code)
{
	const struct tls_suite *s = tls_names_suite(code);

	if (s->kx == TLS_KX_ECDHE && s->auth == TLS_AUTH_ECDSA && m->ecdsa_curve != 0 &&
	    !offers(h->groups, m->ecdsa_curve))
		return false;
	if ((s->kx == TLS_KX_ECDHE || s->kx == TLS_KX_DHE) && pick_scheme(m, h) == 0)
		return false;
	if (m->apart && s->auth != TLS_AUTH_ECDSA && h->version < 0x0304 && offers_ecdsa(h->suites))
		return false;
	if (s->kx == TLS_KX_DHE && m->own_finite && offers(h->groups, 256))
		return false;
	if (s->kx == TLS_KX_DHE && m->no_finite && !m->stumbles && pick_finite(m, h) == 0)
		return false;
	/* Without the extension any group will do (RFC 8422 4). */
	return (s->kx != TLS_KX_ECDHE && s->kx != TLS_KX_ANY) || !h->exts || pick_group(m, h) != 0;
}

static uint16_t
pick_suite(const struct model *m, const struct hello *h, const uint16_t *mine)
{
	if (m->client_order) {
		for (struct rd s = h->suites; rd_more(&s);) {
			uint16_t code = rd_u16(&s);
			if (has(mine, code) && is_usable(m, h, code))
				return code;
		}
		return 0;
	}
	while (*mine != 0 && !(offers(h->suites, *mine) && is_usable(m, h, *mine)))
		mine++;
	return *mine;
}

/* ---- writing ---- */

static void
record(struct wr *w, unsigned type, const uint8_t *p, size_t n)
{
	wr_u8(w, type);
	wr_u16(w, 0x0303);
	size_t start = wr_open(w, 2);
	wr_put(w, p, n);
	wr_close(w, start, 2);
}

static void
alert(struct wr *w, unsigned level, unsigned what)
{
	record(w, 21, (const uint8_t[]){ (uint8_t)level, (uint8_t)what }, 2);
}

static void
extension(struct wr *w, unsigned type, unsigned value, size_t n)
{
	wr_u16(w, type);
	wr_u16(w, (unsigned)n);
	wr_be(w, value, n);
}

static void
server_hello(const struct model *m, const struct hello *h, uint16_t version, uint16_t suite,
    struct wr *w)
{
	static const uint8_t retry[] = "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91"
	    "\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c";
	static const uint8_t random[32] = { 7 };
	size_t msg, list;

	wr_u8(w, 2);
	msg = wr_open(w, 3);
	wr_u16(w, version > 0x0303 ? 0x0303 : version);
	wr_put(w, version == 0x0304 ? retry : random, 32);
	wr_u8(w, 0);
	wr_u16(w, suite);
	wr_u8(w, m->compresses && h->deflate ? 1 : 0);
	list = wr_open(w, 2);
	if (version == 0x0304) {
		extension(w, 43, version, 2);
		extension(w, 51, pick_group(m, h), 2);
	} else {
		if (!m->no_renegotiation)
			extension(w, 0xff01, 0, 1);
		if (!m->no_ems && h->exts)
			extension(w, 23, 0, 0);
	}
	wr_close(w, list, 2);
	wr_close(w, msg, 3);
}

/* The prime of ffdhe2048, as much of it as it is known by; 0: one of 1024 bits. */
static void
prime(uint16_t group, struct wr *w)
{
	static const uint8_t head[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xad, 0xf8, 0x54, 0x58, 0xa2, 0xbb, 0x4a, 0x9a };
	static const uint8_t tail[] = { 0x88, 0x6b, 0x42, 0x38, 0x61, 0x28, 0x5c, 0x97, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	size_t n = group == 0 ? 128 : 256;

	wr_u16(w, (unsigned)n);
	if (group != 0)
		wr_put(w, head, sizeof(head));
	for (size_t i = group != 0 ? sizeof(head) + sizeof(tail) : 0; i < n; i++)
		wr_u8(w, 0x80);
	if (group != 0)
		wr_put(w, tail, sizeof(tail));
}

static void
key_exchange(const struct model *m, const struct hello *h, const struct tls_suite *s,
    uint16_t version, struct wr *w)
{
	size_t msg;

	if (s->kx != TLS_KX_ECDHE && s->kx != TLS_KX_DHE)
		return;
	wr_u8(w, 12);
	msg = wr_open(w, 3);
	if (s->kx == TLS_KX_ECDHE) {
		wr_u8(w, 3);
		wr_u16(w, h->exts ? pick_group(m, h) : 23);
		wr_u8(w, 4);
		wr_be(w, 0x01020304, 4);
	} else {
		prime(pick_finite(m, h), w);
		wr_u16(w, 1);
		wr_u8(w, 2);
		wr_u16(w, 1);
		wr_u8(w, 2);
	}
	if (version == 0x0303)
		wr_u16(w, pick_scheme(m, h));
	wr_u16(w, 2);
	wr_u16(w, 0xabcd);
	wr_close(w, msg, 3);
}

static void
certificate(bool ecdsa, struct wr *w)
{
	size_t msg, list, der;

	wr_u8(w, 11);
	msg = wr_open(w, 3);
	list = wr_open(w, 3);
	der = wr_open(w, 3);
	if (ecdsa)
		wr_put(w, tls_model_cert, sizeof(tls_model_cert) - 1);
	else
		wr_str(w, "0\x03no!");
	wr_close(w, der, 3);
	wr_close(w, list, 3);
	wr_close(w, msg, 3);
}

/* The messages of a flight, each end marked. */
struct flight {
	uint8_t	bytes[1024];
	size_t	end[6], n;
};

static void
send_flight(const struct model *m, const struct flight *f, struct wr *w)
{
	size_t total = f->end[f->n - 1], from = 0, step = 7;

	switch (m->pieces) {
	case PIECES_ONE_RECORD:
		record(w, 22, f->bytes, total);
		break;
	case PIECES_RECORD_EACH:
		for (size_t i = 0; i < f->n; from = f->end[i++])
			record(w, 22, f->bytes + from, f->end[i] - from);
		break;
	case PIECES_SPLIT:
		for (; from < total; from += step) {
			record(w, 22, f->bytes + from, total - from < step ? total - from : step);
			if (from < 20 * step)
				record(w, 22, f->bytes, 0);	/* an empty one is allowed, but not without end */
		}
		break;
	}
}

static void
answer(const struct model *m, const struct hello *h, uint16_t version, uint16_t suite,
    struct wr *out)
{
	const struct tls_suite *s = tls_names_suite(suite);
	struct flight f = { .n = 0 };
	struct wr w = wr_init(f.bytes, sizeof(f.bytes));

	if (m->warns)
		alert(out, 1, 112);
	server_hello(m, h, version, suite, &w);
	f.end[f.n++] = w.len;
	if (version < 0x0304) {
		if (s->auth != TLS_AUTH_anon)
			certificate(s->auth == TLS_AUTH_ECDSA, &w);
		f.end[f.n++] = w.len;
		key_exchange(m, h, s, version, &w);
		f.end[f.n++] = w.len;
		if (!m->no_done)
			wr_be(&w, 14u << 24, 4);
		f.end[f.n++] = w.len;
	}
	assert_false(w.full);
	send_flight(m, &f, out);
	if (m->alert_after)
		alert(out, 2, 40);
}

/* True: closed after what was written. */
static bool
refuse(enum refusal how, struct wr *w)
{
	static const uint8_t alerts[][2] = { [REFUSE_40] = { 2, 40 }, [REFUSE_70] = { 2, 70 },
		[REFUSE_112] = { 2, 112 }, [REFUSE_WARNING_CLOSE] = { 1, 112 }, [REFUSE_SILENT] = { 0 } };

	if (alerts[how][0] != 0)
		alert(w, alerts[how][0], alerts[how][1]);
	return how != REFUSE_SILENT;
}

static bool
answer_v2(struct model *m, struct wr *w)
{
	size_t at;

	m->hellos[0]++;
	if (m->wants_name)
		return refuse(REFUSE_112, w);
	if (!m->v2)
		return refuse(m->refusal, w);
	wr_u8(w, 0x80);
	at = wr_open(w, 1);
	wr_be(w, 0x04000100020003, 7);
	wr_be(w, 0x00060010, 4);
	wr_be(w, 0x300101, 3);			/* a certificate, or not */
	wr_be(w, 0x010080, 3);
	wr_be(w, 0x0700c0, 3);
	wr_be(w, 0, 8);
	wr_be(w, 0, 8);
	wr_close(w, at, 1);
	return false;
}

/* It has chosen, and cannot: SRP where the hello names no user (RFC 5054 2.5.1.3), DHE without parameters. */
static bool
is_stuck(const struct model *m, const struct hello *h, const struct tls_suite *s)
{
	return s->kx == TLS_KX_SRP ||
	    (m->stumbles && h->version < 0x0304 && s->kx == TLS_KX_DHE && pick_finite(m, h) == 0);
}

bool
tls_model_respond(struct model *m, struct rd in, struct wr *w)
{
	struct hello h;

	m->connections += m->door[0] == NULL;
	if (m->text != NULL) {
		wr_str(w, m->text);
		return true;
	}
	if (m->silences > 0) {
		m->silences--;
		return false;
	}
	if (m->drops != 0 && ++m->met % m->drops == 0)
		return true;
	if (m->tires != 0 && m->answers >= m->tires)
		return refuse(REFUSE_CLOSE, w);
	if ((in.p[0] & 0x80) != 0)
		return answer_v2(m, w);
	h = read_hello(in);
	m->hellos[h.version - 0x0300 + 1]++;
	m->awkward += in.len - 5 >= 256 && in.len - 5 < 512;
	if (m->longest != 0 && in.len > m->longest)
		return refuse(m->dropped, w);
	if ((m->nameless && h.name) || (m->wants_name && !h.name))
		return refuse(REFUSE_112, w);
	if (m->needs_scsv && !h.scsv)
		return refuse(REFUSE_CLOSE, w);
	/* The highest version that both have (RFC 5246 E.1). */
	for (uint16_t v = h.version; v >= 0x0300; v--)
		for (size_t i = 0; m->has[i].version != 0; i++) {
			uint16_t suite;

			if (m->has[i].version != v)
				continue;
			suite = m->ignores != 0 ? m->ignores : pick_suite(m, &h, m->has[i].suites);
			if (suite == 0 || is_stuck(m, &h, tls_names_suite(suite)))
				return refuse(m->refusal, w);
			m->answers++;
			answer(m, &h, v, suite, w);
			return m->alert_after || m->no_done;
		}
	return refuse(m->refusal, w);
}
