/*
 * httptext.h - small readers of the text that HTTP replies carry: lists,
 * build numbers, titles.
 */
#ifndef EXVET_HTTPTEXT_H
#define EXVET_HTTPTEXT_H

#include <stdbool.h>
#include <stddef.h>

struct httptext_span {
	const char	*p;
	size_t		 len;
};

/* White space around it taken away. */
struct httptext_span httptext_trim(const char *, size_t);

/*
 * The next element of a list separated by that byte (RFC 9110 section 5.6.1),
 * empty elements skipped, white space around taken away.  *rest moves on.
 */
bool	httptext_item(const char **rest, char separator, struct httptext_span *);

/* Room for the longest build number that is written. */
#define HTTPTEXT_BUILD	48

/*
 * The build number that the bytes begin with, zero-padding taken away: 2 to 4
 * parts below 100000.  Returns the parts, 0 when there is none; *used is how
 * many bytes it took.  A fifth part, or a letter right behind, is none.
 */
unsigned httptext_build_at(const char *, size_t, char out[HTTPTEXT_BUILD], size_t *used);
/* The same for a whole text. */
unsigned httptext_build(const char *, size_t, char out[HTTPTEXT_BUILD]);

/* The text of the first title element, its white space folded.  Its length. */
size_t	httptext_title(const char *html, size_t, char *out, size_t cap);

#endif
