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
#include <time.h>

#include "base/text.h"
#include "cmd.h"
#include "config.h"
#include "config_baseline.h"
#include "controls.h"
#include "judge.h"
#include "output.h"
#include "report.h"
#include "tls_baseline.h"

struct judge {
	const struct config	*config;
	struct builds		*builds;
	struct tls_baseline	*baseline;
	struct policy		 policy;
	struct report_run	 run;
	struct output		*output;
	bool			 gated;		/* --fail-on names a severity */
	enum severity		 gate;
	pthread_mutex_t		 lock;		/* of what follows, and of output */
	uint64_t		 count;
	uint64_t		*waiver_uses;	/* by waiver of the policy */
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
	all = text_alloc((n + c->inputs.n + 1) * sizeof(*all));
	for (size_t i = 0; i < n; i++)
		all[k++] = files[i];
	for (size_t i = 0; i < c->inputs.n; i++)
		all[k++] = c->inputs.v[i];
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
	free(j->waiver_uses);
	controls_free(j->controls);
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
	if (c->framework == NULL && !output_wants_controls(c))
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

struct judge *
judge_open(const struct config *c, char *const *files, bool single, int *status)
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
	j->builds = builds_load(c->table, c->table != NULL, &err);
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
		.builds = j->builds,
		.as_of = c->as_of != BUILDS_NO_DAY ? c->as_of : today(),
		.verbose = (unsigned)c->verbose, .single = single, .policy = &j->policy,
		.config = c,
	};
	if (!load_controls(j, c)) {
		judge_free(j);
		return NULL;
	}
	if (j->policy.book != NULL && j->policy.book->nwaivers > 0)
		j->run.waiver_uses = j->waiver_uses =
		    text_alloc(j->policy.book->nwaivers * sizeof(*j->waiver_uses));
	if (!open_outputs(j, files, status)) {
		judge_free(j);
		return NULL;
	}
	*status = CMD_DONE;
	return j;
}

static void
count_waivers(struct judge *j, const struct judgement *judged)
{
	for (size_t i = 0; j->waiver_uses != NULL && i < judged->nfindings; i++)
		if (judged->findings[i].waiver != NULL)
			j->waiver_uses[judged->findings[i].waiver - j->policy.book->waivers]++;
}

/* A waiver that waives nothing is a mistake, or not needed any more. */
static void
tell_waivers(const struct judge *j)
{
	const struct policy_book *b = j->policy.book;

	for (size_t i = 0; j->waiver_uses != NULL && j->count > 0 && i < b->nwaivers; i++)
		if (j->waiver_uses[i] == 0 && j->run.as_of <= b->waivers[i].until)
			fprintf(stderr, "exvet: %s: waiver %s matches nothing: no finding of %s on %s\n",
			    b->waivers[i].where, b->waivers[i].name, b->waivers[i].rule,
			    b->waivers[i].scope.targets);
}

void
judge_result(struct judge *j, const struct result *r)
{
	struct judgement *judged = rule_judge(r, j->builds, &j->policy, j->run.as_of);
	enum severity worst;
	bool found = j->gated && rule_worst(judged, &worst) && worst >= j->gate;
	bool incomplete = !r->finished || !rule_complete(judged);

	(void)pthread_mutex_lock(&j->lock);
	output_target(j->output, &(struct report){ .result = r, .judgement = judged });
	j->count++;
	count_waivers(j, judged);
	j->found |= found;
	j->incomplete |= incomplete;
	(void)pthread_mutex_unlock(&j->lock);
	rule_judgement_free(judged);
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
	bool written = output_close(j->output, not_done);
	int status = CMD_DONE;

	tell_waivers(j);
	if (!written)
		status = CMD_BROKEN;
	else if (j->found)
		status = CMD_FAILED;
	else if (j->config->strict && (j->incomplete || not_done > 0))
		status = CMD_INCOMPLETE;
	judge_free(j);
	return status;
}
