/* run_differ.c - certificate and TLS: where they differ within a result. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "run_past.h"
#include "tls_facts.h"

/* Noted at the end: adding moves the observations that are compared. */
struct run_news {
	struct news_line {
		enum fact	 fact;
		char		*at, *text, *evidence;
	}	*v;
	size_t	 n;
};

void
run_differ_add(struct run_news *news, enum fact fact, const char *at, const char *evidence, char *text)
{
	news->v = text_grow(news->v, news->n + 1, sizeof(*news->v));
	news->v[news->n++] = (struct news_line){ fact, text_dup(at), text, text_dup(evidence) };
}

static void
tell(struct run_news *news, struct obs *o)
{
	for (size_t i = 0; i < news->n; i++) {
		struct news_line *k = &news->v[i];

		obs_text(o, k->fact, k->at, "", k->text, k->evidence);
		free(k->at);
		free(k->text);
		free(k->evidence);
	}
	free(news->v);
}

/* ---- certificates ---- */

const char *
run_differ_cert_place(const struct result *r)
{
	const struct observation *k = obs_first(r->obs, FACT_CERT_SHA256), *first = k;
	char port[8];

	(void)snprintf(port, sizeof(port), ":%u", (unsigned)r->port);
	for (; k != NULL; k = obs_next(r->obs, k)) {
		size_t n = strlen(k->at), tail = strlen(port);

		/* Only when nothing else was seen: setup gives it a certificate of its own. */
		if (tls_facts_is_backend(first))
			first = k;

		if (text_starts(k->at, "https://") ||
		    (n > tail && strcmp(k->at + n - tail, port) == 0))
			return k->at;
	}
	return first != NULL ? first->at : NULL;
}

/* RSA, RSA-PSS, EC, DSA and the Edwards curves: a server may have a certificate of each. */
static char
kind_of(const char *key)
{
	return text_starts(key, "RSASSA") ? 'P' : text_starts(key, "ED") ? 'd' : key[0];
}

/* More certificates than kinds of keys: it is not one server that answers there. */
static void
compare_shown(const struct obs *o, const char *at, struct run_news *news)
{
	const struct observation *k = NULL, *last = NULL;
	char kinds[8] = "";
	size_t n = 0, nkinds = 0;

	for (; (k = obs_next_at(o, FACT_CERT_SHA256, at, k)) != NULL; n++)
		last = k;
	while ((k = obs_next_at(o, FACT_CERT_KEY, at, k)) != NULL && nkinds + 1 < sizeof(kinds))
		if (strchr(kinds, kind_of(k->text)) == NULL)
			kinds[nkinds++] = kind_of(k->text);
	if (nkinds > 0 && n > nkinds)
		run_differ_add(news, FACT_CERT_DIFFERS, at, last->text, text_printf(
		    "not always the same: %zu were shown for %zu kind%s of key", n, nkinds,
		    nkinds == 1 ? "" : "s"));
}

static void
compare_certs(const struct result *r, struct run_news *news)
{
	const char *first = run_differ_cert_place(r);

	for (const struct observation *k = obs_first(r->obs, FACT_CERT_SHA256); k != NULL;
	    k = obs_next(r->obs, k)) {
		if (obs_next_at(r->obs, FACT_CERT_SHA256, k->at, NULL) != k)
			continue;
		compare_shown(r->obs, k->at, news);
		if (!tls_facts_is_backend(k) && strcmp(k->at, first) != 0 &&
		    !tls_facts_share_cert(r->obs, k->at, first))
			run_differ_add(news, FACT_CERT_DIFFERS, k->at, k->text,
			    text_printf("another one than at %s", first));
	}
}

/* ---- TLS ---- */

/*
 * Is there a key for that suite at the place?  Where the certificates have other kinds of key,
 * a suite that only one of them can serve is no other setting of TLS.
 */
static bool
has_key(const struct obs *o, const char *at, const struct tls_suite *s)
{
	static const struct { enum tls_auth auth; const char *starts[2]; } keys[] = {
		{ TLS_AUTH_RSA, { "RSA", "RSA" } }, { TLS_AUTH_ECDSA, { "EC ", "ED" } },
		{ TLS_AUTH_DSS, { "DSA", "DSA" } },
	};
	bool known = false;

	for (size_t i = 0; s != NULL && i < sizeof(keys) / sizeof(keys[0]); i++)
		for (const struct observation *k = NULL; keys[i].auth == s->auth &&
		    (k = obs_next_at(o, FACT_CERT_KEY, at, k)) != NULL; known = true)
			if (text_starts(k->text, keys[i].starts[0]) || text_starts(k->text, keys[i].starts[1]))
				return true;
	return !known;
}

/* A list of which each place knows the whole. */
static const struct list { enum fact fact, whole; const char *noun; } lists[] = {
	{ FACT_TLS_SUITE, FACT_TLS_COMPLETE, "suites" },
	{ FACT_TLS_GROUP, FACT_TLS_GROUPS_ALL, "groups" },
};

/* What of a list one place accepts and the other does not, both being known. */
static void
compare_list(const struct obs *o, const char *at, const char *first, uint16_t version,
    const struct list *l, struct run_news *news)
{
	const char *const ends[] = { at, first };
	const char *example = NULL, *name = tls_names_version(version);
	size_t n = 0;

	if (obs_find_at(o, l->whole, at, name) == NULL || obs_find_at(o, l->whole, first, name) == NULL)
		return;
	for (size_t i = 0; i < 2 && n == 0; i++) {
		const char *verb = i == 0 ? "accepts" : "does not accept", *word;
		const struct observation *k = NULL;

		while ((k = obs_next_at(o, l->fact, ends[i], k)) != NULL) {
			word = tls_facts_words(k->text, version);
			/* One finite-field group may stand for all of them. */
			if (word == NULL || strncmp(word, "ffdhe", 5) == 0 ||
			    obs_find_at(o, l->fact, ends[1 - i], k->text) != NULL ||
			    !has_key(o, ends[1 - i], tls_names_suite_find(word)))
				continue;
			example = example == NULL ? k->text : example;
			n++;
		}
		if (n == 1)
			run_differ_add(news, FACT_TLS_DIFFERS, at, "", text_printf("%s %s, unlike %s",
			    verb, example, first));
		else if (n > 1)
			run_differ_add(news, FACT_TLS_DIFFERS, at, "", text_printf("%s %zu %s as %s, unlike %s",
			    verb, n, l->noun, example, first));
	}
}

/* Whose order of suites decides. */
static void
compare_order(const struct obs *o, const char *at, const char *first, uint16_t version,
    struct run_news *news)
{
	const char *const ends[] = { at, first };
	const char *order[2] = { NULL, NULL };

	for (size_t i = 0; i < 2; i++) {
		const struct observation *k = NULL;

		while (order[i] == NULL && (k = obs_next_at(o, FACT_TLS_ORDER, ends[i], k)) != NULL)
			order[i] = tls_facts_words(k->text, version);
	}
	if (order[0] != NULL && order[1] != NULL && strcmp(order[0], order[1]) != 0)
		run_differ_add(news, FACT_TLS_DIFFERS, at, "", text_printf(
		    "goes by the %s's order of suites in %s, unlike %s", order[0],
		    tls_names_version(version), first));
}

/* Kinds of weak suites: one place has such a suite, the other is clean of them. */
static void
compare_kinds(const struct obs *o, const char *at, const char *first, uint16_t version,
    struct run_news *news)
{
	const char *const ends[] = { at, first };
	const char *name = tls_names_version(version);

	if (obs_find_at(o, FACT_TLS_COMPLETE, at, name) != NULL &&
	    obs_find_at(o, FACT_TLS_COMPLETE, first, name) != NULL)
		return;
	for (size_t i = 0; i < 2; i++) {
		const struct observation *k = NULL;
		uint16_t of;

		while ((k = obs_next_at(o, FACT_TLS_SUITE, ends[i], k)) != NULL) {
			const struct tls_suite *s = tls_facts_suite(k, &of);

			if (s == NULL || of != version || !has_key(o, ends[1 - i], s) ||
			    (tls_names_kind(s) & tls_facts_clean(o, ends[1 - i], version)) == 0)
				continue;
			run_differ_add(news, FACT_TLS_DIFFERS, at, "", text_printf("%s %s, unlike %s",
			    i == 0 ? "accepts" : "does not accept", k->text, first));
			break;
		}
	}
}

static const uint16_t versions[] = { 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304 };

void
run_differ_settings(const struct obs *o, const char *at, const char *first, struct run_news *news)
{
	const struct observation *k;

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		if (tls_facts_version(o, at, versions[i], &k) != TLS_YES ||
		    tls_facts_version(o, first, versions[i], &k) != TLS_YES)
			continue;
		for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++)
			compare_list(o, at, first, versions[i], &lists[l], news);
		compare_order(o, at, first, versions[i], news);
		compare_kinds(o, at, first, versions[i], news);
	}
}

static void
compare_place(const struct obs *o, const char *at, const char *first, struct run_news *news)
{
	const struct observation *k;

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		enum tls_known here = tls_facts_version(o, at, versions[i], &k);
		enum tls_known there = tls_facts_version(o, first, versions[i], &k);

		if (here != there && here != TLS_OPEN && there != TLS_OPEN)
			run_differ_add(news, FACT_TLS_DIFFERS, at, "", text_printf("%s %s, unlike %s",
			    here == TLS_YES ? "offers" : "refuses", tls_names_version(versions[i]), first));
	}
	run_differ_settings(o, at, first, news);
}

const char *
run_differ_tls_place(const struct result *r)
{
	const char *at = NULL;
	char port[8];

	(void)snprintf(port, sizeof(port), ":%u", (unsigned)r->port);
	while ((at = tls_facts_place(r->obs, at)) != NULL) {
		size_t n = strlen(at), tail = strlen(port);

		if (n > tail && strcmp(at + n - tail, port) == 0)
			return at;
	}
	return tls_facts_place(r->obs, NULL);
}

static void
compare_tls(const struct result *r, struct run_news *news)
{
	const char *first = run_differ_tls_place(r);

	for (const char *at = NULL; (at = tls_facts_place(r->obs, at)) != NULL;)
		if (strcmp(at, first) != 0)
			compare_place(r->obs, at, first, news);
}

/* ---- members of a pool ---- */

/* Who answered that sample, by its URL; "" when it gave no name. */
static const char *
member_at(const struct obs *o, const char *at)
{
	const struct observation *k = obs_next_at(o, FACT_POOL_MEMBER, at, NULL);

	return k != NULL ? k->text : "";
}

static void
compare_samples(const struct obs *o, enum fact fact, const char *what, struct run_news *news)
{
	const struct observation *first = obs_first(o, fact);

	for (const struct observation *k = first; k != NULL; k = obs_next(o, k)) {
		const char *name = member_at(o, k->at), *other = member_at(o, first->at);

		if (strcmp(k->text, first->text) == 0)
			continue;
		run_differ_add(news, FACT_POOL_DIFFERS, k->at, k->text, text_printf("%s%s%s: another one than at %s%s%s",
		    what, name[0] != '\0' ? " of " : "", name, first->at,
		    other[0] != '\0' ? ", by " : "", other));
	}
}

void
run_differ_note(struct run_past *d, struct result *r)
{
	static const struct { enum fact fact; const char *what; } of_samples[] = {
		{ FACT_POOL_CERT, "certificate" }, { FACT_POOL_TLS, "TLS version" },
		{ FACT_POOL_CIPHER, "cipher suite" },
	};
	struct run_news news = { 0 };

	compare_certs(r, &news);
	compare_tls(r, &news);
	for (size_t i = 0; i < sizeof(of_samples) / sizeof(of_samples[0]); i++)
		compare_samples(r->obs, of_samples[i].fact, of_samples[i].what, &news);
	run_past_look(d, r, &news);
	if (news.n == 0)
		return;
	tell(&news, r->obs);
	obs_sort(r->obs);
}
