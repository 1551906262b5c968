/*
 * stig.c - fills the rules of the user's own checklist that show from the
 * network; every other rule, and one that somebody has reviewed, stays as it is.
 *
 * A checklist is of one server.  Of a run with several, those results count
 * that bear its name or address; the worst of them decides.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "checklist.h"
#include "controls.h"
#include "report.h"

struct mark {
	enum control_state	 state;
	const struct control	*control;
	char			*text;
};

struct stig {
	struct mark	*named, *any;	/* by rule: of results that match the asset; of any */
	size_t		 n;
	uint64_t	 matches, servers;
};

static void
stig_begin(void *state, FILE *f, const struct report_run *run)
{
	struct stig *s = state;

	(void)f;
	s->n = checklist_count(run->checklist);
	s->named = text_alloc(s->n * sizeof(*s->named));
	s->any = text_alloc(s->n * sizeof(*s->any));
}

/* ---- whose result is it? ---- */

static bool
is_name(const char *name, const char *asset)
{
	size_t n = strlen(asset);

	/* "ex01" is "ex01.corp.example" too */
	return n > 0 && text_starts_nocase(name, asset) && (name[n] == '\0' || name[n] == '.' ||
	    name[n] == ':');
}

/* Where both have a domain it counts: ex01 of another forest is another server. */
static bool
is_asset(const char *name, const struct checklist_asset *a)
{
	bool whole = name[strcspn(name, ".:")] == '.' && a->fqdn[0] != '\0';

	return is_name(name, a->fqdn) ||
	    ((!whole || strchr(a->host, '.') != NULL) && is_name(name, a->host));
}

static bool
is_of(const struct report *r, const struct checklist_asset *a)
{
	static const enum fact facts[] = {
		FACT_NAME_FRONTEND, FACT_NAME_HEALTH, FACT_NTLM_COMPUTER_DNS, FACT_NTLM_COMPUTER_NB,
	};

	if (is_asset(r->result->target, a) || is_name(r->result->target, a->address) ||
	    (a->address[0] != '\0' && strcmp(r->result->address, a->address) == 0))
		return true;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		for (const struct observation *k = obs_first(r->result->obs, facts[i]); k != NULL;
		    k = obs_next(r->result->obs, k))
			if (is_asset(k->text, a))
				return true;
	return false;
}

/* ---- what is said of one rule ---- */

static const struct control *
control_of(const struct controls *c, const struct checklist_rule *rule)
{
	for (size_t i = 0; i < controls_count(c); i++) {
		const struct framework *w = controls_framework(c, i);

		for (size_t k = 0; k < w->ncontrols; k++)
			if ((rule->vuln[0] != '\0' && strcmp(w->controls[k].alias, rule->vuln) == 0) ||
			    (rule->stig[0] != '\0' && strcmp(w->controls[k].id, rule->stig) == 0))
				return &w->controls[k];
	}
	return NULL;
}

static char *
say(const struct control *c, const struct report *r)
{
	const struct judgement *j = r->judgement;
	char time[RESULT_TIME_MAX];
	struct text_buf out = { 0 };

	text_buf_printf(&out, "exvet, %s, seen from the network%s%s, %s:", r->result->target,
	    r->result->vantage[0] != '\0' ? " at " : "", r->result->vantage,
	    result_time(r->result->started_ms, time)[0] != '\0' ? time : "time not recorded");
	for (size_t i = 0; i < c->nrules; i++)
		for (size_t k = 0; k < j->nfindings; k++)
			if (j->findings[k].rule == c->rules[i] && j->findings[k].why != NULL)
				text_buf_printf(&out, " %s: %s: %s", c->rules[i]->id,
				    rule_verdict_name(j->findings[k].verdict), j->findings[k].why);
	return out.s;
}

static void
mark(struct mark *m, const struct control *c, enum control_state state, const struct report *r)
{
	if (m->text != NULL && state >= m->state)
		return;
	free(m->text);
	*m = (struct mark){ .state = state, .control = c, .text = say(c, r) };
}

static void
stig_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	struct checklist_asset asset = checklist_asset(run->checklist);
	struct stig *s = state;
	bool match = is_of(report, &asset);

	(void)f;
	if (report->judgement->identity != IDENTITY_EXCHANGE)
		return;
	s->servers++;
	s->matches += match;
	for (size_t i = 0; i < s->n; i++) {
		const struct checklist_rule *rule = checklist_rule(run->checklist, i);
		const struct control *c = rule->reviewed ? NULL : control_of(run->controls, rule);
		enum control_state now;

		if (c == NULL)
			continue;
		now = controls_state(c, report);
		mark(&s->any[i], c, now, report);
		if (match)
			mark(&s->named[i], c, now, report);
	}
}

static void
fill(struct checklist *c, size_t i, const struct mark *m)
{
	bool full = m->text != NULL && m->control->sight == CONTROL_SIGHT_FULL;
	char *text;

	if (m->text == NULL || (m->state != CONTROL_FAILED && m->state != CONTROL_SATISFIED))
		return;
	if (m->state == CONTROL_FAILED) {
		checklist_fill(c, i, CHECKLIST_OPEN, m->text);
		return;
	}
	text = full ? text_dup(m->text) : text_printf("%s (Only a part of this rule shows from the "
	    "network: review the rest.)", m->text);
	checklist_fill(c, i, full ? CHECKLIST_NOT_A_FINDING : CHECKLIST_KEEP, text);
	free(text);
}

static void
stig_end(void *state, FILE *f, const struct report_run *run)
{
	struct checklist_asset asset = checklist_asset(run->checklist);
	struct stig *s = state;
	/* A checklist that names no server may be meant for the only one; one of another never is. */
	bool blank = asset.host[0] == '\0' && asset.fqdn[0] == '\0' && asset.address[0] == '\0';
	bool lone = s->matches == 0 && s->servers == 1 && blank;

	if (s->matches == 0 && !lone)
		(void)fputs("exvet: checklist: no result has the name or address of its asset: nothing was "
		    "filled\n", stderr);
	for (size_t i = 0; i < s->n; i++)
		fill(run->checklist, i, lone ? &s->any[i] : &s->named[i]);
	checklist_write(run->checklist, f);
}

static void
stig_clear(void *state)
{
	struct stig *s = state;

	for (size_t i = 0; i < s->n; i++) {
		free(s->named[i].text);
		free(s->any[i].text);
	}
	free(s->named);
	free(s->any);
}

const struct reporter reporter_checklist = {
	.name = "checklist",
	.summary = "the checklist of --checklist, with what the network shows filled in",
	.wants_controls = true,
	.wants_checklist = true,
	.state_size = sizeof(struct stig),
	.begin = stig_begin,
	.target = stig_target,
	.end = stig_end,
	.clear = stig_clear,
};
