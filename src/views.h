/*
 * views.h - several views of one server taken together: by rule the worst that
 * any of them saw.  "Worst" puts what was seen above what was not.
 */
#ifndef EXVET_VIEWS_H
#define EXVET_VIEWS_H

#include <stddef.h>

#include "report.h"

struct views {
	struct report		 report;	/* the worst view, with the findings of all */
	struct judgement	*judgement;	/* its judgement; findings partly the others' */
	char			**sentences;	/* of findings that come from another view */
	size_t			 nsentences;
	size_t			*order;		/* indexes of the views, worst first */
};

/* The views are borrowed and must outlive it; at least one. */
struct views *views_combine(const struct report *, size_t n);
void	views_free(struct views *);		/* NULL is fine */

#endif
