/*
 * run.h - plans targets times probes, bounds what is in flight, hands results
 * on.
 *
 * Threads share two ends of the river and nothing else: the feed of targets
 * and the caller's sink.
 */
#ifndef EXVET_RUN_H
#define EXVET_RUN_H

#include <stdbool.h>
#include <stdint.h>

struct config;
struct run_plan;
struct result;
struct target_source;

struct run_sink {
	/* One finished result; takes it.  May come from several threads at once. */
	void	(*result)(void *arg, struct result *);
	/* From the main thread, several times a second. */
	void	(*tick)(void *arg, uint64_t given, uint64_t done, bool all_given);
	void	*arg;
};

/*
 * Scan until the source ends or a signal comes.  Returns 0, or the number of
 * the signal that stopped it; -1 when nothing could be started (printed).
 * What a signal left unfinished is handed to the sink, marked so.
 */
int	run_scan(const struct config *, const struct run_plan *, struct target_source *,
	    const struct run_sink *);

#endif
