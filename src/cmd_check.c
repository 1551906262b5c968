/*
 * cmd_check.c - `check_exchange', the monitoring plugin: one line, in time.
 *
 * Standard error stays empty, for Icinga 2 appends it to the output: whatever
 * is written there meanwhile becomes the text of an UNKNOWN.
 */
#include "config-build.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/escape.h"
#include "check_extra_opts.h"
#include "check_guard.h"
#include "check_line.h"
#include "check_run.h"
#include "cmd.h"
#include "config.h"

enum { LONG_MAX_BYTES = 7500 };		/* below 8 kB with the first line: Nagios cuts at 16 */

struct check {
	struct check_args	 args;
	struct config		 config;
	struct check_terms	 terms;
	struct check_guard	*guard;
	int			 kept, said;	/* our standard error, and what is written to it */
	struct text_buf		 out;
};

/* ---- standard error ---- */

static void
hush(struct check *k)
{
	int ends[2];

	k->kept = k->said = -1;
	if (pipe(ends) != 0)
		return;
	for (int i = 0; i < 2; i++) {
		(void)fcntl(ends[i], F_SETFL, O_NONBLOCK);
		(void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	}
	k->kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	(void)dup2(ends[1], STDERR_FILENO);
	(void)close(ends[1]);
	k->said = ends[0];
}

/* The first line of what was said, without our name before it; owned. */
static char *
heard(struct check *k)
{
	char text[1024];
	ssize_t n;
	char *line;

	(void)fflush(stderr);
	n = k->said >= 0 ? read(k->said, text, sizeof(text) - 1) : 0;
	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	line = text_starts(text, "exvet: ") ? text + strlen("exvet: ") : text;
	return text_dup(line[0] != '\0' ? line : "internal error");
}

/* A sanitizer's last words are for whoever looks. */
static void
unhush(struct check *k)
{
	if (k->kept >= 0) {
		(void)dup2(k->kept, STDERR_FILENO);
		(void)close(k->kept);
	}
	if (k->said >= 0)
		(void)close(k->said);
}

/* ---- what is printed ---- */

static int
say(struct check *k, enum check_state state)
{
	if (k->guard != NULL)
		check_guard_speak(k->guard);
	if (k->out.s != NULL && fwrite(k->out.s, 1, k->out.len, stdout) != k->out.len)
		return CHECK_UNKNOWN;
	return fflush(stdout) == 0 ? (int)state : CHECK_UNKNOWN;
}

static int
fail(struct check *k, bool usage)
{
	char *why = heard(k);

	text_buf_free(&k->out);
	text_buf_str(&k->out, "EXCHANGE UNKNOWN - ");
	escape_plugin(&k->out, why);
	text_buf_str(&k->out, "\n");
	if (usage)
		text_buf_str(&k->out, "Usage: check_exchange -H HOST [-I ADDR] [-p PORT] [-t SECONDS] "
		    "[-w RANGE]\n    [-c RANGE] [-C DAYS[,DAYS]] [--checks GROUP,...]; more with --help\n");
	free(why);
	return say(k, CHECK_UNKNOWN);
}

static int
help(struct check *k)
{
	if (k->config.version) {
		printf("check_exchange v%s (exvet)\n", PACKAGE_VERSION);
		(void)cmd_version();
	}
	(void)fflush(stdout);
	return CHECK_UNKNOWN;
}

/* The worst of several addresses speaks; a tie is the first's. */
static size_t
worst_of(const struct check_verdict *v, size_t n)
{
	size_t worst = 0;

	for (size_t i = 1; i < n; i++)
		if (v[i].state != v[worst].state &&
		    check_state_worse(v[i].state, v[worst].state) == v[i].state)
			worst = i;
	return worst;
}

static void
print_reports(struct check *k, const struct report_run *run, const struct report *r,
    const struct check_verdict *v, size_t n)
{
	const char *host = k->config.check.host != NULL ? k->config.check.host :
	    k->config.check.address;
	size_t worst = worst_of(v, n), cap = k->terms.verbose >= 2 ? 0 : LONG_MAX_BYTES / n;

	text_buf_printf(&k->out, "EXCHANGE %s - ", check_state_name(v[worst].state));
	if (n > 1)
		text_buf_printf(&k->out, "%s of %zu addresses, ", r[worst].result->address, n);
	check_line_summary(&k->out, host, run, &r[worst], &v[worst]);
	text_buf_str(&k->out, " | ");
	check_line_perfdata(&k->out, &k->terms, &v[worst]);
	text_buf_str(&k->out, "\n");
	for (size_t i = 0; i < n; i++) {
		if (n > 1)
			text_buf_printf(&k->out, "%s: %s\n", r[i].result->address,
			    check_state_name(v[i].state));
		check_line_long(&k->out, &k->terms, &r[i], &v[i], cap);
	}
}

/* ---- the check ---- */

static int32_t
day_of(const struct config *c)
{
	return c->as_of != BUILDS_NO_DAY ? c->as_of : (int32_t)(time(NULL) / 86400);
}

static int
judge(struct check *k, const struct check_run *run, const struct builds *builds)
{
	struct report_run about = { .builds = builds, .as_of = day_of(&k->config),
		.policy = &k->config.policy, .single = true, .config = &k->config };
	struct report *r = text_alloc(run->n * sizeof(*r));
	struct check_verdict *v = text_alloc(run->n * sizeof(*v));
	struct judgement **j = text_alloc(run->n * sizeof(*j));
	int status;

	k->terms.signalled = run->signalled;
	for (size_t i = 0; i < run->n; i++) {
		j[i] = rule_judge(run->v[i], builds, &k->config.policy, about.as_of);
		r[i] = (struct report){ .result = run->v[i], .judgement = j[i] };
		check_judge(&k->terms, &about, &r[i], &v[i]);
	}
	print_reports(k, &about, r, v, run->n);
	status = say(k, v[worst_of(v, run->n)].state);
	for (size_t i = 0; i < run->n; i++) {
		check_judge_clear(&v[i]);
		rule_judgement_free(j[i]);
	}
	free(j);
	free(v);
	free(r);
	return status;
}

/* The table is read after the packets: it is not needed before. */
static int
scan_and_judge(struct check *k)
{
	struct builds_error err = { "" };
	struct builds *builds = NULL;
	struct check_run run;
	int status;

	if (!check_run(&run, &k->config, k->guard) || run.n == 0) {
		check_run_free(&run);
		return fail(k, false);
	}
	builds = builds_load(k->config.table, k->config.table != NULL, &err);
	if (builds == NULL) {
		fprintf(stderr, "exvet: %s\n", err.text);
		status = fail(k, false);
	} else
		status = judge(k, &run, builds);
	builds_free(builds);
	check_run_free(&run);
	return status;
}

static bool
has_target(const struct config *c, char **operands)
{
	if (operands[0] != NULL)
		fprintf(stderr, "exvet: %s: no operand is expected; the server is given by -H\n",
		    operands[0]);
	else if (c->check.extra_opts != NULL)	/* no option may be read past in silence */
		fputs("exvet: --extra-opts: expected on the command line, and in full\n", stderr);
	else if (c->check.host == NULL && c->check.address == NULL)
		fputs("exvet: no server, expected -H HOST\n", stderr);
	else if (!c->check.sni)
		fputs("exvet: --no-sni: the server's name is always sent\n", stderr);
	else
		return true;
	return false;
}

static int
check(struct check *k, int argc, char **argv, int64_t began)
{
	char **operands;
	bool done = false;
	int status;

	if (!check_extra_opts(&k->args, argc, argv) ||
	    !config_load(&k->config, CONFIG_CHECK, k->args.n, k->args.v, &operands, &done))
		return fail(k, true);
	if (done)
		status = help(k);
	else if (!has_target(&k->config, operands))
		status = fail(k, true);
	else {
		check_terms_read(&k->terms, &k->config);
		k->terms.budget = (double)k->config.check.timeout_ms / 1000;
		k->guard = check_guard_new(k->config.check.timeout_ms, clock_ms() - began,
		    (int)k->terms.timeout_result);
		status = k->guard != NULL ? scan_and_judge(k) : fail(k, false);
	}
	config_free(&k->config);
	return status;
}

int
cmd_check(int argc, char **argv)
{
	struct check k = { .kept = -1, .said = -1 };
	int64_t began = clock_ms();
	sigset_t set;
	int status;

	text_oom_status = CHECK_UNKNOWN;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	hush(&k);
	check_guard_options();
	status = check(&k, argc, argv, began);
	check_guard_free(k.guard);
	check_extra_opts_free(&k.args);
	text_buf_free(&k.out);
	unhush(&k);
	return status;
}
