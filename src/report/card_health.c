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

/* "resolve 0, connect 0, TLS 0 (reused)": all but the first byte, which each has of its own. */
static size_t
shared_steps(const struct observation *k)
{
	const char *own = strstr(k->text, ", first byte ");

	return own != NULL ? (size_t)(own - k->text) : strlen(k->text);
}

static void
print_states(const struct paint *p, const struct obs *obs)
{
	const char *label = "Health";

	for (const struct observation *k = obs_first(obs, FACT_HEALTH); k != NULL; k = obs_next(obs, k)) {
		const struct observation *first = obs_next_at(obs, FACT_HTTP_TTFB, k->at, NULL);
		const struct observation *name = obs_next_at(obs, FACT_NAME_HEALTH, k->at, NULL);
		const struct observation *steps = obs_next_at(obs, FACT_HTTP_STEPS, k->at, NULL);
		struct text_buf b = { 0 };
		char *directory = directory_of(k->at);

		text_buf_printf(&b, "%s: %s", directory, k->text);
		if (first != NULL)
			text_buf_printf(&b, ", %" PRId64 " ms", first->number);
		if (name != NULL)
			text_buf_printf(&b, ", %s", name->text);
		else if (k->evidence[0] != '\0')
			text_buf_printf(&b, " (%s)", k->evidence);
		if (steps != NULL)
			text_buf_printf(&b, "; %.*s", (int)shared_steps(steps), steps->text);
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

/* "/owa/" of https://mail.example.com/owa/?a=b; NULL: a page of health, told above. */
static const char *
path_of(const char *at, int *len)
{
	const char *path = strstr(at, "://");

	path = path != NULL ? strchr(path + 3, '/') : NULL;
	if (path == NULL || strstr(path, "/healthcheck.htm") != NULL)
		return NULL;
	*len = (int)strcspn(path, "?");
	return path;
}

static bool
is_alike(const struct observation *a, const struct observation *b)
{
	size_t n = shared_steps(a);

	return n == shared_steps(b) && strncmp(a->text, b->text, n) == 0;
}

/* The directories whose other steps are as those of k, and the first byte of each. */
static void
print_alike(const struct paint *p, const struct obs *obs, const struct observation *k)
{
	struct text_buf b = { 0 };

	for (const struct observation *m = k; m != NULL; m = obs_next(obs, m)) {
		const char *own = strstr(m->text, ", first byte "), *path;
		int len;

		if (own == NULL || !is_alike(k, m) || (path = path_of(m->at, &len)) == NULL)
			continue;
		if (b.s == NULL)
			text_buf_printf(&b, "%.*s, first byte (ms): ", (int)shared_steps(k), k->text);
		else
			text_buf_str(&b, ", ");
		text_buf_printf(&b, "%.*s %s", len, path, own + strlen(", first byte "));
	}
	if (b.s != NULL)
		card_line(p, "", INK_PLAIN, b.s);
	text_buf_free(&b);
}

/* The steps of the first connection, then those of each directory. */
static void
print_times(const struct paint *p, const struct obs *obs)
{
	struct text_buf b = { 0 };

	add_step(&b, obs, FACT_TIME_RESOLVE, "resolve");
	add_step(&b, obs, FACT_TIME_CONNECT, "connect");
	add_step(&b, obs, FACT_TIME_TLS, "TLS");
	card_line(p, "Times", INK_PLAIN, b.s != NULL ? b.s : "each directory");
	text_buf_free(&b);
	for (const struct observation *k = obs_first(obs, FACT_HTTP_STEPS); k != NULL; k = obs_next(obs, k)) {
		const struct observation *first = obs_first(obs, FACT_HTTP_STEPS);

		while (!is_alike(first, k))
			first = obs_next(obs, first);
		if (first == k)
			print_alike(p, obs, k);
	}
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
