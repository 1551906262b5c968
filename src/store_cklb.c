/* store_cklb.c - the JSON of STIG Viewer 3 (.cklb), by json-c: only what is filled changes. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "checklist.h"

#define JSON_DEPTH	32

struct cklb {
	struct json_object	*root;
	struct json_object	**rules;
	size_t			 n;
};

static const char *
text_of(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	if (!json_object_is_type(o, json_type_object) || !json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_string))
		return "";
	return json_object_get_string(v);
}

static void
read_rules(struct cklb *k, struct checklist *c, struct json_object *stig)
{
	struct json_object *rules = NULL;

	if (!json_object_is_type(stig, json_type_object) ||
	    !json_object_object_get_ex(stig, "rules", &rules) ||
	    !json_object_is_type(rules, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(rules); i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);

		if (!json_object_is_type(rule, json_type_object))
			continue;
		k->rules = text_grow(k->rules, k->n + 1, sizeof(struct json_object *));
		k->rules[k->n++] = rule;
		checklist_add(c, text_of(rule, "group_id"), text_of(rule, "rule_version"),
		    strcmp(text_of(rule, "status"), "not_reviewed") != 0);
	}
}

static void *
cklb_load(struct checklist *c, const char *text, size_t len, char *why, size_t cap)
{
	struct json_tokener *tok = json_tokener_new_ex(JSON_DEPTH);
	struct json_object *stigs = NULL, *target = NULL;
	struct cklb *k = text_alloc(sizeof(*k));

	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	k->root = json_tokener_parse_ex(tok, text, (int)len);
	if (json_tokener_get_error(tok) != json_tokener_success)
		(void)snprintf(why, cap, "byte %zu: %s", json_tokener_get_parse_end(tok),
		    json_tokener_error_desc(json_tokener_get_error(tok)));
	json_tokener_free(tok);
	if (why[0] != '\0') {
		(void)json_object_put(k->root);
		free(k);
		return NULL;
	}
	if (json_object_object_get_ex(k->root, "target_data", &target))
		checklist_set_asset(c, text_of(target, "host_name"), text_of(target, "fqdn"),
		    text_of(target, "ip_address"));
	if (json_object_object_get_ex(k->root, "stigs", &stigs) &&
	    json_object_is_type(stigs, json_type_array))
		for (size_t i = 0; i < json_object_array_length(stigs); i++)
			read_rules(k, c, json_object_array_get_idx(stigs, i));
	return k;
}

static void
set(struct json_object *rule, const char *key, const char *value)
{
	(void)json_object_object_add(rule, key, json_object_new_string(value));
}

static void
cklb_fill(void *form, size_t i, enum checklist_status status, const char *details)
{
	struct cklb *k = form;
	const char *old = text_of(k->rules[i], "finding_details");
	char *clean = escape_utf8(details);
	char *text = text_printf("%s%s%s", clean, old[0] != '\0' ? "\n" : "", old);

	if (status != CHECKLIST_KEEP)
		set(k->rules[i], "status", status == CHECKLIST_OPEN ? "open" : "not_a_finding");
	set(k->rules[i], "finding_details", text);
	free(clean);
	free(text);
}

static void
cklb_write(const void *form, FILE *f)
{
	const struct cklb *k = form;
	size_t len;
	const char *s = json_object_to_json_string_length(k->root,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);

	(void)fwrite(s, 1, len, f);
	(void)fputc('\n', f);
}

static void
cklb_unload(void *form)
{
	struct cklb *k = form;

	(void)json_object_put(k->root);
	free(k->rules);
	free(k);
}

const struct checklist_form store_cklb = {
	.load = cklb_load, .fill = cklb_fill, .write = cklb_write, .unload = cklb_unload,
};
