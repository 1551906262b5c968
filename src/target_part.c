/*
 * target_part.c - one file, pipe or piece of memory among the inputs: opened
 * early, so that a mistake is told before the first packet, and read once or
 * twice.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "target_input.h"

static bool
told(const char *name, const char *reason)
{
	fprintf(stderr, "exvet: %s: %s\n", name, reason);
	return false;
}

bool
target_part_file(struct target_part *p, const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *name = is_stdin ? "standard input" : path[0] != '\0' ? path : "''";
	struct stat st;

	p->path = text_dup(path);
	p->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (p->fd < 0 || fstat(p->fd, &st) != 0)
		return told(name, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return told(name, "is a directory, expected a file");
	p->stream = !S_ISREG(st.st_mode);
	if (p->stream)
		return true;
	if (is_stdin) {
		p->start = lseek(p->fd, 0, SEEK_CUR);
	} else {
		(void)close(p->fd);
		p->fd = -1;
	}
	return true;
}

struct target_input *
target_part_open(const struct target_part *p)
{
	if (p->memory != NULL)
		return target_input_memory(p->memory, p->nmemory, p->path);
	if (p->fd < 0)
		return target_input_open(p->path);
	if (!p->stream)
		(void)lseek(p->fd, p->start, SEEK_SET);
	return target_input_fd(p->fd, true, p->path);
}

bool
target_part_spool(struct target_part *p)
{
	FILE *f = tmpfile();
	char buf[65536];
	ssize_t got = 0;
	bool ok = f != NULL;

	while (ok && (got = read(p->fd, buf, sizeof(buf))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		ok = got > 0 && fwrite(buf, 1, (size_t)got, f) == (size_t)got;
	}
	ok = ok && fflush(f) == 0;
	if (p->fd != STDIN_FILENO)
		(void)close(p->fd);
	p->fd = ok ? fcntl(fileno(f), F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1;
	if (p->fd < 0)
		ok = told(strcmp(p->path, "-") == 0 ? "standard input" : p->path, strerror(errno));
	p->stream = false;
	p->start = 0;
	if (f != NULL)
		(void)fclose(f);
	return ok;
}

int64_t
target_part_size(const struct target_part *p)
{
	struct stat st;

	if ((p->fd < 0 ? stat(p->path, &st) : fstat(p->fd, &st)) != 0)
		return INT64_MAX;
	return st.st_size;
}

void
target_part_clear(struct target_part *p)
{
	if (p->fd > STDIN_FILENO)
		(void)close(p->fd);
	free(p->path);
	free(p->spec);
}
