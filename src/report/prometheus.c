/*
 * prometheus.c - gauges for the textfile collector of node_exporter, in the
 * text format 0.0.4.
 *
 * Labels are few: a target, its address, and names of releases; no list of
 * flaws.  A series stands once, or the collector drops the whole file: of two
 * results of one target at one address the later counts.  What is not known
 * has no sample.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "check_metric.h"
#include "report.h"
#include "service.h"
#include "view.h"

enum family {
	UP, JUDGED, STATE, BUILD, SUPPORTED, MISSING, OLDEST, CVES, KEV, HIDDEN, FINDINGS, UNDECIDED,
	WAIVED, CERT, DURATION, STARTED, FAMILIES
};

static const struct {
	const char *name, *help;
} families[FAMILIES] = {
	[UP] = { "exvet_target_up", "Whether the target answered over HTTP." },
	[JUDGED] = { "exvet_target_judged",
	    "Whether it is known what the target is, and which build if it is Exchange." },
	[STATE] = { "exvet_state",
	    "What check_exchange says of the target: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN." },
	[BUILD] = { "exvet_build_info", "The build that the target runs; always 1." },
	[SUPPORTED] = { "exvet_product_supported", "Whether the vendor supports product and build." },
	[MISSING] = { "exvet_updates_missing", "Security updates that are missing." },
	[OLDEST] = { "exvet_update_missing_since_timestamp_seconds",
	    "When the first missing security update came out." },
	[CVES] = { "exvet_cves_open",
	    "Vulnerabilities that are open in this build; no sample where none is known and some may be." },
	[KEV] = { "exvet_cves_known_exploited_open",
	    "Open vulnerabilities that are known to be exploited." },
	[HIDDEN] = { "exvet_cves_undecided",
	    "Vulnerabilities that may be open: by the build, or by a setting that cannot be seen." },
	[FINDINGS] = { "exvet_findings", "Findings that count, by severity." },
	[UNDECIDED] = { "exvet_checks_undecided",
	    "Checks that could not be decided, or not be seen from here." },
	[WAIVED] = { "exvet_findings_waived", "Findings that do not count because of a waiver." },
	[CERT] = { "exvet_certificate_expiry_timestamp_seconds",
	    "When the certificate of the target ends." },
	[DURATION] = { "exvet_scan_duration_seconds", "How long the scan of the target took." },
	[STARTED] = { "exvet_scan_timestamp_seconds", "When the scan of the target began." },
};

/* One target at one address: its lines, family by family. */
struct series {
	char	*key;
	int64_t	 started_ms;
	size_t	 order;
	char	*lines[FAMILIES];
};

struct prometheus {
	struct series	*v;
	size_t		 n, cap;
};

/* A label's value: backslash, quote and newline are escaped; the rest is printable. */
static void
add_value(struct text_buf *out, const char *s)
{
	char *clean = escape_utf8(s);

	for (const char *p = clean; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			text_buf_str(out, "\\");
		text_buf_add(out, p, 1);
	}
	free(clean);
}

static void
add_label(struct text_buf *out, const char *name, const char *value)
{
	text_buf_printf(out, "%s%s=\"", out->s != NULL ? "," : "", name);
	add_value(out, value);
	text_buf_str(out, "\"");
}

static void
add(struct series *s, enum family f, const char *more, double value)
{
	struct text_buf b = { 0 };

	if (s->lines[f] != NULL)
		text_buf_str(&b, s->lines[f]);
	text_buf_printf(&b, "%s{%s%s} %.15g\n", families[f].name, s->key, more, value);
	free(s->lines[f]);
	s->lines[f] = b.s;
}

/* What may be open and is not counted as open. */
static void
add_hidden(struct series *s, const struct build_report *b)
{
	if (!view_knows_cves(b))
		return;
	add(s, HIDDEN, ",by=\"build\"", (double)b->count[CVE_UNDECIDABLE]);
	add(s, HIDDEN, ",by=\"setting\"", (double)b->count[CVE_NEEDS_CONFIG]);
}

static void
add_build(struct series *s, const struct judgement *j, const struct check_values *v)
{
	const struct build_report *b = j->build;
	struct text_buf more = { 0 };
	char number[48];

	if (b == NULL || j->identity != IDENTITY_EXCHANGE)
		return;
	text_buf_str(&more, "");
	add_label(&more, "build", build_number_text(&b->number, number));
	add_label(&more, "product", b->product);
	add_label(&more, "cu", b->cu);
	add_label(&more, "update", b->row != NULL ? b->row->update : "");
	add(s, BUILD, more.s, 1);
	text_buf_free(&more);
	if (j->contradiction)		/* which of the builds it is, nobody knows */
		return;
	if (b->support != SUPPORT_UNKNOWN)
		add(s, SUPPORTED, "", b->support == SUPPORT_SUPPORTED);
	if (v->known[METRIC_MISSING])
		add(s, MISSING, "", v->v[METRIC_MISSING]);
	if (v->known[METRIC_MISSING] && b->nmissing > 0)
		add(s, OLDEST, "", b->missing[0]->released * 86400.0);
	if (v->known[METRIC_CVES])
		add(s, CVES, "", v->v[METRIC_CVES]);
	if (v->known[METRIC_KEV])
		add(s, KEV, "", v->v[METRIC_KEV]);
	add_hidden(s, b);
}

static void
add_findings(struct series *s, const struct judgement *j)
{
	static const enum verdict open[] = { VERDICT_UNDECIDABLE, VERDICT_NOT_OBSERVABLE };

	for (int i = SEV_INFO; i <= SEV_CRITICAL; i++) {
		char *more = text_printf(",severity=\"%s\"", rule_severity_name((enum severity)i));
		size_t n = 0;

		for (size_t k = 0; k < j->nfindings; k++)
			n += rule_counts(&j->findings[k]) && j->findings[k].severity == (enum severity)i;
		/* none of what was not recognized says nothing */
		if (n > 0 || j->identity != IDENTITY_UNKNOWN)
			add(s, FINDINGS, more, (double)n);
		free(more);
	}
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		char *more = text_printf(",verdict=\"%s\"", rule_verdict_name(open[i]));

		add(s, UNDECIDED, more, (double)view_verdicts(j, open[i]));
		free(more);
	}
	add(s, WAIVED, "", (double)view_waived(j));
}

static void
prometheus_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	struct prometheus *p = state;
	const struct result *r = report->result;
	struct text_buf key = { 0 };
	struct series *s;
	struct service service;
	bool up = obs_first(r->obs, FACT_HTTP_STATUS) != NULL;
	double end;

	(void)f;
	if (p->n == p->cap) {
		p->cap = p->cap != 0 ? p->cap * 2 : 64;
		p->v = text_grow(p->v, p->cap, sizeof(*p->v));
	}
	s = &p->v[p->n];
	*s = (struct series){ .started_ms = r->started_ms, .order = p->n++ };
	add_label(&key, "target", r->target);
	add_label(&key, "address", r->address);
	if (r->vantage[0] != '\0')
		add_label(&key, "vantage", r->vantage);
	s->key = key.s;
	add(s, UP, "", up);
	add(s, JUDGED, "", rule_complete(report->judgement));
	service_judge(&service, run, report);
	add(s, STATE, "", service.verdict.state);
	add_build(s, report->judgement, &service.verdict.values);
	service_clear(&service);
	if (up)
		add_findings(s, report->judgement);
	if (check_metric_cert_end(r, &end))
		add(s, CERT, "", end);
	add(s, DURATION, "", (double)r->duration_ms / 1000);
	add(s, STARTED, "", (double)r->started_ms / 1000);
}

/* By key, the latest scan first. */
static int
compare(const void *a, const void *b)
{
	const struct series *x = a, *y = b;
	int by_key = strcmp(x->key, y->key);

	if (by_key != 0)
		return by_key;
	if (x->started_ms != y->started_ms)
		return x->started_ms > y->started_ms ? -1 : 1;
	return x->order > y->order ? -1 : 1;
}

static void
print_head(FILE *f, const char *name, const char *help)
{
	fprintf(f, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void
print_table(FILE *f, const struct report_run *run)
{
	double built = builds_as_of(run->builds) * 86400.0;

	print_head(f, "exvet_table_timestamp_seconds", "Day of the table of builds.");
	fprintf(f, "exvet_table_timestamp_seconds %.15g\n", built);
	print_head(f, "exvet_table_age_seconds", "Age of the table of builds on the day judged as of.");
	fprintf(f, "exvet_table_age_seconds %.15g\n", run->as_of * 86400.0 - built);
	print_head(f, "exvet_targets_not_done", "Targets that a signal left unscanned.");
	fprintf(f, "exvet_targets_not_done %" PRIu64 "\n", run->not_done);
}

static void
prometheus_end(void *state, FILE *f, const struct report_run *run)
{
	struct prometheus *p = state;

	if (p->n > 1)
		qsort(p->v, p->n, sizeof(*p->v), compare);
	for (int i = 0; i < FAMILIES; i++) {
		bool head = false;

		for (size_t k = 0; k < p->n; k++) {
			if (p->v[k].lines[i] == NULL ||
			    (k > 0 && strcmp(p->v[k].key, p->v[k - 1].key) == 0))
				continue;
			if (!head)
				print_head(f, families[i].name, families[i].help);
			head = true;
			fputs(p->v[k].lines[i], f);
		}
	}
	print_table(f, run);
}

static void
prometheus_clear(void *state)
{
	struct prometheus *p = state;

	for (size_t k = 0; k < p->n; k++) {
		free(p->v[k].key);
		for (int i = 0; i < FAMILIES; i++)
			free(p->v[k].lines[i]);
	}
	free(p->v);
	*p = (struct prometheus){ 0 };
}

const struct reporter reporter_prometheus = {
	.name = "prometheus",
	.summary = "gauges for the textfile collector of Prometheus's node_exporter",
	.state_size = sizeof(struct prometheus),
	.target = prometheus_target,
	.end = prometheus_end,
	.clear = prometheus_clear,
};
