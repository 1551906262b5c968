/* fleet_summary.h - what the whole run says, in a few lines. */
#ifndef EXVET_FLEET_SUMMARY_H
#define EXVET_FLEET_SUMMARY_H

#include "fleet.h"

/* shown: rows of the table that were printed. */
void	fleet_summary(const struct fleet *, const struct paint *, const struct report_run *,
	    size_t shown);

#endif
