/*
 * httpdate.h - dates as HTTP writes them (RFC 9110 section 5.6.7).
 */
#ifndef EXVET_HTTPDATE_H
#define EXVET_HTTPDATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Seconds since 1970 of an IMF-fixdate, an RFC 850 date or an asctime date.
 * The name of the weekday is not compared.  now decides the century of a
 * two-digit year.
 */
bool	httpdate_parse(const char *, int64_t now, int64_t *out);

#endif
