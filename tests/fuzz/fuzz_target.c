/*
 * fuzz_target.c - any bytes as a list of targets: every format, nothing
 * printed, every target handed out well-formed.
 *
 * The first byte picks the rules; the rest is the list.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "target.h"
#include "target_input.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What no input may bring about. */
static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* Its text, read again, is the same target. */
static void
check_again(const struct target *t)
{
	const struct target_rules none = { .port = 0 };
	struct target_spec spec;
	char why[TARGET_WHY], address[TARGET_ADDR_TEXT];

	require(target_parse(t->text, strlen(t->text), &none, &spec, why));
	require(target_parse_count(&spec) == 1);
	require(spec.port == t->port && spec.plain == t->plain && spec.is_name != t->is_address);
	require(strcmp(spec.is_name ? spec.host : target_addr_text(&spec.first, address),
	    t->host) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char port[] = "8443", *ports[] = { port };
	struct config c = { 0 };
	struct target_source *s;
	struct target t;
	size_t count = 0;
	int rc = 1;

	if (n == 0)
		return 0;
	c.ipv4_only = (p[0] & 7) == 1;
	c.ipv6_only = (p[0] & 7) == 2;
	if ((p[0] & 7) == 3)
		c.ports = (struct config_list){ .v = ports, .n = 1 };
	s = target_open_memory(&c, p + 1, n - 1, "fuzz", true);
	while (count < 4096 && (rc = target_next(s, &t)) == 1) {
		require(t.port != 0 && t.host[0] != '\0' && strlen(t.tag) < LIMIT_TAG);
		check_again(&t);
		target_clear(&t);
		count++;
	}
	require(target_given(s) == count);
	target_close(s);
	return 0;
}
