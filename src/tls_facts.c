/* tls_facts.c - what the observations say about TLS at one place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tls_facts.h"

const char *
tls_facts_place(const struct obs *o, const char *after)
{
	const struct observation *k = obs_first(o, FACT_TLS_DEPTH);

	/* They are sorted by place; two probes at one place are one. */
	while (after != NULL && k != NULL && strcmp(k->at, after) <= 0)
		k = obs_next(o, k);
	return k != NULL ? k->at : NULL;
}

const char *
tls_facts_words(const char *text, uint16_t version)
{
	const char *name = tls_names_version(version);
	size_t n = name != NULL ? strlen(name) : 0;

	return n != 0 && strncmp(text, name, n) == 0 && text[n] == ' ' ? text + n + 1 : NULL;
}

/*
 * Whoever closes or resets on every hello, and answers none, may not have TLS
 * there, not serve our name, or want no more connections: nothing is refused.
 */
static bool
is_deaf(const struct obs *o, const char *at)
{
	const struct observation *k = NULL;
	bool closed = false;

	if (obs_next_at(o, FACT_TLS_OFFERED, at, NULL) != NULL)
		return false;
	while ((k = obs_next_at(o, FACT_TLS_REFUSED, at, k)) != NULL) {
		if (strncmp(k->evidence, "alert", strlen("alert")) == 0 || k->evidence[0] == '\0')
			return false;
		closed = closed || strcmp(k->evidence, "close") == 0 || strcmp(k->evidence, "reset") == 0;
	}
	return closed;
}

enum tls_known
tls_facts_version(const struct obs *o, const char *at, uint16_t version,
    const struct observation **proof)
{
	const char *name = tls_names_version(version);
	const struct observation *k = NULL;

	*proof = obs_find_at(o, FACT_TLS_OFFERED, at, name);
	if (*proof != NULL)
		return TLS_YES;
	/* Refused by a close, and undecided since: then it answered no more. */
	while ((k = obs_next_at(o, FACT_TLS_UNDECIDED, at, k)) != NULL)
		if (tls_facts_words(k->text, version) != NULL)
			return TLS_OPEN;
	*proof = is_deaf(o, at) ? NULL : obs_find_at(o, FACT_TLS_REFUSED, at, name);
	return *proof != NULL ? TLS_NO : TLS_OPEN;
}

bool
tls_facts_speaks(const struct obs *o, const char *at)
{
	static const uint16_t versions[] = { 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304 };
	const struct observation *k;

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (tls_facts_version(o, at, versions[i], &k) == TLS_YES)
			return true;
	return false;
}

int64_t
tls_facts_rsa_bits(const char *key)
{
	static const char *const kinds[] = { "RSA ", "RSASSA-PSS " };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (text_starts(key, kinds[i]))
			return strtoll(key + strlen(kinds[i]), NULL, 10);
	return -1;
}

const char *
tls_facts_open(const struct obs *o, const char *at, uint16_t version)
{
	const struct observation *k = NULL;

	while ((k = obs_next_at(o, FACT_TLS_UNDECIDED, at, k)) != NULL) {
		const char *reason = tls_facts_words(k->text, version);

		if (reason != NULL)
			return reason;
	}
	if (is_deaf(o, at))
		return "it closed on every hello";
	return "not asked to the end";
}

const struct tls_suite *
tls_facts_suite(const struct observation *k, uint16_t *version)
{
	for (*version = 0x0300; *version <= 0x0304; ++*version) {
		const char *name = tls_facts_words(k->text, *version);

		if (name != NULL)
			return tls_names_suite_find(name);
	}
	*version = 0x0002;
	return NULL;
}

unsigned
tls_facts_kinds(const struct observation *k, const char **name, uint16_t *version)
{
	const struct tls_suite *s = tls_facts_suite(k, version);

	*name = s != NULL ? s->name : *version == 0x0002 ? tls_facts_words(k->text, 0x0002) : NULL;
	if (s != NULL)
		return tls_names_kind(s);
	return *name != NULL ? tls_names_kind_v2(*name) : 0;
}

unsigned
tls_facts_clean(const struct obs *o, const char *at, uint16_t version)
{
	const struct observation *k = NULL;
	unsigned kinds = 0;

	while ((k = obs_next_at(o, FACT_TLS_CLEAN, at, k)) != NULL) {
		const char *word = tls_facts_words(k->text, version);

		while (word != NULL && *word != '\0') {
			size_t n = strcspn(word, " ");

			kinds |= tls_names_kind_find(word, n);
			word += n + (word[n] == ' ');
		}
	}
	return kinds;
}

/* "mail.example.com:443" of an URL or of a place that is no more than that. */
static void
door_of(const char *at, char *out, size_t cap)
{
	bool url = text_starts(at, "https://");
	size_t n = strcspn(url ? at + strlen("https://") : at, "/");
	const char *host = url ? at + strlen("https://") : at;
	const char *port = *host == '[' ? strstr(host, "]:") : memchr(host, ':', n);

	(void)snprintf(out, cap, "%.*s%s", (int)n, host,
	    url && (port == NULL || port >= host + n) ? ":443" : "");
}

/* RSA in either form is one kind, and so are the curves. */
static char
kind_of(const struct obs *o, const char *at)
{
	const struct observation *k = obs_next_at(o, FACT_CERT_KEY, at, NULL);

	return k == NULL ? '\0' : text_starts(k->text, "ED") ? 'd' : k->text[0];
}

bool
tls_facts_same_port(const char *a, const char *b)
{
	char here[512], there[512];

	door_of(a, here, sizeof(here));
	door_of(b, there, sizeof(there));
	return strcmp(here, there) == 0;
}

bool
tls_facts_share_cert(const struct obs *o, const char *a, const char *b)
{
	const struct observation *x = NULL;

	while ((x = obs_next_at(o, FACT_CERT_SHA256, a, x)) != NULL)
		if (obs_find_at(o, FACT_CERT_SHA256, b, x->text) != NULL)
			return true;
	return tls_facts_same_port(a, b) && kind_of(o, a) != '\0' && kind_of(o, b) != '\0' &&
	    kind_of(o, a) != kind_of(o, b);
}

bool
tls_facts_is_backend(const struct observation *k)
{
	return strcmp(k->probe, "tls-backend") == 0;
}

unsigned
tls_facts_each(const struct obs *o, enum fact fact, struct finding *f, const char *key)
{
	unsigned n = 0;
	char text[300];

	for (const struct observation *k = obs_first(o, fact); k != NULL; k = obs_next(o, k), n++) {
		(void)snprintf(text, sizeof(text), "%s: %s", k->at, k->text);
		finding_list(f, key, text);
		finding_proof(f, o, k);
	}
	return n;
}

/* Is it in the list already, as a whole item? */
static bool
is_listed(const char *list, const char *item)
{
	size_t n = strlen(item);

	for (const char *p = strstr(list, item); p != NULL; p = strstr(p + 1, item))
		if ((p == list || p[-1] == ' ') && (p[n] == '\0' || p[n] == ','))
			return true;
	return false;
}

void
tls_facts_list(struct tls_list *l, const char *item)
{
	static const char more[] = " and more";
	size_t used = strlen(l->s);

	if (is_listed(l->s, item))
		return;
	l->n++;
	/* The finding's details have the whole list. */
	if (used + strlen(item) + sizeof(", ") + strlen(more) > sizeof(l->s)) {
		if (used < strlen(more) || strcmp(l->s + used - strlen(more), more) != 0)
			(void)snprintf(l->s + used, sizeof(l->s) - used, "%s", more);
		return;
	}
	(void)snprintf(l->s + used, sizeof(l->s) - used, "%s%s", used != 0 ? ", " : "", item);
}
