/*
 * tls_chain.c - every suite of one protocol version, in the fewest hellos.
 */
#include <stdio.h>
#include <string.h>

#include "cert.h"
#include "probe.h"
#include "probes/tls_chain.h"
#include "probes/tls_note.h"
#include "wire/tls_hello.h"
#include "wire/tls_names.h"
#include "wire/tls_reply.h"

/* Groups of an ordinary hello: the first rows of the table. */
enum { ORDINARY_GROUPS = 5 };

/* Picks in a row that agree with the client's order by chance: one in 120. */
enum { SURE_PICKS = 5 };

void
tls_chain_begin(struct tls_chain *c, uint16_t version, bool mail)
{
	*c = (struct tls_chain){ .version = version, .mail = mail };
}

static bool
is_found(const struct tls_chain *c, uint16_t code)
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
static bool
is_candidate(const struct tls_chain *c, const struct tls_suite *s)
{
	if (!tls_names_fits(s, c->version))
		return false;
	if (c->version == 0x0300)
		return s->kx != TLS_KX_KRB5 &&
		    (s->code < 0x008a || (s->code >= 0xc001 && s->code <= 0xc019));
	return !c->picky || (s->flags & SUITE_ORDINARY) != 0;
}

static bool
has_group(const struct tls_chain *c, const struct tls_suite *s)
{
	return c->version == 0x0304 || s->kx == TLS_KX_ECDHE || s->kx == TLS_KX_ECDHE_PSK;
}

/*
 * Groups are best asked with suites whose certificate has no curve of its own:
 * is there one?
 */
static bool
has_free_suite(const struct tls_chain *c)
{
	for (size_t i = 0; i < c->nfound; i++) {
		const struct tls_suite *s = tls_names_suite(c->found[i]);

		if (s != NULL && has_group(c, s) && s->auth != TLS_AUTH_ECDSA)
			return true;
	}
	return false;
}

/* Is the suite asked when only groups are? */
static bool
is_for_groups(const struct tls_chain *c, const struct tls_suite *s)
{
	return has_group(c, s) && (s->auth != TLS_AUTH_ECDSA || !has_free_suite(c));
}

/*
 * Whose order decides shows when suites come the other way round, so every
 * second hello offers them that way.
 */
static bool
is_reversed(const struct tls_chain *c)
{
	return c->phase == TLS_PHASE_ORDER ||
	    (c->phase != TLS_PHASE_GROUPS && c->nfound % 2 == 1);
}

static size_t
list_suites(const struct tls_chain *c, uint16_t out[TLS_CHAIN_SUITES])
{
	bool again = c->phase == TLS_PHASE_GROUPS || c->phase == TLS_PHASE_ORDER;
	size_t n = 0;

	for (const struct tls_suite *s = tls_names_suites; s->code != 0 && n < TLS_CHAIN_SUITES; s++)
		if (is_candidate(c, s) && is_found(c, s->code) == again &&
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
static bool
is_kept(const struct tls_chain *c, const struct tls_group *g)
{
	const struct tls_suite *first = c->nfound > 0 ? tls_names_suite(c->found[0]) : NULL;

	if (c->phase == TLS_PHASE_GROUPS && has_free_suite(c))
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

static size_t
list_groups(const struct tls_chain *c, uint16_t out[TLS_CHAIN_GROUPS])
{
	size_t n = 0;

	for (size_t i = 0; tls_names_groups[i].code != 0; i++)
		if (is_asked(c, i) && !(is_narrow(c) && c->group_seen[i]))
			out[n++] = tls_names_groups[i].code;
	for (size_t i = 0; is_narrow(c) && tls_names_groups[i].code != 0; i++)
		if (is_asked(c, i) && c->group_seen[i] && is_kept(c, &tls_names_groups[i]))
			out[n++] = tls_names_groups[i].code;
	return n;
}

void
tls_chain_offer(const struct tls_chain *c, struct tls_offer *o,
    uint16_t suites[TLS_CHAIN_SUITES], uint16_t groups[TLS_CHAIN_GROUPS])
{
	bool first = c->nfound == 0;

	*o = (struct tls_offer){
		.version = c->version, .suites = suites, .groups = groups,
		.nsuites = list_suites(c, suites), .ngroups = list_groups(c, groups),
		.bare = c->version == 0x0300,
		.compress = first && c->version < 0x0304,
		.staple = first && c->version == 0x0303 && !c->picky,
		.alpn = first && c->version == 0x0303 && !c->picky && !c->mail ?
		    "h2 http/1.1" : NULL,
	};
}

/* ---- judging ---- */

static void
undecided(struct talk *t, const struct tls_chain *c, const char *reason)
{
	tls_note_word(t, FACT_TLS_UNDECIDED, c->version, reason, "");
}

/* Marks the group; false when it was seen before. */
static bool
see_group(struct tls_chain *c, uint16_t code)
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

static bool
has_more_groups(const struct tls_chain *c)
{
	for (size_t i = 0; tls_names_groups[i].code != 0; i++)
		if (is_asked(c, i) && !c->group_seen[i])
			return true;
	return false;
}

static bool
has_grouped_suite(const struct tls_chain *c)
{
	for (size_t i = 0; i < c->nfound; i++) {
		const struct tls_suite *s = tls_names_suite(c->found[i]);

		if (s != NULL && has_group(c, s))
			return true;
	}
	return false;
}

static size_t
row_of(uint16_t code)
{
	size_t i = 0;

	while (tls_names_suites[i].code != 0 && tls_names_suites[i].code != code)
		i++;
	return i;
}

/* Did the server pass over a suite found later, which stood before its pick? */
static bool
passed_over(const struct tls_chain *c, size_t pick)
{
	const struct tls_suite *chosen = tls_names_suite(c->found[pick]);
	size_t row = row_of(c->found[pick]);

	for (size_t i = pick + 1; i < c->nfound; i++) {
		const struct tls_suite *s = tls_names_suite(c->found[i]);
		bool before = (row_of(c->found[i]) < row) == (pick % 2 == 0);

		/* With groups taken away some suites may not have been to be had. */
		if (before && (!c->was_narrow[pick] || !has_group(c, s) ||
		    (has_group(c, chosen) && s->auth == chosen->auth)))
			return true;
	}
	return false;
}

static bool
go_end(struct tls_chain *c, struct talk *t)
{
	if (c->settled)
		tls_note_version(t, FACT_TLS_GROUPS_ALL, c->version, "");
	c->phase = TLS_PHASE_END;
	return false;
}

static bool
go_order(struct tls_chain *c, struct talk *t)
{
	bool server = false;

	for (size_t i = 0; i < c->nfound; i++)
		server = server || passed_over(c, i);
	if (server)
		tls_note_word(t, FACT_TLS_ORDER, c->version, "server",
		    "it passed over a suite that was offered before its choice");
	else if (c->nfound >= SURE_PICKS)
		tls_note_word(t, FACT_TLS_ORDER, c->version, "client",
		    "it always chose the first, whichever way round they came");
	else if (c->nfound >= 2) {
		c->phase = TLS_PHASE_ORDER;
		return true;
	}
	return go_end(c, t);
}

static bool
go_groups(struct tls_chain *c, struct talk *t)
{
	/* With ECDSA alone the server would never use what it did not use now. */
	c->settled = c->settled || (c->kept && !has_free_suite(c));
	if (c->version < 0x0303 || c->settled || !has_grouped_suite(c))
		return go_order(c, t);
	if (!has_more_groups(c)) {
		c->settled = true;
		return go_order(c, t);
	}
	c->phase = TLS_PHASE_GROUPS;
	return true;
}

/* No suite but those found is accepted. */
static bool
go_complete(struct tls_chain *c, struct talk *t)
{
	unsigned kinds = ~0u;

	for (size_t i = 0; i < c->nfound; i++) {
		const struct tls_suite *s = tls_names_suite(c->found[i]);

		kinds &= s != NULL ? ~tls_names_kind(s) : ~0u;
	}
	tls_note_clean(t, c->version, kinds);
	if (c->picky)
		undecided(t, c, "rare-suites: it does not answer long hellos");
	else
		tls_note_version(t, FACT_TLS_COMPLETE, c->version, "");
	return go_groups(c, t);
}

static bool
refused_version(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	char how[64];

	tls_note_refusal(t, r, how, sizeof(how));
	tls_note_version(t, FACT_TLS_REFUSED, c->version, how);
	return go_end(c, t);
}

static bool
judge_refusal(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	switch (c->phase) {
	case TLS_PHASE_FIRST:
		/* A long hello may be dropped for its length; 70 is protocol_version. */
		if (c->version > 0x0300 && !(r->alerted && r->alert == 70)) {
			c->phase = TLS_PHASE_SECOND;
			c->picky = true;
			return true;
		}
		return refused_version(c, t, r);
	case TLS_PHASE_SECOND:
		return refused_version(c, t, r);
	case TLS_PHASE_MORE:
		if (c->narrow) {	/* for want of suites, or of groups? */
			c->narrow = false;
			c->widened = true;
			return true;
		}
		return go_complete(c, t);
	case TLS_PHASE_GROUPS:
		c->settled = true;
		return go_order(c, t);
	default:
		return go_end(c, t);
	}
}

static bool
judge_silence(struct tls_chain *c, struct talk *t, const char *reason)
{
	static const char *const what[] = {
		[TLS_PHASE_FIRST] = "", [TLS_PHASE_SECOND] = "",
		[TLS_PHASE_MORE] = "more-suites: ", [TLS_PHASE_GROUPS] = "groups: ",
		[TLS_PHASE_ORDER] = "order: ", [TLS_PHASE_END] = "",
	};
	char text[64];

	if (c->phase == TLS_PHASE_FIRST && c->version > 0x0300) {
		c->phase = TLS_PHASE_SECOND;
		c->picky = true;
		return true;
	}
	if (!c->retried) {
		c->retried = true;
		return true;
	}
	(void)snprintf(text, sizeof(text), "%s%s", what[c->phase], reason);
	undecided(t, c, text);
	return go_end(c, t);
}

/* A suite that was chosen; false when it was not on offer. */
static bool
add_suite(struct tls_chain *c, const struct tls_reply *r)
{
	const struct tls_suite *s = tls_names_suite(r->suite);

	if (s == NULL || !is_candidate(c, s) || is_found(c, r->suite) ||
	    c->nfound >= TLS_CHAIN_SUITES)
		return false;
	c->was_narrow[c->nfound] = c->narrow;
	c->found[c->nfound++] = r->suite;
	return true;
}

static bool
judge_suite(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	const struct tls_suite *s;
	bool fresh;

	if (!add_suite(c, r)) {
		undecided(t, c, "suite-not-offered");
		return go_end(c, t);
	}
	if (!c->accepted) {
		c->accepted = true;
		tls_note_version(t, FACT_TLS_OFFERED, c->version, "");
	}
	tls_note_suite(t, r);
	s = tls_names_suite(r->suite);
	if (c->curve == 0 && s->auth == TLS_AUTH_ECDSA && r->ncerts > 0)
		c->curve = cert_curve(r->cert[0].p, r->cert[0].len);
	fresh = see_group(c, r->group);
	/*
	 * All groups back and an answer that needs one: the others ran out.  Not
	 * so with ECDSA, where the certificate's own curve may have been missing.
	 */
	if (c->widened && has_group(c, s) && s->auth != TLS_AUTH_ECDSA)
		c->settled = true;
	c->widened = false;
	if (c->narrow && r->group != 0 && !fresh) {	/* one that was only kept */
		c->kept = true;
		c->narrow = false;
	} else if (c->nfound == 1)
		c->narrow = c->version >= 0x0303;
	c->narrow = c->narrow && has_more_groups(c);
	/* Six suites of 1.3 are seldom more than three: ask at once what settles. */
	if (c->version == 0x0304 && c->nfound >= 3)
		c->narrow = false;
	c->phase = TLS_PHASE_MORE;
	c->retried = false;
	return true;
}

static bool
judge_group(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	const struct tls_group *g = tls_names_group(r->group);

	if (r->group == 0 || g == NULL || !see_group(c, r->group)) {
		c->settled = g != NULL && is_kept(c, g);
		if (!c->settled)
			undecided(t, c, "group-not-offered");
		return go_order(c, t);
	}
	tls_note_word(t, FACT_TLS_GROUP, c->version, g->name, "");
	c->settled = !has_more_groups(c);
	return c->settled ? go_order(c, t) : true;
}

static bool
judge_order(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	if (is_found(c, r->suite))
		tls_note_word(t, FACT_TLS_ORDER, c->version,
		    r->suite == c->found[0] ? "server" : "client",
		    "the same suites, offered the other way round");
	return go_end(c, t);
}

bool
tls_chain_judge(struct tls_chain *c, struct talk *t, enum tls_end end, const struct tls_reply *r)
{
	switch (end) {
	case TLS_END_REFUSED:
		return judge_refusal(c, t, r);
	case TLS_END_SILENT:
		return judge_silence(c, t, "silence");
	case TLS_END_BROKEN:
		return judge_silence(c, t, "broken-answer");
	case TLS_END_HELLO:
		break;
	}
	if (r->version != c->version) {
		/* It settled on an older version: it does not have this one. */
		if (c->phase == TLS_PHASE_FIRST || c->phase == TLS_PHASE_SECOND) {
			tls_note_version(t, FACT_TLS_REFUSED, c->version, "an older version in its answer");
			return go_end(c, t);
		}
		return judge_refusal(c, t, r);
	}
	switch (c->phase) {
	case TLS_PHASE_GROUPS:
		return judge_group(c, t, r);
	case TLS_PHASE_ORDER:
		return judge_order(c, t, r);
	default:
		return judge_suite(c, t, r);
	}
}
