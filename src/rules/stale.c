/* stale.c - is the table itself too old to judge by? */
#include <inttypes.h>

#include "rules/place.h"
#include "rules/stale.h"
#include "rules/table.h"

enum { WEEK = 7 };

/* The second Tuesday; 1970-01-01 was a Thursday. */
static int32_t
patch_tuesday(int32_t year, int32_t month)
{
	int32_t first = builds_day_from(year, month, 1);
	int32_t weekday = ((first + 4) % 7 + 7) % 7;	/* 0: Sunday */

	return first + (2 - weekday + 7) % 7 + 7;
}

int32_t
stale_next_patch_tuesday(int32_t day)
{
	int32_t year, month, of_month, found;

	builds_day_split(day, &year, &month, &of_month);
	while ((found = patch_tuesday(year, month)) <= day) {
		year += month == 12;
		month = month == 12 ? 1 : month + 1;
	}
	return found;
}

static enum verdict
by_age(const struct rule_in *in, struct finding *f, int32_t made, int64_t age)
{
	int64_t limit = in->policy->table_stale_days;

	finding_number(f, "limit_days", limit);
	finding_why(f, "The table is of %s, %s old; the policy allows %" PRId64 ".",
	    place_day(made).s, place_count(age, "day").s, limit);
	return age > limit ? VERDICT_WARN : VERDICT_PASS;
}

static enum verdict
check_stale(const struct rule_in *in, struct finding *f)
{
	int32_t made = builds_as_of(in->builds), next, missed = 0;
	int64_t age = (int64_t)in->as_of - made;

	finding_text(f, "table_as_of", place_day(made).s);
	finding_text(f, "kev_as_of", place_day(builds_kev_as_of(in->builds)).s);
	finding_number(f, "age_days", age);
	if (in->policy->table_stale_days > 0)
		return by_age(in, f, made, age);
	next = stale_next_patch_tuesday(made);
	for (int32_t day = next; day + WEEK < in->as_of; day = stale_next_patch_tuesday(day))
		missed++;
	finding_text(f, "next_patch_tuesday", place_day(next).s);
	finding_number(f, "patch_tuesdays_missed", missed);
	if (missed == 0) {
		finding_why(f, "The table is of %s; no Patch Tuesday after it is more than a week past.",
		    place_day(made).s);
		return VERDICT_PASS;
	}
	finding_why(f, "The table is of %s, %s old: it knows nothing of %s since, of which the first "
	    "was %s.", place_day(made).s, place_count(age, "day").s,
	    place_count(missed, "Patch Tuesday").s, place_day(next).s);
	return VERDICT_WARN;
}

const struct rule rule_table_stale = {
	.id = "table-stale",
	.title = "The table of builds is out of date",
	.group = "patch",
	.severity = SEV_MEDIUM,
	.reference = PLACE_URL_BUILDS,
	.rationale = "Microsoft publishes on the second Tuesday of a month. A table from before the "
	    "last one cannot name what that day brought: \"nothing missing\" then means nothing "
	    "missing as of the table's day.",
	.remediation = "Update exvet, or name a newer table with --table; --table-stale-days grants an old one "
	    "more days.",
	.needs_exchange = true,
	.check = check_stale,
};
