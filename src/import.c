/* import.c - the servers that imported files speak of, and whom the network met. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"
#include "import.h"

enum { NAME_MAX_BYTES = 256, FLAWS_MAX = 1000, ROWS_MAX = 200 };

struct import {
	struct import_server	**v;
	size_t			 n;
	struct import_server	**by_label;	/* the same, by the first label of their names */
	size_t			 nby;		/* equal to n when it is made */
};

struct import *
import_new(void)
{
	return text_alloc(sizeof(struct import));
}

static void
free_server(struct import_server *s)
{
	for (size_t i = 0; i < s->nflaws; i++)
		free(s->flaws[i]);
	for (size_t i = 0; i < s->nrows; i++) {
		free(s->rows[i].name);
		free(s->rows[i].value);
	}
	free(s->flaws);
	free(s->rows);
	free(s->name);
	free(s->fqdn);
	free(s->build);
	free(s->source);
	free(s->file);
	free(s);
}

void
import_free(struct import *im)
{
	if (im == NULL)
		return;
	for (size_t i = 0; i < im->n; i++)
		free_server(im->v[i]);
	free(im->v);
	free(im->by_label);
	free(im);
}

size_t
import_count(const struct import *im)
{
	return im->n;
}

const struct import_server *
import_server(const struct import *im, size_t i)
{
	return im->v[i];
}

/* ---- what the readers add ---- */

struct import_server *
import_add(struct import *im, const char *file)
{
	struct import_server *s;

	if (im->n == LIMIT_IMPORT_SERVERS)
		return NULL;
	s = text_alloc(sizeof(*s));
	s->name = text_dup("");
	s->fqdn = text_dup("");
	s->build = text_dup("");
	s->source = text_dup("HealthChecker");
	s->file = text_dup(file);
	im->v = text_grow(im->v, im->n + 1, sizeof(struct import_server *));
	im->v[im->n++] = s;
	return s;
}

void
import_drop(struct import *im)
{
	free_server(im->v[--im->n]);
}

void
import_set(char **field, const char *value)
{
	char shown[NAME_MAX_BYTES];

	(void)text_printable(shown, sizeof(shown), value, strlen(value));
	free(*field);
	*field = text_dup(shown);
}

/* Old versions wrote the build as one decimal number: that is none. */
void
import_set_build(struct import_server *s, const char *value)
{
	struct build_number b;
	char buf[48];

	if (s->build[0] == '\0' && build_number_parse(value, &b) && b.parts >= 3)
		import_set(&s->build, build_number_text(&b, buf));
}

bool
import_has_flaw(const struct import_server *s, const char *name)
{
	for (size_t i = 0; i < s->nflaws; i++)
		if (strcmp(s->flaws[i], name) == 0)
			return true;
	return false;
}

void
import_add_flaw(struct import_server *s, const char *names)
{
	while (names[0] != '\0') {
		size_t n = strcspn(names, ",");
		char *one = text_dup_n(names, n), *shown = text_dup("");

		import_set(&shown, one + strspn(one, " \t"));
		free(one);
		if (shown[0] != '\0' && s->nflaws < FLAWS_MAX && !import_has_flaw(s, shown)) {
			s->flaws = text_grow(s->flaws, s->nflaws + 1, sizeof(*s->flaws));
			s->flaws[s->nflaws++] = shown;
		} else
			free(shown);
		names += names[n] == ',' ? n + 1 : n;
	}
}

const char *
import_row_value(const struct import_server *s, const char *name)
{
	for (size_t i = 0; i < s->nrows; i++)
		if (strcmp(s->rows[i].name, name) == 0)
			return s->rows[i].value;
	return NULL;
}

void
import_add_row(struct import_server *s, const char *name, const char *value)
{
	struct import_row *row;

	if (s->nrows == ROWS_MAX || import_row_value(s, name) != NULL)
		return;
	s->rows = text_grow(s->rows, s->nrows + 1, sizeof(*s->rows));
	row = &s->rows[s->nrows++];
	*row = (struct import_row){ text_dup(""), text_dup("") };
	import_set(&row->name, name);
	import_set(&row->value, value);
}

/* ---- who is who ---- */

/* Names with a domain are compared whole; where one has none, up to the first dot. */
static bool
is_alike(const char *a, const char *b)
{
	size_t n = strcspn(a, ".");

	if (n == 0 || (a[n] == '.' && b[strcspn(b, ".")] == '.'))
		return n > 0 && text_eq_nocase(a, b);
	return strcspn(b, ".") == n && strncasecmp(a, b, n) == 0;
}

static bool
is_name(const struct import_server *s, const char *name)
{
	if (name == NULL || name[0] == '\0')
		return false;
	return is_alike(s->fqdn[0] != '\0' ? s->fqdn : s->name, name);
}

static const char *
name_of(const struct import_server *s)
{
	return s->fqdn[0] != '\0' ? s->fqdn : s->name;
}

static int
compare_labels(const char *a, const char *b)
{
	size_t n = strcspn(a, "."), m = strcspn(b, ".");
	int order = strncasecmp(a, b, n < m ? n : m);

	return order != 0 ? order : n < m ? -1 : n > m;
}

/* Of one label in the order of the files. */
static int
by_label(const void *a, const void *b)
{
	const struct import_server *const *x = a, *const *y = b;
	int order = compare_labels(name_of(*x), name_of(*y));

	return order != 0 ? order : (*x)->number < (*y)->number ? -1 : (*x)->number > (*y)->number;
}

static void
index_labels(struct import *im)
{
	free(im->by_label);
	im->by_label = text_alloc((im->n + 1) * sizeof(struct import_server *));
	for (size_t i = 0; i < im->n; i++) {
		im->v[i]->number = i;
		im->by_label[i] = im->v[i];
	}
	qsort(im->by_label, im->n, sizeof(struct import_server *), by_label);
	im->nby = im->n;
}

/* The first server of that label, or where it would stand. */
static size_t
find_label(const struct import *im, const char *name)
{
	size_t low = 0, high = im->nby;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_labels(name_of(im->by_label[middle]), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What an earlier file says of the same server and a later one does not. */
static void
join(struct import_server *to, const struct import_server *from)
{
	if (to->fqdn[0] == '\0')
		import_set(&to->fqdn, from->fqdn);
	if (to->build[0] == '\0')
		import_set(&to->build, from->build);
	for (int i = 0; i < IMPORT_TLS; i++)
		if (to->tls[i] == IMPORT_UNKNOWN)
			to->tls[i] = from->tls[i];
	if (to->smb1 == IMPORT_UNKNOWN)
		to->smb1 = from->smb1;
	if (to->smb_requires == IMPORT_UNKNOWN)
		to->smb_requires = from->smb_requires;
	if (to->vulnerable == IMPORT_UNKNOWN) {
		to->vulnerable = from->vulnerable;
		for (size_t i = 0; i < from->nflaws; i++)
			import_add_flaw(to, from->flaws[i]);
	}
	for (size_t i = 0; i < from->nrows; i++)
		import_add_row(to, from->rows[i].name, from->rows[i].value);
}

static bool
is_same(const struct import_server *a, const struct import_server *b)
{
	return is_name(a, b->name) || is_name(b, a->name) ||
	    (a->fqdn[0] != '\0' && is_name(b, a->fqdn));
}

struct match {
	struct import_server	*found;
	bool			 several;
};

/* Two files about one server are no conflict: the later one is stronger. */
static void
match_name(struct import *im, const char *name, struct match *m)
{
	for (size_t i = find_label(im, name); name[0] != '\0' && i < im->nby &&
	    compare_labels(name_of(im->by_label[i]), name) == 0; i++) {
		struct import_server *s = im->by_label[i];

		if (!is_name(s, name) || s == m->found)
			continue;
		s->used = true;
		if (m->found == NULL) {
			m->found = s;
		} else if (!is_same(m->found, s)) {
			m->several = true;
		} else {
			bool later = s->number > m->found->number;

			join(later ? s : m->found, later ? m->found : s);
			m->found = later ? s : m->found;
		}
	}
}

struct import_server *
import_match(struct import *im, const struct result *r, bool *several)
{
	static const enum fact names[] = {
		FACT_NAME_FRONTEND, FACT_NAME_HEALTH, FACT_NTLM_COMPUTER_DNS, FACT_NTLM_COMPUTER_NB,
	};
	char *host = text_dup_n(r->target, strcspn(r->target, ":"));
	struct match m = { 0 };

	if (im->nby != im->n)
		index_labels(im);
	match_name(im, host, &m);
	free(host);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (const struct observation *k = obs_first(r->obs, names[i]); k != NULL;
		    k = obs_next(r->obs, k))
			match_name(im, k->text != NULL ? k->text : "", &m);
	*several = m.several;
	return m.found;
}
