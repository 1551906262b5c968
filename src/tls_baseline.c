/*
 * tls_baseline.c - what somebody asks of TLS: its keys and their words.
 */
#include "config-build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "builds.h"
#include "obs.h"
#include "tls_baseline.h"
#include "tls_baseline_check.h"
#include "tls_facts.h"

/* ---- the words that may stand in a value ---- */

static bool
is_version(const char *word)
{
	return tls_names_version_find(word) != 0;
}

static bool
is_suite(const char *word)
{
	return tls_names_suite_find(word) != NULL;
}

static bool
is_group(const char *word)
{
	return tls_names_group_find(word) != NULL;
}

static bool
is_kind(const char *word)
{
	return tls_names_kind_find(word, strlen(word)) != 0;
}

static bool
is_number(const char *word)
{
	int64_t v;

	return text_number(word, 1, 1000000000, &v);
}

/* Kinds of keys: the algorithm, or the curve as FACT_CERT_KEY names it. */
static const char *const key_words[] = {
	"rsa", "rsa-pss", "dsa", "ed25519", "ed448", "prime256v1", "secp384r1", "secp521r1",
	"secp256k1", "secp224r1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1",
};

static const char *const signature_words[] = {
	"sha256WithRSAEncryption", "sha384WithRSAEncryption", "sha512WithRSAEncryption", "rsassaPss",
	"ecdsa-with-SHA256", "ecdsa-with-SHA384", "ecdsa-with-SHA512", "ED25519", "ED448",
};

static bool
is_key(const char *word)
{
	for (size_t i = 0; i < sizeof(key_words) / sizeof(key_words[0]); i++)
		if (strcmp(key_words[i], word) == 0)
			return true;
	return false;
}

static bool
is_signature(const char *word)
{
	for (size_t i = 0; i < sizeof(signature_words) / sizeof(signature_words[0]); i++)
		if (strcmp(signature_words[i], word) == 0)
			return true;
	return false;
}

typedef enum tls_baseline_state check(const char *value, const struct obs *, char *what, size_t cap);

/* What a key means that is given again. */
enum again { AGAIN_ADDS, AGAIN_ALSO };

static const struct key {
	const char	*name;
	bool		(*word)(const char *);
	check		*check;
	const char	*expected;
	enum again	 again;
} keys[] = {
	{ "versions", is_version, tls_baseline_check_versions, "versions with blanks between, as SSLv3 TLSv1.2", AGAIN_ADDS },
	{ "offers", is_version, tls_baseline_check_offers, "versions as TLSv1.2", AGAIN_ALSO },
	{ "suites", is_suite, tls_baseline_check_suites, "IANA names of suites with blanks between", AGAIN_ADDS },
	{ "groups", is_group, tls_baseline_check_groups, "names of groups with blanks between, as x25519 secp256r1", AGAIN_ADDS },
	{ "one-group-of", is_group, tls_baseline_check_one_group, "names of groups with blanks between, as x25519 secp256r1", AGAIN_ADDS },
	{ "no", is_kind, tls_baseline_check_no,
	    "words of null anonymous export rc4 des 3des rc2 idea static-key cbc dhe", AGAIN_ALSO },
	{ "dh-bits", is_number, tls_baseline_check_dh, "a number of bits", AGAIN_ALSO },
	{ "rsa-bits", is_number, tls_baseline_check_rsa, "a number of bits", AGAIN_ALSO },
	{ "keys", is_key, tls_baseline_check_keys, "words of rsa rsa-pss dsa ed25519 ed448, or curves as prime256v1", AGAIN_ADDS },
	{ "signatures", is_signature, tls_baseline_check_signatures,
	    "words as sha256WithRSAEncryption ecdsa-with-SHA256", AGAIN_ADDS },
	{ "certificate-days", is_number, tls_baseline_check_life, "a number of days", AGAIN_ALSO },
};

static const struct key *
find_key(const char *name)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

/* ---- building one ---- */

struct tls_baseline *
tls_baseline_new(void)
{
	struct tls_baseline *b = text_alloc(sizeof(*b));

	b->name = text_dup("");
	b->title = text_dup("");
	b->source = text_dup("");
	b->date = text_dup("");
	b->file = text_dup("");
	return b;
}

void
tls_baseline_free(struct tls_baseline *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->nlines; i++) {
		free(b->lines[i].key);
		free(b->lines[i].value);
	}
	free(b->lines);
	free(b->name);
	free(b->title);
	free(b->source);
	free(b->date);
	free(b->file);
	free(b);
}

/* *bad: the word that is none. */
static bool
are_words(const struct key *k, const char *value, char **bad)
{
	const char *word;
	size_t n, count = 0;

	while (tls_baseline_check_word(&value, &word, &n)) {
		char *one = text_dup_n(word, n);

		if (!k->word(one)) {
			*bad = one;
			return false;
		}
		free(one);
		count++;
	}
	return count == 1 || (count > 1 && k->word != is_number);
}

/*
 * What may be adds to its list, so that files keep their lines short; what must or must not be
 * holds besides, and is told by its own line.
 */
static void
add_line(struct tls_baseline *b, const struct key *k, const char *key, const char *value, unsigned number)
{
	for (size_t i = 0; k->again == AGAIN_ADDS && i < b->nlines; i++)
		if (strcmp(b->lines[i].key, key) == 0) {
			char *joined = text_printf("%s %s", b->lines[i].value, value);

			free(b->lines[i].value);
			b->lines[i].value = joined;
			return;
		}
	b->lines = text_grow(b->lines, b->nlines + 1, sizeof(*b->lines));
	b->lines[b->nlines++] = (struct tls_baseline_line){
		.key = text_dup(key), .value = text_dup(value), .number = number,
	};
}

/* A year, a month or a day: 2026, 2026-01 or 2026-01-31. */
static bool
is_date(const char *value)
{
	static const char *const rests[] = { "", "-01", "-01-01" };
	bool good = false;
	int32_t day;

	for (size_t i = 0; i < sizeof(rests) / sizeof(rests[0]) && !good; i++) {
		char *whole = text_printf("%s%s", value, rests[i]);

		good = strlen(whole) == strlen("2026-01-31") && builds_day_parse(whole, &day);
		free(whole);
	}
	return good;
}

bool
tls_baseline_set(struct tls_baseline *b, const char *section, const char *key, const char *value,
    unsigned number, const char **why, char **bad)
{
	struct { const char *name; char **at; } about[] = {
		{ "name", &b->name }, { "title", &b->title }, { "source", &b->source }, { "date", &b->date },
	};
	const struct key *k = find_key(key);
	char *blank;
	bool good;

	*bad = NULL;
	for (size_t i = 0; strcmp(section, "baseline") == 0 && i < sizeof(about) / sizeof(about[0]); i++)
		if (strcmp(about[i].name, key) == 0) {
			*why = about[i].at == &b->date ? "a year, a month or a day as 2026-01-31" : "some text";
			if (about[i].at == &b->date ? !is_date(value) : value[0] == '\0')
				return false;
			free(*about[i].at);
			*about[i].at = text_dup(value);
			return true;
		}
	*why = "name, title, source or date in [baseline], or versions, offers, suites, groups, "
	    "one-group-of, no, dh-bits, rsa-bits, keys, signatures or certificate-days in [require]";
	if (strcmp(section, "require") != 0 || k == NULL)
		return false;
	*why = k->expected;
	blank = text_dup(value);
	for (char *c = blank; *c != '\0'; c++)
		*c = *c == '\t' ? ' ' : *c;
	good = are_words(k, blank, bad);
	if (good)
		add_line(b, k, key, blank, number);
	free(blank);
	return good;
}

const char *
tls_baseline_lacks(const struct tls_baseline *b)
{
	const struct { const char *name, *value; } about[] = {
		{ "a name in [baseline]", b->name }, { "a title in [baseline]", b->title },
		{ "a source in [baseline]", b->source }, { "a date in [baseline]", b->date },
	};

	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++)
		if (about[i].value[0] == '\0')
			return about[i].name;
	return b->nlines == 0 ? "a line in [require]" : NULL;
}

enum tls_baseline_state
tls_baseline_check(const struct tls_baseline_line *line, const struct obs *o, char *what, size_t cap)
{
	const struct key *k = find_key(line->key);

	what[0] = '\0';
	return k != NULL ? k->check(line->value, o, what, cap) : BASELINE_UNSEEN;
}
