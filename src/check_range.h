/* check_range.h - ranges of -w and -c, as the Monitoring Plugins guidelines have them. */
#ifndef EXVET_CHECK_RANGE_H
#define EXVET_CHECK_RANGE_H

#include <stdbool.h>

struct check_range {
	double	 start, end;
	bool	 endless, startless;	/* no upper end, no lower end (~) */
	bool	 inside;		/* @: alert inside it, ends included */
};

/* "[@][[START|~]:][END]"; false for anything else, also when START is above END. */
bool	check_range_parse(const char *, struct check_range *);
bool	check_range_alerts(const struct check_range *, double value);

#endif
