/* tls_offers.c - what the next hello of a chain offers. */
#include "probe.h"
#include "probes/tls_chain.h"
#include "probes/tls_half.h"
#include "probes/tls_offers.h"
#include "wire/tls_names.h"

enum {
	ORDINARY_GROUPS = 5,	/* of an ordinary hello: the first rows of the table */
	COMMON_GROUPS = 3,	/* ... and those that most servers have */
	PIECE = 40,		/* rare suites in a hello that stays short */
};

bool
tls_offers_candidate(const struct tls_chain *c, const struct tls_suite *s)
{
	return tls_names_fits(s, c->found.version) && tls_half_has(c, s) &&
	    (!c->picky || c->phase == TLS_PHASE_RARE || (s->flags & SUITE_ORDINARY) != 0);
}

/*
 * Is the suite asked when only groups are?  They are best asked with suites
 * whose certificate has no curve of its own.
 */
static bool
is_for_groups(const struct tls_chain *c, const struct tls_suite *s)
{
	return tls_found_grouped(&c->found, s) &&
	    (s->auth != TLS_AUTH_ECDSA || !tls_found_any_free(&c->found));
}

/* Schemes are asked with suites that could still show a new one. */
static bool
is_for_schemes(const struct tls_chain *c, const struct tls_suite *s)
{
	for (size_t i = 0; tls_names_schemes[i].code != 0; i++)
		if (tls_names_schemes[i].auth == s->auth && tls_found_scheme_open(&c->found, i))
			return tls_found_signed(&c->found, s);
	return false;
}

/*
 * Whose order decides shows when suites come the other way round, so every
 * second hello offers them that way.
 */
bool
tls_offers_reversed(const struct tls_chain *c)
{
	return c->phase == TLS_PHASE_ORDER || c->phase == TLS_PHASE_GROUPS ||
	    (c->phase <= TLS_PHASE_MORE && c->found.n % 2 == 1);
}

static bool
is_offered(const struct tls_chain *c, size_t row)
{
	const struct tls_suite *s = &tls_names_suites[row];
	bool found = tls_found_has(&c->found, s->code);

	if (c->finite_again)
		return found && tls_names_is_dhe(s);
	switch (c->phase) {
	case TLS_PHASE_RARE:
		return row >= c->rare && tls_offers_candidate(c, s) && !found;
	case TLS_PHASE_GROUPS:
		return found && is_for_groups(c, s);
	case TLS_PHASE_SCHEMES:
		return found && is_for_schemes(c, s);
	case TLS_PHASE_ORDER:
		return found;
	default:
		return tls_offers_candidate(c, s) && !found && !(c->apart && s->auth == TLS_AUTH_ECDSA);
	}
}

size_t
tls_offers_suites(const struct tls_chain *c, uint16_t *out)
{
	size_t n = 0, most = c->phase == TLS_PHASE_RARE ? PIECE : TLS_FOUND_SUITES;

	for (size_t i = 0; tls_names_suites[i].code != 0 && n < most; i++)
		if (is_offered(c, i))
			out[n++] = tls_names_suites[i].code;
	for (size_t i = 0; tls_offers_reversed(c) && i < n / 2; i++) {
		uint16_t keep = out[i];

		out[i] = out[n - 1 - i];
		out[n - 1 - i] = keep;
	}
	return n;
}

/* The curve of an ECDSA certificate must stay on offer (RFC 8422 5.1.1). */
bool
tls_offers_kept(const struct tls_chain *c, const struct tls_group *g)
{
	return c->curve != 0 && g->code == c->curve && c->found.version < 0x0304 &&
	    !(c->phase == TLS_PHASE_GROUPS && tls_found_any_free(&c->found));
}

/* Alone with suites that were found, all groups fit a short hello. */
static bool
is_asked(const struct tls_chain *c, size_t row)
{
	unsigned flag = c->found.version == 0x0304 ? GROUP_TLS13 : GROUP_TLS12;

	return (tls_names_groups[row].flags & flag) != 0 &&
	    (!c->picky || c->phase >= TLS_PHASE_GROUPS || row < ORDINARY_GROUPS);
}

/* TLS 1.3 asks for the common ones first, 1.2 for the others. */
static bool
is_yielded(const struct tls_chain *c, size_t row)
{
	return row < ORDINARY_GROUPS && (row < COMMON_GROUPS) == (c->found.version == 0x0303) &&
	    !tls_offers_kept(c, &tls_names_groups[row]);
}

bool
tls_offers_yields(const struct tls_chain *c)
{
	bool others = false;

	for (size_t i = 0; i < ORDINARY_GROUPS; i++)
		others = others || (is_asked(c, i) && !is_yielded(c, i) && !c->found.group[i]);
	return others && c->yields && !c->unyielding && c->phase == TLS_PHASE_MORE && c->narrow;
}

size_t
tls_offers_groups(const struct tls_chain *c, uint16_t *out)
{
	bool narrow = c->phase == TLS_PHASE_GROUPS || (c->phase == TLS_PHASE_MORE && c->narrow);
	bool yields = tls_offers_yields(c);
	size_t n = 0;

	if (c->swapped)
		out[n++] = c->curve;
	for (size_t i = 0; c->swapped && tls_names_groups[i].code != 0; i++)
		if (c->found.group[i] && tls_names_groups[i].code != c->curve)
			out[n++] = tls_names_groups[i].code;
	if (c->swapped)
		return n;
	for (size_t i = 0; tls_names_groups[i].code != 0; i++)
		if (is_asked(c, i) && !(narrow && c->found.group[i]) && !(yields && is_yielded(c, i)))
			out[n++] = tls_names_groups[i].code;
	for (size_t i = 0; narrow && tls_names_groups[i].code != 0; i++)
		if (is_asked(c, i) && c->found.group[i] && tls_offers_kept(c, &tls_names_groups[i]))
			out[n++] = tls_names_groups[i].code;
	for (size_t i = 0; tls_finite_is_offered(c) && tls_names_groups[i].code != 0; i++)
		if ((tls_names_groups[i].flags & GROUP_FINITE) != 0)
			out[n++] = tls_names_groups[i].code;
	return n;
}

size_t
tls_offers_schemes(const struct tls_chain *c, uint16_t *out)
{
	bool narrow = c->phase == TLS_PHASE_SCHEMES ||
	    (c->phase == TLS_PHASE_MORE && c->narrow_schemes);
	/* In 1.3 they say which certificates will do, and a hello of few suites has room for all. */
	size_t n = 0, most = c->picky && c->found.version < 0x0304 && c->phase != TLS_PHASE_SCHEMES ?
	    TLS_SCHEMES_ORDINARY : TLS_SCHEMES_ASKED;

	/* Two lanes that ask at once begin at either end, so that they learn two. */
	for (size_t i = 0; i < most; i++) {
		size_t row = c->part == 2 ? most - 1 - i : i;

		if (!c->found.scheme[row])
			out[n++] = tls_names_schemes[row].code;
	}
	/* Those seen come last: most servers take the first that they can. */
	for (size_t i = 0; !narrow && i < most; i++)
		if (c->found.scheme[i])
			out[n++] = tls_names_schemes[i].code;
	return n;
}

bool
tls_offers_more_groups(const struct tls_chain *c, bool ordinary)
{
	for (size_t i = 0; (!ordinary || i < ORDINARY_GROUPS) && tls_names_groups[i].code != 0; i++)
		if (is_asked(c, i) && !c->found.group[i])
			return true;
	return false;
}

size_t
tls_offers_piece_end(const struct tls_chain *c)
{
	size_t row = c->rare;

	for (size_t n = 0; tls_names_suites[row].code != 0 && n < PIECE; row++)
		n += is_offered(c, row);
	return row;
}

bool
tls_offers_apart(struct tls_chain *c)
{
	if (c->was_apart || !tls_found_only_ecdsa(&c->found))
		return false;
	return c->was_apart = c->apart = true;
}

bool
tls_offers_was_wide(const struct tls_chain *c)
{
	for (size_t i = 0; tls_names_groups[i].code != 0; i++)
		if (c->found.group[i] && tls_offers_kept(c, &tls_names_groups[i]))
			return !c->narrow_schemes && tls_found_only_ecdsa(&c->found);
	return false;
}

enum tls_close_weight
tls_offers_weight(const struct tls_chain *c)
{
	if (c->phase == TLS_PHASE_FIRST && c->found.version > 0x0300)
		return TLS_CLOSE_HALF;
	/* With all groups back, an answer to the next one would say that the others ran out. */
	if (c->phase == TLS_PHASE_MORE && (c->narrow_schemes || (c->narrow && tls_offers_yields(c))))
		return TLS_CLOSE_NOTHING;
	return TLS_CLOSE_SETTLES;
}

bool
tls_offers_first_again(struct tls_chain *c, struct talk *t)
{
	bool back = c->crowd && c->phase == TLS_PHASE_SECOND;

	if (c->crowd && c->phase == TLS_PHASE_FIRST)
		tls_close_note_limit(t);
	c->crowd = back;
	if (back) {
		c->phase = TLS_PHASE_FIRST;
		c->picky = c->closed = false;
		t->company = COMPANY_PROVEN;
	}
	return back;
}
