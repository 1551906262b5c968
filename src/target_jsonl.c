/*
 * target_jsonl.c - targets out of JSON: our own results (exvet/1, one object a
 * line) and what masscan writes (-oJ: an array, with stray commas; -oD: one
 * object a line).
 *
 * A scanner cuts the input into objects as bytes come and leaves nested values
 * out that no target needs, so that memory does not depend on the size of an
 * object; json-c then reads the small rest.  After a broken object the next
 * line goes on.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "target_input.h"

enum {
	OBJECT = 65536,		/* bytes of an object without what was left out */
	DEPTH = 8,		/* of what was kept */
};

struct target_jsonl {
	struct text_buf	 text;		/* the object so far, without what is left out */
	unsigned	 depth;		/* 0: between objects */
	size_t		 member;	/* where the current member of the object starts */
	bool		 in_string, escaped, dropping, too_big, line_start;
	unsigned long	 line;		/* where the object starts */
	json_object	*root;		/* masscan object whose ports are being handed out */
	size_t		 port;		/* the next of them */
};

void
target_jsonl_free(struct target_jsonl *j)
{
	if (j == NULL)
		return;
	json_object_put(j->root);
	text_buf_free(&j->text);
	free(j);
}

static void
keep(struct target_jsonl *j, char c)
{
	if (j->text.len < OBJECT)
		text_buf_add(&j->text, &c, 1);
	else
		j->too_big = true;
}

static void
begin(struct target_jsonl *j, unsigned long line)
{
	j->text.len = 0;
	j->depth = 1;
	j->member = 1;
	j->in_string = j->escaped = j->dropping = j->too_big = false;
	j->line = line;
	keep(j, '{');
}

/* Is the nested value that begins now one that holds ports? */
static bool
is_wanted(const struct target_jsonl *j)
{
	const char *s = j->text.s + j->member;

	while (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n')
		s++;
	return text_starts(s, "\"ports\"") || text_starts(s, "\"data\"");
}

static void
open_nested(struct target_jsonl *j, char c)
{
	if (j->depth++ == 1 && !is_wanted(j)) {
		j->dropping = true;
		for (const char *p = "null"; *p != '\0'; p++)
			keep(j, *p);
	}
	if (!j->dropping)
		keep(j, c);
}

/* One byte inside an object; true when the object is whole. */
static bool
take(struct target_jsonl *j, char c)
{
	if (j->in_string) {
		j->in_string = j->escaped || c != '"';
		j->escaped = !j->escaped && c == '\\';
	} else if (c == '{' || c == '[') {
		open_nested(j, c);
		return false;
	} else if (c == '}' || c == ']') {
		bool dropped = j->dropping;

		if (--j->depth <= 1)
			j->dropping = false;
		if (!dropped)
			keep(j, c);
		return j->depth == 0;
	} else {
		j->in_string = c == '"';
	}
	if (!j->dropping)
		keep(j, c);
	if (j->depth == 1 && c == ',' && !j->in_string)
		j->member = j->text.len;
	return false;
}

static void
bad_object(struct target_input *in, struct target_jsonl *j, const char *why)
{
	char shown[128];

	target_input_bad(in, j->line, target_parse_shown(j->text.s, j->text.len, "", 0, shown), why);
	j->depth = 0;
}

/* A line that holds something else than objects and commas. */
static void
bad_between(struct target_input *in, unsigned long line)
{
	char shown[128];
	const char *p;
	size_t n;

	if (target_input_next_line(in, &p, &n) == TARGET_LINE_END)
		return;
	target_input_bad(in, line, target_parse_shown(p, n, "@", 1, shown),
	    "not JSON, expected one object a line");
}

/* Consume to the end of the next object: false at the end of the input. */
static bool
next_object(struct target_input *in, struct target_jsonl *j)
{
	const char *p;
	size_t n, i;

	while ((n = target_input_view(in, &p)) != 0) {
		bool whole = false, broken = false;

		for (i = 0; i < n && !whole && !broken; i++) {
			bool first = j->line_start;
			char c = p[i];

			j->line_start = c == '\n';
			if (j->depth != 0 && !(first && c == '{')) {
				whole = take(j, c);
			} else if (c == '{') {
				target_input_skip(in, i);
				p += i;
				n -= i;
				i = 0;
				if (j->depth != 0)
					bad_object(in, j, "object that does not end, "
					    "expected '}' on its line");
				begin(j, target_input_line(in));
			} else {
				broken = strchr(" \t\r\n,[]", c) == NULL || c == '\0';
			}
		}
		target_input_skip(in, broken ? i - 1 : i);
		if (whole)
			return true;
		if (broken) {
			bad_between(in, target_input_line(in));
			j->line_start = true;
		}
	}
	if (j->depth != 0 && !target_input_failed(in))
		bad_object(in, j, "object cut short by the end, expected '}'");
	return false;
}

/* A member's text; NULL when it is absent or no string. */
static const char *
get_text(json_object *o, const char *key, size_t *n)
{
	json_object *v;

	if (!json_object_object_get_ex(o, key, &v) || !json_object_is_type(v, json_type_string))
		return NULL;
	*n = (size_t)json_object_get_string_len(v);
	return json_object_get_string(v);
}

static bool
text_is(json_object *o, const char *key, const char *want)
{
	size_t n;
	const char *s = get_text(o, key, &n);

	return s != NULL && n == strlen(want) && memcmp(s, want, n) == 0;
}

/* A result of our own: its target again, as it was normalised then. */
static bool
read_result(struct target_input *in, json_object *o, struct target_item *out,
    char why[TARGET_WHY])
{
	struct target_rules rules = *target_input_rules(in);
	size_t n = 0, ntag = 0;
	const char *target = get_text(o, "target", &n), *tag = get_text(o, "tag", &ntag);

	rules.port = 443;		/* a port that the text leaves out */
	if (!text_is(o, "schema", "exvet/1")) {
		(void)snprintf(why, TARGET_WHY, "result of another format, expected exvet/1");
		return false;
	}
	if (target == NULL) {
		(void)snprintf(why, TARGET_WHY, "result without a target, expected a text \"target\"");
		return false;
	}
	if (!target_parse(target, n, &rules, &out->spec, why))
		return false;
	if (tag != NULL)
		(void)text_printable(out->tag, sizeof(out->tag), tag, ntag);
	return true;
}

/* An open TCP port of masscan: 1; 0 when it is something else; -1: bad. */
static int
read_port(struct target_input *in, json_object *root, json_object *port, json_object *state,
    struct target_item *out, char why[TARGET_WHY])
{
	json_object *number;
	char text[24];
	size_t n = 0;
	const char *ip = get_text(root, "ip", &n);

	if (!text_is(port, "proto", "tcp") || !text_is(state, "status", "open"))
		return 0;
	(void)snprintf(why, TARGET_WHY, "bad address or port, expected those of masscan");
	if (ip == NULL || !json_object_object_get_ex(port, "port", &number) ||
	    !json_object_is_type(number, json_type_int))
		return -1;
	(void)snprintf(text, sizeof(text), "%lld", (long long)json_object_get_int64(number));
	return target_parse_endpoint(ip, n, text, strlen(text), target_input_rules(in),
	    &out->spec, why) ? 1 : -1;
}

/* The next port of the masscan object at hand; done: there is no further one. */
static int
next_port(struct target_input *in, struct target_jsonl *j, struct target_item *out,
    char why[TARGET_WHY], bool *done)
{
	json_object *ports, *data;

	if (json_object_object_get_ex(j->root, "ports", &ports) &&
	    json_object_is_type(ports, json_type_array)) {
		json_object *port = json_object_array_get_idx(ports, j->port++);

		*done = port == NULL;
		return json_object_is_type(port, json_type_object) ?
		    read_port(in, j->root, port, port, out, why) : 0;
	}
	*done = j->port++ != 0;
	if (*done || !json_object_object_get_ex(j->root, "data", &data) ||
	    !json_object_is_type(data, json_type_object))
		return 0;
	return read_port(in, j->root, j->root, data, out, why);
}

/* The object that was cut out, read; NULL and why when it is of no use. */
static json_object *
read_object(struct target_jsonl *j, char why[TARGET_WHY])
{
	json_tokener *tok = json_tokener_new_ex(DEPTH);
	json_object *o = NULL;
	enum json_tokener_error error = json_tokener_error_size;

	if (tok != NULL && !j->too_big) {
		o = json_tokener_parse_ex(tok, j->text.s, (int)j->text.len);
		error = json_tokener_get_error(tok);
	}
	(void)snprintf(why, TARGET_WHY, "not JSON (%s), expected one object a line",
	    j->too_big ? "too large" : json_tokener_error_desc(error));
	json_tokener_free(tok);
	if (error == json_tokener_success)
		return o;
	json_object_put(o);
	return NULL;
}

/* One object: an item (1), none or ports to come (0), or bad (-1). */
static int
open_object(struct target_input *in, struct target_jsonl *j, struct target_item *out,
    char why[TARGET_WHY])
{
	json_object *o = read_object(j, why), *v;
	int got = -1;

	if (o == NULL)		/* older masscan ends its array with {finished: 1} */
		return j->text.len < 24 && strstr(j->text.s, "finished") != NULL ? 0 : -1;
	if (json_object_object_get_ex(o, "schema", &v)) {
		got = read_result(in, o, out, why) ? 1 : -1;
	} else if (json_object_object_get_ex(o, "ip", &v)) {
		j->root = json_object_get(o);
		j->port = 0;
		got = 0;
	} else {
		(void)snprintf(why, TARGET_WHY, "unknown object, "
		    "expected a result of exvet/1 or of masscan");
	}
	json_object_put(o);
	return got;
}

int
target_jsonl_next(struct target_input *in, struct target_item *out)
{
	struct target_format_state *state = target_input_state(in);
	struct target_jsonl *j = state->jsonl;
	char why[TARGET_WHY];
	int got = 0;

	if (j == NULL) {
		j = state->jsonl = text_alloc(sizeof(*j));
		j->line_start = true;
	}
	while (got != 1) {
		bool done = false;

		if (j->root != NULL) {
			got = next_port(in, j, out, why, &done);
		} else {
			if (!next_object(in, j))
				return target_input_failed(in) ? -1 : 0;
			got = open_object(in, j, out, why);
		}
		if (done) {
			json_object_put(j->root);
			j->root = NULL;
		}
		if (got < 0)
			bad_object(in, j, why);
	}
	out->line = j->line;
	return 1;
}
