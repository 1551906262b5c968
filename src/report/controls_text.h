/* controls_text.h - what the findings of a run say of frameworks, for people. */
#ifndef EXVET_CONTROLS_TEXT_H
#define EXVET_CONTROLS_TEXT_H

#include "controls.h"
#include "paint.h"

/* The framework asked for, or all; with its controls for one, or with -v. */
void	controls_text(const struct paint *, const struct report_run *,
	    const struct controls_tally *);

#endif
