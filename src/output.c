/*
 * output.c - opens the -o FORMAT[:FILE] list, feeds each reporter, and makes
 * sure that what was gathered is on disk.
 */
#include "config-build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "config.h"
#include "output.h"
#include "passive.h"

/* One reporter and the file that it writes to. */
struct sink {
	const struct reporter	*reporter;
	void			*state;
	struct report_run	 run;
	FILE			*f;
	char			*name;		/* for messages */
	char			*path;		/* NULL: standard output */
	char			*temp;		/* written to, renamed to path at the end */
	bool			 regular;
	bool			 fresh;		/* this run made the file */
	off_t			 whole;		/* bytes of whole pieces on disk */
	bool			 failed;
};

struct output {
	struct sink	*v;
	size_t		 n;
};

/* ---- what the user asked for ---- */

static bool
complain_format(const char *spec)
{
	fprintf(stderr, "exvet: -o %s: unknown format, expected FORMAT[:FILE] with one of", spec);
	for (size_t i = 0; report_table[i] != NULL; i++)
		fprintf(stderr, "%s %s", i > 0 ? "," : "", report_table[i]->name);
	fputc('\n', stderr);
	return false;
}

static bool
sink_parse(struct sink *s, const char *spec)
{
	size_t n = strcspn(spec, ":");
	char *format = text_dup_n(spec, n);

	s->reporter = report_find(format);
	free(format);
	if (s->reporter == NULL)
		return complain_format(spec);
	if (spec[n] == ':' && spec[n + 1] == '\0') {
		fprintf(stderr, "exvet: -o %s: expected a file name after the colon\n", spec);
		return false;
	}
	if (spec[n] == ':' && strcmp(spec + n, ":-") != 0)
		s->path = text_dup(spec + n + 1);
	if (s->reporter->remote && s->path == NULL) {
		fprintf(stderr, "exvet: -o %s: expected %s:URL\n", spec, s->reporter->name);
		return false;
	}
	s->name = text_dup(s->path != NULL ? s->path : "standard output");
	return true;
}

static bool
is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	if (strcmp(a, b) == 0)
		return true;
	return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) &&
	    x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool
is_free_path(const struct output *o, const struct sink *s, char *const *inputs)
{
	for (const struct sink *k = o->v; k < s; k++)
		if (s->path == NULL ? k->path == NULL :
		    k->path != NULL && is_same_file(k->path, s->path)) {
			fprintf(stderr, "exvet: -o: two formats cannot share %s\n", s->name);
			return false;
		}
	for (size_t i = 0; s->path != NULL && inputs != NULL && inputs[i] != NULL; i++) {
		const char *in = inputs[i][0] == '@' ? inputs[i] + 1 : inputs[i];

		if (is_same_file(in, s->path)) {
			fprintf(stderr, "exvet: -o: %s is read by this run and would be overwritten\n",
			    s->name);
			return false;
		}
	}
	return true;
}

/* ---- opening ---- */

static bool
sink_complain(const struct sink *s, int error)
{
	fprintf(stderr, "exvet: %s: %s\n", s->name, strerror(error));
	return false;
}

/*
 * A file that appears whole is written beside its final place, under a name of
 * our own, with the mode that the umask gives.
 */
static int
open_temp(struct sink *s)
{
	char *real = realpath(s->path, NULL);	/* through a link, to what it names */
	const char *slash;
	int fd = -1;

	if (real != NULL) {
		free(s->path);
		s->path = real;
		if (access(s->path, W_OK) != 0)
			return -1;
	}
	slash = strrchr(s->path, '/');
	slash = slash != NULL ? slash + 1 : s->path;
	for (int i = 0; i < 100 && fd < 0; i++) {
		free(s->temp);
		s->temp = text_printf("%.*s.%s.%ld-%d.tmp", (int)(slash - s->path), s->path,
		    slash, (long)getpid(), i);
		fd = open(s->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd < 0) {
		free(s->temp);
		s->temp = NULL;
	}
	return fd;
}

static int
open_path(struct sink *s)
{
	struct stat st;
	bool there = stat(s->path, &st) == 0;

	s->regular = !there || S_ISREG(st.st_mode);
	s->fresh = !there;
	if (s->regular && !s->reporter->streams)
		return open_temp(s);
	/* Emptied only when every output could be opened. */
	return open(s->path, O_WRONLY | (there ? 0 : O_CREAT) | O_CLOEXEC, 0666);
}

static bool
wants_color(const char *when, bool terminal)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	const char *force = getenv("CLICOLOR_FORCE");

	if (when != NULL && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	if (no != NULL && no[0] != '\0')
		return false;
	if (force != NULL && force[0] != '\0' && strcmp(force, "0") != 0)
		return true;
	return terminal && term != NULL && strcmp(term, "dumb") != 0;
}

static unsigned
terminal_width(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* No file, no terminal: the stream of a server. */
static bool
sink_connect(struct sink *s, const struct config *c, const struct report_run *run)
{
	s->f = passive_open(c, s->path);
	s->run = *run;
	s->state = text_alloc(s->reporter->state_size);
	return s->f != NULL;
}

static bool
sink_open(struct sink *s, const struct config *c, const struct report_run *run)
{
	int fd = s->path != NULL ? open_path(s) : fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	bool terminal;

	if (fd < 0)
		return sink_complain(s, errno);
	s->f = fdopen(fd, "w");
	if (s->f == NULL) {
		(void)close(fd);
		return sink_complain(s, errno);
	}
	terminal = isatty(fd) == 1;
	s->run = *run;
	s->run.color = wants_color(c->color, terminal);
	s->run.width = terminal ? terminal_width(fd) : 0;
	s->state = text_alloc(s->reporter->state_size);
	return true;
}

/* ---- closing and failing ---- */

static void
sink_free(struct sink *s)
{
	if (s->f != NULL)
		(void)fclose(s->f);
	if (s->state != NULL && s->reporter->clear != NULL)
		s->reporter->clear(s->state);
	free(s->state);
	free(s->name);
	free(s->path);
	free(s->temp);
}

/* Nothing was written yet: leave no trace. */
static void
sink_abandon(struct sink *s)
{
	if (s->temp != NULL)
		(void)unlink(s->temp);
	else if (s->f != NULL && s->path != NULL && s->fresh)
		(void)unlink(s->path);
	sink_free(s);
}

/*
 * The first failure speaks, and the file keeps what is whole: a streaming file
 * loses a torn last line, an unfinished other file keeps its temporary name.
 */
static void
sink_fail(struct sink *s, int error)
{
	int fd = s->f != NULL && s->path != NULL && s->regular && s->temp == NULL ?
	    dup(fileno(s->f)) : -1;
	struct stat st;

	s->failed = true;
	if (!s->reporter->remote)		/* which has spoken itself */
		(void)sink_complain(s, error != 0 ? error : EIO);
	if (s->f != NULL)
		(void)fclose(s->f);
	s->f = NULL;
	if (fd >= 0) {
		if (ftruncate(fd, s->whole) != 0)
			(void)sink_complain(s, errno);
		(void)close(fd);
	}
	if (s->temp == NULL)
		return;
	if (stat(s->temp, &st) == 0 && st.st_size == 0)
		(void)unlink(s->temp);
	else
		fprintf(stderr, "exvet: %s: what was written is kept as %s\n", s->name, s->temp);
}

/* After each piece: did it arrive? */
static void
sink_check(struct sink *s)
{
	int error = errno;

	if (ferror(s->f)) {
		sink_fail(s, error);
		return;
	}
	if (!s->reporter->streams && s->run.width == 0)
		return;
	if (fflush(s->f) != 0)
		sink_fail(s, errno);
	else if (s->path != NULL && s->regular)
		s->whole = ftello(s->f);
}

static void
sink_close(struct sink *s, uint64_t not_done)
{
	FILE *f = s->f;

	if (s->failed)
		return;
	s->run.not_done = not_done;
	errno = 0;
	if (s->reporter->end != NULL)
		s->reporter->end(s->state, f, &s->run);
	if (ferror(f) || fflush(f) != 0 || (s->temp != NULL && fsync(fileno(f)) != 0)) {
		sink_fail(s, errno);
		return;
	}
	s->f = NULL;
	if (fclose(f) != 0 || (s->temp != NULL && rename(s->temp, s->path) != 0))
		sink_fail(s, errno);
}

/* ---- the list ---- */

static struct output *
give_up(struct output *o, int why, int *status)
{
	for (size_t i = 0; i < o->n; i++)
		sink_abandon(&o->v[i]);
	free(o->v);
	free(o);
	*status = why;
	return NULL;
}

static void
sink_begin(struct sink *s)
{
	if (s->path != NULL && s->regular && s->temp == NULL && ftruncate(fileno(s->f), 0) != 0) {
		sink_fail(s, errno);
		return;
	}
	errno = 0;
	if (s->reporter->begin != NULL)
		s->reporter->begin(s->state, s->f, &s->run);
	sink_check(s);
}

struct output *
output_open(const struct config *c, const struct report_run *run, char *const *inputs,
    int *status)
{
	static const char *const usual[] = { "text" };
	struct output *o = text_alloc(sizeof(*o));
	const char *const *specs = c->outputs.n > 0 ? (const char *const *)c->outputs.v : usual;

	o->n = c->outputs.n > 0 ? c->outputs.n : 1;
	o->v = text_alloc(o->n * sizeof(*o->v));
	for (size_t i = 0; i < o->n; i++)
		if (!sink_parse(&o->v[i], specs[i]) || !is_free_path(o, &o->v[i], inputs))
			return give_up(o, 2, status);
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].reporter->remote ? !sink_connect(&o->v[i], c, run) :
		    !sink_open(&o->v[i], c, run))
			return give_up(o, o->v[i].reporter->remote ? 2 : 4, status);
	for (size_t i = 0; i < o->n; i++)
		sink_begin(&o->v[i]);
	return o;
}

/* The reporter of one -o FORMAT[:FILE]; NULL when there is none. */
static const struct reporter *
reporter_of(const char *spec)
{
	char *format = text_dup_n(spec, strcspn(spec, ":"));
	const struct reporter *r = report_find(format);

	free(format);
	return r;
}

const struct reporter *
output_wants(const struct config *c, bool controls, bool compare)
{
	for (size_t i = 0; i < c->outputs.n; i++) {
		const struct reporter *r = reporter_of(c->outputs.v[i]);

		if (r != NULL && ((controls && r->wants_controls) || (compare && r->wants_compare)))
			return r;
	}
	return NULL;
}

static bool
is_any(const struct config *c, bool inputs, bool checklist)
{
	for (size_t i = 0; i < c->outputs.n; i++) {
		const struct reporter *r = reporter_of(c->outputs.v[i]);

		if (r != NULL && ((inputs && r->wants_inputs) || (checklist && r->wants_checklist)))
			return true;
	}
	return false;
}

bool
output_wants_inputs(const struct config *c)
{
	return is_any(c, true, false);
}

bool
output_wants_checklist(const struct config *c)
{
	return is_any(c, false, true);
}

static void
sink_target(struct sink *s, const struct report *report)
{
	if (s->failed)
		return;
	errno = 0;
	s->reporter->target(s->state, s->f, &s->run, report);
	sink_check(s);
}

void
output_target(struct output *o, const struct report *report)
{
	for (size_t i = 0; i < o->n; i++)
		sink_target(&o->v[i], report);
}

void
output_view(struct output *o, const struct report *report)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].reporter->every_view)
			sink_target(&o->v[i], report);
}

void
output_server(struct output *o, const struct report *report)
{
	for (size_t i = 0; i < o->n; i++)
		if (!o->v[i].reporter->every_view)
			sink_target(&o->v[i], report);
}

bool
output_failed(const struct output *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].failed)
			return true;
	return false;
}

bool
output_all_failed(const struct output *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (!o->v[i].failed)
			return false;
	return true;
}

bool
output_on_terminal(const struct output *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].run.width != 0 && !o->v[i].failed)
			return true;
	return false;
}

bool
output_close(struct output *o, uint64_t not_done)
{
	bool whole;

	if (o == NULL)
		return true;
	for (size_t i = 0; i < o->n; i++)
		sink_close(&o->v[i], not_done);
	whole = !output_failed(o);
	for (size_t i = 0; i < o->n; i++)
		sink_free(&o->v[i]);
	free(o->v);
	free(o);
	return whole;
}
