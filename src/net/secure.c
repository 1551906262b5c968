/* secure.c - TLS inside a raw talk, between memory and memory. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/text.h"
#include "net/addr.h"
#include "net/secure.h"

struct secure {
	SSL_CTX	*ctx;
	SSL	*ssl;
	BIO	*in, *out;		/* the session's */
	char	 why[256];
};

/* SNI holds names only (RFC 6066, section 3). */
static bool
is_name(const char *host)
{
	struct addr a;

	return host[0] != '\0' && !addr_parse(host, &a);
}

struct secure *
secure_new(const char *host, const char *sigalgs, struct cert_sent *sent)
{
	struct secure *s = text_alloc(sizeof(*s));
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	s->ctx = SSL_CTX_new(TLS_client_method());
	if (s->ctx != NULL) {
		cert_prepare_ctx(s->ctx, sent);
		(void)SSL_CTX_set_min_proto_version(s->ctx, TLS1_VERSION);
		if (sigalgs == NULL || SSL_CTX_set1_sigalgs_list(s->ctx, sigalgs) == 1)
			s->ssl = SSL_new(s->ctx);
	}
	if (s->ssl == NULL || in == NULL || out == NULL) {
		BIO_free(in);
		BIO_free(out);
		secure_free(s);
		ERR_clear_error();
		return NULL;
	}
	s->in = in;
	s->out = out;
	SSL_set_bio(s->ssl, in, out);		/* takes both */
	SSL_set_connect_state(s->ssl);
	if (is_name(host))
		(void)SSL_set_tlsext_host_name(s->ssl, host);
	return s;
}

void
secure_free(struct secure *s)
{
	if (s == NULL)
		return;
	SSL_free(s->ssl);
	SSL_CTX_free(s->ctx);
	free(s);
}

void
secure_feed(struct secure *s, const void *p, size_t n)
{
	if (n > 0 && n <= INT_MAX)
		(void)BIO_write(s->in, p, (int)n);
}

size_t
secure_drain(struct secure *s, void *p, size_t cap)
{
	int n = cap > 0 && cap <= INT_MAX ? BIO_read(s->out, p, (int)cap) : 0;

	return n > 0 ? (size_t)n : 0;
}

static enum secure_state
judge(struct secure *s, int rc)
{
	unsigned long first;

	switch (SSL_get_error(s->ssl, rc)) {
	case SSL_ERROR_NONE:
		return SECURE_DONE;
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		ERR_clear_error();
		return SECURE_MORE;
	case SSL_ERROR_ZERO_RETURN:
		ERR_clear_error();
		return SECURE_END;
	default:
		first = ERR_peek_error();
		s->why[0] = '\0';
		if (first != 0)
			ERR_error_string_n(first, s->why, sizeof(s->why));
		ERR_clear_error();
		return SECURE_FAILED;
	}
}

enum secure_state
secure_shake(struct secure *s)
{
	ERR_clear_error();
	return judge(s, SSL_do_handshake(s->ssl));
}

enum secure_state
secure_read(struct secure *s, void *p, size_t cap, size_t *got)
{
	int rc;

	*got = 0;
	ERR_clear_error();
	rc = SSL_read(s->ssl, p, cap <= INT_MAX ? (int)cap : INT_MAX);
	if (rc > 0)
		*got = (size_t)rc;
	return judge(s, rc);
}

enum secure_state
secure_write(struct secure *s, const void *p, size_t n)
{
	ERR_clear_error();
	return judge(s, SSL_write(s->ssl, p, n <= INT_MAX ? (int)n : INT_MAX));
}

void
secure_tell(struct secure *s, char *version, size_t vcap, char *cipher, size_t ccap)
{
	cert_session(s->ssl, version, vcap, cipher, ccap);
}

const char *
secure_why(const struct secure *s)
{
	return s->why;
}
