/* tls_list.c - the suites and groups of a chain's next hello. */
#include "probes/tls_list.h"
#include "wire/tls_names.h"

/* Groups of an ordinary hello: the first rows of the table. */
enum { ORDINARY_GROUPS = 5 };

bool
tls_list_has(const struct tls_chain *c, uint16_t code)
{
	for (size_t i = 0; i < c->nfound; i++)
		if (c->found[i] == code)
			return true;
	return false;
}

/*
 * SSLv3 gets one hello without extensions and below 256 bytes: what its
 * implementations had: no later suite than RFC 4492's, and no Kerberos.
 */
bool
tls_list_is_candidate(const struct tls_chain *c, const struct tls_suite *s)
{
	if (!tls_names_fits(s, c->version))
		return false;
	if (c->version == 0x0300)
		return s->kx != TLS_KX_KRB5 &&
		    (s->code < 0x008a || (s->code >= 0xc001 && s->code <= 0xc019));
	return !c->picky || (s->flags & SUITE_ORDINARY) != 0;
}

bool
tls_list_has_group(const struct tls_chain *c, const struct tls_suite *s)
{
	return c->version == 0x0304 || s->kx == TLS_KX_ECDHE || s->kx == TLS_KX_ECDHE_PSK;
}

/*
 * Groups are best asked with suites whose certificate has no curve of its own:
 * is there one?
 */
bool
tls_list_has_free(const struct tls_chain *c)
{
	for (size_t i = 0; i < c->nfound; i++) {
		const struct tls_suite *s = tls_names_suite(c->found[i]);

		if (s != NULL && tls_list_has_group(c, s) && s->auth != TLS_AUTH_ECDSA)
			return true;
	}
	return false;
}

/* Is the suite asked when only groups are? */
static bool
is_for_groups(const struct tls_chain *c, const struct tls_suite *s)
{
	return tls_list_has_group(c, s) && (s->auth != TLS_AUTH_ECDSA || !tls_list_has_free(c));
}

/*
 * Whose order decides shows when suites come the other way round, so every
 * second hello offers them that way.
 */
static bool
is_reversed(const struct tls_chain *c)
{
	if (c->phase == TLS_PHASE_ORDER || c->phase == TLS_PHASE_GROUPS)
		return true;
	return c->nfound % 2 == 1;
}

size_t
tls_list_suites(const struct tls_chain *c, uint16_t out[TLS_CHAIN_SUITES])
{
	bool again = c->phase == TLS_PHASE_GROUPS || c->phase == TLS_PHASE_ORDER;
	size_t n = 0;

	for (const struct tls_suite *s = tls_names_suites; s->code != 0 && n < TLS_CHAIN_SUITES; s++)
		if (tls_list_is_candidate(c, s) && tls_list_has(c, s->code) == again &&
		    (c->phase != TLS_PHASE_GROUPS || is_for_groups(c, s)))
			out[n++] = s->code;
	for (size_t i = 0; is_reversed(c) && i < n / 2; i++) {
		uint16_t keep = out[i];

		out[i] = out[n - 1 - i];
		out[n - 1 - i] = keep;
	}
	return n;
}

/* The curve of an ECDSA certificate must stay on offer (RFC 8422 5.1.1). */
bool
tls_list_keeps(const struct tls_chain *c, const struct tls_group *g)
{
	const struct tls_suite *first = c->nfound > 0 ? tls_names_suite(c->found[0]) : NULL;

	if (c->phase == TLS_PHASE_GROUPS && tls_list_has_free(c))
		return false;
	if (first == NULL || first->auth != TLS_AUTH_ECDSA)
		return false;
	return c->curve != 0 ? g->code == c->curve : g->code >= 23 && g->code <= 25;
}

static bool
is_asked(const struct tls_chain *c, size_t row)
{
	unsigned flag = c->version == 0x0304 ? GROUP_TLS13 : GROUP_TLS12;

	return (tls_names_groups[row].flags & flag) != 0 && (!c->picky || row < ORDINARY_GROUPS);
}

static bool
is_narrow(const struct tls_chain *c)
{
	return c->phase == TLS_PHASE_GROUPS || (c->phase == TLS_PHASE_MORE && c->narrow);
}

size_t
tls_list_groups(const struct tls_chain *c, uint16_t out[TLS_CHAIN_GROUPS])
{
	size_t n = 0;

	for (size_t i = 0; tls_names_groups[i].code != 0; i++)
		if (is_asked(c, i) && !(is_narrow(c) && c->group_seen[i]))
			out[n++] = tls_names_groups[i].code;
	for (size_t i = 0; is_narrow(c) && tls_names_groups[i].code != 0; i++)
		if (is_asked(c, i) && c->group_seen[i] && tls_list_keeps(c, &tls_names_groups[i]))
			out[n++] = tls_names_groups[i].code;
	return n;
}

/* Marks the group; false when it was seen before. */
bool
tls_list_see_group(struct tls_chain *c, uint16_t code)
{
	const struct tls_group *g = tls_names_group(code);
	bool fresh = false;

	for (size_t i = 0; g != NULL && tls_names_groups[i].code != 0; i++) {
		const struct tls_group *k = &tls_names_groups[i];

		/* One finite-field group stands for all: they cost the server dearly. */
		if (k != g && !((k->flags & g->flags & GROUP_FINITE) != 0))
			continue;
		fresh = fresh || (k == g && !c->group_seen[i]);
		c->group_seen[i] = 1;
	}
	return fresh;
}

bool
tls_list_has_more(const struct tls_chain *c)
{
	for (size_t i = 0; tls_names_groups[i].code != 0; i++)
		if (is_asked(c, i) && !c->group_seen[i])
			return true;
	return false;
}

bool
tls_list_has_grouped(const struct tls_chain *c)
{
	for (size_t i = 0; i < c->nfound; i++) {
		const struct tls_suite *s = tls_names_suite(c->found[i]);

		if (s != NULL && tls_list_has_group(c, s))
			return true;
	}
	return false;
}
