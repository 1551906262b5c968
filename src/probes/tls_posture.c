/* tls_posture.c - the few hellos that tell good TLS from bad. */
#include <stdio.h>

#include "probe.h"
#include "probes/tls_note.h"
#include "probes/tls_posture.h"
#include "wire/tls_hello.h"
#include "wire/tls_names.h"
#include "wire/tls_reply.h"

enum { PIECE = 40 };	/* suites in a hello that stays short */

/* Alerts (RFC 5246 7.2.2). */
enum { HANDSHAKE_FAILURE = 40, PROTOCOL_VERSION = 70 };

void
tls_posture_begin(struct tls_posture *p, bool mail)
{
	*p = (struct tls_posture){ .version = 0x0304, .mail = mail };
}

/* All suites up to 1.1 are CBC or worse. */
static unsigned
kinds_asked(uint16_t version)
{
	unsigned asked = SUITE_NULL | SUITE_ANON | SUITE_EXPORT | SUITE_RC4 | SUITE_DES | SUITE_TDES |
	    SUITE_RC2 | SUITE_IDEA | SUITE_FS | SUITE_DHE | (version == 0x0303 ? SUITE_CBC : 0u);
	unsigned there = 0;

	for (const struct tls_suite *s = tls_names_suites; s->code != 0; s++)
		if (tls_names_fits(s, version))
			there |= tls_names_kind(s);
	return asked & there;
}

static bool
is_weak(const struct tls_posture *p)
{
	return p->step >= TLS_POSTURE_WEAK;
}

static bool
is_offered(const struct tls_posture *p, size_t row)
{
	const struct tls_suite *s = &tls_names_suites[row];

	if (!tls_names_fits(s, p->version) || (p->apart && s->auth == TLS_AUTH_ECDSA))
		return false;
	switch (p->step) {
	case TLS_POSTURE_ORDINARY:
		return (s->flags & SUITE_ORDINARY) != 0;
	case TLS_POSTURE_WEAK:
		return (tls_names_kind(s) & p->kinds) != 0;
	case TLS_POSTURE_PIECES:
		return row >= p->piece && (tls_names_kind(s) & p->kinds) != 0;
	case TLS_POSTURE_FINITE:
		return s->code == p->named_finite;
	default:
		return true;
	}
}

static size_t
list_suites(const struct tls_posture *p, uint16_t *out)
{
	size_t n = 0, most = p->step == TLS_POSTURE_PIECES ? PIECE : TLS_FOUND_SUITES;

	for (size_t i = 0; tls_names_suites[i].code != 0 && n < most; i++)
		if (is_offered(p, i))
			out[n++] = tls_names_suites[i].code;
	return n;
}

static bool
is_short(const struct tls_posture *p)
{
	return p->step == TLS_POSTURE_ORDINARY || p->step >= TLS_POSTURE_PIECES;
}

/* Along with every suite, as in an exact scan. */
static bool
names_finite(const struct tls_posture *p)
{
	return p->step != TLS_POSTURE_FINITE && p->step != TLS_POSTURE_ORDINARY && !p->own_finite &&
	    p->version < 0x0304 && (p->version > 0x0300 || p->dressed);
}

static size_t
list_groups(const struct tls_posture *p, uint16_t *out)
{
	unsigned flag = p->version == 0x0304 ? GROUP_TLS13 : GROUP_TLS12;
	size_t n = 0, most = TLS_FOUND_GROUPS;

	/* The table begins with the usual ones; of 1.3 the sixth is the hybrid one. */
	if (is_short(p))
		most = p->version == 0x0304 ? 6 : 5;
	for (size_t i = 0; tls_names_groups[i].code != 0 && n < most; i++)
		if ((tls_names_groups[i].flags & flag) != 0)
			out[n++] = tls_names_groups[i].code;
	for (size_t i = 0; names_finite(p) && tls_names_groups[i].code != 0; i++)
		if ((tls_names_groups[i].flags & GROUP_FINITE) != 0)
			out[n++] = tls_names_groups[i].code;
	return n;
}

void
tls_posture_offer(const struct tls_posture *p, struct tls_offer *o, struct tls_lists *l)
{
	for (size_t i = 0; i < TLS_SCHEMES_ASKED; i++)
		l->schemes[i] = tls_names_schemes[i].code;
	*o = (struct tls_offer){
		.version = p->version, .suites = l->suites, .nsuites = list_suites(p, l->suites),
		.groups = l->groups, .ngroups = list_groups(p, l->groups),
		.schemes = l->schemes,
		.nschemes = is_short(p) && p->version < 0x0304 ? TLS_SCHEMES_ORDINARY : TLS_SCHEMES_ASKED,
		.bare = p->version == 0x0300 && !p->dressed,
		.compress = p->version < 0x0304 && !is_weak(p),
		.staple = p->version == 0x0303 && p->step == TLS_POSTURE_ALL,
	};
}

/* To a version; false when it lies below SSLv3. */
static bool
go(struct tls_posture *p, uint16_t version)
{
	p->version = version;
	p->step = p->picky && version > 0x0300 ? TLS_POSTURE_ORDINARY : TLS_POSTURE_ALL;
	p->retried = p->other = p->apart = false;
	return version >= 0x0300;
}

static bool
go_down(struct tls_posture *p)
{
	return go(p, p->version - 1);
}

/* The weak suites are settled; what remains is the size of parameters that a named group hid. */
static bool
go_on(struct tls_posture *p)
{
	if (p->named_finite == 0 || p->own_finite || p->own_asked)
		return go_down(p);
	p->own_asked = true;
	p->step = TLS_POSTURE_FINITE;
	return true;
}

/*
 * A server settles on the highest version that it has up to the one of the
 * hello (RFC 5246 E.1): refusing it refuses all below as well.  But EXPORT
 * suites end with TLS 1.0 (RFC 4346 A.5), so that a refusal of the suites of
 * 1.1 says nothing about 1.0.
 */
static bool
refused_version(struct tls_posture *p, struct talk *t, const struct tls_reply *r)
{
	uint16_t version = p->version;
	bool for_suites = r->alerted && r->alert == HANDSHAKE_FAILURE;
	char how[64];

	tls_note_refusal(t, r, how, sizeof(how));
	tls_note_version(t, FACT_TLS_REFUSED, version, how);
	if (version > 0x0302 || (version == 0x0302 && for_suites))
		return go_down(p);
	while (--version >= 0x0300)
		tls_note_version(t, FACT_TLS_REFUSED, version, version == 0x0300 && p->version == 0x0301 ?
		    "it refused a hello of TLS 1.0" : "it refused a hello of TLS 1.1");
	return false;
}

/* Is TLS 1.3 asked before the others? */
static bool
is_early(const struct tls_posture *p)
{
	return p->version == 0x0304 && p->later == TLS_POSTURE_IN_TURN;
}

static bool
judge_refusal(struct tls_posture *p, struct talk *t, const struct tls_reply *r)
{
	uint16_t suites[TLS_FOUND_SUITES];

	switch (p->step) {
	case TLS_POSTURE_ALL:
		/* In a crowd it says nothing yet; when others have been answered, there may be none. */
		if (is_early(p) && r->answer == TLS_ANSWER_CLOSED && t->crowd == CROWD_MANY) {
			p->later = TLS_POSTURE_PUT_OFF;
			return go_down(p);
		}
		p->crowd = r->answer == TLS_ANSWER_CLOSED && t->crowd == CROWD_MANY;
		/* A long hello may be dropped for its length. */
		if (p->version > 0x0300 && !p->long_ok && !(r->alerted && r->alert == PROTOCOL_VERSION)) {
			p->step = TLS_POSTURE_ORDINARY;
			return true;
		}
		return refused_version(p, t, r);
	case TLS_POSTURE_ORDINARY:
		return refused_version(p, t, r);
	case TLS_POSTURE_PIECES:
		for (size_t n = 0; tls_names_suites[p->piece].code != 0 && n < PIECE; p->piece++)
			n += is_offered(p, p->piece);
		if (list_suites(p, suites) > 0)
			return true;
		break;
	case TLS_POSTURE_WEAK:
		break;
	case TLS_POSTURE_FINITE:
		return go_down(p);
	}
	if (!p->other && !p->apart) {
		p->apart = true;
		p->piece = 0;
		return true;
	}
	tls_note_clean(t, p->version, p->kinds);
	return go_on(p);
}

static bool
judge_silence(struct tls_posture *p, struct talk *t, enum tls_end end)
{
	static const char weak[] = "weak-suites: ";
	char text[64];

	if (end == TLS_END_NAME && p->version == 0x0300 && !p->dressed) {
		p->dressed = true;
		return true;
	}
	if (p->step == TLS_POSTURE_ALL && p->version > 0x0300 && end != TLS_END_NAME) {
		p->step = TLS_POSTURE_ORDINARY;
		return true;
	}
	if (p->step != TLS_POSTURE_ORDINARY && !p->retried && end != TLS_END_NAME) {
		p->retried = true;
		return true;
	}
	(void)snprintf(text, sizeof(text), "%s%s", is_weak(p) ? weak : "", tls_note_reason(end));
	tls_note_word(t, FACT_TLS_UNDECIDED, p->version, text, "");
	return go_down(p);
}

/* It has this version: now its weak suites. */
static bool
go_weak(struct tls_posture *p, struct talk *t)
{
	bool is_short = p->step == TLS_POSTURE_ORDINARY;

	tls_note_version(t, FACT_TLS_OFFERED, p->version, "");
	if (p->version == 0x0304)
		return false;
	p->long_ok = p->long_ok || !is_short;
	p->picky = p->picky || is_short;
	p->kinds = kinds_asked(p->version);
	p->step = is_short ? TLS_POSTURE_PIECES : TLS_POSTURE_WEAK;
	p->piece = 0;
	return true;
}

static void
see_finite(struct tls_posture *p, const struct tls_suite *s, const struct tls_reply *r)
{
	bool named = names_finite(p) && r->dh_group != 0;

	if (!tls_names_is_dhe(s))
		return;
	p->named_finite = named ? s->code : p->named_finite;
	p->own_finite = p->own_finite || !named;
}

enum tls_close_weight
tls_posture_weight(const struct tls_posture *p, const struct talk *t)
{
	if (p->step == TLS_POSTURE_ORDINARY && p->later == TLS_POSTURE_LATE)
		return TLS_CLOSE_REST;
	if (p->step == TLS_POSTURE_ALL && is_early(p) && t->crowd == CROWD_MANY)
		return TLS_CLOSE_NOTHING;
	return p->step == TLS_POSTURE_ALL && p->version > 0x0300 && !p->long_ok ? TLS_CLOSE_HALF :
	    TLS_CLOSE_SETTLES;
}

static bool
judge(struct tls_posture *p, struct talk *t, enum tls_end end, const struct tls_reply *r)
{
	const struct tls_suite *s;

	if (end == TLS_END_REFUSED)
		return judge_refusal(p, t, r);
	if (end != TLS_END_HELLO)
		return judge_silence(p, t, end);
	p->retried = false;
	if (r->version != p->version) {
		if (is_weak(p))
			return judge_refusal(p, t, r);
		tls_note_version(t, FACT_TLS_REFUSED, p->version, "an older version in its answer");
		return go_down(p);
	}
	s = tls_names_suite(r->suite);
	if (s == NULL || !is_offered(p, (size_t)(s - tls_names_suites))) {
		tls_note_word(t, FACT_TLS_UNDECIDED, p->version, "suite-not-offered", "");
		return go_down(p);
	}
	if (p->crowd && p->step == TLS_POSTURE_ORDINARY) {
		/* It may have been closed for the crowd, and not for its length. */
		p->crowd = false;
		p->step = TLS_POSTURE_ALL;
		return true;
	}
	tls_note_suite(t, r);
	p->other = p->other || s->auth != TLS_AUTH_ECDSA;
	see_finite(p, s, r);
	if (p->step == TLS_POSTURE_FINITE || (!is_weak(p) && !go_weak(p, t)))
		return go_down(p);
	p->kinds &= ~tls_names_kind(s);
	return p->kinds != 0 ? true : go_on(p);
}

bool
tls_posture_judge(struct tls_posture *p, struct talk *t, enum tls_end end,
    const struct tls_reply *r)
{
	bool more = judge(p, t, end, r);

	if (p->later == TLS_POSTURE_LATE && p->version != 0x0304)
		return false;		/* what is below has been asked before */
	if (!more && p->later == TLS_POSTURE_PUT_OFF) {
		p->later = TLS_POSTURE_LATE;
		p->version = 0x0304;
		p->step = TLS_POSTURE_ORDINARY;
		return true;
	}
	return more;
}
