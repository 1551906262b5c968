/*
 * xccdf.c - XCCDF 1.2 (NISTIR 7275r4): one benchmark with every rule, one
 * TestResult a target.  What could not be decided is "unknown", what could not
 * be seen "notchecked": the score says how much was decided beside it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "config-build.h"
#include "markup.h"
#include "report.h"
#include "view.h"

#define ID	"xccdf_org.exvet_"

struct xccdf {
	uint64_t	 n;
};

/* XCCDF knows no "critical". */
static const char *
severity_of(enum severity severity)
{
	return severity == SEV_CRITICAL ? "high" : rule_severity_name(severity);
}

/* The usual link from a rule to what checks it: exvet, under the rule's id. */
static void
put_check(FILE *f, const struct rule *r)
{
	markup_put(f, "<check system=\"urn:exvet:rule\"><check-content-ref href=\"exvet\" name=\"%s\"/>"
	    "</check>\n", r->id);
}

static void
put_rule(FILE *f, const struct rule *r)
{
	markup_put(f, "<Rule id=\"" ID "rule_%s\" selected=\"true\" severity=\"%s\">\n<title>%s</title>\n",
	    r->id, severity_of(r->severity), r->title);
	if (r->reference != NULL && text_starts(r->reference, "https://"))
		markup_put(f, "<reference href=\"%s\">%s</reference>\n", r->reference, r->reference);
	if (r->rationale != NULL)
		markup_put(f, "<rationale>%s</rationale>\n", r->rationale);
	if (r->remediation != NULL)
		markup_put(f, "<fixtext>%s</fixtext>\n", r->remediation);
	put_check(f, r);
	(void)fputs("</Rule>\n", f);
}

static void
xccdf_begin(void *state, FILE *f, const struct report_run *run)
{
	char day[11];

	(void)state;
	(void)builds_day_text(builds_as_of(run->builds), day);
	markup_put(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<Benchmark xmlns=\"http://checklists.nist.gov/xccdf/1.2\" id=\"" ID "benchmark_exchange\" "
	    "xml:lang=\"en\" resolved=\"true\">\n<status date=\"%s\">draft</status>\n"
	    "<title>Exchange Server, as far as the network shows</title>\n"
	    "<description>The rules of exvet, judged by its table of %s. They support evidence for "
	    "controls; they do not show compliance.</description>\n"
	    "<platform idref=\"cpe:/a:microsoft:exchange_server\"/>\n"
	    "<version>" PACKAGE_VERSION "</version>\n"
	    "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:publisher>exvet</dc:publisher>"
	    "</metadata>\n", day, day);
	for (size_t i = 0; rule_table[i] != NULL; i++)
		put_rule(f, rule_table[i]);
}

static const char *
result_of(enum verdict verdict)
{
	static const char *const words[] = {
		[VERDICT_PASS] = "pass", [VERDICT_FAIL] = "fail", [VERDICT_WARN] = "fail",
		[VERDICT_UNDECIDABLE] = "unknown", [VERDICT_NOT_OBSERVABLE] = "notchecked",
		[VERDICT_NOT_APPLICABLE] = "notapplicable",
	};

	return words[verdict];
}

static void
put_result(FILE *f, const struct finding *k)
{
	markup_put(f, "<rule-result idref=\"" ID "rule_%s\" severity=\"%s\"><result>%s</result>",
	    k->rule->id, severity_of(k->severity), result_of(k->verdict));
	if (k->waiver != NULL) {
		char *waived = view_waiver(k->waiver);

		markup_put(f, "<message severity=\"info\">%s</message>", waived);
		free(waived);
	}
	if (k->why != NULL && k->why[0] != '\0')
		markup_put(f, "<message severity=\"%s\">%s</message>", rule_counts(k) ? "warning" : "info",
		    k->why);
	put_check(f, k->rule);
	(void)fputs("</rule-result>\n", f);
}

/* A target without findings still needs a result: it says that nothing was checked. */
static void
put_results(FILE *f, const struct judgement *j)
{
	for (size_t i = 0; i < j->nfindings; i++)
		put_result(f, &j->findings[i]);
	if (j->nfindings == 0)
		markup_put(f, "<rule-result idref=\"" ID "rule_%s\"><result>notchecked</result>"
		    "<message severity=\"warning\">the target could not be judged</message>"
		    "<check system=\"urn:exvet:rule\"/></rule-result>\n", rule_table[0]->id);
}

static void
put_scores(FILE *f, const struct judgement *j)
{
	uint64_t n[VERDICT_NOT_APPLICABLE + 1] = { 0 }, decided, asked;

	for (size_t i = 0; i < j->nfindings; i++)
		n[j->findings[i].verdict]++;
	decided = n[VERDICT_PASS] + n[VERDICT_FAIL] + n[VERDICT_WARN];
	asked = decided + n[VERDICT_UNDECIDABLE] + n[VERDICT_NOT_OBSERVABLE];
	markup_put(f, "<score system=\"urn:exvet:score:passed-of-decided\" maximum=\"%u\">%u</score>\n"
	    "<score system=\"urn:exvet:score:decided-of-asked\" maximum=\"%u\">%u</score>\n",
	    decided, n[VERDICT_PASS], asked, decided);
}

static void
put_fact(FILE *f, const char *name, const char *value)
{
	if (value[0] != '\0')
		markup_put(f, "<fact name=\"urn:exvet:fact:%s\" type=\"string\">%s</fact>\n", name, value);
}

static void
put_facts(FILE *f, const struct report *report)
{
	const struct judgement *j = report->judgement;
	char build[48];

	(void)fputs("<target-facts>\n", f);
	put_fact(f, "identity", rule_identity_name(j->identity));
	put_fact(f, "build", j->build != NULL ? build_number_text(&j->build->number, build) : "");
	put_fact(f, "vantage", report->result->vantage);
	put_fact(f, "tag", report->result->tag);
	/* A remark would be its place, and makes oscap complain of an unknown element. */
	put_fact(f, "judged", rule_complete(j) && report->result->finished ? "yes" : "no");
	(void)fputs("</target-facts>\n", f);
}

static void
xccdf_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	const struct result *r = report->result;
	char start[RESULT_TIME_MAX], end[RESULT_TIME_MAX];
	struct xccdf *x = state;

	(void)run;
	(void)result_time(r->started_ms, start);
	(void)result_time(r->started_ms + r->duration_ms, end);
	markup_put(f, "<TestResult id=\"" ID "testresult_%u\" version=\"" PACKAGE_VERSION "\" ", ++x->n);
	/* end-time is not optional; of a result without a time it is the epoch. */
	if (start[0] != '\0')
		markup_put(f, "start-time=\"%s\" ", start);
	markup_put(f, "end-time=\"%s\" test-system=\"cpe:/a:exvet:exvet:" PACKAGE_VERSION "\">\n<title>%s"
	    "</title>\n", end[0] != '\0' ? end : "1970-01-01T00:00:00Z", r->target);
	markup_put(f, "<target>%s</target>\n", r->target);
	if (r->address[0] != '\0')
		markup_put(f, "<target-address>%s</target-address>\n", r->address);
	put_facts(f, report);
	put_results(f, report->judgement);
	put_scores(f, report->judgement);
	(void)fputs("</TestResult>\n", f);
}

static void
xccdf_end(void *state, FILE *f, const struct report_run *run)
{
	(void)state;
	if (run->not_done > 0)
		fprintf(f, "<!-- %" PRIu64 " targets were not scanned -->\n", run->not_done);
	(void)fputs("</Benchmark>\n", f);
}

const struct reporter reporter_xccdf = {
	.name = "xccdf",
	.summary = "XCCDF 1.2: a benchmark and one TestResult a target, for SCAP tools",
	.state_size = sizeof(struct xccdf),
	.begin = xccdf_begin,
	.target = xccdf_target,
	.end = xccdf_end,
};
