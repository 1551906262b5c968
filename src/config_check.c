/*
 * config_check.c - is the value of an option what that option takes: each
 * check gives NULL, or the words that follow "expected" in the message.
 */
#include "config-build.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "check_range.h"
#include "check_terms.h"
#include "config_inner.h"
#include "probe.h"
#include "report.h"

static const char alnum[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

const char *
config_check_text(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return "text without control characters";
	return NULL;
}

/* RFC 9110 section 5.5: what a header may hold; and we stay within ASCII. */
const char *
config_check_header(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s < 0x20 || *s > 0x7e)
			return "printable ASCII text";
	return NULL;
}

/* DIR=SCHEME+SCHEME, several separated by blanks. */
const char *
config_check_allowed_auth(const char *s)
{
	while (*s != '\0') {
		size_t dir, schemes;

		s += strspn(s, " ");
		if (*s == '\0')
			break;
		dir = strcspn(s, "= ");
		schemes = s[dir] == '=' ? strcspn(s + dir + 1, " ") : 0;
		if (dir == 0 || schemes == 0)
			return "entries as EWS=NTLM+Negotiate, separated by blanks";
		s += dir + 1 + schemes;
	}
	return NULL;
}

const char *
config_check_may_reach(const char *s)
{
	static const char *const words[] = { "ecp", "powershell", "81", "444" };

	while (*(s += strspn(s, " ,")) != '\0') {
		size_t n = strcspn(s, " ,");
		bool known = false;

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			known |= strlen(words[i]) == n && strncasecmp(s, words[i], n) == 0;
		if (!known)
			return "words of ecp, powershell, 81 and 444, separated by blanks";
		s += n;
	}
	return NULL;
}

/* White space, quotes, slashes and control characters are in no name or address. */
static bool
is_host(const char *s, size_t n)
{
	if (n == 0 || n > 255 || s[0] == '-' || s[0] == '.')
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x80 && strchr(alnum, s[i]) == NULL &&
		    strchr("-._", s[i]) == NULL)
			return false;
	return true;
}

const char *
config_check_host(const char *s)
{
	return is_host(s, strlen(s)) ? NULL : "the name of a host";
}

/* The grammar is the target list's; here only what can be in none of its forms. */
const char *
config_check_exclude(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x80 && strchr(alnum, *s) == NULL &&
		    strchr("-._:/[]*%", *s) == NULL)
			return "an address, CIDR block, range or name";
	return NULL;
}

static bool
is_ipv4(const char *s)
{
	for (int part = 0; part < 4; part++) {
		int value = 0, digits = 0;

		for (; isdigit((unsigned char)*s) && digits < 4; s++, digits++)
			value = value * 10 + (*s - '0');
		if (digits == 0 || digits > 3 || value > 255 || *s != (part < 3 ? '.' : '\0'))
			return false;
		s++;
	}
	return true;
}

/* Close enough to tell an IPv6 address from a typing error: RFC 4291 section 2.2. */
static bool
is_ipv6(const char *s, size_t n)
{
	size_t colons = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == ':')
			colons++;
		else if (s[i] == '%' && i > 0)
			break;
		else if (!isxdigit((unsigned char)s[i]) && s[i] != '.')
			return false;
	}
	return colons >= 2 && colons <= 8;
}

const char *
config_check_resolve(const char *s)
{
	static const char expected[] = "HOST:ADDR such as mail.example.com:192.0.2.1";
	const char *colon = strchr(s, ':'), *addr;
	size_t n;

	if (colon == NULL || !is_host(s, (size_t)(colon - s)))
		return expected;
	addr = colon + 1;
	n = strlen(addr);
	if (n > 2 && addr[0] == '[' && addr[n - 1] == ']')
		return is_ipv6(addr + 1, n - 2) ? NULL : expected;
	return is_ipv4(addr) || is_ipv6(addr, n) ? NULL : expected;
}

static bool
is_probe(const char *name, size_t n)
{
	for (size_t i = 0; probe_table[i] != NULL; i++)
		if (strlen(probe_table[i]->name) == n && strncmp(probe_table[i]->name, name, n) == 0)
			return true;
	return false;
}

const char *
config_check_probe(const char *s)
{
	return is_probe(s, strlen(s)) ? NULL : "the name of a probe (`exvet list probes')";
}

const char *
config_check_port(const char *s)
{
	const char *equal = strchr(s, '=');
	size_t n = equal != NULL ? (size_t)(equal - s) : 0;
	int64_t port;

	if (equal != NULL && !(n == 5 && text_starts(s, "https")) && !is_probe(s, n))
		return "https or the name of a probe (`exvet list probes') before the =";
	return text_number(equal != NULL ? equal + 1 : s, 1, 65535, &port) ? NULL :
	    "[PROBE=]NUMBER with a number from 1 to 65535";
}

const char *
config_check_proxy(const char *s)
{
	static const char *const schemes[] = {
		"http://", "https://", "socks4://", "socks4a://", "socks5://", "socks5h://",
	};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (text_starts_nocase(s, schemes[i]) && s[strlen(schemes[i])] != '\0' &&
		    strchr(s, ' ') == NULL && config_check_header(s) == NULL)
			return NULL;
	return "a URL such as http://proxy.example.com:3128 or socks5h://127.0.0.1:1080";
}

/* text and jsonl are also the formats of `exvet builds` and `exvet list`. */
const char *
config_check_output(const char *s)
{
	size_t n = strcspn(s, ":");
	bool known = (n == 4 && text_starts(s, "text")) || (n == 5 && text_starts(s, "jsonl"));

	for (size_t i = 0; !known && report_table[i] != NULL; i++)
		known = strlen(report_table[i]->name) == n &&
		    strncmp(report_table[i]->name, s, n) == 0;
	if (!known)
		return "FORMAT[:FILE] with a known format (`exvet list formats')";
	if (s[n] == ':' && s[n + 1] == '\0')
		return "a file name after the colon";
	return config_check_text(s);
}

/* RFC 9110 section 5.1: a name is a token; and what is not ours to change. */
const char *
config_check_field(const char *s)
{
	const char *colon = strchr(s, ':');

	if (colon == NULL || colon == s)
		return "NAME:VALUE";
	for (const char *p = s; p < colon; p++)
		if (strchr(alnum, *p) == NULL && strchr("!#$%&'*+-.^_`|~", *p) == NULL)
			return "the name of a header before the colon";
	return config_check_header(colon + 1);
}

/* One server: no list, block, range or URL. */
const char *
config_check_target(const char *s)
{
	static const char expected[] = "the name or address of one server";
	size_t n = strlen(s);

	if (n == 0 || strpbrk(s, "/@*, ") != NULL || s[0] == '-')
		return expected;
	if (strspn(s, "0123456789.-") == n && strchr(s, '-') != NULL)
		return expected;
	return config_check_text(s) != NULL ? expected : NULL;
}

const char *
config_check_address(const char *s)
{
	size_t n = strlen(s);
	bool bracketed = n > 2 && s[0] == '[' && s[n - 1] == ']' && is_ipv6(s + 1, n - 2);

	return is_ipv4(s) || (n > 0 && is_ipv6(s, n)) || bracketed || is_host(s, n) ? NULL :
	    "the address of a server, or its name";
}

/* check_http of the Monitoring Plugins: VERSION[+], 1 for TLS 1.0. */
const char *
config_check_ssl(const char *s)
{
	static const char *const words[] = {
		"yes", "no", "1", "1.0", "1.1", "1.2", "1.3", "1+", "1.0+", "1.1+", "1.2+", "1.3+",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(s, words[i]) == 0)
			return NULL;
	return "1, 1.1, 1.2 or 1.3, with a + for newer ones too (2 and 3 were SSL, which is not spoken)";
}

const char *
config_check_threshold(const char *s)
{
	const char *equal = strchr(s, '=');
	struct check_range r;

	if (equal != NULL && check_metric_find(s, (size_t)(equal - s)) == METRIC_COUNT)
		return "a metric before the =: missing-updates, days-behind, kev-open, cves-open, "
		    "cert-days, findings-critical, findings-high, findings-medium, findings-low, "
		    "time, time-resolve, time-connect, time-tls, time-first-byte, members or time-DIRECTORY";
	return check_range_parse(equal != NULL ? equal + 1 : s, &r) ? NULL :
	    "[METRIC=]RANGE with a range such as 0, 30:, ~:10, 10:20 or @10:20, its start not "
	    "above its end";
}

const char *
config_check_days(const char *s)
{
	const char *comma = strchr(s, ',');
	char *first = text_dup_n(s, comma != NULL ? (size_t)(comma - s) : strlen(s));
	int64_t days;
	bool good = text_number(first, 0, 36500, &days) &&
	    (comma == NULL || text_number(comma + 1, 0, 36500, &days));

	free(first);
	return good ? NULL : "DAYS[,DAYS] with whole numbers";
}

const char *
config_check_group(const char *s)
{
	for (size_t i = 0; check_groups[i] != NULL; i++)
		if (strcmp(check_groups[i], s) == 0)
			return NULL;
	return "one of patch, support, tls, cert, smb, auth, mail, health and exposure";
}
