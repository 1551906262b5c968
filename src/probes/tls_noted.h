/*
 * tls_noted.h - what the talks of one probe have noted of a version of TLS so far.
 *
 * The facts of TLS name the version first: "TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA".
 * Seen is what the same probe noted at the same place.
 */
#ifndef EXVET_PROBES_TLS_NOTED_H
#define EXVET_PROBES_TLS_NOTED_H

#include <stdbool.h>
#include <stdint.h>

#include "probe.h"

/* The next one of that version; *word is what stands behind the version.  NULL: no more. */
const struct observation *tls_noted_next(const struct talk *, enum fact, uint16_t version,
	    const struct observation *after, const char **word);
/* Any at all. */
bool	tls_noted_has(const struct talk *, enum fact, uint16_t version);
/* One with just that word. */
bool	tls_noted_is(const struct talk *, enum fact, uint16_t version, const char *wanted);
/* Does it answer short hellos alone? */
bool	tls_noted_picky(const struct talk *, uint16_t version);
/* A fact of the server, whatever the version. */
bool	tls_noted_flag(const struct talk *, enum fact);

#endif
