/*
 * challenge.h - the challenges of WWW-Authenticate (RFC 9110 section 11.6.1).
 *
 * One field value may hold several challenges, whose own parameters are
 * separated by the same comma; this tells them apart.
 */
#ifndef EXVET_CHALLENGE_H
#define EXVET_CHALLENGE_H

#include <stdbool.h>
#include <stddef.h>

#define CHALLENGE_PARAMS	16

struct challenge_param {
	const char	*name, *value;		/* spans of the field; value as sent */
	size_t		 name_len, value_len;
	bool		 quoted;		/* value is the inside of a quoted string */
};

struct challenge {
	const char	*scheme;
	size_t		 scheme_len;
	const char	*token68;		/* NULL: none */
	size_t		 token68_len;
	struct challenge_param params[CHALLENGE_PARAMS];
	size_t		 nparams;		/* further ones are dropped */
};

/*
 * The next challenge; *rest moves on.  False at the end, or where the text is
 * no challenge any more (the rest is then not read).
 */
bool	challenge_next(const char **rest, struct challenge *);
bool	challenge_is(const struct challenge *, const char *scheme);	/* without case */
/* A parameter's value, unquoted and cut to cap; false when there is none. */
bool	challenge_param(const struct challenge *, const char *name, char *out, size_t cap);

#endif
