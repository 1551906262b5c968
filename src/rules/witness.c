/*
 * witness.c - which observations name the build, how far they agree, and
 * which one is believed.
 *
 * Strongest first.  The header and a Received line carry the build itself.
 * MAPI page, X-ServerApplication and the export tool's manifest carry the
 * version of one file, which can lag or lead the update by one (seen:
 * 15.1.2242.5 where CU20 is 15.1.2242.4; 15.2.858.2 where CU9 is 15.2.858.5).
 * The folder of the log-on page carries three parts on 2013 and later.
 */
#include <stdint.h>
#include <string.h>

#include "rules/witness.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* File versions further than this from any known build say the CU only. */
enum { NEIGHBOUR_REACH = 3 };

static const struct source {
	enum fact	 fact;
	bool		 soft;
	const char	*text;
} sources[] = {
	{ FACT_BUILD,		  false, "the X-OWA-Version header" },
	{ FACT_BUILD_RECEIVED,	  false, "a Received line" },
	{ FACT_BUILD_MAPI,	  true,  "the MAPI endpoint page" },
	{ FACT_BUILD_APPLICATION, true,  "the X-ServerApplication header" },
	{ FACT_BUILD_MANIFEST,	  true,  "the export tool's manifest" },
	{ FACT_BUILD_PATH,	  false, "the folder of the log-on page" },
	{ FACT_BUILD_BANNER,	  false, "a mail banner" },
	{ FACT_BUILD_EAS,	  false, "the MS-Server-ActiveSync header" },
};

bool
witness_is(enum fact fact)
{
	for (size_t i = 0; i < COUNT(sources); i++)
		if (sources[i].fact == fact)
			return true;
	return false;
}

const char *
witness_source(enum fact fact)
{
	for (size_t i = 0; i < COUNT(sources); i++)
		if (sources[i].fact == fact)
			return sources[i].text;
	return obs_fact(fact)->text;
}

static bool
is_online(const struct build_number *n)
{
	return n->part[0] == 15 && n->part[1] == 20;
}

/* The ActiveSync header is left out: other products send it. */
static bool
some(const struct obs *obs, bool online)
{
	struct build_number n;

	for (size_t i = 0; i < COUNT(sources); i++) {
		if (sources[i].fact == FACT_BUILD_EAS || sources[i].fact == FACT_BUILD_BANNER)
			continue;
		for (const struct observation *k = obs_first(obs, sources[i].fact); k != NULL;
		    k = obs_next(obs, k))
			if (build_number_parse(k->text, &n) && n.parts >= 3 &&
			    is_online(&n) == online)
				return true;
	}
	return false;
}

bool
witness_is_online(const struct obs *obs)
{
	return some(obs, true);
}

bool
witness_is_premises(const struct obs *obs)
{
	return some(obs, false);
}

static bool
same_parts(const struct build_number *a, const struct build_number *b, unsigned parts)
{
	for (unsigned i = 0; i < parts; i++)
		if (a->part[i] != b->part[i])
			return false;
	return true;
}

/* Does the table know the CU (2007, 2010: the service pack), or is it newer than all of them? */
static bool
is_known(const struct builds *builds, const struct build_number *n)
{
	bool generation = false, newer = true;

	if (is_online(n))
		return true;
	for (size_t i = 0; i < builds_count(builds); i++) {
		const struct build_number *row = &builds_row(builds, i)->number;

		if (!same_parts(row, n, 2))
			continue;
		if (n->part[0] < 15 || row->part[2] == n->part[2])
			return true;
		generation = true;
		newer = newer && row->part[2] < n->part[2];
	}
	return generation && newer;
}

/*
 * Rank of a number from a source: four parts of a known CU before three parts
 * of one, then whatever there is.  A smaller rank is better.
 */
static unsigned
rank_of(const struct builds *builds, const struct build_number *n)
{
	bool known = is_known(builds, n);

	if (n->parts < 3)
		return 3;
	if (known)
		return n->parts == 4 ? 0 : 1;
	return 2;
}

/* Different values of one source, oldest first; the header's are a pool. */
static void
gather_pool(const struct obs *obs, struct witness *w)
{
	struct build_number n, m;

	for (const struct observation *k = obs_first(obs, FACT_BUILD); k != NULL; k = obs_next(obs, k)) {
		size_t at = 0;
		bool seen = false;

		if (!build_number_parse(k->text, &n) || n.parts < 3 || w->npool == WITNESS_POOL)
			continue;
		for (size_t i = 0; i < w->npool && !seen; i++) {
			(void)build_number_parse(w->pool[i]->text, &m);
			seen = build_number_cmp(&m, &n) == 0;
			at += build_number_cmp(&m, &n) < 0;
		}
		if (seen)
			continue;
		memmove(&w->pool[at + 1], &w->pool[at], (w->npool - at) * sizeof(w->pool[0]));
		w->pool[at] = k;
		w->npool++;
	}
}

/* The oldest value of that source; NULL when it said nothing readable. */
static const struct observation *
oldest(const struct obs *obs, enum fact fact, struct build_number *out)
{
	const struct observation *found = NULL;
	struct build_number n;

	for (const struct observation *k = obs_first(obs, fact); k != NULL; k = obs_next(obs, k)) {
		if (!build_number_parse(k->text, &n))
			continue;
		if (found == NULL || n.parts > out->parts ||
		    (n.parts == out->parts && build_number_cmp(&n, out) < 0)) {
			found = k;
			*out = n;
		}
	}
	return found;
}

static uint32_t
distance(const struct build_row *row, const struct build_number *n)
{
	uint32_t a, b;

	if (row == NULL)
		return UINT32_MAX;
	for (size_t i = 0; i < 3; i++)
		if (row->number.part[i] != n->part[i])
			return UINT32_MAX;
	a = row->number.part[3];
	b = n->part[3];
	return a > b ? a - b : b - a;
}

/*
 * A file version that is no row of the table: its nearest neighbour when one
 * is near, else the CU alone.  Above the newest row it stays as it is: newer
 * than the table.
 */
static void
map_soft(const struct builds *builds, int32_t as_of, struct witness *w)
{
	struct build_report *r = builds_report(builds, &w->number, as_of);
	const struct build_row *near = r->below;

	if (distance(r->above, &w->number) < distance(near, &w->number))
		near = r->above;
	if (w->number.parts == 4 && r->place == PLACE_BETWEEN) {
		if (distance(near, &w->number) <= NEIGHBOUR_REACH) {
			w->number = near->number;
			w->mapped = true;
		} else {
			w->number.parts = 3;
			w->number.part[3] = 0;
		}
	}
	builds_report_free(r);
}

/* Updates of one CU strictly between two builds; the CU itself may have two numbers. */
static size_t
updates_between(const struct builds *builds, const struct build_number *a, const struct build_number *b)
{
	const struct build_number *low = build_number_cmp(a, b) < 0 ? a : b;
	const struct build_number *high = low == a ? b : a;
	size_t n = 0;

	for (size_t i = 0; i < builds_count(builds); i++) {
		const struct build_number *row = &builds_row(builds, i)->number;

		if (builds_row(builds, i)->update[0] == '\0')
			continue;
		n += same_parts(row, low, 3) && build_number_cmp(row, low) > 0 &&
		    build_number_cmp(row, high) < 0;
	}
	return n;
}

enum agree { AGREE, AGREE_LAGS, AGREE_NOT };

/*
 * Can both be true of one server?  n is what `fact` says, ref the header's (or
 * the strongest witness').  ActiveSync names the generation only.  On 2007 and
 * 2010 an update rollup may leave the folder behind within one service pack;
 * later a file's version may stand still over several updates.
 */
static enum agree
agrees(const struct builds *builds, enum fact fact, const struct build_number *n,
    const struct build_number *ref)
{
	bool old = ref->part[0] < 15;

	if (fact == FACT_BUILD_BANNER)
		return AGREE;
	if (fact == FACT_BUILD_EAS)
		return same_parts(n, ref, old ? 1 : 2) ? AGREE : AGREE_NOT;
	if (n->parts < 3 || ref->parts < 3)
		return same_parts(n, ref, 2) ? AGREE : AGREE_NOT;
	if (old) {
		if (build_number_cmp(n, ref) == 0)
			return AGREE;
		return same_parts(n, ref, 2) && build_number_cmp(n, ref) < 0 ? AGREE_LAGS : AGREE_NOT;
	}
	if (!same_parts(n, ref, 3))
		return AGREE_NOT;
	if (n->parts == 3 || ref->parts == 3 || build_number_cmp(n, ref) == 0)
		return AGREE;
	if (fact == FACT_BUILD_RECEIVED || fact == FACT_BUILD)
		return AGREE_NOT;
	if (updates_between(builds, n, ref) == 0)
		return AGREE;
	/* Files that updates seldom touch; the manifest's version moves with most. */
	return fact != FACT_BUILD_MANIFEST && build_number_cmp(n, ref) < 0 ? AGREE_LAGS : AGREE_NOT;
}

/* In a pool a witness needs to agree with one member. */
static enum agree
agrees_with_any(const struct builds *builds, enum fact fact, const struct build_number *n,
    const struct witness *w)
{
	enum agree best = AGREE_NOT;
	struct build_number ref;

	if (w->npool == 0 || w->seen->fact != FACT_BUILD)
		return agrees(builds, fact, n, &w->read);
	for (size_t i = 0; i < w->npool && best != AGREE; i++) {
		enum agree a;

		(void)build_number_parse(w->pool[i]->text, &ref);
		a = agrees(builds, fact, n, &ref);
		if (a < best)
			best = a;
	}
	return best;
}

static void
compare(const struct obs *obs, const struct builds *builds, struct witness *w)
{
	struct build_number n;

	for (size_t i = 0; i < COUNT(sources); i++) {
		enum fact fact = sources[i].fact;

		if (fact == FACT_BUILD_EAS && obs_first(obs, FACT_MARK_OTHER) != NULL)
			continue;	/* another product's header */
		for (const struct observation *k = obs_first(obs, fact); k != NULL;
		    k = obs_next(obs, k)) {
			enum agree a;

			if (k == w->seen || !build_number_parse(k->text, &n) ||
			    (fact == FACT_BUILD && w->seen->fact == FACT_BUILD && n.parts >= 3))
				continue;
			a = agrees_with_any(builds, fact, &n, w);
			if (a == AGREE_LAGS)
				w->lagging = k;
			if (a == AGREE_NOT && w->other == NULL) {
				w->one = w->seen;
				w->other = k;
			}
		}
	}
}

/* How badly off: known-exploited flaws, then flaws, then missing updates. */
static uint64_t
weight(const struct builds *builds, int32_t as_of, const struct build_number *n)
{
	struct build_report *r = builds_report(builds, n, as_of);
	uint64_t open = r->count[CVE_OPEN] + r->count[CVE_OPEN_PRESUMED];
	uint64_t weight = r->kev_open * 1000000 + open * 1000 + r->nmissing;

	builds_report_free(r);
	return weight;
}

/*
 * Of a pool the member that is worst off speaks, of equals the oldest: a newer
 * CU may lack updates that an older one has.
 */
static void
choose_member(const struct builds *builds, int32_t as_of, struct witness *w)
{
	uint64_t most = 0;

	for (size_t i = 0; i < w->npool; i++) {
		struct build_number n;
		uint64_t much;

		if (!build_number_parse(w->pool[i]->text, &n) || n.parts < w->read.parts)
			continue;
		much = weight(builds, as_of, &n);
		if (much <= most)
			continue;
		most = much;
		w->seen = w->pool[i];
		w->read = w->number = n;
	}
}

void
witness_choose(const struct obs *obs, const struct builds *builds, int32_t as_of,
    struct witness *w)
{
	unsigned best = UINT32_MAX;

	*w = (struct witness){ 0 };
	gather_pool(obs, w);
	for (size_t i = 0; i < COUNT(sources); i++) {
		struct build_number n = { .parts = 0 };
		const struct observation *k = oldest(obs, sources[i].fact, &n);
		unsigned rank;

		if (k == NULL)
			continue;
		rank = sources[i].fact == FACT_BUILD_EAS || sources[i].fact == FACT_BUILD_BANNER ?
		    9 : rank_of(builds, &n);
		if (rank >= best)
			continue;
		best = rank;
		w->seen = k;
		w->read = w->number = n;
		w->soft = sources[i].soft;
	}
	if (w->seen == NULL)
		return;
	if (w->seen->fact == FACT_BUILD && w->npool > 1)
		choose_member(builds, as_of, w);
	if (w->soft)
		map_soft(builds, as_of, w);
	compare(obs, builds, w);
}
