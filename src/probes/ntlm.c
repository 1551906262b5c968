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
#include "wire/spnego.h"

static const char *const paths[] = {
	"/EWS/Exchange.asmx", "/autodiscover/autodiscover.xml", "/rpc/rpcproxy.dll", "/mapi/emsmdb/",
};

#define NPATHS	(sizeof(paths) / sizeof(paths[0]))

/* Each try is a connection of its own: few are made where nothing is known. */
enum { NTLM_BLIND = 2 };

struct state {
	char		authorization[80];
	bool		chosen;		/* talk->step is the path to ask */
	bool		negotiate;	/* the path offers NTLM under the name Negotiate alone */
	unsigned	blind;		/* paths tried without knowing that they offer NTLM */
};

enum offer { OFFER_UNKNOWN, OFFER_NONE, OFFER_NEGOTIATE, OFFER_NTLM };

/* What the other probes saw of a path. */
static enum offer
offer_of(const struct obs *obs, const char *path)
{
	const struct observation *k;
	enum offer offer = OFFER_UNKNOWN;

	for (k = obs_first(obs, FACT_HTTP_STATUS); k != NULL; k = obs_next(obs, k))
		if (strstr(k->at, path) != NULL)
			offer = OFFER_NONE;
	for (k = obs_first(obs, FACT_HTTP_AUTH); k != NULL; k = obs_next(obs, k))
		if (strstr(k->at, path) != NULL && text_eq_nocase(k->text, "NTLM"))
			return OFFER_NTLM;
		else if (strstr(k->at, path) != NULL && text_eq_nocase(k->text, "Negotiate"))
			offer = OFFER_NEGOTIATE;
	return offer;
}

/* From talk->step on, the next path that is worth a connection. */
static bool
choose_path(struct talk *talk)
{
	struct state *s = talk->state;

	for (; talk->step < NPATHS; talk->step++) {
		enum offer offer = offer_of(talk->obs, paths[talk->step]);

		s->negotiate = offer == OFFER_NEGOTIATE;
		if (offer >= OFFER_NEGOTIATE || (offer == OFFER_UNKNOWN && s->blind++ < NTLM_BLIND))
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
	n = snprintf(s->authorization, sizeof(s->authorization), s->negotiate ? "Negotiate " : "NTLM ");
	if (w.full || !base64_encode(message, w.len, s->authorization + n,
	    sizeof(s->authorization) - (size_t)n))
		return false;
	(void)snprintf(ask->path, sizeof(ask->path), "%s", paths[talk->step]);
	ask->headers[ask->nheaders++] = (struct http_header){
		.name = "Authorization", .value = s->authorization,
	};
	return true;
}

/* Bare, or inside SPNEGO's wrap: Negotiate may do either (MS-NTHT, RFC 4178). */
static bool
read_token(const struct challenge *c, struct ntlm_challenge *out)
{
	uint8_t bytes[NTLM_MESSAGE];
	struct spnego spnego;
	size_t n;

	if (!base64_decode(c->token68, c->token68_len, bytes, sizeof(bytes), &n))
		return false;
	return ntlm_read_challenge(rd_init(bytes, n), out) || (spnego_read(rd_init(bytes, n), &spnego) &&
	    ntlm_read_challenge(spnego.token, out));
}

/* The challenge of one header line, under either name of the scheme. */
static bool
read_challenge(const char *value, struct ntlm_challenge *out)
{
	struct challenge c;

	while (challenge_next(&value, &c))
		if (c.token68 != NULL && (challenge_is(&c, "NTLM") || challenge_is(&c, "Negotiate")) &&
		    read_token(&c, out))
			return true;
	return false;
}

/* The scheme alone: offered, and yet no challenge came for our message. */
static enum offer
offer_in(const char *value)
{
	enum offer offer = OFFER_NONE;
	struct challenge c;

	while (challenge_next(&value, &c))
		if (c.token68 == NULL && challenge_is(&c, "NTLM"))
			return OFFER_NTLM;
		else if (c.token68 == NULL && challenge_is(&c, "Negotiate"))
			offer = OFFER_NEGOTIATE;
	return offer;
}

static enum heard
ntlm_hear(struct talk *talk, const struct http_reply *reply)
{
	struct state *s = talk->state;
	struct ntlm_challenge c;
	enum offer offered = OFFER_NONE;

	for (size_t i = 0; i < reply->nheaders; i++) {
		enum offer here;

		if (!text_eq_nocase(reply->headers[i].name, "WWW-Authenticate"))
			continue;
		if (read_challenge(reply->headers[i].value, &c)) {
			names_note(talk, &c);
			return HEARD_DONE;
		}
		here = offer_in(reply->headers[i].value);
		offered = here > offered ? here : offered;
	}
	/* Offered under the other name alone, as nobody knew. */
	if (offered == OFFER_NEGOTIATE && !s->negotiate) {
		s->negotiate = true;
		return HEARD_NEXT;
	}
	/*
	 * A page or a redirect: something in front answers for all paths.  An
	 * offer without a challenge: the connection is not kept on the way.
	 */
	if (reply->status < 400 || offered >= OFFER_NEGOTIATE)
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
