/*
 * icinga.c - passive check results for the API of Icinga 2, a JSON object a
 * line; passive.h carries them there.
 *
 * Icinga 2 Documentation, chapter 12, "process-check-result".
 */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/json_out.h"
#include "check_line.h"
#include "config.h"
#include "report.h"
#include "service.h"

enum { LONG_MAX_BYTES = 7500, DAY_MS = 86400000 };

static void
add_perfdata(struct json_out *o, const struct service *s)
{
	struct text_buf all = { 0 };
	char *rest;

	check_line_perfdata(&all, &s->terms, &s->verdict);
	json_out_open(o, "performance_data", '[');
	for (rest = all.s; rest != NULL && *rest != '\0'; ) {
		size_t n = strcspn(rest, " ");
		char *one = text_dup_n(rest, n);

		json_out_text(o, NULL, one);
		free(one);
		rest += n + (rest[n] == ' ');
	}
	json_out_close(o, ']');
	text_buf_free(&all);
}

/* Lines that are printable already; only their ends are JSON's. */
static void
add_output(struct json_out *o, char *output)
{
	text_buf_str(&o->text, ",\"plugin_output\":\"");
	for (const char *s = output; *s != '\0'; s++) {
		if (*s == '\n')
			text_buf_str(&o->text, "\\n");
		else if (*s == '"' || *s == '\\')
			text_buf_printf(&o->text, "\\%c", *s);
		else
			text_buf_add(&o->text, s, 1);
	}
	text_buf_str(&o->text, "\"");
}

static void
icinga_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	const struct result *r = report->result;
	struct json_out o = { .comma = false };
	struct text_buf output = { 0 };
	struct service s;
	char *name;

	(void)state;
	service_judge(&s, run, report);
	name = text_printf("%s!%s", s.host, run->config->icinga.service);
	text_buf_printf(&output, "%s\n", s.line);
	check_line_long(&output, &s.terms, report, &s.verdict, LONG_MAX_BYTES);
	json_out_open(&o, NULL, '{');
	json_out_text(&o, "type", "Service");
	json_out_text(&o, "service", name);
	json_out_number(&o, "exit_status", s.verdict.state);
	add_output(&o, output.s);
	add_perfdata(&o, &s);
	/*
	 * Icinga drops a result that began before the last one it has, so a fresh
	 * one goes without a time: that of its arrival counts.  Stored results of
	 * days ago say when they were.
	 */
	if (r->started_ms / DAY_MS < run->as_of - 1) {
		json_out_number(&o, "execution_start", r->started_ms / 1000);
		json_out_number(&o, "execution_end", (r->started_ms + r->duration_ms) / 1000);
	}
	json_out_text(&o, "check_source", r->vantage[0] != '\0' ? r->vantage : "exvet");
	json_out_close(&o, '}');
	text_buf_str(&o.text, "\n");
	(void)fwrite(o.text.s, 1, o.text.len, f);
	text_buf_free(&o.text);
	free(name);
	text_buf_free(&output);
	service_clear(&s);
}

const struct reporter reporter_icinga = {
	.name = "icinga",
	.summary = "passive check results, given to the API of Icinga 2: icinga:https://HOST:5665",
	.streams = true,
	.remote = true,
	.target = icinga_target,
};
