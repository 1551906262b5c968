/* card_line.c - one labelled line of a card. */
#include "card_parts.h"

void
card_line(const struct paint *p, const char *label, enum ink ink, const char *text)
{
	paint_blank(p, 2);
	paint_cell(p, INK_DIM, label, 9, false);
	paint_blank(p, 2);
	paint_wrap(p, ink, 13, 13, text);
}
