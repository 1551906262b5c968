/* html_tail.c - the end of the page: every check once, what cannot be seen, how it was done. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "config-build.h"
#include "html.h"
#include "markup.h"
#include "unseen.h"

/* ---- every check ---- */

static void
put_tally(FILE *f, const struct total *t, size_t rule)
{
	static const struct { enum verdict verdict; const char *class, *word; } shown[] = {
		{ VERDICT_FAIL, "high", "failed" }, { VERDICT_WARN, "medium", "warned" },
		{ VERDICT_UNDECIDABLE, "undecided", "undecided" },
		{ VERDICT_NOT_OBSERVABLE, "unknown", "not seen" },
		{ VERDICT_PASS, "clean", "passed" },
		{ VERDICT_NOT_APPLICABLE, "other", "do not apply" },
	};

	(void)fputs("<span class=\"tally\">", f);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (total_rule(t, rule, shown[i].verdict) > 0)
			markup_put(f, "<span class=\"t-%s\">%u %s</span> ", shown[i].class,
			    total_rule(t, rule, shown[i].verdict), shown[i].word);
	(void)fputs("</span>", f);
}

static void
put_rule(FILE *f, const struct total *t, size_t i, const struct report_run *run)
{
	const struct rule *r = rule_table[i];
	struct text_buf controls = { 0 };

	markup_put(f, "<details class=\"rule\" id=\"rule-%s\"><summary><b>%s</b> <code>%s</code> ", r->id,
	    r->title, r->id);
	put_tally(f, t, i);
	(void)fputs("</summary><div class=\"cb\">", f);
	if (r->rationale != NULL)
		markup_put(f, "<p><b>Why</b> %s</p>", r->rationale);
	if (r->remediation != NULL)
		markup_put(f, "<p><b>What to do</b> %s</p>", r->remediation);
	if (r->reference != NULL && strncmp(r->reference, "https://", 8) == 0)
		markup_put(f, "<p><b>Source</b> <a rel=\"noreferrer\" href=\"%s\">%s</a></p>", r->reference,
		    r->reference);
	else if (r->reference != NULL)
		markup_put(f, "<p><b>Source</b> %s</p>", r->reference);
	html_rule_controls(&controls, run, r, true);
	(void)fputs(controls.s != NULL ? controls.s : "", f);
	text_buf_free(&controls);
	markup_put(f, "<p class=\"dim\">Severity %s; group %s. exvet explain %s says more.</p>"
	    "</div></details>\n", rule_severity_name(r->severity), r->group, r->id);
}

/* Each thing once, with the command or the HealthChecker check that answers it. */
static void
put_answers(FILE *f)
{
	markup_put(f, "<details class=\"more\"><summary>%u things, and what answers each</summary><ul>\n",
	    (unsigned)unseen_count());
	for (size_t i = 0; unseen_table[i].what != NULL; i++)
		markup_put(f, unseen_table[i].check[0] != '\0' ? "<li><b>%s</b>: %s (HealthChecker: %s)</li>\n" :
		    "<li><b>%s</b>: %s</li>\n", unseen_table[i].what, unseen_table[i].command,
		    unseen_table[i].check);
	(void)fputs("</ul></details>\n", f);
}

static void
put_unseen(FILE *f, const struct total *t)
{
	markup_put(f, "<h3>What cannot be seen</h3>\n<p class=\"lead\">Of %u answers that the checks could "
	    "have given, %u could not be seen from here and %u allow both. They are counted nowhere as "
	    "fine. No scan over the network shows mail flow rules, roles and permissions, virus "
	    "protection, Extended Protection as configured, multi-factor authentication behind the "
	    "log-on page, or whether somebody has been there already.</p>\n",
	    t->by_verdict[VERDICT_PASS] + t->by_verdict[VERDICT_FAIL] + t->by_verdict[VERDICT_WARN] +
	    t->by_verdict[VERDICT_UNDECIDABLE] + t->by_verdict[VERDICT_NOT_OBSERVABLE],
	    t->by_verdict[VERDICT_NOT_OBSERVABLE], t->by_verdict[VERDICT_UNDECIDABLE]);
	put_answers(f);
}

void
html_checks(const struct html *h, FILE *f, const struct report_run *run)
{
	(void)fputs("<section id=\"checks\">\n<h2>Checks</h2>\n<p class=\"lead\">What was asked of each "
	    "server, why it matters, and what the fleet answered.</p>\n", f);
	for (size_t i = 0; i < total_rules(); i++)
		put_rule(f, &h->total, i, run);
	put_unseen(f, &h->total);
	(void)fputs("</section>\n", f);
}

/* ---- how it was done ---- */

static void
line(FILE *f, const char *label, const char *text)
{
	markup_put(f, "<div><dt>%s</dt><dd>%s</dd></div>\n", label, text);
}

static void
put_counts(FILE *f, const char *label, const struct total_name *v, const char *none)
{
	struct text_buf out = { 0 };

	for (size_t i = 0; i < TOTAL_NAMES && v[i].name != NULL; i++)
		text_buf_printf(&out, "%s%" PRIu64 " %s", i > 0 ? ", " : "", v[i].n,
		    v[i].name[0] != '\0' ? v[i].name : none);
	line(f, label, out.s != NULL ? out.s : "none");
	text_buf_free(&out);
}

static void
put_targets(FILE *f, const struct total *t)
{
	static const struct { enum identity who; const char *word; } words[] = {
		{ IDENTITY_EXCHANGE, "Exchange Server" }, { IDENTITY_ONLINE, "Exchange Online" },
		{ IDENTITY_PREAUTH, "behind a pre-auth proxy" },
		{ IDENTITY_NOT_EXCHANGE, "not Exchange" }, { IDENTITY_UNKNOWN, "not known" },
	};
	struct text_buf out = { 0 };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (t->by_identity[words[i].who] > 0)
			text_buf_printf(&out, "%s%" PRIu64 " %s", out.s != NULL ? ", " : "",
			    t->by_identity[words[i].who], words[i].word);
	line(f, "Targets", out.s != NULL ? out.s : "none");
	text_buf_free(&out);
}

static void
put_table(FILE *f, const struct report_run *run)
{
	char day[2][11], *s;

	s = text_printf("builds of %s, known-exploited list of %s, SHA-256 %s",
	    builds_day_text(builds_as_of(run->builds), day[0]),
	    builds_day_text(builds_kev_as_of(run->builds), day[1]), builds_sha256(run->builds));
	line(f, "Table", s);
	free(s);
}

static void
put_traffic(FILE *f, const struct total *t)
{
	char *s = text_printf("%" PRIu64 " connections, %" PRIu64 " requests and messages to %" PRIu64
	    " targets; no log-on, no exploit, nothing that a browser or a mail client would not send",
	    t->connections, t->requests, t->targets);

	line(f, "Traffic", s);
	free(s);
}

#define INPUTS_SHOWN	50

static void
put_inputs(FILE *f, const struct report_inputs *in)
{
	for (size_t i = 0; in != NULL && i < in->n && i < INPUTS_SHOWN; i++) {
		const char *slash = strrchr(in->v[i].name, '/');
		char *s = text_printf("%s, %s%s", slash != NULL ? slash + 1 : in->v[i].name,
		    in->v[i].sha256[0] != '\0' ? "SHA-256 " : "not hashed", in->v[i].sha256);

		line(f, in->v[i].what, s);
		free(s);
	}
	if (in != NULL && in->n > INPUTS_SHOWN)
		line(f, "", "and more files");
}

static void
put_policy(FILE *f, const struct policy_book *book)
{
	char *s;

	if (book == NULL || book->name == NULL)
		return;
	s = text_printf("%s%s%s%s%s", book->name, book->title[0] != '\0' ? ": " : "", book->title,
	    book->date[0] != '\0' ? ", of " : "", book->date);
	line(f, "Policy", s);
	free(s);
}

void
html_method(const struct html *h, FILE *f, const struct report_run *run)
{
	const struct total *t = &h->total;
	char first[RESULT_TIME_MAX], last[RESULT_TIME_MAX], *s;

	(void)fputs("<section id=\"method\">\n<h2>Method</h2>\n<dl class=\"kv\">\n", f);
	put_targets(f, t);
	if (t->reasons[0].name != NULL)
		put_counts(f, "Why not known", t->reasons, "no reason");
	s = text_printf("%s to %s", result_time(t->first_ms, first), result_time(t->last_ms, last));
	line(f, "Scanned", t->targets > 0 && first[0] != '\0' ? s : "not recorded");
	free(s);
	put_counts(f, "Seen from", t->vantages, "no vantage point given");
	put_counts(f, "Profiles", t->profiles, "not recorded");
	put_traffic(f, t);
	put_inputs(f, run->inputs);
	put_table(f, run);
	put_policy(f, run->policy != NULL ? run->policy->book : NULL);
	line(f, "Made by", "exvet " PACKAGE_VERSION);
	(void)fputs("</dl>\n<p class=\"lead\">Results, table and this program give the same report "
	    "again.</p>\n</section>\n", f);
}

/* ---- the same numbers for machines ---- */

void
html_numbers(const struct html *h, FILE *f)
{
	const struct total *t = &h->total;
	struct json_out j = { .comma = false };

	(void)fputs("<script type=\"application/json\" id=\"numbers\">", f);
	json_out_open(&j, NULL, '{');
	json_out_number(&j, "targets", (int64_t)t->targets);
	json_out_number(&j, "servers", (int64_t)t->servers);
	json_out_number(&j, "urgent", (int64_t)t->urgent);
	json_out_number(&j, "known_exploited", (int64_t)t->kev);
	json_out_number(&j, "known_exploited_maybe", (int64_t)t->kev_maybe);
	json_out_number(&j, "unsupported", (int64_t)t->unsupported);
	json_out_number(&j, "unsupported_maybe", (int64_t)t->unsupported_maybe);
	json_out_number(&j, "missing", (int64_t)t->missing);
	json_out_number(&j, "not_judged", (int64_t)t->not_judged);
	json_out_number(&j, "connections", (int64_t)t->connections);
	json_out_number(&j, "requests", (int64_t)t->requests);
	json_out_open(&j, "states", '{');
	for (int s = 0; s < VIEW_STATES; s++)
		json_out_number(&j, view_state_name((enum view_state)s), (int64_t)t->by_state[s]);
	json_out_close(&j, '}');
	json_out_open(&j, "behind", '{');
	for (int b = 0; b < TOTAL_BEHIND_KINDS; b++)
		json_out_number(&j, total_behind_name((enum total_behind)b), (int64_t)t->behind[b]);
	json_out_close(&j, '}');
	json_out_open(&j, "findings", '{');
	for (int s = SEV_INFO; s <= SEV_CRITICAL; s++)
		json_out_number(&j, rule_severity_name((enum severity)s), (int64_t)t->by_severity[s]);
	json_out_close(&j, '}');
	json_out_close(&j, '}');
	markup_json(f, &j.text);
	(void)fputs("</script>\n", f);
}
