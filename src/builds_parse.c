/*
 * builds_parse.c - the elements of the table and their attributes, from one
 * description: what may stand where, what it must look like, where it goes.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "builds_table.h"
#include "xml.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* Bytes in which the root element of the bundled table is met. */
enum { HEAD = 8192 };

enum attr_type { ATTR_TEXT, ATTR_WORD, ATTR_KIND, ATTR_YES, ATTR_DAY, ATTR_NUMBER, ATTR_SCORE,
	ATTR_CVE, ATTR_KB, ATTR_PERIOD };

struct attr {
	const char	*name;
	enum attr_type	 type;
	bool		 required;
	size_t		 offset;
	const char	*expected;	/* ATTR_WORD: the words, with bars; else for people */
};

struct parse {
	struct builds	*b;
	struct xml	*x;
	struct builds_error *err;
};

struct element {
	const char	*name, *parent;	/* parent "": the root */
	void		*(*begin)(struct builds *, unsigned line);
	const struct attr *attrs;
	size_t		 nattrs;
};

/* What a value looks like, when the row does not say it better. */
static const char *const expectations[] = {
	[ATTR_TEXT] = "some text",
	[ATTR_KIND] = "RTM, SP, CU, UR, SU, HU or HOTFIX",
	[ATTR_YES] = "yes, or no such attribute",
	[ATTR_DAY] = "a day between 1996 and 2100 such as 2026-10-13",
	[ATTR_NUMBER] = "a build number such as 15.2.1748.39",
	[ATTR_SCORE] = "a score between 0.0 and 10.0 such as 8.8",
	[ATTR_CVE] = "an id such as CVE-2021-26855 or ADV190004",
	[ATTR_KB] = "a number such as KB5066366",
	[ATTR_PERIOD] = "1 or 2",
};

#define IN(type, name, member, kind, req, words) \
	{ name, kind, req, offsetof(struct type, member), words }

static const struct attr exchange_attrs[] = {
	IN(builds, "as-of", as_of, ATTR_DAY, true, NULL),
	IN(builds, "kev-as-of", kev_as_of, ATTR_DAY, true, NULL),
};

static const struct attr product_attrs[] = {
	IN(builds_product, "branch", branch, ATTR_WORD, true,
	    "2000|2003|2007|2010|2013|2016|2019|SE"),
	IN(builds_product, "name", name, ATTR_TEXT, true, NULL),
	IN(builds_product, "policy", policy, ATTR_WORD, true, "fixed|modern"),
	IN(builds_product, "released", released, ATTR_DAY, true, NULL),
	IN(builds_product, "mainstream-end", mainstream_end, ATTR_DAY, false, NULL),
	IN(builds_product, "extended-end", extended_end, ATTR_DAY, true, NULL),
	IN(builds_product, "note", note, ATTR_TEXT, false, NULL),
};

static const struct attr esu_attrs[] = {
	IN(builds_esu, "period", period, ATTR_PERIOD, true, NULL),
	IN(builds_esu, "from", from, ATTR_DAY, true, NULL),
	IN(builds_esu, "to", to, ATTR_DAY, true, NULL),
};

static const struct attr cu_attrs[] = {
	IN(builds_cu, "name", name, ATTR_TEXT, true, NULL),
	IN(builds_cu, "support-end", support_end, ATTR_DAY, false, NULL),
	IN(builds_cu, "esu", esu, ATTR_YES, false, NULL),
	IN(builds_cu, "note", note, ATTR_TEXT, false, NULL),
};

static const struct attr release_attrs[] = {
	IN(builds_release, "name", name, ATTR_TEXT, false, NULL),
	IN(builds_release, "date", date, ATTR_DAY, true, NULL),
};

static const struct attr build_attrs[] = {
	IN(builds_entry, "number", row.number, ATTR_NUMBER, true, NULL),
	IN(builds_entry, "also", also, ATTR_NUMBER, false, NULL),
	IN(builds_entry, "branch", row.branch, ATTR_TEXT, true, NULL),
	IN(builds_entry, "cu", row.cu, ATTR_TEXT, true, NULL),
	IN(builds_entry, "kind", row.kind, ATTR_KIND, true, NULL),
	IN(builds_entry, "kb", row.kb, ATTR_KB, false, NULL),
	IN(builds_entry, "sources", row.sources, ATTR_TEXT, true, NULL),
	IN(builds_entry, "partial", row.partial, ATTR_YES, false, NULL),
	IN(builds_entry, "note", row.note, ATTR_TEXT, false, NULL),
	IN(builds_entry, "fixes", fixes, ATTR_TEXT, false, NULL),
};

static const struct attr fix_attrs[] = {
	IN(builds_note, "cve", cve, ATTR_CVE, true, NULL),
	IN(builds_note, "build", build, ATTR_NUMBER, true, NULL),
	IN(builds_note, "cu", cu, ATTR_TEXT, false, NULL),
	IN(builds_note, "sources", sources, ATTR_TEXT, false, NULL),
	IN(builds_note, "note", note, ATTR_TEXT, false, NULL),
};

static const struct attr cve_attrs[] = {
	IN(builds_cve, "id", info.id, ATTR_CVE, true, NULL),
	IN(builds_cve, "title", info.title, ATTR_TEXT, true, NULL),
	IN(builds_cve, "impact", info.impact, ATTR_WORD, true,
	    "RCE|EoP|InfoDisc|Spoofing|DoS|Tampering|SFB|DiD"),
	IN(builds_cve, "cvss", info.cvss, ATTR_SCORE, false, NULL),
	IN(builds_cve, "cvss-version", info.cvss_version, ATTR_WORD, false, "2.0|3.x|3.0|3.1|4.0"),
	IN(builds_cve, "cvss-source", cvss_source, ATTR_TEXT, false, NULL),
	IN(builds_cve, "disclosed", info.disclosed, ATTR_DAY, true, NULL),
	IN(builds_cve, "kev", info.kev_date, ATTR_DAY, false, NULL),
	IN(builds_cve, "ransomware", ransomware, ATTR_WORD, false, "known|unknown"),
	IN(builds_cve, "name", info.name, ATTR_TEXT, false, NULL),
	IN(builds_cve, "needs", info.needs, ATTR_TEXT, false, NULL),
	IN(builds_cve, "sources", sources, ATTR_TEXT, true, NULL),
};

static void *
begin_exchange(struct builds *b, unsigned line)
{
	b->line = line;
	return b;
}

static void *
begin_product(struct builds *b, unsigned line)
{
	b->products = builds_more(b->products, &b->nproducts, sizeof(*b->products));
	b->products[b->nproducts - 1].line = line;
	return &b->products[b->nproducts - 1];
}

/* NULL: a third period of one product. */
static void *
begin_esu(struct builds *b, unsigned line)
{
	struct builds_product *p = &b->products[b->nproducts - 1];

	(void)line;
	return p->nesu < COUNT(p->esu) ? &p->esu[p->nesu++] : NULL;
}

static void *
begin_cu(struct builds *b, unsigned line)
{
	b->cus = builds_more(b->cus, &b->ncus, sizeof(*b->cus));
	b->cus[b->ncus - 1].product = b->nproducts - 1;
	b->cus[b->ncus - 1].line = line;
	return &b->cus[b->ncus - 1];
}

static void *
begin_release(struct builds *b, unsigned line)
{
	b->releases = builds_more(b->releases, &b->nreleases, sizeof(*b->releases));
	b->releases[b->nreleases - 1].line = line;
	return &b->releases[b->nreleases - 1];
}

static void *
begin_build(struct builds *b, unsigned line)
{
	struct builds_release *r = &b->releases[b->nreleases - 1];
	struct builds_entry *e;

	b->entries = builds_more(b->entries, &b->nentries, sizeof(*b->entries));
	e = &b->entries[b->nentries - 1];
	e->line = line;
	e->row.update = r->name;
	e->row.released = r->date;
	e->release = b->nreleases - 1;
	return e;
}

static void *
begin_fix(struct builds *b, unsigned line)
{
	b->notes = builds_more(b->notes, &b->nnotes, sizeof(*b->notes));
	b->notes[b->nnotes - 1].line = line;
	return &b->notes[b->nnotes - 1];
}

static void *
begin_cve(struct builds *b, unsigned line)
{
	b->cves = builds_more(b->cves, &b->ncves, sizeof(*b->cves));
	b->cves[b->ncves - 1].line = line;
	b->cves[b->ncves - 1].release = b->nreleases - 1;
	return &b->cves[b->ncves - 1];
}

#define ATTRS(a)	.attrs = (a), .nattrs = COUNT(a)

static const struct element elements[] = {
	{ .name = "build", .parent = "release", .begin = begin_build, ATTRS(build_attrs) },
	{ .name = "cve", .parent = "release", .begin = begin_cve, ATTRS(cve_attrs) },
	{ .name = "fix", .parent = "release", .begin = begin_fix, ATTRS(fix_attrs) },
	{ .name = "release", .parent = "exchange", .begin = begin_release, ATTRS(release_attrs) },
	{ .name = "cu", .parent = "product", .begin = begin_cu, ATTRS(cu_attrs) },
	{ .name = "esu", .parent = "product", .begin = begin_esu, ATTRS(esu_attrs) },
	{ .name = "product", .parent = "exchange", .begin = begin_product, ATTRS(product_attrs) },
	{ .name = "exchange", .parent = "", .begin = begin_exchange, ATTRS(exchange_attrs) },
};

/* Is it one of the words between the bars? */
static bool
is_word(const char *words, const char *s)
{
	size_t n = strlen(s);

	for (const char *w = words; n != 0 && w != NULL; w = strchr(w, '|')) {
		w += *w == '|';
		if (strncmp(w, s, n) == 0 && (w[n] == '|' || w[n] == '\0'))
			return true;
	}
	return false;
}

static bool
set_day(void *to, const char *s)
{
	/* From 1996 to 2100. */
	enum { FIRST = 9496, BEHIND = 47847 };
	int32_t day;

	if (!builds_day_parse(s, &day) || day < FIRST || day >= BEHIND)
		return false;
	*(int32_t *)to = day;
	return true;
}

/* Written without padding, in three or four parts. */
static bool
set_number(void *to, const char *s)
{
	struct build_number n;
	char text[48];

	if (!build_number_parse(s, &n) || n.parts < 3 ||
	    strcmp(build_number_text(&n, text), s) != 0)
		return false;
	*(struct build_number *)to = n;
	return true;
}

/* "8.8", "10.0": by hand, because strtod() follows the locale. */
static bool
set_score(void *to, const char *s)
{
	int64_t whole;
	char digits[3] = { 0 };
	size_t n = strcspn(s, ".");

	if (n < 1 || n > 2 || s[n] != '.' || s[n + 1] < '0' || s[n + 1] > '9' || s[n + 2] != '\0')
		return false;
	memcpy(digits, s, n);
	if (!text_number(digits, 0, 10, &whole) || (whole == 10 && s[n + 1] != '0'))
		return false;
	*(double *)to = (double)(whole * 10 + (s[n + 1] - '0')) / 10;
	return true;
}

static bool
set_kind(void *to, const char *s)
{
	for (enum build_kind k = KIND_RTM; k <= KIND_HOTFIX; k++)
		if (strcmp(builds_kind_name(k), s) == 0) {
			*(enum build_kind *)to = k;
			return true;
		}
	return false;
}

static bool
is_kb(const char *s)
{
	size_t n = strlen(s);

	return n >= 8 && n <= 9 && strncmp(s, "KB", 2) == 0 && s[2] != '0' &&
	    strspn(s + 2, "0123456789") == n - 2;
}

static bool
set(struct builds *b, const struct attr *a, void *to, const char *s)
{
	uint64_t key;

	switch (a->type) {
	case ATTR_DAY:
		return set_day(to, s);
	case ATTR_NUMBER:
		return set_number(to, s);
	case ATTR_SCORE:
		return set_score(to, s);
	case ATTR_KIND:
		return set_kind(to, s);
	case ATTR_PERIOD:
		return text_number(s, 1, 2, to);
	case ATTR_YES:
		return *(bool *)to = strcmp(s, "yes") == 0;
	case ATTR_WORD:
		if (!is_word(a->expected, s))
			return false;
		break;
	case ATTR_CVE:
		if (!builds_link_key(s, strlen(s), &key))
			return false;
		break;
	case ATTR_KB:
		if (!is_kb(s))
			return false;
		break;
	case ATTR_TEXT:
		if (s[strspn(s, " \t")] == '\0')
			return false;
		break;
	}
	*(const char **)to = builds_keep(b, s);
	return true;
}

/* What an attribute is when it is not there. */
static void
set_absent(const struct attr *a, void *to)
{
	switch (a->type) {
	case ATTR_DAY:
		*(int32_t *)to = BUILDS_NO_DAY;
		break;
	case ATTR_SCORE:
		*(double *)to = -1;
		break;
	case ATTR_TEXT: case ATTR_WORD: case ATTR_CVE: case ATTR_KB:
		*(const char **)to = "";
		break;
	case ATTR_KIND: case ATTR_YES: case ATTR_NUMBER: case ATTR_PERIOD:
		break;
	}
}

static const char *
expectation(const struct attr *a)
{
	return a->expected != NULL ? a->expected : expectations[a->type];
}

/* From that place on and round: a table mostly keeps to the order of the description. */
static const struct attr *
find_attr(const struct element *e, const char *name, size_t from)
{
	for (size_t i = 0, at = from; i < e->nattrs; i++, at++) {
		if (at >= e->nattrs)
			at = 0;
		if (strcmp(e->attrs[at].name, name) == 0)
			return &e->attrs[at];
	}
	return NULL;
}

/* Fill the object from the attributes of the tag at hand. */
static bool
fill(struct parse *p, const struct element *e, char *object)
{
	const char *name, *value;
	unsigned seen = 0;
	size_t at = 0;

	for (size_t i = 0; i < e->nattrs; i++)
		set_absent(&e->attrs[i], object + e->attrs[i].offset);
	for (size_t i = 0; xml_attr_at(p->x, i, &name, &value); i++) {
		const struct attr *a = find_attr(e, name, at);

		if (a == NULL)
			return builds_load_fault(p->err, p->b, xml_line(p->x),
			    "<%s> has no attribute %s, expected one that the head of the table"
			    " describes", e->name, name);
		if (!set(p->b, a, object + a->offset, value))
			return builds_load_fault(p->err, p->b, xml_line(p->x),
			    "<%s> %s=\"%.80s\", expected %s", e->name, name, value,
			    expectation(a));
		at = (size_t)(a - e->attrs);
		seen |= 1u << at++;
	}
	for (size_t i = 0; i < e->nattrs; i++)
		if (e->attrs[i].required && (seen & 1u << i) == 0)
			return builds_load_fault(p->err, p->b, xml_line(p->x),
			    "<%s> without %s, expected %s", e->name, e->attrs[i].name,
			    expectation(&e->attrs[i]));
	return true;
}

static const struct element *
find_element(const char *name, const char *parent)
{
	for (size_t i = 0; i < COUNT(elements); i++)
		if (strcmp(elements[i].name, name) == 0 &&
		    strcmp(elements[i].parent, parent) == 0)
			return &elements[i];
	return NULL;
}

static bool
start(struct parse *p, const char *parent, const struct element **out)
{
	const struct element *e = find_element(xml_name(p->x), parent);
	void *object;

	*out = e;
	if (e == NULL)
		return builds_load_fault(p->err, p->b, xml_line(p->x),
		    "<%s> in %s%s%s, expected one of the elements that the head of the table"
		    " describes", xml_name(p->x), *parent != '\0' ? "<" : "the place of the root",
		    parent, *parent != '\0' ? ">" : "");
	object = e->begin(p->b, xml_line(p->x));
	if (object == NULL)
		return builds_load_fault(p->err, p->b, xml_line(p->x),
		    "a third <%s>, expected at most two", e->name);
	return fill(p, e, object);
}

/* head: the root element alone, and nothing behind it. */
static bool
walk(struct parse *p, bool head)
{
	const struct element *stack[5] = { NULL };
	enum xml_event ev;
	unsigned depth;

	while ((ev = xml_next(p->x)) != XML_END_OF_DOCUMENT) {
		if (ev == XML_BROKEN) {
			(void)snprintf(p->err->text, sizeof(p->err->text), "%s", xml_error(p->x));
			return false;
		}
		if (xml_doctype(p->x))
			return builds_load_fault(p->err, p->b, xml_line(p->x),
			    "a DOCTYPE before this element, expected none");
		depth = xml_depth(p->x);
		/* No element has a child at depth 4, so start() fails before that. */
		if (ev == XML_START && !start(p, depth > 1 ? stack[depth - 1]->name : "",
		    &stack[depth]))
			return false;
		if (head)
			return true;
	}
	return true;
}

static bool
parse(struct builds *b, const void *bytes, size_t n, bool head, struct builds_error *err)
{
	struct parse p = { .b = b, .err = err };
	bool ok;

	p.x = xml_open_own_memory(bytes, n, b->path);
	ok = walk(&p, head);
	xml_close(p.x);
	return ok;
}

bool
builds_parse(struct builds *b, const void *bytes, size_t n, struct builds_error *err)
{
	return parse(b, bytes, n, false, err);
}

bool
builds_parse_head(struct builds *b, const void *bytes, size_t n, struct builds_error *err)
{
	/* It stands behind half a page of remarks; when that has become longer, all is looked at. */
	return (n > HEAD && parse(b, bytes, HEAD, true, err)) || parse(b, bytes, n, true, err);
}
