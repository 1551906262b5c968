/*
 * run_room.h - how many connections one server has from us at a time
 * (--connections), whatever they are for.
 */
#ifndef EXVET_RUN_ROOM_H
#define EXVET_RUN_ROOM_H

#include <stdbool.h>

struct run_job;

/* May the job open another connection to its server now? */
bool	run_room_is(const struct run_job *);

#endif
