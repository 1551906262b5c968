/*
 * clock.h - time that only goes forward, for how long things take.
 */
#ifndef EXVET_CLOCK_H
#define EXVET_CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment before the start; CLOCK_MONOTONIC. */
int64_t	clock_ms(void);

#endif
