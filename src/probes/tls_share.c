/* tls_share.c - what one protocol version tells about another. */
#include <stdio.h>
#include <string.h>

#include "cert.h"
#include "probe.h"
#include "probes/tls_chain.h"
#include "probes/tls_note.h"
#include "probes/tls_noted.h"
#include "probes/tls_older.h"
#include "probes/tls_share.h"
#include "wire/tls_names.h"

/* Bits of tls_share_known(). */
enum { KNOWN_12 = 1, KNOWN_13 = 2, KNOWN_OLD = 4, KNOWN_FREE = 8 };

/* A version that answers only short hellos finds its list by itself. */
static bool
is_decided(const struct talk *t, uint16_t version)
{
	return (tls_noted_has(t, FACT_TLS_OFFERED, version) && !tls_noted_picky(t, version)) ||
	    tls_noted_has(t, FACT_TLS_COMPLETE, version) || tls_noted_has(t, FACT_TLS_REFUSED, version) ||
	    tls_noted_has(t, FACT_TLS_UNDECIDED, version);
}

/* The whole list that fact stands for, or the reason why there is none. */
static bool
is_done(const struct talk *t, uint16_t version, enum fact whole)
{
	return tls_noted_has(t, whole, version) || tls_noted_has(t, FACT_TLS_REFUSED, version) ||
	    tls_noted_has(t, FACT_TLS_UNDECIDED, version);
}

bool
tls_share_has_finite(const struct talk *t)
{
	const struct observation *k = NULL;
	const char *word;

	while ((k = tls_noted_next(t, FACT_TLS_GROUP, 0x0304, k, &word)) != NULL)
		if (strncmp(word, "ffdhe", strlen("ffdhe")) == 0)
			return true;
	return false;
}

bool
tls_share_tells_groups(const struct tls_chain *c, const struct talk *t)
{
	return c->found.version == 0x0304 ||
	    (c->found.version == 0x0303 && (c->found.deep || tls_noted_has(t, FACT_TLS_REFUSED, 0x0304)));
}

/*
 * A suite with a group, and without a curve of the certificate's own, is enough
 * to ask TLS 1.2 for groups beyond those of 1.3: the others need not be known.
 */
static bool
is_free(const struct talk *t)
{
	const struct observation *k = NULL;
	const char *word;

	while ((k = tls_noted_next(t, FACT_TLS_GROUP, 0x0303, k, &word)) != NULL)
		if (strncmp(k->evidence, "TLS_ECDHE_RSA_", strlen("TLS_ECDHE_RSA_")) == 0)
			return tls_noted_has(t, FACT_TLS_OFFERED, 0x0304);
	return false;
}

unsigned
tls_share_known(const struct talk *t)
{
	bool done = is_done(t, 0x0303, FACT_TLS_COMPLETE);

	return (done ? KNOWN_12 : 0) | (done || is_free(t) ? KNOWN_FREE : 0) |
	    (is_done(t, 0x0304, FACT_TLS_GROUPS_ALL) ? KNOWN_13 : 0) |
	    (is_decided(t, 0x0301) && is_decided(t, 0x0302) ? KNOWN_OLD : 0);
}

unsigned
tls_share_due(unsigned before, unsigned now)
{
	static const struct { unsigned halves, pieces; } rows[] = {
		{ KNOWN_FREE | KNOWN_13, TLS_SHARE_GROUPS },
		{ KNOWN_12 | KNOWN_OLD, TLS_SHARE_10 | TLS_SHARE_11 },
	};
	unsigned due = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((now & rows[i].halves) == rows[i].halves && (before & rows[i].halves) != rows[i].halves)
			due |= rows[i].pieces;
	return due;
}

void
tls_share_stop(struct talk *t, bool exact, const char *reason)
{
	static const uint16_t versions[] = { 0x0304, 0x0303, 0x0302, 0x0301, 0x0300, 0x0002 };
	enum fact whole = exact ? FACT_TLS_COMPLETE : FACT_TLS_CLEAN;
	char text[64];

	(void)snprintf(text, sizeof(text), "%s%s", exact ? "more-suites: " : "weak-suites: ", reason);
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		uint16_t v = versions[i];
		bool listed = v == 0x0002 || (!exact && v == 0x0304) || tls_noted_has(t, whole, v);

		if (tls_noted_has(t, FACT_TLS_REFUSED, v) || tls_noted_has(t, FACT_TLS_UNDECIDED, v))
			continue;
		if (!tls_noted_has(t, FACT_TLS_OFFERED, v))
			tls_note_word(t, FACT_TLS_UNDECIDED, v, reason, "");
		else if (!listed)
			tls_note_word(t, FACT_TLS_UNDECIDED, v, text, "");
	}
}

/* ---- a chain that goes on from what is known ---- */

static void
know_group(struct tls_chain *c, const struct tls_group *g)
{
	if (g != NULL)
		(void)tls_found_see_group(&c->found, g->code);
}

bool
tls_share_control(struct tls_chain *c, struct talk *t, bool mail)
{
	for (uint16_t v = 0x0304; v >= 0x0300; v--) {
		const struct observation *k = NULL;
		const char *word;

		tls_chain_begin(c, v, mail, false);
		c->picky = tls_noted_picky(t, v);
		while (tls_noted_has(t, FACT_TLS_OFFERED, v) && (k = tls_noted_next(t, FACT_TLS_SUITE, v, k, &word)) != NULL)
			tls_found_know(&c->found, tls_names_suite_find(word));
		if (tls_chain_resume(c, TLS_PHASE_ORDER))
			return true;
	}
	return false;
}

void
tls_share_doubt(struct talk *t, const char *why)
{
	for (uint16_t v = 0x0300; v <= 0x0304; v++) {
		const char *word;
		const struct observation *k = tls_noted_next(t, FACT_TLS_REFUSED, v, NULL, &word);

		if (k != NULL && !tls_noted_has(t, FACT_TLS_UNDECIDED, v) && (strcmp(k->evidence, "close") == 0 || strcmp(k->evidence, "reset") == 0 ||
		    strncmp(k->evidence, "it refused", strlen("it refused")) == 0))
			tls_note_word(t, FACT_TLS_UNDECIDED, v, why, "");
	}
}

/* ---- groups of TLS 1.2 and 1.3 ---- */

static uint16_t
other_of(uint16_t version)
{
	return version == 0x0304 ? 0x0303 : 0x0304;
}

/* What a version chose first, of the groups that both could choose; NULL: nothing yet. */
static const struct tls_group *
first_group(const struct talk *t, uint16_t version)
{
	const unsigned both = GROUP_TLS12 | GROUP_TLS13;
	const struct observation *k = NULL;
	const char *word;

	while ((k = tls_noted_next(t, FACT_TLS_GROUP, version, k, &word)) != NULL) {
		const struct tls_group *g = tls_names_group_find(word);

		if (g != NULL && (g->flags & both) == both)
			return g;
	}
	return NULL;
}

/*
 * Both were offered the same groups in the same order.  Nearly all servers keep
 * one list and choose alike; one with two (Erlang's ssl) does not.
 */
static bool
is_one_list(const struct talk *t)
{
	const struct tls_group *g = first_group(t, 0x0303);

	return g != NULL && g == first_group(t, 0x0304);
}

/* Every group of the other version that this one can have. */
static void
each_group(struct tls_chain *c, struct talk *t,
    void (*use)(struct tls_chain *, struct talk *, const struct tls_group *))
{
	unsigned flag = c->found.version == 0x0304 ? GROUP_TLS13 : GROUP_TLS12;
	const struct observation *k = NULL;
	const char *word;

	while ((k = tls_noted_next(t, FACT_TLS_GROUP, other_of(c->found.version), k, &word)) != NULL) {
		const struct tls_group *g = tls_names_group_find(word);

		/* The prime of a DHE suite may be a setting of its own, beside the list. */
		if (g != NULL && (g->flags & flag) != 0 && (g->flags & GROUP_FINITE) == 0)
			use(c, t, g);
	}
}

static void
learn_group(struct tls_chain *c, struct talk *t, const struct tls_group *g)
{
	(void)t;
	know_group(c, g);
}

void
tls_share_learn_groups(struct tls_chain *c, struct talk *t)
{
	uint16_t other = other_of(c->found.version);

	if (c->found.version < 0x0303 || c->found.deep)
		return;
	/* Far away the first answers come in the same moment: it is not waited for whether there is a 1.3. */
	c->yields = (c->half != NULL || tls_noted_has(t, FACT_TLS_OFFERED, other)) && !is_done(t, other, FACT_TLS_COMPLETE);
	if (is_one_list(t))
		each_group(c, t, learn_group);
}

static void
tell_group(struct tls_chain *c, struct talk *t, const struct tls_group *g)
{
	char evidence[96];

	if (!c->found.group[g - tls_names_groups] ||
	    tls_noted_is(t, FACT_TLS_GROUP, c->found.version, g->name))
		return;
	(void)snprintf(evidence, sizeof(evidence), "%s uses it; this version chose from the same list",
	    tls_names_version(other_of(c->found.version)));
	tls_note_word(t, FACT_TLS_GROUP, c->found.version, g->name, evidence);
}

void
tls_share_tell_groups(struct tls_chain *c, struct talk *t)
{
	if (c->found.version >= 0x0303 && !c->found.deep && is_one_list(t))
		each_group(c, t, tell_group);
}

static bool
begin_groups(struct tls_chain *c, struct talk *t)
{
	const struct observation *k = NULL;
	const char *word;

	if (tls_noted_has(t, FACT_TLS_GROUPS_ALL, 0x0303) || tls_noted_has(t, FACT_TLS_UNDECIDED, 0x0303))
		return false;
	while ((k = tls_noted_next(t, FACT_TLS_SUITE, 0x0303, k, &word)) != NULL)
		tls_found_know(&c->found, tls_names_suite_find(word));
	while ((k = tls_noted_next(t, FACT_TLS_GROUP, 0x0303, k, &word)) != NULL)
		know_group(c, tls_names_group_find(word));
	for (k = obs_first(t->obs, FACT_CERT_KEY); k != NULL; k = obs_next(t->obs, k))
		if (strcmp(k->at, t->at) == 0 && cert_curve_named(k->text) != 0)
			c->curve = cert_curve_named(k->text);
	c->picky = tls_noted_picky(t, 0x0303);
	tls_share_learn_groups(c, t);
	return tls_chain_resume(c, TLS_PHASE_GROUPS);
}

bool
tls_share_begin(struct tls_chain *c, struct talk *t, unsigned *due, bool mail)
{
	static const struct {
		unsigned	 piece;
		uint16_t	 version;
		bool		(*begin)(struct tls_chain *, struct talk *);
	} pieces[] = {
		{ TLS_SHARE_GROUPS, 0x0303, begin_groups }, { TLS_SHARE_10, 0x0301, tls_older_begin },
		{ TLS_SHARE_11, 0x0302, tls_older_begin },
	};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		if ((*due & pieces[i].piece) == 0)
			continue;
		*due &= ~pieces[i].piece;
		tls_chain_begin(c, pieces[i].version, mail, false);
		if (pieces[i].begin(c, t))
			return true;
	}
	return false;
}
