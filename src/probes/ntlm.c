/*
 * ntlm.c - the NTLM negotiate message to a directory that offers NTLM (C-17).
 *
 * The message names no user and no machine; the challenge that comes back
 * names the server, its domain, its Windows build and its clock.  It is asked
 * on a connection of its own, and what the other probes note of the same
 * paths is left to them.
 */
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/text.h"
#include "probes/names.h"
#include "probes/table.h"
#include "wire/challenge.h"
#include "wire/ntlm.h"

static const char *const paths[] = {
	"/EWS/Exchange.asmx", "/autodiscover/autodiscover.xml", "/rpc/rpcproxy.dll", "/mapi/emsmdb/",
};

#define NPATHS	(sizeof(paths) / sizeof(paths[0]))

/* Each try is a connection of its own: few are made where nothing is known. */
enum { NTLM_BLIND = 2 };

struct state {
	char		authorization[80];
	bool		chosen;		/* talk->step is the path to ask */
	unsigned	blind;		/* paths tried without knowing that they offer NTLM */
};

/* What the other probes saw of a path: 1 it offers NTLM, 0 it does not, -1 nothing yet. */
static int
offers_ntlm(const struct obs *obs, const char *path)
{
	const struct observation *k;
	int offers = -1;

	for (k = obs_first(obs, FACT_HTTP_STATUS); k != NULL; k = obs_next(obs, k))
		if (strstr(k->at, path) != NULL)
			offers = 0;
	for (k = obs_first(obs, FACT_HTTP_AUTH); k != NULL; k = obs_next(obs, k))
		if (strstr(k->at, path) != NULL && (text_eq_nocase(k->text, "NTLM") ||
		    text_eq_nocase(k->text, "Negotiate")))
			return 1;
	return offers;
}

/* From talk->step on, the next path that is worth a connection. */
static bool
choose_path(struct talk *talk)
{
	struct state *s = talk->state;

	for (; talk->step < NPATHS; talk->step++) {
		int offers = offers_ntlm(talk->obs, paths[talk->step]);

		if (offers == 1 || (offers < 0 && s->blind++ < NTLM_BLIND))
			return true;
	}
	return false;
}

static bool
ntlm_ask(struct talk *talk, struct http_ask *ask)
{
	struct state *s = talk->state;
	uint8_t message[NTLM_NEGOTIATE_LEN];
	struct wr w = wr_init(message, sizeof(message));
	int n;

	if (!s->chosen && !choose_path(talk))
		return false;
	s->chosen = true;
	ntlm_write_negotiate(&w);
	n = snprintf(s->authorization, sizeof(s->authorization), "NTLM ");
	if (w.full || !base64_encode(message, w.len, s->authorization + n,
	    sizeof(s->authorization) - (size_t)n))
		return false;
	(void)snprintf(ask->path, sizeof(ask->path), "%s", paths[talk->step]);
	ask->headers[ask->nheaders++] = (struct http_header){
		.name = "Authorization", .value = s->authorization,
	};
	return true;
}

/* The challenge of one header line, under either name of the scheme. */
static bool
read_challenge(const char *value, struct ntlm_challenge *out)
{
	struct challenge c;

	while (challenge_next(&value, &c))
		if (c.token68 != NULL && (challenge_is(&c, "NTLM") || challenge_is(&c, "Negotiate")) &&
		    ntlm_read_challenge64(c.token68, c.token68_len, out))
			return true;
	return false;
}

/* The scheme alone: offered, and yet no challenge came for our message. */
static bool
is_offer(const char *value)
{
	struct challenge c;

	while (challenge_next(&value, &c))
		if (c.token68 == NULL && (challenge_is(&c, "NTLM") || challenge_is(&c, "Negotiate")))
			return true;
	return false;
}

static enum heard
ntlm_hear(struct talk *talk, const struct http_reply *reply)
{
	struct ntlm_challenge c;
	bool offered = false;

	for (size_t i = 0; i < reply->nheaders; i++) {
		if (!text_eq_nocase(reply->headers[i].name, "WWW-Authenticate"))
			continue;
		if (read_challenge(reply->headers[i].value, &c)) {
			names_note(talk, &c);
			return HEARD_DONE;
		}
		offered = offered || is_offer(reply->headers[i].value);
	}
	/*
	 * A page or a redirect: something in front answers for all paths.  An
	 * offer without a challenge: the connection is not kept on the way.
	 */
	if (reply->status < 400 || offered)
		return HEARD_DONE;
	talk->step++;
	return choose_path(talk) ? HEARD_NEXT : HEARD_DONE;
}

const struct probe probe_ntlm = {
	.name = "ntlm",
	.summary = "NTLM challenge: server, domain and forest names, Windows build, clock",
	.technique = "C-17",
	.flags = PROBE_ALONE | PROBE_STANDARD | PROBE_FULL,
	.state_size = sizeof(struct state),
	.gives = (const enum fact[]){ NAMES_GIVES, FACT_COUNT },
	.http_ask = ntlm_ask,
	.http_hear = ntlm_hear,
};
