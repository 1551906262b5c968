/*
 * smtp.c - SMTP at 25, submission at 587, and when they are named the transport
 * service behind the front end (2525; Exchange's own 465 speaks so too) and
 * submission inside TLS (465): greeting, EHLO, STARTTLS, NTLM.
 */
#include "probes/banner.h"
#include "probes/mailtalk.h"
#include "probes/note.h"
#include "probes/table.h"

static enum mailreply_read
smtp_read(const struct mailtalk *s, struct rd *in, struct mailreply *reply)
{
	(void)s;
	return mailreply_smtp(in, reply);
}

static void
note_masked(struct talk *t, struct mailtalk *s, const struct rd *line)
{
	struct rd rest = *line, word;

	while (mailreply_word(&rest, &word))
		if (mailreply_is_masked(&word)) {
			mailtalk_note(t, FACT_MAIL_MASKED, line, "greeting");
			s->masked = true;
			break;
		}
}

static void
smtp_greeting(struct talk *t, struct mailtalk *s, const struct mailreply *reply)
{
	enum { GREETING_LINES = 16 };
	struct mailreply lines = *reply;
	struct rd line;

	/* The first line is the greeting (RFC 5321, section 4.2); the others may tell as much. */
	for (int i = 0; i < GREETING_LINES && mailreply_line(&lines, &line); i++) {
		note_masked(t, s, &line);
		if (i == 0)
			banner_note(t, s, line);
		else
			banner_more(t, s, line);
	}
}

/* "AUTH NTLM LOGIN", and "AUTH=LOGIN" for clients older than RFC 2554. */
static void
take_auth(struct talk *t, struct mailtalk *s, struct rd rest)
{
	struct rd word;

	while (mailreply_word(&rest, &word))
		mailtalk_mechanism(t, s, &word);
}

static void
take_keyword(struct talk *t, struct mailtalk *s, const struct rd *line)
{
	struct rd rest = *line, word;

	mailtalk_feature(t, s, line);
	if (!mailreply_word(&rest, &word))
		return;
	if (mailreply_is(&word, "AUTH")) {
		take_auth(t, s, rest);
	} else if (mailreply_is(&word, "STARTTLS")) {
		s->starttls = true;
	} else if (mailreply_is(&word, "X-ANONYMOUSTLS") || mailreply_is(&word, "X-EXPS") ||
	    mailreply_is(&word, "XRDST") || mailreply_is(&word, "XEXCH50")) {
		/* Transport of Exchange alone has them (C-21). */
		s->anonymous = s->anonymous || mailreply_is(&word, "X-ANONYMOUSTLS");
		note_text(t, FACT_MARK, "smtp-ehlo", "");
		mailtalk_product(t, s, "exchange");
	} else if (word.len > 5 && mailreply_is(&(struct rd){ .p = word.p, .len = 5 }, "AUTH=")) {
		(void)rd_take(&word, 5);
		mailtalk_mechanism(t, s, &word);
		take_auth(t, s, rest);
	}
}

static void
smtp_features(struct talk *t, struct mailtalk *s, struct mailreply *reply)
{
	struct rd line, word;

	/* The first line greets, with the server's name in front. */
	if (mailreply_line(reply, &line) && mailreply_word(&line, &word) &&
	    !mailreply_is_masked(&word) && memchr(word.p, '.', word.len) != NULL)
		mailtalk_note(t, FACT_MAIL_NAME, &word, "EHLO");
	while (mailreply_line(reply, &line))
		take_keyword(t, s, &line);
}

static const struct mailtalk_kind kind = {
	.say = {
		[MAILTALK_FEATURES] = "EHLO %\r\n", [MAILTALK_STARTTLS] = "STARTTLS\r\n",
		[MAILTALK_AUTH] = "AUTH NTLM\r\n", [MAILTALK_CANCEL] = "*\r\n",
		[MAILTALK_QUIT] = "QUIT\r\n",
	},
	.read = smtp_read, .greeting = smtp_greeting, .features = smtp_features,
};

static void
smtp_ask(struct talk *talk, struct wr *w)
{
	mailtalk_ask(talk, w, &kind);
}

static enum heard
smtp_hear(struct talk *talk, struct rd *in, bool ended)
{
	return mailtalk_hear(talk, in, ended, &kind);
}

#define SMTP_PROBE(id, what, number, how) \
const struct probe probe_##id = { \
	.name = #id, .summary = what, .technique = "C-18 C-20 C-21", .port = number, \
	.flags = PROBE_IN_TURN | (how), \
	.state_size = sizeof(struct mailtalk), .gives = mailtalk_gives, \
	.ask = smtp_ask, .hear = smtp_hear, \
}

SMTP_PROBE(smtp, "SMTP: greeting, extensions and log-on before and after STARTTLS", 25,
    PROBE_STANDARD | PROBE_FULL);
SMTP_PROBE(submission, "submission: the same at the port for clients", 587, PROBE_STANDARD | PROBE_FULL);
SMTP_PROBE(transport, "SMTP of the transport service behind the front end; only when named", 2525, 0);
SMTP_PROBE(smtps, "submission inside TLS from the start; only when named", 465, PROBE_TLS);
