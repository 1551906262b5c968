/*
 * mailtalk.c - the talk that SMTP, IMAP and POP3 have in common (C-18, C-20 to
 * C-22).
 *
 * One connection.  Nothing is sent that a mail client would not send before
 * log-on: no MAIL FROM, no RCPT, and of AUTH only NTLM's negotiate message,
 * which names nobody and is then taken back.  NTLM is asked inside TLS where
 * TLS can be had.
 */
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"
#include "probes/banner.h"
#include "probes/mailtalk.h"
#include "probes/note.h"

enum { LINE = 256 };

const enum fact mailtalk_gives[] = { MAILTALK_GIVES, FACT_COUNT };

void
mailtalk_note(struct talk *t, enum fact fact, const struct rd *r, const char *evidence)
{
	if (r->len > 0)
		obs_text_n(t->obs, fact, t->at, t->probe, r->p, r->len < LINE ? r->len : LINE,
		    evidence);
}

void
mailtalk_product(struct talk *t, struct mailtalk *s, const char *product)
{
	if (s->product[0] != '\0')
		return;
	(void)snprintf(s->product, sizeof(s->product), "%s", product);
	note_text(t, FACT_MAIL_PRODUCT, product, "");
}

/* A reply of a thousand words must not crowd out what others observe. */
static bool
too_many(struct talk *t, struct mailtalk *s)
{
	if (s->words++ < LIMIT_MAIL_WORDS)
		return false;
	note_text(t, FACT_MAIL_LIMIT, "lines", "");
	return true;
}

void
mailtalk_feature(struct talk *t, struct mailtalk *s, const struct rd *line)
{
	struct rd rest = *line, word;

	if (!mailreply_word(&rest, &word) || too_many(t, s))
		return;
	if (mailreply_is_masked(&word) || mailreply_is_garbled(line)) {
		s->masked = true;
		mailtalk_note(t, FACT_MAIL_MASKED, line, "");
	}
	mailtalk_note(t, t->secure ? FACT_MAIL_FEATURE_TLS : FACT_MAIL_FEATURE, line, "");
}

void
mailtalk_mechanism(struct talk *t, struct mailtalk *s, const struct rd *word)
{
	s->ntlm = s->ntlm || mailreply_is(word, "NTLM");
	if (too_many(t, s))
		return;
	mailtalk_note(t, t->secure ? FACT_MAIL_AUTH_TLS : FACT_MAIL_AUTH, word, "");
}

static void
put_message(struct wr *w)
{
	uint8_t message[NTLM_NEGOTIATE_LEN];
	char text[80];
	struct wr ntlm = wr_init(message, sizeof(message));

	ntlm_write_negotiate(&ntlm);
	if (base64_encode(message, ntlm.len, text, sizeof(text)))
		wr_str(w, text);
	wr_str(w, "\r\n");
}

void
mailtalk_ask(struct talk *t, struct wr *w, const struct mailtalk_kind *kind)
{
	const struct mailtalk *s = t->state;
	const char *say = kind->say[s->stage];

	if (s->stage == MAILTALK_MESSAGE)
		put_message(w);
	for (; say != NULL && *say != '\0'; say++)
		if (*say == '%')
			wr_str(w, t->ehlo != NULL ? t->ehlo : "exvet.invalid");
		else
			wr_put(w, say, 1);
}

/* All that it says of it: "554-mx.example.net" and "554 Go away" are one answer. */
static void
note_refused(struct talk *t, const struct mailtalk *s, const struct mailreply *r)
{
	static const char *const stages[MAILTALK_STAGES] = {
		[MAILTALK_GREETING] = "greeting", [MAILTALK_FEATURES] = "features",
		[MAILTALK_STARTTLS] = "STARTTLS", [MAILTALK_AUTH] = "AUTH",
		[MAILTALK_MESSAGE] = "NTLM", [MAILTALK_CANCEL] = "cancel", [MAILTALK_QUIT] = "good-bye",
	};
	const char *stage = t->secure && s->stage == MAILTALK_FEATURES ? "features inside TLS" :
	    stages[s->stage];
	uint8_t said[LINE];
	struct wr w = wr_init(said, sizeof(said));
	struct rd rest = r->rest, line;

	if (r->last.len < 4 || r->last.p[0] < '0' || r->last.p[0] > '9') {
		mailtalk_note(t, FACT_MAIL_REFUSED, &r->last, stage);
		return;
	}
	wr_put(&w, r->last.p, 3);
	while (rd_line(&rest, &line))
		if (line.len > 4 && memcmp(line.p, r->last.p, 3) == 0 &&
		    line.len - 3 <= sizeof(said) - w.len) {
			wr_u8(&w, ' ');
			wr_put(&w, line.p + 4, line.len - 4);
		}
	obs_text_n(t->obs, FACT_MAIL_REFUSED, t->at, t->probe, said, w.len, stage);
}

static void
note_starttls(struct talk *t, struct mailtalk *s, const char *state, const struct rd *line,
    const char *why)
{
	char evidence[LINE] = "";

	if (s->tls_told)
		return;
	s->tls_told = true;
	if (line != NULL)
		(void)text_printable(evidence, sizeof(evidence), line->p, line->len);
	note_text(t, FACT_MAIL_STARTTLS, state, line != NULL ? evidence : why);
}

static enum heard
go(struct mailtalk *s, enum mailtalk_stage stage)
{
	s->stage = stage;
	return HEARD_NEXT;
}

/* Inside TLS, or where there is none to be had: NTLM, then good-bye. */
static enum heard
go_ntlm(struct mailtalk *s)
{
	return go(s, s->ntlm ? MAILTALK_AUTH : MAILTALK_QUIT);
}

static enum heard
take_features(struct talk *t, struct mailtalk *s, struct mailreply *r,
    const struct mailtalk_kind *kind)
{
	s->ntlm = false;
	s->words = 0;
	if (r->state != MAILREPLY_GOOD) {
		note_refused(t, s, r);
		return go(s, MAILTALK_QUIT);
	}
	kind->features(t, s, r);
	if (s->unlisted)
		return go(s, MAILTALK_QUIT);
	if (t->secure)
		return go_ntlm(s);
	if (s->starttls)
		return go(s, MAILTALK_STARTTLS);
	note_starttls(t, s, s->anonymous ? "anonymous-only" : "missing", NULL, "");
	return go_ntlm(s);
}

static enum heard
take_starttls(struct talk *t, struct mailtalk *s, const struct mailreply *r)
{
	if (r->state != MAILREPLY_GOOD) {
		note_starttls(t, s, "refused", &r->last, "");
		return go_ntlm(s);
	}
	s->tls_asked = true;
	s->stage = MAILTALK_FEATURES;
	return HEARD_STARTTLS;
}

static enum heard
take_challenge(struct talk *t, struct mailtalk *s, const struct mailreply *r)
{
	struct ntlm_challenge c;

	if (r->state != MAILREPLY_GO_ON)
		return go(s, MAILTALK_QUIT);
	if (r->text.len > 0 && ntlm_read_challenge64((const char *)r->text.p, r->text.len, &c))
		names_note(t, &c);
	return go(s, MAILTALK_CANCEL);
}

static enum heard
take(struct talk *t, struct mailtalk *s, struct mailreply *r, const struct mailtalk_kind *kind)
{
	if (s->stage == MAILTALK_QUIT)
		return HEARD_DONE;
	if (r->state == MAILREPLY_BYE) {
		note_refused(t, s, r);
		if (s->stage == MAILTALK_STARTTLS)
			note_starttls(t, s, "refused", &r->last, "");
		return HEARD_DONE;
	}
	switch (s->stage) {
	case MAILTALK_GREETING:
		if (r->state == MAILREPLY_GOOD) {
			kind->greeting(t, s, r);
			return go(s, MAILTALK_FEATURES);
		}
		note_refused(t, s, r);
		return go(s, MAILTALK_QUIT);
	case MAILTALK_FEATURES:
		return take_features(t, s, r, kind);
	case MAILTALK_STARTTLS:
		return take_starttls(t, s, r);
	case MAILTALK_AUTH:
		return go(s, r->state == MAILREPLY_GO_ON ? MAILTALK_MESSAGE : MAILTALK_QUIT);
	case MAILTALK_MESSAGE:
		return take_challenge(t, s, r);
	default:
		return go(s, MAILTALK_QUIT);
	}
}

/* The connection is over, or ran into our limit, before the reply was whole. */
static enum heard
take_end(struct talk *t, struct mailtalk *s, const struct rd *in)
{
	if (strcmp(t->ended_by, "limit") == 0) {
		note_text(t, FACT_MAIL_LIMIT, in->len > 0 && memchr(in->p, '\n', in->len) != NULL ?
		    "bytes" : "line", "");
		return HEARD_DONE;
	}
	if (s->stage == MAILTALK_STARTTLS) {
		note_starttls(t, s, strcmp(t->ended_by, "timeout") == 0 ? "silent" : "dropped", NULL,
		    t->ended_by);
		return HEARD_DONE;
	}
	if (s->tls_asked && !t->secure) {
		note_starttls(t, s, "handshake-failed", NULL, t->ended_by);
		return HEARD_DONE;
	}
	/* Whoever is shown the door need not say good-bye. */
	return s->stage == MAILTALK_QUIT || s->stage == MAILTALK_CANCEL ? HEARD_DONE : HEARD_PART;
}

enum heard
mailtalk_hear(struct talk *t, struct rd *in, bool ended, const struct mailtalk_kind *kind)
{
	struct mailtalk *s = t->state;
	struct mailreply reply;

	/* A stranger's words, if a client keeps them (CVE-2011-0411, CVE-2021-33515). */
	if (s->tls_asked && t->early)
		note_once(t, FACT_MAIL_EARLY, "dropped", "");
	if (s->tls_asked && t->secure)
		note_starttls(t, s, "works", NULL, "");
	switch (kind->read(s, in, &reply)) {
	case MAILREPLY_PART:
		return ended ? take_end(t, s, in) : HEARD_PART;
	case MAILREPLY_BAD:
		return s->stage == MAILTALK_QUIT ? HEARD_DONE : HEARD_BAD;
	default:
		return take(t, s, &reply, kind);
	}
}
