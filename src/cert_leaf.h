/*
 * cert_leaf.h - one certificate, as facts: names, life, key, signature.
 */
#ifndef EXVET_CERT_LEAF_H
#define EXVET_CERT_LEAF_H

#include <stddef.h>

#include "obs.h"

struct x509_st;
struct X509_name_st;

/* Where facts about one chain go. */
struct cert_place {
	struct obs	*obs;
	const char	*at, *probe;
	const char	*evidence;	/* begin of the leaf's SHA-256: ties its facts together */
};

/* The name as RFC 2253 writes it, in UTF-8; owned by the caller. */
char	*cert_leaf_name(const struct X509_name_st *);
void	 cert_leaf_note(const struct cert_place *, struct x509_st *);
/* Whether it names the host that was asked for. */
void	 cert_leaf_match(const struct cert_place *, struct x509_st *, const char *host);
/* Its subject and its position, as that fact. */
void	 cert_leaf_chain(const struct cert_place *, enum fact, struct x509_st *, size_t at);
/* What is weak about the certificate at that position of a chain. */
void	 cert_leaf_weak(const struct cert_place *, struct x509_st *, size_t at);

#endif
