/*
 * tls_finite_test.c - suites that not every hello gets: DHE with groups that the
 * client names (RFC 7919), beside a server's own parameters or without them, suites
 * for which a hello has to name a user, and those behind another certificate.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "probes/table.h"
#include "tls_model.h"

static const struct expected {
	const char	*name;
	const struct probe *probe;
	struct model	 model;
	const char	*lines[12];	/* that must be there */
	const char	*absent[4];	/* starts of lines that must not */
	unsigned	 hellos;	/* of TLS 1.2; 0: not judged */
} cases[] = {
	{ "DHE only with groups that the client names (GnuTLS without parameters)", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc030, 0xc014, 0x009f, 0x0039, 0x009d } }, { 0x0301, { 0xc014, 0x0039 } } },
	    .groups = { 29, 23 }, .finite = { 256 }, .no_finite = true },
	  { "tls.suite=TLSv1.2 TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "tls.suite=TLSv1.2 TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
	    "tls.suite=TLSv1.0 TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "tls.dh.bits=2048", "tls.group=TLSv1.2 ffdhe2048",
	    "tls.suites-complete=TLSv1.2", "tls.groups-complete=TLSv1.2", "tls.suites-complete=TLSv1.0" },
	  { "tls.undecided", "tls.dh.bits=1024" }, 0 },
	{ "the same, and nothing else", &probe_tls_exact,
	  { .has = { { 0x0303, { 0x009f } } }, .finite = { 256 }, .no_finite = true },
	  { "tls.offered=TLSv1.2", "tls.suite=TLSv1.2 TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "tls.dh.bits=2048",
	    "tls.suites-complete=TLSv1.2" }, { "tls.undecided" }, 0 },
	{ "without a named group it chooses DHE all the same, and then refuses", &probe_tls_exact,
	  { .has = { { 0x0303, { 0x009f, 0x0039, 0xc030, 0x009d, 0x003b } }, { 0x0301, { 0x0039, 0xc014, 0x0005 } } },
	    .groups = { 29, 23 }, .finite = { 256 }, .no_finite = true, .stumbles = true },
	  { "tls.suite=TLSv1.2 TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "tls.suite=TLSv1.2 TLS_RSA_WITH_NULL_SHA256",
	    "tls.suite=TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "tls.suite=TLSv1.0 TLS_RSA_WITH_RC4_128_SHA",
	    "tls.suites-complete=TLSv1.2", "tls.suites-complete=TLSv1.0" }, { "tls.undecided" }, 0 },
	{ "the same, posture", &probe_tls,
	  { .has = { { 0x0303, { 0x009f, 0x0039, 0xc030, 0x009d, 0x003b } } }, .groups = { 29, 23 }, .finite = { 256 },
	    .no_finite = true, .stumbles = true },
	  { "tls.suite=TLSv1.2 TLS_RSA_WITH_NULL_SHA256", "tls.clean=TLSv1.2 anonymous export rc4 des 3des rc2 idea" },
	  { "tls.undecided" }, 0 },
	{ "DHE with named groups, and parameters of its own that are short", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc030, 0x009f, 0x0039, 0x009d } } }, .groups = { 29 }, .finite = { 256 } },
	  { "tls.dh.bits=1024", "tls.suites-complete=TLSv1.2" }, { "tls.undecided" }, 0 },
	{ "the same, one suite of that kind", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc030, 0x009f } } }, .groups = { 29 }, .finite = { 256 } },
	  { "tls.dh.bits=1024", "tls.suites-complete=TLSv1.2" }, { "tls.undecided" }, 0 },
	{ "the same, that suite alone", &probe_tls_exact,
	  { .has = { { 0x0303, { 0x009f } } }, .finite = { 256 } },
	  { "tls.dh.bits=2048", "tls.dh.bits=1024", "tls.suites-complete=TLSv1.2" }, { "tls.undecided" }, 3 },
	{ "DHE with parameters of its own, unless the hello names groups that it has not", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc030, 0xc02f, 0xc014, 0x009f, 0x0039, 0x009d } }, { 0x0301, { 0xc014, 0x0039 } } },
	    .groups = { 29 }, .own_finite = true },
	  { "tls.suite=TLSv1.2 TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "tls.suite=TLSv1.2 TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
	    "tls.suite=TLSv1.0 TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "tls.dh.bits=1024", "tls.suites-complete=TLSv1.2" },
	  { "tls.undecided" }, 0 },
	{ "the same, and nothing else", &probe_tls_exact,
	  { .has = { { 0x0303, { 0x009f, 0x0039, 0x00be } } }, .own_finite = true },
	  { "tls.offered=TLSv1.2", "tls.suite=TLSv1.2 TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "tls.dh.bits=1024",
	    "tls.suite=TLSv1.2 TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "tls.suites-complete=TLSv1.2",
	    "tls.suite=TLSv1.2 TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256" }, { "tls.undecided" }, 0 },
	{ "DHE with named groups and short parameters of its own, posture", &probe_tls,
	  { .has = { { 0x0303, { 0xc030, 0x009f } } }, .groups = { 29 }, .finite = { 256 } },
	  { "tls.dh.bits=2048", "tls.dh.bits=1024", "tls.clean=TLSv1.2 null anonymous export rc4 des 3des rc2 idea static-key cbc" },
	  { "tls.undecided" }, 0 },
	{ "DHE only with named groups, posture", &probe_tls,
	  { .has = { { 0x0303, { 0xc030, 0x009f } } }, .groups = { 29 }, .finite = { 256 }, .no_finite = true },
	  { "tls.dh.bits=2048", "tls.clean=TLSv1.2 null anonymous export rc4 des 3des rc2 idea static-key cbc" },
	  { "tls.undecided" }, 0 },
	{ "DHE with parameters of its own, unless the hello names groups that it has not, and nothing else, posture", &probe_tls,
	  { .has = { { 0x0303, { 0x009f, 0x0016 } } }, .own_finite = true },
	  { "tls.offered=TLSv1.2", "tls.dh.bits=1024", "tls.suite=TLSv1.2 TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA" },
	  { "tls.undecided" }, 0 },
	{ "no DHE at all costs no hello more: its k + 2", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc030, 0xc02f, 0x009d } } }, .groups = { 29 }, .finite = { 256 } },
	  { "tls.suites-complete=TLSv1.2", "tls.clean=TLSv1.2 null anonymous export rc4 des 3des rc2 idea cbc dhe" },
	  { "tls.undecided" }, 6 },
	{ "it would choose a suite that wants a user's name, and refuses the rest with it", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc030, 0xc021, 0xc019, 0x009c } }, { 0x0301, { 0xc020, 0xc014, 0x000a } } },
	    .groups = { 29, 23 } },
	  { "tls.suite=TLSv1.2 TLS_ECDH_anon_WITH_AES_256_CBC_SHA", "tls.suite=TLSv1.2 TLS_RSA_WITH_AES_128_GCM_SHA256",
	    "tls.suite=TLSv1.0 TLS_RSA_WITH_3DES_EDE_CBC_SHA", "tls.suites-complete=TLSv1.2", "tls.suites-complete=TLSv1.0",
	    "tls.clean=TLSv1.2 null export rc4 des 3des rc2 idea dhe" },
	  { "tls.undecided" }, 0 },
	{ "the same, posture", &probe_tls,
	  { .has = { { 0x0303, { 0xc030, 0xc021, 0xc019, 0x009c } }, { 0x0301, { 0xc020, 0xc014, 0x000a } } },
	    .groups = { 29, 23 } },
	  { "tls.offered=TLSv1.0", "tls.suite=TLSv1.2 TLS_ECDH_anon_WITH_AES_256_CBC_SHA",
	    "tls.suite=TLSv1.0 TLS_RSA_WITH_3DES_EDE_CBC_SHA", "tls.clean=TLSv1.2 null export rc4 des 3des rc2 idea dhe" },
	  { "tls.undecided" }, 0 },
	{ "a certificate of ECDSA hides another while a suite of it is on offer", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc02c, 0xc02b, 0xc030, 0xc013, 0x009d, 0x000a } }, { 0x0301, { 0xc00a, 0x0035 } } },
	    .groups = { 29, 23 }, .apart = true },
	  { "tls.suite=TLSv1.2 TLS_RSA_WITH_3DES_EDE_CBC_SHA", "tls.suite=TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
	    "tls.suite=TLSv1.0 TLS_RSA_WITH_AES_256_CBC_SHA", "tls.suites-complete=TLSv1.2", "tls.suites-complete=TLSv1.0",
	    "tls.groups-complete=TLSv1.2", "tls.order=TLSv1.2 server", "tls.clean=TLSv1.2 null anonymous export rc4 des rc2 idea dhe" },
	  { "tls.undecided" }, 0 },
	{ "the same, by the client's order", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc02c, 0xc02b, 0xc030, 0xc013, 0x009d, 0x000a } } }, .groups = { 29, 23 }, .apart = true,
	    .client_order = true },
	  { "tls.suite=TLSv1.2 TLS_RSA_WITH_3DES_EDE_CBC_SHA", "tls.suites-complete=TLSv1.2", "tls.order=TLSv1.2 client" },
	  { "tls.undecided" }, 0 },
	{ "the same, its curve on offer all the time", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc02c, 0xc02b, 0xc030, 0x009d } } }, .groups = { 29, 23, 24 }, .ecdsa_curve = 23, .apart = true },
	  { "tls.suite=TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "tls.suite=TLSv1.2 TLS_RSA_WITH_AES_256_GCM_SHA384",
	    "tls.suites-complete=TLSv1.2" }, { "tls.undecided" }, 0 },
	{ "ECDSA and nothing else: k + 2 for its suites, one for groups, one for the order", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc02c, 0xc02b, 0xc024, 0xc00a, 0xc009 } }, { 0x0301, { 0xc00a, 0xc009 } } },
	    .groups = { 29, 23, 24 }, .ecdsa_curve = 23, .client_groups = true },
	  { "tls.suite=TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "tls.suite=TLSv1.0 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
	    "tls.suites-complete=TLSv1.2", "tls.suites-complete=TLSv1.0", "tls.groups-complete=TLSv1.2" },
	  { "tls.undecided", "tls.suite=TLSv1.2 TLS_RSA" }, 9 },
	{ "the same, posture", &probe_tls,
	  { .has = { { 0x0303, { 0xc02c, 0xc030, 0x009d } }, { 0x0301, { 0xc00a, 0x0005 } } }, .groups = { 29 }, .apart = true },
	  { "tls.suite=TLSv1.2 TLS_RSA_WITH_AES_256_GCM_SHA384", "tls.suite=TLSv1.0 TLS_RSA_WITH_RC4_128_SHA",
	    "tls.clean=TLSv1.2 null anonymous export rc4 des 3des rc2 idea cbc dhe" },
	  { "tls.undecided" }, 0 },
};

static void
check(const struct expected *e, bool far)
{
	struct model m = e->model;
	struct text_buf b = { 0 };

	m.far = far;
	tls_model_run(&m, e->probe, 1000000, &b);
	for (size_t i = 0; e->lines[i] != NULL; i++)
		if (!tls_model_told(&b, e->lines[i], true))
			fail_msg("%s: no %s in\n%s", e->name, e->lines[i], b.s);
	for (size_t i = 0; e->absent[i] != NULL; i++)
		if (tls_model_told(&b, e->absent[i], false))
			fail_msg("%s: %s in\n%s", e->name, e->absent[i], b.s);
	if (!far && e->hellos != 0 && m.hellos[4] != e->hellos)
		fail_msg("%s: %u hellos", e->name, m.hellos[4]);
	if (m.awkward != 0)
		fail_msg("%s: %zu hellos of 256 to 511 bytes", e->name, m.awkward);
	text_buf_free(&b);
}

static void
near_by(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(&cases[i], false);
}

static void
far_away(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (cases[i].probe == &probe_tls_exact && !cases[i].model.own_finite)
			check(&cases[i], true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(near_by),
		cmocka_unit_test(far_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
