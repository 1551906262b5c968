/*
 * builds_test.c - what the table says about builds, with literal expectations:
 * one case for every trap that public tools fell into.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "builds.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* The rows are read by the first test that asks for one; others read them at once. */
static int
load(void **state)
{
	struct builds_error err = { "" };

	*state = builds_load_head(&err);
	if (*state == NULL)
		print_error("%s\n", err.text);
	return *state == NULL;
}

static int
unload(void **state)
{
	builds_free(*state);
	return 0;
}

static struct build_report *
report(void **state, const char *build, const char *as_of)
{
	struct build_number n;
	int32_t day;

	assert_true(build_number_parse(build, &n));
	assert_true(builds_day_parse(as_of, &day));
	return builds_report(*state, &n, day);
}

static const struct cve_verdict *
verdict(const struct build_report *r, const char *id)
{
	for (size_t i = 0; i < r->ncves; i++)
		if (strcmp(r->cves[i].cve->id, id) == 0)
			return &r->cves[i];
	fail_msg("%s is not listed", id);
	return NULL;
}

static void
assert_names(const struct build_row **rows, size_t n, const char *const *want)
{
	size_t i = 0;

	for (; want[i] != NULL; i++) {
		assert_true(i < n);
		assert_string_equal(rows[i]->update, want[i]);
	}
	assert_int_equal(n, i);
}

static void
holds_the_table(void **state)
{
	const struct builds *b = *state;

	assert_int_equal(builds_count(b), 489);
	assert_int_equal(builds_as_of(b), 20739 /* 2026-10-13 */);
	assert_int_equal(builds_kev_as_of(b), 20686 /* 2026-08-21 */);
	assert_int_equal(strlen(builds_sha256(b)), 64);
	assert_string_equal(builds_row(b, 0)->text, "6.0.4417");
	assert_string_equal(builds_row(b, 488)->text, "15.2.2562.56");
	assert_null(builds_row(b, 489));
	for (size_t i = 1; i < builds_count(b); i++)
		assert_true(build_number_cmp(&builds_row(b, i - 1)->number,
		    &builds_row(b, i)->number) < 0);
}

/* Traps 1 and 2: wrong names in public tools, padding, SE shown as 2019. */
static void
names_builds(void **state)
{
	static const struct {
		const char	*build, *branch, *cu, *update;
	} cases[] = {
		{ "15.2.922.20", "2019", "CU10", "Jan22SU" },
		{ "15.2.1258.25", "2019", "CU13", "Aug23SUv2" },
		{ "15.2.2562.46", "SE", "RTM", "Aug26SU" },
		{ "15.02.2562.049", "SE", "RTM", "Sep26SU" },
		{ "15.02.1258.028", "2019", "CU13", "Nov23SU" },
		{ "15.2.1748.36", "2019", "CU15", "Aug25SU" },
		{ "14.3.513.0", "2010", "SP3", "UR32" },
		{ "8.3.517.0", "2007", "SP3", "UR23" },
		{ "15.0.847.32", "2013", "SP1", "" },
		{ "6.0.4417", "2000", "RTM", "" },
		/* accepted beside 15.1.1415.10 and 15.1.1466.16 */
		{ "15.1.1415.8", "2016", "CU8", "Mar21SU" },
		{ "15.1.1466.13", "2016", "CU9", "Mar21SU" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct build_report *r = report(state, cases[i].build, "2026-11-22");

		assert_int_equal(r->place, PLACE_EXACT);
		assert_string_equal(r->branch, cases[i].branch);
		assert_string_equal(r->cu, cases[i].cu);
		assert_string_equal(r->row->update, cases[i].update);
		builds_report_free(r);
	}
}

static void
places(void **state)
{
	static const struct {
		const char	*build;
		enum build_place place;
		const char	*branch, *cu, *below, *above;
	} cases[] = {
		{ "15.2", PLACE_GENERATION, "", "", NULL, NULL },
		{ "15.1", PLACE_GENERATION, "2016", "", NULL, NULL },
		{ "8.3", PLACE_GENERATION, "2007", "", NULL, NULL },
		{ "15.2.1748", PLACE_RANGE, "2019", "CU15", NULL, NULL },
		{ "15.1.2242.5", PLACE_BETWEEN, "2016", "CU20", "15.1.2242.4", "15.1.2242.8" },
		{ "15.2.1748.9", PLACE_BETWEEN, "2019", "CU15", "15.2.1544.50", "15.2.1748.10" },
		{ "15.2.1748.56", PLACE_NEWER, "2019", "CU15", "15.2.1748.55", "15.2.2562.17" },
		{ "15.2.2562.57", PLACE_NEWER, "SE", "RTM", "15.2.2562.56", NULL },
		{ "15.2.2600.1", PLACE_NEWER, "SE", "", "15.2.2562.56", NULL },
		{ "15.2.2600", PLACE_NEWER, "SE", "", "15.2.2562.56", NULL },
		{ "15.2.2561.1", PLACE_NEWER, "2019", "", "15.2.1748.55", NULL },
		{ "15.2.1300.7", PLACE_GENERATION, "2019", "", "15.2.1258.39", "15.2.1544.4" },
		{ "15.2.1300", PLACE_GENERATION, "2019", "", "15.2.1258.39", "15.2.1544.4" },
		{ "15.1.100.1", PLACE_GENERATION, "2016", "", NULL, "15.1.225.42" },
		{ "14.3.300.5", PLACE_BETWEEN, "2010", "SP3", "14.3.294.0", "14.3.301.0" },
		{ "15.20.8699.20", PLACE_ONLINE, "", "", NULL, NULL },
		{ "15.3.1.1", PLACE_UNKNOWN, "", "", NULL, NULL },
		{ "16.0.1.1", PLACE_UNKNOWN, "", "", NULL, NULL },
		{ "5.5.2653.23", PLACE_UNKNOWN, "", "", NULL, NULL },
		{ "1.0", PLACE_UNKNOWN, "", "", NULL, NULL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct build_report *r = report(state, cases[i].build, "2026-11-22");

		if (r->place != cases[i].place)
			fail_msg("%s is %s", cases[i].build, builds_place_name(r->place));
		assert_string_equal(r->branch, cases[i].branch);
		assert_string_equal(r->cu, cases[i].cu);
		if (cases[i].below != NULL)
			assert_string_equal(r->below->text, cases[i].below);
		else
			assert_null(r->below);
		/* A neighbour of another product is none. */
		if (cases[i].above != NULL && strcmp(cases[i].above, "15.2.2562.17") != 0)
			assert_string_equal(r->above->text, cases[i].above);
		else
			assert_null(r->above);
		builds_report_free(r);
	}
}

static void
lists_missing(void **state)
{
	static const char *const after_oct25[] = {
		"Dec25SU", "Feb26SU", "Jun26SU", "Jul26SU", "Aug26SU", "Sep26SU", "Sep26SUv2",
		"Oct26SU", NULL,
	};
	static const char *const by_august[] = {
		"Dec25SU", "Feb26SU", "Jun26SU", "Jul26SU", "Aug26SU", NULL,
	};
	static const char *const none[] = { NULL };
	struct build_report *r = report(state, "15.2.1748.39", "2026-11-22");

	assert_true(r->missing_known);
	assert_names(r->missing, r->nmissing, after_oct25);
	assert_int_equal(r->days_behind, 348);		/* since 2025-12-09 */
	assert_string_equal(r->newest->text, "15.2.1748.55");
	assert_null(r->newer_cu);
	builds_report_free(r);

	/* The day of the August update: it counts, September's do not. */
	r = report(state, "15.2.1748.39", "2026-08-11");
	assert_names(r->missing, r->nmissing, by_august);
	assert_string_equal(r->newest->text, "15.2.1748.49");
	builds_report_free(r);
	r = report(state, "15.2.1748.39", "2026-08-10");
	assert_int_equal(r->nmissing, 4);
	builds_report_free(r);

	/* May26HU is no security update, and there is none above Oct26SU. */
	r = report(state, "15.2.2562.56", "2026-11-22");
	assert_names(r->missing, r->nmissing, none);
	assert_int_equal(r->days_behind, 0);
	assert_null(r->newer_hu);
	builds_report_free(r);
	r = report(state, "15.2.2562.37", "2026-05-20");
	assert_names(r->missing, r->nmissing, none);
	assert_int_equal(r->days_behind, 0);
	assert_string_equal(r->newer_hu->update, "May26HU");
	builds_report_free(r);

	/* A build that is newer than the day is still named. */
	r = report(state, "15.2.1748.39", "2025-10-13");
	assert_string_equal(r->row->update, "Oct25SU");
	assert_int_equal(r->nmissing, 0);
	builds_report_free(r);
}

/* 15.2.858.2 and .5, 14.3.336.0 and .339.0: one update, two numbers. */
static void
variants_are_not_missing(void **state)
{
	static const char *const ur[] = {
		"UR17", "UR18", "UR19", "UR20", "UR21", "UR22", "UR23", "UR24", "UR25", "UR26",
		"UR27", "UR28", "UR29", "UR30", "UR31", "UR32", NULL,
	};
	struct build_report *r = report(state, "14.3.336.0", "2026-11-22");

	assert_names(r->missing, r->nmissing, ur);
	builds_report_free(r);
	/* Seen from below it is missing once. */
	r = report(state, "14.3.319.2", "2026-11-22");
	assert_string_equal(r->missing[0]->update, "UR16");
	assert_string_equal(r->missing[0]->text, "14.3.336.0");
	assert_string_equal(r->missing[1]->update, "UR17");
	builds_report_free(r);
	r = report(state, "15.2.858.2", "2026-11-22");
	assert_string_equal(r->missing[0]->update, "Apr21SU");
	builds_report_free(r);
}

/* Trap 5: the updates of March 2021 for old CUs hold four CVEs only. */
static void
march_2021_is_partial(void **state)
{
	static const char *const four[] = {
		"CVE-2021-26855", "CVE-2021-26857", "CVE-2021-26858", "CVE-2021-27065",
	};
	static const char *const hidden[] = { "Sep20SU", "Oct20SU", "Nov20SU", "Dec20SU", NULL };
	struct build_report *r = report(state, "15.1.2044.13", "2026-11-22");

	assert_true(r->row->partial);
	for (size_t i = 0; i < COUNT(four); i++)
		assert_int_equal(verdict(r, four[i])->state, CVE_FIXED);
	/* Fixed by Sep20SU of the same CU, which this build may lack. */
	assert_int_equal(verdict(r, "CVE-2020-16875")->state, CVE_UNDECIDABLE);
	/* Brought by the CU, or older than it: there. */
	assert_int_equal(verdict(r, "CVE-2020-0688")->state, CVE_FIXED);
	/* Never assessed for it. */
	assert_int_equal(verdict(r, "CVE-2021-34473")->state, CVE_OPEN_PRESUMED);
	assert_false(r->missing_known);
	assert_int_equal(r->days_behind, -1);
	assert_names(r->undetermined, r->nundetermined, hidden);
	builds_report_free(r);

	/* The same update where it is cumulative. */
	r = report(state, "15.1.2106.13", "2026-11-22");
	assert_false(r->row->partial);
	assert_int_equal(verdict(r, "CVE-2020-17132")->state, CVE_FIXED);
	assert_int_equal(r->nundetermined, 0);
	assert_true(r->missing_known);
	builds_report_free(r);
}

static void
judges_cves(void **state)
{
	static const struct {
		const char	*build, *cve;
		enum cve_state	 state;
		const char	*fix;
	} cases[] = {
		{ "15.2.1748.39", "CVE-2026-42897", CVE_OPEN, "15.2.1748.46" },
		{ "15.2.1748.46", "CVE-2026-42897", CVE_NEEDS_CONFIG, "15.2.1748.46" },
		/* listed under June until July: the July build holds it */
		{ "15.2.2562.43", "CVE-2026-45583", CVE_OPEN, "15.2.2562.45" },
		{ "15.2.2562.45", "CVE-2026-45583", CVE_FIXED, "15.2.2562.45" },
		{ "15.1.2507.6", "CVE-2022-41040", CVE_OPEN, "15.1.2507.16" },
		{ "15.1.2308.27", "CVE-2022-41040", CVE_OPEN_PRESUMED, "15.1.2375.37" },
		{ "15.2.659.4", "CVE-2021-26855", CVE_OPEN, "15.2.659.12" },
		{ "15.2.858.5", "CVE-2021-26855", CVE_FIXED, NULL },
		/* CU13 was assessed, its fix is to move to CU14 */
		{ "15.2.1258.39", "CVE-2024-21410", CVE_OPEN, "15.2.1544.4" },
		{ "15.2.1118.40", "CVE-2024-21410", CVE_OPEN_PRESUMED, "15.2.1544.4" },
		{ "15.2.1544.4", "CVE-2024-21410", CVE_NEEDS_CONFIG, "15.2.1544.4" },
		/* in a CU itself */
		{ "15.1.1713.5", "CVE-2019-0686", CVE_NEEDS_CONFIG, "15.1.1713.5" },
		{ "14.3.513.0", "CVE-2021-26857", CVE_FIXED, "14.3.513.0" },
		{ "14.3.509.0", "CVE-2021-26857", CVE_OPEN, "14.3.513.0" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct build_report *r = report(state, cases[i].build, "2026-11-22");
		const struct cve_verdict *v = verdict(r, cases[i].cve);

		if (v->state != cases[i].state)
			fail_msg("%s at %s is %s", cases[i].cve, cases[i].build,
			    builds_cve_state_name(v->state));
		if (cases[i].fix != NULL)
			assert_string_equal(v->fix->text, cases[i].fix);
		builds_report_free(r);
	}
}

/* Trap 3: one threshold for all products; four CVEs that are not for all branches. */
static void
cves_belong_to_branches(void **state)
{
	struct build_report *r = report(state, "15.1.2507.6", "2026-11-22");

	for (size_t i = 0; i < r->ncves; i++)
		assert_string_not_equal(r->cves[i].cve->id, "CVE-2026-55007");
	builds_report_free(r);
	/* 29 through Aug26SU, of which 28 by build and CVE-2026-45583. */
	r = report(state, "15.2.2562.17", "2026-08-31");
	assert_int_equal(r->count[CVE_OPEN], 29);
	builds_report_free(r);
}

static void
three_parts_are_a_range(void **state)
{
	struct build_report *r = report(state, "15.1.2507", "2026-11-22");
	const struct cve_verdict *v;

	assert_int_equal(r->ncandidates, 30);
	assert_string_equal(r->candidates[0]->text, "15.1.2507.6");
	assert_string_equal(r->candidates[29]->text, "15.1.2507.77");
	assert_null(r->row);
	assert_false(r->missing_known);
	assert_int_equal(r->nmissing, 0);
	assert_int_equal(r->days_behind, -1);
	assert_true(r->nmissing_worst > 20);
	assert_true(r->days_behind_worst > 1600);
	v = verdict(r, "CVE-2026-70571");
	assert_int_equal(v->state, CVE_UNDECIDABLE);
	assert_int_equal(v->fixed_in, 1);
	assert_int_equal(v->candidates, 30);
	assert_int_equal(verdict(r, "CVE-2021-26855")->state, CVE_FIXED);
	assert_int_equal(r->count[CVE_OPEN], 0);
	builds_report_free(r);

	/* One row only: certain by the table. */
	r = report(state, "15.0.516", "2026-11-22");
	assert_int_equal(r->place, PLACE_RANGE);
	assert_int_equal(r->ncandidates, 1);
	assert_true(r->missing_known);
	assert_int_equal(verdict(r, "CVE-2021-26855")->state, CVE_OPEN_PRESUMED);
	builds_report_free(r);

	/* As of a day: later updates are no candidates. */
	r = report(state, "15.2.2562", "2025-08-12");
	assert_int_equal(r->ncandidates, 2);
	builds_report_free(r);
}

static void
newer_than_the_table(void **state)
{
	struct build_report *r = report(state, "15.2.2562.60", "2026-11-22");

	assert_int_equal(r->place, PLACE_NEWER);
	assert_false(r->missing_known);
	assert_int_equal(r->days_behind, -1);
	assert_int_equal(r->count[CVE_OPEN] + r->count[CVE_UNDECIDABLE], 0);
	assert_int_equal(verdict(r, "CVE-2026-70571")->state, CVE_FIXED);
	assert_int_equal(r->support, SUPPORT_SUPPORTED);
	builds_report_free(r);
	/* A whole new CU: nothing is known. */
	r = report(state, "15.2.2700.10", "2026-11-22");
	assert_int_equal(r->count[CVE_UNDECIDABLE], r->ncves);
	assert_true(r->ncves >= 42);
	builds_report_free(r);
	/* Above the newest of an old CU: what a later CU fixed stays open to question. */
	r = report(state, "15.1.2375.99", "2026-11-22");
	assert_int_equal(verdict(r, "CVE-2023-21529")->state, CVE_UNDECIDABLE);
	assert_int_equal(verdict(r, "CVE-2022-41040")->state, CVE_NEEDS_CONFIG);
	builds_report_free(r);
}

/* Decided where both neighbours agree. */
static void
between_two_rows(void **state)
{
	/* Between Jul26SU (.48) and Aug26SU (.49) there is no number; between .43 and .46 is. */
	struct build_report *r = report(state, "15.2.1748.44", "2026-11-22");

	assert_int_equal(verdict(r, "CVE-2026-42897")->state, CVE_UNDECIDABLE);
	assert_int_equal(verdict(r, "CVE-2026-45583")->state, CVE_OPEN);
	assert_int_equal(verdict(r, "CVE-2026-21527")->state, CVE_FIXED);
	assert_true(r->missing_known);
	assert_string_equal(r->missing[0]->update, "Jun26SU");
	builds_report_free(r);
}

static void
supports(void **state)
{
	static const struct {
		const char	*build, *as_of;
		enum support_status status;
		const char	*until;
	} cases[] = {
		{ "15.2.1748.39", "2025-10-14", SUPPORT_SUPPORTED, "2025-10-14" },
		{ "15.2.1748.39", "2025-10-15", SUPPORT_ESU_1, "2026-04-30" },
		{ "15.2.1544.36", "2026-04-30", SUPPORT_ESU_1, "2026-04-30" },
		{ "15.1.2507.61", "2026-05-01", SUPPORT_ESU_2, "2026-10-31" },
		{ "15.1.2507", "2026-10-31", SUPPORT_ESU_2, "2026-10-31" },
		{ "15.1.2507.77", "2026-11-01", SUPPORT_ESU_ENDED, "2026-10-31" },
		{ "15.2.1258.39", "2026-06-01", SUPPORT_UNSUPPORTED, "2025-02-10" },
		{ "15.2.1258.39", "2025-02-10", SUPPORT_SUPPORTED, "2025-02-10" },
		{ "15.1.2375.37", "2026-01-01", SUPPORT_UNSUPPORTED, "2023-01-11" },
		{ "15.0.1497.48", "2023-04-12", SUPPORT_UNSUPPORTED, "2023-04-11" },
		{ "14.3.513.0", "2026-11-22", SUPPORT_UNSUPPORTED, "2020-10-13" },
		{ "15.2.2562.17", "2026-11-22", SUPPORT_SUPPORTED, "2035-12-31" },
		{ "15.2.2562.17", "2036-01-01", SUPPORT_UNSUPPORTED, "2035-12-31" },
		{ "15.2", "2026-11-22", SUPPORT_UNKNOWN, "" },
		{ "15.1", "2026-11-22", SUPPORT_UNSUPPORTED, "2025-10-14" },
		{ "15.1", "2026-05-05", SUPPORT_UNKNOWN, "" },
		{ "15.20.1.1", "2026-11-22", SUPPORT_UNKNOWN, "" },
		{ "15.2.2600.1", "2026-11-22", SUPPORT_SUPPORTED, "2035-12-31" },
	};
	char text[11];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct build_report *r = report(state, cases[i].build, cases[i].as_of);

		if (r->support != cases[i].status)
			fail_msg("%s on %s is %s", cases[i].build, cases[i].as_of,
			    builds_support_name(r->support));
		assert_string_equal(builds_day_text(r->support_until, text), cases[i].until);
		builds_report_free(r);
	}
}

static void
sorts_worst_first(void **state)
{
	struct build_report *r = report(state, "15.1.1713.10", "2026-11-22");
	size_t kev = 0;

	assert_true(r->ncves > 100);
	for (size_t i = 0; i < r->ncves; i++) {
		const struct cve_verdict *v = &r->cves[i];

		kev += v->cve->kev && v->state >= CVE_OPEN_PRESUMED;
		if (i == 0)
			continue;
		assert_true(v[-1].state >= v->state);
		if (v[-1].state == v->state)
			assert_true(v[-1].cve->kev >= v->cve->kev);
		if (v[-1].state == v->state && v[-1].cve->kev == v->cve->kev)
			assert_true(v[-1].cve->cvss >= v->cve->cvss);
	}
	assert_int_equal(kev, r->kev_open);
	assert_true(kev > 5);
	builds_report_free(r);
}

static void
disclosed_later_is_left_out(void **state)
{
	struct build_report *r = report(state, "15.2.1748.39", "2026-05-13");

	for (size_t i = 0; i < r->ncves; i++)
		assert_string_not_equal(r->cves[i].cve->id, "CVE-2026-42897");
	builds_report_free(r);
	r = report(state, "15.2.1748.39", "2026-05-14");
	assert_int_equal(verdict(r, "CVE-2026-42897")->state, CVE_OPEN);
	builds_report_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_the_table), cmocka_unit_test(names_builds),
		cmocka_unit_test(places), cmocka_unit_test(lists_missing),
		cmocka_unit_test(variants_are_not_missing),
		cmocka_unit_test(march_2021_is_partial), cmocka_unit_test(judges_cves),
		cmocka_unit_test(cves_belong_to_branches),
		cmocka_unit_test(three_parts_are_a_range),
		cmocka_unit_test(newer_than_the_table), cmocka_unit_test(between_two_rows),
		cmocka_unit_test(supports), cmocka_unit_test(sorts_worst_first),
		cmocka_unit_test(disclosed_later_is_left_out),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
