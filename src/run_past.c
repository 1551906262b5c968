/*
 * run_past.c - certificate and TLS: where a result differs from an earlier
 * one of the same name (another address) or of the same server (another name).
 *
 * The earlier one has been judged and written already: the later one tells.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "run_past.h"
#include "same.h"
#include "tls_facts.h"

enum {
	DIFFER_CHAINS = 4096, DIFFER_ENTRIES = 20000,
	DIFFER_SETTINGS = 16777216,	/* bytes; of what came later only the versions are compared */
};

/* Facts of which the settings of TLS at one place are kept, each by its number here. */
static const enum fact kept[] = {
	FACT_TLS_OFFERED, FACT_TLS_SUITE, FACT_TLS_COMPLETE, FACT_TLS_GROUP, FACT_TLS_GROUPS_ALL,
	FACT_TLS_ORDER, FACT_TLS_CLEAN, FACT_CERT_KEY,
};

/* What was seen at the target's own port of the first result with that key. */
struct entry {
	struct entry	*next;
	char		*key, *target, *address, *certs, *versions;
	char		*settings;	/* lines: the number of a fact, and its text */
};

struct run_past {
	struct entry	*chains[DIFFER_CHAINS];
	size_t		 n, bytes;
};

struct run_past *
run_past_new(void)
{
	return text_alloc(sizeof(struct run_past));
}

void
run_past_free(struct run_past *d)
{
	for (size_t i = 0; d != NULL && i < DIFFER_CHAINS; i++)
		for (struct entry *e = d->chains[i], *next; e != NULL; e = next) {
			next = e->next;
			free(e->key);
			free(e->target);
			free(e->address);
			free(e->certs);
			free(e->versions);
			free(e->settings);
			free(e);
		}
	free(d);
}

/* Those of one place, with a space behind each. */
static char *
words_at(const struct obs *o, enum fact fact, const char *at)
{
	const struct observation *k = NULL;
	struct text_buf out = { 0 };

	text_buf_str(&out, "");
	while (at != NULL && (k = obs_next_at(o, fact, at, k)) != NULL)
		text_buf_printf(&out, "%s ", k->text);
	return out.s;
}

/* Versions count only when all of them are settled. */
static char *
versions_at(const struct obs *o, const char *at)
{
	if (at == NULL || obs_next_at(o, FACT_TLS_UNDECIDED, at, NULL) != NULL)
		return text_dup("");
	return words_at(o, FACT_TLS_OFFERED, at);
}

static char *
settings_at(const struct obs *o, const char *at)
{
	struct text_buf out = { 0 };

	text_buf_str(&out, "");
	for (size_t i = 0; at != NULL && i < sizeof(kept) / sizeof(kept[0]); i++)
		for (const struct observation *k = NULL; (k = obs_next_at(o, kept[i], at, k)) != NULL;)
			text_buf_printf(&out, "%zu%s\n", i, k->text);
	return out.s;
}

static void
recall(struct obs *o, const char *at, const char *settings)
{
	for (const char *p = settings, *end; (end = strchr(p, '\n')) != NULL; p = end + 1)
		obs_text_n(o, kept[*p - '0'], at, "", p + 1, (size_t)(end - p) - 1, "");
}

/* Suites, groups and order, as they are compared between the ports of one target. */
static void
compare_settings(const struct entry *before, const struct entry *now, const char *at, const char *there,
    struct run_news *news)
{
	struct obs *both = obs_new();

	recall(both, at, now->settings);
	recall(both, there, before->settings);
	obs_sort(both);
	run_differ_settings(both, at, there, news);
	obs_free(both);
}

static bool
shares_word(const char *a, const char *b)
{
	for (; *a != '\0'; a = strchr(a, ' ') + 1) {
		size_t n = strcspn(a, " ") + 1;

		for (const char *p = b; *p != '\0'; p = strchr(p, ' ') + 1)
			if (strncmp(p, a, n) == 0)
				return true;
	}
	return false;
}

static struct entry **
find(struct run_past *d, const char *key)
{
	struct entry **e;
	uint32_t h = 2166136261U;	/* FNV-1a */

	for (const char *s = key; *s != '\0'; s++)
		h = (h ^ (uint32_t)(unsigned char)(*s >= 'A' && *s <= 'Z' ? *s - 'A' + 'a' : *s)) *
		    16777619U;
	for (e = &d->chains[h % DIFFER_CHAINS]; *e != NULL && strcasecmp((*e)->key, key) != 0;)
		e = &(*e)->next;
	return e;
}

static char *
where(const struct entry *e)
{
	return e->address[0] != '\0' && strcmp(e->address, e->target) != 0 ?
	    text_printf("%s (%s)", e->target, e->address) : text_dup(e->target);
}

static void
compare(const struct entry *before, const struct entry *now, const struct result *r,
    struct run_news *news)
{
	char *there = where(before);

	if (before->certs[0] != '\0' && now->certs[0] != '\0' && !shares_word(before->certs, now->certs))
		run_differ_add(news, FACT_CERT_DIFFERS, run_differ_cert_place(r), now->certs,
		    text_printf("another one than of %s", there));
	if (before->versions[0] != '\0' && now->versions[0] != '\0' &&
	    strcmp(before->versions, now->versions) != 0)
		run_differ_add(news, FACT_TLS_DIFFERS, run_differ_tls_place(r), now->versions,
		    text_printf("offers %.*s, unlike %s, which offers %.*s", (int)strlen(now->versions) - 1,
		    now->versions, there, (int)strlen(before->versions) - 1, before->versions));
	if (before->settings[0] != '\0' && now->settings[0] != '\0')
		compare_settings(before, now, run_differ_tls_place(r), there, news);
	free(there);
}

/* Takes the key. */
static void
look(struct run_past *d, char *key, const struct result *r, struct run_news *news)
{
	struct entry **at = find(d, key), now = { .key = key, .target = r->target, .address = r->address,
		.certs = words_at(r->obs, FACT_CERT_SHA256, run_differ_cert_place(r)),
		.versions = versions_at(r->obs, run_differ_tls_place(r)),
		.settings = settings_at(r->obs, run_differ_tls_place(r)) };
	size_t bytes = strlen(now.settings) + 1;

	if (*at != NULL && (strcmp((*at)->target, r->target) != 0 ||
	    strcmp((*at)->address, r->address) != 0))
		compare(*at, &now, r, news);
	if (*at == NULL && d->n < DIFFER_ENTRIES && (now.certs[0] != '\0' || now.versions[0] != '\0')) {
		if (d->bytes + bytes > DIFFER_SETTINGS)
			now.settings[0] = '\0';
		else
			d->bytes += bytes;
		now.target = text_dup(r->target);
		now.address = text_dup(r->address);
		*at = text_alloc(sizeof(now));
		**at = now;
		d->n++;
		return;
	}
	free(key);
	free(now.certs);
	free(now.versions);
	free(now.settings);
}

/* A name of several addresses, and every name of a machine that says whose it is. */
void
run_past_look(struct run_past *d, const struct result *r, struct run_news *news)
{
	const struct observation *k = obs_first(r->obs, FACT_ADDRESS);
	struct same_seen s;

	if (obs_first(r->obs, FACT_CERT_SHA256) == NULL && tls_facts_place(r->obs, NULL) == NULL)
		return;
	same_look(r, &s);
	if (k != NULL && obs_next(r->obs, k) != NULL)
		look(d, text_printf("target:%s:%u", r->target, (unsigned)r->port), r, news);
	for (size_t i = 0; i < s.n; i++)
		if (s.names[i].domain[0] != '\0')
			look(d, text_printf("name:%.*s.%s", (int)s.names[i].len, s.names[i].label,
			    s.names[i].domain), r, news);
	if (s.n == 0 && s.guid[0] != '\0')
		look(d, text_printf("smb:%s", s.guid), r, news);
}
