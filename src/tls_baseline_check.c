/*
 * tls_baseline_check.c - one line of a baseline for TLS, held against the
 * observations.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "obs.h"
#include "tls_baseline_check.h"
#include "tls_facts.h"

bool
tls_baseline_check_word(const char **p, const char **word, size_t *n)
{
	*p += strspn(*p, " ");
	*word = *p;
	*n = strcspn(*p, " ");
	*p += *n;
	return *n > 0;
}

/*
 * The versions that are listed, or those that are not: the line is broken where
 * one of them is as it must not be, which is told behind that word.
 */
static enum tls_baseline_state
check_versions(const char *value, bool listed, enum tls_known broken, const char *word,
    const struct obs *o, char *what, size_t cap)
{
	static const uint16_t versions[] = { 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304 };
	enum tls_baseline_state state = BASELINE_UNSEEN;
	const struct observation *k;

	for (const char *at = NULL; (at = tls_facts_place(o, at)) != NULL;)
		for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
			const char *name = tls_names_version(versions[i]);
			enum tls_known known = tls_facts_version(o, at, versions[i], &k);

			if (text_lists(value, name, ' ') != listed)
				continue;
			if (known == broken) {
				(void)snprintf(what, cap, "%s%s at %s", word, name, at);
				return BASELINE_BROKEN;
			}
			if (known == TLS_OPEN && state != BASELINE_OPEN) {
				(void)snprintf(what, cap, "%s at %s", name, at);
				state = BASELINE_OPEN;
			} else if (state == BASELINE_UNSEEN)
				state = BASELINE_HOLDS;
		}
	return state;
}

/* versions: those that may be offered, and no other. */
enum tls_baseline_state
tls_baseline_check_versions(const char *value, const struct obs *o, char *what, size_t cap)
{
	return check_versions(value, false, TLS_YES, "", o, what, cap);
}

/* offers: versions that must be there. */
enum tls_baseline_state
tls_baseline_check_offers(const char *value, const struct obs *o, char *what, size_t cap)
{
	return check_versions(value, true, TLS_NO, "no ", o, what, cap);
}

/* The first version offered somewhere that has not that fact with its name. */
static bool
find_incomplete(const struct obs *o, enum fact fact, uint16_t since, char *what, size_t cap)
{
	const struct observation *k;

	for (const char *at = NULL; (at = tls_facts_place(o, at)) != NULL;)
		for (uint16_t v = since; v <= 0x0304; v++) {
			const char *name = tls_names_version(v);
			enum tls_known known = tls_facts_version(o, at, v, &k);

			if (known == TLS_NO)
				continue;
			for (k = NULL; (k = obs_next_at(o, fact, at, k)) != NULL;)
				if (strcmp(k->text, name) == 0)
					break;
			if (k == NULL) {
				(void)snprintf(what, cap, "%s at %s", name, at);
				return true;
			}
		}
	return false;
}

/* suites: those that may be accepted, and no other. */
enum tls_baseline_state
tls_baseline_check_suites(const char *value, const struct obs *o, char *what, size_t cap)
{
	uint16_t version;

	if (obs_first(o, FACT_TLS_SUITE) == NULL)
		return BASELINE_UNSEEN;
	for (const struct observation *k = obs_first(o, FACT_TLS_SUITE); k != NULL; k = obs_next(o, k)) {
		const struct tls_suite *s = tls_facts_suite(k, &version);

		if (s != NULL && text_lists(value, s->name, ' '))
			continue;
		(void)snprintf(what, cap, "%s at %s", k->text, k->at);
		return BASELINE_BROKEN;
	}
	return find_incomplete(o, FACT_TLS_COMPLETE, 0x0300, what, cap) ? BASELINE_OPEN : BASELINE_HOLDS;
}

/* groups: those that may be used, and no other. */
enum tls_baseline_state
tls_baseline_check_groups(const char *value, const struct obs *o, char *what, size_t cap)
{
	if (obs_first(o, FACT_TLS_GROUP) == NULL)
		return BASELINE_UNSEEN;
	for (const struct observation *k = obs_first(o, FACT_TLS_GROUP); k != NULL; k = obs_next(o, k)) {
		const char *name = strchr(k->text, ' ');

		if (name != NULL && text_lists(value, name + 1, ' '))
			continue;
		(void)snprintf(what, cap, "%s at %s", k->text, k->at);
		return BASELINE_BROKEN;
	}
	return find_incomplete(o, FACT_TLS_GROUPS_ALL, 0x0303, what, cap) ? BASELINE_OPEN : BASELINE_HOLDS;
}

static unsigned
kinds_of(const char *value)
{
	const char *word;
	unsigned kinds = 0;
	size_t n;

	while (tls_baseline_check_word(&value, &word, &n))
		kinds |= tls_names_kind_find(word, n);
	return kinds;
}

/* no: kinds of suites of which none may be accepted. */
enum tls_baseline_state
tls_baseline_check_no(const char *value, const struct obs *o, char *what, size_t cap)
{
	unsigned kinds = kinds_of(value);
	const struct observation *k;
	const char *name;
	uint16_t version;

	if (tls_facts_place(o, NULL) == NULL)
		return BASELINE_UNSEEN;
	for (k = obs_first(o, FACT_TLS_SUITE); k != NULL; k = obs_next(o, k)) {
		if ((tls_facts_kinds(k, &name, &version) & kinds) != 0) {
			(void)snprintf(what, cap, "%s at %s", k->text, k->at);
			return BASELINE_BROKEN;
		}
	}
	for (const char *at = NULL; (at = tls_facts_place(o, at)) != NULL;)
		for (uint16_t v = 0x0300; v <= 0x0303; v++)
			if (tls_facts_version(o, at, v, &k) != TLS_NO &&
			    (kinds & ~tls_facts_clean(o, at, v)) != 0) {
				(void)snprintf(what, cap, "%s at %s", tls_names_version(v), at);
				return BASELINE_OPEN;
			}
	return BASELINE_HOLDS;
}

/* A number that must not be below (or above) the value's. */
static enum tls_baseline_state
check_numbers(const char *value, const struct obs *o, enum fact fact, bool least, const char *unit,
    char *what, size_t cap)
{
	int64_t limit = 0;

	(void)text_number(value, 1, INT64_MAX, &limit);
	if (obs_first(o, fact) == NULL)
		return BASELINE_UNSEEN;
	for (const struct observation *k = obs_first(o, fact); k != NULL; k = obs_next(o, k))
		if (least ? k->number < limit : k->number > limit) {
			(void)snprintf(what, cap, "%" PRId64 " %s at %s", k->number, unit, k->at);
			return BASELINE_BROKEN;
		}
	return BASELINE_HOLDS;
}

enum tls_baseline_state
tls_baseline_check_dh(const char *value, const struct obs *o, char *what, size_t cap)
{
	return check_numbers(value, o, FACT_TLS_DH_BITS, true, "bits of Diffie-Hellman", what, cap);
}

enum tls_baseline_state
tls_baseline_check_life(const char *value, const struct obs *o, char *what, size_t cap)
{
	return check_numbers(value, o, FACT_CERT_LIFETIME, false, "days of certificate", what, cap);
}

enum tls_baseline_state
tls_baseline_check_rsa(const char *value, const struct obs *o, char *what, size_t cap)
{
	int64_t limit = 0;

	(void)text_number(value, 1, INT64_MAX, &limit);
	if (obs_first(o, FACT_CERT_KEY) == NULL)
		return BASELINE_UNSEEN;
	for (const struct observation *k = obs_first(o, FACT_CERT_KEY); k != NULL; k = obs_next(o, k)) {
		int64_t bits = tls_facts_rsa_bits(k->text);

		if (bits >= 0 && bits < limit) {
			(void)snprintf(what, cap, "%s at %s", k->text, k->at);
			return BASELINE_BROKEN;
		}
	}
	return BASELINE_HOLDS;
}

/* one-group-of: groups of which each place uses at least one. */
enum tls_baseline_state
tls_baseline_check_one_group(const char *value, const struct obs *o, char *what, size_t cap)
{
	enum tls_baseline_state state = BASELINE_UNSEEN;

	for (const char *at = NULL; (at = tls_facts_place(o, at)) != NULL;) {
		const struct observation *k = NULL;
		bool any = false, found = false;

		while ((k = obs_next_at(o, FACT_TLS_GROUP, at, k)) != NULL) {
			const char *name = strchr(k->text, ' ');

			any = true;
			found = found || (name != NULL && text_lists(value, name + 1, ' '));
		}
		if (any && !found && obs_next_at(o, FACT_TLS_GROUPS_ALL, at, NULL) != NULL) {
			(void)snprintf(what, cap, "none of them at %s", at);
			return BASELINE_BROKEN;
		}
		if (any && !found) {
			(void)snprintf(what, cap, "not all groups are known at %s", at);
			state = BASELINE_OPEN;
		} else if (any && state == BASELINE_UNSEEN)
			state = BASELINE_HOLDS;
	}
	return state;
}

/* "RSA 2048" as rsa, "EC prime256v1" as prime256v1. */
static const char *
key_word(const char *text)
{
	static const struct { const char *starts, *word; } words[] = {
		{ "RSA ", "rsa" }, { "RSASSA-PSS ", "rsa-pss" }, { "DSA ", "dsa" },
		{ "ED25519", "ed25519" }, { "ED448", "ed448" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_starts(text, words[i].starts))
			return words[i].word;
	return text_starts(text, "EC ") ? text + strlen("EC ") : text;
}

/* keys and signatures: what a server's certificate may have, and nothing else. */
static enum tls_baseline_state
check_certificate(const char *value, const struct obs *o, enum fact fact, char *what, size_t cap)
{
	if (obs_first(o, fact) == NULL)
		return BASELINE_UNSEEN;
	for (const struct observation *k = obs_first(o, fact); k != NULL; k = obs_next(o, k))
		if (!text_lists(value, fact == FACT_CERT_KEY ? key_word(k->text) : k->text, ' ')) {
			(void)snprintf(what, cap, "%s at %s", k->text, k->at);
			return BASELINE_BROKEN;
		}
	return BASELINE_HOLDS;
}

enum tls_baseline_state
tls_baseline_check_keys(const char *value, const struct obs *o, char *what, size_t cap)
{
	return check_certificate(value, o, FACT_CERT_KEY, what, cap);
}

enum tls_baseline_state
tls_baseline_check_signatures(const char *value, const struct obs *o, char *what, size_t cap)
{
	return check_certificate(value, o, FACT_CERT_SIGNATURE, what, cap);
}
