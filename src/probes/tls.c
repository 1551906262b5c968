/*
 * tls.c - what TLS the web port speaks: in few hellos for lists, or exactly.
 */
#include "probe.h"
#include "probes/tls_half.h"
#include "probes/table.h"
#include "probes/tls_scan.h"

static void
posture_ask(struct talk *t, struct wr *w)
{
	tls_scan_ask(t->state, t, 1, w);
}

static enum heard
posture_hear(struct talk *t, struct rd *in, bool ended)
{
	return tls_scan_hear(t->state, t, 1, in, ended);
}

static void
posture_stop(struct talk *t, const char *reason)
{
	tls_scan_stop(t->state, t, 1, reason);
}

const struct probe probe_tls = {
	.name = "tls",
	.summary = "TLS versions, weak suites and the certificate, in about five hellos",
	.technique = "C-31", .flags = PROBE_STANDARD | PROBE_FULL,
	.state_size = sizeof(struct tls_scan), .gives = tls_scan_posture_gives,
	.ask = posture_ask, .hear = posture_hear, .stop = posture_stop,
};

static void
exact_take(struct talk *t)
{
	struct tls_scan *s = t->state;

	s->depth = TLS_EXACT;
	tls_scan_begin(s, t, TLS_SCAN_LANES);
}

static void
exact_ask(struct talk *t, struct wr *w)
{
	exact_take(t);
	tls_scan_ask(t->state, t, TLS_SCAN_LANES, w);
}

static enum heard
exact_hear(struct talk *t, struct rd *in, bool ended)
{
	return tls_scan_hear(t->state, t, TLS_SCAN_LANES, in, ended);
}

static void
exact_stop(struct talk *t, const char *reason)
{
	exact_take(t);
	tls_scan_stop(t->state, t, TLS_SCAN_LANES, reason);
}

const struct probe probe_tls_exact = {
	.name = "tls-exact",
	.summary = "every TLS version, suite and group that the server accepts",
	.technique = "C-31", .state_size = sizeof(struct tls_scan), .lanes = TLS_SCAN_LANES,
	.shared_size = sizeof(struct tls_half),
	.gives = tls_scan_gives, .wants = tls_scan_wants, .leads = tls_scan_leads, .take = exact_take,
	.ask = exact_ask, .hear = exact_hear, .stop = exact_stop,
};
