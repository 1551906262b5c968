/* checklist.c - a user's own STIG Viewer checklist, whatever its form. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/datafile.h"
#include "base/text.h"
#include "checklist.h"

#define FILE_MAX	(64L << 20)	/* the largest benchmark has a few megabytes */

struct checklist {
	const struct checklist_form *form;
	void			*inner;
	struct checklist_rule	*rules;
	size_t			 n;
	char			*host, *fqdn, *address;
};

void
checklist_add(struct checklist *c, const char *vuln, const char *stig, bool reviewed)
{
	c->rules = text_grow(c->rules, c->n + 1, sizeof(*c->rules));
	c->rules[c->n++] = (struct checklist_rule){
		.vuln = text_dup(vuln), .stig = text_dup(stig), .reviewed = reviewed,
	};
}

void
checklist_set_asset(struct checklist *c, const char *host, const char *fqdn, const char *address)
{
	free(c->host);
	free(c->fqdn);
	free(c->address);
	c->host = text_dup(host);
	c->fqdn = text_dup(fqdn);
	c->address = text_dup(address);
}

static char *
read_whole(const char *path, size_t *len, char err[CHECKLIST_WHY])
{
	struct text_buf text = { 0 };

	if (!datafile_read(path, FILE_MAX, &text))
		(void)snprintf(err, CHECKLIST_WHY, "%s: %s", path, strerror(errno));
	else if (text.len > FILE_MAX)
		(void)snprintf(err, CHECKLIST_WHY, "%s: larger than %ld bytes", path, FILE_MAX);
	else if (text.len == 0 || memchr(text.s, '\0', text.len) != NULL)
		(void)snprintf(err, CHECKLIST_WHY, "%s: no checklist in UTF-8: expected .ckl or .cklb", path);
	if (err[0] != '\0')
		text_buf_free(&text);
	*len = text.len;
	return text.s;
}

struct checklist *
checklist_load(const char *path, char err[CHECKLIST_WHY])
{
	struct checklist *c;
	char why[CHECKLIST_WHY - 64] = "", *text;
	size_t len, start;

	err[0] = '\0';
	text = read_whole(path, &len, err);
	if (text == NULL)
		return NULL;
	c = text_alloc(sizeof(*c));
	checklist_set_asset(c, "", "", "");
	start = strspn(text, "\xef\xbb\xbf \t\r\n");
	c->form = text[start] == '{' ? &store_cklb : &checklist_ckl;
	if (c->form == &checklist_ckl)
		start = 0;		/* the reader of XML knows a mark; blanks before its declaration are a fault */
	c->inner = c->form->load(c, text + start, len - start, why, sizeof(why));
	free(text);
	if (c->inner != NULL && c->n > 0)
		return c;
	(void)snprintf(err, CHECKLIST_WHY, "%.200s: %s", path, why[0] != '\0' ? why :
	    "no rule of a checklist in it: expected .ckl or .cklb");
	checklist_free(c);
	return NULL;
}

void
checklist_free(struct checklist *c)
{
	if (c == NULL)
		return;
	if (c->inner != NULL)
		c->form->unload(c->inner);
	for (size_t i = 0; i < c->n; i++) {
		free((void *)(uintptr_t)c->rules[i].vuln);
		free((void *)(uintptr_t)c->rules[i].stig);
	}
	free(c->rules);
	free(c->host);
	free(c->fqdn);
	free(c->address);
	free(c);
}

struct checklist_asset
checklist_asset(const struct checklist *c)
{
	return (struct checklist_asset){ .host = c->host, .fqdn = c->fqdn, .address = c->address };
}

size_t
checklist_count(const struct checklist *c)
{
	return c->n;
}

const struct checklist_rule *
checklist_rule(const struct checklist *c, size_t i)
{
	return &c->rules[i];
}

void
checklist_fill(struct checklist *c, size_t i, enum checklist_status status, const char *details)
{
	c->form->fill(c->inner, i, status, details);
}

void
checklist_write(const struct checklist *c, FILE *f)
{
	c->form->write(c->inner, f);
}
