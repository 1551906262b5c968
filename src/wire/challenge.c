/*
 * challenge.c - the challenges of WWW-Authenticate (RFC 9110 section 11.6.1).
 *
 *	challenge   = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
 *	auth-param  = token BWS "=" BWS ( token / quoted-string )
 *	token68     = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
 *
 * After a comma a token that is followed by "=" is a parameter, any other is
 * the scheme of the next challenge.  What cannot be read ends at the next
 * comma: an offer that stands behind it must not be missed.
 */
#include <string.h>

#include "base/text.h"
#include "wire/challenge.h"

#define ALNUM	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static const char token_chars[] = ALNUM "!#$%&'*+-.^_`|~";	/* section 5.6.2 */
static const char token68_chars[] = ALNUM "-._~+/";		/* section 11.2 */

static const char *
skip_space(const char *p)
{
	return p + strspn(p, " \t");
}

static const char *
skip_commas(const char *p)
{
	return p + strspn(p, " \t,");
}

/* The end of a quoted string that begins at p; NULL when it never ends. */
static const char *
quoted_end(const char *p)
{
	for (p++; *p != '\0' && *p != '"'; p++)
		if (*p == '\\' && *++p == '\0')
			return NULL;
	return *p == '"' ? p : NULL;
}

/* One auth-param at p; NULL when there is none. */
static const char *
read_param(const char *p, struct challenge_param *out)
{
	size_t n = strspn(p, token_chars);
	const char *value = skip_space(p + n), *end;

	if (n == 0 || *value != '=')
		return NULL;
	value = skip_space(value + 1);
	*out = (struct challenge_param){ .name = p, .name_len = n };
	if (*value == '"') {
		if ((end = quoted_end(value)) == NULL)
			return NULL;
		out->quoted = true;
		out->value = value + 1;
		out->value_len = (size_t)(end - value) - 1;
		p = end + 1;
	} else {
		out->value = value;
		out->value_len = strspn(value, token_chars);
		p = value + out->value_len;
		if (out->value_len == 0)
			return NULL;
	}
	p = skip_space(p);
	return *p == ',' || *p == '\0' ? p : NULL;
}

/* A token68 that fills the place up to the next comma. */
static const char *
read_token68(const char *p, struct challenge *c)
{
	size_t n = strspn(p, token68_chars), pad = strspn(p + n, "=");
	const char *end = skip_space(p + n + pad);

	if (n == 0 || (*end != ',' && *end != '\0'))
		return NULL;
	c->token68 = p;
	c->token68_len = n + pad;
	return end;
}

/* Behind what cannot be read: what follows the next comma, those in quotes left out. */
static const char *
resume(const char *p)
{
	while (*p != '\0' && *p != ',')
		if (*p++ == '"') {
			const char *end = quoted_end(p - 1);

			p = end != NULL ? end + 1 : p + strlen(p);
		}
	return p;
}

/* What stands behind a scheme; the rest. */
static const char *
read_rest(const char *p, struct challenge *c)
{
	struct challenge_param param;
	const char *next = read_param(p, &param);

	/* "x=y" is a parameter where it reads as one, "x==" a token68. */
	if (*p != ',' && *p != '\0' && next == NULL) {
		next = read_token68(p, c);
		return next != NULL ? next : resume(p);	/* the scheme stands, its rest does not */
	}
	for (; next != NULL; next = read_param(p, &param)) {
		if (c->nparams < CHALLENGE_PARAMS)
			c->params[c->nparams++] = param;
		p = skip_commas(next);
	}
	return p;
}

bool
challenge_next(const char **rest, struct challenge *c)
{
	const char *p = skip_commas(*rest);

	while (*p != '\0') {
		size_t n = strspn(p, token_chars);

		*c = (struct challenge){ .scheme = p, .scheme_len = n };
		p += n;
		if (n > 0 && (*p == '\0' || *p == ',' || *p == ' ' || *p == '\t')) {
			*rest = read_rest(skip_space(p), c);
			return true;
		}
		p = skip_commas(resume(p));
	}
	*rest = p;
	return false;
}

bool
challenge_is(const struct challenge *c, const char *scheme)
{
	return c->scheme_len == strlen(scheme) && text_starts_nocase(c->scheme, scheme);
}

bool
challenge_param(const struct challenge *c, const char *name, char *out, size_t cap)
{
	for (size_t i = 0; i < c->nparams; i++) {
		const struct challenge_param *k = &c->params[i];
		size_t n = 0;

		if (k->name_len != strlen(name) || !text_starts_nocase(k->name, name))
			continue;
		for (size_t at = 0; at < k->value_len && n + 1 < cap; at++) {
			if (k->quoted && k->value[at] == '\\' && at + 1 < k->value_len)
				at++;
			out[n++] = k->value[at];
		}
		out[n] = '\0';
		return true;
	}
	return false;
}
