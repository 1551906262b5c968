/* controls_table.h - the inside of struct controls; only src/controls*.c include it. */
#ifndef EXVET_CONTROLS_TABLE_H
#define EXVET_CONTROLS_TABLE_H

#include "controls.h"

struct controls_unmapped {
	const struct rule	*rule;
	const char		*why;
};

struct controls {
	struct framework	*frameworks;
	size_t			*first;		/* index of each framework's first control */
	size_t			 nframeworks;
	struct control		*controls;	/* of all, in order */
	size_t			 ncontrols;
	struct controls_unmapped *unmapped;
	size_t			 nunmapped;
	char			**strings;
	size_t			 nstrings;
};

#endif
