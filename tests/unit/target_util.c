/* target_util.c - what the tests of the target stream share. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "target_input.h"
#include "target_util.h"

static FILE *caught;
static int kept = -1;
static char text[1 << 20];

void
util_catch(void)
{
	(void)fflush(stderr);
	caught = tmpfile();
	kept = dup(STDERR_FILENO);
	if (caught == NULL || kept < 0 || dup2(fileno(caught), STDERR_FILENO) < 0)
		abort();
}

const char *
util_caught(void)
{
	(void)fflush(stderr);
	if (kept >= 0) {
		(void)dup2(kept, STDERR_FILENO);
		(void)close(kept);
		kept = -1;
		rewind(caught);
		text[fread(text, 1, sizeof(text) - 1, caught)] = '\0';
		(void)fclose(caught);
	}
	return text;
}

char *
util_file(const void *p, size_t n)
{
	char *path = text_dup("/tmp/exvet-target-XXXXXX");
	int fd = mkstemp(path);

	if (fd < 0 || (n != 0 && write(fd, p, n) != (ssize_t)n) || close(fd) != 0)
		abort();
	return path;
}

void
util_remove(char *path)
{
	(void)unlink(path);
	free(path);
}

char *
util_drain(struct target_source *s)
{
	struct text_buf b = { 0 };
	struct target t;
	int rc;

	text_buf_str(&b, "");
	while ((rc = target_next(s, &t)) != 0) {
		if (rc < 0) {
			text_buf_str(&b, "failed\n");
			continue;
		}
		text_buf_printf(&b, "%s %s%s%s\n", t.text, t.tag, t.name != NULL ? " " : "",
		    t.name != NULL ? t.name : "");
		target_clear(&t);
	}
	return b.s;
}

char *
util_list(const struct config *c, const void *p, size_t n)
{
	struct target_source *s = target_open_memory(c, p, n, "list", false);
	char *out;

	util_catch();
	out = util_drain(s);
	(void)util_caught();
	target_close(s);
	return out;
}
