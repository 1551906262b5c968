/* imap.c - IMAP at 143 and 993: greeting, CAPABILITY, STARTTLS, NTLM. */
#include "probes/banner.h"
#include "probes/mailtalk.h"
#include "probes/note.h"
#include "probes/table.h"

static enum mailreply_read
imap_read(const struct mailtalk *s, struct rd *in, struct mailreply *reply)
{
	return mailreply_imap(in, s->stage == MAILTALK_GREETING ? NULL : "a", reply);
}

static void
imap_greeting(struct talk *t, struct mailtalk *s, const struct mailreply *reply)
{
	banner_note(t, s, reply->text);
}

static void
imap_features(struct talk *t, struct mailtalk *s, struct mailreply *reply)
{
	struct rd line, word, head;
	bool disabled = false, seen = false;

	while (mailreply_line(reply, &line)) {
		if (!mailreply_word(&line, &word) || !mailreply_is(&word, "CAPABILITY"))
			continue;
		seen = true;
		while (mailreply_word(&line, &word)) {
			mailtalk_feature(t, s, &word);
			disabled = disabled || mailreply_is(&word, "LOGINDISABLED");
			s->starttls = s->starttls || mailreply_is(&word, "STARTTLS");
			head = word;
			head.len = word.len < 5 ? word.len : 5;
			if (word.len > 5 && mailreply_is(&head, "AUTH=")) {
				(void)rd_take(&word, 5);
				mailtalk_mechanism(t, s, &word);
			}
		}
	}
	s->unlisted = !seen;
	/* LOGIN is always there unless it is said not to be (RFC 9051, section 6.2.3). */
	if (seen && !t->secure)
		note_text(t, FACT_MAIL_LOGIN, disabled ? "disabled" : "allowed",
		    disabled ? "LOGINDISABLED" : "no LOGINDISABLED");
}

static const struct mailtalk_kind kind = {
	.say = {
		[MAILTALK_FEATURES] = "a CAPABILITY\r\n", [MAILTALK_STARTTLS] = "a STARTTLS\r\n",
		[MAILTALK_AUTH] = "a AUTHENTICATE NTLM\r\n", [MAILTALK_CANCEL] = "*\r\n",
		[MAILTALK_QUIT] = "a LOGOUT\r\n",
	},
	.read = imap_read, .greeting = imap_greeting, .features = imap_features,
};

static void
imap_ask(struct talk *talk, struct wr *w)
{
	mailtalk_ask(talk, w, &kind);
}

static enum heard
imap_hear(struct talk *talk, struct rd *in, bool ended)
{
	return mailtalk_hear(talk, in, ended, &kind);
}

#define IMAP_PROBE(id, what, number, how) \
const struct probe probe_##id = { \
	.name = #id, .summary = what, .technique = "C-18 C-22", .port = number, \
	.flags = PROBE_FULL | PROBE_IN_TURN | (how), \
	.state_size = sizeof(struct mailtalk), .gives = mailtalk_gives, \
	.ask = imap_ask, .hear = imap_hear, \
}

IMAP_PROBE(imap, "IMAP: greeting, capabilities and log-on before and after STARTTLS", 143, 0);
IMAP_PROBE(imaps, "IMAP inside TLS: greeting, capabilities and log-on", 993, PROBE_TLS);
