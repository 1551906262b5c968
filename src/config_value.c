/* config_value.c - one value: from text into struct config, and back. */
#include "config-build.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "builds.h"
#include "config_inner.h"

/* ---- the members, by offset ---- */

static void *
member(const struct config_fill *f, const struct config_option *o)
{
	return (char *)f->c + o->offset;
}

static const void *
member_const(const struct config *c, const struct config_option *o)
{
	return (const char *)c + o->offset;
}

const struct config_list *
config_get_list(const struct config *c, const struct config_option *o)
{
	return member_const(c, o);
}

static void
list_add(struct config_list *l, char *owned)
{
	l->v = text_grow(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = owned;
}

static void
list_clear(struct config_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct config_list){ 0 };
}

static void
replace(char **s, char *owned)
{
	free(*s);
	*s = owned;
}

/* ---- reading ---- */

static bool
read_flag(const char *s, bool *out)
{
	static const struct {
		const char	*word;
		bool		 value;
	} words[] = {
		{ "yes", true }, { "true", true }, { "on", true }, { "1", true },
		{ "no", false }, { "false", false }, { "off", false }, { "0", false },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_eq_nocase(s, words[i].word)) {
			*out = words[i].value;
			return true;
		}
	return false;
}

/* "500ms", "5s", "2m", "1.5s"; a bare number is seconds. */
static bool
read_duration(const char *s, int64_t min, int64_t max, int64_t *out)
{
	static const struct {
		const char	*unit;
		int64_t		 ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "", 1000 } };
	int64_t whole = 0, thousandths = 0;
	size_t digits = 0;

	for (; isdigit((unsigned char)*s); s++, digits++) {
		if (digits >= 9)
			return false;
		whole = whole * 10 + (*s - '0');
	}
	if (digits == 0)
		return false;
	if (*s == '.') {
		int64_t weight = 100;

		for (s++; isdigit((unsigned char)*s) && weight > 0; s++, weight /= 10)
			thousandths += (*s - '0') * weight;
		if (weight == 100)
			return false;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		int64_t ms = whole * units[i].ms + thousandths * units[i].ms / 1000;

		if (strcmp(s, units[i].unit) != 0)
			continue;
		*out = ms;
		return ms >= min && ms <= max;
	}
	return false;
}

static char *
duration_text(int64_t ms)
{
	if (ms != 0 && ms % 60000 == 0)
		return text_printf("%" PRId64 "m", ms / 60000);
	if (ms % 1000 == 0)
		return text_printf("%" PRId64 "s", ms / 1000);
	return text_printf("%" PRId64 "ms", ms);
}

/* The choice as the table writes it; NULL: none.  Owned. */
static char *
find_choice(const struct config_option *o, const char *s)
{
	for (const char *p = o->choices; ; p++) {
		size_t k = strcspn(p, "|");
		char *choice = text_dup_n(p, k);

		if (o->any_case ? text_eq_nocase(choice, s) : strcmp(choice, s) == 0)
			return choice;
		free(choice);
		p += k;
		if (*p == '\0')
			return NULL;
	}
}

/* The next element of "a,b\,c": owned, without white space around; NULL at the end. */
static char *
next_element(const char **rest)
{
	const char *s = *rest;
	char *out;
	size_t n = 0;

	if (s == NULL)
		return NULL;
	s += strspn(s, " \t");
	out = text_alloc(strlen(s) + 1);
	for (; *s != '\0' && *s != ','; s++) {
		if (s[0] == '\\' && s[1] == ',')
			s++;
		out[n++] = *s;
	}
	while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\t'))
		n--;
	out[n] = '\0';
	*rest = *s == ',' ? s + 1 : NULL;
	return out;
}

/* Why the list is wrong, or NULL; then the elements are in *out. */
static const char *
read_list(const struct config_option *o, const char *value, struct config_list *out)
{
	const char *rest = value, *why = NULL;
	char *element;

	while (why == NULL && (element = next_element(&rest)) != NULL) {
		list_add(out, element);
		why = element[0] == '\0' ? "a list without empty elements" : o->check(element);
	}
	if (why != NULL)
		list_clear(out);
	return why;
}

/* ---- messages ---- */

char *
config_choices(const struct config_option *o)
{
	struct text_buf b = { 0 };

	for (const char *p = o->choices; *p != '\0'; p++)
		text_buf_add(&b, *p == '|' ? ", " : p, *p == '|' ? 2 : 1);
	return b.s;
}

char *
config_expected(const struct config_option *o)
{
	char *min, *max, *s;

	switch (o->type) {
	case OPT_FLAG:
		return text_dup("yes or no");
	case OPT_COUNT:
	case OPT_NUMBER:
		return text_printf("a number from %" PRId64 " to %" PRId64, o->min, o->max);
	case OPT_DURATION:
		min = duration_text(o->min);
		max = duration_text(o->max);
		s = text_printf("a time from %s to %s such as 500ms, 5s or 2m", min, max);
		free(min);
		free(max);
		return s;
	case OPT_CHOICE:
		min = config_choices(o);
		s = text_printf("one of %s", min);
		free(min);
		return s;
	case OPT_DAY:
		return text_dup("a day such as 2026-10-13");
	default:
		return text_dup(o->value);
	}
}

static bool
complain(const struct config_option *o, const char *value, const char *where, const char *why)
{
	size_t cap = 4 * strlen(value) + 1;
	char *shown = text_alloc(cap), *expected = why != NULL ? text_dup(why) : config_expected(o);

	(void)text_printable(shown, cap, value, strlen(value));
	fprintf(stderr, "exvet: %s: bad value \"%s\", expected %s\n", where, shown, expected);
	free(shown);
	free(expected);
	return false;
}

/* ---- setting ---- */

static void
came_from(struct config_fill *f, const struct config_option *o, const char *origin)
{
	f->place[config_row(o)] = f->now;
	replace(&f->c->origin[config_row(o)], text_dup(origin));
}

static bool
set_list(struct config_fill *f, const struct config_option *o, const char *value,
    const char *where)
{
	struct config_list *l = member(f, o), more = { 0 };
	const char *why = read_list(o, value, &more);

	if (why != NULL)
		return complain(o, value, where, why);
	if (f->place[config_row(o)] != f->now)
		list_clear(l);
	for (size_t i = 0; i < more.n; i++)
		list_add(l, more.v[i]);
	free(more.v);
	return true;
}

static bool
set_string(struct config_fill *f, const struct config_option *o, const char *value,
    const char *where)
{
	const char *why = o->check != NULL ? o->check(value) : NULL;
	char *text = why != NULL ? NULL : o->type == OPT_CHOICE ? find_choice(o, value) :
	    text_dup(value);

	if (text == NULL)
		return complain(o, value, where, why);
	replace(member(f, o), text);
	return true;
}

static bool
set_any(struct config_fill *f, const struct config_option *o, const char *value,
    const char *where)
{
	void *at = member(f, o);
	bool good = false;

	switch (o->type) {
	case OPT_FLAG:
		good = read_flag(value, at);
		break;
	case OPT_COUNT:
	case OPT_NUMBER: {
		int64_t v;

		if ((good = text_number(value, o->min, o->max, &v)))
			*(int64_t *)at = v;
		break;
	}
	case OPT_DURATION:
		good = read_duration(value, o->min, o->max, at);
		break;
	case OPT_DAY:
		good = builds_day_parse(value, at);
		break;
	case OPT_STRING:
	case OPT_CHOICE:
		return set_string(f, o, value, where);
	case OPT_LIST:
		return set_list(f, o, value, where);
	}
	return good || complain(o, value, where, NULL);
}

bool
config_set(struct config_fill *f, const struct config_option *o, const char *value,
    const char *where, const char *origin)
{
	if (value[0] == '\0')		/* nothing: back to the default */
		config_set_default(f, o, origin);
	else if (!set_any(f, o, value, where))
		return false;
	came_from(f, o, origin);
	return true;
}

void
config_set_default(struct config_fill *f, const struct config_option *o, const char *origin)
{
	char *value = config_fallback(o, PACKAGE_VERSION);

	if (o->type == OPT_LIST)
		list_clear(member(f, o));
	else if (o->type == OPT_DAY)
		*(int32_t *)member(f, o) = BUILDS_NO_DAY;
	else if (value == NULL)
		replace(member(f, o), NULL);
	else
		(void)set_any(f, o, value, "built-in default");
	free(value);
	came_from(f, o, origin);
}

void
config_raise(struct config_fill *f, const struct config_option *o, const char *origin)
{
	int64_t *v = member(f, o);

	if (f->place[config_row(o)] != f->now)
		*v = 0;
	if (*v < o->max)
		++*v;
	came_from(f, o, origin);
}

void
config_free(struct config *c)
{
	struct config_fill f = { .c = c };

	for (const struct config_option *o = config_options; o->name != NULL; o++) {
		if (o->type == OPT_LIST)
			list_clear(member(&f, o));
		else if (o->type == OPT_STRING || o->type == OPT_CHOICE)
			replace(member(&f, o), NULL);
		if (c->origin != NULL)
			free(c->origin[config_row(o)]);
	}
	free(c->origin);
	policy_book_free(c->book);
	*c = (struct config){ 0 };
}

/* ---- writing ---- */

char *
config_value_text(const struct config *c, const struct config_option *o)
{
	const void *at = member_const(c, o);
	char day[11];

	switch (o->type) {
	case OPT_FLAG:
		return text_dup(*(const bool *)at ? "yes" : "no");
	case OPT_COUNT:
	case OPT_NUMBER:
		return text_printf("%" PRId64, *(const int64_t *)at);
	case OPT_DURATION:
		return duration_text(*(const int64_t *)at);
	case OPT_DAY:
		return text_dup(builds_day_text(*(const int32_t *)at, day));
	case OPT_STRING:
	case OPT_CHOICE: {
		const char *s = *(char *const *)at;

		return text_dup(s != NULL ? s : "");
	}
	case OPT_LIST:
		break;
	}
	return text_dup("");
}

/*
 * An INI cuts a comment off at white space and a semicolon, and white space
 * around the value; so such a value stands in quotes with the semicolon as
 * \x3b.
 */
char *
config_quote(const char *value, bool element)
{
	struct text_buf b = { 0 };
	size_t n = strlen(value);
	bool quote = n > 0 && (value[0] == '"' || strchr(" \t;", value[0]) != NULL ||
	    strchr(" \t", value[n - 1]) != NULL || strstr(value, " ;") != NULL ||
	    strstr(value, "\t;") != NULL);

	text_buf_str(&b, quote ? "\"" : "");
	for (; *value != '\0'; value++) {
		if (element && *value == ',')
			text_buf_str(&b, quote ? "\\\\," : "\\,");
		else if (quote && *value == ';')
			text_buf_str(&b, "\\x3b");
		else if (quote && (*value == '"' || *value == '\\'))
			text_buf_printf(&b, "\\%c", *value);
		else
			text_buf_add(&b, value, 1);
	}
	text_buf_str(&b, quote ? "\"" : "");
	return b.s;
}

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at;

	at = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;
	return at != NULL ? (int)(at - digits) : -1;
}

/* What the escape at s stands for; *s is moved to its last byte.  -1: unknown. */
static int
read_escape(const char **s)
{
	const char *p = *s;
	int high, low;

	if (p[1] == '\\' || p[1] == '"') {
		*s = p + 1;
		return p[1];
	}
	if (p[1] != 'x' || (high = hex_digit(p[2])) < 0 || (low = hex_digit(p[3])) < 0 ||
	    high + low == 0)
		return -1;
	*s = p + 3;
	return high * 16 + low;
}

char *
config_unquote(const char *s)
{
	struct text_buf b = { 0 };

	if (*s != '"')
		return text_dup(s);
	text_buf_str(&b, "");
	for (s++; *s != '\0' && *s != '"'; s++) {
		int c = *s == '\\' ? read_escape(&s) : (unsigned char)*s;
		char byte = (char)c;

		if (c < 0)
			break;
		text_buf_add(&b, &byte, 1);
	}
	if (s[0] != '"' || s[1] != '\0') {
		text_buf_free(&b);
		return NULL;
	}
	return b.s;
}
