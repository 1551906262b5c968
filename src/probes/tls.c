/*
 * tls.c - what TLS the web port speaks: in few hellos for lists, or exactly.
 */
#include "probe.h"
#include "probes/table.h"
#include "probes/tls_scan.h"

static const enum fact gives[] = {
	FACT_TLS_DEPTH, FACT_TLS_OFFERED, FACT_TLS_REFUSED, FACT_TLS_UNDECIDED, FACT_TLS_SUITE,
	FACT_TLS_COMPLETE, FACT_TLS_CLEAN, FACT_TLS_ORDER, FACT_TLS_GROUP, FACT_TLS_GROUPS_ALL,
	FACT_TLS_DH_BITS, FACT_TLS_RSA_BITS, FACT_TLS_SCHEME, FACT_TLS_COMPRESSION,
	FACT_TLS_RENEGOTIATION, FACT_TLS_EMS, FACT_TLS_TICKET, FACT_TLS_ALPN, FACT_TLS_STAPLED,
	FACT_TLS_CLIENT_CERT, FACT_TLS_FOREIGN, FACT_TLS_WARNING, FACT_TLS_PLAIN,
	FACT_CERT_SUBJECT, FACT_CERT_ISSUER, FACT_CERT_SAN, FACT_CERT_NOT_BEFORE,
	FACT_CERT_NOT_AFTER, FACT_CERT_SHA256, FACT_CERT_VERIFY, FACT_CERT_NAME_MATCH,
	FACT_CERT_SERIAL, FACT_CERT_KEY, FACT_CERT_SIGNATURE, FACT_CERT_LIFETIME,
	FACT_CERT_CHAIN, FACT_CERT_CHAIN_BUILT, FACT_CERT_CHAIN_ORDER, FACT_CERT_TRUST,
	FACT_CERT_WEAK, FACT_CERT_SELF_SIGNED, FACT_CERT_DEFAULT, FACT_CERT_CA,
	FACT_CERT_MUST_STAPLE, FACT_CERT_PUBLIC, FACT_CERT_BAD, FACT_COUNT,
};

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

const struct probe probe_tls = {
	.name = "tls",
	.summary = "TLS versions, weak suites and the certificate, in about five hellos",
	.technique = "C-31", .flags = PROBE_STANDARD | PROBE_FULL,
	.state_size = sizeof(struct tls_scan), .gives = gives,
	.ask = posture_ask, .hear = posture_hear,
};

static void
exact_ask(struct talk *t, struct wr *w)
{
	struct tls_scan *s = t->state;

	s->depth = TLS_EXACT;
	tls_scan_ask(s, t, TLS_SCAN_LANES, w);
}

static enum heard
exact_hear(struct talk *t, struct rd *in, bool ended)
{
	return tls_scan_hear(t->state, t, TLS_SCAN_LANES, in, ended);
}

const struct probe probe_tls_exact = {
	.name = "tls-exact",
	.summary = "every TLS version, suite and group that the server accepts",
	.technique = "C-31", .state_size = sizeof(struct tls_scan), .lanes = TLS_SCAN_LANES,
	.gives = gives, .ask = exact_ask, .hear = exact_hear,
};
