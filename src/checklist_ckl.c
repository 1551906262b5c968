/*
 * checklist_ckl.c - the XML of STIG Viewer 2.  The hardened reader says whether
 * it is well-formed; then the few places that may change are found in the text
 * itself, so that all others stay as they are, byte for byte.
 */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "checklist.h"
#include "xml.h"

struct span {				/* of an element's content */
	size_t	 at, len;
	bool	 empty_tag;		/* <NAME/>: the span is the whole tag */
	bool	 there;
};

struct place {
	struct span	 status, details;
	enum checklist_status fill;
	char		*text;
};

struct ckl {
	char		*text;
	size_t		 len;
	struct place	*v;
	size_t		 n;
};

static bool
is_well_formed(const char *text, size_t len, char *why, size_t cap)
{
	struct xml *x = xml_open_own_memory(text, len, "checklist");
	enum xml_event e;

	do
		e = xml_next(x);
	while (e != XML_END_OF_DOCUMENT && e != XML_BROKEN);
	if (e == XML_BROKEN)
		(void)snprintf(why, cap, "%s", xml_error(x));
	xml_close(x);
	return e == XML_END_OF_DOCUMENT;
}

/* ---- tags ---- */

struct tag {
	size_t		 at, end;	/* of "<...>" */
	const char	*name;
	size_t		 len;
	bool		 closes, empty;
};

static size_t
past(const char *text, size_t at, const char *what)
{
	const char *p = strstr(text + at, what);

	return p != NULL ? (size_t)(p - text) + strlen(what) : strlen(text);
}

/* The next tag at or behind a place; comments and the like are stepped over. */
static bool
next_tag(const char *text, size_t at, struct tag *t)
{
	for (;;) {
		const char *p = strchr(text + at, '<');

		if (p == NULL)
			return false;
		at = (size_t)(p - text);
		if (text_starts(p, "<!--"))
			at = past(text, at + 4, "-->");
		else if (text_starts(p, "<![CDATA["))
			at = past(text, at, "]]>");
		else if (text_starts(p, "<?"))
			at = past(text, at, "?>");
		else if (text_starts(p, "<!"))
			at = past(text, at, ">");
		else
			break;
	}
	t->at = at;
	t->closes = text[at + 1] == '/';
	t->name = text + at + 1 + t->closes;
	t->len = strcspn(t->name, " \t\r\n/>");
	for (t->end = at; text[t->end] != '>' && text[t->end] != '\0'; t->end++)
		if (text[t->end] == '"' || text[t->end] == '\'')
			t->end += 1 + strcspn(text + t->end + 1, text[t->end] == '"' ? "\"" : "'");
	t->empty = text[t->end - 1] == '/';
	t->end++;
	return true;
}

static bool
is_named(const struct tag *t, const char *name)
{
	return t->len == strlen(name) && memcmp(t->name, name, t->len) == 0;
}

/* The content of an element of text, whose start tag that is; *at goes behind it. */
static struct span
content(const char *text, const struct tag *open, size_t *at)
{
	struct tag t;

	*at = open->end;
	if (open->empty)
		return (struct span){ .at = open->at, .len = open->end - open->at, .empty_tag = true,
		    .there = true };
	if (!next_tag(text, open->end, &t) || !t.closes)
		return (struct span){ .at = 0 };
	*at = t.end;
	return (struct span){ .at = open->end, .len = t.at - open->end, .there = true };
}

/* Short content as text: names and ids have no entities worth reading. */
static char *
word_of(const char *text, struct span s)
{
	size_t skip;
	char *word;

	if (!s.there || s.empty_tag)
		return text_dup("");
	skip = strspn(text + s.at, " \t\r\n");
	if (skip > s.len)
		skip = s.len;
	word = text_dup_n(text + s.at + skip, s.len - skip);
	for (size_t n = strlen(word); n > 0 && strchr(" \t\r\n", word[n - 1]) != NULL; n--)
		word[n - 1] = '\0';
	return word;
}

/* ---- reading ---- */

struct vuln {
	struct place	 place;
	char		*attribute, *vuln, *stig;
};

static void
keep(char **slot, char *word)
{
	free(*slot);
	*slot = word;
}

static void
take(const char *text, const struct tag *t, size_t *at, struct vuln *v)
{
	if (is_named(t, "VULN_ATTRIBUTE")) {
		keep(&v->attribute, word_of(text, content(text, t, at)));
	} else if (is_named(t, "ATTRIBUTE_DATA")) {
		char *word = word_of(text, content(text, t, at));

		if (v->attribute != NULL && strcmp(v->attribute, "Vuln_Num") == 0)
			keep(&v->vuln, word);
		else if (v->attribute != NULL && strcmp(v->attribute, "Rule_Ver") == 0)
			keep(&v->stig, word);
		else
			free(word);
	} else if (is_named(t, "STATUS")) {
		v->place.status = content(text, t, at);
	} else if (is_named(t, "FINDING_DETAILS")) {
		v->place.details = content(text, t, at);
	}
}

static void
end_vuln(struct ckl *k, struct checklist *c, struct vuln *v)
{
	char *status = word_of(k->text, v->place.status);

	k->v = text_grow(k->v, k->n + 1, sizeof(*k->v));
	k->v[k->n++] = v->place;
	checklist_add(c, v->vuln != NULL ? v->vuln : "", v->stig != NULL ? v->stig : "",
	    !v->place.status.there || !v->place.details.there || strcmp(status, "Not_Reviewed") != 0);
	free(status);
	free(v->attribute);
	free(v->vuln);
	free(v->stig);
	*v = (struct vuln){ .vuln = NULL };
}

static void
read_all(struct ckl *k, struct checklist *c)
{
	char *asset[3] = { text_dup(""), text_dup(""), text_dup("") };
	static const char *const names[3] = { "HOST_NAME", "HOST_FQDN", "HOST_IP" };
	struct vuln v = { .vuln = NULL };
	bool inside = false;
	struct tag t;

	for (size_t at = 0; next_tag(k->text, at, &t); ) {
		at = t.end;
		if (is_named(&t, "VULN")) {
			if (t.closes && inside)
				end_vuln(k, c, &v);
			inside = !t.closes;
		} else if (inside && !t.closes) {
			take(k->text, &t, &at, &v);
		}
		for (size_t i = 0; !inside && !t.closes && i < 3; i++)
			if (is_named(&t, names[i]))
				keep(&asset[i], word_of(k->text, content(k->text, &t, &at)));
	}
	checklist_set_asset(c, asset[0], asset[1], asset[2]);
	for (size_t i = 0; i < 3; i++)
		free(asset[i]);
	free(v.attribute);
	free(v.vuln);
	free(v.stig);
}

static void *
ckl_load(struct checklist *c, const char *text, size_t len, char *why, size_t cap)
{
	struct ckl *k;

	if (!is_well_formed(text, len, why, cap))
		return NULL;
	k = text_alloc(sizeof(*k));
	k->text = text_dup_n(text, len);
	k->len = len;
	read_all(k, c);
	return k;
}

/* ---- filling and writing ---- */

static void
ckl_fill(void *form, size_t i, enum checklist_status status, const char *details)
{
	struct ckl *k = form;

	k->v[i].fill = status;
	keep(&k->v[i].text, text_dup(details));
}

static void
put_part(FILE *f, const struct ckl *k, size_t *from, size_t to)
{
	(void)fwrite(k->text + *from, 1, to - *from, f);
	*from = to;
}

static void
put_details(FILE *f, const struct ckl *k, const struct place *p, size_t *from)
{
	struct text_buf out = { 0 };

	put_part(f, k, from, p->details.at);
	escape_markup(&out, p->text);
	if (p->details.empty_tag) {
		fprintf(f, "<FINDING_DETAILS>%s</FINDING_DETAILS>", out.s);
		*from = p->details.at + p->details.len;
	} else {
		fprintf(f, "%s%s", out.s, p->details.len > 0 ? "\n" : "");
	}
	text_buf_free(&out);
}

static void
put_status(FILE *f, const struct ckl *k, const struct place *p, size_t *from)
{
	if (p->fill == CHECKLIST_KEEP)
		return;
	put_part(f, k, from, p->status.at);
	(void)fputs(p->fill == CHECKLIST_OPEN ? "Open" : "NotAFinding", f);
	*from = p->status.at + p->status.len;
}

static void
ckl_write(const void *form, FILE *f)
{
	const struct ckl *k = form;
	size_t from = 0;

	for (size_t i = 0; i < k->n; i++) {
		const struct place *p = &k->v[i];

		if (p->text == NULL)
			continue;
		if (p->status.at < p->details.at) {
			put_status(f, k, p, &from);
			put_details(f, k, p, &from);
		} else {
			put_details(f, k, p, &from);
			put_status(f, k, p, &from);
		}
	}
	put_part(f, k, &from, k->len);
}

static void
ckl_unload(void *form)
{
	struct ckl *k = form;

	for (size_t i = 0; i < k->n; i++)
		free(k->v[i].text);
	free(k->v);
	free(k->text);
	free(k);
}

const struct checklist_form checklist_ckl = {
	.load = ckl_load, .fill = ckl_fill, .write = ckl_write, .unload = ckl_unload,
};
