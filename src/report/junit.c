/*
 * junit.c - JUnit XML for gates in continuous integration: a suite a target, a
 * case a check.  What could not be seen is skipped, a target that could not be
 * judged is an error: neither is a success.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "config-build.h"
#include "markup.h"
#include "report.h"
#include "view.h"

static void
junit_begin(void *state, FILE *f, const struct report_run *run)
{
	(void)state;
	(void)run;
	(void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"exvet "
	    PACKAGE_VERSION "\">\n", f);
}

static bool
is_skipped(const struct finding *f)
{
	return f->verdict != VERDICT_PASS && !rule_counts(f);
}

static void
put_suite(FILE *f, const struct report *report, bool judged)
{
	const struct result *r = report->result;
	const struct judgement *j = report->judgement;
	size_t failures = 0, skipped = 0;
	char time[RESULT_TIME_MAX];

	for (size_t i = 0; i < j->nfindings; i++) {
		failures += rule_counts(&j->findings[i]);
		skipped += is_skipped(&j->findings[i]);
	}
	(void)fputs("<testsuite", f);
	markup_attr(f, "name", r->target);
	fprintf(f, " tests=\"%zu\" failures=\"%zu\" errors=\"%d\" skipped=\"%zu\" time=\"%" PRId64
	    ".%03d\"", j->nfindings + 1, failures, !judged, skipped, r->duration_ms / 1000,
	    (int)(r->duration_ms % 1000));
	if (result_time(r->started_ms, time)[0] != '\0') {
		time[strcspn(time, ".")] = '\0';	/* xs:dateTime of the usual schema: no fraction, no zone */
		markup_attr(f, "timestamp", time);
	}
	if (r->address[0] != '\0')
		markup_attr(f, "hostname", r->address);
	(void)fputs(">\n", f);
}

/* A newline in an attribute would be lost: the sentence stands in the text too. */
static void
put_case(FILE *f, const struct finding *k)
{
	const char *why = k->why != NULL ? k->why : "";
	char *waived = k->waiver != NULL ? view_waiver(k->waiver) : NULL;

	(void)fputs("<testcase", f);
	markup_attr(f, "classname", k->rule->group);
	markup_attr(f, "name", k->rule->id);
	if (k->verdict == VERDICT_PASS) {
		(void)fputs("/>\n", f);
		free(waived);
		return;
	}
	(void)fputs(rule_counts(k) ? "><failure" : "><skipped", f);
	if (rule_counts(k))
		markup_attr(f, "type", rule_severity_name(k->severity));
	markup_put(f, " message=\"%s: %s\"", waived != NULL ? waived :
	    rule_verdict_name(k->verdict), k->rule->title);
	free(waived);
	if (rule_counts(k))
		markup_put(f, ">%s\n%s</failure></testcase>\n", why,
		    k->rule->remediation != NULL ? k->rule->remediation : "");
	else
		markup_put(f, ">%s</skipped></testcase>\n", why);
}

static void
junit_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	const struct judgement *j = report->judgement;
	bool judged = rule_complete(j) && report->result->finished;
	char *failure = view_failure_text(report->result);

	(void)state;
	(void)run;
	put_suite(f, report, judged);
	(void)fputs("<testcase classname=\"identity\" name=\"judged\"", f);
	if (judged)
		(void)fputs("/>\n", f);
	else
		markup_put(f, "><error type=\"not-judged\" message=\"could not be judged\">%s</error>"
		    "</testcase>\n", failure[0] != '\0' ? failure : "what it is, or its build, is not known");
	for (size_t i = 0; i < j->nfindings; i++)
		put_case(f, &j->findings[i]);
	(void)fputs("</testsuite>\n", f);
	free(failure);
}

static void
junit_end(void *state, FILE *f, const struct report_run *run)
{
	(void)state;
	if (run->not_done > 0)
		fprintf(f, "<testsuite name=\"not scanned\" tests=\"1\" failures=\"0\" errors=\"1\" "
		    "skipped=\"0\"><testcase classname=\"run\" name=\"all targets\"><error "
		    "type=\"stopped\" message=\"%" PRIu64 " targets were not scanned\"/></testcase>"
		    "</testsuite>\n", run->not_done);
	(void)fputs("</testsuites>\n", f);
}

const struct reporter reporter_junit = {
	.name = "junit",
	.summary = "JUnit XML for gates in continuous integration",
	.begin = junit_begin,
	.target = junit_target,
	.end = junit_end,
};
