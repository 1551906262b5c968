/*
 * card_health.c - how each protocol answers, for one target and -v: the state
 * that healthcheck.htm shows, and the milliseconds of each step.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "card_parts.h"

/* "owa" of https://mail.example.com/owa/healthcheck.htm. */
static char *
directory_of(const char *at)
{
	const char *p = strstr(at, "://"), *end;

	p = p != NULL ? strchr(p + 3, '/') : NULL;
	if (p == NULL)
		return text_dup(at);
	end = strchr(p + 1, '/');
	return text_dup_n(p + 1, end != NULL ? (size_t)(end - p - 1) : strlen(p + 1));
}

static void
print_states(const struct paint *p, const struct obs *obs)
{
	const char *label = "Health";

	for (const struct observation *k = obs_first(obs, FACT_HEALTH); k != NULL; k = obs_next(obs, k)) {
		const struct observation *first = obs_next_at(obs, FACT_HTTP_TTFB, k->at, NULL);
		const struct observation *name = obs_next_at(obs, FACT_NAME_HEALTH, k->at, NULL);
		struct text_buf b = { 0 };
		char *directory = directory_of(k->at);

		text_buf_printf(&b, "%s: %s", directory, k->text);
		if (first != NULL)
			text_buf_printf(&b, ", %" PRId64 " ms", first->number);
		if (name != NULL)
			text_buf_printf(&b, ", %s", name->text);
		else if (k->evidence[0] != '\0')
			text_buf_printf(&b, " (%s)", k->evidence);
		card_line(p, label, strcmp(k->text, "up") == 0 ? INK_PLAIN : INK_YELLOW, b.s);
		label = "";
		free(directory);
		text_buf_free(&b);
	}
}

static void
add_step(struct text_buf *b, const struct obs *obs, enum fact fact, const char *word)
{
	const struct observation *k = obs_first(obs, fact);

	if (k != NULL)
		text_buf_printf(b, "%s%s %" PRId64 " ms", b->s != NULL ? ", " : "", word, k->number);
}

/* The steps of the connection that the directories share, then the first byte of each. */
static void
print_times(const struct paint *p, const struct obs *obs)
{
	struct text_buf b = { 0 };
	const char *label = "Times";

	add_step(&b, obs, FACT_TIME_RESOLVE, "resolve");
	add_step(&b, obs, FACT_TIME_CONNECT, "connect");
	add_step(&b, obs, FACT_TIME_TLS, "TLS");
	if (b.s != NULL) {
		card_line(p, label, INK_PLAIN, b.s);
		label = "";
	}
	text_buf_free(&b);
	for (const struct observation *k = obs_first(obs, FACT_HTTP_TTFB); k != NULL; k = obs_next(obs, k)) {
		const char *path = strstr(k->at, "://");

		path = path != NULL ? strchr(path + 3, '/') : NULL;
		if (path == NULL || strstr(path, "/healthcheck.htm") != NULL)
			continue;
		text_buf_printf(&b, "%s%.*s %" PRId64, b.s != NULL ? ", " : "first byte (ms): ",
		    (int)strcspn(path, "?"), path, k->number);
	}
	if (b.s != NULL)
		card_line(p, label, INK_PLAIN, b.s);
	text_buf_free(&b);
}

void
card_health(const struct paint *p, const struct report_run *run, const struct result *r)
{
	if (run->verbose == 0 || obs_first(r->obs, FACT_HTTP_TTFB) == NULL)
		return;
	fputc('\n', p->f);
	print_states(p, r->obs);
	print_times(p, r->obs);
}
