/*
 * run_differ.h - the same certificate and the same TLS everywhere?  A difference is
 * an observation of its own: between the ports of a target, between the
 * members that its samples met, between the addresses of a name, and between
 * the names of one server.
 *
 * What was not settled at both places is not compared.
 */
#ifndef EXVET_RUN_DIFFER_H
#define EXVET_RUN_DIFFER_H

#include "result.h"

struct run_past;
/*
 * Note how the places of a finished result differ from each other, and from
 * earlier results of the same name or server.  One thread at a time.
 */
void	run_differ_note(struct run_past *, struct result *);

#endif
