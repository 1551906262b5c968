/* stored.h - a stored run, judged result by result. */
#ifndef EXVET_STORED_H
#define EXVET_STORED_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"

/*
 * The day to judge a result as of: that of its scan, or as_of when that is not
 * known or later than as_of.
 */
int32_t	stored_day(const struct result *, int32_t as_of);
/*
 * Judge every result as of the day of its scan.  *bad counts lines that could
 * not be read (printed).  False when the file cannot be opened (printed).
 */
bool	stored_each(const char *path, const struct builds *, const struct policy *, int32_t as_of,
	    void (*take)(void *arg, const struct report *), void *arg, uint64_t *bad);

#endif
