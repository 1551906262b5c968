/* webdir.h - the virtual directories of Exchange: what each offers, and what it offers by default. */
#ifndef EXVET_RULES_WEBDIR_H
#define EXVET_RULES_WEBDIR_H

#include "base/text.h"
#include "rule.h"

enum webdir_scheme {
	SCHEME_BASIC	= 1 << 0,
	SCHEME_NTLM	= 1 << 1,
	SCHEME_NEGOTIATE = 1 << 2,
	SCHEME_BEARER	= 1 << 3,
	SCHEME_DIGEST	= 1 << 4,
	SCHEME_FORMS	= 1 << 5,	/* sends to the log-on page */
	SCHEME_OTHER	= 1 << 6,
	SCHEME_CERT	= 1 << 7,	/* a certificate of the client, by TLS */
};
#define SCHEME_WINDOWS	((unsigned)(SCHEME_NTLM | SCHEME_NEGOTIATE))

struct webdir {
	const char	*name;		/* "EWS" */
	unsigned	 usual;		/* what Exchange setup makes it offer */
};

extern const struct webdir webdir_table[];	/* ended by name NULL */

struct webdir_seen {
	const struct observation *status;	/* NULL: the directory was not asked or did not answer */
	const struct observation *auth;		/* first scheme */
	unsigned	 schemes;
	bool		 asks;			/* a log-on is asked for: the schemes are all there are */
};

void	webdir_look(const struct obs *, const struct webdir *, struct webdir_seen *);
/*
 * The directories that were asked and did not answer, or were given up, and
 * the usual three where none of them was asked: what they offer is not known.
 * Names with commas, owned; NULL: none.
 */
char   *webdir_mute(const struct obs *);
const struct webdir *webdir_find(const char *name, size_t len);
/* Is the URL one of that directory, its health page left out? */
bool	webdir_is_at(const struct webdir *, const char *url);
unsigned webdir_scheme(const char *name, size_t len);	/* 0: none of that name */
/* "Basic, NTLM"; "none".  Returns out. */
char   *webdir_schemes(unsigned, char out[96]);

#endif
