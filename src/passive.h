/*
 * passive.h - a stream that ends at the API of Icinga 2: each line written to
 * it is posted as one check result.
 */
#ifndef EXVET_PASSIVE_H
#define EXVET_PASSIVE_H

#include <stdio.h>

struct config;

/*
 * url: https://HOST:PORT.  NULL when the URL or the credentials are wrong:
 * printed.  fclose() waits for the results that are under way; it fails, and
 * has said why, unless all were taken.
 */
FILE   *passive_open(const struct config *, const char *url);

#endif
