/* builds_check.c - does the table hold together: order, groups, plausible days. */
#include <string.h>

#include "builds_table.h"

/* Days compare; years only for ids and catalogues. */
static int
year(int32_t day)
{
	char text[11];
	int y = 0;

	builds_day_text(day, text);
	for (int i = 0; i < 4; i++)
		y = y * 10 + (text[i] - '0');
	return y;
}

static bool
release_order(const struct builds *b, size_t i, struct builds_error *err)
{
	const struct builds_release *r = &b->releases[i];

	if (i > 0 && r[-1].date < r->date)
		return builds_load_fault(err, b, r->line,
		    "a release newer than the one above it (line %u), expected the newest first",
		    r[-1].line);
	for (size_t j = i; j > 0 && b->releases[j - 1].date == r->date; j--)
		if (strcmp(b->releases[j - 1].name, r->name) == 0)
			return builds_load_fault(err, b, r->line,
			    "the release of line %u again, expected one <release> for a name and"
			    " a day", b->releases[j - 1].line);
	return true;
}

bool
builds_check_order(const struct builds *b, struct builds_error *err)
{
	if (b->nproducts == 0 || b->nentries == 0)
		return builds_load_fault(err, b, b->line != 0 ? b->line : 1,
		    "no <product> or no <build>, expected at least one of each");
	for (size_t i = 1; i < b->nproducts; i++) {
		const struct builds_product *p = &b->products[i];

		if (builds_find_product(b, p->branch) != i)
			return builds_load_fault(err, b, p->line,
			    "branch %s again, expected one <product> for each", p->branch);
		if (p->released >= p[-1].released)
			return builds_load_fault(err, b, p->line, "product %s out of order,"
			    " expected the newest first", p->branch);
	}
	for (size_t i = 0; i < b->nreleases; i++)
		if (!release_order(b, i, err))
			return false;
	for (size_t i = 1; i < b->nentries; i++) {
		const struct builds_entry *e = &b->entries[i];

		if (e->release == e[-1].release &&
		    build_number_cmp(&e->row.number, &e[-1].row.number) >= 0)
			return builds_load_fault(err, b, e->line, "a build not below the one"
			    " above it, expected the highest number first");
	}
	for (size_t i = 1; i < b->ncves; i++) {
		uint64_t last = 0, key = 0;
		const struct builds_cve *c = &b->cves[i];

		(void)builds_link_key(c[-1].info.id, strlen(c[-1].info.id), &last);
		(void)builds_link_key(c->info.id, strlen(c->info.id), &key);
		if (c->release == c[-1].release && key <= last)
			return builds_load_fault(err, b, c->line, "%s out of order, expected ids"
			    " that rise: ADV before CVE, by year, by number", c->info.id);
	}
	return true;
}

static bool
check_product(const struct builds *b, const struct builds_product *p, struct builds_error *err)
{
	if (p->extended_end <= p->released || (p->mainstream_end != BUILDS_NO_DAY &&
	    (p->mainstream_end <= p->released || p->mainstream_end > p->extended_end)))
		return builds_load_fault(err, b, p->line, "the days of product %s, expected"
		    " released < mainstream-end <= extended-end", p->branch);
	for (size_t i = 0; i < p->nesu; i++)
		if (p->esu[i].period != (int64_t)i + 1 || p->esu[i].to < p->esu[i].from ||
		    p->esu[i].from != (i == 0 ? p->extended_end : p->esu[i - 1].to) + 1)
			return builds_load_fault(err, b, p->line, "the <esu> periods of product"
			    " %s, expected 1 from the day after extended-end, then 2 from the day"
			    " after it", p->branch);
	return true;
}

static bool
check_cu(const struct builds *b, size_t i, struct builds_error *err)
{
	const struct builds_cu *c = &b->cus[i];
	const struct builds_product *p = &b->products[c->product];
	const struct builds_entry *first;

	for (size_t j = 0; j < i; j++)
		if (b->cus[j].product == c->product && strcmp(b->cus[j].name, c->name) == 0)
			return builds_load_fault(err, b, c->line, "<cu> %s of branch %s stands"
			    " also in line %u, expected it once", c->name, p->branch,
			    b->cus[j].line);
	if (c->first == BUILDS_NONE || *b->entries[c->first].row.update != '\0')
		return builds_load_fault(err, b, c->line, "<cu> %s of branch %s, expected its"
		    " lowest build to be the CU itself (in a <release> without name)", c->name,
		    p->branch);
	first = &b->entries[c->first];
	if (i > 0 && c[-1].product == c->product && c[-1].first < c->first)
		return builds_load_fault(err, b, c->line, "<cu> %s of branch %s out of order,"
		    " expected the newest first", c->name, p->branch);
	if (c->support_end != BUILDS_NO_DAY && (c->support_end < first->row.released ||
	    c->support_end > p->extended_end))
		return builds_load_fault(err, b, c->line, "support-end of <cu> %s, expected a day"
		    " from its release to the product's extended-end", c->name);
	if (c->esu && p->nesu == 0)
		return builds_load_fault(err, b, c->line, "esu of <cu> %s, expected an <esu>"
		    " period in its product", c->name);
	return true;
}

static bool
is_base(enum build_kind k)
{
	return k == KIND_RTM || k == KIND_SP || k == KIND_CU;
}

/* Is there another CU with builds of the same group?  Before 2007 all share one. */
static bool
check_group(const struct builds *b, size_t i, struct builds_error *err)
{
	const struct builds_entry *e = &b->entries[i];
	const struct builds_entry *first = &b->entries[b->cus[e->cu].first];
	bool old = e->row.number.part[0] < 8;

	if (!old && !builds_find_same_group(&e->row.number, &first->row.number))
		return builds_load_fault(err, b, e->line, "build %s in %s, expected the same"
		    " first %s parts as %s", e->row.text, e->row.cu,
		    e->row.number.part[0] < 15 ? "two" : "three", first->row.text);
	if (i > 0 && !old && e[-1].cu != e->cu &&
	    builds_find_same_group(&e->row.number, &e[-1].row.number))
		return builds_load_fault(err, b, e->line, "build %s in %s, expected %s, where %s"
		    " is", e->row.text, e->row.cu, e[-1].row.cu, e[-1].row.text);
	return true;
}

/* The other number of an update: of the same CU, and nobody else's. */
static bool
also_is_free(const struct builds *b, const struct builds_entry *e)
{
	if (e->also.parts == 0)
		return true;
	for (size_t i = 0; i < b->nentries; i++)
		if (build_number_cmp(&b->entries[i].row.number, &e->also) == 0 ||
		    (&b->entries[i] != e && build_number_cmp(&b->entries[i].also, &e->also) == 0))
			return false;
	return builds_find_same_group(&e->also, &e->row.number);
}

static bool
check_entry(const struct builds *b, size_t i, struct builds_error *err)
{
	const struct builds_entry *e = &b->entries[i];
	const char *branch = "", *product;

	if (!builds_find_branch(&e->row.number, &branch, &product) ||
	    strcmp(branch, e->row.branch) != 0)
		return builds_load_fault(err, b, e->line, "build %s in branch %s, expected %s",
		    e->row.text, e->row.branch, *branch != '\0' ? branch : "another number");
	if (is_base(e->row.kind) != (*e->row.update == '\0'))
		return builds_load_fault(err, b, e->line, "build %s of kind %s in a <release> %s"
		    " name, expected RTM, SP and CU without and the others with one", e->row.text,
		    builds_kind_name(e->row.kind), *e->row.update == '\0' ? "without" : "with a");
	if (e->row.partial && e->row.kind != KIND_SU)
		return builds_load_fault(err, b, e->line, "partial of build %s, expected only at"
		    " an SU", e->row.text);
	if (e->row.released > b->as_of)
		return builds_load_fault(err, b, b->releases[e->release].line, "a release after"
		    " as-of, expected as-of (line %u) to be the day of the newest", b->line);
	if (!also_is_free(b, e))
		return builds_load_fault(err, b, e->line, "also of build %s, expected a number of"
		    " the same CU that no <build> has", e->row.text);
	if (i > 0 && e[-1].cu == e->cu && e[-1].row.released > e->row.released)
		return builds_load_fault(err, b, e->line, "build %s is older than %s (line %u),"
		    " expected days that do not fall within a CU", e->row.text, e[-1].row.text,
		    e[-1].line);
	return check_group(b, i, err);
}

static bool
check_cve(const struct builds *b, const struct builds_cve *c, struct builds_error *err)
{
	const struct cve_info *v = &c->info;
	int id_year = (int)(c->key >> 32);

	if (v->disclosed > b->as_of || year(v->disclosed) < id_year)
		return builds_load_fault(err, b, c->line, "disclosed of %s, expected a day from"
		    " the year of the id to as-of", v->id);
	if (v->kev && (v->kev_date > b->kev_as_of || year(v->kev_date) < year(v->disclosed)))
		return builds_load_fault(err, b, c->line, "kev of %s, expected a day from the"
		    " year it was disclosed to kev-as-of", v->id);
	if (*c->ransomware != '\0' && !v->kev)
		return builds_load_fault(err, b, c->line, "ransomware of %s, expected kev too",
		    v->id);
	if ((v->cvss >= 0) != (*v->cvss_version != '\0') ||
	    (v->cvss >= 0 && *c->cvss_source == '\0'))
		return builds_load_fault(err, b, c->line, "score of %s, expected cvss and"
		    " cvss-version with cvss-source, or neither", v->id);
	for (size_t i = 0; i < b->nlists; i++)
		if (&b->cves[b->lists[i].cve] == c)
			return true;
	return builds_load_fault(err, b, c->line, "%s is fixed by no build, expected it in the"
	    " fixes of at least one", v->id);
}

/* A fix in another CU must be above every build of the one that was assessed. */
static bool
check_note(const struct builds *b, const struct builds_note *n, struct builds_error *err)
{
	size_t at = builds_find_exact(b, &n->build);

	for (size_t i = at + 1; *n->cu != '\0' && i < b->nentries; i++)
		if (b->entries[i].product == b->entries[at].product &&
		    strcmp(b->entries[i].row.cu, n->cu) == 0)
			return builds_load_fault(err, b, n->line, "<fix> in an older CU than %s,"
			    " expected a newer one", n->cu);
	return true;
}

bool
builds_check(const struct builds *b, struct builds_error *err)
{
	for (size_t i = 0; i < b->nproducts; i++)
		if (!check_product(b, &b->products[i], err))
			return false;
	for (size_t i = 0; i < b->nentries; i++)
		if (!check_entry(b, i, err))
			return false;
	for (size_t i = 0; i < b->ncus; i++)
		if (!check_cu(b, i, err))
			return false;
	for (size_t i = 0; i < b->ncves; i++)
		if (!check_cve(b, &b->cves[i], err))
			return false;
	for (size_t i = 0; i < b->nnotes; i++)
		if (!check_note(b, &b->notes[i], err))
			return false;
	return true;
}
