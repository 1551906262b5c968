/*
 * store_import.c - the report that HealthChecker.ps1 -VulnerabilityReport
 * writes: VersionReport, ReportDate, Organization, and Servers with Name,
 * BuildVersion, HasVulnerability (true, false or "Unknown"), Vulnerabilities
 * and Online.  Beside store.c because json-c has one owner.
 */
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import.h"

enum { JSON_DEPTH = 32 };

static bool
complain(const char *path, const char *why)
{
	fprintf(stderr, "exvet: %s: %s\n", path, why);
	return false;
}

/* The text of a member; "" when there is none or it is no string. */
static const char *
text_of(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	if (!json_object_object_get_ex(o, key, &v) || !json_object_is_type(v, json_type_string))
		return "";
	return json_object_get_string(v);
}

/* true, or "True" where something turned it into text on its way. */
static enum import_flag
answer_of(struct json_object *v)
{
	const char *s = json_object_is_type(v, json_type_string) ? json_object_get_string(v) : "";

	if (json_object_is_type(v, json_type_boolean))
		return json_object_get_boolean(v) ? IMPORT_YES : IMPORT_NO;
	return text_eq_nocase(s, "true") ? IMPORT_YES : text_eq_nocase(s, "false") ? IMPORT_NO :
	    IMPORT_UNKNOWN;
}

static void
read_flaws(struct json_object *o, struct import_server *s)
{
	struct json_object *list = NULL;

	if (!json_object_object_get_ex(o, "Vulnerabilities", &list))
		return;
	/* ConvertTo-Json of Windows PowerShell may wrap a list: { "value": [...], "Count": n }. */
	if (json_object_is_type(list, json_type_object) &&
	    !json_object_object_get_ex(list, "value", &list))
		return;
	/* One name alone may stand without a list. */
	if (json_object_is_type(list, json_type_string))
		import_add_flaw(s, json_object_get_string(list));
	if (!json_object_is_type(list, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *v = json_object_array_get_idx(list, i);

		if (json_object_is_type(v, json_type_string))
			import_add_flaw(s, json_object_get_string(v));
	}
}

static bool
read_server(struct import *im, const char *path, struct json_object *o, const char *source)
{
	struct json_object *v = NULL;
	struct import_server *s;

	if (!json_object_is_type(o, json_type_object) || text_of(o, "Name")[0] == '\0')
		return complain(path, "entry of Servers without Name, expected one");
	s = import_add(im, path);
	if (s == NULL)
		return complain(path, "too many servers");
	import_set(&s->name, text_of(o, "Name"));
	import_set(&s->source, source);
	import_set_build(s, text_of(o, "BuildVersion"));
	if (json_object_object_get_ex(o, "HasVulnerability", &v))
		s->vulnerable = answer_of(v);
	if (s->vulnerable != IMPORT_UNKNOWN)
		read_flaws(o, s);
	return true;
}

static bool
read_report(struct import *im, const char *path, struct json_object *o)
{
	struct json_object *list = NULL;
	char *source = text_printf("HealthChecker %s of %s", text_of(o, "VersionReport"),
	    text_of(o, "ReportDate"));
	bool good = true;

	if (!json_object_object_get_ex(o, "Servers", &list))
		good = complain(path, "no Servers in it, expected HealthChecker's vulnerability report");
	/* ConvertTo-Json writes a list of one as its element in some versions. */
	else if (json_object_is_type(list, json_type_object))
		good = read_server(im, path, list, source);
	else if (!json_object_is_type(list, json_type_array))
		good = complain(path, "Servers is no list, expected one");
	for (size_t i = 0; good && json_object_is_type(list, json_type_array) &&
	    i < json_object_array_length(list); i++)
		good = read_server(im, path, json_object_array_get_idx(list, i), source);
	free(source);
	return good;
}

/* Another report behind the first would be lost without a word. */
static bool
is_rest_blank(const char *text, size_t n)
{
	while (n > 0 && text[0] != '\0' && strchr(" \t\r\n", text[0]) != NULL) {
		text++;
		n--;
	}
	return n == 0;
}

bool
store_import(struct import *im, const char *path, const char *text, size_t n)
{
	struct json_tokener *tok = json_tokener_new_ex(JSON_DEPTH);
	struct json_object *o;
	bool good;

	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	json_tokener_set_flags(tok, JSON_TOKENER_VALIDATE_UTF8);
	o = n <= INT_MAX ? json_tokener_parse_ex(tok, text, (int)n) : NULL;
	if (json_tokener_get_error(tok) == json_tokener_continue)
		good = complain(path, "ends inside its JSON object (cut short?)");
	else if (json_tokener_get_error(tok) == json_tokener_error_parse_utf8_string)
		good = complain(path, "text that is neither UTF-8 nor UTF-16, expected one of them");
	else if (o != NULL && !is_rest_blank(text + json_tokener_get_parse_end(tok),
	    n - json_tokener_get_parse_end(tok)))
		good = complain(path, "more behind its JSON object, expected one report a file");
	else if (o == NULL || !json_object_is_type(o, json_type_object))
		good = complain(path, "not JSON, expected HealthChecker's vulnerability report");
	else
		good = read_report(im, path, o);
	(void)json_object_put(o);
	json_tokener_free(tok);
	return good;
}
