/*
 * paint.h - words on a terminal: colour when asked for, widths in columns,
 * wrapped paragraphs.  Knows nothing of what the words mean.
 */
#ifndef EXVET_PAINT_H
#define EXVET_PAINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum ink {
	INK_PLAIN, INK_BOLD, INK_DIM, INK_ALARM, INK_RED, INK_YELLOW, INK_BLUE, INK_GREEN,
};

struct paint {
	FILE		*f;
	bool		 color;
	unsigned	 width;		/* columns of a line */
};

/* Columns that printable UTF-8 takes on a terminal. */
size_t	paint_columns(const char *);
/* The text in that ink; made printable first. */
void	paint_ink(const struct paint *, enum ink, const char *);
/* The same, padded with blanks to so many columns, cut with "..." when longer. */
void	paint_cell(const struct paint *, enum ink, const char *, size_t columns, bool right);
/*
 * A paragraph that starts at column `at` (already reached), goes on at column
 * `indent`, and ends the line.
 */
void	paint_wrap(const struct paint *, enum ink, size_t at, size_t indent, const char *);
void	paint_blank(const struct paint *, size_t columns);

#endif
