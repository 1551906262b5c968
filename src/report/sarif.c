/*
 * sarif.c - SARIF 2.1.0 for code scanning: failures and warnings, and what the
 * evidence leaves open as kind "review".  What passed, or could not be seen, is
 * no result; the notes of the invocation count it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "config-build.h"
#include "report.h"
#include "sha256.h"
#include "view.h"

#define SCHEMA	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

struct sarif {
	bool		 more;
	uint64_t	 targets, not_judged, not_seen;
};

static void
put(FILE *f, struct json_out *o)
{
	(void)fwrite(o->text.s, 1, o->text.len, f);
	text_buf_free(&o->text);
}

static const char *
level_of(enum severity severity)
{
	return severity >= SEV_HIGH ? "error" : severity == SEV_MEDIUM ? "warning" : "note";
}

/* The bands by which GitHub names a result critical, high, medium or low. */
static const char *
score_of(enum severity severity)
{
	static const char *const scores[] = {
		[SEV_INFO] = "0.0", [SEV_LOW] = "3.0", [SEV_MEDIUM] = "5.5", [SEV_HIGH] = "8.0",
		[SEV_CRITICAL] = "9.5",
	};

	return scores[severity];
}

static void
add_words(struct json_out *o, const char *key, const char *text)
{
	json_out_open(o, key, '{');
	json_out_text(o, "text", text);
	json_out_close(o, '}');
}

static void
add_rule(struct json_out *o, const struct rule *r)
{
	json_out_open(o, NULL, '{');
	json_out_text(o, "id", r->id);
	add_words(o, "shortDescription", r->title);
	add_words(o, "fullDescription", r->rationale != NULL ? r->rationale : r->title);
	add_words(o, "help", r->remediation != NULL ? r->remediation : r->title);
	if (r->reference != NULL && text_starts(r->reference, "https://"))
		json_out_text(o, "helpUri", r->reference);
	json_out_open(o, "defaultConfiguration", '{');
	json_out_text(o, "level", level_of(r->severity));
	json_out_close(o, '}');
	json_out_open(o, "properties", '{');
	json_out_text(o, "security-severity", score_of(r->severity));
	json_out_open(o, "tags", '[');
	json_out_text(o, NULL, "security");
	json_out_text(o, NULL, r->group);
	json_out_close(o, ']');
	json_out_close(o, '}');
	json_out_close(o, '}');
}

static void
sarif_begin(void *state, FILE *f, const struct report_run *run)
{
	struct json_out o = { .comma = false };

	(void)state;
	(void)run;
	json_out_open(&o, NULL, '{');
	json_out_text(&o, "$schema", SCHEMA);
	json_out_text(&o, "version", "2.1.0");
	json_out_open(&o, "runs", '[');
	json_out_open(&o, NULL, '{');
	json_out_open(&o, "tool", '{');
	json_out_open(&o, "driver", '{');
	json_out_text(&o, "name", "exvet");
	json_out_text(&o, "version", PACKAGE_VERSION);
	json_out_text(&o, "semanticVersion", PACKAGE_VERSION);
	json_out_text(&o, "informationUri", PACKAGE_URL);
	json_out_open(&o, "rules", '[');
	for (size_t i = 0; rule_table[i] != NULL; i++)
		add_rule(&o, rule_table[i]);
	json_out_close(&o, ']');
	json_out_close(&o, '}');
	json_out_close(&o, '}');
	json_out_text(&o, "columnKind", "utf16CodeUnits");
	json_out_open(&o, "results", '[');
	put(f, &o);
}

/* RFC 3986 section 2.3: only unreserved bytes stand for themselves. */
static char *
uri_of(const char *target)
{
	struct text_buf out = { 0 };

	text_buf_str(&out, "targets/");
	for (const unsigned char *p = (const unsigned char *)target; *p != '\0'; p++)
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
		    strchr("-._~", *p) != NULL)
			text_buf_add(&out, p, 1);
		else
			text_buf_printf(&out, "%%%02X", *p);
	return out.s;
}

/* GitHub wants a file: each target stands for one; the host is the logical place. */
static void
add_place(struct json_out *o, const struct result *r)
{
	char *uri = uri_of(r->target);

	json_out_open(o, "locations", '[');
	json_out_open(o, NULL, '{');
	json_out_open(o, "physicalLocation", '{');
	json_out_open(o, "artifactLocation", '{');
	json_out_text(o, "uri", uri);
	json_out_close(o, '}');
	json_out_open(o, "region", '{');
	json_out_number(o, "startLine", 1);
	json_out_close(o, '}');
	json_out_close(o, '}');
	json_out_open(o, "logicalLocations", '[');
	json_out_open(o, NULL, '{');
	json_out_text(o, "fullyQualifiedName", r->target);
	json_out_text(o, "kind", "resource");
	json_out_close(o, '}');
	json_out_close(o, ']');
	json_out_close(o, '}');
	json_out_close(o, ']');
	free(uri);
}

/* The same server and rule are the same alert in the next run. */
static void
add_fingerprint(struct json_out *o, const struct result *r, const struct rule *rule)
{
	char *text = text_printf("%s\n%s", r->target, rule->id), hash[65];

	sha256_hex(text, strlen(text), hash);
	json_out_open(o, "partialFingerprints", '{');
	json_out_text(o, "targetAndRule/v1", hash);
	json_out_close(o, '}');
	free(text);
}

static void
add_waiver(struct json_out *o, const struct waiver *w)
{
	char *waived = view_waiver(w);

	json_out_open(o, "suppressions", '[');
	json_out_open(o, NULL, '{');
	json_out_text(o, "kind", "external");
	json_out_text(o, "justification", waived);
	json_out_close(o, '}');
	json_out_close(o, ']');
	free(waived);
}

static size_t
index_of(const struct rule *rule)
{
	size_t i = 0;

	while (rule_table[i] != rule)
		i++;
	return i;
}

static void
put_result(struct sarif *s, FILE *f, const struct result *r, const struct finding *k)
{
	bool open = k->verdict == VERDICT_UNDECIDABLE;
	struct json_out o = { .comma = s->more };
	char *text = text_printf("%s: %s", r->target, k->why != NULL && k->why[0] != '\0' ? k->why :
	    k->rule->title);

	json_out_open(&o, NULL, '{');
	json_out_text(&o, "ruleId", k->rule->id);
	json_out_number(&o, "ruleIndex", (int64_t)index_of(k->rule));
	json_out_text(&o, "kind", open ? "review" : "fail");
	json_out_text(&o, "level", open ? "none" : level_of(k->severity));
	add_words(&o, "message", text);
	add_place(&o, r);
	add_fingerprint(&o, r, k->rule);
	if (k->waiver != NULL)
		add_waiver(&o, k->waiver);
	json_out_open(&o, "properties", '{');
	json_out_text(&o, "severity", rule_severity_name(k->severity));
	json_out_text(&o, "verdict", rule_verdict_name(k->verdict));
	json_out_close(&o, '}');
	json_out_close(&o, '}');
	text_buf_str(&o.text, "\n");
	put(f, &o);
	s->more = true;
	free(text);
}

static void
sarif_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	const struct judgement *j = report->judgement;
	struct sarif *s = state;

	(void)run;
	s->targets++;
	s->not_judged += !rule_complete(j) || !report->result->finished;
	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *k = &j->findings[i];

		if (k->verdict == VERDICT_FAIL || k->verdict == VERDICT_WARN ||
		    k->verdict == VERDICT_UNDECIDABLE)
			put_result(s, f, report->result, k);
		s->not_seen += k->verdict == VERDICT_NOT_OBSERVABLE;
	}
}

static void
sarif_end(void *state, FILE *f, const struct report_run *run)
{
	const struct sarif *s = state;
	struct json_out o = { .comma = true };
	char *text = text_printf("%" PRIu64 " targets, of which %" PRIu64 " could not be judged; %"
	    PRIu64 " checks could not be made from here; %" PRIu64 " targets were not scanned.",
	    s->targets, s->not_judged, s->not_seen, run->not_done);

	json_out_close(&o, ']');
	json_out_open(&o, "invocations", '[');
	json_out_open(&o, NULL, '{');
	json_out_flag(&o, "executionSuccessful", run->not_done == 0);
	json_out_open(&o, "toolExecutionNotifications", '[');
	json_out_open(&o, NULL, '{');
	json_out_text(&o, "level", s->not_judged + run->not_done > 0 ? "warning" : "note");
	add_words(&o, "message", text);
	json_out_close(&o, '}');
	json_out_close(&o, ']');
	json_out_close(&o, '}');
	json_out_close(&o, ']');
	json_out_close(&o, '}');
	json_out_close(&o, ']');
	json_out_close(&o, '}');
	text_buf_str(&o.text, "\n");
	put(f, &o);
	free(text);
}

const struct reporter reporter_sarif = {
	.name = "sarif",
	.summary = "SARIF 2.1.0, for code scanning and vulnerability managers",
	.state_size = sizeof(struct sarif),
	.begin = sarif_begin,
	.target = sarif_target,
	.end = sarif_end,
};
