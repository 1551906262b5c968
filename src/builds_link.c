/* builds_link.c - sort the rows of the table and turn their names into indexes. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "builds_table.h"

static const char SPACE[] = " \t\r\n";

static bool
digits(const char *s, size_t n, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(s[i] - '0');
	}
	return n != 0;
}

bool
builds_link_key(const char *id, size_t len, uint64_t *key)
{
	uint64_t year, n;

	/* ADV190004; since 2023 without a date, ADV24199947. */
	if (len >= 9 && len <= 11 && memcmp(id, "ADV", 3) == 0)
		return digits(id + 3, len - 3, key);
	if (len < 13 || len > 16 || memcmp(id, "CVE-", 4) != 0 || id[8] != '-' ||
	    !digits(id + 4, 4, &year) || !digits(id + 9, len - 9, &n))
		return false;
	*key = year << 32 | n;
	return true;
}

static int
by_key(const void *a, const void *b)
{
	const struct builds_cve *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static int
by_number(const void *a, const void *b)
{
	const struct builds_entry *x = a, *y = b;

	return build_number_cmp(&x->row.number, &y->row.number);
}

/* By branch, CVE, fixed build; a row for another CU before the one of the CU itself. */
static int
by_list(const void *a, const void *b)
{
	const struct builds_fix *x = a, *y = b;

	if (x->product != y->product)
		return x->product < y->product ? -1 : 1;
	if (x->cve != y->cve)
		return x->cve < y->cve ? -1 : 1;
	if (x->entry != y->entry)
		return x->entry < y->entry ? -1 : 1;
	return build_number_cmp(&x->group, &y->group);
}

static bool
link_cves(struct builds *b, struct builds_error *err)
{
	for (size_t i = 0; i < b->ncves; i++) {
		struct builds_cve *c = &b->cves[i];

		(void)builds_link_key(c->info.id, strlen(c->info.id), &c->key);
		c->info.kev = c->info.kev_date != BUILDS_NO_DAY;
		c->info.ransomware = strcmp(c->ransomware, "known") == 0;
	}
	if (b->ncves != 0)
		qsort(b->cves, b->ncves, sizeof(*b->cves), by_key);
	for (size_t i = 1; i < b->ncves; i++)
		if (b->cves[i - 1].key == b->cves[i].key)
			return builds_load_fault(err, b, b->cves[i].line,
			    "%s stands also in line %u, expected it once", b->cves[i].info.id,
			    b->cves[i - 1].line);
	return true;
}

static size_t
find_cu(const struct builds *b, size_t product, const char *name)
{
	for (size_t i = 0; i < b->ncus; i++)
		if (b->cus[i].product == product && strcmp(b->cus[i].name, name) == 0)
			return i;
	return BUILDS_NONE;
}

static bool
link_entry(struct builds *b, struct builds_entry *e, struct builds_error *err)
{
	char text[48];

	e->product = builds_find_product(b, e->row.branch);
	if (e->product == BUILDS_NONE)
		return builds_load_fault(err, b, e->line,
		    "branch \"%s\", expected the branch of a <product>", e->row.branch);
	e->cu = find_cu(b, e->product, e->row.cu);
	if (e->cu == BUILDS_NONE)
		return builds_load_fault(err, b, e->line,
		    "cu \"%s\", expected a <cu> of branch %s", e->row.cu, e->row.branch);
	e->row.product = b->products[e->product].name;
	e->row.branch = b->products[e->product].branch;
	e->row.cu = b->cus[e->cu].name;
	e->row.text = builds_keep(b, build_number_text(&e->row.number, text));
	return true;
}

static bool
link_entries(struct builds *b, struct builds_error *err)
{
	for (size_t i = 0; i < b->ncus; i++)
		b->cus[i].first = BUILDS_NONE;
	for (size_t i = 0; i < b->nentries; i++)
		if (!link_entry(b, &b->entries[i], err))
			return false;
	if (b->nentries != 0)
		qsort(b->entries, b->nentries, sizeof(*b->entries), by_number);
	for (size_t i = 0; i < b->nentries; i++) {
		struct builds_entry *e = &b->entries[i];

		if (i > 0 && by_number(e - 1, e) == 0)
			return builds_load_fault(err, b, e->line,
			    "build %s stands also in line %u, expected it once", e->row.text,
			    e[-1].line);
		if (b->cus[e->cu].first == BUILDS_NONE)
			b->cus[e->cu].first = i;
	}
	return true;
}

static size_t
find_cve(const struct builds *b, const char *id, size_t len)
{
	struct builds_cve want = { 0 };
	const struct builds_cve *c = NULL;

	if (builds_link_key(id, len, &want.key) && b->ncves != 0)
		c = bsearch(&want, b->cves, b->ncves, sizeof(*b->cves), by_key);
	return c != NULL ? (size_t)(c - b->cves) : BUILDS_NONE;
}

static bool
add_fix(struct builds *b, size_t entry, const struct build_number *group, unsigned line,
    const char *id, size_t len, struct builds_error *err)
{
	size_t cve = find_cve(b, id, len);

	if (cve == BUILDS_NONE)
		return builds_load_fault(err, b, line,
		    "fixes \"%.*s\", expected the id of a <cve> of this table", (int)len, id);
	b->fixes = builds_more(b->fixes, &b->nfixes, sizeof(*b->fixes));
	b->fixes[b->nfixes - 1] = (struct builds_fix){ .product = b->entries[entry].product,
		.cve = cve, .entry = entry, .group = *group };
	return true;
}

/* The ids of one build's fixes, rising. */
static bool
link_fixes(struct builds *b, size_t entry, struct builds_error *err)
{
	const struct builds_entry *e = &b->entries[entry];
	size_t last = BUILDS_NONE;

	for (const char *s = e->fixes + strspn(e->fixes, SPACE); *s != '\0'; s += strspn(s, SPACE)) {
		size_t n = strcspn(s, SPACE);

		if (!add_fix(b, entry, &e->row.number, e->line, s, n, err))
			return false;
		if (last != BUILDS_NONE && last >= b->fixes[b->nfixes - 1].cve)
			return builds_load_fault(err, b, e->line,
			    "fixes has %.*s out of order, expected each id once, rising",
			    (int)n, s);
		last = b->fixes[b->nfixes - 1].cve;
		s += n;
	}
	return true;
}

static bool
link_note(struct builds *b, const struct builds_note *n, struct builds_error *err)
{
	size_t entry = builds_find_exact(b, &n->build), cu;
	const struct build_number *group;
	char text[48];

	if (entry == BUILDS_NONE)
		return builds_load_fault(err, b, n->line,
		    "<fix> build %s, expected a build of this table",
		    build_number_text(&n->build, text));
	group = &b->entries[entry].row.number;
	if (*n->cu != '\0') {
		cu = find_cu(b, b->entries[entry].product, n->cu);
		if (cu == BUILDS_NONE || b->cus[cu].first == BUILDS_NONE ||
		    cu == b->entries[entry].cu)
			return builds_load_fault(err, b, n->line,
			    "<fix> cu \"%s\", expected another <cu> of the same product", n->cu);
		group = &b->entries[b->cus[cu].first].row.number;
	}
	return add_fix(b, entry, group, n->line, n->cve, strlen(n->cve), err);
}

static bool
link_lists(struct builds *b, struct builds_error *err)
{
	if (b->nfixes != 0)
		qsort(b->fixes, b->nfixes, sizeof(*b->fixes), by_list);
	for (size_t i = 0; i < b->nfixes; i++) {
		const struct builds_fix *f = &b->fixes[i];
		struct builds_product *p = &b->products[f->product];

		if (i > 0 && by_list(f - 1, f) == 0)
			return builds_load_fault(err, b, b->entries[f->entry].line,
			    "%s is fixed by build %s twice, expected once in fixes or <fix>",
			    b->cves[f->cve].info.id, b->entries[f->entry].row.text);
		if (i == 0 || f->product != f[-1].product || f->cve != f[-1].cve) {
			b->lists = builds_more(b->lists, &b->nlists, sizeof(*b->lists));
			b->lists[b->nlists - 1] = (struct builds_list){ .cve = f->cve, .first = i };
			if (p->nlists++ == 0)
				p->first_list = b->nlists - 1;
		}
		b->lists[b->nlists - 1].n++;
	}
	return true;
}

bool
builds_link(struct builds *b, struct builds_error *err)
{
	if (!link_cves(b, err) || !link_entries(b, err))
		return false;
	for (size_t i = 0; i < b->nentries; i++)
		if (!link_fixes(b, i, err))
			return false;
	for (size_t i = 0; i < b->nnotes; i++)
		if (!link_note(b, &b->notes[i], err))
			return false;
	return link_lists(b, err);
}
