/*
 * target_parse.c - one argument or list entry: a name, an address, a CIDR
 * block or a range, each with an optional port, or a URL.
 *
 * The only place that knows libidn2.  Knows no files and prints nothing.  A
 * reason never repeats the entry, because that may hold a password.
 */
#include <ctype.h>
#include <idn2.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "target_input.h"

enum {
	V4_EXPAND = 1 << 24,	/* addresses of the largest IPv4 block or range: a /8 */
	V6_EXPAND = 1 << 20,	/* of the largest IPv6 one: a /108 */
	DOMAIN_MAX = 253,	/* RFC 1035 section 2.3.4, as text without the final dot */
	LABEL_MAX = 63,
};

/* A piece of text that owns nothing. */
struct piece {
	const char	*s;
	size_t		 n;
};

static bool
fail(char why[TARGET_WHY], const char *reason)
{
	(void)snprintf(why, TARGET_WHY, "%s", reason);
	return false;
}

static bool
all_digits(struct piece p)
{
	for (size_t i = 0; i < p.n; i++)
		if (!isdigit((unsigned char)p.s[i]))
			return false;
	return p.n > 0;
}

static struct piece
after(struct piece p, size_t n)
{
	return (struct piece){ p.s + n, p.n - n };
}

/* Where c stands, or p.n. */
static size_t
find(struct piece p, char c)
{
	const char *at = p.n != 0 ? memchr(p.s, c, p.n) : NULL;

	return at != NULL ? (size_t)(at - p.s) : p.n;
}

static bool
small_number(struct piece p, unsigned max, unsigned *out)
{
	unsigned v = 0;

	if (!all_digits(p) || p.n > 5)
		return false;
	for (size_t i = 0; i < p.n; i++)
		v = v * 10 + (unsigned)(p.s[i] - '0');
	*out = v;
	return v <= max;
}

static bool
parse_port(struct piece p, struct target_spec *out, char why[TARGET_WHY])
{
	unsigned port;

	if (!small_number(p, 65535, &port) || port == 0)
		return fail(why, "bad port, expected a number from 1 to 65535");
	out->port = (uint16_t)port;
	out->has_port = true;
	return true;
}

/*
 * Labels of RFC 1123 section 2.1, and the underscore that Windows names have.
 * A name that ends in a number could only be an address written wrongly.
 */
static bool
check_name(const char *s, size_t n, char why[TARGET_WHY])
{
	size_t start = 0;

	if (n > DOMAIN_MAX)
		return fail(why, "host name too long, expected at most 253 characters");
	for (size_t i = 0; i <= n; i++) {
		if (i < n && s[i] != '.') {
			if (isalnum((unsigned char)s[i]) || s[i] == '-' || s[i] == '_')
				continue;
			return fail(why, "bad character in a host name, expected letters, "
			    "digits, '-' and '.'");
		}
		if (i == start)
			return fail(why, "empty label in a host name, "
			    "expected letters or digits between the dots");
		if (i - start > LABEL_MAX)
			return fail(why, "label of a host name too long, expected at most "
			    "63 characters between the dots");
		if (s[start] == '-' || s[i - 1] == '-')
			return fail(why, "'-' at the edge of a label, expected a letter or digit");
		if (i < n)
			start = i + 1;
	}
	if (all_digits((struct piece){ s + start, n - start }) ||
	    (n - start >= 2 && s[start] == '0' && (s[start + 1] | 0x20) == 'x'))
		return fail(why, "not an address, expected four numbers from 0 to 255 "
		    "without leading zeroes, or a host name");
	return true;
}

/* UTF-8 to A-labels: IDNA2008 after the non-transitional mapping of UTS 46. */
static bool
name_to_ascii(struct piece p, char out[256], char why[TARGET_WHY])
{
	char u8[LIMIT_LIST_LINE + 1];
	uint8_t *ascii = NULL;
	int rc;

	if (p.n > DOMAIN_MAX * 4)
		return fail(why, "host name too long, expected at most 253 characters");
	memcpy(u8, p.s, p.n);
	u8[p.n] = '\0';
	rc = idn2_lookup_u8((const uint8_t *)u8, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc != IDN2_OK) {
		(void)snprintf(why, TARGET_WHY, "not an international host name (%s), "
		    "expected UTF-8 that IDNA2008 allows", idn2_strerror(rc));
		return false;
	}
	(void)snprintf(out, 256, "%s", (const char *)ascii);
	idn2_free(ascii);
	return true;
}

static bool
parse_name(struct piece p, struct target_spec *out, char why[TARGET_WHY])
{
	if (!check_name(p.s, p.n, why))
		return false;
	for (size_t i = 0; i < p.n; i++)
		out->host[i] = (char)tolower((unsigned char)p.s[i]);
	out->is_name = true;
	return true;
}

static bool
parse_block(struct piece p, size_t slash, struct target_spec *out, char why[TARGET_WHY])
{
	struct piece prefix = after(p, slash + 1);
	struct target_addr a;
	bool v4;
	unsigned bits;

	if (!target_addr_parse(p.s, slash, &a))
		return fail(why, "'/' after something that is no address, expected "
		    "ADDRESS/PREFIX; a URL starts with https://, a file with @");
	v4 = memchr(p.s, ':', slash) == NULL;
	if (!small_number(prefix, v4 ? 32 : 128, &bits))
		return fail(why, v4 ? "bad prefix length, expected a number from 0 to 32" :
		    "bad prefix length, expected a number from 0 to 128");
	target_addr_block(&a, v4 ? bits + 96 : bits, &out->first, &out->last);
	return true;
}

/* 10.0.0.1-50 or FIRST-LAST.  False without a reason: it is no range at all. */
static bool
parse_range(struct piece p, size_t dash, struct target_spec *out, char why[TARGET_WHY])
{
	struct piece end = after(p, dash + 1);
	unsigned octet;

	why[0] = '\0';
	if (!target_addr_parse(p.s, dash, &out->first))
		return false;
	if (!target_addr_parse(end.s, end.n, &out->last)) {
		if (!target_addr_is_v4(&out->first) || !all_digits(end))
			return memchr(p.s, ':', dash) == NULL ? false :
			    fail(why, "bad end of a range, expected an IPv6 address");
		if (!small_number(end, 255, &octet) || (end.n > 1 && end.s[0] == '0'))
			return fail(why, "bad end of a range, expected a number from 0 to 255 "
			    "or an address");
		out->last = out->first;
		out->last.lo = (out->last.lo & ~(uint64_t)0xff) | octet;
	}
	if (target_addr_is_v4(&out->first) != target_addr_is_v4(&out->last))
		return fail(why, "range between IPv4 and IPv6, expected one family");
	if (target_addr_cmp(&out->first, &out->last) > 0)
		return fail(why, "range runs backwards, expected the lower address first");
	return true;
}

static bool
parse_ascii_host(struct piece p, struct target_spec *out, char why[TARGET_WHY])
{
	size_t slash = find(p, '/'), dash = find(p, '-');

	if (p.n == 0)
		return fail(why, "no host, expected a name or an address");
	if (slash < p.n)
		return parse_block(p, slash, out, why);
	if (dash < p.n) {
		if (parse_range(p, dash, out, why))
			return true;
		if (why[0] != '\0')
			return false;
	}
	if (find(p, '%') < p.n)
		return fail(why, "'%' in a host, expected a name or an address without a zone");
	if (target_addr_parse(p.s, p.n, &out->first)) {
		out->last = out->first;
		return true;
	}
	if (find(p, ':') < p.n)
		return fail(why, "not an IPv6 address, expected HOST, HOST:PORT or [ADDRESS]:PORT");
	return parse_name(p, out, why);
}

/*
 * Everything between an optional scheme and an optional port.  What an
 * international name is mapped to is read like any other text: full-width
 * digits and dots are an address.
 */
static bool
parse_host(struct piece p, struct target_spec *out, char why[TARGET_WHY])
{
	char mapped[256];
	bool ascii = true;

	for (size_t i = 0; i < p.n; i++)
		ascii = ascii && (unsigned char)p.s[i] < 0x80;
	if (!ascii) {
		if (!name_to_ascii(p, mapped, why))
			return false;
		p = (struct piece){ mapped, strlen(mapped) };
	}
	if (p.n > 1 && p.s[p.n - 1] == '.')
		p.n--;			/* the root, RFC 1034 section 3.1 */
	return parse_ascii_host(p, out, why);
}

bool
target_parse_host(const char *s, char out[256], char why[TARGET_WHY])
{
	struct target_spec spec = { .host = "" };
	char text[TARGET_ADDR_TEXT];

	if (!parse_host((struct piece){ s, strlen(s) }, &spec, why))
		return false;
	if (!spec.is_name && target_addr_cmp(&spec.first, &spec.last) != 0)
		return fail(why, "many addresses, expected one host");
	(void)snprintf(out, 256, "%s", spec.is_name ? spec.host : target_addr_text(&spec.first, text));
	return true;
}

/* Split HOST, HOST:PORT, [V6]:PORT and bare V6. */
static bool
parse_authority(struct piece p, struct target_spec *out, char why[TARGET_WHY])
{
	size_t colon = find(p, ':'), close;
	struct piece rest;

	if (p.n != 0 && p.s[0] == '[') {
		close = find(p, ']');
		if (close == p.n)
			return fail(why, "'[' without ']', expected [ADDRESS]:PORT");
		rest = after(p, close + 1);
		p = (struct piece){ p.s + 1, close - 1 };
		if (find(p, ':') == p.n)
			return fail(why, "brackets around something else, "
			    "expected an IPv6 address in them");
		if (rest.n != 0 && rest.s[0] != ':')
			return fail(why, "text after ']', expected :PORT");
		if (rest.n != 0 && !parse_port(after(rest, 1), out, why))
			return false;
		return parse_host(p, out, why);
	}
	if (colon == p.n || find(after(p, colon + 1), ':') < p.n - colon - 1)
		return parse_host(p, out, why);
	if (!parse_port(after(p, colon + 1), out, why))
		return false;
	return parse_host((struct piece){ p.s, colon }, out, why);
}

/* Cut scheme and path off; a URL's path says nothing about the target. */
static bool
parse_url(struct piece p, size_t scheme, struct target_spec *out, char why[TARGET_WHY])
{
	struct piece rest = after(p, scheme + 3), authority = rest, path;

	if (scheme == 4 && text_starts_nocase(p.s, "http"))
		out->plain = true;
	else if (scheme != 5 || !text_starts_nocase(p.s, "https"))
		return fail(why, "unknown scheme, expected https:// or http://");
	for (size_t i = 0; i < rest.n; i++)
		if (strchr("/?#", rest.s[i]) != NULL) {
			authority.n = i;
			break;
		}
	path = after(rest, authority.n);
	if (find(authority, '@') < authority.n)
		return fail(why, "user name or password in a URL, expected none: "
		    "exvet never logs on");
	if (!parse_authority(authority, out, why))
		return false;
	if (!out->is_name && path.n >= 2 && path.n <= 4 && path.s[0] == '/' &&
	    all_digits(after(path, 1)))
		return fail(why, "a block in a URL, expected ADDRESS/PREFIX without https://");
	return true;
}

static bool
check_rules(const struct target_rules *rules, const struct target_spec *s, char why[TARGET_WHY])
{
	bool v4 = target_addr_is_v4(&s->first) && target_addr_is_v4(&s->last);

	if (rules->exclusion && s->has_port)
		return fail(why, "port in an exclusion, expected only a host, block or range");
	if (s->is_name || rules->exclusion)
		return true;
	if (rules->v4_only && !v4)
		return fail(why, "IPv6 address, expected only IPv4 because of -4");
	if (rules->v6_only && v4)
		return fail(why, "IPv4 address, expected only IPv6 because of -6");
	if (v4 && target_parse_count(s) > V4_EXPAND)
		return fail(why, "too many addresses, expected at most 16777216 (a /8)");
	if (!v4 && target_parse_count(s) > V6_EXPAND)
		return fail(why, "too many addresses, expected at most 1048576 of IPv6 (a /108)");
	return true;
}

bool
target_parse(const char *s, size_t n, const struct target_rules *rules, struct target_spec *out,
    char why[TARGET_WHY])
{
	struct piece p = { s, n };
	size_t colon = find(p, ':');
	bool url = n - colon > 2 && s[colon + 1] == '/' && s[colon + 2] == '/';

	*out = (struct target_spec){ 0 };
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == 0x7f)
			return fail(why, "blank or control character, expected a host");
	if (!url && find(p, '@') < n)
		return fail(why, "'@' in a target, expected a host without a user");
	if (url && rules->exclusion)
		return fail(why, "URL in an exclusion, expected a host, block or range");
	if (url ? !parse_url(p, colon, out, why) : !parse_authority(p, out, why))
		return false;
	if (!out->has_port)
		out->port = out->plain ? 80 : rules->port != 0 ? rules->port : 443;
	return check_rules(rules, out, why);
}

bool
target_parse_endpoint(const char *address, size_t naddress, const char *port, size_t nport,
    const struct target_rules *rules, struct target_spec *out, char why[TARGET_WHY])
{
	*out = (struct target_spec){ 0 };
	if (!target_addr_parse(address, naddress, &out->first))
		return fail(why, "bad address, expected an IPv4 or IPv6 address");
	out->last = out->first;
	return parse_port((struct piece){ port, nport }, out, why) && check_rules(rules, out, why);
}

uint64_t
target_parse_count(const struct target_spec *s)
{
	return s->is_name ? 1 : target_addr_count(&s->first, &s->last);
}

char *
target_parse_shown(const char *s, size_t n, const char *rest, size_t nrest, char out[128])
{
	struct piece p = { s, n };
	char *buf = out;
	size_t room = 96, head = find(p, ':'), at = n;
	bool fits;

	/* With an @ anywhere, nothing between the scheme and the last @ is shown. */
	for (size_t i = 0; i < n; i++)
		if (s[i] == '@')
			at = i;
	if (at == n && head < n && nrest != 0 && memchr(rest, '@', nrest) != NULL)
		at = n - 1;
	if (at < n && n != 0) {
		if (head + 2 < n && s[head + 1] == '/' && s[head + 2] == '/' && head < 8) {
			(void)text_printable(buf, 40, s, head + 3);
			buf += strlen(buf);
		}
		memcpy(buf, "***", 4);
		buf += 3;
		p = after(p, s[at] == '@' ? at : n);
		room = 48;
	}
	fits = text_printable(buf, room, p.s, p.n);
	if (!fits)
		memcpy(buf + strlen(buf), "...", 4);
	return out;
}
