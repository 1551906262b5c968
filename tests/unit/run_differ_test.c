/*
 * run_differ_test.c - where certificate and TLS differ: between the ports of a
 * target, the members of a pool, the addresses of a name, the names of a server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "run_differ.h"
#include "run_past.h"

#define WEB	"https://mail/"
#define PORT	"mail:443"

struct row {
	const char	*target, *address;
	struct {
		enum fact	 fact;
		const char	*at, *value;
	} facts[12];
};

/* Of the last row: what must be noted, and nothing else. */
static const struct {
	const char	*what;
	struct row	 rows[3];
	const char	*news[4];
} cases[] = {
	{ "the same certificate at two ports", {
		{ "mail", "192.0.2.1", { { FACT_CERT_SHA256, WEB, "aa" }, { FACT_CERT_SHA256, "mail:25", "aa" } } },
	}, { NULL } },
	{ "another one for SMTP", {
		{ "mail", "192.0.2.1", { { FACT_CERT_SHA256, "mail:25", "bb" }, { FACT_CERT_SHA256, WEB, "aa" } } },
	}, { "cert.differs mail:25 another one than at " WEB } },
	{ "two key types at one place, one of them at the other", {
		{ "mail", "192.0.2.1", { { FACT_CERT_SHA256, PORT, "aa" }, { FACT_CERT_SHA256, PORT, "ab" },
		    { FACT_CERT_SHA256, "mail:993", "ab" } } },
	}, { NULL } },
	{ "a version more at IMAP, one less at the back end", {
		{ "mail", "192.0.2.1", { { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_DEPTH, "mail:444", "posture" },
		    { FACT_TLS_DEPTH, "mail:993", "posture" },
		    { FACT_TLS_OFFERED, PORT, "TLSv1.3" }, { FACT_TLS_REFUSED, PORT, "TLSv1.0" },
		    { FACT_TLS_REFUSED, "mail:444", "TLSv1.3" }, { FACT_TLS_REFUSED, "mail:444", "TLSv1.0" },
		    { FACT_TLS_OFFERED, "mail:993", "TLSv1.3" }, { FACT_TLS_OFFERED, "mail:993", "TLSv1.0" } } },
	}, { "tls.differs mail:444 refuses TLSv1.3, unlike " PORT, "tls.differs mail:993 offers TLSv1.0, unlike " PORT } },
	{ "what was not settled is not compared", {
		{ "mail", "192.0.2.1", { { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_DEPTH, "mail:993", "posture" },
		    { FACT_TLS_OFFERED, PORT, "TLSv1.3" }, { FACT_TLS_UNDECIDED, "mail:993", "TLSv1.3 silence" } } },
	}, { NULL } },
	{ "suites, where both lists are whole", {
		{ "mail", "192.0.2.1", { { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_DEPTH, "mail:993", "exact" },
		    { FACT_TLS_OFFERED, PORT, "TLSv1.2" }, { FACT_TLS_OFFERED, "mail:993", "TLSv1.2" },
		    { FACT_TLS_COMPLETE, PORT, "TLSv1.2" }, { FACT_TLS_COMPLETE, "mail:993", "TLSv1.2" },
		    { FACT_TLS_SUITE, "mail:993", "TLSv1.2 TLS_RSA_WITH_RC4_128_SHA" } } },
	}, { "tls.differs mail:993 accepts TLSv1.2 TLS_RSA_WITH_RC4_128_SHA, unlike " PORT } },
	{ "a suite where the other list is not whole", {
		{ "mail", "192.0.2.1", { { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_DEPTH, "mail:993", "exact" },
		    { FACT_TLS_OFFERED, PORT, "TLSv1.2" }, { FACT_TLS_OFFERED, "mail:993", "TLSv1.2" },
		    { FACT_TLS_COMPLETE, "mail:993", "TLSv1.2" },
		    { FACT_TLS_SUITE, "mail:993", "TLSv1.2 TLS_RSA_WITH_RC4_128_SHA" } } },
	}, { NULL } },
	{ "groups, where both lists are whole; finite-field ones stand for each other", {
		{ "mail", "192.0.2.1", { { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_DEPTH, "mail:993", "exact" },
		    { FACT_TLS_OFFERED, PORT, "TLSv1.3" }, { FACT_TLS_OFFERED, "mail:993", "TLSv1.3" },
		    { FACT_TLS_GROUPS_ALL, PORT, "TLSv1.3" }, { FACT_TLS_GROUPS_ALL, "mail:993", "TLSv1.3" },
		    { FACT_TLS_GROUP, PORT, "TLSv1.3 x25519" }, { FACT_TLS_GROUP, PORT, "TLSv1.3 ffdhe2048" } } },
	}, { "tls.differs mail:993 does not accept TLSv1.3 x25519, unlike " PORT } },
	{ "groups, of which one list is not whole", {
		{ "mail", "192.0.2.1", { { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_DEPTH, "mail:993", "exact" },
		    { FACT_TLS_OFFERED, PORT, "TLSv1.3" }, { FACT_TLS_OFFERED, "mail:993", "TLSv1.3" },
		    { FACT_TLS_GROUPS_ALL, PORT, "TLSv1.3" }, { FACT_TLS_GROUP, PORT, "TLSv1.3 x25519" } } },
	}, { NULL } },
	{ "whose order decides, where both are known", {
		{ "mail", "192.0.2.1", { { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_DEPTH, "mail:993", "exact" },
		    { FACT_TLS_OFFERED, PORT, "TLSv1.2" }, { FACT_TLS_OFFERED, "mail:993", "TLSv1.2" },
		    { FACT_TLS_OFFERED, PORT, "TLSv1.1" }, { FACT_TLS_OFFERED, "mail:993", "TLSv1.1" },
		    { FACT_TLS_ORDER, PORT, "TLSv1.2 server" }, { FACT_TLS_ORDER, "mail:993", "TLSv1.2 client" },
		    { FACT_TLS_ORDER, "mail:993", "TLSv1.1 client" } } },
	}, { "tls.differs mail:993 goes by the client's order of suites in TLSv1.2, unlike " PORT } },
	{ "a weak suite, where the other is known to have none of its kind", {
		{ "mail", "192.0.2.1", { { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_DEPTH, "mail:25", "posture" },
		    { FACT_TLS_OFFERED, PORT, "TLSv1.2" }, { FACT_TLS_OFFERED, "mail:25", "TLSv1.2" },
		    { FACT_TLS_CLEAN, PORT, "TLSv1.2 rc4 3des" },
		    { FACT_TLS_SUITE, "mail:25", "TLSv1.2 TLS_RSA_WITH_RC4_128_SHA" } } },
	}, { "tls.differs mail:25 accepts TLSv1.2 TLS_RSA_WITH_RC4_128_SHA, unlike " PORT } },
	{ "members of a pool", {
		{ "mail", "192.0.2.1", { { FACT_POOL_MEMBER, "u#1", "EX01" }, { FACT_POOL_MEMBER, "u#2", "EX02" },
		    { FACT_POOL_CERT, "u#1", "aa" }, { FACT_POOL_CERT, "u#2", "bb" },
		    { FACT_POOL_TLS, "u#1", "TLSv1.2" }, { FACT_POOL_TLS, "u#2", "TLSv1.2" } } },
	}, { "pool.differs u#2 certificate of EX02: another one than at u#1, by EX01" } },
	{ "another address of the name", {
		{ "mail", "192.0.2.1", { { FACT_ADDRESS, "mail", "192.0.2.1" }, { FACT_ADDRESS, "mail", "192.0.2.2" },
		    { FACT_CERT_SHA256, WEB, "aa" } } },
		{ "mail", "192.0.2.2", { { FACT_ADDRESS, "mail", "192.0.2.1" }, { FACT_ADDRESS, "mail", "192.0.2.2" },
		    { FACT_CERT_SHA256, WEB, "bb" } } },
	}, { "cert.differs " WEB " another one than of mail (192.0.2.1)" } },
	{ "another address with the same certificate and other versions", {
		{ "mail", "192.0.2.1", { { FACT_ADDRESS, "mail", "192.0.2.1" }, { FACT_ADDRESS, "mail", "192.0.2.2" },
		    { FACT_CERT_SHA256, WEB, "aa" }, { FACT_TLS_DEPTH, PORT, "posture" }, { FACT_TLS_OFFERED, PORT, "TLSv1.2" } } },
		{ "mail", "192.0.2.2", { { FACT_ADDRESS, "mail", "192.0.2.1" }, { FACT_ADDRESS, "mail", "192.0.2.2" },
		    { FACT_CERT_SHA256, WEB, "aa" }, { FACT_TLS_DEPTH, PORT, "posture" }, { FACT_TLS_OFFERED, PORT, "TLSv1.3" } } },
	}, { "tls.differs " PORT " offers TLSv1.3, unlike mail (192.0.2.1), which offers TLSv1.2" } },
	{ "another address with the same versions and another suite and group", {
		{ "mail", "192.0.2.1", { { FACT_ADDRESS, "mail", "192.0.2.1" }, { FACT_ADDRESS, "mail", "192.0.2.2" },
		    { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_OFFERED, PORT, "TLSv1.2" },
		    { FACT_TLS_COMPLETE, PORT, "TLSv1.2" }, { FACT_TLS_GROUPS_ALL, PORT, "TLSv1.2" },
		    { FACT_TLS_SUITE, PORT, "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
		    { FACT_TLS_GROUP, PORT, "TLSv1.2 x25519" }, { FACT_TLS_GROUP, PORT, "TLSv1.2 secp256r1" } } },
		{ "mail", "192.0.2.2", { { FACT_ADDRESS, "mail", "192.0.2.1" }, { FACT_ADDRESS, "mail", "192.0.2.2" },
		    { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_OFFERED, PORT, "TLSv1.2" },
		    { FACT_TLS_COMPLETE, PORT, "TLSv1.2" }, { FACT_TLS_GROUPS_ALL, PORT, "TLSv1.2" },
		    { FACT_TLS_SUITE, PORT, "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
		    { FACT_TLS_SUITE, PORT, "TLSv1.2 TLS_RSA_WITH_3DES_EDE_CBC_SHA" },
		    { FACT_TLS_GROUP, PORT, "TLSv1.2 secp256r1" } } },
	}, { "tls.differs " PORT " accepts TLSv1.2 TLS_RSA_WITH_3DES_EDE_CBC_SHA, unlike mail (192.0.2.1)",
	    "tls.differs " PORT " does not accept TLSv1.2 x25519, unlike mail (192.0.2.1)" } },
	{ "another address with a weak suite, by a few hellos each", {
		{ "mail", "192.0.2.1", { { FACT_ADDRESS, "mail", "192.0.2.1" }, { FACT_ADDRESS, "mail", "192.0.2.2" },
		    { FACT_TLS_DEPTH, PORT, "posture" }, { FACT_TLS_OFFERED, PORT, "TLSv1.2" },
		    { FACT_TLS_CLEAN, PORT, "TLSv1.2 null anonymous export rc4 des 3des" } } },
		{ "mail", "192.0.2.2", { { FACT_ADDRESS, "mail", "192.0.2.1" }, { FACT_ADDRESS, "mail", "192.0.2.2" },
		    { FACT_TLS_DEPTH, PORT, "posture" }, { FACT_TLS_OFFERED, PORT, "TLSv1.2" },
		    { FACT_TLS_SUITE, PORT, "TLSv1.2 TLS_RSA_WITH_3DES_EDE_CBC_SHA" } } },
	}, { "tls.differs " PORT " accepts TLSv1.2 TLS_RSA_WITH_3DES_EDE_CBC_SHA, unlike mail (192.0.2.1)" } },
	{ "another address of which not all suites are known", {
		{ "mail", "192.0.2.1", { { FACT_ADDRESS, "mail", "192.0.2.1" }, { FACT_ADDRESS, "mail", "192.0.2.2" },
		    { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_OFFERED, PORT, "TLSv1.2" },
		    { FACT_TLS_COMPLETE, PORT, "TLSv1.2" },
		    { FACT_TLS_SUITE, PORT, "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" } } },
		{ "mail", "192.0.2.2", { { FACT_ADDRESS, "mail", "192.0.2.1" }, { FACT_ADDRESS, "mail", "192.0.2.2" },
		    { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_OFFERED, PORT, "TLSv1.2" },
		    { FACT_TLS_SUITE, PORT, "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" } } },
	}, { NULL } },
	{ "suites that the kind of key decides", {
		{ "mail", "192.0.2.1", { { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_OFFERED, PORT, "TLSv1.2" },
		    { FACT_TLS_COMPLETE, PORT, "TLSv1.2" }, { FACT_CERT_KEY, PORT, "EC prime256v1" },
		    { FACT_TLS_SUITE, PORT, "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
		    { FACT_TLS_DEPTH, "mail:444", "exact" }, { FACT_TLS_OFFERED, "mail:444", "TLSv1.2" },
		    { FACT_TLS_COMPLETE, "mail:444", "TLSv1.2" }, { FACT_CERT_KEY, "mail:444", "RSA 2048" },
		    { FACT_TLS_SUITE, "mail:444", "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" } } },
	}, { NULL } },
	{ "suites that it does not", {
		{ "mail", "192.0.2.1", { { FACT_TLS_DEPTH, PORT, "exact" }, { FACT_TLS_OFFERED, PORT, "TLSv1.2" },
		    { FACT_TLS_COMPLETE, PORT, "TLSv1.2" }, { FACT_CERT_KEY, PORT, "EC prime256v1" },
		    { FACT_TLS_SUITE, PORT, "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
		    { FACT_TLS_DEPTH, "mail:444", "exact" }, { FACT_TLS_OFFERED, "mail:444", "TLSv1.2" },
		    { FACT_TLS_COMPLETE, "mail:444", "TLSv1.2" }, { FACT_CERT_KEY, "mail:444", "EC secp384r1" },
		    { FACT_TLS_SUITE, "mail:444", "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" } } },
	}, { "tls.differs mail:444 accepts TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, unlike " PORT } },
	{ "a weak kind that only RSA has, by a few hellos", {
		{ "mail", "192.0.2.1", { { FACT_TLS_DEPTH, PORT, "posture" }, { FACT_TLS_OFFERED, PORT, "TLSv1.2" },
		    { FACT_CERT_KEY, PORT, "EC prime256v1" }, { FACT_TLS_CLEAN, PORT, "TLSv1.2 null static-key" },
		    { FACT_TLS_DEPTH, "mail:993", "posture" }, { FACT_TLS_OFFERED, "mail:993", "TLSv1.2" },
		    { FACT_CERT_KEY, "mail:993", "RSA 2048" },
		    { FACT_TLS_SUITE, "mail:993", "TLSv1.2 TLS_RSA_WITH_AES_128_GCM_SHA256" } } },
	}, { NULL } },
	{ "two certificates for one kind of key at one place", {
		{ "mail", "192.0.2.1", { { FACT_CERT_SHA256, PORT, "aa" }, { FACT_CERT_SHA256, PORT, "bb" },
		    { FACT_CERT_KEY, PORT, "EC prime256v1" }, { FACT_CERT_KEY, PORT, "EC secp384r1" },
		    { FACT_CERT_SHA256, WEB, "aa" }, { FACT_CERT_KEY, WEB, "EC prime256v1" } } },
	}, { "cert.differs " PORT " not always the same: 2 were shown for 1 kind of key" } },
	{ "one for each kind of key", {
		{ "mail", "192.0.2.1", { { FACT_CERT_SHA256, PORT, "aa" }, { FACT_CERT_SHA256, PORT, "bb" },
		    { FACT_CERT_SHA256, PORT, "cc" }, { FACT_CERT_KEY, PORT, "EC prime256v1" },
		    { FACT_CERT_KEY, PORT, "RSA 2048" }, { FACT_CERT_KEY, PORT, "RSASSA-PSS 2048" },
		    { FACT_CERT_SHA256, WEB, "aa" }, { FACT_CERT_KEY, WEB, "EC prime256v1" } } },
	}, { NULL } },
	{ "the back end has a certificate of its own", {
		{ "mail", "192.0.2.1", { { FACT_CERT_SHA256, WEB, "aa" }, { FACT_CERT_SHA256, "mail:444", "bb" } } },
	}, { NULL } },
	{ "the back end seen before the mail ports", {
		{ "mail", "192.0.2.1", { { FACT_CERT_SHA256, "mail:444", "bb" }, { FACT_CERT_SHA256, "mail:587", "aa" },
		    { FACT_CERT_SHA256, "mail:993", "cc" } } },
	}, { "cert.differs mail:993 another one than at mail:587" } },
	{ "two names of one server", {
		{ "mail", "192.0.2.1", { { FACT_NTLM_COMPUTER_DNS, "u", "ex01.a.example" }, { FACT_CERT_SHA256, WEB, "aa" } } },
		{ "owa", "192.0.2.9", { { FACT_NAME_HEALTH, "u", "EX01.A.EXAMPLE" }, { FACT_CERT_SHA256, "https://owa/", "bb" } } },
	}, { "cert.differs https://owa/ another one than of mail (192.0.2.1)" } },
	{ "strangers", {
		{ "mail", "192.0.2.1", { { FACT_NTLM_COMPUTER_DNS, "u", "ex01.a.example" }, { FACT_CERT_SHA256, WEB, "aa" } } },
		{ "owa", "192.0.2.9", { { FACT_NTLM_COMPUTER_DNS, "u", "ex01.b.example" }, { FACT_CERT_SHA256, "https://owa/", "bb" } } },
	}, { NULL } },
};

static struct result *
make(const struct row *row)
{
	struct result *r = result_new();

	free(r->target);
	free(r->address);
	r->target = text_dup(row->target);
	r->address = text_dup(row->address);
	r->port = 443;
	for (size_t i = 0; row->facts[i].at != NULL; i++)
		obs_text(r->obs, row->facts[i].fact, row->facts[i].at,
		    strstr(row->facts[i].at, ":444") != NULL ? "tls-backend" : "", row->facts[i].value, "");
	obs_sort(r->obs);
	return r;
}

static char *
news_of(const struct result *r)
{
	static const enum fact facts[] = { FACT_POOL_DIFFERS, FACT_CERT_DIFFERS, FACT_TLS_DIFFERS };
	struct text_buf out = { 0 };

	text_buf_str(&out, "");
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		for (const struct observation *k = obs_first(r->obs, facts[i]); k != NULL;
		    k = obs_next(r->obs, k))
			text_buf_printf(&out, "%s %s %s\n", obs_fact(k->fact)->name, k->at, k->text);
	return out.s;
}

static void
differ(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_past *past = run_past_new();
		struct text_buf wanted = { 0 };
		char *got = NULL;

		for (size_t k = 0; k < 3 && cases[i].rows[k].target != NULL; k++) {
			struct result *r = make(&cases[i].rows[k]);

			run_differ_note(past, r);
			free(got);
			got = news_of(r);
			result_free(r);
		}
		text_buf_str(&wanted, "");
		for (size_t k = 0; cases[i].news[k] != NULL; k++)
			text_buf_printf(&wanted, "%s\n", cases[i].news[k]);
		if (got == NULL || strcmp(got, wanted.s) != 0)
			fail_msg("%s: wanted\n%sgot\n%s", cases[i].what, wanted.s, got);
		free(got);
		text_buf_free(&wanted);
		run_past_free(past);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(differ) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
