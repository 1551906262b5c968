/* tls_chain.c - every suite of one protocol version, in the fewest hellos. */
#include <stdio.h>
#include <string.h>

#include "cert.h"
#include "probe.h"
#include "probes/tls_chain.h"
#include "probes/tls_close.h"
#include "probes/tls_half.h"
#include "probes/tls_note.h"
#include "probes/tls_offers.h"
#include "probes/tls_older.h"
#include "probes/tls_share.h"
#include "wire/tls_hello.h"
#include "wire/tls_names.h"
#include "wire/tls_reply.h"

#define HIDDEN_GROUPS "groups: it prefers the curve of its certificate"

void
tls_chain_begin(struct tls_chain *c, uint16_t version, bool mail, bool deep)
{
	*c = (struct tls_chain){ .found = { .version = version, .deep = deep }, .mail = mail };
}

void
tls_chain_offer(const struct tls_chain *c, struct tls_offer *o, struct tls_lists *l)
{
	uint16_t version = c->found.version;
	bool first = c->found.n == 0;

	*o = (struct tls_offer){
		.version = version, .suites = l->suites, .groups = l->groups, .schemes = l->schemes,
		.nsuites = tls_offers_suites(c, l->suites), .ngroups = tls_offers_groups(c, l->groups),
		.nschemes = tls_offers_schemes(c, l->schemes), .bare = version == 0x0300 && !c->dressed,
		.compress = first && version < 0x0304,
		.staple = first && version == 0x0303 && !c->picky,
		.alpn = first && version == 0x0303 && !c->picky && !c->mail ? "h2 http/1.1" : NULL,
	};
}

/* ---- judging ---- */

static void
undecided(struct talk *t, const struct tls_chain *c, const char *reason)
{
	tls_note_word(t, FACT_TLS_UNDECIDED, c->found.version, reason, "");
}

static bool
go_end(struct tls_chain *c, struct talk *t)
{
	if (c->settled) {
		tls_share_tell_groups(c, t);
		tls_note_version(t, FACT_TLS_GROUPS_ALL, c->found.version,
		    c->resumed ? "no group but those noted here or with TLSv1.3" : "");
	}
	if (c->schemes_settled)
		tls_note_version(t, FACT_TLS_SCHEMES_ALL, c->found.version, "");
	tls_older_tell_order(t);
	tls_half_break(c);
	c->phase = TLS_PHASE_END;
	return false;
}

void
tls_chain_complete(const struct tls_chain *c, struct talk *t, const char *evidence)
{
	tls_note_clean(t, c->found.version, tls_found_kinds_absent(&c->found));
	tls_note_version(t, FACT_TLS_COMPLETE, c->found.version, evidence);
}

/*
 * No suite but those found is accepted.  A close may also come from a server
 * that has enough of us, so that it counts only once it has answered again.
 */
static void
vouch(struct tls_chain *c, struct talk *t)
{
	c->mute = false;
	if (!c->unsaid)
		return;
	c->unsaid = false;
	if (c->closed && tls_close_drops(t))
		undecided(t, c, "more-suites: drops-connections");
	else
		tls_chain_complete(c, t, "");
}

static bool
go_order(struct tls_chain *c, struct talk *t)
{
	bool server = tls_found_passed_over(&c->found);
	bool client = !server && tls_found_always_first(&c->found);

	if (!c->ordered && !c->resumed && (server || client)) {
		tls_note_word(t, FACT_TLS_ORDER, c->found.version, server ? "server" : "client",
		    server ? "it passed over a suite that was offered before its choice" :
		    "it always chose the first, whichever way round they came");
		c->ordered = true;
	}
	if (!c->mute && (c->ordered || c->resumed || c->found.n < 2))
		return go_end(c, t);
	c->phase = TLS_PHASE_ORDER;
	return true;
}

static bool
go_schemes(struct tls_chain *c, struct talk *t)
{
	if (c->resumed || !tls_found_any_signed(&c->found))
		return go_order(c, t);
	c->schemes_settled = !tls_found_schemes_open(&c->found);
	if (c->schemes_settled || !c->found.deep)
		return go_order(c, t);
	c->phase = TLS_PHASE_SCHEMES;
	return true;
}

static bool
go_groups(struct tls_chain *c, struct talk *t)
{
	if (c->found.version < 0x0303 || c->settled || !tls_found_any_grouped(&c->found) ||
	    !tls_share_tells_groups(c, t))
		return go_schemes(c, t);	/* what TLS 1.3 does not tell comes as a piece of its own */
	c->phase = TLS_PHASE_GROUPS;
	tls_share_learn_groups(c, t);
	if (tls_offers_more_groups(c, false))
		return true;
	c->settled = true;
	return go_schemes(c, t);
}

static bool
go_complete(struct tls_chain *c, struct talk *t)
{
	c->unsaid = true;
	c->closed = c->mute;
	if (!c->mute)
		vouch(c, t);
	return go_groups(c, t);
}

/* Nothing more of what the chain asks: that may be half of it. */
static bool
go_whole(struct tls_chain *c, struct talk *t)
{
	switch (c->part != 0 ? tls_half_end(c) : TLS_HALF_WHOLE) {
	case TLS_HALF_WHOLE:
		return go_complete(c, t);
	case TLS_HALF_MORE:
		c->apart = c->was_apart = false;
		return true;
	case TLS_HALF_OTHER:
		c->phase = TLS_PHASE_END;
		return false;
	default:
		return go_end(c, t);
	}
}

/* The rare suites for a server that bears no long hello; none left: complete. */
static bool
go_rare(struct tls_chain *c, struct talk *t)
{
	uint16_t piece[TLS_FOUND_SUITES];

	if (c->phase != TLS_PHASE_RARE) {
		c->phase = TLS_PHASE_RARE;
		c->rare = 0;
		c->found.nwhole = c->found.n;
	} else {
		c->rare = tls_offers_piece_end(c);
	}
	return tls_offers_suites(c, piece) > 0 ? true : go_complete(c, t);
}

/* All that fits one hello is known. */
static bool
go_rest(struct tls_chain *c, struct talk *t)
{
	return c->picky ? go_rare(c, t) : go_whole(c, t);
}

static bool
refused_version(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	char how[64];

	tls_note_refusal(t, r, how, sizeof(how));
	tls_note_version(t, FACT_TLS_REFUSED, c->found.version, how);
	return go_end(c, t);
}

static bool
refused_again(struct tls_chain *c, struct talk *t)
{
	if (c->mute) {
		undecided(t, c, "more-suites: it closed, and answered no more");
		c->settled = c->schemes_settled = false;
	}
	return go_end(c, t);
}

static bool
judge_refusal(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	if (c->phase > TLS_PHASE_SECOND && c->phase < TLS_PHASE_ORDER)
		c->mute = c->mute || r->answer == TLS_ANSWER_CLOSED;
	switch (c->phase) {
	case TLS_PHASE_FIRST:
		/* A long hello may be dropped for its length; 70 is protocol_version. */
		if (c->found.version > 0x0300 && !(r->alerted && r->alert == 70)) {
			c->phase = TLS_PHASE_SECOND;
			c->picky = true;
			c->closed = r->answer == TLS_ANSWER_CLOSED && !c->again;
			c->crowd = c->closed && t->crowd == CROWD_MANY;
			c->again = true;
			return true;
		}
		return refused_version(c, t, r);
	case TLS_PHASE_SECOND:
		/* The long one was closed, and only this one has an answer: was that one? */
		if (c->closed && r->answer != TLS_ANSWER_CLOSED) {
			c->phase = TLS_PHASE_FIRST;
			c->closed = c->picky = false;
			return true;
		}
		return refused_version(c, t, r);
	case TLS_PHASE_MORE:
		if (c->narrow || c->narrow_schemes) {	/* for want of suites, or of those? */
			c->widened = !(tls_offers_was_wide(c) && tls_offers_apart(c)) && c->narrow &&
			    !c->narrow_schemes && !tls_offers_yields(c);
			tls_finite_widen(c);
			return true;
		}
		if (tls_finite_refused(c, t) || tls_offers_apart(c))
			return true;
		return go_rest(c, t);
	case TLS_PHASE_RARE:
		return go_rare(c, t);
	case TLS_PHASE_GROUPS:
		c->settled = true;
		return go_schemes(c, t);
	case TLS_PHASE_SCHEMES:
		c->schemes_settled = true;
		return go_order(c, t);
	default:
		return refused_again(c, t);
	}
}

static bool
judge_silence(struct tls_chain *c, struct talk *t, enum tls_end end)
{
	static const char *const what[] = {
		[TLS_PHASE_FIRST] = "", [TLS_PHASE_SECOND] = "",
		[TLS_PHASE_MORE] = "more-suites: ", [TLS_PHASE_RARE] = "more-suites: ",
		[TLS_PHASE_GROUPS] = "groups: ", [TLS_PHASE_SCHEMES] = "signature-schemes: ",
		[TLS_PHASE_ORDER] = "order: ", [TLS_PHASE_END] = "",
	};
	char text[64];

	if (end == TLS_END_NAME && c->found.version == 0x0300 && !c->dressed) {
		c->dressed = true;
		return true;
	}
	if (c->phase == TLS_PHASE_FIRST && c->found.version > 0x0300 && end != TLS_END_NAME) {
		c->phase = TLS_PHASE_SECOND;
		c->picky = true;
		return true;
	}
	if (!c->retried && end != TLS_END_NAME) {
		c->retried = true;
		return true;
	}
	(void)snprintf(text, sizeof(text), "%s%s", what[c->phase], tls_note_reason(end));
	undecided(t, c, text);
	if (c->unsaid)
		undecided(t, c, "more-suites: it closed, and answered no more");
	return go_end(c, t);
}

/*
 * What the next hello leaves out: as long as new groups and schemes come up.
 * A suite without any, though those with them stood in front, says that they
 * ran out.  The rare groups are asked for at the end.
 */
static void
go_narrow(struct tls_chain *c, const struct tls_reply *r, bool fresh_group, bool fresh_scheme)
{
	bool first = c->found.n == 1, reversed = c->found.n % 2 == 0;
	bool in_vain = r->group == 0 && tls_offers_yields(c);

	c->unyielding = c->unyielding || in_vain;
	c->narrow = (first ? c->found.version >= 0x0303 : c->narrow) &&
	    (fresh_group || in_vain || (r->group == 0 && reversed)) && tls_offers_more_groups(c, true);
	c->narrow_schemes = c->found.deep && (first || c->narrow_schemes) &&
	    (fresh_scheme || (r->scheme == 0 && reversed));
	/* Six suites of 1.3 are seldom more than three: ask at once what settles. */
	if (c->found.version == 0x0304 && c->found.n >= 3)
		c->narrow = false;
}

/* A suite that was chosen; NULL when it was not on offer. */
static const struct tls_suite *
add_suite(struct tls_chain *c, const struct tls_reply *r)
{
	const struct tls_suite *s = tls_names_suite(r->suite);

	if (s == NULL || !tls_offers_candidate(c, s) || tls_found_has(&c->found, r->suite))
		return NULL;
	tls_found_add(&c->found, r->suite, (tls_offers_reversed(c) ? TLS_PICK_REVERSED : 0u) |
	    (c->narrow || c->narrow_schemes ? TLS_PICK_NARROW : 0u) | (c->part != 0 ? TLS_PICK_HALF : 0u) |
	    (tls_finite_is_offered(c) ? 0u : TLS_PICK_UNNAMED));
	return s;
}

static bool
judge_suite(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	const struct tls_suite *s;
	bool fresh_group, fresh_scheme;

	if (tls_offers_first_again(c, t))
		return true;
	if (tls_finite_chosen_again(c, t, r))
		return go_rest(c, t);
	s = c->finite_again ? NULL : add_suite(c, r);
	if (s == NULL) {
		undecided(t, c, "suite-not-offered");
		return go_end(c, t);
	}
	if (c->found.n == 1)
		tls_note_version(t, FACT_TLS_OFFERED, c->found.version, c->picky ? TLS_CHAIN_PICKY : "");
	tls_note_suite(t, r);
	tls_finite_see(c, s, r);
	c->found.apart = c->found.apart || (c->apart && c->phase == TLS_PHASE_MORE);
	if (c->curve == 0 && s->auth == TLS_AUTH_ECDSA && r->ncerts > 0)
		c->curve = cert_curve(r->cert[0].p, r->cert[0].len);
	fresh_group = tls_found_see_group(&c->found, r->group);
	if (c->group == 0)
		c->group = r->group;
	else if (fresh_group && c->narrow && c->curve != 0 && c->group == c->curve)
		c->client_groups = true;	/* though it had preferred the other one */
	fresh_scheme = tls_found_see_scheme(&c->found, r->scheme);
	/*
	 * All groups back and an answer that needs one: the others ran out.  Not
	 * so with ECDSA, where the certificate's own curve may have been missing.
	 */
	if (c->widened && tls_found_grouped(&c->found, s) && s->auth != TLS_AUTH_ECDSA)
		c->settled = true;
	c->widened = c->mute = c->retried = false;
	if (c->phase == TLS_PHASE_RARE)
		return true;
	tls_share_learn_groups(c, t);
	go_narrow(c, r, fresh_group, fresh_scheme);
	c->phase = TLS_PHASE_MORE;
	tls_half_open(c);
	tls_half_tell(c);
	return c->picky || !c->brief || go_end(c, t);
}

/* Suites and groups are chosen each for itself: the reversed offer tells whose order decides. */
static void
see_order(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	uint16_t offered[TLS_FOUND_SUITES];
	size_t n = tls_offers_suites(c, offered);

	if (c->ordered || c->resumed || n != c->found.n || n < 2 || offered[0] == c->found.suite[0] ||
	    (r->suite != c->found.suite[0] && r->suite != offered[0]))
		return;
	c->ordered = true;
	tls_note_word(t, FACT_TLS_ORDER, c->found.version,
	    r->suite == c->found.suite[0] ? "server" : "client",
	    "the same suites, offered the other way round");
}

/*
 * It fell back on the curve of its certificate, which stood last: a server that
 * goes by the client's order has no other group then.  One that goes by its own
 * may prefer that curve, and the rest cannot be seen.
 */
static bool
judge_kept(struct tls_chain *c, struct talk *t)
{
	if (c->swapped || c->client_groups || c->resumed) {
		c->settled = true;
	} else if (c->group != 0 && c->group != c->curve) {
		c->swapped = true;
		return true;
	} else
		undecided(t, c, HIDDEN_GROUPS);
	c->swapped = false;
	return go_schemes(c, t);
}

static bool
judge_group(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	const struct tls_group *g = tls_names_group(r->group);

	if (g != NULL && tls_offers_kept(c, g) && c->found.group[g - tls_names_groups])
		return judge_kept(c, t);
	if (c->swapped) {
		c->swapped = false;
		undecided(t, c, HIDDEN_GROUPS);
		return go_schemes(c, t);
	}
	see_order(c, t, r);
	/* It chose a suite, and then found no group for it; or it names none, or one that was taken away. */
	if ((g == NULL && ((r->alerted && !r->done) || c->found.version == 0x0304)) ||
	    (g != NULL && c->found.group[g - tls_names_groups]))
		return judge_refusal(c, t, r);
	if (g == NULL || !tls_found_see_group(&c->found, r->group)) {
		undecided(t, c, "group-not-offered");
		return go_schemes(c, t);
	}
	c->client_groups = c->client_groups || (c->curve != 0 && c->group == c->curve);
	tls_note_word(t, FACT_TLS_GROUP, c->found.version, g->name, "");
	/* The hello asks for all schemes: this one may be new as well. */
	tls_note_scheme(t, r);
	(void)tls_found_see_scheme(&c->found, r->scheme);
	tls_share_learn_groups(c, t);
	c->settled = !tls_offers_more_groups(c, false);
	return c->settled ? go_schemes(c, t) : true;
}

static bool
judge_scheme(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	/* Go sends the certificate before it finds that no scheme will do. */
	if (r->scheme == 0 && r->alerted && !r->done)
		return judge_refusal(c, t, r);
	tls_note_scheme(t, r);
	/* One that was not on offer: it has none of those that were. */
	if (!tls_found_see_scheme(&c->found, r->scheme)) {
		c->schemes_settled = tls_names_scheme(r->scheme) != NULL;
		if (!c->schemes_settled)
			undecided(t, c, "scheme-not-offered");
		return go_order(c, t);
	}
	return go_schemes(c, t);
}

static bool
judge_order(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	if (!c->ordered && !c->resumed && c->found.n >= 2 && tls_found_has(&c->found, r->suite))
		tls_note_word(t, FACT_TLS_ORDER, c->found.version,
		    r->suite == c->found.suite[0] ? "server" : "client",
		    "the same suites, offered the other way round");
	return go_end(c, t);
}

bool
tls_chain_judge(struct tls_chain *c, struct talk *t, enum tls_end end, const struct tls_reply *r)
{
	if (end == TLS_END_REFUSED)
		return judge_refusal(c, t, r);
	if (end != TLS_END_HELLO)
		return judge_silence(c, t, end);
	if (r->version != c->found.version) {
		/* It settled on an older version: it does not have this one. */
		if (c->phase > TLS_PHASE_SECOND)
			return judge_refusal(c, t, r);
		tls_note_version(t, FACT_TLS_REFUSED, c->found.version, "an older version in its answer");
		return go_end(c, t);
	}
	if (c->phase > TLS_PHASE_RARE)
		vouch(c, t);
	switch (c->phase) {
	case TLS_PHASE_GROUPS:
		return judge_group(c, t, r);
	case TLS_PHASE_SCHEMES:
		return judge_scheme(c, t, r);
	case TLS_PHASE_ORDER:
		return judge_order(c, t, r);
	default:
		return judge_suite(c, t, r);
	}
}

bool
tls_chain_resume(struct tls_chain *c, enum tls_phase phase)
{
	c->phase = phase;
	c->resumed = !c->alone;
	return c->found.n > 0 && (phase != TLS_PHASE_GROUPS ||
	    (tls_found_any_grouped(&c->found) && tls_offers_more_groups(c, false)));
}
