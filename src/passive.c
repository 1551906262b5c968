/* passive.c - a stream that ends at the API of Icinga 2. */
#include "config-build.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "config.h"
#include "net/post.h"
#include "passive.h"

enum { SECRET_MAX = 1024 };

struct passive {
	struct post	*post;
	struct text_buf	 line;
	char		*url;
};

/* ---- who we are ---- */

/*
 * systemd hands credentials over in a folder that only the service enters, the
 * files there with an access list that shows as a group's right to read.
 */
static bool
is_handed_over(const char *path)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	return folder != NULL && folder[0] == '/' && text_starts(path, folder) &&
	    path[strlen(folder)] == '/';
}

static bool
is_private(const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		fprintf(stderr, "exvet: %s: not a file, expected one with USER:PASSWORD\n", path);
		return false;
	}
	if ((st.st_mode & (is_handed_over(path) ? 037 : 077)) == 0)
		return true;
	fprintf(stderr, "exvet: %s: mode %04o lets others at the password, expected 0600\n", path,
	    (unsigned)(st.st_mode & 07777));
	return false;
}

static bool
split(char *secret, char **user, char **password)
{
	char *colon = strchr(secret, ':');

	secret[strcspn(secret, "\r\n")] = '\0';
	if (colon == NULL || colon == secret || colon[1] == '\0')
		return false;
	*user = text_dup_n(secret, (size_t)(colon - secret));
	*password = text_dup(colon + 1);
	return true;
}

static bool
read_file(const char *path, char **user, char **password)
{
	char secret[SECRET_MAX + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	bool good;

	if (fd < 0) {
		fprintf(stderr, "exvet: %s: %s\n", path, strerror(errno));
		return false;
	}
	if (!is_private(path, fd)) {
		(void)close(fd);
		return false;
	}
	n = read(fd, secret, SECRET_MAX);
	(void)close(fd);
	secret[n > 0 ? n : 0] = '\0';
	good = split(secret, user, password);
	if (!good)
		fprintf(stderr, "exvet: %s: expected USER:PASSWORD in the first line\n", path);
	memset(secret, 0, sizeof(secret));
	return good;
}

static bool
read_credentials(const struct config *c, char **user, char **password)
{
	const char *u = getenv("EXVET_ICINGA_USER"), *p = getenv("EXVET_ICINGA_PASSWORD");

	if (c->icinga.credentials != NULL)
		return read_file(c->icinga.credentials, user, password);
	if (u == NULL || p == NULL || u[0] == '\0' || p[0] == '\0') {
		fputs("exvet: -o icinga: no user, expected --icinga-credentials FILE, or "
		    "EXVET_ICINGA_USER and EXVET_ICINGA_PASSWORD in the environment\n", stderr);
		return false;
	}
	*user = text_dup(u);
	*password = text_dup(p);
	return true;
}

/* ---- the stream ---- */

static ssize_t
on_write(void *arg, const char *bytes, size_t n)
{
	struct passive *p = arg;

	for (size_t at = 0; at < n; ) {
		const char *nl = memchr(bytes + at, '\n', n - at);
		size_t end = nl != NULL ? (size_t)(nl - bytes) : n;

		text_buf_add(&p->line, bytes + at, end - at);
		at = end + (nl != NULL);
		if (nl == NULL || p->line.len == 0)
			continue;
		post_add(p->post, p->line.s);
		p->line = (struct text_buf){ 0 };
	}
	return (ssize_t)n;
}

static int
on_close(void *arg)
{
	struct passive *p = arg;
	struct post_outcome o;

	post_close(p->post, &o);
	if (o.failed > 0)
		fprintf(stderr, "exvet: %s: %" PRIu64 " of %" PRIu64 " results did not arrive, the "
		    "first: %s\n", p->url, o.failed, o.failed + o.sent, o.why);
	text_buf_free(&p->line);
	free(p->url);
	free(p);
	errno = EIO;
	return o.failed > 0 ? -1 : 0;
}

/* https alone: the password goes over it; and it does not stand in the URL, which ps shows. */
static bool
is_fit(const char *url)
{
	const char *host = text_starts_nocase(url, "https://") ? url + strlen("https://") : NULL;

	if (host != NULL && *host != '\0' && *host != '/' && strchr(url, '@') == NULL)
		return true;
	fputs("exvet: -o icinga: expected icinga:https://HOST:5665, the user not in it\n", stderr);
	return false;
}

FILE *
passive_open(const struct config *c, const char *url)
{
	cookie_io_functions_t io = { .write = on_write, .close = on_close };
	char *user = NULL, *password = NULL, *full;
	size_t n = strlen(url);
	struct passive *p;
	FILE *f = NULL;

	if (!is_fit(url) || !read_credentials(c, &user, &password))
		return NULL;
	while (n > 0 && url[n - 1] == '/')
		n--;
	full = text_printf("%.*s/v1/actions/process-check-result", (int)n, url);
	p = text_alloc(sizeof(*p));
	p->url = text_dup(url);
	p->post = post_open(&(struct post_options){ .url = full, .user = user,
	    .password = password, .ca_file = c->icinga.ca_file, .user_agent = c->user_agent });
	if (p->post != NULL)
		f = fopencookie(p, "w", io);
	else
		fprintf(stderr, "exvet: %s: the HTTP library refuses it\n", url);
	if (f == NULL) {
		free(p->url);
		free(p);
	}
	memset(password, 0, strlen(password));
	free(password);
	free(user);
	free(full);
	return f;
}
