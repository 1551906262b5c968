/* action.c - what to do first: findings grouped by what settles them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"
#include "base/text.h"
#include "view.h"

/* Does the next step, an update or a migration, settle it? */
static bool
is_settled_by_step(const struct rule *rule)
{
	static const char *const others[] = { "backdoor-check", "exchange-online-enforcement" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(rule->id, others[i]) == 0)
			return false;
	return strcmp(rule->group, "patch") == 0 || strcmp(rule->group, "support") == 0;
}

static const char *
detail_of(const struct finding *f, const char *key)
{
	for (size_t i = 0; i < f->ndetail; i++)
		if (strcmp(f->detail[i].key, key) == 0 && f->detail[i].text != NULL)
			return f->detail[i].text;
	return "";
}

static struct action *
group_of(struct actions *t, const char *key)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->v[i].key, key) == 0)
			return &t->v[i];
	if (t->n == ACTION_GROUPS) {
		t->lost++;
		return NULL;
	}
	t->v = text_grow(t->v, t->n + 1, sizeof(*t->v));
	t->v[t->n] = (struct action){ .key = text_dup(key) };
	return &t->v[t->n++];
}

/* Whose the result is that is being added. */
struct whose {
	uint64_t	 order;
	uint32_t	 id;
};

enum { SEEN = 1, SEEN_KEV = 2 };

static void
count(struct action *a, const struct report *r, enum severity severity, const struct whose *w)
{
	const struct build_report *b = r->judgement->build;
	bool kev = b != NULL && b->kev_open > 0;

	a->targets++;
	if (w->id != SERVERS_NONE && a->seen == NULL)
		a->seen = text_alloc(SERVERS_IDS);
	if (r->judgement->identity != IDENTITY_EXCHANGE)
		a->others++;
	else if (w->id != SERVERS_NONE)
		a->seen[w->id] |= (unsigned char)(SEEN | (kev ? SEEN_KEV : 0));
	else
		a->n++;
	a->kev += kev && w->id == SERVERS_NONE;
	if (severity > a->severity)
		a->severity = severity;
	if (a->nnames < ACTION_NAMES)
		a->names[a->nnames++] = (struct action_name){ text_dup(r->result->target), w->order };
}

static const struct build_row *
row_of(const struct builds *builds, const char *build)
{
	for (size_t i = 0; i < builds_count(builds); i++)
		if (strcmp(builds_row(builds, i)->text, build) == 0)
			return builds_row(builds, i);
	return NULL;
}

static void
describe_install(struct action *a, const struct build_report *b, const struct build_row *to)
{
	bool cu = b->newer_cu != NULL && strcmp(b->newer_cu->cu, to->cu) == 0;

	if (b->number.parts < 4)
		a->before = text_printf("Read the whole build of, and perhaps install %s on,",
		    view_update(to));
	else if (cu && to->update[0] != '\0')
		a->before = text_printf("Install %s, then %s on", to->cu, to->update);
	else
		a->before = text_printf("Install %s on", view_update(to));
	a->after = text_dup("");
	a->text = text_printf("%s %s %s is build %s%s%s. Updates are cumulative: this one is enough.%s",
	    to->product, to->cu, to->update, to->text, to->kb[0] != '\0' ? ", " : "", to->kb,
	    cu ? " The installed CU gets no later update, so the new CU comes first." : "");
}

static void
describe_migration(struct action *a, const struct build_row *to)
{
	a->before = text_dup("Migrate");
	a->after = to != NULL ? text_printf(" to %s", to->product) :
	    text_dup(" to a supported version");
	a->text = text_dup("What they run gets no more updates, so no known open flaw does not mean "
	    "safe. Until they are moved, install the last update that exists for them and take them "
	    "off the Internet where that is possible.");
}

/* The worst among what the step settles. */
static enum severity
severity_of_step(const struct judgement *j)
{
	enum severity worst = SEV_INFO;

	for (size_t i = 0; i < j->nfindings; i++)
		if (rule_counts(&j->findings[i]) && is_settled_by_step(j->findings[i].rule) &&
		    j->findings[i].severity > worst)
			worst = j->findings[i].severity;
	return worst;
}

static void
add_step(struct actions *t, const struct report *r, const struct report_run *run,
    const struct finding *f, const struct whose *w)
{
	const struct build_report *b = r->judgement->build;
	const struct build_row *to = row_of(run->builds, detail_of(f, "target_build"));
	bool migrates = to == NULL || strcmp(to->branch, b->branch) != 0;
	char *key = migrates ? text_printf("migrate %s", to != NULL ? to->branch : "") :
	    text_printf("install %s %s %d", to->text, b->newer_cu != NULL ? "cu" : "",
		b->number.parts < 4);
	struct action *a = group_of(t, key);

	free(key);
	if (a == NULL)
		return;
	if (a->targets == 0 && migrates)
		describe_migration(a, to);
	else if (a->targets == 0)
		describe_install(a, b, to);
	a->rule = f->rule;
	count(a, r, severity_of_step(r->judgement), w);
}

static void
add_rule(struct actions *t, const struct report *r, const struct finding *f, const struct whose *w)
{
	struct action *a = group_of(t, f->rule->id);

	if (a == NULL)
		return;
	if (a->targets == 0 && strcmp(f->rule->id, "backdoor-check") == 0) {
		a->before = text_dup("Search");
		a->after = text_dup(" for what attackers left behind");
	} else if (a->targets == 0) {
		a->before = text_printf("%s:", f->rule->title);
		a->after = text_dup("");
	}
	if (a->targets == 0) {
		a->text = text_dup(f->rule->remediation != NULL ? f->rule->remediation : "");
		a->rule = f->rule;
	}
	count(a, r, f->severity, w);
}

void
action_add(struct actions *t, const struct report *r, const struct report_run *run,
    uint64_t order, uint32_t id)
{
	const struct judgement *j = r->judgement;
	const struct whose w = { order, id };

	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];

		if (!rule_counts(f) || strcmp(f->rule->id, "table-stale") == 0)
			continue;
		if (strcmp(f->rule->id, "next-step") == 0 && j->build != NULL)
			add_step(t, r, run, f, &w);
		else if (!is_settled_by_step(f->rule))
			add_rule(t, r, f, &w);
	}
}

static int
compare(const void *a, const void *b)
{
	const struct action *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->n + x->others != y->n + y->others)
		return x->n + x->others > y->n + y->others ? -1 : 1;
	return strcmp(x->key, y->key);
}

/* Results of one server are taken together under the id that stands for it. */
static void
count_servers(struct action *a, const struct servers *s)
{
	for (uint32_t id = 0; id < SERVERS_IDS; id++) {
		uint32_t root = a->seen[id] != 0 ? servers_root(s, id) : id;

		if (root == id)
			continue;
		a->seen[root] |= a->seen[id];
		a->seen[id] = 0;
	}
	for (uint32_t id = 0; id < SERVERS_IDS; id++) {
		a->n += a->seen[id] != 0;
		a->kev += (a->seen[id] & SEEN_KEV) != 0;
	}
}

void
action_finish(struct actions *t, const struct servers *s)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].seen != NULL)
			count_servers(&t->v[i], s);
	if (t->n > 1)
		qsort(t->v, t->n, sizeof(*t->v), compare);
}

char *
action_title(const struct action *a)
{
	uint64_t servers = a->n;
	struct text_buf out = { 0 };

	text_buf_str(&out, a->before);
	if (servers > 0)
		text_buf_printf(&out, " %" PRIu64 " server%s", servers, servers == 1 ? "" : "s");
	if (a->others > 0)
		text_buf_printf(&out, "%s %" PRIu64 " other target%s", servers > 0 ? " and" : "", a->others,
		    a->others == 1 ? "" : "s");
	text_buf_str(&out, a->after);
	return out.s;
}

void
action_clear(struct actions *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct action *a = &t->v[i];

		free(a->key);
		free(a->before);
		free(a->after);
		free(a->text);
		free(a->seen);
		for (size_t k = 0; k < a->nnames; k++)
			free(a->names[k].target);
	}
	free(t->v);
}
