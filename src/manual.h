/*
 * manual.h - a page of the manual from its template: a line that is @NAME@
 * becomes a section made from one of the program's tables.
 */
#ifndef EXVET_MANUAL_H
#define EXVET_MANUAL_H

#include <stdbool.h>
#include <stdio.h>

/* False when the template cannot be read or has an unknown marker: printed. */
bool	manual_expand(FILE *, const char *path);
/* Every rule, in Markdown; in manual_rules.c.  False without the table of controls: printed. */
bool	manual_rules(FILE *);

#endif
