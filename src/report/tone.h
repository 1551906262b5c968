/*
 * tone.h - the words and the ink for what was found, as the text reports use
 * them.  Green is only for what is known to be right.
 */
#ifndef EXVET_TONE_H
#define EXVET_TONE_H

#include "paint.h"
#include "report.h"
#include "view.h"

enum ink tone_state(enum view_state);
enum ink tone_severity(enum severity);
enum ink tone_verdict(enum verdict);
const char *tone_identity(enum identity);
/* "2019 CU15 Oct25SU", "2019 CU15, update unknown".  The caller frees these. */
char   *tone_release_short(const struct build_report *);
/* The same, or what answers, or why that is not known; never "". */
char   *tone_what(const struct report *);
/* "Exchange Server 2019 CU15 Oct25SU  (15.2.1748.39)" */
char   *tone_release(const struct build_report *);
/* One sentence on support. */
char   *tone_support(const struct build_report *, int32_t as_of);

#endif
