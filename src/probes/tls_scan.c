/*
 * tls_scan.c - ask a server what TLS it speaks, hello by hello.
 */
#include <string.h>

#include "cert.h"
#include "probes/tls_half.h"
#include "probes/tls_offers.h"
#include "probes/tls_older.h"
#include "probes/tls_scan.h"
#include "probes/tls_share.h"
#include "wire/tls_hello.h"
#include "wire/tls_names.h"
#include "wire/tls_reply.h"

#define POSTURE_GIVES \
	FACT_TLS_DEPTH, FACT_TLS_OFFERED, FACT_TLS_REFUSED, FACT_TLS_UNDECIDED, FACT_TLS_SUITE, \
	FACT_TLS_CLEAN, FACT_TLS_GROUP, FACT_TLS_DH_BITS, FACT_TLS_RSA_BITS, FACT_TLS_SCHEME, \
	FACT_TLS_COMPRESSION, FACT_TLS_RENEGOTIATION, FACT_TLS_EMS, FACT_TLS_TICKET, \
	FACT_TLS_CLIENT_CERT, FACT_TLS_FOREIGN, FACT_TLS_WARNING, FACT_TLS_PLAIN, FACT_TLS_DROPS, \
	FACT_TLS_LIMITS, CERT_NOTE_GIVES

const enum fact tls_scan_posture_gives[] = { POSTURE_GIVES, FACT_COUNT };

const enum fact tls_scan_gives[] = {
	POSTURE_GIVES, FACT_TLS_COMPLETE, FACT_TLS_ORDER, FACT_TLS_GROUPS_ALL, FACT_TLS_SCHEMES_ALL,
	FACT_TLS_ALPN, FACT_COUNT,
};

/*
 * Versions in the order asked, and who asks them when there are four lanes; far
 * away, where 1.2 takes longest and comes first, and the fourth helps with its suites.
 */
static const struct row { uint16_t version; unsigned lane, far; } rows[] = {
	{ 0x0304, 0, 1 }, { 0x0303, 1, 0 }, { 0x0302, 2, 2 }, { 0x0301, 2, 2 }, { 0x0300, 3, 2 }, { 0x0002, 3, 2 },
};
enum { UNRECOGNIZED_NAME = 112 };	/* RFC 6066 3 */
enum { NROWS = sizeof(rows) / sizeof(rows[0]), ROW_TLS12 = 1, ROW_SSL2 = NROWS - 1 };

static bool
is_mine(const struct talk *t, unsigned row, unsigned lanes)
{
	unsigned lane = t->shared != NULL ? rows[row].far : rows[row].lane;

	return lane % (lanes > 0 ? lanes : 1) == t->lane;
}

bool
tls_scan_leads(const struct talk *t)
{
	return is_mine(t, ROW_TLS12, TLS_SCAN_LANES);
}

bool
tls_scan_wants(const struct talk *t)
{
	bool mine = t->shared == NULL;

	for (unsigned i = 0; i < NROWS; i++)
		mine = mine || is_mine(t, i, TLS_SCAN_LANES);
	return mine || tls_half_waits(t->shared);
}

/* The next row of this lane, then the pieces that fell to it, then half of another's; false when there is none. */
static bool
find_row(struct tls_scan *s, struct talk *t, unsigned lanes)
{
	while (s->row < NROWS && !is_mine(t, s->row, lanes))
		s->row++;
	if (s->row >= NROWS)
		return tls_share_begin(&s->chain, t, &s->due, s->mail) || tls_half_take(t->shared, &s->chain) ||
		    (!t->deep && tls_older_foresee(&s->chain, t, s->mail));
	tls_chain_begin(&s->chain, rows[s->row].version, s->mail, t->deep);
	s->chain.half = rows[s->row].version == 0x0303 ? t->shared : NULL;
	s->chain.brief = !t->deep && (rows[s->row].version == 0x0301 || rows[s->row].version == 0x0302);
	return true;
}

void
tls_scan_begin(struct tls_scan *s, struct talk *t, unsigned lanes)
{
	if (s->begun)
		return;
	obs_text(t->obs, FACT_TLS_DEPTH, t->at, t->probe,
	    s->depth == TLS_EXACT ? "exact" : "posture", "");
	if (s->depth == TLS_EXACT)
		(void)find_row(s, t, lanes);
	else
		tls_posture_begin(&s->posture, s->mail);
	s->begun = true;
}

void
tls_scan_ask(struct tls_scan *s, struct talk *t, unsigned lanes, struct wr *w)
{
	struct tls_lists lists;
	struct tls_offer o = { .version = 0x0002 };

	tls_scan_begin(s, t, lanes);
	if (s->row != ROW_SSL2 || s->control) {
		if (s->depth == TLS_EXACT || s->control)
			tls_chain_offer(&s->chain, &o, &lists);
		else
			tls_posture_offer(&s->posture, &o, &lists);
	}
	o.host = s->nameless ? NULL : t->host;
	s->named = o.host != NULL && o.version != 0x0002 && !o.bare;
	s->staple = o.staple;
	s->compress = o.compress;
	tls_hello_write(&o, w);
}

void
tls_scan_stop(struct tls_scan *s, struct talk *t, unsigned lanes, const char *reason)
{
	tls_scan_begin(s, t, lanes);
	tls_share_stop(t, s->depth == TLS_EXACT, reason);
}

static uint16_t
version_asked(const struct tls_scan *s)
{
	if (s->row == ROW_SSL2 && !s->control)
		return 0x0002;
	return s->control ? s->chain.found.version : s->depth == TLS_EXACT ? s->chain.found.version : s->posture.version;
}

/* SSLv2 lists all that it has in one answer. */
static void
judge_v2(struct talk *t, enum tls_end end, const struct tls_reply *r)
{
	char how[64];

	switch (end) {
	case TLS_END_HELLO:
		tls_note_version(t, FACT_TLS_OFFERED, 0x0002, "");
		for (size_t i = 0; i < r->nkinds; i++) {
			const char *name = tls_names_v2(r->kinds[i]);

			if (name != NULL)
				tls_note_word(t, FACT_TLS_SUITE, 0x0002, name, "");
		}
		break;
	case TLS_END_REFUSED:
	case TLS_END_NAME:	/* no hello of SSLv2 has a name: it serves none there */
		tls_note_refusal(t, r, how, sizeof(how));
		tls_note_version(t, FACT_TLS_REFUSED, 0x0002, how);
		break;
	default:
		tls_note_word(t, FACT_TLS_UNDECIDED, 0x0002, tls_note_reason(end), "");
		break;
	}
}

/* One row's answer in an exact scan; true when there is another hello to send. */
static bool
judge_row(struct tls_scan *s, struct talk *t, unsigned lanes, enum tls_end end,
    const struct tls_reply *r)
{
	unsigned known = tls_share_known(t);
	bool more;

	if (s->row == ROW_SSL2) {
		/* It may have been busy with another connection of ours. */
		more = end == TLS_END_SILENT && !s->retried;
		s->retried = true;
		if (!more)
			judge_v2(t, end, r);
	} else
		more = tls_chain_judge(&s->chain, t, end, r);
	if (!t->deep)
		s->due |= tls_share_due(known, tls_share_known(t));
	if (more)
		return true;
	s->row += s->row < NROWS;
	return find_row(s, t, lanes);
}

/* True when there is another hello to send. */
static bool
judge(struct tls_scan *s, struct talk *t, unsigned lanes, enum tls_end end,
    const struct tls_reply *r)
{
	if (s->depth == TLS_EXACT)
		return judge_row(s, t, lanes, end, r);
	if (s->row == ROW_SSL2) {
		judge_v2(t, end, r);
		return false;
	}
	if (!tls_posture_judge(&s->posture, t, end, r))
		s->row = ROW_SSL2;
	return true;
}

static enum tls_end
ending(const struct talk *t, enum tls_answer answer, const struct tls_reply *r)
{
	switch (answer) {
	case TLS_ANSWER_HELLO:
		return TLS_END_HELLO;
	case TLS_ANSWER_ALERT:
		/* It does not serve that name, and says nothing about the rest. */
		return r->alerted && r->alert == UNRECOGNIZED_NAME ? TLS_END_NAME : TLS_END_REFUSED;
	case TLS_ANSWER_CLOSED:
		/* Schannel closes or resets where others send an alert. */
		return t->ended_by == NULL || t->ended_by[0] == '\0' ||
		    strcmp(t->ended_by, "close") == 0 || strcmp(t->ended_by, "reset") == 0 ?
		    TLS_END_REFUSED : TLS_END_SILENT;
	default:
		return TLS_END_BROKEN;
	}
}

static enum tls_close_weight
weight(const struct tls_scan *s, const struct talk *t)
{
	if (s->control)
		return TLS_CLOSE_SETTLES;
	if (s->row == ROW_SSL2)
		return s->depth == TLS_EXACT ? TLS_CLOSE_SETTLES : TLS_CLOSE_NOTHING;
	return s->depth == TLS_EXACT ? tls_offers_weight(&s->chain) : tls_posture_weight(&s->posture, t);
}

/* A close may say no, or nothing; true: ask the same once more. */
static bool
weigh_close(struct tls_scan *s, struct talk *t, enum tls_end *end, const struct tls_reply *r)
{
	enum tls_close_says says;

	if (*end == TLS_END_HELLO || r->answer == TLS_ANSWER_ALERT)
		tls_close_answered(&s->close, t);
	if (*end != TLS_END_REFUSED || r->answer != TLS_ANSWER_CLOSED)
		return false;
	says = tls_close_heard(&s->close, t, weight(s, t));
	*end = says == TLS_CLOSE_DROPPED ? TLS_END_DROPPED : *end;
	return says == TLS_CLOSE_AGAIN;
}

/*
 * Judge, and at the end make sure of a server that only closed: one that has
 * enough of us closes too.
 */
static bool
judge_all(struct tls_scan *s, struct talk *t, unsigned lanes, enum tls_end end,
    const struct tls_reply *r)
{
	if (end == TLS_END_HELLO || r->answer == TLS_ANSWER_ALERT)
		s->mute = false;
	else if (r->answer == TLS_ANSWER_CLOSED && s->row != ROW_SSL2)
		s->mute = true;
	if (weigh_close(s, t, &end, r))
		return true;
	if (s->control) {
		if (end != TLS_END_HELLO)
			tls_share_doubt(t, "it closed, and answered no more");
		return false;
	}
	if (judge(s, t, lanes, end, r))
		return true;
	if (tls_close_drops(t))
		tls_share_doubt(t, "drops-connections");
	s->control = s->mute && tls_share_control(&s->chain, t, s->mail);
	return s->control;
}

enum heard
tls_scan_hear(struct tls_scan *s, struct talk *t, unsigned lanes, struct rd *in, bool ended)
{
	struct tls_reply r;
	enum tls_answer answer = tls_reply_read(*in, ended, version_asked(s), &r);
	enum tls_end end = ending(t, answer, &r);
	enum heard heard = HEARD_PART;

	if (t->limited)
		tls_close_note_limit(t);
	if (answer != TLS_ANSWER_PART) {
		(void)rd_take(in, in->len);
		if (answer == TLS_ANSWER_PLAIN)
			obs_text(t->obs, FACT_TLS_PLAIN, t->at, t->probe, r.text, "");
		if (end == TLS_END_HELLO) {
			tls_note_hello(t, &s->memory, &r, s->compress);
			/* An anonymous suite shows no certificate, and so nothing to staple to. */
			if (s->staple && r.version == 0x0303 && r.ncerts > 0)
				obs_number(t->obs, FACT_TLS_STAPLED, t->at, t->probe, r.stapled, "");
		}
		if (end == TLS_END_NAME && s->named) {
			s->nameless = true;
			obs_text(t->obs, FACT_TLS_WARNING, t->at, t->probe, "unrecognized_name",
			    "fatal; asked again without a name");
			tls_reply_free(&r);
			return HEARD_REDIAL;
		}
		s->answered = s->answered || end == TLS_END_HELLO || answer == TLS_ANSWER_ALERT;
		if (answer == TLS_ANSWER_PLAIN && !s->answered)
			heard = HEARD_BAD;
		else
			heard = judge_all(s, t, lanes, end, &r) ? HEARD_REDIAL : HEARD_DONE;
	}
	if (heard == HEARD_REDIAL)
		tls_close_next(t);
	tls_reply_free(&r);
	return heard;
}
