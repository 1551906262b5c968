/*
 * run_crowd.h - how many connections side by side a server has been seen to
 * bear, so that a close behind that number can be told from an answer.
 *
 * A limit in front of a server closes what is one too many, which looks like
 * the "no" of one that closes instead of sending alerts.  It cannot be the limit
 * where no more were open than before, when all of them were let in.
 */
#ifndef EXVET_RUN_CROWD_H
#define EXVET_RUN_CROWD_H

#include <stdbool.h>

#include "net/line.h"
#include "probe.h"

struct run_job;
struct run_task;

/* A connection is dialled: its number, by which is known what came before it. */
unsigned run_crowd_born(struct run_job *);
/* One that was open has ended. */
void	run_crowd_left(struct run_job *);
/* The talk of a task begins on a connection of that number; 0: a fresh one. */
void	run_crowd_begin(struct run_task *, unsigned born);
/* The first connection, which the web uses, was answered. */
void	run_crowd_web(struct run_job *);
/* Connections were opened: whoever is open now is beside them. */
void	run_crowd_mark(struct run_job *);
/* May another one be opened, for a talk that has not begun, or for the web? */
bool	run_crowd_is_room(const struct run_job *, bool talk);
/* Does any talk insist on its company? */
bool	run_crowd_is_calm(const struct run_job *);

/* For struct line_plan; arg is the task. */
bool	run_crowd_may_dial(void *arg, enum company);
void	run_crowd_step(void *arg, enum line_step);
enum crowd run_crowd_was(void *arg);

#endif
