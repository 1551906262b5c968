/*
 * check_line.h - what a monitoring system reads: the first line, the
 * performance data, the long output.
 *
 * Everything that a peer sent goes through escape_plugin(): none of it can
 * end the line, begin performance data or a macro.
 */
#ifndef EXVET_CHECK_LINE_H
#define EXVET_CHECK_LINE_H

#include "base/text.h"
#include "check_judge.h"

/* "mail1: Exchange 2019 CU15 Oct25SU (15.2.1748.39), 5 updates behind ..." */
void	check_line_summary(struct text_buf *, const char *host, const struct report_run *,
	    const struct report *, const struct check_verdict *);
/* "missing-updates=5;0;..." without the | before it. */
void	check_line_perfdata(struct text_buf *, const struct check_terms *,
	    const struct check_verdict *);
/* Label and value of metric number i, times in seconds; false when it is not known. */
bool	check_line_value(const struct check_verdict *, size_t i, const char **label,
	    double *value);
/* How many such i there are. */
size_t	check_line_metrics(void);
/* Findings worst first, a line each; at most cap bytes unless cap is 0. */
void	check_line_long(struct text_buf *, const struct check_terms *, const struct report *,
	    const struct check_verdict *, size_t cap);

#endif
