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

struct state {
	char	authorization[80];
};

static bool
ntlm_ask(struct talk *talk, struct http_ask *ask)
{
	struct state *s = talk->state;
	uint8_t message[NTLM_NEGOTIATE_LEN];
	struct wr w = wr_init(message, sizeof(message));
	int n;

	if (talk->step >= NPATHS)
		return false;
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

static enum heard
ntlm_hear(struct talk *talk, const struct http_reply *reply)
{
	struct ntlm_challenge c;

	for (size_t i = 0; i < reply->nheaders; i++)
		if (text_eq_nocase(reply->headers[i].name, "WWW-Authenticate") &&
		    read_challenge(reply->headers[i].value, &c)) {
			names_note(talk, &c);
			return HEARD_DONE;
		}
	/* A page or a redirect: something in front answers for all paths. */
	if (reply->status < 400 || ++talk->step == NPATHS)
		return HEARD_DONE;
	return HEARD_NEXT;
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
