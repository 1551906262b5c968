/*
 * run_past.h - what earlier results of a run showed at their own port, to
 * compare later ones of the same name or server with.  Its memory is bounded.
 */
#ifndef EXVET_RUN_PAST_H
#define EXVET_RUN_PAST_H

#include "run_differ.h"
#include "obs.h"

struct run_news;

/* Takes the text. */
void	run_differ_add(struct run_news *, enum fact, const char *at, const char *evidence, char *text);
/* Note how suites, groups and order of two places differ in the versions that both accept. */
void	run_differ_settings(const struct obs *, const char *at, const char *first, struct run_news *);
/* The place of the target's own port; NULL when there is none. */
const char *run_differ_cert_place(const struct result *);
const char *run_differ_tls_place(const struct result *);

struct run_past *run_past_new(void);	/* never NULL */
void	run_past_free(struct run_past *);
/* Compare with earlier results of the same name or server, and remember this one. */
void	run_past_look(struct run_past *, const struct result *, struct run_news *);

#endif
