/*
 * pool.c - the members behind one address: fresh connections without cookies.
 *
 * A sample is two connections: healthcheck.htm, and a page that names the
 * build.  Each reply names its own server, so it does not matter that a
 * balancer may send the two to different members.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probes/health.h"
#include "probes/note.h"
#include "probes/table.h"
#include "wire/httptext.h"

struct state {
	char		at[1100];	/* URL of this sample, with its number */
	char		build_path[128];
};

static const char health_path[] = "/owa/healthcheck.htm";

/* A page that named the build to the other probes, else the log-on page. */
static void
choose_path(struct talk *talk, struct state *s)
{
	static const char *const paths[] = {
		"/autodiscover/autodiscover.xml", "/EWS/Exchange.asmx", "/owa/auth/logon.aspx",
		"/mapi/emsmdb/", "/owa/",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && s->build_path[0] == '\0'; i++)
		for (const struct observation *k = obs_first(talk->obs, FACT_BUILD); k != NULL;
		    k = obs_next(talk->obs, k)) {
			const char *path = strstr(k->at, paths[i]);

			if (path != NULL && strcmp(path, paths[i]) == 0)
				(void)snprintf(s->build_path, sizeof(s->build_path), "%s", paths[i]);
		}
	if (s->build_path[0] == '\0')
		(void)snprintf(s->build_path, sizeof(s->build_path), "/owa/auth/logon.aspx");
}

/*
 * Is this step the one that asks for the health?  Which of the two comes first
 * follows no rule that a balancer could keep step with: where it takes turns, a
 * regular order shows of one member the health alone, and of another the build
 * alone (the Thue-Morse sequence does so with three, for eleven samples).  These
 * bits were sought so that n members that take turns, n from 2 to 16, have each
 * shown both after 2 n samples.
 */
static bool
is_health(unsigned step)
{
	static const uint64_t build_first = 0x0f7697e5efffc01e;

	return (build_first >> (step / 2 % 64) & 1) == step % 2;
}

static bool
pool_ask(struct talk *talk, struct http_ask *ask)
{
	struct state *s = talk->state;

	if (talk->step >= 2 * talk->samples)
		return false;
	if (talk->step == 1)
		choose_path(talk, s);
	(void)snprintf(ask->path, sizeof(ask->path), "%s",
	    is_health(talk->step) ? health_path : s->build_path);
	return true;
}

static void
note(const struct talk *talk, enum fact fact, const char *p, size_t len, const char *evidence)
{
	const struct state *s = talk->state;

	obs_text_n(talk->obs, fact, s->at, talk->probe, p, len, evidence);
}

static void
note_member(struct talk *talk, const struct http_reply *reply)
{
	const char *name = http_reply_header(reply, "X-FEServer"), *body;
	size_t len;

	if (name != NULL && name[0] != '\0')
		note(talk, FACT_POOL_MEMBER, name, strcspn(name, ", "), "X-FEServer");
	else if (health_server(reply->body, reply->body_len, &body, &len))
		note(talk, FACT_POOL_MEMBER, body, len, "healthcheck.htm");
}

static void
note_build(struct talk *talk, const struct http_reply *reply)
{
	const char *value = http_reply_header(reply, "X-OWA-Version");
	char build[HTTPTEXT_BUILD];

	if (value == NULL || httptext_build(value, strlen(value), build) == 0)
		return;
	note(talk, FACT_POOL_BUILD, build, strlen(build), "X-OWA-Version");
	/* The rules that judge the build look at all of them. */
	if (obs_find(talk->obs, FACT_BUILD, build) == NULL)
		note(talk, FACT_BUILD, build, strlen(build), "X-OWA-Version");
}

static enum heard
pool_hear(struct talk *talk, const struct http_reply *reply)
{
	struct state *s = talk->state;

	(void)snprintf(s->at, sizeof(s->at), "%.1000s#%u", talk->at, talk->step / 2 + 1);
	note_member(talk, reply);
	note_build(talk, reply);
	if (is_health(talk->step)) {
		const char *state = health_state(reply);

		note(talk, FACT_POOL_HEALTH, state, strlen(state), "");
	}
	if (reply->cert_sha256 != NULL)
		note(talk, FACT_POOL_CERT, reply->cert_sha256, strlen(reply->cert_sha256), "");
	if (reply->tls_version != NULL && reply->tls_version[0] != '\0')
		note(talk, FACT_POOL_TLS, reply->tls_version, strlen(reply->tls_version), "");
	if (reply->tls_cipher != NULL && reply->tls_cipher[0] != '\0')
		note(talk, FACT_POOL_CIPHER, reply->tls_cipher, strlen(reply->tls_cipher), "");
	return ++talk->step < 2 * talk->samples ? HEARD_NEXT : HEARD_DONE;
}

const struct probe probe_pool = {
	.name = "pool",
	.summary = "Members of a pool, by --samples fresh connections: builds, health, certificates",
	.technique = "C-14 C-16",
	.flags = PROBE_ALONE | PROBE_SAMPLES,
	.state_size = sizeof(struct state),
	.gives = (const enum fact[]){
		FACT_POOL_MEMBER, FACT_POOL_BUILD, FACT_POOL_HEALTH, FACT_POOL_CERT,
		FACT_POOL_TLS, FACT_POOL_CIPHER, FACT_BUILD, FACT_COUNT,
	},
	.http_ask = pool_ask,
	.http_hear = pool_hear,
};
