/* card.h - all about one target, for a terminal. */
#ifndef EXVET_CARD_H
#define EXVET_CARD_H

#include "paint.h"
#include "report.h"

void	card_print(const struct paint *, const struct report_run *, const struct report *);

#endif
