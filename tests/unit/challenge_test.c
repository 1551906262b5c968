/* challenge_test.c - WWW-Authenticate as servers write it, and as nobody should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "wire/challenge.h"

/* Write what was read as "scheme[token68]{name=value}" and so on. */
static void
render(const char *field, struct text_buf *out)
{
	struct challenge c;

	while (challenge_next(&field, &c)) {
		if (out->len > 0)
			text_buf_str(out, " | ");
		text_buf_add(out, c.scheme, c.scheme_len);
		if (c.token68 != NULL)
			text_buf_printf(out, "[%.*s]", (int)c.token68_len, c.token68);
		for (size_t i = 0; i < c.nparams; i++) {
			char name[64], value[64];

			(void)snprintf(name, sizeof(name), "%.*s", (int)c.params[i].name_len,
			    c.params[i].name);
			assert_true(challenge_param(&c, name, value, sizeof(value)));
			text_buf_printf(out, "{%s=%s}", name, value);
		}
	}
	if (out->s == NULL)
		text_buf_str(out, "");
}

static void
reads(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "NTLM", "NTLM" }, { "Negotiate,NTLM", "Negotiate | NTLM" },
		{ "Negotiate, NTLM, Basic realm=\"mail.example.test\"",
		  "Negotiate | NTLM | Basic{realm=mail.example.test}" },
		{ "Basic realm=\"a, b\", NTLM", "Basic{realm=a, b} | NTLM" },
		{ "Basic realm=\"a \\\"quoted\\\" \\\\ one\"", "Basic{realm=a \"quoted\" \\ one}" },
		{ "Basic realm=simple , charset = \"UTF-8\"", "Basic{realm=simple}{charset=UTF-8}" },
		{ "NTLM TlRMTVNTUAACAAAA", "NTLM[TlRMTVNTUAACAAAA]" },
		{ "NTLM TlRMTVNTUAACAAA=", "NTLM[TlRMTVNTUAACAAA=]" },
		{ "NTLM TlRMTVNTUAACAA==, Basic realm=\"x\"",
		  "NTLM[TlRMTVNTUAACAA==] | Basic{realm=x}" },
		{ "NTLM Tl/+VNTU==,Negotiate", "NTLM[Tl/+VNTU==] | Negotiate" },
		{ "Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic realm=\"simple\"",
		  "Newauth{realm=apps}{type=1}{title=Login to \"apps\"} | Basic{realm=simple}" },
		{ "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", token_types=\"a b\", "
		  "error=\"invalid_token\"",
		  "Bearer{client_id=00000002-0000-0ff1-ce00-000000000000}{token_types=a b}"
		  "{error=invalid_token}" },
		{ ", ,Basic realm=\"x\",,NTLM,", "Basic{realm=x} | NTLM" },
		{ "Basic realm=\"\"", "Basic{realm=}" },
		/* bad twins: what stood before them holds, and so does what follows a comma */
		{ "", "" }, { ",", "" }, { "\"NTLM\"", "" }, { "=x", "" },
		{ "Basic realm=\"never closed", "Basic" },
		{ "Basic realm=\"ends in \\", "Basic" },
		{ "Negotiate, Basic realm=\"x\" garbage, NTLM", "Negotiate | Basic | NTLM" },
		{ "Basic realm=Exchange Server, NTLM", "Basic | NTLM" },
		{ "Basic realm=\"x\" y=\"a, b\", NTLM", "Basic | NTLM" },
		{ "=x, NTLM", "NTLM" }, { "\"NTLM, Basic\", Negotiate", "Negotiate" },
		{ "Basic realm=\"x\" \"never closed, NTLM", "Basic" },
		{ "NTLM a b c, Negotiate", "NTLM | Negotiate" }, { "NTLM;q=1, Basic realm=x", "Basic{realm=x}" },
		{ "NTLM a b c", "NTLM" }, { "NTLM;q=1", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text_buf out = { 0 };

		render(cases[i].in, &out);
		if (strcmp(out.s, cases[i].out) != 0)
			fail_msg("%s: %s", cases[i].in, out.s);
		text_buf_free(&out);
	}
}

static void
many_params(void **state)
{
	struct text_buf in = { 0 };
	struct challenge c;
	const char *rest;
	char value[8];

	(void)state;
	text_buf_str(&in, "Basic a0=1");
	for (int i = 1; i < 100; i++)
		text_buf_printf(&in, ", a%d=1", i);
	text_buf_str(&in, ", NTLM");
	rest = in.s;
	assert_true(challenge_next(&rest, &c));
	assert_int_equal(c.nparams, CHALLENGE_PARAMS);
	assert_false(challenge_param(&c, "a99", value, sizeof(value)));
	assert_true(challenge_next(&rest, &c));
	assert_true(challenge_is(&c, "ntlm"));
	assert_false(challenge_next(&rest, &c));
	text_buf_free(&in);
}

static void
cuts_values(void **state)
{
	const char *rest = "Basic Realm=\"0123456789\"";
	struct challenge c;
	char value[5];

	(void)state;
	assert_true(challenge_next(&rest, &c));
	assert_true(challenge_is(&c, "basic"));
	assert_false(challenge_is(&c, "basi"));
	assert_false(challenge_is(&c, "basics"));
	assert_true(challenge_param(&c, "realm", value, sizeof(value)));
	assert_string_equal(value, "0123");
	assert_false(challenge_param(&c, "real", value, sizeof(value)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads), cmocka_unit_test(many_params),
		cmocka_unit_test(cuts_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
