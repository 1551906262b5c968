/* controls_load.c - reads the table of frameworks; nothing runs on half of it. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/datafile.h"
#include "base/text.h"
#include "controls_table.h"
#include "xml.h"

enum { CONTROLS_MAX = 10000 };

struct load {
	struct controls	*c;
	struct xml	*x;
	const char	*path;
	char		*err;
	bool		 bad;
};

static bool fault(struct load *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool
fault(struct load *l, const char *fmt, ...)
{
	char *what, *whole;
	va_list ap;

	if (l->bad)
		return false;
	l->bad = true;
	va_start(ap, fmt);
	what = text_vprintf(fmt, ap);
	va_end(ap);
	whole = text_printf("%s:%u: %s", l->path, xml_line(l->x), what);
	(void)text_printable(l->err, CONTROLS_WHY, whole, strlen(whole));
	free(whole);
	free(what);
	return false;
}

static const char *
keep(struct controls *c, const char *s)
{
	if (s == NULL)
		return "";
	c->strings = text_grow(c->strings, c->nstrings + 1, sizeof(*c->strings));
	c->strings[c->nstrings] = text_dup(s);
	return c->strings[c->nstrings++];
}

/* ---- attributes ---- */

struct attr {
	const char	*name;
	const char	**out;
	bool		 needed;
};

/* Every attribute is known and every needed one there. */
static bool
read_attrs(struct load *l, const struct attr *a, size_t n)
{
	const char *name, *value;

	for (size_t i = 0; i < n; i++)
		*a[i].out = "";
	for (size_t k = 0; xml_attr_at(l->x, k, &name, &value); k++) {
		size_t i = 0;

		while (i < n && strcmp(a[i].name, name) != 0)
			i++;
		if (i == n)
			return fault(l, "unknown attribute %s of %s", name, xml_name(l->x));
		*a[i].out = keep(l->c, value);
	}
	for (size_t i = 0; i < n; i++)
		if (a[i].needed && (*a[i].out)[0] == '\0')
			return fault(l, "%s without %s", xml_name(l->x), a[i].name);
	return true;
}

static bool
read_word(struct load *l, const char *value, const char *(*name)(size_t), size_t n, size_t *out)
{
	for (*out = 0; *out < n; ++*out)
		if (strcmp(name(*out), value) == 0)
			return true;
	return fault(l, "\"%s\": expected %s, %s or %s", value, name(0), name(1), name(2));
}

static const char *
sight_name(size_t i)
{
	return controls_sight_name((enum control_sight)i);
}

static const char *
certain_name(size_t i)
{
	return controls_certain_name((enum control_certain)i);
}

static bool
read_rules(struct load *l, struct control *k, const char *list)
{
	while (*(list += strspn(list, " \t\n")) != '\0') {
		size_t n = strcspn(list, " \t\n");
		char *id = text_dup_n(list, n);
		const struct rule *r = rule_find(id);

		if (r == NULL)
			(void)fault(l, "no rule \"%s\", expected one of `exvet list rules'", id);
		free(id);
		for (size_t i = 0; r != NULL && i < k->nrules; i++)
			if (k->rules[i] == r)
				return fault(l, "rule %s twice", r->id);
		if (r == NULL)
			return false;
		k->rules = text_grow(k->rules, k->nrules + 1, sizeof(*k->rules));
		k->rules[k->nrules++] = r;
		list += n;
	}
	return true;
}

/* ---- elements ---- */

static bool
read_framework(struct load *l)
{
	struct controls *c = l->c;
	struct framework f = { 0 };
	const struct attr attrs[] = {
		{ "id", &f.id, true }, { "name", &f.name, true }, { "publisher", &f.publisher, true },
		{ "version", &f.version, false }, { "date", &f.date, false }, { "url", &f.url, true },
		{ "checked", &f.checked, true }, { "compared", &f.compared, true },
		{ "branches", &f.branches, false }, { "os", &f.os, false }, { "note", &f.note, false },
	};

	if (!read_attrs(l, attrs, sizeof(attrs) / sizeof(attrs[0])))
		return false;
	if (controls_find(c, f.id) != NULL)
		return fault(l, "framework %s twice", f.id);
	f.controls = c->controls;		/* the index, until the end */
	c->first = text_grow(c->first, c->nframeworks + 1, sizeof(*c->first));
	c->first[c->nframeworks] = c->ncontrols;
	c->frameworks = text_grow(c->frameworks, c->nframeworks + 1, sizeof(*c->frameworks));
	c->frameworks[c->nframeworks++] = f;
	return true;
}

static bool
read_control(struct load *l)
{
	struct controls *c = l->c;
	struct control k = { 0 };
	const char *sight, *certain, *rules;
	const struct attr attrs[] = {
		{ "id", &k.id, true }, { "alias", &k.alias, false }, { "title", &k.title, false },
		{ "sight", &sight, true }, { "certain", &certain, true }, { "rules", &rules, false },
		{ "cve", &k.cve, false }, { "note", &k.note, false }, { "conflict", &k.conflict, false },
	};
	size_t word;
	bool good;

	if (c->nframeworks == 0)
		return fault(l, "control outside a framework");
	if (!read_attrs(l, attrs, sizeof(attrs) / sizeof(attrs[0])))
		return false;
	for (size_t i = c->first[c->nframeworks - 1]; i < c->ncontrols; i++)
		if (strcmp(c->controls[i].id, k.id) == 0)
			return fault(l, "control %s twice", k.id);
	good = read_word(l, sight, sight_name, 3, &word);
	k.sight = (enum control_sight)word;
	good = good && read_word(l, certain, certain_name, 3, &word);
	k.certain = (enum control_certain)word;
	good = good && read_rules(l, &k, rules);
	if (good && (k.sight == CONTROL_SIGHT_NONE) != (k.nrules == 0 && k.cve[0] == '\0'))
		good = fault(l, "control %s: sight %s, expected %s", k.id, sight,
		    k.sight == CONTROL_SIGHT_NONE ? "no evidence" : "rules or cve");
	if (good && c->ncontrols == CONTROLS_MAX)
		good = fault(l, "more than %d controls", CONTROLS_MAX);
	if (!good) {
		free(k.rules);
		return false;
	}
	c->controls = text_grow(c->controls, c->ncontrols + 1, sizeof(*c->controls));
	c->controls[c->ncontrols++] = k;
	return true;
}

static bool
read_unmapped(struct load *l)
{
	struct controls *c = l->c;
	const char *id, *why;
	const struct attr attrs[] = { { "rule", &id, true }, { "why", &why, true } };
	const struct rule *r;

	if (!read_attrs(l, attrs, 2))
		return false;
	r = rule_find(id);
	if (r == NULL)
		return fault(l, "no rule \"%s\", expected one of `exvet list rules'", id);
	c->unmapped = text_grow(c->unmapped, c->nunmapped + 1, sizeof(*c->unmapped));
	c->unmapped[c->nunmapped++] = (struct controls_unmapped){ r, why };
	return true;
}

static bool
read_element(struct load *l)
{
	static const struct {
		const char *name;
		unsigned depth;
		bool (*read)(struct load *);
	} elements[] = {
		{ "framework", 2, read_framework }, { "control", 3, read_control },
		{ "unmapped", 2, read_unmapped },
	};
	const char *name = xml_name(l->x);

	if (xml_depth(l->x) == 1)
		return strcmp(name, "controls") == 0 ||
		    fault(l, "element %s, expected controls", name);
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (strcmp(name, elements[i].name) == 0 && xml_depth(l->x) == elements[i].depth)
			return elements[i].read(l);
	return fault(l, "element %s is not expected here", name);
}

/* Arrays do not move any more: tie them together. */
static void
link_up(struct controls *c)
{
	for (size_t i = 0; i < c->nframeworks; i++) {
		size_t end = i + 1 < c->nframeworks ? c->first[i + 1] : c->ncontrols;

		c->frameworks[i].controls = c->controls + c->first[i];
		c->frameworks[i].ncontrols = end - c->first[i];
		for (size_t k = c->first[i]; k < end; k++)
			c->controls[k].framework = &c->frameworks[i];
	}
}

static bool
read_all(struct load *l)
{
	enum xml_event e;

	while ((e = xml_next(l->x)) != XML_END_OF_DOCUMENT) {
		if (e == XML_BROKEN) {
			(void)text_printable(l->err, CONTROLS_WHY, xml_error(l->x),
			    strlen(xml_error(l->x)));
			return false;
		}
		if (e == XML_START && !read_element(l))
			return false;
	}
	if (l->c->ncontrols == 0)
		return fault(l, "no control, expected at least one");
	link_up(l->c);
	return true;
}

/* Beside the table of builds, when the environment names one. */
static char *
bundled_path(void)
{
	const char *table = getenv("EXVET_TABLE");
	const char *slash = table != NULL ? strrchr(table, '/') : NULL;
	char *path;

	if (slash == NULL)
		return datafile_path("controls.xml");
	path = text_printf("%.*s/controls.xml", (int)(slash - table), table);
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return datafile_path("controls.xml");
}

struct controls *
controls_load(const char *path, char err[CONTROLS_WHY])
{
	char *own = path != NULL ? text_dup(path) : bundled_path();
	struct load l = { .c = text_alloc(sizeof(*l.c)), .path = own, .err = err };
	bool good = false;

	l.x = xml_open_file(own);
	if (l.x == NULL)
		(void)snprintf(err, CONTROLS_WHY, "%s: %s", own, strerror(errno));
	else
		good = read_all(&l);
	xml_close(l.x);
	free(own);
	if (good)
		return l.c;
	controls_free(l.c);
	return NULL;
}
