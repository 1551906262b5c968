/*
 * cert_ocsp.h - the OCSP answer that a server staples to its certificate: what
 * it says, and whether it counts.  Nobody is ever asked for one.
 */
#ifndef EXVET_CERT_OCSP_H
#define EXVET_CERT_OCSP_H

#include <stddef.h>
#include <stdint.h>

struct cert_sent;
struct cert_store;
struct obs;

/* Note FACT_CERT_OCSP.  store: roots for who signed it; NULL: nothing is noted. */
void	cert_ocsp_note(struct obs *, const char *at, const char *probe, const struct cert_sent *,
	    const void *answer, size_t len, struct cert_store *store, int64_t now);

#endif
