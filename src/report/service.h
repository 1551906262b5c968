/* service.h - a report as one service of a monitoring system: by the plugin's judgement. */
#ifndef EXVET_SERVICE_H
#define EXVET_SERVICE_H

#include "check_judge.h"

struct service {
	struct check_terms	 terms;
	struct check_verdict	 verdict;
	char			*host;		/* the tag, else the target's name; owned */
	char			*line;		/* "EXCHANGE OK - mail1: ..." without performance data; owned */
};

void	service_judge(struct service *, const struct report_run *, const struct report *);
void	service_clear(struct service *);

#endif
