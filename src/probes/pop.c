/* pop.c - POP3 at 110 and 995: greeting, CAPA, STLS, NTLM. */
#include "probes/banner.h"
#include "probes/mailtalk.h"
#include "probes/note.h"
#include "probes/table.h"

static enum mailreply_read
pop_read(const struct mailtalk *s, struct rd *in, struct mailreply *reply)
{
	return mailreply_pop(in, s->stage == MAILTALK_FEATURES, reply);
}

static void
pop_greeting(struct talk *t, struct mailtalk *s, const struct mailreply *reply)
{
	banner_note(t, s, reply->text);
}

static void
pop_features(struct talk *t, struct mailtalk *s, struct mailreply *reply)
{
	struct rd line, rest, word;
	bool user = false;

	while (mailreply_line(reply, &line)) {
		mailtalk_feature(t, s, &line);
		rest = line;
		if (!mailreply_word(&rest, &word))
			continue;
		user = user || mailreply_is(&word, "USER");
		s->starttls = s->starttls || mailreply_is(&word, "STLS");
		if (mailreply_is(&word, "SASL"))
			while (mailreply_word(&rest, &word))
				mailtalk_mechanism(t, s, &word);
	}
	/* USER and PASS are taken only where USER is listed (RFC 2449, section 6.3). */
	if (!t->secure)
		note_text(t, FACT_MAIL_LOGIN, user ? "allowed" : "disabled", user ? "USER" : "no USER");
}

static const struct mailtalk_kind kind = {
	.say = {
		[MAILTALK_FEATURES] = "CAPA\r\n", [MAILTALK_STARTTLS] = "STLS\r\n",
		[MAILTALK_AUTH] = "AUTH NTLM\r\n", [MAILTALK_CANCEL] = "*\r\n",
		[MAILTALK_QUIT] = "QUIT\r\n",
	},
	.read = pop_read, .greeting = pop_greeting, .features = pop_features,
};

static void
pop_ask(struct talk *talk, struct wr *w)
{
	mailtalk_ask(talk, w, &kind);
}

static enum heard
pop_hear(struct talk *talk, struct rd *in, bool ended)
{
	return mailtalk_hear(talk, in, ended, &kind);
}

#define POP_PROBE(id, what, number, how) \
const struct probe probe_##id = { \
	.name = #id, .summary = what, .technique = "C-18 C-22", .port = number, \
	.flags = PROBE_FULL | PROBE_IN_TURN | (how), \
	.state_size = sizeof(struct mailtalk), .gives = mailtalk_gives, \
	.ask = pop_ask, .hear = pop_hear, \
}

POP_PROBE(pop3, "POP3: greeting, capabilities and log-on before and after STLS", 110, 0);
POP_PROBE(pop3s, "POP3 inside TLS: greeting, capabilities and log-on", 995, PROBE_TLS);
