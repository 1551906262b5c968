/*
 * import_clixml.c - the data that HealthChecker exports: XML of Export-Clixml
 * (MS-PSRP section 2.2.5), streamed.
 *
 * An object's properties are elements with their name in N; the path of these
 * names tells which property an element is, wherever the object stands in the
 * file.  Values of a kind that is not expected are left out.  What a deep export
 * cuts off still stands in the lines that the script displays: they are read too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "import.h"
#include "unseen.h"
#include "xml.h"

enum { NAME = 64, VALUE = 512 };

/* A line of what the script displays: DisplayResults, HtmlServerValues. */
struct row {
	char	name[NAME], value[VALUE], test[VALUE], test_name[NAME];
};

struct clixml {
	struct import		*im;
	struct import_server	*server;	/* NULL: nothing of the next one was read */
	const char		*path;
	char			 names[LIMIT_XML_DEPTH + 2][NAME];	/* by depth; "" */
	char			 version[NAME], day[NAME];
	int			 tls;			/* index of the entry being read; -1 */
	struct row		 row;
};

/* The n-th name from the end of the path to this element, its own included; "". */
static const char *
name_back(const struct clixml *c, unsigned depth, unsigned n)
{
	for (unsigned d = depth + 1; d-- > 0;)
		if (c->names[d][0] != '\0' && n-- == 0)
			return c->names[d];
	return "";
}

static bool
is_within(const struct clixml *c, unsigned depth, const char *name)
{
	for (unsigned d = 0; d < depth; d++)
		if (strcmp(c->names[d], name) == 0)
			return true;
	return false;
}

/* A property of the server itself: nothing above it but the server's object. */
static bool
is_own(const struct clixml *c, unsigned depth)
{
	const char *above = name_back(c, depth, 1);

	return above[0] == '\0' || (strcmp(above, "HealthCheckerExchangeServer") == 0 &&
	    name_back(c, depth, 2)[0] == '\0');
}

/* ---- what is read ---- */

static struct import_server *
server_of(struct clixml *c)
{
	if (c->server == NULL)
		c->server = import_add(c->im, c->path);
	return c->server;
}

static void
take_server(struct clixml *c, unsigned depth, const char *value)
{
	if (is_own(c, depth))
		import_set(&c->server->name, value);
}

static void
take_fqdn(struct clixml *c, unsigned depth, const char *value)
{
	if (strcmp(name_back(c, depth, 1), "GetExchangeServer") == 0)
		import_set(&c->server->fqdn, value);
}

static void
take_build(struct clixml *c, unsigned depth, const char *value)
{
	if (is_within(c, depth, "BuildInformation") &&
	    (strcmp(name_back(c, depth, 1), "ExchangeSetup") == 0 ||
	    strcmp(name_back(c, depth, 1), "VersionInformation") == 0))
		import_set_build(c->server, value);
}

static void
take_version(struct clixml *c, unsigned depth, const char *value)
{
	if (is_own(c, depth))
		(void)snprintf(c->version, sizeof(c->version), "%s", value);
}

/* "2026-11-01T10:00:00.0000000+01:00" */
static void
take_day(struct clixml *c, unsigned depth, const char *value)
{
	int32_t day;
	char *s = text_dup_n(value, 10 < strlen(value) ? 10 : strlen(value));

	if (is_own(c, depth) && builds_day_parse(s, &day))
		(void)snprintf(c->day, sizeof(c->day), "%s", s);
	free(s);
}

static void
take_tls(struct clixml *c, unsigned depth, const char *value)
{
	static const char *const versions[IMPORT_TLS] = { "1.0", "1.1", "1.2", "1.3" };

	c->tls = -1;
	for (int i = 0; i < IMPORT_TLS && is_within(c, depth, "OSInformation"); i++)
		if (strcmp(value, versions[i]) == 0)
			c->tls = i;
}

static void
set_flag(enum import_flag *flag, const char *value)
{
	if (text_eq_nocase(value, "true"))
		*flag = IMPORT_YES;
	else if (text_eq_nocase(value, "false"))
		*flag = IMPORT_NO;
}

static void
take_enabled(struct clixml *c, unsigned depth, const char *value)
{
	(void)depth;
	if (c->tls >= 0)
		set_flag(&c->server->tls[c->tls], value);
}

static void
take_smb1(struct clixml *c, unsigned depth, const char *value)
{
	if (is_within(c, depth, "OSInformation"))
		set_flag(&c->server->smb1, value);
}

static void
take_requires(struct clixml *c, unsigned depth, const char *value)
{
	if (is_within(c, depth, "OSInformation"))
		set_flag(&c->server->smb_requires, value);
}

/* ---- what is displayed ---- */

static void
keep(char *out, size_t n, const char *value)
{
	(void)snprintf(out, n, "%s", value);
}

static void
take_row_name(struct clixml *c, unsigned depth, const char *value)
{
	(void)depth;
	keep(c->row.name, sizeof(c->row.name), value);
}

static void
take_row_value(struct clixml *c, unsigned depth, const char *value)
{
	(void)depth;
	keep(c->row.value, sizeof(c->row.value), value);
}

static void
take_row_test(struct clixml *c, unsigned depth, const char *value)
{
	(void)depth;
	keep(c->row.test, sizeof(c->row.test), value);
}

static void
take_row_test_name(struct clixml *c, unsigned depth, const char *value)
{
	(void)depth;
	keep(c->row.test_name, sizeof(c->row.test_name), value);
}

/* Named as the script's own vulnerability report names it. */
static void
add_flaw(struct import_server *s, const struct row *row)
{
	bool named = row->test_name[0] != '\0' && strcmp(row->test_name, row->name) != 0;

	if (!named && row->test[0] == '\0')
		return;
	s->vulnerable = IMPORT_YES;
	import_add_flaw(s, named ? row->test_name : row->test);
	if (named && text_starts(row->value, "CVE-"))
		import_add_flaw(s, row->value);
}

/* Is it the answer to something that no scan can see? */
static bool
is_unseen(const char *name)
{
	size_t n = strlen(name);

	for (const struct unseen *u = unseen_table; u->what != NULL; u++)
		for (const char *p = u->check; p[0] != '\0';) {
			size_t k = strcspn(p, ";");

			if (k == n && strncmp(p, name, n) == 0)
				return true;
			p += k;
			p += strspn(p, "; ");
		}
	return false;
}

static void
end_row(struct clixml *c)
{
	struct import_server *s = c->server;
	const struct row *row = &c->row;
	int tls = text_starts(row->name, "TLS 1.") && row->name[6] >= '0' && row->name[6] <= '3' &&
	    row->name[7] == '\0' ? row->name[6] - '0' : -1;

	if (s == NULL)
		return;
	if (strcmp(row->name, "Build Number") == 0)
		import_set_build(s, row->value);
	else if (strcmp(row->name, "Security Vulnerability") == 0)
		add_flaw(s, row);
	else if (text_starts(row->value, "All known security issues") && s->vulnerable == IMPORT_UNKNOWN)
		s->vulnerable = IMPORT_NO;
	else if (tls >= 0 && s->tls[tls] == IMPORT_UNKNOWN)
		/* Other words, "Half Disabled", leave open what Schannel does. */
		s->tls[tls] = strcmp(row->value, "Enabled") == 0 ? IMPORT_YES :
		    strcmp(row->value, "Disabled") == 0 ? IMPORT_NO : IMPORT_UNKNOWN;
	else if (row->value[0] != '\0' && is_unseen(row->name))
		import_add_row(s, row->name, row->value);
}

static bool
is_displayed(const struct clixml *c, unsigned depth)
{
	return is_within(c, depth, "DisplayResults") || is_within(c, depth, "HtmlServerValues");
}

struct property {
	const char	*name;
	const char	*type;		/* element: S string, B Boolean, ...; "": any */
	void		(*take)(struct clixml *, unsigned depth, const char *value);
};

static const struct property properties[] = {
	{ "ServerName", "S", take_server },
	{ "Fqdn", "S", take_fqdn }, { "FQDN", "S", take_fqdn },
	{ "FileVersion", "S", take_build }, { "BuildVersion", "Version", take_build },
	{ "HealthCheckerVersion", "S", take_version }, { "GenerationTime", "DT", take_day },
	{ "TLSVersion", "S", take_tls }, { "ServerEnabled", "B", take_enabled },
	{ "EnableSMB1Protocol", "B", take_smb1 },
	{ "RequireSecuritySignature", "B", take_requires },
};

static const struct property displayed[] = {
	{ "Name", "S", take_row_name },
	{ "DisplayValue", "", take_row_value }, { "DetailValue", "", take_row_value },
	{ "TestingValue", "", take_row_test }, { "TestingName", "S", take_row_test_name },
};

/* ---- the stream ---- */

static bool
fault(const struct clixml *c, const struct xml *x, const char *why)
{
	fprintf(stderr, "exvet: %s:%u: %s\n", c->path, xml_line(x), why);
	return false;
}

/* Is the object the server's own, with no property around it? */
static bool
is_outermost(const struct clixml *c, unsigned depth)
{
	return name_back(c, depth, 0)[0] == '\0';
}

static bool
on_start(struct clixml *c, struct xml *x)
{
	unsigned depth = xml_depth(x);
	const char *n = xml_attr(x, "N");

	if (depth == 1 && strcmp(xml_name(x), "Objs") != 0)
		return fault(c, x, "root element is not Objs, expected what Export-Clixml writes");
	if (strcmp(xml_name(x), "En") == 0)
		c->tls = -1;
	if (strcmp(xml_name(x), "Obj") == 0)
		c->row = (struct row){ .name = "" };
	c->names[depth][0] = '\0';
	if (n != NULL && strlen(n) < NAME)
		(void)snprintf(c->names[depth], NAME, "%s", n);
	return true;
}

/* Version and day stand behind the name in some versions of the script. */
static void
end_server(struct clixml *c)
{
	struct import_server *s = c->server;

	c->server = NULL;
	if (s == NULL)
		return;
	if (s->name[0] == '\0')
		import_drop(c->im);
	else {
		char *source = text_printf("HealthChecker%s%s%s%s", c->version[0] != '\0' ? " " : "",
		    c->version, c->day[0] != '\0' ? " of " : "", c->day);

		import_set(&s->source, source);
		free(source);
	}
	c->version[0] = c->day[0] = '\0';
	c->tls = -1;
}

static bool
take_property(struct clixml *c, struct xml *x, const struct property *p, size_t n)
{
	unsigned depth = xml_depth(x);

	for (size_t i = 0; i < n; i++, p++) {
		if (strcmp(c->names[depth], p->name) != 0 || xml_text(x)[0] == '\0' ||
		    (p->type[0] != '\0' && strcmp(xml_name(x), p->type) != 0))
			continue;
		if (server_of(c) == NULL)
			return fault(c, x, "too many servers");
		p->take(c, depth, xml_text(x));
	}
	return true;
}

static bool
on_end(struct clixml *c, struct xml *x)
{
	unsigned depth = xml_depth(x);
	bool shown = is_displayed(c, depth), good;

	good = shown ? take_property(c, x, displayed, sizeof(displayed) / sizeof(displayed[0])) :
	    take_property(c, x, properties, sizeof(properties) / sizeof(properties[0]));
	if (strcmp(xml_name(x), "Obj") == 0) {
		if (shown)
			end_row(c);
		c->row = (struct row){ .name = "" };
		if (is_outermost(c, depth))
			end_server(c);
	}
	c->names[depth][0] = '\0';
	return good;
}

static bool
read_all(struct clixml *c, struct xml *x)
{
	enum xml_event e;

	while ((e = xml_next(x)) != XML_END_OF_DOCUMENT) {
		if (e == XML_BROKEN) {
			fprintf(stderr, "exvet: %s\n", xml_error(x));
			return false;
		}
		if (!(e == XML_START ? on_start(c, x) : on_end(c, x)))
			return false;
	}
	return true;
}

bool
import_clixml(struct import *im, const char *path, long (*get)(void *, void *, size_t), void *arg)
{
	struct clixml *c = text_alloc(sizeof(*c));
	struct xml *x = xml_open_read(get, arg, path);
	bool good;

	c->im = im;
	c->path = path;
	c->tls = -1;
	xml_keep_text(x);
	good = read_all(c, x);
	end_server(c);
	xml_close(x);
	free(c);
	return good;
}
