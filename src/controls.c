/* controls.c - what the findings say of the controls of a framework. */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "controls_table.h"
#include "servers.h"

static const char *const sights[] = {
	[CONTROL_SIGHT_FULL] = "full", [CONTROL_SIGHT_PART] = "part",
	[CONTROL_SIGHT_NONE] = "none",
};

static const char *const certains[] = {
	[CONTROL_ORIGINAL] = "original", [CONTROL_COPY] = "copy", [CONTROL_GENERAL] = "general",
};

static const char *const states[CONTROL_STATES] = {
	[CONTROL_FAILED] = "failed", [CONTROL_WAIVED] = "waived",
	[CONTROL_UNDECIDABLE] = "undecidable", [CONTROL_NOT_OBSERVABLE] = "not-observable",
	[CONTROL_SATISFIED] = "satisfied", [CONTROL_NOT_APPLICABLE] = "not-applicable",
};

const char *
controls_sight_name(enum control_sight s)
{
	return sights[s];
}

const char *
controls_certain_name(enum control_certain s)
{
	return certains[s];
}

const char *
controls_state_name(enum control_state s)
{
	return states[s];
}

/* ---- the table ---- */

void
controls_free(struct controls *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->ncontrols; i++)
		free(c->controls[i].rules);
	for (size_t i = 0; i < c->nstrings; i++)
		free(c->strings[i]);
	free(c->strings);
	free(c->frameworks);
	free(c->first);
	free(c->controls);
	free(c->unmapped);
	free(c);
}

size_t
controls_count(const struct controls *c)
{
	return c->nframeworks;
}

const struct framework *
controls_framework(const struct controls *c, size_t i)
{
	return &c->frameworks[i];
}

const struct framework *
controls_find(const struct controls *c, const char *id)
{
	for (size_t i = 0; i < c->nframeworks; i++)
		if (strcmp(c->frameworks[i].id, id) == 0)
			return &c->frameworks[i];
	return NULL;
}

const char *
controls_nearest(const struct controls *c, const char *id)
{
	struct nearest n = nearest_start(id);

	for (size_t i = 0; i < c->nframeworks; i++)
		nearest_offer(&n, c->frameworks[i].id);
	return n.best;
}

const struct control *
controls_of_rule(const struct controls *c, const struct rule *rule, size_t nth)
{
	for (size_t i = 0; i < c->ncontrols; i++)
		for (size_t k = 0; k < c->controls[i].nrules; k++)
			if (c->controls[i].rules[k] == rule && nth-- == 0)
				return &c->controls[i];
	return NULL;
}

const char *
controls_unmapped(const struct controls *c, const struct rule *rule)
{
	for (size_t i = 0; i < c->nunmapped; i++)
		if (c->unmapped[i].rule == rule)
			return c->unmapped[i].why;
	return NULL;
}

/* ---- one server ---- */

/* Is the framework about this server?  What is not known makes it not observable. */
static enum control_state
applies(const struct framework *f, const struct report *r)
{
	const struct judgement *j = r->judgement;
	const struct observation *os = obs_first(r->result->obs, FACT_NTLM_OS);

	if (j->identity == IDENTITY_ONLINE || j->identity == IDENTITY_NOT_EXCHANGE)
		return CONTROL_NOT_APPLICABLE;
	if (j->identity != IDENTITY_EXCHANGE)
		return CONTROL_NOT_OBSERVABLE;
	if (f->branches[0] != '\0' && (j->build == NULL || j->build->branch[0] == '\0'))
		return CONTROL_NOT_OBSERVABLE;
	if (f->branches[0] != '\0' && !text_lists(f->branches, j->build->branch, ' '))
		return CONTROL_NOT_APPLICABLE;
	if (f->os[0] != '\0' && (os == NULL || os->text == NULL))
		return CONTROL_NOT_OBSERVABLE;
	if (f->os[0] != '\0' && strcmp(os->text, f->os) != 0)
		return CONTROL_NOT_APPLICABLE;
	return CONTROL_SATISFIED;
}

static enum control_state
by_cve(const struct control *c, const struct judgement *j)
{
	static const enum control_state by_state[] = {
		[CVE_FIXED] = CONTROL_SATISFIED,
		[CVE_NEEDS_CONFIG] = CONTROL_NOT_OBSERVABLE,
		[CVE_UNDECIDABLE] = CONTROL_UNDECIDABLE,
		[CVE_OPEN_PRESUMED] = CONTROL_FAILED, [CVE_OPEN] = CONTROL_FAILED,
	};

	if (j->build == NULL || j->contradiction)
		return j->build == NULL ? CONTROL_NOT_OBSERVABLE : CONTROL_UNDECIDABLE;
	for (size_t i = 0; i < j->build->ncves; i++)
		if (strcmp(j->build->cves[i].cve->id, c->cve) == 0)
			return by_state[j->build->cves[i].state];
	return CONTROL_NOT_OBSERVABLE;
}

static const struct finding *
finding_of(const struct judgement *j, const struct rule *rule)
{
	for (size_t i = 0; i < j->nfindings; i++)
		if (j->findings[i].rule == rule)
			return &j->findings[i];
	return NULL;
}

static enum control_state
by_finding(const struct finding *f)
{
	if (f == NULL)
		return CONTROL_NOT_APPLICABLE;
	switch (f->verdict) {
	case VERDICT_FAIL:
	case VERDICT_WARN:
		return f->waiver != NULL ? CONTROL_WAIVED : CONTROL_FAILED;
	case VERDICT_UNDECIDABLE:
		return CONTROL_UNDECIDABLE;
	case VERDICT_NOT_OBSERVABLE:
		return CONTROL_NOT_OBSERVABLE;
	case VERDICT_PASS:
		return CONTROL_SATISFIED;
	case VERDICT_NOT_APPLICABLE:
		break;
	}
	return CONTROL_NOT_APPLICABLE;
}

/* The worst of its rules: states are in that order. */
enum control_state
controls_state(const struct control *c, const struct report *r)
{
	enum control_state worst = applies(c->framework, r);

	if (worst != CONTROL_SATISFIED)
		return worst;
	if (c->sight == CONTROL_SIGHT_NONE)
		return CONTROL_NOT_OBSERVABLE;
	if (c->cve[0] != '\0')
		return by_cve(c, r->judgement);
	worst = CONTROL_NOT_APPLICABLE;
	for (size_t i = 0; i < c->nrules; i++) {
		enum control_state s = by_finding(finding_of(r->judgement, c->rules[i]));

		if (s < worst)
			worst = s;
	}
	return worst;
}

/* ---- many servers ---- */

struct controls_tally {
	const struct controls	*c;
	uint64_t		(*n)[CONTROL_STATES];	/* by control */
	uint8_t			**seen;		/* [id of the servers][control]: the state */
};

struct controls_tally *
controls_tally_new(const struct controls *c)
{
	struct controls_tally *t = text_alloc(sizeof(*t));

	t->c = c;
	t->n = text_alloc((c->ncontrols + 1) * sizeof(*t->n));
	t->seen = text_alloc(SERVERS_IDS * sizeof(*t->seen));
	return t;
}

void
controls_tally_free(struct controls_tally *t)
{
	if (t == NULL)
		return;
	for (uint32_t id = 0; id < SERVERS_IDS; id++)
		free(t->seen[id]);
	free(t->seen);
	free(t->n);
	free(t);
}

/* Of two results of one server: what one could not see does not hide what the other saw. */
static uint8_t
worse(uint8_t a, uint8_t b)
{
	static const int rank[CONTROL_STATES] = {
		[CONTROL_NOT_APPLICABLE] = 0, [CONTROL_NOT_OBSERVABLE] = 1, [CONTROL_SATISFIED] = 2,
		[CONTROL_UNDECIDABLE] = 3, [CONTROL_WAIVED] = 4, [CONTROL_FAILED] = 5,
	};

	return rank[b] > rank[a] ? b : a;
}

/* Takes the states, by control. */
static void
keep(struct controls_tally *t, uint32_t id, uint8_t *mine)
{
	if (t->seen[id] == NULL) {
		t->seen[id] = mine;
		return;
	}
	for (size_t i = 0; i < t->c->ncontrols; i++)
		t->seen[id][i] = worse(t->seen[id][i], mine[i]);
	free(mine);
}

void
controls_tally_add(struct controls_tally *t, const struct report *r, uint32_t id)
{
	uint8_t *mine = text_alloc(t->c->ncontrols + 1);

	for (size_t i = 0; i < t->c->ncontrols; i++)
		mine[i] = (uint8_t)controls_state(&t->c->controls[i], r);
	if (id != SERVERS_NONE) {
		keep(t, id, mine);
		return;
	}
	for (size_t i = 0; i < t->c->ncontrols; i++)
		t->n[i][mine[i]]++;
	free(mine);
}

void
controls_tally_finish(struct controls_tally *t, const struct servers *s)
{
	for (uint32_t id = 0; id < SERVERS_IDS; id++) {
		uint8_t *mine = t->seen[id];
		uint32_t root = mine != NULL ? servers_root(s, id) : id;

		if (root == id)
			continue;
		t->seen[id] = NULL;
		keep(t, root, mine);
	}
	for (uint32_t id = 0; id < SERVERS_IDS; id++)
		for (size_t i = 0; t->seen[id] != NULL && i < t->c->ncontrols; i++)
			t->n[i][t->seen[id][i]]++;
}

const uint64_t *
controls_tally_of(const struct controls_tally *t, const struct control *c)
{
	return t->n[c - t->c->controls];
}

/* Never rounds up to a whole, nor down to nothing. */
static int
percent(uint64_t part, uint64_t whole)
{
	uint64_t p;

	if (whole == 0)
		return -1;
	p = part * 100 / whole;
	return (int)(p == 0 && part > 0 ? 1 : p);
}

char *
controls_edition(const struct framework *f)
{
	return text_printf("%s%s%s", f->version, f->version[0] != '\0' ? ", " : "",
	    f->date[0] != '\0' ? f->date : "date not known");
}

struct controls_score
controls_tally_score(const struct controls_tally *t, const struct framework *f)
{
	struct controls_score s = { .score = -1 };
	uint64_t decided, all;

	for (size_t i = 0; i < f->ncontrols; i++)
		for (size_t k = 0; k < CONTROL_STATES; k++)
			s.n[k] += controls_tally_of(t, &f->controls[i])[k];
	decided = s.n[CONTROL_FAILED] + s.n[CONTROL_WAIVED] + s.n[CONTROL_SATISFIED];
	all = decided + s.n[CONTROL_UNDECIDABLE] + s.n[CONTROL_NOT_OBSERVABLE];
	s.score = percent(s.n[CONTROL_SATISFIED], decided);
	s.coverage = percent(decided, all);
	return s;
}
