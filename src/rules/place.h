/* place.h - builds, days and observations in words, for the sentences of findings. */
#ifndef EXVET_RULES_PLACE_H
#define EXVET_RULES_PLACE_H

#include "base/text.h"
#include "rule.h"

#define PLACE_URL_BUILDS \
	"https://learn.microsoft.com/exchange/new-features/build-numbers-and-release-dates"
#define PLACE_URL_LIFECYCLE \
	"https://learn.microsoft.com/lifecycle/products/exchange-server-subscription-edition"

/* Days are written once per sentence: a small buffer each. */
struct place_text {
	char		 s[192];
};

/* "Exchange Server 2019 CU15 Aug25SU (15.2.1748.36)" */
struct place_text place_row(const struct build_row *);
/* "Aug25SU (15.2.1748.36)", or "CU15 (15.2.1748.10)" for the CU itself */
struct place_text place_update(const struct build_row *);
/* "Oct26SU" or "CU15": the name alone */
const char *place_name(const struct build_row *);
/* The build of the report in words, whatever is known of it. */
struct place_text place_build(const struct build_report *);
struct place_text place_day(int32_t);
/* "1 day", "2 days" */
struct place_text place_count(int64_t, const char *one);

/* The verdict rests on a file version, which may lag or lead by one update. */
bool	place_is_soft(const struct rule_in *);
/* Does the CU still get the branch's security updates, by the table and day? */
bool	place_cu_is_served(const struct rule_in *);
/* Newest row of a branch released by the day; NULL when there is none. */
const struct build_row *place_newest(const struct rule_in *, const char *branch);
bool	place_is_branch(const struct build_report *, const char *branch);
/* Did http.sys itself give that answer (an HTTP_STATUS), no site behind it? */
bool	place_is_httpapi(const struct obs *, const struct observation *);
/* Set why to "WHAT: connect failed at mail:443, timeout.", or what else is known. */
void	place_why_unread(const struct rule_in *, struct finding *, const char *what);
/* Set why for a verdict that a build not of the table, or a range, forbids. */
enum verdict place_undecidable(const struct rule_in *, struct finding *, const char *what);
/* The failure of a probe that stopped before it had asked all; NULL: none. */
const struct obs_error *place_stopped(const struct obs *, const char *probe);

#endif
