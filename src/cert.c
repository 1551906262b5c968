/*
 * cert.c - certificates as a server sent them: copied, read, verified, noted.
 *
 * Bytes are the peer's: whatever does not parse becomes cert.bad, and nothing
 * that a certificate says makes us connect anywhere.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "cert.h"
#include "cert_leaf.h"
#include "cert_memory.h"
#include "cert_roots.h"
#include "cert_verify.h"
#include "obs.h"

struct cert_store {
	X509_STORE	*x;
	struct cert_roots *roots;
	pthread_mutex_t	 lock;
	bool		 loaded;	/* the system's roots: at the first chain, not before */
	struct cert_memory *memory;
};

/* One chain, parsed: the readable certificates in the order sent. */
struct cert_parsed {
	X509		*x[LIMIT_CERT_CHAIN];
	size_t		 n;
};

static void
note(const struct cert_place *p, enum fact fact, const char *value)
{
	obs_text(p->obs, fact, p->at, p->probe, value, p->evidence);
}

static void
note_flag(const struct cert_place *p, enum fact fact, bool value)
{
	obs_number(p->obs, fact, p->at, p->probe, value, p->evidence);
}

void
cert_sent_add(struct cert_sent *c, const void *der, size_t len)
{
	if (c->n >= LIMIT_CERT_CHAIN || len > LIMIT_CERT_DER) {
		c->cut = true;
		return;
	}
	c->der[c->n] = (unsigned char *)text_dup_n(der, len);
	c->len[c->n++] = len;
}

void
cert_sent_free(struct cert_sent *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->der[i]);
	free(c->staple);
	*c = (struct cert_sent){ 0 };
}

/* ---- the store ---- */

struct cert_store *
cert_store_new(const char *ca_file)
{
	struct cert_store *s = text_alloc(sizeof(*s));

	(void)pthread_mutex_init(&s->lock, NULL);
	s->memory = cert_memory_new();
	s->roots = cert_roots_new();
	s->x = X509_STORE_new();
	s->loaded = ca_file != NULL;
	if (s->x == NULL || (ca_file != NULL && !cert_roots_add(s->roots, s->x, ca_file))) {
		cert_store_free(s);
		s = NULL;
	}
	ERR_clear_error();
	return s;
}

void
cert_store_free(struct cert_store *s)
{
	if (s == NULL)
		return;
	X509_STORE_free(s->x);
	cert_roots_free(s->roots);
	cert_memory_free(s->memory);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

static void
load_once(struct cert_store *s)
{
	(void)pthread_mutex_lock(&s->lock);
	if (!s->loaded)
		cert_roots_system(s->roots, s->x);
	s->loaded = true;
	(void)pthread_mutex_unlock(&s->lock);
}

X509_STORE *
cert_store_roots(struct cert_store *s)
{
	load_once(s);
	return s->x;
}

/* ---- the HTTP connection ---- */

static void
copy_out(struct cert_sent *out, X509 *x)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);

	if (n > 0)
		cert_sent_add(out, der, (size_t)n);
	OPENSSL_free(der);
}

/*
 * In TLS 1.3 the answer comes with the certificate (RFC 8446 section 4.4.2.1).
 * Up to 1.2 it comes after it, and a hello of ours sees both in the clear.
 */
static void
copy_staple(struct cert_sent *out, X509_STORE_CTX *ctx)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(ctx, SSL_get_ex_data_X509_STORE_CTX_idx());
	const unsigned char *answer = NULL;
	long n;

	if (ssl == NULL || SSL_version(ssl) != TLS1_3_VERSION)
		return;
	out->asked = true;
	n = SSL_get_tlsext_status_ocsp_resp(ssl, &answer);
	if (answer == NULL || n <= 0 || n > LIMIT_CERT_DER)
		return;
	out->staple = text_grow(NULL, (size_t)n, 1);
	memcpy(out->staple, answer, (size_t)n);
	out->staple_len = (size_t)n;
}

static int
accept_and_copy(X509_STORE_CTX *ctx, void *arg)
{
	struct cert_sent *out = arg;
	STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(ctx);
	X509 *leaf = X509_STORE_CTX_get0_cert(ctx);

	X509_STORE_CTX_set_error(ctx, X509_V_OK);
	if (out == NULL)
		return 1;
	cert_sent_free(out);
	if (leaf != NULL)
		copy_out(out, leaf);
	/* OpenSSL puts the leaf at the head of the chain that it hands over. */
	for (int i = 0; i < sk_X509_num(sent); i++)
		if (i > 0 || leaf == NULL || X509_cmp(sk_X509_value(sent, 0), leaf) != 0)
			copy_out(out, sk_X509_value(sent, i));
	copy_staple(out, ctx);
	return 1;
}

void
cert_prepare_ctx(void *ssl_ctx, struct cert_sent *out)
{
	SSL_CTX *ctx = ssl_ctx;

	SSL_CTX_set_security_level(ctx, 0);
	/*
	 * No RFC 5746 on the server, and a close without close_notify (IIS
	 * behind some balancers), are facts about it and no reason to stop.
	 */
	(void)SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF |
	    SSL_OP_NO_RENEGOTIATION);
	/* DHE last: 2008 R2 to 2016 reset some of its handshakes after Finished. */
	(void)SSL_CTX_set_cipher_list(ctx, "DEFAULT:+kDHE:@SECLEVEL=0");
	(void)SSL_CTX_set_tlsext_status_type(ctx, TLSEXT_STATUSTYPE_ocsp);
	SSL_CTX_set_cert_verify_callback(ctx, accept_and_copy, out);
}

/*
 * Once a Finished was sent, a CertificateRequest comes after the handshake.  From
 * a server without RFC 5746, with which OpenSSL does not renegotiate, nothing
 * follows its HelloRequest.
 */
static void
on_message(int sending, int version, int type, const void *p, size_t len, SSL *ssl, void *arg)
{
	unsigned char one;
	struct cert_asked *asked = arg;
	unsigned kind = len > 0 ? *(const unsigned char *)p : SSL3_MT_FINISHED;

	(void)version;
	if (!sending && type == SSL3_RT_HANDSHAKE && (kind == SSL3_MT_CERTIFICATE_REQUEST ||
	    (kind == SSL3_MT_HELLO_REQUEST && !SSL_get_secure_renegotiation_support(ssl))) &&
	    SSL_get_finished(ssl, &one, 1) > 0)
		asked->by[asked->n++ % CERT_ASKED] = ssl;
}

void
cert_watch_ctx(void *ssl_ctx, struct cert_asked *asked)
{
	/* What a directory says to clients without a certificate comes after the renegotiation. */
	(void)SSL_CTX_clear_options(ssl_ctx, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_msg_callback(ssl_ctx, on_message);
	SSL_CTX_set_msg_callback_arg(ssl_ctx, asked);
}

bool
cert_was_asked(const struct cert_asked *asked, unsigned since, const void *ssl)
{
	for (unsigned i = asked->n - since > CERT_ASKED ? asked->n - CERT_ASKED : since; i != asked->n; i++)
		if (ssl == NULL || asked->by[i % CERT_ASKED] == ssl)
			return true;
	return false;
}

void
cert_session(void *ssl, char *version, size_t vcap, char *cipher, size_t ccap)
{
	(void)snprintf(version, vcap, "%s", SSL_get_version(ssl));
	(void)snprintf(cipher, ccap, "%s", SSL_get_cipher_name(ssl));
}

uint16_t
cert_curve_named(const char *key)
{
	static const struct { const char *key; uint16_t code; } curves[] = {
		{ "EC prime256v1", 23 }, { "EC secp384r1", 24 }, { "EC secp521r1", 25 },
		{ "EC secp256k1", 22 }, { "EC secp224r1", 21 }, { "EC prime192v1", 19 },
		{ "EC brainpoolP256r1", 26 }, { "EC brainpoolP384r1", 27 }, { "EC brainpoolP512r1", 28 },
		{ "EC sect283k1", 9 }, { "EC sect283r1", 10 }, { "EC sect409k1", 11 },
		{ "EC sect409r1", 12 }, { "EC sect571k1", 13 }, { "EC sect571r1", 14 },
	};

	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		if (strcmp(curves[i].key, key) == 0)
			return curves[i].code;
	return 0;
}

uint16_t
cert_curve(const void *der, size_t len)
{
	const unsigned char *at = der;
	X509 *x = d2i_X509(NULL, &at, (long)len);
	EVP_PKEY *k = x != NULL ? X509_get0_pubkey(x) : NULL;
	char key[64] = "EC ";

	if (k != NULL && EVP_PKEY_get_base_id(k) == EVP_PKEY_EC)
		(void)EVP_PKEY_get_group_name(k, key + 3, sizeof(key) - 3, NULL);
	X509_free(x);
	ERR_clear_error();
	return cert_curve_named(key);
}

/* ---- the chain ---- */

static void
hex(char *out, const unsigned char *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", in[i]);
}

static void
parse(const struct cert_place *p, const struct cert_sent *sent, struct cert_parsed *c)
{
	for (size_t i = 0; i < sent->n; i++) {
		const unsigned char *at = sent->der[i];
		X509 *x = d2i_X509(NULL, &at, (long)sent->len[i]);
		char text[64];

		if (x != NULL)
			c->x[c->n++] = x;
		if (x != NULL && at == sent->der[i] + sent->len[i])
			continue;
		(void)snprintf(text, sizeof(text), "%zu: %s", i,
		    x != NULL ? "bytes after its end" : "not a certificate");
		note(p, FACT_CERT_BAD, text);
		/* Facts of the leaf are never taken from another one. */
		if (i == 0 && x == NULL)
			return;
	}
	if (sent->cut)
		note(p, FACT_CERT_BAD, "the chain is longer or larger than the limit");
}

/* All that the chain itself says, and what it is worth now; the leaf is the caller's. */
static X509 *
read_chain(const struct cert_place *p, const struct cert_sent *sent, struct cert_store *store,
    int64_t now)
{
	struct cert_parsed c = { .n = 0 };
	bool order = true;

	parse(p, sent, &c);
	if (c.n == 0)
		return NULL;
	cert_leaf_note(p, c.x[0]);
	for (size_t i = 0; i < c.n; i++) {
		cert_leaf_chain(p, FACT_CERT_CHAIN, c.x[i], i);
		cert_leaf_weak(p, c.x[i], i);
		order = order && (i == 0 || X509_NAME_cmp(X509_get_issuer_name(c.x[i - 1]),
		    X509_get_subject_name(c.x[i])) == 0);
	}
	note_flag(p, FACT_CERT_CHAIN_ORDER, order);
	if (store != NULL) {
		load_once(store);
		cert_verify_note(p, c.x, c.n, sent->cut, store->x, now);
	}
	for (size_t i = 1; i < c.n; i++)
		X509_free(c.x[i]);
	ERR_clear_error();
	return c.x[0];
}

void
cert_note(struct obs *obs, const char *at, const char *probe, const struct cert_sent *sent,
    const char *host, struct cert_store *store, int64_t now)
{
	struct cert_place place = { .obs = obs, .at = at, .probe = probe, .evidence = "" };
	unsigned char sum[EVP_MAX_MD_SIZE];
	char sha[2 * EVP_MAX_MD_SIZE + 1] = "", tie[32];
	X509 *leaf = NULL;
	unsigned n = 0;

	if (sent->n == 0)
		return;
	if (EVP_Digest(sent->der[0], sent->len[0], sum, &n, EVP_sha256(), NULL) == 1)
		hex(sha, sum, n);
	(void)snprintf(tie, sizeof(tie), "certificate %.16s", sha);
	place.evidence = tie;
	note(&place, FACT_CERT_SHA256, sha);
	if (store == NULL)
		leaf = read_chain(&place, sent, NULL, now);
	else if (!cert_memory_find(store->memory, sent, now, &place, &leaf)) {
		struct cert_place apart = { .obs = obs_new(), .at = "", .probe = "",
			.evidence = tie };

		leaf = read_chain(&apart, sent, store, now);
		cert_memory_note(apart.obs, &place);
		cert_memory_keep(store->memory, sent, now, apart.obs, leaf);
	}
	if (leaf != NULL)
		cert_leaf_match(&place, leaf, host);
	X509_free(leaf);
}
