/*
 * location.c - resolve a URL reference against one target, strictly.
 *
 * What this says decides which paths are asked, so it is narrow on purpose:
 * a user part, a backslash, a control byte or a space makes no target.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "wire/location.h"

struct span {
	const char	*p;
	size_t		 n;
};

/* The parts of RFC 3986 appendix B; p is NULL for a part that is absent. */
struct parts {
	struct span scheme, authority, path, query;
};

static struct span
take_until(const char **p, const char *stop)
{
	struct span s = { .p = *p, .n = strcspn(*p, stop) };

	*p += s.n;
	return s;
}

static bool
is_scheme(const char *p, size_t n)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char more[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";

	return n > 0 && strchr(first, p[0]) != NULL && strspn(p, more) >= n;
}

static bool
is_clean(const char *p)
{
	for (; *p != '\0'; p++)
		if (*p <= 0x20 || *p >= 0x7f || strchr("\\\"<>", *p) != NULL)
			return false;
	return true;
}

static bool
split(const char *ref, struct parts *out)
{
	const char *p = ref;
	size_t n = strcspn(ref, ":/?#");

	*out = (struct parts){ 0 };
	if (*ref == '\0' || !is_clean(ref))
		return false;
	if (ref[n] == ':') {
		if (!is_scheme(ref, n))
			return false;
		out->scheme = (struct span){ .p = ref, .n = n };
		p += n + 1;
	}
	if (text_starts(p, "//")) {
		p += 2;
		out->authority = take_until(&p, "/?#");
	}
	out->path = take_until(&p, "?#");
	if (*p == '?') {
		p++;
		out->query = take_until(&p, "#");
	}
	return true;
}

static bool
span_is(struct span s, const char *text)
{
	return s.n == strlen(text) && text_starts_nocase(s.p, text);
}

/* host [ ":" port ] without a user part; host without brackets and last dot. */
static bool
read_authority(struct span a, unsigned fallback, struct span *host, unsigned *port)
{
	size_t n = 0, i;

	if (a.n == 0 || memchr(a.p, '@', a.n) != NULL)
		return false;
	if (a.p[0] == '[') {
		const char *end = memchr(a.p, ']', a.n);

		if (end == NULL)
			return false;
		*host = (struct span){ .p = a.p + 1, .n = (size_t)(end - a.p) - 1 };
		n = (size_t)(end - a.p) + 1;
	} else {
		while (n < a.n && a.p[n] != ':')
			n++;
		*host = (struct span){ .p = a.p, .n = n };
		if (n > 1 && a.p[n - 1] == '.')
			host->n--;
	}
	*port = fallback;
	if (n == a.n)
		return host->n > 0;
	if (a.p[n] != ':' || host->n == 0 || a.n - n > 6)
		return false;
	for (i = n + 1; i < a.n; i++) {
		if (a.p[i] < '0' || a.p[i] > '9')
			return false;
		*port = (i == n + 1 ? 0 : *port * 10) + (unsigned)(a.p[i] - '0');
	}
	return true;
}

/* One byte in lower case, ASCII. */
static int
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static bool
same_host(struct span host, struct span name)
{
	if (name.n > 1 && name.p[name.n - 1] == '.')
		name.n--;
	if (name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']')
		name = (struct span){ .p = name.p + 1, .n = name.n - 2 };
	if (name.n != host.n)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (lower(host.p[i]) != lower(name.p[i]))
			return false;
	return true;
}

/* Does the authority of the reference name the target itself? */
static bool
is_target(const struct location_base *base, const struct parts *ref)
{
	struct span scheme, host, own = { 0 };
	struct parts url;
	unsigned port, ignored;

	if (!split(base->url, &url))
		return false;
	scheme = ref->scheme.p != NULL ? ref->scheme : url.scheme;
	if (!span_is(scheme, "https") &&
	    !(span_is(scheme, "http") && span_is(url.scheme, "http")))
		return false;
	if (!read_authority(ref->authority, span_is(scheme, "https") ? 443 : 80, &host, &port) ||
	    port != base->port)
		return false;
	if (read_authority(url.authority, 0, &own, &ignored) && same_host(host, own))
		return true;
	return base->host != NULL && same_host(host,
	    (struct span){ .p = base->host, .n = strlen(base->host) });
}

/* RFC 3986 section 5.2.4, in place; path is absolute. */
static void
remove_dots(char *path)
{
	char *in = path, *out = path;

	while (*in != '\0') {
		size_t n = 1 + strcspn(in + 1, "/");
		bool last = in[n] == '\0';

		if (n == 2 && in[1] == '.') {
			if (last)
				*out++ = '/';
		} else if (n == 3 && in[1] == '.' && in[2] == '.') {
			while (out > path && *--out != '/')
				;
			if (last)
				*out++ = '/';
		} else {
			memmove(out, in, n);
			out += n;
		}
		in += n;
	}
	if (out == path)
		*out++ = '/';
	*out = '\0';
}

/* Path of the reference, merged with the base's (section 5.2.3). */
static bool
write_path(const char *base, const struct parts *ref, char *path, size_t cap)
{
	struct span dir = { .p = base, .n = 0 }, query = ref->query;
	int n;

	if (ref->path.n == 0 && ref->authority.p == NULL) {
		dir.n = strcspn(base, "?");		/* "?query": the same path */
	} else if (ref->path.n == 0) {
		dir = (struct span){ .p = "/", .n = 1 };
	} else if (ref->path.p[0] != '/') {
		if (ref->authority.p != NULL)
			return false;
		dir.n = strcspn(base, "?");
		while (dir.n > 0 && base[dir.n - 1] != '/')
			dir.n--;
	}
	if (dir.n + ref->path.n + query.n + 2 > cap || (dir.n > 0 && dir.p[0] != '/'))
		return false;
	n = snprintf(path, cap, "%.*s%.*s", (int)dir.n, dir.p, (int)ref->path.n, ref->path.p);
	if (n <= 0 || path[0] != '/')
		return false;
	remove_dots(path);
	if (query.p != NULL) {
		size_t len = strlen(path);

		n = snprintf(path + len, cap - len, "?%.*s", (int)query.n, query.p);
		return n > 0 && (size_t)n < cap - len;
	}
	return true;
}

enum location
location_resolve(const struct location_base *base, const char *reference, char *path, size_t cap)
{
	struct parts ref;

	if (!split(reference, &ref))
		return LOCATION_BAD;
	if (ref.scheme.p != NULL && !span_is(ref.scheme, "http") && !span_is(ref.scheme, "https"))
		return LOCATION_AWAY;
	if (ref.scheme.p != NULL && ref.authority.p == NULL)
		return LOCATION_BAD;		/* "https:path": readers differ on it */
	if (ref.authority.p == NULL && ref.path.n == 0 && ref.query.p == NULL)
		return LOCATION_BAD;		/* a fragment alone leads nowhere */
	if (ref.authority.p != NULL && !is_target(base, &ref))
		return LOCATION_AWAY;
	return write_path(base->path, &ref, path, cap) ? LOCATION_HERE : LOCATION_BAD;
}
