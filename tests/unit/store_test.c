/* store_test.c - reading results back: good lines, and every kind of bad one. */
#include "config-build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "store.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define HEAD "{\"schema\":\"exvet/1\",\"target\":\"mail\","
#define TAIL "\"observations\":[],\"errors\":[]}"
#define SEEN(x) HEAD "\"errors\":[],\"observations\":[" x "]}"

/* The file under test; the name is in *path and the caller removes it. */
static void
write_file(char *path, const void *bytes, size_t n)
{
	const char name[] = "store-test-XXXXXX";
	int fd;

	memcpy(path, name, sizeof(name));
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	assert_int_equal(close(fd), 0);
}

/* Runs with stderr in a file, and gives what was printed. */
static char *
read_all(const void *bytes, size_t n, int *good, int *bad, struct result **last)
{
	char path[32], err[] = "store-stderr-XXXXXX";
	static char said[65536];
	int saved = dup(2), fd = mkstemp(err), got;
	struct store_reader *r;
	struct result *result;
	ssize_t len;

	write_file(path, bytes, n);
	assert_true(dup2(fd, 2) == 2);
	r = store_open(path);
	*good = *bad = 0;
	while (r != NULL && (got = store_next(r, &result)) != 0) {
		*good += got > 0;
		*bad += got < 0;
		if (got < 0)
			continue;
		if (last != NULL) {
			result_free(*last);
			*last = result;
		} else {
			result_free(result);
		}
	}
	store_close(r);
	assert_true(dup2(saved, 2) == 2);
	len = pread(fd, said, sizeof(said) - 1, 0);
	said[len > 0 ? len : 0] = '\0';
	(void)close(fd);
	(void)close(saved);
	(void)unlink(err);
	(void)unlink(path);
	return said;
}

static void
good_lines(void **state)
{
	static const char file[] = "\xef\xbb\xbf" HEAD TAIL "\r\n\n  \n"
	    "{\"schema\":\"exvet/1\",\"target\":\"[2001:db8::1]:8443\",\"tag\":\"dc\","
	    "\"address\":\"2001:db8::1\",\"port\":8443,\"vantage\":null,"
	    "\"started\":\"2026-11-24T05:38:00.123Z\",\"duration_ms\":1234,\"connections\":2,"
	    "\"requests\":9,\"new_key\":{\"a\":[1,2]},\"finished\":false,\"capped\":true,"
	    "\"profile\":\"quick\",\"probes\":\"owa,ecp\",\"observations\":["
	    "{\"fact\":\"exchange.build\",\"value\":\"15.2.1748.39\",\"at\":\"https://h/owa/\","
	    "\"probe\":\"owa\",\"evidence\":\"X-OWA-Version: 15.2.1748.39\",\"more\":1},"
	    "{\"fact\":\"http.title\",\"value\":\"a\\u0000b\\u001b\",\"at\":\"u\",\"probe\":\"p\"},"
	    "{\"fact\":\"http.status\",\"value\":302,\"at\":\"u\",\"probe\":\"p\"},"
	    "{\"fact\":\"cert.name-match\",\"value\":true,\"at\":\"u\",\"probe\":\"p\"}],"
	    "\"errors\":[{\"probe\":null,\"at\":\"h:443\",\"stage\":\"connect\",\"reason\":\"refused\","
	    "\"detail\":\"\"}]}";		/* no newline at the end */
	struct result *r = NULL;
	int good, bad;
	char *said = read_all(file, sizeof(file) - 1, &good, &bad, &r);

	(void)state;
	assert_string_equal(said, "");
	assert_int_equal(good, 2);
	assert_int_equal(bad, 0);
	assert_string_equal(r->target, "[2001:db8::1]:8443");
	assert_string_equal(r->tag, "dc");
	assert_string_equal(r->vantage, "");
	assert_int_equal(r->port, 8443);
	assert_true(r->started_ms == 1795498680123);
	assert_int_equal(r->duration_ms, 1234);
	assert_false(r->finished);
	assert_true(obs_capped(r->obs));
	assert_int_equal(obs_count(r->obs), 4);
	assert_string_equal(obs_get(r->obs, 0)->evidence, "X-OWA-Version: 15.2.1748.39");
	assert_string_equal(obs_get(r->obs, 1)->text, "a\\x00b\\x1b");
	assert_int_equal(obs_get(r->obs, 2)->number, 302);
	assert_int_equal(obs_get(r->obs, 3)->number, 1);
	assert_string_equal(obs_error_get(r->obs, 0)->probe, "");
	assert_string_equal(obs_error_get(r->obs, 0)->reason, "refused");
	result_free(r);
}

/* Each bad line stands between two good ones: it is told, the others are read. */
static void
bad_lines(void **state)
{
	static const struct { const char *line, *says; } cases[] = {
		{ "rubbish", "not JSON" },
		{ "{\"schema\":\"exvet/1\"", "cut short" },
		{ HEAD TAIL " x", "not JSON" },
		{ "[]", "expected a JSON object" },
		{ "{}", "expected \"exvet/1\"" },
		{ "{\"schema\":\"exvet/2\"}", "\"exvet/2\": expected \"exvet/1\"" },
		{ "{\"schema\":\"\\u001b[31m\"}", "\\x1b[31m" },
		{ "{\"schema\":1}", "\"schema\": expected a string" },
		{ "{\"schema\":\"exvet/1\"," TAIL, "\"target\": expected" },
		{ HEAD "\"tag\":[]," TAIL, "\"tag\": expected a string" },
		{ HEAD "\"tag\":\"a\\u0000b\"," TAIL, "\"tag\": holds a NUL" },
		{ HEAD "\"port\":0," TAIL, "\"port\": expected a whole number" },
		{ HEAD "\"port\":65536," TAIL, "\"port\": expected" },
		{ HEAD "\"port\":443.5," TAIL, "\"port\": expected" },
		{ HEAD "\"port\":\"443\"," TAIL, "\"port\": expected" },
		{ HEAD "\"duration_ms\":99999999999999999999999," TAIL, "\"duration_ms\": expected" },
		{ HEAD "\"requests\":-1," TAIL, "\"requests\": expected" },
		{ HEAD "\"started\":\"yesterday\"," TAIL, "\"started\": expected a time" },
		{ HEAD "\"started\":\"2026-13-01T00:00:00.000Z\"," TAIL, "\"started\": expected" },
		{ HEAD "\"started\":\"2026-12-01T00:00:00.000Zx\"," TAIL, "\"started\": expected" },
		{ HEAD "\"finished\":1," TAIL, "\"finished\": expected true or false" },
		{ HEAD "\"errors\":[]}", "\"observations\": expected a list" },
		{ HEAD "\"observations\":{},\"errors\":[]}", "\"observations\": expected a list" },
		{ HEAD "\"observations\":[1],\"errors\":[]}", "entry 0: expected an object" },
		{ HEAD "\"observations\":[]}", "\"errors\": expected a list" },
		{ SEEN("{\"fact\":7}"), "\"fact\": expected a string" },
		{ SEEN("{}"), "\"fact\": expected the name" },
		{ SEEN("{\"fact\":\"http.title\",\"value\":7}"), "\"http.title\": expected a string" },
		{ SEEN("{\"fact\":\"http.title\"}"), "\"http.title\": expected a string" },
		{ SEEN("{\"fact\":\"http.status\",\"value\":\"7\"}"), "\"http.status\": expected" },
		{ SEEN("{\"fact\":\"http.status\",\"value\":1e99}"), "\"http.status\": expected" },
		{ SEEN("{\"fact\":\"http.status\",\"value\":18446744073709551615}"), "below 2^63" },
		{ SEEN("{\"fact\":\"http.status\",\"value\":-99999999999999999999}"), "below 2^63" },
		{ SEEN("{\"fact\":\"exchange.build\",\"value\":\"fifteen\"}"), "expected a build" },
		{ SEEN("{\"fact\":\"exchange.build\",\"value\":15.2}"), "expected a build" },
		{ SEEN("{\"fact\":\"cert.name-match\",\"value\":1}"), "expected true or false" },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "not JSON" },
		{ HEAD "\"x\":nope," TAIL, "not JSON" },
		{ HEAD "\"port\":NaN," TAIL, "\"port\": expected" },
		{ HEAD "\"x\":\"\xff\"," TAIL, "not JSON" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *file = text_printf(HEAD TAIL "\n%s\n" HEAD TAIL "\n", cases[i].line);
		int good, bad;
		char *said = read_all(file, strlen(file), &good, &bad, NULL);

		if (good != 2 || bad != 1 || strstr(said, cases[i].says) == NULL)
			fail_msg("%s: %d good, %d bad: %s", cases[i].line, good, bad, said);
		assert_non_null(strstr(said, ":2: "));	/* the line's number */
		assert_null(strchr(said, '\033'));
		free(file);
	}
}

static void
long_line(void **state)
{
	size_t big = 17u << 20, n = 0;
	char *file = text_alloc(big + 400);
	int good, bad;
	char *said;

	(void)state;
	memset(file, 'a', big);
	n = big;
	memcpy(file + n, "\n" HEAD TAIL, sizeof("\n" HEAD TAIL) - 1);
	n += sizeof("\n" HEAD TAIL) - 1;
	said = read_all(file, n, &good, &bad, NULL);
	assert_int_equal(good, 1);
	assert_int_equal(bad, 1);
	assert_non_null(strstr(said, ":1: longer than"));
	free(file);
}

/* A newer version may know more facts: told once, the rest counts. */
static void
unknown_fact(void **state)
{
	static const char file[] = SEEN("{\"fact\":\"new.\\u001bfact\",\"value\":1},"
	    "{\"fact\":\"new.two\",\"value\":1},"
	    "{\"fact\":\"http.status\",\"value\":200,\"at\":\"u\",\"probe\":\"p\"}") "\n";
	struct result *r = NULL;
	int good, bad;
	char *said = read_all(file, sizeof(file) - 1, &good, &bad, &r);

	(void)state;
	assert_int_equal(good, 1);
	assert_int_equal(bad, 0);
	assert_non_null(strstr(said, ":1: this version does not know the fact \"new.\\x1bfact\""));
	assert_null(strstr(said, "new.two"));
	assert_int_equal(obs_count(r->obs), 1);
	result_free(r);
}

static void
no_such_file(void **state)
{
	(void)state;
	assert_null(store_open("no/such/file.jsonl"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_lines), cmocka_unit_test(bad_lines),
		cmocka_unit_test(long_line), cmocka_unit_test(unknown_fact),
		cmocka_unit_test(no_such_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
