/*
 * cert.h - certificates as a server sent them: copied, read, verified, noted.
 *
 * The only module that knows OpenSSL.  Nothing here ever goes to the network:
 * no OCSP, no CRL, no issuer fetched from an address in the certificate.
 */
#ifndef EXVET_CERT_H
#define EXVET_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

struct obs;
struct x509_store_st;

/* The chain as sent, leaf first.  Zeroed is empty; the bytes belong to it. */
struct cert_sent {
	unsigned char	*der[LIMIT_CERT_CHAIN];
	size_t		 len[LIMIT_CERT_CHAIN];
	size_t		 n;
	bool		 cut;		/* more, or larger ones, were sent than are kept */
	bool		 asked;		/* an OCSP answer was asked for, and would have come by now */
	unsigned char	*staple;	/* that answer; NULL: none came */
	size_t		 staple_len;
};

void	cert_sent_add(struct cert_sent *, const void *der, size_t len);	/* copies */
void	cert_sent_free(struct cert_sent *);	/* also empties it */

/* The TLS number of the curve of the leaf's key; 0 when it has none. */
uint16_t cert_curve(const void *der, size_t len);
/* The same of what FACT_CERT_KEY says: "EC prime256v1". */
uint16_t cert_curve_named(const char *key);

struct cert_store;

/*
 * The trusted roots: those of the file, or the system's (NULL).  A hashed
 * directory is read lazily, one root at a time.  NULL when the file cannot be
 * read.  Shared: verification from several threads at once is safe.
 */
struct cert_store *cert_store_new(const char *ca_file);
void	cert_store_free(struct cert_store *);	/* NULL is fine */
/* The roots, loaded; they stay the store's. */
struct x509_store_st *cert_store_roots(struct cert_store *);

/*
 * Make an SSL_CTX (that of an HTTP connection) accept whatever old server
 * there is, and copy out the chain that it sends.  The chain is never judged
 * during the handshake.  out must live as long as the connection; NULL: not wanted.
 */
void	cert_prepare_ctx(void *ssl_ctx, struct cert_sent *out);
/* How often certificates of the client were asked for, and the connections of the last ones. */
#define CERT_ASKED	8
struct cert_asked {
	unsigned	 n;
	const void	*by[CERT_ASKED];	/* SSL of number i at i % CERT_ASKED */
};

/*
 * Note in *asked each time that the server asks for a client's certificate
 * after the handshake: in a renegotiation, or in TLS 1.3 by itself.  It is
 * answered with none.  *asked outlives the connection.
 */
void	cert_watch_ctx(void *ssl_ctx, struct cert_asked *asked);
/* Was it asked for on that connection since there were so many?  NULL: on any. */
bool	cert_was_asked(const struct cert_asked *asked, unsigned since, const void *ssl);

/* Version and cipher suite (OpenSSL's names) of an established SSL. */
void	cert_session(void *ssl, char *version, size_t vcap, char *cipher, size_t ccap);

/*
 * Note all facts about a chain.  host: the name or address that was asked
 * for; store may be NULL (trust is then not judged); now: seconds since 1970.
 */
void	cert_note(struct obs *, const char *at, const char *probe,
	    const struct cert_sent *, const char *host, struct cert_store *,
	    int64_t now);
/* What a handshake that was carried through told of stapling: FACT_TLS_STAPLED, FACT_CERT_OCSP. */
void	cert_note_staple(struct obs *, const char *at, const char *probe,
	    const struct cert_sent *, struct cert_store *, int64_t now);
/* Those facts, for the list of what a probe gives. */
#define CERT_NOTE_GIVES \
	FACT_CERT_SUBJECT, FACT_CERT_ISSUER, FACT_CERT_SAN, FACT_CERT_NOT_BEFORE, \
	FACT_CERT_NOT_AFTER, FACT_CERT_SHA256, FACT_CERT_VERIFY, FACT_CERT_NAME_MATCH, \
	FACT_CERT_SERIAL, FACT_CERT_KEY, FACT_CERT_SIGNATURE, FACT_CERT_LIFETIME, \
	FACT_CERT_CHAIN, FACT_CERT_CHAIN_BUILT, FACT_CERT_CHAIN_ORDER, FACT_CERT_TRUST, \
	FACT_CERT_WEAK, FACT_CERT_SELF_SIGNED, FACT_CERT_DEFAULT, FACT_CERT_CA, \
	FACT_CERT_MUST_STAPLE, FACT_CERT_PUBLIC, FACT_CERT_BAD, FACT_CERT_OCSP, FACT_TLS_STAPLED

#endif
