/* changes_text.h - what changed between two runs, and the trend over many, for people. */
#ifndef EXVET_CHANGES_TEXT_H
#define EXVET_CHANGES_TEXT_H

#include "compare.h"
#include "history.h"
#include "paint.h"

void	changes_text(const struct paint *, const struct compare *);
void	changes_text_trend(const struct paint *, const struct history *);

#endif
