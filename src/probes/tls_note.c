/* tls_note.c - the facts of one answer to a hello. */
#include <stdio.h>
#include <string.h>

#include "cert.h"
#include "cert_ocsp.h"
#include "probe.h"
#include "probes/tls_chain.h"
#include "probes/tls_note.h"
#include "wire/tls_names.h"
#include "wire/tls_reply.h"

void
tls_note_word(struct talk *t, enum fact fact, uint16_t version, const char *word,
    const char *evidence)
{
	const char *name = tls_names_version(version);
	char text[256];

	(void)snprintf(text, sizeof(text), "%s %s", name != NULL ? name : "TLS", word);
	obs_text(t->obs, fact, t->at, t->probe, text, evidence);
}

const char *
tls_note_reason(enum tls_end end)
{
	static const char *const reasons[] = {
		[TLS_END_HELLO] = "", [TLS_END_REFUSED] = "", [TLS_END_SILENT] = "silence",
		[TLS_END_BROKEN] = "broken-answer", [TLS_END_NAME] = "unrecognized-name",
		[TLS_END_DROPPED] = "drops-connections",
	};

	return reasons[end];
}

void
tls_note_version(struct talk *t, enum fact fact, uint16_t version, const char *evidence)
{
	const char *name = tls_names_version(version);

	obs_text(t->obs, fact, t->at, t->probe, name != NULL ? name : "TLS", evidence);
}

static void
note_flag(struct talk *t, enum fact fact, bool value, uint16_t version)
{
	const char *name = tls_names_version(version);

	obs_number(t->obs, fact, t->at, t->probe, value, name != NULL ? name : "");
}

void
tls_note_suite(struct talk *t, const struct tls_reply *r)
{
	const struct tls_suite *s = tls_names_suite(r->suite);
	const struct tls_group *g = tls_names_group(r->group);
	const struct tls_group *dh = tls_names_group(r->dh_group);
	char text[128];

	(void)snprintf(text, sizeof(text), "0x%04x", r->suite);
	if (s == NULL) {
		tls_note_word(t, FACT_TLS_SUITE, r->version, text, "");
		return;
	}
	(void)snprintf(text, sizeof(text), "0x%04x %s, %u bits, %s%s%s", r->suite, s->openssl,
	    s->bits, tls_names_kx(s->kx), g != NULL ? " " : "", g != NULL ? g->name : "");
	tls_note_word(t, FACT_TLS_SUITE, r->version, s->name, text);
	if ((s->flags & SUITE_FOREIGN) != 0)
		obs_text(t->obs, FACT_TLS_FOREIGN, t->at, t->probe, s->name, text);
	if (r->dh_bits != 0)
		obs_number(t->obs, FACT_TLS_DH_BITS, t->at, t->probe, r->dh_bits, s->name);
	if (r->rsa_bits != 0 && (s->flags & SUITE_EXPORT) != 0)
		obs_number(t->obs, FACT_TLS_RSA_BITS, t->at, t->probe, r->rsa_bits, s->name);
	if (dh != NULL)
		tls_note_word(t, FACT_TLS_GROUP, r->version, dh->name, s->name);
	tls_note_scheme(t, r);
	if (r->group != 0) {
		(void)snprintf(text, sizeof(text), "0x%04x", r->group);
		tls_note_word(t, FACT_TLS_GROUP, r->version, g != NULL ? g->name : text, s->name);
	} else if (r->explicit_curve)
		tls_note_word(t, FACT_TLS_GROUP, r->version, "explicit-curve", s->name);
}

void
tls_note_scheme(struct talk *t, const struct tls_reply *r)
{
	const struct tls_suite *s = tls_names_suite(r->suite);
	const char *scheme = tls_names_scheme(r->scheme);
	char text[16];

	if (r->scheme == 0)
		return;
	(void)snprintf(text, sizeof(text), "0x%04x", r->scheme);
	obs_text(t->obs, FACT_TLS_SCHEME, t->at, t->probe, scheme != NULL ? scheme : text,
	    s != NULL ? s->name : "");
}

/* FNV-1a: only to know a certificate again; obs drops real repeats anyway. */
static uint64_t
hash(struct rd v)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < v.len; i++)
		h = (h ^ v.p[i]) * 0x100000001b3;
	return h;
}

static void
note_chain(struct talk *t, struct tls_memory *m, const struct tls_reply *r)
{
	struct cert_sent sent = { .cut = r->certs_cut };
	uint64_t h;

	if (r->ncerts == 0)
		return;
	h = hash(r->cert[0]);
	for (size_t i = 0; i < m->ncerts; i++)
		if (m->certs[i] == h)
			return;
	if (m->ncerts >= sizeof(m->certs) / sizeof(m->certs[0]))
		return;
	m->certs[m->ncerts++] = h;
	for (size_t i = 0; i < r->ncerts; i++)
		cert_sent_add(&sent, r->cert[i].p, r->cert[i].len);
	cert_note(t->obs, t->at, t->probe, &sent, t->host, t->roots, t->now);
	if (r->stapled)
		cert_ocsp_note(t->obs, t->at, t->probe, &sent, r->staple.p, r->staple.len, t->roots, t->now);
	cert_sent_free(&sent);
}

void
tls_note_hello(struct talk *t, struct tls_memory *m, const struct tls_reply *r,
    bool offered_compression)
{
	const char *warning = tls_names_alert(r->warning);

	if (r->warnings > 0 && warning != NULL)
		obs_text(t->obs, FACT_TLS_WARNING, t->at, t->probe, warning, "");
	note_chain(t, m, r);
	if (r->version < 0x0300 || r->version > 0x0303)
		return;
	/* A hello that did not offer it proves nothing by a 0. */
	if (offered_compression || r->compression != 0)
		note_flag(t, FACT_TLS_COMPRESSION, r->compression != 0, r->version);
	note_flag(t, FACT_TLS_RENEGOTIATION, r->renegotiation, r->version);
	if (r->asks_cert)
		note_flag(t, FACT_TLS_CLIENT_CERT, true, r->version);
	if (r->version == 0x0300)	/* its hello has no extensions */
		return;
	note_flag(t, FACT_TLS_EMS, r->ems, r->version);
	note_flag(t, FACT_TLS_TICKET, r->ticket, r->version);
	if (r->alpn[0] != '\0')
		obs_text(t->obs, FACT_TLS_ALPN, t->at, t->probe, r->alpn, tls_names_version(r->version));
}

void
tls_note_refusal(const struct talk *t, const struct tls_reply *r, char *out, size_t cap)
{
	const char *alert = tls_names_alert(r->alert);

	if (r->alerted)
		(void)snprintf(out, cap, "alert %s", alert != NULL ? alert : "unknown");
	else if (r->answer == TLS_ANSWER_ALERT)
		(void)snprintf(out, cap, "SSLv2 error, or another version");
	else
		(void)snprintf(out, cap, "%s", t->ended_by != NULL && t->ended_by[0] != '\0' ? t->ended_by : "close");
}

void
tls_note_clean(struct talk *t, uint16_t version, unsigned kinds)
{
	char text[200] = "";

	for (const struct tls_kind *k = tls_names_kinds; k->word != NULL; k++)
		if ((kinds & k->flag) != 0)
			(void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
			    text[0] != '\0' ? " " : "", k->word);
	if (text[0] != '\0')
		tls_note_word(t, FACT_TLS_CLEAN, version, text, "");
}
