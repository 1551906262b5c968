/* run_http.c - a job's web probes: which call may fly now, and what came back. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "config.h"
#include "net/http.h"
#include "run_job.h"
#include "run_crowd.h"
#include "run_room.h"
#include "sha256.h"

enum {
	RUN_STREAMS = 16,	/* calls at once on one HTTP/2 connection */
	RUN_STREAMS_CROWDED = 2,	/* ... when many targets are live: each call has buffers */
	RUN_FAILURES = 3,	/* failures in a row after which the web is given up */
};

/* A web probe that speaks to the target's own port. */
static bool
is_main(const struct run_task *t)
{
	return t->probe->http_ask != NULL && !t->side;
}

static bool
is_alone(const struct run_task *t)
{
	return (t->probe->flags & PROBE_ALONE) != 0;
}

/* Four parts from the X-OWA-Version header: nothing is more exact. */
static bool
is_settled(const struct run_job *j)
{
	const struct observation *k = obs_first(j->result->obs, FACT_BUILD);
	unsigned dots = 0;

	for (const char *s = k != NULL ? k->text : ""; *s != '\0'; s++)
		dots += *s == '.';
	return dots == 3;
}

/* Web tasks that share the main connection and have not begun. */
static size_t
waiting(const struct run_job *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->ntasks; i++)
		n += is_main(&j->tasks[i]) && !is_alone(&j->tasks[i]) &&
		    j->tasks[i].state == TASK_WAITING;
	return n;
}

void
run_http_drop(struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks; i++)
		if (is_main(&j->tasks[i]) && j->tasks[i].state == TASK_WAITING)
			j->tasks[i].state = TASK_OVER;
}

/* What the handshake of a new connection told. */
static void
note_connection(struct run_job *j, struct run_task *t, const struct http_result *r)
{
	char *at;

	if (!r->on_new || j->target.plain)
		return;
	at = run_job_url(j, NULL, "/");
	if (r->tls_version[0] != '\0')
		obs_text(j->result->obs, FACT_TLS_VERSION, at, t->probe->name, r->tls_version, "");
	if (r->tls_cipher[0] != '\0')
		obs_text(j->result->obs, FACT_TLS_CIPHER, at, t->probe->name, r->tls_cipher, "");
	if (r->tls_ms >= 0 && !is_alone(t))
		obs_number(j->result->obs, FACT_TIME_TLS, at, t->probe->name, r->tls_ms, "");
	/* Reading and verifying a chain costs as much as all else that quick does. */
	if (j->sent.n > 0 && !j->cert_noted && !j->shared->plan->quick) {
		cert_note(j->result->obs, at, t->probe->name, &j->sent, j->host,
		    j->shared->store, (int64_t)time(NULL));
		cert_note_staple(j->result->obs, at, t->probe->name, &j->sent, j->shared->store,
		    (int64_t)time(NULL));
	}
	j->cert_noted = j->cert_noted || j->sent.n > 0;
	free(at);
}

/* The steps of one request: what an earlier one did for it took no time of its own. */
static void
note_steps(struct run_job *j, const struct run_task *t, const struct http_result *r)
{
	int64_t connect = t->dialled && r->on_new ? j->connect_ms : r->connect_ms;
	char tls[48] = "", *text;

	if (t->bare || is_alone(t))
		return;
	if (!j->target.plain)
		(void)snprintf(tls, sizeof(tls), ", TLS %" PRId64, r->on_new && r->tls_ms > 0 ? r->tls_ms : 0);
	text = text_printf("resolve %" PRId64 ", connect %" PRId64 "%s%s, first byte %" PRId64,
	    t->dialled && r->on_new ? j->resolve_ms : 0, r->on_new && connect > 0 ? connect : 0, tls,
	    r->on_new ? "" : " (reused)", r->reply->ttfb_ms);
	obs_text(j->result->obs, FACT_HTTP_STEPS, t->talk.at, t->probe->name, text, "");
	free(text);
}

/*
 * http.sys answers 400 or 404 by itself when no site is bound to the name in
 * the request: an address was asked for, and the certificate knows the name.
 */
static bool
rename_from_certificate(struct run_job *j, const struct http_reply *reply)
{
	const char *server = http_reply_header(reply, "Server");
	const struct observation *k;

	if (j->renamed || !j->target.is_address || j->shared->config->name != NULL ||
	    j->target.name != NULL ||
	    (reply->status != 404 && reply->status != 400) || server == NULL ||
	    !text_starts_nocase(server, "Microsoft-HTTPAPI/"))
		return false;
	for (k = obs_first(j->result->obs, FACT_CERT_SAN); k != NULL; k = obs_next(j->result->obs, k)) {
		const char *name = text_starts(k->text, "DNS:") ? k->text + 4 : k->text;

		if (strchr(name, '*') != NULL || strchr(name, '.') == NULL ||
		    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") != strlen(name))
			continue;
		obs_text(j->result->obs, FACT_NAME_FROM_CERT, j->target.text, "", name, k->evidence);
		free(j->host);
		j->host = text_dup(name);
		j->renamed = true;
		/*
		 * Raw talks keep what the user named: one that runs beside must not
		 * change its SNI midway, and a certificate matched against its own
		 * name proves nothing.
		 */
		for (size_t i = 0; i < j->ntasks; i++)
			j->tasks[i].talk.host = j->tasks[i].probe->http_ask != NULL ?
			    j->host : j->target.host;
		return true;
	}
	return false;
}

/* A failure of the connection ends the web; one of a reply only when it repeats. */
static void
take_failure(struct run_job *j, struct run_task *t, const struct http_result *r)
{
	bool connection = strcmp(r->stage, "connect") == 0 || strcmp(r->stage, "tls") == 0 ||
	    strcmp(r->stage, "proxy") == 0 || strcmp(r->reason, "not-http") == 0;

	run_job_fail(j, t, r->stage, r->reason, r->detail);
	if (t->bare)
		return;		/* HTTP/1.0 may rightly be refused */
	j->failures++;
	if ((connection && !is_alone(t)) || j->failures >= RUN_FAILURES) {
		if (!connection && waiting(j) > 0)
			run_job_fail(j, NULL, "http", "gave-up", "several requests in a row failed");
		j->web_broken = true;
		run_http_drop(j);
	}
}

bool
run_http_hear(struct run_task *t, const struct http_result *r)
{
	struct http_reply reply = *r->reply;
	char sha[65];

	if (t->sent != NULL && t->sent->n > 0) {
		sha256_hex(t->sent->der[0], t->sent->len[0], sha);
		reply.cert_sha256 = sha;
		reply.tls_version = r->tls_version;
		reply.tls_cipher = r->tls_cipher;
	}
	return t->probe->http_hear(&t->talk, &reply) == HEARD_NEXT;
}

/*
 * One call has ended and nothing waits: whichever of those still flying ends
 * last closes.  A call that was only just started is not on the connection
 * yet, and would find it closed: so this is not done at a start.
 */
static void
close_after_these(struct run_job *j)
{
	if (waiting(j) > 0 || !(j->web_known || j->shared->plan->quick))
		return;
	for (size_t i = 0; i < j->ntasks; i++)
		if (is_main(&j->tasks[i]) && !is_alone(&j->tasks[i]) && j->tasks[i].call != NULL)
			http_last(j->tasks[i].call);
}

/*
 * One directory wants a certificate of the client: a renegotiation, or a
 * CertificateRequest of TLS 1.3, after its request.  HTTP/2 has neither, and
 * libcurl goes back to a new connection; the reply says which one it came on.
 * Without a reply that is known only on HTTP/1.1, or on a new connection.
 */
static bool
note_certificate(struct run_job *j, const struct run_task *t, const struct http_result *r)
{
	if (!r->certificate || (r->reply == NULL && (j->asked.n == j->asked_noted || (j->h2 && !r->on_new))))
		return false;
	j->asked_noted = j->asked.n;
	obs_text(j->result->obs, FACT_HTTP_AUTH, t->talk.at, t->probe->name, "certificate",
	    "TLS asked for a certificate of the client after the request");
	return true;
}

static void
on_call(void *arg, const struct http_result *r)
{
	struct run_task *t = arg;
	struct run_job *j = t->job;
	bool again = false, restart = false, certificate;

	t->call = NULL;
	if (t->side) {
		run_side_done(j, t, r);
		return;
	}
	*(is_alone(t) ? &j->alone : &j->flying) -= 1;
	if (is_alone(t) || j->closes)
		run_crowd_left(j);
	if (r->on_new && !t->dialled) {
		run_room_opened(j, t);
		j->closes = j->closes || (!is_alone(t) && j->web_known);
	}
	note_connection(j, t, r);
	certificate = note_certificate(j, t, r);
	/* The answer to none may be a hang-up. */
	if (r->stage[0] != '\0' && !(certificate && r->reply == NULL))
		take_failure(j, t, r);
	else
		j->failures = 0;
	if (r->reply != NULL) {
		if (!j->web_known && !j->closes)
			run_crowd_web(j);
		j->web_known = true;
		j->h2 = is_alone(t) ? j->h2 : r->reply->version == 20;
		note_steps(j, t, r);
		restart = !t->bare && rename_from_certificate(j, r->reply);
		t->talk.now = (int64_t)time(NULL);
		if (!restart)
			again = run_http_hear(t, r);
	} else {
		j->web_known = j->web_known || j->web_broken;
		again = (t->probe->flags & PROBE_EACH) != 0 && !t->mute;
		t->talk.step += again;
	}
	t->mute = r->reply == NULL;
	if ((again || restart) && !j->web_broken)
		run_http_call(j, t);
	else {
		run_job_task_over(t);
		close_after_these(j);
	}
	if (j->shared->plan->quick && is_settled(j))
		run_http_drop(j);
	run_job_step(j);
}

/* How many calls the main connection may carry now. */
static unsigned
allowed(const struct run_job *j)
{
	if (!j->web_known || !j->h2 || j->shared->plan->quick)
		return 1;
	return j->shared->crowded ? RUN_STREAMS_CROWDED : RUN_STREAMS;
}

/* Where the chain of a handshake goes; NULL: it is not wanted. */
static struct cert_sent *
sent_of(struct run_job *j, struct run_task *t)
{
	if (!t->side && !is_alone(t))
		return &j->sent;
	if ((t->probe->flags & PROBE_SAMPLES) == 0)
		return NULL;
	if (t->sent == NULL)
		t->sent = text_alloc(sizeof(*t->sent));
	cert_sent_free(t->sent);
	return t->sent;
}

/* Ask the probe for its next request and let it fly; over when it has none. */
void
run_http_call(struct run_job *j, struct run_task *t)
{
	const struct config *c = j->shared->config;
	struct http_origin origin = { .host = j->host, .port = t->talk.port,
		.plain = t->side ? (t->probe->flags & PROBE_PLAIN) != 0 : j->target.plain,
		.addr = j->tried > 0 ? &j->addrs[j->tried - 1] : NULL, .sent = sent_of(j, t),
		.asked = t->side ? &t->asked : !is_alone(t) ? &j->asked : NULL };
	struct http_ask ask = { .method = "GET" };
	struct http_terms terms = { .fd = -1, .alone = !t->side && is_alone(t),
		.timeout_ms = (uint64_t)c->request_timeout_ms };
	char *at;

	run_job_task_begin(t);
	t->talk.settled = is_settled(j);
	if (!run_room_affords(j, t)) {
		run_job_fail(j, t, "http", "gave-up", "each call needs a connection, and no more are made");
		run_job_task_over(t);
		return;
	}
	if (!t->probe->http_ask(&t->talk, &ask)) {
		run_job_task_over(t);
		return;
	}
	at = run_job_url(j, t, ask.path);
	t->talk.at = obs_keep(j->result->obs, at);
	free(at);
	t->bare = ask.bare;
	if (t->side) {
		terms.fd = t->fd;
		t->fd = -1;
		terms.last = ask.last || is_alone(t);	/* each of its calls on a fresh connection */
	} else if (!terms.alone) {
		terms.fd = j->fd;
		j->fd = -1;
		terms.last = waiting(j) == 0 && (j->web_known || j->shared->plan->quick);
		terms.last_header = j->shared->plan->quick ? "X-OWA-Version:" : NULL;
	}
	t->dialled = terms.fd >= 0;	/* counted then */
	if (!t->side)
		*(terms.alone ? &j->alone : &j->flying) += 1;
	j->result->requests++;
	t->call = http_start(j->shared->http, &origin, &ask, &terms, on_call, t);
}

/*
 * Beside the others it saves a far host's time, once a first reply has shown
 * that there is a web server; after them it saves memory when many are live.
 */
static bool
may_go_alone(const struct run_job *j)
{
	bool others = waiting(j) + j->flying > 0;

	return j->alone == 0 && (!others || (j->web_known && !j->shared->crowded));
}

/* Dropped before they are counted as waiting: the call before them is then the last. */
static void
drop_settled(struct run_job *j)
{
	if (j->shared->plan->profile == PROBE_FULL || !is_settled(j))
		return;
	for (size_t i = 0; i < j->ntasks; i++)
		if ((j->tasks[i].probe->flags & PROBE_UNSETTLED) != 0 &&
		    j->tasks[i].state == TASK_WAITING)
			run_job_task_over(&j->tasks[i]);
}

void
run_http_step(struct run_job *j)
{
	if (j->web_broken)
		return;
	drop_settled(j);
	for (size_t i = 0; i < j->ntasks; i++) {
		struct run_task *t = &j->tasks[i];

		if (!is_main(t) || t->state != TASK_WAITING)
			continue;
		if (is_alone(t)) {
			if (may_go_alone(j) && run_room_is(j))
				run_http_call(j, t);
		} else if (j->flying < allowed(j))
			run_http_call(j, t);
	}
}
