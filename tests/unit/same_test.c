/* same_test.c - which results are the same machine, and how many machines there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "same.h"

#define ROWS	4

struct row {
	const char	*target, *address;
	struct {
		enum fact	 fact;
		const char	*value;
	} facts[4];
};

static const struct {
	const char	*what;
	struct row	 rows[ROWS];
	size_t		 machines;
	const char	*words;		/* of the last row; NULL: not looked at */
} cases[] = {
	{ "one full name at two addresses", {
		{ "mail", "192.0.2.1", { { FACT_NTLM_COMPUTER_DNS, "ex01.corp.example" } } },
		{ "autodiscover", "192.0.2.2", { { FACT_NAME_HEALTH, "EX01.CORP.EXAMPLE" } } },
	}, 1, "ex01.corp.example" },
	{ "a bare name at strangers is two machines", {
		{ "mail.a", "192.0.2.1", { { FACT_NAME_FRONTEND, "EX01" } } },
		{ "mail.b", "198.51.100.1", { { FACT_NAME_FRONTEND, "EX01" } } },
	}, 2, "ex01" },
	{ "a bare name with the same certificate", {
		{ "mail", "192.0.2.1", { { FACT_NAME_FRONTEND, "EX01" }, { FACT_CERT_SHA256, "aa" } } },
		{ "owa", "192.0.2.2", { { FACT_NAME_FRONTEND, "ex01" }, { FACT_CERT_SHA256, "aa" } } },
	}, 1, NULL },
	{ "the domain comes with another fact of the same result", {
		{ "mail", "192.0.2.1", { { FACT_NAME_FRONTEND, "EX01" }, { FACT_NTLM_DOMAIN_DNS, "a.example" } } },
		{ "owa", "192.0.2.2", { { FACT_NTLM_COMPUTER_DNS, "ex01.a.example" } } },
		{ "other", "192.0.2.3", { { FACT_NTLM_COMPUTER_DNS, "ex01.b.example" } } },
	}, 2, "ex01.b.example" },
	{ "a mail greeting that begins with the name gives its domain", {
		{ "mail", "192.0.2.1", { { FACT_NAME_FRONTEND, "EX01" }, { FACT_MAIL_NAME, "ex01.a.example" } } },
	}, 1, "ex01.a.example" },
	{ "a published name in the greeting is no machine", {
		{ "mail", "192.0.2.1", { { FACT_NAME_FRONTEND, "EX01" }, { FACT_MAIL_NAME, "mail.a.example" } } },
	}, 1, "ex01" },
	{ "the GUID of SMB, one of them without a name", {
		{ "mail", "192.0.2.1", { { FACT_NTLM_COMPUTER_DNS, "ex01.a.example" }, { FACT_SMB_GUID, "g1" } } },
		{ "10.0.0.1", "10.0.0.1", { { FACT_SMB_GUID, "g1" } } },
	}, 1, "smb:g1" },
	{ "the same the other way round", {
		{ "10.0.0.1", "10.0.0.1", { { FACT_SMB_GUID, "g1" } } },
		{ "mail", "192.0.2.1", { { FACT_NTLM_COMPUTER_DNS, "ex01.a.example" }, { FACT_SMB_GUID, "g1" } } },
	}, 1, "ex01.a.example" },
	{ "a shared certificate alone ties nothing", {
		{ "a", "192.0.2.1", { { FACT_CERT_SHA256, "aa" } } },
		{ "b", "192.0.2.2", { { FACT_CERT_SHA256, "aa" } } },
	}, 2, "address:192.0.2.2" },
	{ "two names at one address with one certificate", {
		{ "a", "192.0.2.1", { { FACT_CERT_SHA256, "aa" } } },
		{ "b", "192.0.2.1", { { FACT_CERT_SHA256, "aa" } } },
	}, 1, "address:192.0.2.1" },
	{ "two names at one address, each with a certificate of its own: perhaps a proxy", {
		{ "a", "192.0.2.1", { { FACT_CERT_SHA256, "aa" } } },
		{ "b", "192.0.2.1", { { FACT_CERT_SHA256, "bb" } } },
	}, 2, NULL },
	{ "a pool of two behind one target, and one of them by itself", {
		{ "pool", "192.0.2.1", { { FACT_POOL_MEMBER, "EX01" }, { FACT_POOL_MEMBER, "EX02" },
		    { FACT_NTLM_DOMAIN_DNS, "a.example" } } },
		{ "ex02", "10.0.0.2", { { FACT_NTLM_COMPUTER_DNS, "EX02.a.example" } } },
	}, 2, NULL },
	{ "two machines, until a third result has the name of one and the GUID of the other", {
		{ "mail", "192.0.2.1", { { FACT_NAME_FRONTEND, "EX01" }, { FACT_SMB_GUID, "g1" } } },
		{ "owa", "192.0.2.2", { { FACT_NTLM_COMPUTER_DNS, "ex01.a.example" } } },
		{ "10.0.0.1", "10.0.0.1", { { FACT_NTLM_COMPUTER_DNS, "ex01.a.example" }, { FACT_SMB_GUID, "g1" } } },
	}, 1, "ex01.a.example" },
	{ "the same in another order", {
		{ "mail", "192.0.2.1", { { FACT_NAME_FRONTEND, "EX01" }, { FACT_SMB_GUID, "g1" } } },
		{ "10.0.0.1", "10.0.0.1", { { FACT_NTLM_COMPUTER_DNS, "ex01.a.example" }, { FACT_SMB_GUID, "g1" } } },
		{ "owa", "192.0.2.2", { { FACT_NTLM_COMPUTER_DNS, "ex01.a.example" } } },
	}, 1, NULL },
	{ "a GUID that two differently named machines have ties nothing", {
		{ "a", "192.0.2.1", { { FACT_NTLM_COMPUTER_DNS, "ex01.a.example" }, { FACT_SMB_GUID, "g1" } } },
		{ "b", "192.0.2.2", { { FACT_NTLM_COMPUTER_DNS, "ex02.a.example" }, { FACT_SMB_GUID, "g1" } } },
	}, 2, NULL },
	{ "the NTLM domain and the computer, one of them without names of DNS", {
		{ "a", "192.0.2.1", { { FACT_NTLM_DOMAIN_NB, "CORP" }, { FACT_NTLM_COMPUTER_NB, "EX01" } } },
		{ "b", "192.0.2.2", { { FACT_NTLM_COMPUTER_DNS, "ex01.a.example" }, { FACT_NTLM_DOMAIN_NB, "corp" } } },
	}, 1, "ex01.a.example" },
	{ "the same computer of another NTLM domain", {
		{ "a", "192.0.2.1", { { FACT_NTLM_DOMAIN_NB, "CORP" }, { FACT_NTLM_COMPUTER_NB, "EX01" } } },
		{ "b", "192.0.2.2", { { FACT_NTLM_COMPUTER_DNS, "ex01.a.example" }, { FACT_NTLM_DOMAIN_NB, "OTHER" } } },
	}, 2, NULL },
	{ "a workgroup is no domain", {
		{ "a", "192.0.2.1", { { FACT_NTLM_DOMAIN_NB, "WORKGROUP" }, { FACT_NTLM_COMPUTER_NB, "EX01" } } },
		{ "b", "192.0.2.2", { { FACT_NTLM_DOMAIN_NB, "WORKGROUP" }, { FACT_NTLM_COMPUTER_NB, "EX01" } } },
	}, 2, NULL },
	{ "nor is the machine's own name", {
		{ "a", "192.0.2.1", { { FACT_NTLM_DOMAIN_NB, "EX01" }, { FACT_NTLM_COMPUTER_NB, "EX01" } } },
		{ "b", "192.0.2.2", { { FACT_NTLM_DOMAIN_NB, "EX01" }, { FACT_NTLM_COMPUTER_NB, "EX01" } } },
	}, 2, NULL },
	{ "one NTLM domain and computer, two GUIDs", {
		{ "a", "192.0.2.1", { { FACT_NTLM_DOMAIN_NB, "CORP" }, { FACT_NTLM_COMPUTER_NB, "EX01" }, { FACT_SMB_GUID, "g1" } } },
		{ "b", "192.0.2.2", { { FACT_NTLM_DOMAIN_NB, "CORP" }, { FACT_NTLM_COMPUTER_NB, "EX01" }, { FACT_SMB_GUID, "g2" } } },
	}, 2, NULL },
	{ "a bare name and a certificate that two domains share: neither is guessed to be the other", {
		{ "a", "192.0.2.1", { { FACT_NTLM_COMPUTER_DNS, "ex01.a.example" }, { FACT_CERT_SHA256, "aa" } } },
		{ "b", "192.0.2.2", { { FACT_NTLM_COMPUTER_DNS, "ex01.b.example" }, { FACT_CERT_SHA256, "aa" } } },
		{ "c", "192.0.2.3", { { FACT_NAME_FRONTEND, "EX01" }, { FACT_CERT_SHA256, "aa" } } },
	}, 2, NULL },
	{ "nothing at all", { { "x", "", { { FACT_HTTP_STATUS, NULL } } } }, 0, "" },
};

static struct result *
result_of(const struct row *row)
{
	struct result *r = result_new();

	free(r->target);
	free(r->address);
	r->target = text_dup(row->target);
	r->address = text_dup(row->address);
	for (size_t i = 0; i < 4 && row->facts[i].value != NULL; i++)
		obs_text(r->obs, row->facts[i].fact, "https://mail/", "case", row->facts[i].value, "");
	return r;
}

static void
ties(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct same s = { 0 };
		size_t shown[SAME_NAMES];
		char *words = NULL;

		for (size_t k = 0; k < ROWS && cases[i].rows[k].target != NULL; k++) {
			struct result *r = result_of(&cases[i].rows[k]);

			(void)same_add(&s, r, shown);
			free(words);
			words = same_words(r);
			result_free(r);
		}
		if (same_count(&s) != cases[i].machines)
			fail_msg("%s: %zu machines, not %zu", cases[i].what, same_count(&s), cases[i].machines);
		if (cases[i].words != NULL && strcmp(words, cases[i].words) != 0)
			fail_msg("%s: %s, not %s", cases[i].what, words, cases[i].words);
		free(words);
		same_clear(&s);
	}
}

static void
own_certificate(void **state)
{
	struct same s = { 0 };
	size_t shown[SAME_NAMES];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct result *r = result_of(&(struct row){ i == 0 ? "a" : "b",
		    i == 0 ? "192.0.2.1" : "192.0.2.2", { { FACT_CERT_SHA256, "aa" } } });

		obs_number(r->obs, FACT_CERT_DEFAULT, "https://mail/", "case", 1, "");
		(void)same_add(&s, r, shown);
		result_free(r);
	}
	assert_int_equal(same_count(&s), 1);
	assert_int_equal(s.v[0].ntargets, 2);
	same_clear(&s);
}

static void
bounded(void **state)
{
	struct same s = { 0 };
	char address[32], target[32];
	size_t shown[SAME_NAMES];

	(void)state;
	for (unsigned i = 0; i < SAME_MACHINES + 10; i++) {
		struct result *r;

		(void)snprintf(address, sizeof(address), "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
		r = result_of(&(struct row){ "x", address, { { FACT_CERT_SHA256, "aa" } } });
		(void)same_add(&s, r, shown);
		result_free(r);
	}
	assert_int_equal(same_count(&s), SAME_MACHINES);
	assert_int_equal(s.lost, 10);
	for (unsigned i = 0; i < 100; i++) {
		struct result *r;

		(void)snprintf(target, sizeof(target), "t%u", i);
		r = result_of(&(struct row){ target, "10.0.0.0", { { FACT_CERT_SHA256, "aa" } } });
		(void)same_add(&s, r, shown);
		result_free(r);
	}
	assert_int_equal(s.v[0].ntargets, 101);
	same_clear(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ties), cmocka_unit_test(own_certificate), cmocka_unit_test(bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
