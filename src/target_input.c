/*
 * target_input.c - the bytes and lines of one input: a file, stdin, memory.
 *
 * Reads as bytes come and never waits for more than it needs, so that a pipe
 * is served line by line.  One buffer per input, whatever its size.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "target_input.h"

enum {
	BUFFER = 65536,		/* holds a line of LIMIT_LIST_LINE many times */
	LONG_HEAD = 64,		/* bytes of an over-long line that are shown */
};
_Static_assert(BUFFER > 2 * LIMIT_LIST_LINE, "a line must fit");

struct target_input {
	int		 fd;		/* -1: memory, or closed */
	bool		 keep;
	char		*name;
	char		*buf;
	size_t		 at, end;	/* what is buffered and not yet consumed */
	bool		 eof, failed, quiet;
	unsigned long	 line;		/* number of the line that at stands in, from 1 */
	uint64_t	 bad;
	char		 head[LONG_HEAD];
	struct target_rules rules;
	struct target_format_state state;
	const char	*memory;	/* what is left of it */
	size_t		 nmemory;
};

static struct target_input *
input_new(int fd, bool keep, const char *name)
{
	struct target_input *in = text_alloc(sizeof(*in));

	in->fd = fd;
	in->keep = keep;
	in->name = text_dup(name);
	in->buf = text_alloc(BUFFER);
	in->line = 1;
	return in;
}

struct target_input *
target_input_open(const char *path)
{
	int fd;

	if (strcmp(path, "-") == 0)
		return target_input_fd(STDIN_FILENO, true, "-");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return fd < 0 ? NULL : target_input_fd(fd, false, path);
}

struct target_input *
target_input_fd(int fd, bool keep, const char *name)
{
	return input_new(fd, keep, strcmp(name, "-") == 0 ? "standard input" : name);
}

struct target_input *
target_input_memory(const void *p, size_t n, const char *name)
{
	struct target_input *in = input_new(-1, true, name);

	in->memory = p;
	in->nmemory = n;
	return in;
}

void
target_input_close(struct target_input *in)
{
	if (in == NULL)
		return;
	target_nmap_free(in->state.nmap);
	target_jsonl_free(in->state.jsonl);
	if (in->fd >= 0 && !in->keep)
		(void)close(in->fd);
	free(in->buf);
	free(in->name);
	free(in);
}

void
target_input_set(struct target_input *in, const struct target_rules *rules, bool quiet)
{
	in->rules = *rules;
	in->quiet = quiet;
}

const struct target_rules *
target_input_rules(const struct target_input *in)
{
	return &in->rules;
}

const char *
target_input_name(const struct target_input *in)
{
	return in->name;
}

unsigned long
target_input_line(const struct target_input *in)
{
	return in->line;
}

uint64_t
target_input_bad_lines(const struct target_input *in)
{
	return in->bad;
}

struct target_format_state *
target_input_state(struct target_input *in)
{
	return &in->state;
}

bool
target_input_failed(const struct target_input *in)
{
	return in->failed;
}

void
target_input_bad(struct target_input *in, unsigned long line, const char *shown, const char *why)
{
	in->bad++;
	if (in->quiet)
		return;
	if (shown == NULL)
		fprintf(stderr, "exvet: %s:%lu: %s\n", in->name, line, why);
	else
		fprintf(stderr, "exvet: %s:%lu: '%s': %s\n", in->name, line, shown, why);
}

void
target_input_unusable(struct target_input *in, const char *reason)
{
	if (!in->failed && !in->quiet)
		fprintf(stderr, "exvet: %s: %s\n", in->name, reason);
	in->failed = in->eof = true;
	in->at = in->end = in->nmemory = 0;
}

static long
read_some(struct target_input *in, void *p, size_t n)
{
	ssize_t got;

	if (in->eof)
		return 0;
	if (in->memory != NULL || in->fd < 0) {
		if (n > in->nmemory)
			n = in->nmemory;
		if (n != 0)
			memcpy(p, in->memory, n);
		in->memory += n;
		in->nmemory -= n;
		in->eof = n == 0;
		return (long)n;
	}
	do
		got = read(in->fd, p, n);
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		target_input_unusable(in, strerror(errno));
		return -1;
	}
	in->eof = got == 0;
	return (long)got;
}

/* More bytes behind what is buffered; false at the end or when full. */
static bool
fill(struct target_input *in)
{
	long got;

	if (in->at > 0) {
		memmove(in->buf, in->buf + in->at, in->end - in->at);
		in->end -= in->at;
		in->at = 0;
	}
	if (in->end == BUFFER)
		return false;
	got = read_some(in, in->buf + in->end, BUFFER - in->end);
	if (got <= 0)
		return false;
	in->end += (size_t)got;
	return true;
}

int
target_input_peek(struct target_input *in, size_t i)
{
	while (in->end - in->at <= i)
		if (!fill(in))
			return -1;
	return (unsigned char)in->buf[in->at + i];
}

void
target_input_skip(struct target_input *in, size_t n)
{
	if (n > in->end - in->at)
		n = in->end - in->at;
	for (const char *p = in->buf + in->at, *stop = p + n;
	    p < stop && (p = memchr(p, '\n', (size_t)(stop - p))) != NULL; p++)
		in->line++;
	in->at += n;
}

long
target_input_read(struct target_input *in, void *p, size_t n)
{
	size_t have = in->end - in->at;

	if (have == 0)
		return in->failed ? -1 : read_some(in, p, n);
	if (n > have)
		n = have;
	memcpy(p, in->buf + in->at, n);
	in->at += n;
	return (long)n;
}

size_t
target_input_view(struct target_input *in, const char **p)
{
	if (in->at == in->end)
		(void)fill(in);
	*p = in->buf + in->at;
	return in->end - in->at;
}

/* Drop the line that at stands in; its start stays in head. */
static enum target_line
skip_long(struct target_input *in, const char **p, size_t *n)
{
	const char *nl = NULL;

	memcpy(in->head, in->buf + in->at, LONG_HEAD);
	do {
		nl = memchr(in->buf + in->at, '\n', in->end - in->at);
		in->at = nl != NULL ? (size_t)(nl - in->buf) + 1 : in->end;
	} while (nl == NULL && fill(in));
	in->line++;
	*p = in->head;
	*n = LONG_HEAD;
	return TARGET_LINE_LONG;
}

enum target_line
target_input_next_line(struct target_input *in, const char **p, size_t *n)
{
	const char *nl;
	size_t looked = 0;

	for (;;) {
		size_t have = in->end - in->at;

		nl = have > looked ? memchr(in->buf + in->at + looked, '\n', have - looked) : NULL;
		if (nl != NULL || have > LIMIT_LIST_LINE)
			break;
		looked = have;
		if (!fill(in))
			break;
	}
	*n = (nl != NULL ? (size_t)(nl - in->buf) : in->end) - in->at;
	if (*n > LIMIT_LIST_LINE)
		return skip_long(in, p, n);
	if (nl == NULL && *n == 0)
		return TARGET_LINE_END;
	*p = in->buf + in->at;
	in->at += *n + (nl != NULL);
	in->line++;
	if (*n > 0 && (*p)[*n - 1] == '\r')
		--*n;
	return TARGET_LINE;
}
