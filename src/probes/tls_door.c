/*
 * tls_door.c - the TLS of the other ports: where it starts at once, and behind
 * STARTTLS and STLS.
 *
 * A door is the plain talk in front of the hello, said again on each fresh
 * connection.  Mail servers count connections, so these probes ask one hello
 * at a time; 421 or a close gets a pause and a second try, and what is then
 * still open stays undecided.  A server that makes us wait is asked in few
 * hellos.
 */
#include <string.h>

#include "base/text.h"
#include "probes/table.h"
#include "probes/tls_scan.h"

enum door_kind { DOOR_NONE, DOOR_SMTP, DOOR_IMAP, DOOR_POP };

/* Steps of the plain talk; at STEP_TLS the hellos begin. */
enum step { STEP_GREETING, STEP_EHLO, STEP_START, STEP_TLS };

enum {
	PAUSE_MS = 5000,	/* before the second try */
	PAUSES = 3,		/* in one talk */
	SLOW_MS = 1000,		/* to the greeting: a tarpit, or a busy server */
};

struct door {
	struct tls_scan	 scan;
	enum step	 step;
	bool		 begun;
	bool		 greeted;	/* once */
	bool		 offered;	/* STARTTLS among the keywords of EHLO */
	bool		 retried;	/* after 421 or a close; the last try was one */
	unsigned	 pauses;
};

/* What is said to reach a step, and how a good answer begins. */
static const struct line {
	const char	*say;		/* NULL: only listen; %: our own name */
	const char	*good;
} lines[][STEP_TLS] = {
	[DOOR_NONE] = { { NULL, NULL } },
	[DOOR_SMTP] = { { NULL, "220" }, { "EHLO %\r\n", "250" }, { "STARTTLS\r\n", "220" } },
	[DOOR_IMAP] = { { NULL, "* OK" }, { NULL, NULL }, { "a STARTTLS\r\n", "a OK" } },
	[DOOR_POP] = { { NULL, "+OK" }, { NULL, NULL }, { "STLS\r\n", "+OK" } },
};

static enum step
next_step(enum door_kind kind, enum step step)
{
	do
		step++;
	while (step < STEP_TLS && lines[kind][step].good == NULL);
	return step;
}

/* Begin each connection at the greeting, or at once with TLS. */
static void
start(struct door *d, enum door_kind kind)
{
	d->step = kind == DOOR_NONE ? STEP_TLS : STEP_GREETING;
	d->begun = true;
	d->offered = false;
	d->scan.mail = true;
}

/* How deep is settled before the first hello. */
static void
settle_depth(struct talk *t, struct door *d)
{
	if (d->greeted)
		return;
	d->greeted = true;
	d->scan.depth = t->exact && t->waited_ms < SLOW_MS ? TLS_EXACT : TLS_POSTURE;
}

static void
door_ask(struct talk *t, enum door_kind kind, struct wr *w)
{
	struct door *d = t->state;
	const char *say;

	if (!d->begun)
		start(d, kind);
	if (d->step == STEP_TLS) {
		settle_depth(t, d);
		tls_scan_ask(&d->scan, t, 1, w);
		return;
	}
	for (say = lines[kind][d->step].say; say != NULL && *say != '\0'; say++)
		if (*say == '%')
			wr_str(w, t->ehlo != NULL ? t->ehlo : "exvet.invalid");
		else
			wr_put(w, say, 1);
}

/* Is the line the last of its reply?  SMTP: "250 x"; IMAP: of our tag. */
static bool
is_last(enum door_kind kind, enum step step, const struct rd *line)
{
	if (kind == DOOR_SMTP)
		return line->len < 4 || line->p[3] != '-';
	return kind != DOOR_IMAP || step == STEP_GREETING || line->len < 2 || line->p[0] != '*';
}

static bool
begins(const struct rd *line, const char *with)
{
	size_t n = strlen(with);

	return line->len >= n && memcmp(line->p, with, n) == 0;
}

/* Busy, or gone without a word: later it may talk. */
static bool
is_for_now(const char *reason)
{
	static const char *const words[] = { "busy", "close", "reset", "timeout", "refused" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(reason, words[i]) == 0)
			return true;
	return false;
}

static enum heard
give_up(struct talk *t, struct door *d, const char *reason, const struct rd *line)
{
	char text[128] = "";

	(void)text_printable(text, sizeof(text), line->p != NULL ? line->p : (const uint8_t *)"",
	    line->p != NULL && line->len < 100 ? line->len : 0);
	if (is_for_now(reason) && !d->retried && d->pauses < PAUSES) {
		d->retried = true;
		d->begun = false;
		d->pauses++;
		t->pause_ms = PAUSE_MS;
		return HEARD_REDIAL;
	}
	/* TLS was spoken here, or it is only not to be had now. */
	if (d->scan.begun || is_for_now(reason))
		tls_scan_stop(&d->scan, t, 1, reason);
	obs_fail(t->obs, t->probe, t->at, "tls", reason, text);
	return HEARD_DONE;
}

/* One whole reply of the plain talk. */
static enum heard
hear_plain(struct talk *t, enum door_kind kind, struct rd *in, bool ended)
{
	struct door *d = t->state;
	struct rd rest = *in, line = { .len = 0 };

	d->offered = d->step == STEP_EHLO ? false : d->offered;
	do {
		if (!rd_line(&rest, &line)) {
			line = (struct rd){ .len = 0 };
			return ended ? give_up(t, d, t->ended_by != NULL && t->ended_by[0] != '\0' ?
			    t->ended_by : "close", &line) : HEARD_PART;
		}
		if (d->step == STEP_EHLO && line.len >= 12 &&
		    text_starts_nocase((const char *)line.p + 4, "STARTTLS"))
			d->offered = true;
	} while (!is_last(kind, d->step, &line));
	*in = rest;
	if (kind == DOOR_SMTP && begins(&line, "421"))
		return give_up(t, d, "busy", &line);
	if (!begins(&line, lines[kind][d->step].good))
		return give_up(t, d, d->step == STEP_START ? "no-starttls" : "not-served", &line);
	if (kind == DOOR_SMTP && d->step == STEP_EHLO && !d->offered)
		return give_up(t, d, "no-starttls", &line);
	if (d->step == STEP_GREETING)
		settle_depth(t, d);
	d->step = next_step(kind, d->step);
	return HEARD_NEXT;
}

static enum heard
door_hear(struct talk *t, enum door_kind kind, struct rd *in, bool ended)
{
	struct door *d = t->state;
	enum heard h;

	if (d->step != STEP_TLS)
		return hear_plain(t, kind, in, ended);
	h = tls_scan_hear(&d->scan, t, 1, in, ended);
	if (h == HEARD_REDIAL)
		d->retried = false;
	if (h == HEARD_REDIAL)
		d->begun = false;
	return h;
}

/* Only where TLS was begun: else the port itself is what was not seen. */
static void
door_stop(struct talk *t, const char *reason)
{
	struct door *d = t->state;

	if (d->scan.begun)
		tls_scan_stop(&d->scan, t, 1, reason);
}

static void
none_ask(struct talk *t, struct wr *w)
{
	door_ask(t, DOOR_NONE, w);
}

static enum heard
none_hear(struct talk *t, struct rd *in, bool ended)
{
	return door_hear(t, DOOR_NONE, in, ended);
}

static void
smtp_ask(struct talk *t, struct wr *w)
{
	door_ask(t, DOOR_SMTP, w);
}

static enum heard
smtp_hear(struct talk *t, struct rd *in, bool ended)
{
	return door_hear(t, DOOR_SMTP, in, ended);
}

static void
imap_ask(struct talk *t, struct wr *w)
{
	door_ask(t, DOOR_IMAP, w);
}

static enum heard
imap_hear(struct talk *t, struct rd *in, bool ended)
{
	return door_hear(t, DOOR_IMAP, in, ended);
}

static void
pop_ask(struct talk *t, struct wr *w)
{
	door_ask(t, DOOR_POP, w);
}

static enum heard
pop_hear(struct talk *t, struct rd *in, bool ended)
{
	return door_hear(t, DOOR_POP, in, ended);
}

#define DOOR(id, title, what, number, kind) \
const struct probe probe_tls_##id = { \
	.name = title, .summary = what, .technique = "", .port = number, \
	.flags = PROBE_FULL | PROBE_IN_TURN, .state_size = sizeof(struct door), \
	.gives = tls_scan_gives, .ask = kind##_ask, .hear = kind##_hear, .stop = door_stop, \
}

DOOR(smtp, "tls-smtp", "TLS behind STARTTLS of SMTP, and its certificate", 25, smtp);
DOOR(submission, "tls-submission", "TLS behind STARTTLS of submission, and its certificate", 587, smtp);
DOOR(imap, "tls-imap", "TLS behind STARTTLS of IMAP, and its certificate", 143, imap);
DOOR(pop, "tls-pop3", "TLS behind STLS of POP3, and its certificate", 110, pop);
DOOR(imaps, "tls-imaps", "TLS of IMAP's own port, and its certificate", 993, none);
DOOR(pops, "tls-pop3s", "TLS of POP3's own port, and its certificate", 995, none);
DOOR(backend, "tls-backend", "TLS of the Exchange Back End site, and its certificate", 444, none);
