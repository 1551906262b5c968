/* markup.h - HTML and XML on a stream or into a buffer; every text is escaped. */
#ifndef EXVET_MARKUP_H
#define EXVET_MARKUP_H

#include <stdio.h>

#include "base/text.h"

void	markup_text(FILE *, const char *);
/* ' name="value"' */
void	markup_attr(FILE *, const char *name, const char *value);
/*
 * Like printf, but only %s, %d (int), %u (uint64_t) and %%: each %s is escaped,
 * so that a format string is the only place where mark-up can come from.
 */
void	markup_printf(struct text_buf *, const char *fmt, ...);
void	markup_put(FILE *, const char *fmt, ...);
/*
 * JSON into a script element, where "</script" and "<!--" must not appear
 * (HTML Standard, restrictions for contents of script elements); empties it.
 */
void	markup_json(FILE *, struct text_buf *);

#endif
