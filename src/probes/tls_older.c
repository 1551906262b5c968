/* tls_older.c - the suites of TLS 1.0 and 1.1, from what TLS 1.2 has told. */
#include <string.h>

#include "probe.h"
#include "probes/tls_chain.h"
#include "probes/tls_half.h"
#include "probes/tls_note.h"
#include "probes/tls_noted.h"
#include "probes/tls_older.h"
#include "wire/tls_names.h"

/*
 * A suite of an RSA certificate that TLS 1.2 has is one of the older version
 * too.  Of other certificates it need not be: those of Ed25519 came with 1.2.
 */
static bool
is_shared(const struct tls_suite *s, uint16_t version)
{
	return s != NULL && tls_names_fits(s, version) && s->auth == TLS_AUTH_RSA;
}

/* It chose from the list of another version: what else of it there is, it has too. */
static void
share_suites(struct tls_chain *c, struct talk *t, uint16_t from, const char *evidence)
{
	const struct observation *k = NULL;
	const char *word;

	while ((k = tls_noted_next(t, FACT_TLS_SUITE, from, k, &word)) != NULL) {
		const struct tls_suite *s = tls_names_suite_find(word);

		if (from == 0x0303 && !is_shared(s, c->found.version))
			continue;
		tls_note_word(t, FACT_TLS_SUITE, c->found.version, s->name, evidence);
		tls_found_know(&c->found, s);
	}
}

/* Was part of its list taken from that of another version? */
static bool
is_taken(const struct talk *t, uint16_t version)
{
	const struct observation *k = NULL;
	const char *word;

	while ((k = tls_noted_next(t, FACT_TLS_SUITE, version, k, &word)) != NULL)
		if (strncmp(k->evidence, "TLSv1.", strlen("TLSv1.")) == 0)
			return true;
	return false;
}

void
tls_older_tell_order(struct talk *t)
{
	const char *word;

	if (tls_noted_next(t, FACT_TLS_ORDER, 0x0303, NULL, &word) == NULL)
		return;
	for (uint16_t v = 0x0301; v <= 0x0302; v++)
		if (!tls_noted_has(t, FACT_TLS_ORDER, v) && is_taken(t, v))
			tls_note_word(t, FACT_TLS_ORDER, v, word,
			    "TLSv1.2 goes by it; this version chose from the same list");
}

/* Nothing but suites of 1.2 in TLS 1.0: then there is nothing else in 1.1 between them. */
static bool
is_between(const struct talk *t)
{
	const struct observation *k = NULL;
	const char *word;

	if (!tls_noted_has(t, FACT_TLS_COMPLETE, 0x0301))
		return false;
	while ((k = tls_noted_next(t, FACT_TLS_SUITE, 0x0301, k, &word)) != NULL)
		if (!tls_noted_is(t, FACT_TLS_SUITE, 0x0303, word))
			return false;
	return true;
}

/* TLS 1.2 showed no certificate but that of ECDSA, the others having been asked alone. */
static bool
is_only_ecdsa(const struct talk *t)
{
	const struct observation *k = NULL;
	const char *word;

	while ((k = tls_noted_next(t, FACT_TLS_SUITE, 0x0303, k, &word)) != NULL) {
		const struct tls_suite *s = tls_names_suite_find(word);

		if (s == NULL || s->auth != TLS_AUTH_ECDSA)
			return false;
	}
	return tls_noted_has(t, FACT_TLS_COMPLETE, 0x0303);
}

/* DHE of TLS 1.2 used no named group: then it has parameters of its own, for older versions too. */
static bool
has_own_finite(const struct talk *t)
{
	const struct observation *k = NULL;
	bool any = false;
	const char *word;

	while ((k = tls_noted_next(t, FACT_TLS_GROUP, 0x0303, k, &word)) != NULL)
		if (strncmp(word, "ffdhe", strlen("ffdhe")) == 0)
			return false;
	while ((k = tls_noted_next(t, FACT_TLS_SUITE, 0x0303, k, &word)) != NULL) {
		const struct tls_suite *s = tls_names_suite_find(word);

		any = any || (s != NULL && tls_names_is_dhe(s));
	}
	return any;
}

/* TLS 1.0, asked before 1.2 had told all, does not have what came later: there is more than one list. */
static bool
is_apart(const struct talk *t)
{
	const struct observation *k = NULL;
	const char *word;

	while (tls_noted_has(t, FACT_TLS_COMPLETE, 0x0301) && (k = tls_noted_next(t, FACT_TLS_SUITE, 0x0303, k, &word)) != NULL)
		if (is_shared(tls_names_suite_find(word), 0x0301) && !tls_noted_is(t, FACT_TLS_SUITE, 0x0301, word))
			return true;
	return false;
}

/* Know what the older version has shown itself; did it choose from the list of TLS 1.2? */
static bool
know_old(struct tls_chain *c, struct talk *t)
{
	const struct observation *k = NULL;
	bool shared = false;
	const char *word;

	while ((k = tls_noted_next(t, FACT_TLS_SUITE, c->found.version, k, &word)) != NULL) {
		const struct tls_suite *s = tls_names_suite_find(word);

		tls_found_know(&c->found, s);
		shared = shared || (is_shared(s, c->found.version) && tls_noted_is(t, FACT_TLS_SUITE, 0x0303, word));
	}
	return shared;
}

/* Offered, and its list not yet told. */
static bool
is_open(const struct talk *t, uint16_t version)
{
	return tls_noted_has(t, FACT_TLS_OFFERED, version) && !tls_noted_has(t, FACT_TLS_COMPLETE, version) &&
	    !tls_noted_has(t, FACT_TLS_UNDECIDED, version);
}

/* What is known of the server's keys and parameters is known of the older version too. */
static bool
resume_old(struct tls_chain *c, const struct talk *t)
{
	c->was_apart = is_only_ecdsa(t);
	c->own_finite = has_own_finite(t);
	return tls_chain_resume(c, TLS_PHASE_MORE);
}

bool
tls_older_begin(struct tls_chain *c, struct talk *t)
{
	bool shared;

	if (!is_open(t, c->found.version))
		return false;
	shared = know_old(c, t) && !is_apart(t);
	if (shared && tls_noted_has(t, FACT_TLS_COMPLETE, 0x0303))
		share_suites(c, t, 0x0303, "TLSv1.2 has it; this version chose from the same list");
	if (shared && c->found.version == 0x0302 && is_between(t)) {
		share_suites(c, t, 0x0301, "TLSv1.0 and TLSv1.2 have it");
		tls_older_tell_order(t);
		tls_chain_complete(c, t, "no suite but those of TLSv1.0 and TLSv1.2 on either side of it");
		return false;
	}
	c->alone = !shared;
	return resume_old(c, t);
}

/* AES with static RSA and SHA-1 stands last in the lists of Windows and of OpenSSL. */
static bool
is_near_its_end(const struct talk *t)
{
	return tls_noted_is(t, FACT_TLS_SUITE, 0x0303, "TLS_RSA_WITH_AES_128_CBC_SHA") &&
	    tls_noted_is(t, FACT_TLS_SUITE, 0x0303, "TLS_RSA_WITH_AES_256_CBC_SHA");
}

bool
tls_older_foresee(struct tls_chain *c, struct talk *t, bool mail)
{
	struct tls_half *h = t->shared;

	if (h == NULL || h->foreseen || !is_open(t, 0x0301) || !is_open(t, 0x0303) || tls_noted_picky(t, 0x0301) ||
	    !is_near_its_end(t))
		return false;
	tls_chain_begin(c, 0x0301, mail, false);
	if (!know_old(c, t))
		return false;
	h->foreseen = true;
	share_suites(c, t, 0x0303, "TLSv1.2 has it; this version chose from the same list");
	c->brief = true;	/* an answer means: too early */
	return resume_old(c, t);
}
