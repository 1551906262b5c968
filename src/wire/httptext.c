/*
 * httptext.c - small readers of the text that HTTP replies carry.
 *
 * All of them take bytes that nobody vouches for and a length, and none needs
 * a NUL behind.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "wire/httptext.h"

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct httptext_span
httptext_trim(const char *p, size_t len)
{
	while (len > 0 && is_space(p[0])) {
		p++;
		len--;
	}
	while (len > 0 && is_space(p[len - 1]))
		len--;
	return (struct httptext_span){ .p = p, .len = len };
}

bool
httptext_item(const char **rest, char separator, struct httptext_span *item)
{
	while (**rest != '\0') {
		const char *end = strchr(*rest, separator);
		size_t n = end != NULL ? (size_t)(end - *rest) : strlen(*rest);

		*item = httptext_trim(*rest, n);
		*rest += n + (end != NULL ? 1 : 0);
		if (item->len > 0)
			return true;
	}
	return false;
}

/* One part: digits of a number below 100000, zeroes in front allowed. */
static size_t
part(const char *p, size_t len, uint32_t *value)
{
	size_t n = 0;

	*value = 0;
	while (n < len && is_digit(p[n]) && *value < 100000) {
		*value = *value * 10 + (uint32_t)(p[n] - '0');
		n++;
	}
	return *value < 100000 && n <= 8 ? n : 0;
}

unsigned
httptext_build_at(const char *p, size_t len, char out[HTTPTEXT_BUILD], size_t *used)
{
	unsigned parts = 0;
	size_t at = 0, written = 0;

	for (;;) {
		uint32_t value;
		size_t n = part(p + at, len - at, &value);

		if (n == 0 || parts == 4)
			return 0;
		written += (size_t)snprintf(out + written, HTTPTEXT_BUILD - written,
		    "%s%u", parts > 0 ? "." : "", value);
		at += n;
		parts++;
		if (at == len || p[at] != '.')
			break;
		at++;
	}
	if (parts < 2 || (at < len && (is_digit(p[at]) || is_letter(p[at]))))
		return 0;
	*used = at;
	return parts;
}

unsigned
httptext_build(const char *p, size_t len, char out[HTTPTEXT_BUILD])
{
	size_t used = 0;
	unsigned parts = httptext_build_at(p, len, out, &used);

	return used == len ? parts : 0;
}

size_t
httptext_title(const char *html, size_t len, char *out, size_t cap)
{
	const char *end = html + len, *p = text_find_nocase(html, len, "<title");
	size_t n = 0;

	if (p == NULL || (p = memchr(p, '>', (size_t)(end - p))) == NULL)
		return 0;
	for (p++; p < end && *p != '<' && n + 1 < cap; p++) {
		if (!is_space(*p))
			out[n++] = *p;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	if (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return n;
}
