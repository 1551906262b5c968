/*
 * judge.c - a result comes in, is judged, goes to every output and is counted;
 * the exit status comes out.
 */
#include "config-build.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/text.h"
#include "checklist.h"
#include "cmd.h"
#include "config.h"
#include "compare.h"
#include "config_baseline.h"
#include "controls.h"
#include "judge.h"
#include "judge_waivers.h"
#include "history.h"
#include "import.h"
#include "output.h"
#include "report.h"
#include "sha256.h"
#include "stored.h"
#include "tls_baseline.h"
#include "views.h"

struct judge {
	const struct config	*config;
	struct builds		*builds;
	struct tls_baseline	*baseline;
	struct policy		 policy;
	struct report_run	 run;
	struct report_left	 left;
	struct output		*output;
	struct import		*import;	/* NULL: nothing was imported */
	struct compare		*compare;	/* NULL: no other run */
	struct history		*history;	/* NULL: no trend */
	struct report_inputs	 inputs;
	struct checklist	*checklist;	/* NULL: none to fill */
	bool			 gated;		/* --fail-on names a severity */
	bool			 gated_new;	/* --fail-on new */
	enum severity		 gate;
	pthread_mutex_t		 lock;		/* of what follows, and of output */
	uint64_t		 count;
	struct judge_waivers	 waivers;
	struct controls		*controls;	/* NULL unless somebody shows frameworks */
	bool			 found, incomplete;
};

static int32_t
today(void)
{
	return (int32_t)(time(NULL) / 86400);
}

static bool
read_gate(struct judge *j, const struct config *c)
{
	if (c->fail_on == NULL || strcmp(c->fail_on, "never") == 0)
		return true;
	if (strcmp(c->fail_on, "new") == 0) {
		j->gated_new = true;
		if (c->compare != NULL)
			return true;
		fputs("exvet: --fail-on new: expected --compare FILE beside it, or exvet diff\n", stderr);
		return false;
	}
	j->gated = true;
	if (rule_severity_find(c->fail_on, &j->gate))
		return true;
	fprintf(stderr, "exvet: --fail-on %s: expected never, info, low, medium, high or critical\n",
	    c->fail_on);
	return false;
}

/* Operands and -i files: what no output may overwrite; the caller frees it. */
static char **
list_inputs(const struct config *c, char *const *files)
{
	size_t n = 0, k = 0;
	char **all;

	while (files != NULL && files[n] != NULL)
		n++;
	all = text_alloc((n + c->inputs.n + c->imports.n + 4) * sizeof(*all));
	for (size_t i = 0; i < n; i++)
		all[k++] = files[i];
	for (size_t i = 0; i < c->inputs.n; i++)
		all[k++] = c->inputs.v[i];
	for (size_t i = 0; i < c->imports.n; i++)
		all[k++] = c->imports.v[i];
	if (c->compare != NULL)
		all[k++] = c->compare;
	if (c->waivers_file != NULL)
		all[k++] = c->waivers_file;
	if (c->policy_file != NULL && c->book != NULL)
		all[k++] = (char *)(uintptr_t)c->book->path;	/* only read */
	return all;
}

static bool
open_outputs(struct judge *j, char *const *files, int *status)
{
	char **inputs = list_inputs(j->config, files);

	/* A reader that went away is a write error with a message, no signal. */
	(void)signal(SIGPIPE, SIG_IGN);
	j->output = output_open(j->config, &j->run, inputs, status);
	free(inputs);
	return j->output != NULL;
}

static void
judge_free(struct judge *j)
{
	builds_free(j->builds);
	tls_baseline_free(j->baseline);
	judge_waivers_clear(&j->waivers);
	controls_free(j->controls);
	import_free(j->import);
	compare_free(j->compare);
	history_free(j->history);
	free(j->inputs.v);
	checklist_free(j->checklist);
	(void)pthread_mutex_destroy(&j->lock);
	free(j);
}

/* The table of frameworks, when one is asked for or an output shows them. */
static bool
load_controls(struct judge *j, const struct config *c)
{
	char err[CONTROLS_WHY] = "";
	const char *near;

	j->run.framework = c->framework;
	if (c->framework == NULL && output_wants(c, true, false) == NULL)
		return true;
	j->run.controls = j->controls = controls_load(NULL, err);
	if (j->controls == NULL) {
		fprintf(stderr, "exvet: %s\n", err);
		return false;
	}
	if (c->framework == NULL || strcmp(c->framework, "all") == 0 ||
	    controls_find(j->controls, c->framework) != NULL)
		return true;
	near = controls_nearest(j->controls, c->framework);
	fprintf(stderr, "exvet: --framework %s: expected %s%s", c->framework,
	    near != NULL ? near : "all", near != NULL ? "?\n" : "");
	for (size_t i = 0; near == NULL && i < controls_count(j->controls); i++)
		fprintf(stderr, ", %s", controls_framework(j->controls, i)->id);
	fputs(near == NULL ? "\n" : "", stderr);
	return false;
}

static void
take_old(void *arg, const struct report *r)
{
	compare_add(arg, true, r);
}

/* The other run and the trend; what is asked of them must be there. */
static bool
load_past(struct judge *j, const struct config *c)
{
	const struct reporter *wants = output_wants(c, false, true);
	uint64_t bad = 0;

	for (size_t i = 0; i < c->imports.n; i++) {
		if (j->import == NULL)
			j->import = import_new();
		if (!import_file(j->import, c->imports.v[i]))
			return false;
	}
	if (wants != NULL && c->compare == NULL) {
		fprintf(stderr, "exvet: -o %s: expected --compare FILE beside it\n", wants->name);
		return false;
	}
	if (c->compare != NULL) {
		j->run.compare = j->compare = compare_start();
		if (!stored_each(c->compare, j->builds, &j->policy, j->run.as_of, take_old,
		    j->compare, &bad))
			return false;
		j->incomplete |= bad > 0;
	}
	if (c->history == NULL)
		return true;
	j->run.history = j->history = history_load(c->history, j->builds, &j->policy, j->run.as_of);
	return j->history != NULL;
}

/* One without the other is a mistake. */
static bool
load_checklist(struct judge *j, const struct config *c)
{
	bool wanted = output_wants_checklist(c);
	char err[CHECKLIST_WHY];

	if (wanted != (c->checklist != NULL)) {
		fprintf(stderr, "exvet: %s\n", wanted ?
		    "-o checklist: expected --checklist FILE beside it" :
		    "--checklist: expected -o checklist[:FILE] beside it");
		return false;
	}
	if (!wanted)
		return true;
	j->run.checklist = j->checklist = checklist_load(c->checklist, err);
	if (j->checklist == NULL)
		fprintf(stderr, "exvet: %s\n", err);
	return j->checklist != NULL;
}

static void
add_input(struct judge *j, const char *what, const char *path)
{
	struct report_input *in;
	struct stat st;

	if (!output_wants_inputs(j->config))
		return;
	j->inputs.v = text_grow(j->inputs.v, j->inputs.n + 1, sizeof(*j->inputs.v));
	in = &j->inputs.v[j->inputs.n++];
	*in = (struct report_input){
		.what = what, .name = strcmp(path, "-") == 0 ? "standard input" : path,
	};
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		(void)sha256_file(path, in->sha256);
}

/* What else the judgement rests on. */
static void
add_basis(struct judge *j, const struct config *c)
{
	if (j->policy.book != NULL && j->policy.book->path != NULL && j->policy.book->path[0] != '\0')
		add_input(j, "Policy file", j->policy.book->path);
	if (c->compare != NULL)
		add_input(j, "Compared with", c->compare);
	if (c->waivers_file != NULL)
		add_input(j, "Waivers", c->waivers_file);
	for (size_t i = 0; i < c->imports.n; i++)
		add_input(j, "Imported", c->imports.v[i]);
}

struct judge *
judge_open(const struct config *c, char *const *files, bool single, bool no_builds, int *status)
{
	struct judge *j = text_alloc(sizeof(*j));
	struct builds_error err = { "" };

	(void)pthread_mutex_init(&j->lock, NULL);
	j->config = c;
	*status = CMD_USAGE;
	if (!read_gate(j, c)) {
		judge_free(j);
		return NULL;
	}
	j->builds = no_builds && c->table == NULL ? builds_load_head(&err) :
	    builds_load(c->table, c->table != NULL, &err);
	if (j->builds == NULL) {
		fprintf(stderr, "exvet: %s\n", err.text);
		judge_free(j);
		return NULL;
	}
	if (!config_baseline_load(c, builds_path(j->builds), &j->baseline)) {
		judge_free(j);
		return NULL;
	}
	j->policy = c->policy;
	j->policy.baseline = j->baseline;
	j->run = (struct report_run){
		.left = &j->left,
		.builds = j->builds,
		.as_of = c->as_of != BUILDS_NO_DAY ? c->as_of : today(),
		.verbose = (unsigned)c->verbose, .single = single, .policy = &j->policy,
		.config = c, .inputs = &j->inputs,
	};
	if (!load_controls(j, c) || !load_past(j, c) || !load_checklist(j, c)) {
		judge_free(j);
		return NULL;
	}
	judge_waivers_begin(&j->waivers, j->policy.book);
	j->run.waiver_uses = j->waivers.uses;
	if (!open_outputs(j, files, status)) {
		judge_free(j);
		return NULL;
	}
	add_basis(j, c);
	*status = CMD_DONE;
	return j;
}

static void
tell_imports(const struct judge *j)
{
	for (size_t i = 0; j->import != NULL && j->count > 0 && i < import_count(j->import); i++) {
		const struct import_server *s = import_server(j->import, i);

		if (!s->used)
			fprintf(stderr, "exvet: %s: server %s was not met: no name that was seen is its\n",
			    s->file, s->name);
	}
}

static int32_t
day_of(const struct judge *j, const struct result *r)
{
	return j->config->own_day ? stored_day(r, j->run.as_of) : j->run.as_of;
}

static struct judgement *
judge_one(const struct judge *j, const struct result *r)
{
	struct judgement *judged = rule_judge(r, j->builds, &j->policy, day_of(j, r));

	if (j->import != NULL)
		import_apply(j->import, r, j->builds, &j->policy, day_of(j, r), judged);
	return judged;
}

/* The other run was not told by anybody: the network is compared with the network. */
static void
compare_one(struct judge *j, const struct report *r)
{
	struct report seen = *r;
	struct judgement *own = NULL;

	if (j->import != NULL)
		seen.judgement = own = rule_judge(r->result, j->builds, &j->policy, day_of(j, r->result));
	compare_add(j->compare, false, &seen);
	rule_judgement_free(own);
}

/* Under the lock: what a server adds to the run, whatever the outputs do with it. */
static void
count(struct judge *j, const struct report *r)
{
	enum severity worst;

	j->count++;
	j->found |= j->gated && rule_worst(r->judgement, &worst) && worst >= j->gate;
	j->incomplete |= !r->result->finished || !rule_complete(r->judgement);
	judge_waivers_add(&j->waivers, r->result, r->judgement, day_of(j, r->result));
	if (j->compare != NULL)
		compare_one(j, r);
}

void
judge_result(struct judge *j, const struct result *r)
{
	struct report one = { .result = r, .judgement = judge_one(j, r) };

	(void)pthread_mutex_lock(&j->lock);
	output_target(j->output, &one);
	count(j, &one);
	(void)pthread_mutex_unlock(&j->lock);
	rule_judgement_free((struct judgement *)(uintptr_t)one.judgement);	/* ours */
}

void
judge_views(struct judge *j, const struct result *const *results, size_t n)
{
	struct report *v = text_alloc(n * sizeof(*v));
	struct judgement **judged = text_alloc(n * sizeof(struct judgement *));
	struct views *all;

	for (size_t i = 0; i < n; i++) {
		judged[i] = judge_one(j, results[i]);
		v[i] = (struct report){
			.result = results[i], .judgement = judged[i], .views = (unsigned)n,
		};
	}
	all = views_combine(v, n);
	for (size_t i = 0; i < n; i++)
		v[all->order[i]].view = (unsigned)i + 1;
	(void)pthread_mutex_lock(&j->lock);
	for (size_t i = 0; i < n; i++)
		output_view(j->output, &v[all->order[i]]);
	output_server(j->output, &all->report);
	count(j, &all->report);
	(void)pthread_mutex_unlock(&j->lock);
	views_free(all);
	for (size_t i = 0; i < n; i++)
		rule_judgement_free(judged[i]);
	free(judged);
	free(v);
}

void
judge_input(struct judge *j, const char *path)
{
	add_input(j, "Results", path);
}

void
judge_left_out(struct judge *j, const struct report_left *left)
{
	j->left = *left;
}

void
judge_unreadable(struct judge *j, uint64_t n)
{
	(void)pthread_mutex_lock(&j->lock);
	j->incomplete |= n > 0;
	(void)pthread_mutex_unlock(&j->lock);
}

uint64_t
judge_count(struct judge *j)
{
	uint64_t n;

	(void)pthread_mutex_lock(&j->lock);
	n = j->count;
	(void)pthread_mutex_unlock(&j->lock);
	return n;
}

bool
judge_on_terminal(const struct judge *j)
{
	return output_on_terminal(j->output);
}

bool
judge_is_deaf(struct judge *j)
{
	bool deaf;

	(void)pthread_mutex_lock(&j->lock);
	deaf = output_all_failed(j->output);
	(void)pthread_mutex_unlock(&j->lock);
	return deaf;
}

int
judge_close(struct judge *j, uint64_t not_done)
{
	int status = CMD_DONE;
	bool written;

	if (j->compare != NULL)
		compare_finish(j->compare);
	j->found |= j->gated_new && compare_is_worse(j->compare, SEV_INFO);
	written = output_close(j->output, not_done);
	j->found |= judge_waivers_tell(&j->waivers, j->run.as_of, j->count > 0) && !j->config->own_day;
	tell_imports(j);
	if (builds_fault(j->builds) != NULL)
		fprintf(stderr, "exvet: %s\n", builds_fault(j->builds));
	if (!written || builds_fault(j->builds) != NULL)
		status = CMD_BROKEN;
	else if (j->found)
		status = CMD_FAILED;
	else if (j->config->strict && (j->incomplete || not_done > 0))
		status = CMD_INCOMPLETE;
	judge_free(j);
	return status;
}
