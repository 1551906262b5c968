/*
 * tls_scan_test.c - both TLS probes against servers made of tables: what they
 * find, and in how many connections.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "probes/table.h"
#include "tls_model.h"
#include "wire/tls_names.h"

/* Server 2019 as it comes: no 1.3, closes instead of an alert, strict SCSV. */
#define SCHANNEL_2019 { \
	{ 0x0303, { 0xc030, 0xc02f, 0x009f, 0x009e, 0xc028, 0xc027, 0xc014, 0xc013, 0x009d, \
	    0x009c, 0x003d, 0x003c, 0x0035, 0x002f, 0x000a } }, \
	{ 0x0302, { 0xc014, 0xc013, 0x0035, 0x002f, 0x000a } }, \
	{ 0x0301, { 0xc014, 0xc013, 0x0035, 0x002f, 0x000a } } }

#define GOOD { { 0x0304, { 0x1302, 0x1301 } }, { 0x0303, { 0xc030, 0xc02f } } }

#define SMTP_DOOR "220-mx\r\n220 Microsoft ESMTP\r\n", "EHLO exvet.invalid\r\n", \
	"250-mx Hello\r\n250-STARTTLS\r\n250 XRDST\r\n", "STARTTLS\r\n", "220 2.0.0 SMTP server ready\r\n"

struct expected {
	const char	*name;
	const struct probe *probe;
	struct model	 model;
	const char	*lines[20];	/* that must be there */
	const char	*absent[8];	/* starts of lines that must not */
	unsigned	 connections;	/* 0: not judged */
	unsigned	 of_version[6];	/* 0: not judged; ~0: none */
};

static const struct expected cases[] = {
	{ "schannel 2019, exact", &probe_tls_exact,
	  { .has = SCHANNEL_2019, .groups = { 29, 23, 24 }, .refusal = REFUSE_CLOSE,
	    .needs_scsv = true, .pieces = PIECES_ONE_RECORD },
	  { "tls.offered=TLSv1.0", "tls.offered=TLSv1.1", "tls.offered=TLSv1.2", "tls.refused=TLSv1.3",
	    "tls.refused=SSLv3", "tls.refused=SSLv2", "tls.suites-complete=TLSv1.2",
	    "tls.suite=TLSv1.0 TLS_RSA_WITH_3DES_EDE_CBC_SHA", "tls.order=TLSv1.2 server", "tls.order=TLSv1.0 server",
	    "tls.group=TLSv1.2 x25519", "tls.group=TLSv1.2 secp256r1", "tls.group=TLSv1.2 secp384r1",
	    "tls.groups-complete=TLSv1.2", "tls.dh.bits=1024",
	    "tls.clean=TLSv1.2 null anonymous export rc4 des rc2 idea" },
	  { "tls.undecided", "tls.foreign", "tls.offered=TLSv1.3", "tls.offered=SSL", "tls.drops" },
	  0, { 2, 2, 4, 1, 22, 1 } },
	{ "the client's order", &probe_tls_exact,
	  { .has = SCHANNEL_2019, .groups = { 29, 23, 24 }, .client_order = true },
	  { "tls.order=TLSv1.2 client", "tls.order=TLSv1.1 client", "tls.order=TLSv1.0 client",
	    "tls.groups-complete=TLSv1.2", "tls.group=TLSv1.2 secp384r1", "tls.suites-complete=TLSv1.0" },
	  { "tls.undecided" }, 0, { 1, 1, 2, 1, 0, 1 } },
	{ "the same, nothing by inference", &probe_tls_exact,
	  { .has = SCHANNEL_2019, .groups = { 29, 23, 24 }, .client_order = true, .deep = true },
	  { "tls.order=TLSv1.2 client", "tls.order=TLSv1.0 client", "tls.groups-complete=TLSv1.2",
	    "tls.group=TLSv1.2 secp384r1", "tls.suites-complete=TLSv1.0" },
	  { "tls.undecided" }, 0, { 1, 1, 7, 7, 0, 1 } },
	{ "a list for each version, nothing by inference", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc014, 0xc013, 0x0035, 0x000a } }, { 0x0302, { 0x0035, 0x0005 } },
	      { 0x0301, { 0xc014 } } }, .groups = { 29 }, .deep = true },
	  { "tls.suite=TLSv1.1 TLS_RSA_WITH_AES_256_CBC_SHA", "tls.suite=TLSv1.1 TLS_RSA_WITH_RC4_128_SHA",
	    "tls.suite=TLSv1.0 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "tls.suites-complete=TLSv1.0" },
	  { "tls.suite=TLSv1.0 TLS_R", "tls.suite=TLSv1.1 TLS_E", "tls.suite=TLSv1.1 TLS_RSA_WITH_3DES",
	    "tls.undecided" }, 0, { 0 } },
	{ "good server, posture: five hellos", &probe_tls,
	  { .has = GOOD, .groups = { 29, 23 }, .refusal = REFUSE_40 },
	  { "tls.offered=TLSv1.3", "tls.offered=TLSv1.2", "tls.refused=TLSv1.1", "tls.refused=TLSv1.0",
	    "tls.refused=SSLv3", "tls.refused=SSLv2",
	    "tls.clean=TLSv1.2 null anonymous export rc4 des 3des rc2 idea static-key cbc dhe" },
	  { "tls.undecided", "tls.suites-complete" }, 6, { 1, ~0u, 1, 1, 2, 1 } },
	{ "good server of today, posture: five hellos", &probe_tls,
	  { .has = GOOD, .groups = { 29, 23 }, .refusal = REFUSE_70 },
	  { "tls.offered=TLSv1.3", "tls.offered=TLSv1.2", "tls.refused=TLSv1.1", "tls.refused=TLSv1.0",
	    "tls.refused=SSLv3", "tls.refused=SSLv2",
	    "tls.clean=TLSv1.2 null anonymous export rc4 des 3des rc2 idea static-key cbc dhe" },
	  { "tls.undecided", "tls.suites-complete" }, 5, { 1, ~0u, ~0u, 1, 2, 1 } },
	{ "the same, closing", &probe_tls,
	  { .has = GOOD, .groups = { 29, 23 }, .refusal = REFUSE_CLOSE },
	  { "tls.offered=TLSv1.3", "tls.offered=TLSv1.2", "tls.refused=TLSv1.1", "tls.refused=TLSv1.0",
	    "tls.clean=TLSv1.2 null anonymous export rc4 des 3des rc2 idea static-key cbc dhe" },
	  { "tls.undecided" }, 8, { 0 } },
	{ "it closes for good before 1.1 is asked, posture", &probe_tls,
	  { .has = { { 0x0304, { 0x1302 } }, { 0x0303, { 0xc030, 0x0035 } }, { 0x0302, { 0x0035 } } },
	    .groups = { 29 }, .refusal = REFUSE_70, .tires = 3 },
	  { "tls.offered=TLSv1.2", "tls.undecided=TLSv1.1 it closed, and answered no more",
	    "tls.undecided=TLSv1.0 it closed, and answered no more" }, { "tls.offered=TLSv1.1" }, 0, { 0 } },
	{ "the same, exact", &probe_tls_exact,
	  { .has = { { 0x0304, { 0x1302 } }, { 0x0302, { 0x0035 } } }, .groups = { 29 }, .refusal = REFUSE_70,
	    .tires = 2 },
	  { "tls.offered=TLSv1.3", "tls.undecided=TLSv1.1 it closed, and answered no more",
	    "tls.undecided=TLSv1.0 it closed, and answered no more" }, { "tls.offered=TLSv1.1" }, 0, { 0 } },
	{ "good server, exact", &probe_tls_exact,
	  { .has = GOOD, .groups = { 29, 23 }, .refusal = REFUSE_70 },
	  { "tls.offered=TLSv1.3", "tls.suites-complete=TLSv1.3", "tls.suites-complete=TLSv1.2",
	    "tls.groups-complete=TLSv1.3", "tls.group=TLSv1.3 secp256r1", "tls.order=TLSv1.2 server",
	    "tls.clean=TLSv1.3 null anonymous export rc4 des 3des rc2 idea static-key cbc dhe" },
	  { "tls.undecided" }, 0, { 1, 1, 1, 1, 0, 0 } },
	{ "schannel 2019, posture", &probe_tls,
	  { .has = SCHANNEL_2019, .groups = { 29, 23, 24 }, .refusal = REFUSE_CLOSE },
	  { "tls.offered=TLSv1.0", "tls.suite=TLSv1.2 TLS_RSA_WITH_3DES_EDE_CBC_SHA",
	    "tls.clean=TLSv1.2 null anonymous export rc4 des rc2 idea", "tls.refused=SSLv3",
	    "tls.suite=TLSv1.0 TLS_RSA_WITH_3DES_EDE_CBC_SHA" },
	  { "tls.undecided" }, 0, { 1, 2, 5, 5, 8, 1 } },
	{ "long hellos are closed", &probe_tls_exact,
	  { .has = SCHANNEL_2019, .groups = { 29, 23 }, .refusal = REFUSE_CLOSE,
	    .longest = 260, .dropped = REFUSE_CLOSE },
	  { "tls.offered=TLSv1.0", "tls.offered=TLSv1.2", "tls.refused=TLSv1.3",
	    "tls.suites-complete=TLSv1.2", "tls.suites-complete=TLSv1.0", "tls.groups-complete=TLSv1.2",
	    "tls.suite=TLSv1.2 TLS_RSA_WITH_3DES_EDE_CBC_SHA", "tls.refused=SSLv3" },
	  { "tls.undecided" }, 0, { 2, 2, 0, 0, 0, 1 } },
	{ "long hellos are closed, and what it has is rare", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc030, 0x0041, 0xc006 } } }, .groups = { 29 }, .refusal = REFUSE_CLOSE,
	    .longest = 260, .dropped = REFUSE_CLOSE },
	  { "tls.suite=TLSv1.2 TLS_RSA_WITH_CAMELLIA_128_CBC_SHA", "tls.suites-complete=TLSv1.2",
	    "tls.suite=TLSv1.2 TLS_ECDHE_ECDSA_WITH_NULL_SHA" },
	  { "tls.undecided" }, 0, { 0 } },
	{ "the same, posture", &probe_tls,
	  { .has = { { 0x0303, { 0xc030, 0x0041, 0xc006 } } }, .groups = { 29 }, .refusal = REFUSE_CLOSE,
	    .longest = 260, .dropped = REFUSE_SILENT },
	  { "tls.suite=TLSv1.2 TLS_RSA_WITH_CAMELLIA_128_CBC_SHA", "tls.offered=TLSv1.2",
	    "tls.suite=TLSv1.2 TLS_ECDHE_ECDSA_WITH_NULL_SHA",
	    "tls.clean=TLSv1.2 anonymous export rc4 des 3des rc2 idea dhe" },
	  { "tls.undecided=TLSv1.2" }, 0, { 0 } },
	{ "it closes for good when it has answered enough", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc030, 0xc02f, 0x009d } } }, .groups = { 29 }, .refusal = REFUSE_40,
	    .tires = 3 },
	  { "tls.offered=TLSv1.2", "tls.undecided=TLSv1.2 more-suites: it closed, and answered no more" },
	  { "tls.suites-complete", "tls.clean", "tls.groups-complete" }, 0, { 0 } },
	{ "long hellos are dropped", &probe_tls_exact,
	  { .has = SCHANNEL_2019, .groups = { 29, 23 }, .refusal = REFUSE_40,
	    .longest = 260, .dropped = REFUSE_SILENT },
	  { "tls.offered=TLSv1.0", "tls.offered=TLSv1.1", "tls.offered=TLSv1.2",
	    "tls.suites-complete=TLSv1.0" },
	  { "tls.undecided" }, 0, { 0 } },
	{ "silence is no refusal", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc030, 0x009c } } }, .groups = { 23 }, .refusal = REFUSE_SILENT },
	  { "tls.offered=TLSv1.2", "tls.undecided=TLSv1.0 silence", "tls.undecided=TLSv1.1 silence",
	    "tls.undecided=SSLv3 silence", "tls.undecided=SSLv2 silence", "tls.refused=TLSv1.3",
	    "tls.undecided=TLSv1.2 more-suites: silence" },
	  { "tls.refused=TLSv1.1", "tls.refused=TLSv1.0", "tls.refused=S", "tls.suites-complete", "tls.clean" }, 0, { 0 } },
	{ "silence, posture", &probe_tls,
	  { .has = { { 0x0303, { 0xc030, 0x009c } } }, .groups = { 23 }, .refusal = REFUSE_SILENT },
	  { "tls.offered=TLSv1.2", "tls.undecided=TLSv1.0 silence", "tls.refused=TLSv1.3",
	    "tls.undecided=TLSv1.2 weak-suites: silence", "tls.suite=TLSv1.2 TLS_RSA_WITH_AES_128_GCM_SHA256" },
	  { "tls.refused=TLSv1.1", "tls.refused=TLSv1.0", "tls.refused=S", "tls.clean" }, 0, { 0 } },
	{ "one silence is forgiven", &probe_tls,
	  { .has = GOOD, .groups = { 23 }, .refusal = REFUSE_40, .silences = 1 },
	  { "tls.offered=TLSv1.3", "tls.offered=TLSv1.2" }, { "tls.undecided" }, 7, { 0 } },
	{ "warnings, split records, an alert after it", &probe_tls_exact,
	  { .has = SCHANNEL_2019, .groups = { 23 }, .warns = true, .alert_after = true,
	    .pieces = PIECES_SPLIT, .refusal = REFUSE_WARNING_CLOSE },
	  { "tls.offered=TLSv1.0", "tls.suites-complete=TLSv1.2", "tls.warning=unrecognized_name",
	    "tls.group=TLSv1.2 secp256r1", "tls.groups-complete=TLSv1.2" },
	  { "tls.undecided" }, 0, { 0 } },
	{ "no ServerHelloDone, then a close", &probe_tls_exact,
	  { .has = GOOD, .groups = { 23 }, .no_done = true },
	  { "tls.suites-complete=TLSv1.2", "tls.offered=TLSv1.2" }, { "tls.undecided" }, 0, { 0 } },
	{ "only RSA and DHE: no groups", &probe_tls_exact,
	  { .has = { { 0x0303, { 0x009c, 0x009e, 0x0033 } } } },
	  { "tls.suites-complete=TLSv1.2", "tls.dh.bits=1024" }, { "tls.group", "tls.undecided" }, 0, { 0 } },
	{ "more groups than suites", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc02f } } }, .groups = { 25, 24, 23, 30, 29, 26 } },
	  { "tls.group=TLSv1.2 x448", "tls.group=TLSv1.2 brainpoolP256r1", "tls.group=TLSv1.2 secp521r1",
	    "tls.groups-complete=TLSv1.2", "tls.suites-complete=TLSv1.2" }, { "tls.order" }, 0, { 0 } },
	{ "ECDSA keeps its own curve", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc02b, 0xc02c } } }, .groups = { 29, 24, 23 }, .ecdsa_curve = 23 },
	  { "tls.group=TLSv1.2 x25519", "tls.group=TLSv1.2 secp384r1", "tls.group=TLSv1.2 secp256r1",
	    "tls.suites-complete=TLSv1.2",
	    "tls.undecided=TLSv1.2 groups: it prefers the curve of its certificate" },
	  { "tls.groups-complete" }, 0, { 0 } },
	{ "its own curve, and the client's order of groups", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc02b, 0xc02c } } }, .groups = { 29, 24, 23 }, .ecdsa_curve = 23,
	    .client_groups = true },
	  { "tls.group=TLSv1.2 x25519", "tls.group=TLSv1.2 secp384r1", "tls.group=TLSv1.2 secp256r1",
	    "tls.suites-complete=TLSv1.2", "tls.groups-complete=TLSv1.2" }, { "tls.undecided" }, 0, { 0 } },
	{ "it prefers its own curve", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc02b, 0xc02c } } }, .groups = { 23, 29, 24 }, .ecdsa_curve = 23 },
	  { "tls.group=TLSv1.2 secp256r1", "tls.suites-complete=TLSv1.2",
	    "tls.undecided=TLSv1.2 groups: it prefers the curve of its certificate" },
	  { "tls.groups-complete" }, 0, { 0 } },
	{ "both kinds of certificate", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc02c, 0xc02b, 0xc030, 0xc02f } } }, .groups = { 29, 23, 24 },
	    .ecdsa_curve = 23 },
	  { "tls.group=TLSv1.2 x25519", "tls.group=TLSv1.2 secp384r1", "tls.group=TLSv1.2 secp256r1",
	    "tls.suites-complete=TLSv1.2", "tls.groups-complete=TLSv1.2" }, { "tls.undecided" }, 0, { 0 } },
	{ "a hybrid group", &probe_tls_exact,
	  { .has = { { 0x0304, { 0x1301, 0x1302, 0x1303 } } }, .groups = { 4588, 29, 256 } },
	  { "tls.group=TLSv1.3 X25519MLKEM768", "tls.group=TLSv1.3 ffdhe2048", "tls.group=TLSv1.3 x25519",
	    "tls.groups-complete=TLSv1.3" }, { "tls.undecided" }, 0, { 0 } },
	{ "old faults", &probe_tls_exact,
	  { .has = { { 0x0300, { 0x0005, 0x0003 } }, { 0x0301, { 0x0005, 0x0034, 0x0001 } } },
	    .no_ems = true, .no_renegotiation = true, .compresses = true, .v2 = true },
	  { "tls.offered=SSLv2", "tls.offered=SSLv3", "tls.suite=SSLv2 SSL_CK_RC4_128_WITH_MD5",
	    "tls.suite=SSLv2 SSL_CK_DES_192_EDE3_CBC_WITH_MD5", "tls.suite=SSLv3 TLS_RSA_EXPORT_WITH_RC4_40_MD5",
	    "tls.suite=TLSv1.0 TLS_DH_anon_WITH_AES_128_CBC_SHA", "tls.compression=1",
	    "tls.secure-renegotiation=0", "tls.extended-master-secret=0", "tls.refused=TLSv1.1",
	    "tls.clean=TLSv1.0 export des 3des rc2 idea" },
	  { "tls.undecided", "tls.secure-renegotiation=1" }, 0, { 0 } },
	{ "old faults, posture", &probe_tls,
	  { .has = { { 0x0300, { 0x0005, 0x0003 } }, { 0x0301, { 0x0005, 0x0034, 0x0001 } } }, .v2 = true },
	  { "tls.offered=SSLv2", "tls.offered=SSLv3", "tls.suite=SSLv3 TLS_RSA_EXPORT_WITH_RC4_40_MD5",
	    "tls.suite=TLSv1.0 TLS_RSA_WITH_NULL_MD5", "tls.suite=TLSv1.0 TLS_RSA_WITH_RC4_128_SHA",
	    "tls.suite=TLSv1.0 TLS_DH_anon_WITH_AES_128_CBC_SHA" },
	  { "tls.undecided" }, 0, { 0 } },
	{ "only what is rare, posture", &probe_tls,
	  { .has = { { 0x0303, { 0x00a8, 0xc035 } } }, .groups = { 29 }, .refusal = REFUSE_40 },
	  { "tls.offered=TLSv1.2", "tls.suite=TLSv1.2 TLS_PSK_WITH_AES_128_GCM_SHA256", "tls.refused=TLSv1.1" },
	  { "tls.undecided" }, 0, { 0 } },
	{ "only EXPORT, posture", &probe_tls,
	  { .has = { { 0x0303, { 0 } }, { 0x0302, { 0 } }, { 0x0301, { 0x0003 } }, { 0x0300, { 0x0003 } } },
	    .refusal = REFUSE_40 },
	  { "tls.refused=TLSv1.2", "tls.refused=TLSv1.1", "tls.offered=TLSv1.0", "tls.offered=SSLv3",
	    "tls.suite=TLSv1.0 TLS_RSA_EXPORT_WITH_RC4_40_MD5" }, { "tls.undecided" }, 0, { 0 } },
	{ "only DES, posture", &probe_tls,
	  { .has = { { 0x0301, { 0x0009 } } }, .refusal = REFUSE_70 },
	  { "tls.offered=TLSv1.0", "tls.suite=TLSv1.0 TLS_RSA_WITH_DES_CBC_SHA" }, { "tls.undecided" }, 0, { 0 } },
	{ "only SEED and IDEA, posture", &probe_tls,
	  { .has = { { 0x0303, { 0x0096, 0x0007 } } }, .refusal = REFUSE_CLOSE },
	  { "tls.offered=TLSv1.2", "tls.suite=TLSv1.2 TLS_RSA_WITH_IDEA_CBC_SHA" }, { "tls.undecided" }, 0, { 0 } },
	{ "an anonymous NULL among good ones, posture", &probe_tls,
	  { .has = { { 0x0303, { 0xc030, 0xc015 } } }, .groups = { 29 }, .refusal = REFUSE_70 },
	  { "tls.suite=TLSv1.2 TLS_ECDH_anon_WITH_NULL_SHA",
	    "tls.clean=TLSv1.2 export rc4 des 3des rc2 idea static-key cbc dhe" }, { "tls.undecided" }, 6, { 0 } },
	{ "rare groups alone, posture", &probe_tls,
	  { .has = { { 0x0304, { 0x1304 } }, { 0x0303, { 0xc030 } } }, .groups = { 257, 26 }, .refusal = REFUSE_40 },
	  { "tls.offered=TLSv1.3", "tls.offered=TLSv1.2", "tls.group=TLSv1.2 brainpoolP256r1",
	    "tls.group=TLSv1.3 ffdhe3072" }, { "tls.undecided" }, 0, { 0 } },
	{ "two lists of groups, as Erlang keeps them", &probe_tls_exact,
	  { .has = { { 0x0304, { 0x1302, 0x1301 } }, { 0x0303, { 0xc030, 0xc02f, 0xc028, 0xc027, 0x009d, 0x0035 } } },
	    .groups = { 29, 30, 23, 24 }, .groups_12 = { 25, 28, 24, 23 } },
	  { "tls.group=TLSv1.3 x25519", "tls.group=TLSv1.3 x448", "tls.group=TLSv1.3 secp256r1",
	    "tls.group=TLSv1.3 secp384r1", "tls.group=TLSv1.2 secp521r1", "tls.group=TLSv1.2 brainpoolP512r1",
	    "tls.group=TLSv1.2 secp384r1", "tls.group=TLSv1.2 secp256r1", "tls.groups-complete=TLSv1.2",
	    "tls.groups-complete=TLSv1.3" },
	  { "tls.undecided", "tls.group=TLSv1.2 x", "tls.group=TLSv1.3 secp521r1" }, 0, { 0 } },
	{ "every ffdhe group and scheme", &probe_tls_exact,
	  { .has = { { 0x0304, { 0x1301 } }, { 0x0303, { 0xc02f } } }, .groups = { 29, 256, 258, 260 }, .deep = true,
	    .schemes = { 0x0804, 0x0401, 0x0201 } },
	  { "tls.group=TLSv1.3 ffdhe2048", "tls.group=TLSv1.3 ffdhe4096", "tls.group=TLSv1.3 ffdhe8192",
	    "tls.groups-complete=TLSv1.3", "tls.signature-scheme=rsa_pss_rsae_sha256",
	    "tls.signature-scheme=rsa_pkcs1_sha256", "tls.signature-scheme=rsa_pkcs1_sha1",
	    "tls.signature-schemes-complete=TLSv1.2" }, { "tls.undecided" }, 0, { 0 } },
	{ "a scheme, and not all of them", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xc02f } } }, .groups = { 29 }, .schemes = { 0x0804, 0x0401, 0x0201 } },
	  { "tls.signature-scheme=rsa_pss_rsae_sha256" },
	  { "tls.undecided", "tls.signature-schemes-complete" }, 0, { 0 } },
	{ "it does not know the name", &probe_tls_exact,
	  { .has = GOOD, .groups = { 29, 23 }, .refusal = REFUSE_70, .nameless = true },
	  { "tls.offered=TLSv1.3", "tls.suites-complete=TLSv1.2", "tls.refused=TLSv1.1" },
	  { "tls.undecided" }, 0, { 0 } },
	{ "it wants a name, which no hello of SSLv2 has", &probe_tls_exact,
	  { .has = GOOD, .groups = { 29, 23 }, .refusal = REFUSE_70, .wants_name = true, .v2 = true },
	  { "tls.offered=TLSv1.3", "tls.suites-complete=TLSv1.2", "tls.refused=SSLv3", "tls.refused=SSLv2" },
	  { "tls.undecided" }, 0, { 1, 2, 1, 1, 0, 0 } },
	{ "it wants a name, and has SSLv3", &probe_tls_exact,
	  { .has = { { 0x0301, { 0x0035, 0x0005 } }, { 0x0300, { 0x0035, 0x0005 } } }, .wants_name = true },
	  { "tls.offered=SSLv3", "tls.suites-complete=SSLv3", "tls.suite=SSLv3 TLS_RSA_WITH_RC4_128_SHA",
	    "tls.refused=SSLv2" }, { "tls.undecided" }, 0, { 0 } },
	{ "the same, posture", &probe_tls,
	  { .has = { { 0x0301, { 0x0035, 0x0005 } }, { 0x0300, { 0x0035, 0x0005 } } }, .wants_name = true },
	  { "tls.offered=SSLv3", "tls.suite=SSLv3 TLS_RSA_WITH_RC4_128_SHA", "tls.refused=SSLv2" },
	  { "tls.undecided" }, 0, { 0 } },
	{ "nor any other, posture", &probe_tls,
	  { .has = { { 0, { 0 } } }, .refusal = REFUSE_112 },
	  { "tls.undecided=TLSv1.3 unrecognized-name", "tls.undecided=TLSv1.2 unrecognized-name",
	    "tls.undecided=TLSv1.0 unrecognized-name" }, { "tls.refused=T", "tls.offered" }, 0, { 0 } },
	{ "something else in front", &probe_tls_exact,
	  { .has = { { 0x0303, { 0xcca8, 0xc02f } } }, .groups = { 29 } },
	  { "tls.foreign=TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" }, { "tls.undecided" }, 0, { 0 } },
	{ "a suite that nobody offered", &probe_tls_exact,
	  { .has = GOOD, .groups = { 29 }, .ignores = 0x0005 },
	  { "tls.undecided=TLSv1.3 suite-not-offered" }, { "tls.suites-complete", "tls.clean" }, 0, { 0 } },
	{ "the same, posture", &probe_tls,
	  { .has = GOOD, .groups = { 29 }, .ignores = 0xc09e },
	  { "tls.undecided=TLSv1.2 suite-not-offered" }, { "tls.clean" }, 0, { 0 } },
	{ "behind STARTTLS", &probe_tls_smtp,
	  { .has = GOOD, .groups = { 29 }, .refusal = REFUSE_70, .door = { SMTP_DOOR } },
	  { "tls.offered=TLSv1.3", "tls.offered=TLSv1.2", "tls.refused=TLSv1.1",
	    "tls.clean=TLSv1.2 null anonymous export rc4 des 3des rc2 idea static-key cbc dhe" },
	  { "tls.undecided", "error", "tls.alpn" }, 5, { 0 } },
	{ "busy once", &probe_tls_smtp,
	  { .has = GOOD, .groups = { 29 }, .refusal = REFUSE_70, .busy = 1, .door = { SMTP_DOOR } },
	  { "tls.offered=TLSv1.3", "tls.offered=TLSv1.2" }, { "error" }, 6, { 0 } },
	{ "busy for good", &probe_tls_smtp,
	  { .has = GOOD, .groups = { 29 }, .refusal = REFUSE_70, .busy = 9, .door = { SMTP_DOOR } },
	  { "error=tls busy 421 4.3.2 too many", "tls.undecided=TLSv1.3 busy", "tls.undecided=TLSv1.2 busy",
	    "tls.undecided=SSLv2 busy" }, { "tls.offered", "tls.refused" }, 2, { 0 } },
	{ "busy in the middle", &probe_tls_smtp,
	  { .has = GOOD, .groups = { 29 }, .refusal = REFUSE_70, .busy = 9, .busy_from = 3, .door = { SMTP_DOOR } },
	  { "tls.offered=TLSv1.3", "tls.offered=TLSv1.2", "tls.undecided=TLSv1.2 weak-suites: busy",
	    "tls.undecided=TLSv1.1 busy", "tls.undecided=SSLv3 busy", "tls.undecided=SSLv2 busy" },
	  { "tls.refused", "tls.clean" }, 4, { 0 } },
	{ "no STARTTLS", &probe_tls_smtp,
	  { .door = { "220 mx\r\n", "EHLO exvet.invalid\r\n", "250-mx\r\n250 AUTH STARTTLS\r\n" } },
	  { "error=tls no-starttls 250 AUTH STARTTLS" }, { "tls." }, 1, { 0 } },
	{ "STARTTLS refused", &probe_tls_smtp,
	  { .door = { "220 mx\r\n", "EHLO exvet.invalid\r\n", "250-mx\r\n250-starttls\r\n250 X\r\n",
	      "STARTTLS\r\n", "454 4.7.0 not now\r\n" } },
	  { "error=tls no-starttls 454 4.7.0 not now" }, { "tls." }, 1, { 0 } },
	{ "STARTTLS of IMAP", &probe_tls_imap,
	  { .has = GOOD, .groups = { 29 }, .refusal = REFUSE_70, .door = { "* OK The Microsoft Exchange IMAP4 service is ready.\r\n",
	      "a STARTTLS\r\n", "* CAPABILITY x\r\na OK Begin\r\n" } },
	  { "tls.offered=TLSv1.3", "tls.offered=TLSv1.2" }, { "error" }, 5, { 0 } },
	{ "STLS of POP3", &probe_tls_pop,
	  { .has = GOOD, .groups = { 29 }, .refusal = REFUSE_70, .door = { "+OK\r\n", "STLS\r\n", "+OK\r\n" } },
	  { "tls.offered=TLSv1.3" }, { "error" }, 5, { 0 } },
	{ "STLS refused", &probe_tls_pop, { .door = { "+OK\r\n", "STLS\r\n", "-ERR no\r\n" } },
	  { "error=tls no-starttls -ERR no" }, { "tls." }, 1, { 0 } },
	{ "a port of TLS", &probe_tls_imaps,
	  { .has = GOOD, .groups = { 29 }, .refusal = REFUSE_70 },
	  { "tls.offered=TLSv1.3" }, { "error" }, 5, { 0 } },
	{ "plain text", &probe_tls_exact, { .text = "HTTP/1.1 400 Bad Request\r\n\r\n" },
	  { "tls.plain-text=HTTP/1.1 400 Bad Request" }, { "tls.refused", "tls.offered" }, 4, { 0 } },
	{ "mail, posture", &probe_tls, { .text = "220 mail.example.test ESMTP" },
	  { "tls.plain-text=220 mail.example.test ESMTP" }, { "tls.refused", "tls.offered" }, 1, { 0 } },
};

static void
check(const struct expected *e, const struct model *m, const struct text_buf *b)
{
	size_t checked = 0;

	for (size_t i = 0; e->lines[i] != NULL; i++, checked++)
		if (!tls_model_told(b, e->lines[i], true))
			fail_msg("%s: no %s in\n%s", e->name, e->lines[i], b->s);
	for (size_t i = 0; e->absent[i] != NULL; i++, checked++)
		if (tls_model_told(b, e->absent[i], false))
			fail_msg("%s: %s in\n%s", e->name, e->absent[i], b->s);
	assert_true(checked > 0);
	if (e->connections != 0 && e->connections != m->connections)
		fail_msg("%s: %u connections", e->name, m->connections);
	for (size_t i = 0; i < 6; i++)
		if (e->of_version[i] != 0 && m->hellos[i] != (e->of_version[i] == ~0u ? 0 : e->of_version[i]))
			fail_msg("%s: %u hellos of row %zu", e->name, m->hellos[i], i);
	/* Told to go, it waits before it comes back. */
	if (m->pauses != m->turned_away - (m->turned_away > 1))
		fail_msg("%s: %u pauses for %u times 421", e->name, m->pauses, m->turned_away);
	if (m->awkward != 0)
		fail_msg("%s: %zu hellos of 256 to 511 bytes", e->name, m->awkward);
}

static void
servers(void **state)
{
	static const size_t steps[] = { 1000000, 3, 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text_buf whole = { 0 };

		for (size_t k = 0; k < 3; k++) {
			struct text_buf b = { 0 };
			struct model m = cases[i].model;

			tls_model_run(&m, cases[i].probe, steps[k], &b);
			check(&cases[i], &m, &b);
			if (k == 0)
				text_buf_str(&whole, b.s);
			else if (strcmp(whole.s, b.s) != 0)
				fail_msg("%s: by %zu:\n%s\nnot\n%s", cases[i].name, steps[k], b.s, whole.s);
			text_buf_free(&b);
		}
		text_buf_free(&whole);
	}
}

/* Far away, side by side, the same is found. */
static void
far_away(void **state)
{
	unsigned played = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (unsigned pace = 0; pace < 4 && cases[i].probe == &probe_tls_exact; pace++) {
			struct expected e = cases[i];
			struct text_buf b = { 0 };
			struct model m = e.model;

			e.connections = 0;
			memset(e.of_version, 0, sizeof(e.of_version));
			m.far = true;
			m.pace = pace;
			tls_model_run(&m, e.probe, 1000000, &b);
			check(&e, &m, &b);
			text_buf_free(&b);
			played++;
		}
	assert_true(played > 40);
}

/* k suites of TLS 1.2 beside 1.3: two lanes, k + 2 hellos and two for groups, half the rounds. */
static void
far_bound(void **state)
{
	(void)state;
	for (size_t k = 1; k <= 30; k++)
		for (int order = 0; order < 2; order++) {
			struct model m = { .has = { { 0x0304, { 0x1302, 0x1301 } }, { 0x0303, { 0 } } },
				.groups = { 29, 23 }, .client_order = order != 0, .far = true };
			struct text_buf b = { 0 };
			size_t n = 0;

			for (const struct tls_suite *s = tls_names_suites; s->code != 0 && n < k; s++)
				if (s->auth == TLS_AUTH_RSA && (s->kx == TLS_KX_RSA || s->kx == TLS_KX_ECDHE) &&
				    tls_names_suite_find(s->name) == s)
					m.has[1].suites[n++] = s->code;
			tls_model_run(&m, &probe_tls_exact, 1000000, &b);
			assert_true(tls_model_told(&b, "tls.suites-complete=TLSv1.2", true));
			assert_true(tls_model_told(&b, "tls.groups-complete=TLSv1.2", true));
			/* One more for the order, which few picks do not tell. */
			if (m.hellos[4] > k + 2 + 2 + (k <= 5))
				fail_msg("%zu suites cost %u hellos", k, m.hellos[4]);
			if (m.rounds > 6 + (k + 2) / 2)
				fail_msg("%zu suites take %u rounds", k, m.rounds);
			text_buf_free(&b);
		}
}

/* k suites of a version cost k + 2 hellos at most, whatever the order is. */
static void
bound(void **state)
{
	(void)state;
	for (size_t k = 1; k <= 20; k++)
		for (int order = 0; order < 2; order++) {
			struct model m = { .has = { { 0x0302, { 0 } } }, .client_order = order != 0 };
			struct text_buf b = { 0 };
			size_t n = 0;

			for (const struct tls_suite *s = tls_names_suites; s->code != 0 && n < k; s++)
				if (tls_names_fits(s, 0x0302) && s->kx == TLS_KX_RSA)
					m.has[0].suites[n++] = s->code;
			assert_int_equal(n, k);
			tls_model_run(&m, &probe_tls_exact, 1000000, &b);
			if (m.hellos[3] > k + 2)
				fail_msg("%zu suites cost %u hellos", k, m.hellos[3]);
			text_buf_free(&b);
		}
}

/*
 * With groups and signatures: k + 2 for the suites; for groups what is left of
 * them and one refusal, for SHA-1 one, and one for the order.
 */
static void
bound_of_groups(void **state)
{
	static const enum refusal ways[] = { REFUSE_40, REFUSE_70, REFUSE_CLOSE };
	static const uint16_t all[] = { 0xc030, 0xc02f, 0xc028, 0xc027, 0xc014, 0xc013, 0x009d, 0x009c,
		0x003d, 0x003c, 0x0035, 0x002f, 0x000a };
	enum { NALL = sizeof(all) / sizeof(all[0]), NGROUPS = 4 };

	(void)state;
	for (size_t i = 0; i < NALL * 3 * 2 * 2; i++) {
		size_t k = 1 + i % NALL;
		bool ecdsa = i / NALL / 6 != 0;
		struct model m = { .has = { { 0x0303, { 0 } } }, .groups = { 29, 24, 23, 30 },
			.refusal = ways[i / NALL % 3], .client_order = i / NALL / 3 % 2 != 0 };
		struct text_buf b = { 0 };

		for (size_t n = 0; n < k; n++)
			m.has[0].suites[n] = ecdsa && n == 0 ? 0xc02c : all[n];
		tls_model_run(&m, &probe_tls_exact, 1000000, &b);
		assert_true(tls_model_told(&b, "tls.suites-complete=TLSv1.2", true));
		/* A server that only closes is asked twice for each end, and in two lanes whether it still answers. */
		if (m.hellos[4] > k + 2 + NGROUPS + 1 + 1 + (m.refusal == REFUSE_CLOSE ? 4 : 0))
			fail_msg("%zu suites, case %zu, cost %u hellos\n%s", k, i, m.hellos[4], b.s);
		text_buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers),
		cmocka_unit_test(far_away),
		cmocka_unit_test(far_bound),
		cmocka_unit_test(bound),
		cmocka_unit_test(bound_of_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
