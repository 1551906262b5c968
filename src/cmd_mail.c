/*
 * cmd_mail.c - `exvet mail`: builds out of the Received lines of stored mails.
 *
 * Exchange writes its build into the trace line that it adds (RFC 5321 4.4):
 * "by HOST ... with Microsoft SMTP Server (...) id 15.2.1748.39; date", and
 * "with mapi id" for the hop from the mailbox.  No packet is sent.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "builds.h"
#include "cmd.h"
#include "config.h"
#include "judge.h"
#include "obs.h"
#include "result.h"

enum { MAIL_HEAD = 1 << 20, MAIL_HOSTS = 256 };

struct mail {
	struct result	*results[MAIL_HOSTS];
	size_t		 n;
};

/* The result of one host, a new one when it is new; NULL when there are too many. */
static struct result *
result_of(struct mail *m, const char *host)
{
	struct result *r;

	for (size_t i = 0; i < m->n; i++)
		if (text_eq_nocase(m->results[i]->target, host))
			return m->results[i];
	if (m->n == MAIL_HOSTS)
		return NULL;
	r = m->results[m->n++] = result_new();
	free(r->target);
	r->target = text_dup(host);
	free(r->profile);
	r->profile = text_dup("mail");
	free(r->probes);
	r->probes = text_dup("received");
	r->port = 25;
	return r;
}

/* The word after a marker of the line, up to white space or one of the stops. */
static bool
word_after(const char *line, const char *marker, const char *stops, char *out, size_t cap)
{
	const char *p = text_find_nocase(line, strlen(line), marker);
	size_t n = 0;

	if (p == NULL)
		return false;
	p += strlen(marker);
	while (p[n] != '\0' && p[n] != ' ' && p[n] != '\t' && strchr(stops, p[n]) == NULL)
		n++;
	if (n == 0 || n >= cap)
		return false;
	memcpy(out, p, n);
	out[n] = '\0';
	return true;
}

static bool
is_exchange_line(const char *line)
{
	return text_find_nocase(line, strlen(line), " with Microsoft SMTP Server") != NULL ||
	    text_find_nocase(line, strlen(line), " with mapi id ") != NULL;
}

static void
read_line(struct mail *m, const char *file, const char *line)
{
	char host[256], id[64], build[48];
	struct build_number number;
	struct result *r;

	if (!text_starts_nocase(line, "Received:") || !is_exchange_line(line) ||
	    !word_after(line, " by ", "([;", host, sizeof(host)) ||
	    !word_after(line, " id ", ";", id, sizeof(id)) ||
	    !build_number_parse(id, &number) || number.parts != 4 ||
	    (r = result_of(m, host)) == NULL)
		return;
	obs_text(r->obs, FACT_BUILD_RECEIVED, file, "received",
	    build_number_text(&number, build), line);
	if (number.part[0] == 15 && number.part[1] == 20)
		obs_text(r->obs, FACT_MARK_ONLINE, file, "received", "build", line);
	else
		obs_text(r->obs, FACT_MARK, file, "received", "received", line);
}

/* The head of a mail, a header a line: folded lines (RFC 5322 2.2.3) are joined. */
static bool
read_mail(struct mail *m, const char *file)
{
	FILE *f = strcmp(file, "-") == 0 ? stdin : fopen(file, "r");
	struct text_buf line = { 0 };
	char buf[4096];
	size_t total = 0;
	bool ok;

	if (f == NULL) {
		fprintf(stderr, "exvet: %s: %s\n", file, strerror(errno));
		return false;
	}
	while (total < MAIL_HEAD && fgets(buf, sizeof(buf), f) != NULL) {
		bool folded = buf[0] == ' ' || buf[0] == '\t';

		total += strlen(buf);
		buf[strcspn(buf, "\r\n")] = '\0';
		if (!folded && line.len > 0) {
			read_line(m, file, line.s);
			line.len = 0;
		}
		if (buf[0] == '\0')
			break;
		if (folded)
			buf[0] = ' ';
		text_buf_str(&line, buf);
	}
	if (line.len > 0)
		read_line(m, file, line.s);
	ok = ferror(f) == 0;
	if (!ok)
		fprintf(stderr, "exvet: %s: %s\n", file, strerror(errno));
	text_buf_free(&line);
	if (f != stdin)
		(void)fclose(f);
	return ok;
}

int
cmd_mail(const struct config *c, char **args)
{
	struct mail m = { .n = 0 };
	struct judge *j = NULL;
	int status = CMD_USAGE;
	bool ok = args[0] != NULL;

	if (!ok)
		fputs("exvet: mail: expected FILE.eml or - for standard input\n", stderr);
	for (size_t i = 0; ok && args[i] != NULL; i++)
		ok = read_mail(&m, args[i]);
	if (ok && m.n == 0)
		fputs("exvet: mail: no Received line of an Exchange server\n", stderr);
	if (ok && m.n > 0)
		j = judge_open(c, args, m.n == 1, false, &status);
	for (size_t i = 0; i < m.n; i++) {
		if (j != NULL) {
			obs_sort(m.results[i]->obs);
			judge_result(j, m.results[i]);
		}
		result_free(m.results[i]);
	}
	return j != NULL ? judge_close(j, 0) : status;
}
