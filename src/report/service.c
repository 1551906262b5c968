/* service.c - a report as one service of a monitoring system. */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "check_line.h"
#include "config.h"
#include "service.h"

/* "mail1" of "mail1:8443", "http://mail1" and "[::1]:443". */
static char *
name_of(const char *target)
{
	const char *slashes = strstr(target, "://"), *s = slashes != NULL ? slashes + 3 : target;

	if (*s == '[')
		return text_dup_n(s + 1, strcspn(s + 1, "]"));
	return text_dup_n(s, strchr(s, ':') == strrchr(s, ':') ? strcspn(s, ":/") : strlen(s));
}

void
service_judge(struct service *s, const struct report_run *run, const struct report *report)
{
	const struct result *r = report->result;
	struct text_buf line = { 0 };

	*s = (struct service){ .host = r->tag[0] != '\0' ? text_dup(r->tag) : name_of(r->target) };
	check_terms_read(&s->terms, run->config);
	check_judge(&s->terms, run, report, &s->verdict);
	text_buf_printf(&line, "EXCHANGE %s - ", check_state_name(s->verdict.state));
	check_line_summary(&line, s->host, run, report, &s->verdict);
	if (r->vantage[0] != '\0') {
		text_buf_str(&line, "; seen from ");
		escape_plugin(&line, r->vantage);
	}
	s->line = line.s;
}

void
service_clear(struct service *s)
{
	check_judge_clear(&s->verdict);
	free(s->host);
	free(s->line);
}
