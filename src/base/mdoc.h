/*
 * mdoc.h - plain text of our tables as mdoc(7): escaped, a sentence a line,
 * no line longer than a page's source should be.
 */
#ifndef EXVET_MDOC_H
#define EXVET_MDOC_H

#include <stdio.h>

void	mdoc_text(FILE *, const char *);
/* The same, with a capital in front and a full stop behind. */
void	mdoc_sentence(FILE *, const char *);
/* Inside a macro line, as one argument or several. */
void	mdoc_argument(FILE *, const char *);

#endif
