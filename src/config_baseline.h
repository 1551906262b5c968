/*
 * config_baseline.h - finds and reads a baseline for TLS.
 */
#ifndef EXVET_CONFIG_BASELINE_H
#define EXVET_CONFIG_BASELINE_H

#include <stdbool.h>

struct config;
struct tls_baseline;

/*
 * --tls-baseline: a file when its name has a slash or ends in .ini, else a
 * name, looked up in tls/ beside the table of builds (its path) and in the program's
 * data.  False when it cannot be read or is wrong: printed with file:line.
 * When none is asked for it is microsoft's, or *out is NULL without a word when
 * that is not installed.
 */
bool	config_baseline_load(const struct config *, const char *table, struct tls_baseline **out);

#endif
