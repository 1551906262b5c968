/*
 * escape.h - one leaf escaper per output syntax; nothing else may print a
 * string that came from a peer or a user.  (JSON's stands in json_out.h.)
 *
 * Every one makes its text printable first (text_printable), so that control
 * bytes, invalid UTF-8 and characters that move or hide text show as \xNN, and
 * then guards what its own syntax holds dear.  They append to the buffer.
 */
#ifndef EXVET_ESCAPE_H
#define EXVET_ESCAPE_H

#include "base/text.h"

/* Valid, printable UTF-8; the caller frees it. */
char	*escape_utf8(const char *);
/* The same into a buffer: what a terminal may see. */
void	 escape_terminal(struct text_buf *, const char *);
/* One CSV field, quoted where RFC 4180 asks, safe in a spreadsheet. */
void	 escape_csv(struct text_buf *, const char *);
/* Text of a monitoring plugin's line: no '|', '<', '>', '$', backtick or newline. */
void	 escape_plugin(struct text_buf *, const char *);
/* HTML or XML, as text and inside a quoted attribute alike. */
void	 escape_markup(struct text_buf *, const char *);
/* Text of a line of Markdown: nothing in it is mark-up or a link. */
void	 escape_markdown(struct text_buf *, const char *);

#endif
