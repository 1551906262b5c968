/* stale.h - the calendar of Patch Tuesdays. */
#ifndef EXVET_RULES_STALE_H
#define EXVET_RULES_STALE_H

#include <stdint.h>

/* The first second Tuesday of a month after that day. */
int32_t	stale_next_patch_tuesday(int32_t day);

#endif
