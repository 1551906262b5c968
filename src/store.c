/*
 * store.c - reads results back from JSON Lines.
 *
 * A file may come from anywhere: depth, lengths, types and numbers are checked,
 * a bad line is printed as file:line and the next one is read.
 */
#include "config-build.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/text.h"
#include "store.h"

#define JSON_DEPTH 16	/* a result is 5 deep */

struct store_reader {
	FILE			*f;
	char			*name;
	unsigned long		 line;
	int64_t			 at, next;	/* bytes before this line, and behind it */
	char			*buf;
	size_t			 len, cap;
	struct json_tokener	*tok;
	bool			 told_fact;	/* of an unknown fact, once a file */
	bool			 broken;	/* reading failed */
};

/* One line's reading: the first fault is the one that is told. */
struct parse {
	struct store_reader	*r;
	struct obs		*obs;		/* keeps strings that had to be made printable */
	bool			 bad;
};

static void
fault(struct parse *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
fault(struct parse *p, const char *fmt, ...)
{
	char *raw, *clean;
	va_list ap;

	if (p->bad)
		return;
	p->bad = true;
	va_start(ap, fmt);
	raw = text_vprintf(fmt, ap);
	va_end(ap);
	clean = escape_utf8(raw);	/* it may quote the file */
	fprintf(stderr, "exvet: %s:%lu: %s\n", p->r->name, p->r->line, clean);
	free(clean);
	free(raw);
}

/* ---- values of one object ---- */

static struct json_object *
member(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	return json_object_object_get_ex(o, key, &v) ? v : NULL;
}

static bool
is_plain(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s > 0x7e)
			return false;
	return true;
}

/* Printable, so that what is written of it reads back the same. */
static const char *
printable(struct parse *p, const char *s)
{
	char *clean;
	const char *kept;

	if (is_plain(s))
		return s;
	clean = escape_utf8(s);
	kept = obs_keep(p->obs, clean);
	free(clean);
	return kept;
}

/* null and absent are "". */
static const char *
get_text(struct parse *p, struct json_object *o, const char *key)
{
	struct json_object *v = member(o, key);
	const char *s;

	if (v == NULL)
		return "";
	if (!json_object_is_type(v, json_type_string)) {
		fault(p, "\"%s\": expected a string or null", key);
		return "";
	}
	s = json_object_get_string(v);
	if (strlen(s) != (size_t)json_object_get_string_len(v)) {
		fault(p, "\"%s\": holds a NUL character", key);
		return "";
	}
	if (strlen(s) <= LIMIT_LIST_LINE)
		s = printable(p, s);
	if (strlen(s) > LIMIT_LIST_LINE) {
		fault(p, "\"%s\": longer than %d bytes", key, LIMIT_LIST_LINE);
		return "";
	}
	return s;
}

/* The ends of int64_t mean that json-c had to cut the number. */
static bool
read_number(struct json_object *v, int64_t *out)
{
	if (!json_object_is_type(v, json_type_int) || json_object_get_uint64(v) > INT64_MAX)
		return false;
	*out = json_object_get_int64(v);
	return *out > INT64_MIN && *out < INT64_MAX;
}

static int64_t
get_number(struct parse *p, struct json_object *o, const char *key, int64_t min, int64_t max,
    int64_t absent)
{
	struct json_object *v = member(o, key);
	int64_t n;

	if (v == NULL)
		return absent;
	if (read_number(v, &n) && n >= min && n <= max)
		return n;
	fault(p, "\"%s\": expected a whole number from %lld to %lld", key,
	    (long long)min, (long long)max);
	return absent;
}

static bool
get_flag(struct parse *p, struct json_object *o, const char *key, bool absent)
{
	struct json_object *v = member(o, key);

	if (v == NULL)
		return absent;
	if (!json_object_is_type(v, json_type_boolean))
		fault(p, "\"%s\": expected true or false", key);
	return json_object_get_boolean(v) != 0;
}

/* "2026-11-24T05:38:00.123Z", as store_write() has it. */
static bool
read_time(const char *s, int64_t *ms)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddZ";
	int64_t v[7] = { 0 };
	struct tm tm;
	size_t k = 0;

	for (size_t i = 0; i < sizeof(shape); i++) {
		if (shape[i] == 'd' && s[i] >= '0' && s[i] <= '9')
			v[k] = v[k] * 10 + (s[i] - '0');
		else if (shape[i] != s[i])
			return false;
		else if (shape[i] != 'd' && k < 6)
			k++;
	}
	tm = (struct tm){
		.tm_year = (int)v[0] - 1900, .tm_mon = (int)v[1] - 1, .tm_mday = (int)v[2],
		.tm_hour = (int)v[3], .tm_min = (int)v[4], .tm_sec = (int)v[5],
	};
	if (v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 31 || v[3] > 23 || v[4] > 59 || v[5] > 60)
		return false;
	*ms = (int64_t)timegm(&tm) * 1000 + v[6];
	return true;
}

static int64_t
get_time(struct parse *p, struct json_object *o, const char *key)
{
	const char *s = get_text(p, o, key);
	int64_t ms = -1;		/* null: no time */

	if (s[0] != '\0' && !read_time(s, &ms))
		fault(p, "\"%s\": expected a time like 2026-11-24T05:38:00.123Z", key);
	return ms;
}

/* A list of objects; absent is empty.  NULL when it is none. */
static struct json_object *
get_list(struct parse *p, struct json_object *o, const char *key, size_t max)
{
	struct json_object *v = member(o, key);

	if (v == NULL || !json_object_is_type(v, json_type_array)) {
		fault(p, "\"%s\": expected a list", key);
		return NULL;
	}
	if (json_object_array_length(v) > max) {
		fault(p, "\"%s\": more than %zu entries", key, max);
		return NULL;
	}
	for (size_t i = 0; i < json_object_array_length(v); i++)
		if (!json_object_is_type(json_object_array_get_idx(v, i), json_type_object)) {
			fault(p, "\"%s\": entry %zu: expected an object", key, i);
			return NULL;
		}
	return v;
}

/* ---- one result ---- */

/* A newer version's fact is no fault of the file; say so once. */
static void
tell_fact(struct store_reader *r, const char *name)
{
	char *clean;

	if (r->told_fact)
		return;
	r->told_fact = true;
	clean = escape_utf8(name);
	fprintf(stderr, "exvet: %s:%lu: this version does not know the fact \"%.64s\": "
	    "such observations are left out\n", r->name, r->line, clean);
	free(clean);
}

static void
read_observation(struct parse *p, struct obs *obs, struct json_object *o)
{
	const char *name = get_text(p, o, "fact"), *at = get_text(p, o, "at");
	const char *probe = get_text(p, o, "probe"), *evidence = get_text(p, o, "evidence");
	struct json_object *v = member(o, "value");
	struct build_number build;
	enum fact fact;
	int64_t n;

	if (p->bad)
		return;
	if (!obs_fact_find(name, &fact)) {
		if (name[0] == '\0')
			fault(p, "\"fact\": expected the name of a fact");
		else
			tell_fact(p->r, name);
		return;
	}
	switch (obs_fact(fact)->type) {
	case FACT_TYPE_NUMBER:
		if (read_number(v, &n))
			obs_number(obs, fact, at, probe, n, evidence);
		else
			fault(p, "\"%s\": expected a whole number below 2^63", name);
		return;
	case FACT_TYPE_FLAG:
		if (json_object_is_type(v, json_type_boolean))
			obs_number(obs, fact, at, probe, json_object_get_boolean(v) != 0, evidence);
		else
			fault(p, "\"%s\": expected true or false", name);
		return;
	case FACT_TYPE_BUILD:
		if (json_object_is_type(v, json_type_string) &&
		    build_number_parse(json_object_get_string(v), &build))
			obs_text(obs, fact, at, probe, json_object_get_string(v), evidence);
		else
			fault(p, "\"%s\": expected a build like \"15.2.1748.39\"", name);
		return;
	case FACT_TYPE_TEXT:
		if (json_object_is_type(v, json_type_string))
			obs_text_n(obs, fact, at, probe, json_object_get_string(v),
			    (size_t)json_object_get_string_len(v), evidence);
		else
			fault(p, "\"%s\": expected a string", name);
	}
}

static void
read_lists(struct parse *p, struct obs *obs, struct json_object *o)
{
	struct json_object *list = get_list(p, o, "observations", LIMIT_OBSERVATIONS);

	for (size_t i = 0; list != NULL && !p->bad && i < json_object_array_length(list); i++)
		read_observation(p, obs, json_object_array_get_idx(list, i));
	list = get_list(p, o, "errors", LIMIT_ERRORS);
	for (size_t i = 0; list != NULL && !p->bad && i < json_object_array_length(list); i++) {
		struct json_object *e = json_object_array_get_idx(list, i);

		obs_fail(obs, get_text(p, e, "probe"), get_text(p, e, "at"),
		    get_text(p, e, "stage"), get_text(p, e, "reason"), get_text(p, e, "detail"));
	}
	if (get_flag(p, o, "capped", false))
		obs_set_capped(obs);
}

static void
read_text(struct parse *p, struct json_object *o, const char *key, char **out)
{
	free(*out);
	*out = text_dup(get_text(p, o, key));
}

static void
read_result(struct parse *p, struct json_object *o, struct result *r)
{
	const char *schema = get_text(p, o, "schema");

	if (strcmp(schema, "exvet/1") != 0) {
		fault(p, "schema \"%.32s\": expected \"exvet/1\"", schema);
		return;
	}
	read_text(p, o, "target", &r->target);
	read_text(p, o, "tag", &r->tag);
	read_text(p, o, "address", &r->address);
	read_text(p, o, "vantage", &r->vantage);
	read_text(p, o, "profile", &r->profile);
	read_text(p, o, "probes", &r->probes);
	if (r->target[0] == '\0')
		fault(p, "\"target\": expected the name of a target");
	r->port = (uint16_t)get_number(p, o, "port", 1, UINT16_MAX, 443);
	r->started_ms = get_time(p, o, "started");
	r->duration_ms = get_number(p, o, "duration_ms", 0, INT64_MAX / 2, 0);
	r->connections = (unsigned)get_number(p, o, "connections", 0, UINT32_MAX, 0);
	r->requests = (unsigned)get_number(p, o, "requests", 0, UINT32_MAX, 0);
	r->finished = get_flag(p, o, "finished", true);
	r->view = (unsigned)get_number(p, o, "view", 1, UINT32_MAX, 0);
	read_lists(p, r->obs, o);
}

static void
parse_line(struct parse *p, struct result *out)
{
	struct store_reader *r = p->r;
	struct json_object *o;
	enum json_tokener_error why;

	json_tokener_reset(r->tok);
	o = json_tokener_parse_ex(r->tok, r->buf, (int)r->len);
	why = json_tokener_get_error(r->tok);
	if (why == json_tokener_continue)
		fault(p, "the line ends inside its JSON object (cut short?)");
	else if (why != json_tokener_success)
		fault(p, "not JSON: %s at byte %zu", json_tokener_error_desc(why),
		    json_tokener_get_parse_end(r->tok) + 1);
	else if (!json_object_is_type(o, json_type_object))
		fault(p, "expected a JSON object");
	else
		read_result(p, o, out);
	(void)json_object_put(o);
}

/* ---- lines ---- */

static void
add_byte(struct store_reader *r, int c)
{
	if (r->len == r->cap) {
		r->cap = r->cap != 0 ? r->cap * 2 : 65536;
		r->buf = text_grow(r->buf, r->cap, 1);
	}
	r->buf[r->len++] = (char)c;
}

/* False at the end.  A line beyond the limit is skipped, and *too_long. */
static bool
read_line(struct store_reader *r, bool *too_long)
{
	int c = getc_unlocked(r->f);

	r->len = 0;
	r->at = r->next;
	*too_long = false;
	if (c == EOF)
		return false;
	r->line++;
	for (; c != EOF && c != '\n'; c = getc_unlocked(r->f)) {
		r->next++;
		*too_long |= r->len == LIMIT_JSON_LINE;
		if (!*too_long)
			add_byte(r, c);
	}
	r->next += c == '\n';
	if (r->at == 0 && r->len >= 3 && memcmp(r->buf, "\xef\xbb\xbf", 3) == 0) {
		r->len -= 3;			/* byte order mark */
		memmove(r->buf, r->buf + 3, r->len);
	}
	while (r->len > 0 && strchr("\r \t", r->buf[r->len - 1]) != NULL && r->buf[r->len - 1] != '\0')
		r->len--;
	return true;
}

struct store_reader *
store_open_stream(FILE *f, const char *name)
{
	struct store_reader *r = text_alloc(sizeof(*r));

	r->name = text_dup(name);
	r->f = f;
	r->tok = json_tokener_new_ex(JSON_DEPTH);
	json_tokener_set_flags(r->tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	return r;
}

struct store_reader *
store_open(const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *name = is_stdin ? "standard input" : path;
	int fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, O_RDONLY | O_CLOEXEC);
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (f != NULL)
		return store_open_stream(f, name);
	fprintf(stderr, "exvet: %s: %s\n", name, strerror(errno));
	if (fd >= 0)
		(void)close(fd);
	return NULL;
}

static int
give_up(struct store_reader *r, const char *why)
{
	r->broken = true;
	fprintf(stderr, "exvet: %s: %s\n", r->name, why);
	return -1;
}

int
store_next(struct store_reader *r, struct result **out)
{
	struct parse p = { .r = r };
	bool too_long;

	do {
		if (r->broken || !read_line(r, &too_long)) {
			if (r->broken || !ferror(r->f))
				return 0;
			return give_up(r, strerror(errno));
		}
	} while (r->len == 0 && !too_long);
	if (r->line == 1 && r->len >= 2 && memcmp(r->buf, "\x1f\x8b", 2) == 0)
		return give_up(r, "compressed by gzip, expected JSON Lines (zcat FILE | exvet report -)");
	*out = result_new();
	p.obs = (*out)->obs;
	if (too_long)
		fault(&p, "longer than %d bytes", LIMIT_JSON_LINE);
	else
		parse_line(&p, *out);
	if (!p.bad)
		return 1;
	result_free(*out);
	*out = NULL;
	return -1;
}

int64_t
store_offset(const struct store_reader *r)
{
	return r->at;
}

bool
store_seek(struct store_reader *r, int64_t offset)
{
	r->next = offset;
	return fseeko(r->f, (off_t)offset, SEEK_SET) == 0;
}

bool
store_failed(const struct store_reader *r)
{
	return r->broken;
}

void
store_close(struct store_reader *r)
{
	if (r == NULL)
		return;
	(void)fclose(r->f);
	json_tokener_free(r->tok);
	free(r->buf);
	free(r->name);
	free(r);
}
