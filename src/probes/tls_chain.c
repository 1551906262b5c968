/*
 * tls_chain.c - every suite of one protocol version, in the fewest hellos.
 */
#include <stdio.h>
#include <string.h>

#include "cert.h"
#include "probe.h"
#include "probes/tls_chain.h"
#include "probes/tls_list.h"
#include "probes/tls_note.h"
#include "probes/tls_share.h"
#include "wire/tls_hello.h"
#include "wire/tls_names.h"
#include "wire/tls_reply.h"

/* Picks in a row that agree with the client's order by chance: one in 120. */
enum { SURE_PICKS = 5 };

#define RARE_SUITES "rare-suites: it does not answer long hellos"

void
tls_chain_begin(struct tls_chain *c, uint16_t version, bool mail)
{
	*c = (struct tls_chain){ .version = version, .mail = mail };
}

void
tls_chain_offer(const struct tls_chain *c, struct tls_offer *o,
    uint16_t suites[TLS_CHAIN_SUITES], uint16_t groups[TLS_CHAIN_GROUPS])
{
	bool first = c->nfound == 0;

	*o = (struct tls_offer){
		.version = c->version, .suites = suites, .groups = groups,
		.nsuites = tls_list_suites(c, suites), .ngroups = tls_list_groups(c, groups),
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
		if (before && (!c->was_narrow[pick] || !tls_list_has_group(c, s) ||
		    (tls_list_has_group(c, chosen) && s->auth == chosen->auth)))
			return true;
	}
	return false;
}

static bool
go_end(struct tls_chain *c, struct talk *t)
{
	if (c->settled)
		tls_note_version(t, FACT_TLS_GROUPS_ALL, c->version,
		    c->resumed ? "no group but those noted here or with TLSv1.3" : "");
	c->phase = TLS_PHASE_END;
	return false;
}

static bool
go_order(struct tls_chain *c, struct talk *t)
{
	bool server = false;

	if (c->ordered || c->resumed)
		return go_end(c, t);
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
	c->settled = c->settled || (c->kept && !tls_list_has_free(c));
	if (c->version < 0x0303 || c->settled || !tls_list_has_grouped(c) ||
	    (c->version == 0x0303 && !tls_share_is_13_refused(t)))
		return go_order(c, t);		/* what TLS 1.3 does not tell comes as a piece of its own */
	if (!tls_list_has_more(c)) {
		c->settled = true;
		return go_order(c, t);
	}
	c->phase = TLS_PHASE_GROUPS;
	return true;
}

void
tls_chain_complete(struct tls_chain *c, struct talk *t, const char *evidence)
{
	unsigned kinds = ~0u;

	for (size_t i = 0; i < c->nfound; i++) {
		const struct tls_suite *s = tls_names_suite(c->found[i]);

		kinds &= s != NULL ? ~tls_names_kind(s) : ~0u;
	}
	tls_note_clean(t, c->version, kinds);
	if (c->picky)
		undecided(t, c, RARE_SUITES);
	else
		tls_note_version(t, FACT_TLS_COMPLETE, c->version, evidence);
}

/* No suite but those found is accepted. */
static bool
go_complete(struct tls_chain *c, struct talk *t)
{
	tls_chain_complete(c, t, "");
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

	if (s == NULL || !tls_list_is_candidate(c, s) || tls_list_has(c, r->suite) ||
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
	fresh = tls_list_see_group(c, r->group);
	/*
	 * All groups back and an answer that needs one: the others ran out.  Not
	 * so with ECDSA, where the certificate's own curve may have been missing.
	 */
	if (c->widened && tls_list_has_group(c, s) && s->auth != TLS_AUTH_ECDSA)
		c->settled = true;
	c->widened = false;
	if (c->narrow && r->group != 0 && !fresh) {	/* one that was only kept */
		c->kept = true;
		c->narrow = false;
	} else if (c->nfound == 1)
		c->narrow = c->version == 0x0304 ||
		    (c->version == 0x0303 && tls_share_is_13_refused(t));
	c->narrow = c->narrow && tls_list_has_more(c);
	/* Six suites of 1.3 are seldom more than three: ask at once what settles. */
	if (c->version == 0x0304 && c->nfound >= 3)
		c->narrow = false;
	c->phase = TLS_PHASE_MORE;
	c->retried = false;
	if (c->brief && c->picky)
		undecided(t, c, RARE_SUITES);	/* it must find its list by itself */
	return c->picky || !c->brief || go_end(c, t);
}

/* Suites and groups are chosen each for itself: the reversed offer tells whose order decides. */
static void
see_order(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	uint16_t offered[TLS_CHAIN_SUITES];
	size_t n = tls_list_suites(c, offered);

	if (c->ordered || c->resumed || n != c->nfound || n < 2 || offered[0] == c->found[0] ||
	    (r->suite != c->found[0] && r->suite != offered[0]))
		return;
	c->ordered = true;
	tls_note_word(t, FACT_TLS_ORDER, c->version, r->suite == c->found[0] ? "server" : "client",
	    "the same suites, offered the other way round");
}

static bool
judge_group(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	const struct tls_group *g = tls_names_group(r->group);

	see_order(c, t, r);
	if (r->group == 0 || g == NULL || !tls_list_see_group(c, r->group)) {
		c->settled = g != NULL && tls_list_keeps(c, g);
		if (!c->settled)
			undecided(t, c, "group-not-offered");
		return go_order(c, t);
	}
	tls_note_word(t, FACT_TLS_GROUP, c->version, g->name, "");
	c->settled = !tls_list_has_more(c);
	return c->settled ? go_order(c, t) : true;
}

static bool
judge_order(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	if (tls_list_has(c, r->suite))
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

/* ---- going on from what is known ---- */

void
tls_chain_know_suite(struct tls_chain *c, const struct tls_suite *s)
{
	if (s == NULL || tls_list_has(c, s->code) || c->nfound >= TLS_CHAIN_SUITES)
		return;
	c->found[c->nfound++] = s->code;
}

void
tls_chain_know_group(struct tls_chain *c, const struct tls_group *g)
{
	if (g != NULL)
		(void)tls_list_see_group(c, g->code);
}

bool
tls_chain_resume(struct tls_chain *c, enum tls_phase phase)
{
	c->phase = phase;
	c->accepted = c->resumed = true;
	return c->nfound > 0 && (phase != TLS_PHASE_GROUPS ||
	    (tls_list_has_grouped(c) && tls_list_has_more(c)));
}
