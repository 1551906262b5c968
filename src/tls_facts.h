/*
 * tls_facts.h - what the observations say about TLS at one place.
 */
#ifndef EXVET_RULES_TLS_FACTS_H
#define EXVET_RULES_TLS_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "rule.h"
#include "wire/tls_names.h"

/* The places where TLS was asked, in order: NULL first, NULL when at the end. */
const char *tls_facts_place(const struct obs *, const char *after);

enum tls_known { TLS_NO, TLS_YES, TLS_OPEN };

/* Is the version offered there?  proof: the observation that says so, or NULL. */
enum tls_known tls_facts_version(const struct obs *, const char *at, uint16_t version,
	    const struct observation **proof);
/* Is any version offered there?  If none, it may be no server of TLS. */
bool	tls_facts_speaks(const struct obs *, const char *at);
/* Bits of the RSA key, of either kind, that FACT_CERT_KEY names; -1: it is none. */
int64_t	tls_facts_rsa_bits(const char *key);
/* Why something about that version is open: "silence"; never empty. */
const char *tls_facts_open(const struct obs *, const char *at, uint16_t version);

/* The words after "TLSv1.2 "; NULL when the text is of another version. */
const char *tls_facts_words(const char *text, uint16_t version);
/* "TLSv1.2 TLS_RSA_..." of a FACT_TLS_SUITE; NULL when the suite is unknown. */
const struct tls_suite *tls_facts_suite(const struct observation *, uint16_t *version);
/* The kinds (of tls_names_kinds) of the suite of such a fact, of SSLv2 too; *name: NULL when it is not known. */
unsigned tls_facts_kinds(const struct observation *, const char **name, uint16_t *version);
/* Kinds of which no suite is accepted there in that version. */
unsigned tls_facts_clean(const struct obs *, const char *at, uint16_t version);

/* Are two places one port: "https://mail/owa/" and "mail:443"? */
bool	tls_facts_same_port(const char *a, const char *b);
/*
 * Certificates of two places: is one of them at both, or are they one port that
 * has a certificate for each kind of key?
 */
bool	tls_facts_share_cert(const struct obs *, const char *a, const char *b);

/*
 * Was that seen at the site Exchange Back End?  Setup binds a certificate there that it signs
 * itself, and that only the front end of the same organisation meets.
 */
bool	tls_facts_is_backend(const struct observation *);

/* Lists all of a fact with their places, as proof too, and counts them. */
unsigned tls_facts_each(const struct obs *, enum fact, struct finding *, const char *key);

/* A list in a sentence: "a, b and c"; nothing twice. */
struct tls_list {
	char		 s[400];
	unsigned	 n;
};
void	tls_facts_list(struct tls_list *, const char *);

#endif
