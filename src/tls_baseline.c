/*
 * tls_baseline.c - what somebody asks of TLS, held against the observations.
 */
#include "config-build.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "builds.h"
#include "obs.h"
#include "tls_baseline.h"
#include "tls_facts.h"

/* One word of a list; *p moves on.  False at the end. */
static bool
next_word(const char **p, const char **word, size_t *n)
{
	*p += strspn(*p, " ");
	*word = *p;
	*n = strcspn(*p, " ");
	*p += *n;
	return *n > 0;
}

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

/* ---- checks ---- */

typedef enum tls_baseline_state check(const char *value, const struct obs *, char *what, size_t cap);

static const uint16_t all_versions[] = { 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304 };

/* versions: those that may be offered, and no other. */
static enum tls_baseline_state
check_versions(const char *value, const struct obs *o, char *what, size_t cap)
{
	enum tls_baseline_state state = BASELINE_UNSEEN;
	const struct observation *k;

	for (const char *at = NULL; (at = tls_facts_place(o, at)) != NULL;)
		for (size_t i = 0; i < sizeof(all_versions) / sizeof(all_versions[0]); i++) {
			uint16_t v = all_versions[i];
			const char *name = tls_names_version(v);
			enum tls_known known = tls_facts_version(o, at, v, &k);

			if (text_lists(value, name, ' '))
				continue;
			if (known == TLS_YES) {
				(void)snprintf(what, cap, "%s at %s", name, at);
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

/* offers: versions that must be there. */
static enum tls_baseline_state
check_offers(const char *value, const struct obs *o, char *what, size_t cap)
{
	enum tls_baseline_state state = BASELINE_UNSEEN;
	const struct observation *k;

	for (const char *at = NULL; (at = tls_facts_place(o, at)) != NULL;)
		for (size_t i = 0; i < sizeof(all_versions) / sizeof(all_versions[0]); i++) {
			const char *name = tls_names_version(all_versions[i]);
			enum tls_known known = tls_facts_version(o, at, all_versions[i], &k);

			if (!text_lists(value, name, ' '))
				continue;
			if (known == TLS_NO) {
				(void)snprintf(what, cap, "no %s at %s", name, at);
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
static enum tls_baseline_state
check_suites(const char *value, const struct obs *o, char *what, size_t cap)
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
static enum tls_baseline_state
check_groups(const char *value, const struct obs *o, char *what, size_t cap)
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

	while (next_word(&value, &word, &n))
		kinds |= tls_names_kind_find(word, n);
	return kinds;
}

/* no: kinds of suites of which none may be accepted. */
static enum tls_baseline_state
check_no(const char *value, const struct obs *o, char *what, size_t cap)
{
	unsigned kinds = kinds_of(value);
	const struct observation *k;
	uint16_t version;

	if (tls_facts_place(o, NULL) == NULL)
		return BASELINE_UNSEEN;
	for (k = obs_first(o, FACT_TLS_SUITE); k != NULL; k = obs_next(o, k)) {
		const struct tls_suite *s = tls_facts_suite(k, &version);

		if (s != NULL && (tls_names_kind(s) & kinds) != 0) {
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

static enum tls_baseline_state
check_dh(const char *value, const struct obs *o, char *what, size_t cap)
{
	return check_numbers(value, o, FACT_TLS_DH_BITS, true, "bits of Diffie-Hellman", what, cap);
}

static enum tls_baseline_state
check_life(const char *value, const struct obs *o, char *what, size_t cap)
{
	return check_numbers(value, o, FACT_CERT_LIFETIME, false, "days of certificate", what, cap);
}

static enum tls_baseline_state
check_rsa(const char *value, const struct obs *o, char *what, size_t cap)
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

static const struct key {
	const char	*name;
	bool		(*word)(const char *);
	check		*check;
	const char	*expected;
} keys[] = {
	{ "versions", is_version, check_versions, "versions as SSLv3, TLSv1.2" },
	{ "offers", is_version, check_offers, "versions as TLSv1.2" },
	{ "suites", is_suite, check_suites, "IANA names of suites" },
	{ "groups", is_group, check_groups, "names of groups as x25519" },
	{ "no", is_kind, check_no,
	    "null, anonymous, export, rc4, des, 3des, rc2, idea, static-key, cbc or dhe" },
	{ "dh-bits", is_number, check_dh, "a number of bits" },
	{ "rsa-bits", is_number, check_rsa, "a number of bits" },
	{ "certificate-days", is_number, check_life, "a number of days" },
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
	free(b);
}

static bool
are_words(const struct key *k, const char *value)
{
	const char *word;
	size_t n, count = 0;

	while (next_word(&value, &word, &n)) {
		char *one = text_dup_n(word, n);
		bool good = k->word(one);

		free(one);
		if (!good)
			return false;
		count++;
	}
	return count > 0;
}

/* A key given again adds to its list: files keep their lines short. */
static void
add_line(struct tls_baseline *b, const char *key, const char *value, unsigned number)
{
	for (size_t i = 0; i < b->nlines; i++)
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
    unsigned number, const char **why)
{
	struct { const char *name; char **at; } about[] = {
		{ "name", &b->name }, { "title", &b->title }, { "source", &b->source }, { "date", &b->date },
	};
	const struct key *k = find_key(key);

	for (size_t i = 0; strcmp(section, "baseline") == 0 && i < sizeof(about) / sizeof(about[0]); i++)
		if (strcmp(about[i].name, key) == 0) {
			*why = about[i].at == &b->date ? "a year, a month or a day as 2026-01-31" : "some text";
			if (about[i].at == &b->date ? !is_date(value) : value[0] == '\0')
				return false;
			free(*about[i].at);
			*about[i].at = text_dup(value);
			return true;
		}
	*why = "name, title, source or date in [baseline], or versions, offers, suites, groups, no, "
	    "dh-bits, rsa-bits or certificate-days in [require]";
	if (strcmp(section, "require") != 0 || k == NULL)
		return false;
	*why = k->expected;
	if (!are_words(k, value))
		return false;
	add_line(b, key, value, number);
	return true;
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
