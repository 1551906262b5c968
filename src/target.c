/*
 * target.c - the stream of targets: operands, then files, one after the other,
 * expanded lazily, without what is excluded and what came before.
 *
 * Opening looks at everything that can be looked at without waiting, so that a
 * mistake is told before the first packet.  Knows no format: target_list.c does.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "config.h"
#include "target.h"
#include "target_input.h"

enum { COUNTED_BYTES = 8 << 20 };	/* the largest file that is read once to count */

struct target_source {
	struct target_part *parts;
	size_t		 n, next;
	struct target_rules rules;
	bool		 quiet, strict;
	struct target_input *in;	/* the file at hand */
	struct target_item item;	/* the entry at hand ... */
	struct target_addr at;		/* ... and the next address of it */
	bool		 expanding;
	const char	*file;		/* for messages; NULL: argument */
	struct target	 first;		/* looked at by target_open() already */
	bool		 has_first;
	struct target_exclude *exclude;
	struct target_dedup *dedup;
	uint64_t	 bad_before;	/* bad lines and hosts of inputs already closed */
	uint64_t	 no_web_before, broken;
	_Atomic uint64_t bad, given, duplicates, excluded, no_web, total;
};

static bool
told(const char *what, const char *reason)
{
	fprintf(stderr, "exvet: %s: %s\n", what, reason);
	return false;
}

static struct target_part *
new_part(struct target_source *s)
{
	s->parts = text_grow(s->parts, s->n + 1, sizeof(s->parts[0]));
	s->parts[s->n] = (struct target_part){ .fd = -1 };
	return &s->parts[s->n++];
}

/* ---- opening: every mistake is told before the first target ---- */

static bool
add_operand(struct target_source *s, const char *text)
{
	struct target_spec spec;
	char why[TARGET_WHY], shown[128];

	if (!target_parse(text, strlen(text), &s->rules, &spec, why)) {
		fprintf(stderr, "exvet: '%s': %s\n",
		    target_parse_shown(text, strlen(text), "", 0, shown), why);
		return false;
	}
	struct target_part *p = new_part(s);

	p->spec = text_alloc(sizeof(*p->spec));
	*p->spec = spec;
	s->total += target_parse_count(&spec);
	return true;
}

static bool
add_file(struct target_source *s, const char *path)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(path, "-") == 0 && s->parts[i].fd == STDIN_FILENO)
			return told("standard input", "named twice, expected '-' only once");
	return target_part_file(new_part(s), path);
}

static struct target_input *
open_part(const struct target_source *s, const struct target_part *p, bool quiet)
{
	struct target_input *in = target_part_open(p);

	if (in != NULL)
		target_input_set(in, &s->rules, quiet);
	return in;
}

static bool
add_all(struct target_source *s, const struct config *c, char **args)
{
	bool ok = true;

	for (; *args != NULL; args++) {
		if (strcmp(*args, "-") == 0)
			ok = add_file(s, *args) && ok;
		else if (**args == '@')
			ok = add_file(s, *args + 1) && ok;
		else
			ok = add_operand(s, *args) && ok;
	}
	for (size_t i = 0; i < c->inputs.n; i++)
		ok = add_file(s, c->inputs.v[i]) && ok;
	return ok;
}

/* --exclude takes commas as well, as nmap's does. */
static bool
exclude_list(struct target_exclude *x, const char *list)
{
	static const struct target_rules rules = { .exclusion = true };
	struct target_spec spec;
	char why[TARGET_WHY], shown[128];

	for (const char *s = list;; s++) {
		size_t n = strcspn(s, ",");

		if (!target_parse(s, n, &rules, &spec, why)) {
			fprintf(stderr, "exvet: --exclude '%s': %s\n",
			    target_parse_shown(s, n, "", 0, shown), why);
			return false;
		}
		target_exclude_add(x, &spec);
		s += n;
		if (*s == '\0')
			return true;
	}
}

static bool
add_exclusions(struct target_source *s, const struct config *c)
{
	bool ok = true;

	for (size_t i = 0; i < c->exclude.n; i++)
		ok = exclude_list(s->exclude, c->exclude.v[i]) && ok;
	for (size_t i = 0; i < c->exclude_files.n; i++)
		ok = target_exclude_file(s->exclude, c->exclude_files.v[i]) && ok;
	target_exclude_seal(s->exclude);
	return ok;
}

/* Read a file once: is it a list, how many targets; and with strict, is all of it good. */
static bool
look_at(struct target_source *s, struct target_part *p, bool *counted)
{
	struct target_input *in = open_part(s, p, false);
	struct target_item item;
	bool ok, small;

	if (in == NULL)
		return told(p->path, strerror(errno));
	small = target_part_size(p) <= COUNTED_BYTES;
	ok = target_list_detect(in);
	if (!s->strict)
		target_input_set(in, &s->rules, true);
	if (ok && (s->strict || small)) {
		while (target_list_next(in, &item) == 1)
			s->total += target_parse_count(&item.spec);
		ok = !s->strict || !target_input_failed(in);
	} else {
		*counted = false;
	}
	if (s->strict)
		s->bad += target_input_bad_lines(in);
	target_input_close(in);
	return ok;
}

static bool
look_at_all(struct target_source *s, bool *streams)
{
	bool ok = true, counted = true;

	for (size_t i = 0; i < s->n; i++) {
		struct target_part *p = &s->parts[i];

		if (p->spec != NULL)
			continue;
		if (p->stream && s->strict && !target_part_spool(p))
			return false;
		if (p->stream)
			*streams = true;
		else
			ok = look_at(s, p, &counted) && ok;
	}
	if (!counted || *streams)
		s->total = 0;
	if (ok && s->bad != 0) {
		fprintf(stderr, "exvet: %llu bad line%s and --strict: nothing is scanned\n",
		    (unsigned long long)s->bad, s->bad == 1 ? "" : "s");
		return false;
	}
	return ok;
}

static void
tell_nothing(const struct target_source *s)
{
	const char *why = "the input holds none";

	if (s->n == 0)
		why = "name hosts, a list by -i FILE, or - for standard input";
	else if (s->excluded != 0)
		why = "all of them are excluded";
	else if (s->bad != 0)
		why = "no line of the input could be read";
	else if (s->no_web != 0)
		why = "no host of the nmap file has an open web port";
	fprintf(stderr, "exvet: no targets: %s\n", why);
}

static struct target_source *
source_new(const struct config *c)
{
	struct target_source *s = text_alloc(sizeof(*s));
	int64_t port;

	s->rules = (struct target_rules){ .v4_only = c->ipv4_only, .v6_only = c->ipv6_only };
	for (size_t i = 0; i < c->ports.n; i++)
		if (text_number(c->ports.v[i], 1, 65535, &port))
			s->rules.port = (uint16_t)port;
	s->strict = c->strict;
	s->exclude = target_exclude_new();
	s->dedup = target_dedup_new(LIMIT_DEDUP);
	return s;
}

struct target_source *
target_open(const struct config *c, char **args)
{
	struct target_source *s = source_new(c);
	bool ok = add_all(s, c, args), streams = false;
	int got;

	ok = add_exclusions(s, c) && ok;
	ok = ok && look_at_all(s, &streams);
	if (!ok || streams)
		goto out;
	/* Is there one at all?  Looked at now, handed out later. */
	got = target_next(s, &s->first);
	s->has_first = ok = got == 1;
	s->given = 0;
	if (got == 0)
		tell_nothing(s);
out:
	if (ok)
		return s;
	target_close(s);
	return NULL;
}

struct target_source *
target_open_memory(const struct config *c, const void *p, size_t n, const char *name, bool quiet)
{
	struct target_source *s = source_new(c);
	struct target_part *part = new_part(s);

	part->path = text_dup(name);
	part->memory = p;
	part->nmemory = n;
	part->stream = true;
	s->quiet = quiet;
	target_exclude_seal(s->exclude);
	return s;
}

void
target_close(struct target_source *s)
{
	if (s == NULL)
		return;
	target_input_close(s->in);
	for (size_t i = 0; i < s->n; i++)
		target_part_clear(&s->parts[i]);
	if (s->has_first)
		target_clear(&s->first);
	free(s->parts);
	target_exclude_free(s->exclude);
	target_dedup_free(s->dedup);
	free(s);
}

/* ---- the stream ---- */

static void
update_counts(struct target_source *s)
{
	s->bad = s->bad_before + target_input_bad_lines(s->in);
	s->no_web = s->no_web_before + target_input_state(s->in)->no_web;
}

static void
close_input(struct target_source *s)
{
	s->bad_before += target_input_bad_lines(s->in);
	s->no_web_before += target_input_state(s->in)->no_web;
	s->broken += target_input_failed(s->in);
	target_input_close(s->in);
	s->in = NULL;
	s->next++;
}

/* The next entry to s->item: 1, 0 at the end of everything, -1. */
static int
next_item(struct target_source *s)
{
	while (s->next < s->n) {
		struct target_part *p = &s->parts[s->next];
		int got;

		if (p->spec != NULL) {
			s->item = (struct target_item){ .spec = *p->spec };
			s->file = NULL;
			s->next++;
			return 1;
		}
		s->file = strcmp(p->path, "-") == 0 ? "standard input" : p->path;
		if (s->in == NULL && (s->in = open_part(s, p, s->quiet)) == NULL) {
			(void)told(s->file, strerror(errno));
			s->broken++;
			s->next++;
			return -1;
		}
		got = target_list_next(s->in, &s->item);
		update_counts(s);
		if (got == 1)
			return 1;
		close_input(s);
		if (got < 0)
			return -1;
	}
	return 0;
}

static char *
make_text(const struct target_spec *spec, const char *host)
{
	bool v6 = strchr(host, ':') != NULL, shown = spec->port != (spec->plain ? 80 : 443);
	bool brackets = v6 && (shown || spec->plain);
	struct text_buf b = { 0 };

	text_buf_printf(&b, "%s%s%s%s", spec->plain ? "http://" : "", brackets ? "[" : "", host,
	    brackets ? "]" : "");
	if (shown)
		text_buf_printf(&b, ":%u", (unsigned)spec->port);
	return b.s;
}

static bool
excludes(const struct target_source *s, const char *host, const char *name,
    const struct target_addr *a)
{
	return (a != NULL ? target_exclude_addr(s->exclude, a) :
	    target_exclude_name(s->exclude, host)) ||
	    (name[0] != '\0' && target_exclude_name(s->exclude, name));
}

/* Is that one new and wanted?  Counts it when not. */
static bool
admit(struct target_source *s, const char *text, const char *host, const struct target_addr *a)
{
	struct text_buf key = { 0 };
	bool fresh;

	if (excludes(s, host, s->item.name, a)) {
		s->excluded++;
		return false;
	}
	text_buf_add(&key, text, strlen(text) + 1);
	text_buf_str(&key, s->item.name);
	fresh = target_dedup_add(s->dedup, key.s, key.len);
	text_buf_free(&key);
	if (!fresh)
		s->duplicates++;
	return fresh;
}

static bool
hand_out(struct target_source *s, const char *host, const struct target_addr *a,
    struct target *out)
{
	const struct target_item *item = &s->item;
	char *text = make_text(&item->spec, host);

	if (!admit(s, text, host, a)) {
		free(text);
		return false;
	}
	*out = (struct target){ .text = text, .host = text_dup(host), .is_address = a != NULL,
		.name = item->name[0] != '\0' ? text_dup(item->name) : NULL,
		.port = item->spec.port, .plain = item->spec.plain, .tag = text_dup(item->tag),
		.source = s->file == NULL ? text_dup("argument") :
		    text_printf("%s:%lu", s->file, item->line) };
	return true;
}

int
target_next(struct target_source *s, struct target *out)
{
	if (s->has_first) {
		*out = s->first;
		s->has_first = false;
		s->given++;
		return 1;
	}
	for (bool got = false; !got;) {
		char host[TARGET_ADDR_TEXT];
		struct target_addr a = s->at;
		int rc;

		if (!s->expanding) {
			if ((rc = next_item(s)) != 1)
				return rc;
			a = s->item.spec.first;
			if (s->item.spec.is_name) {
				got = hand_out(s, s->item.spec.host, NULL, out);
				continue;
			}
		}
		s->expanding = target_addr_cmp(&a, &s->item.spec.last) < 0;
		got = hand_out(s, target_addr_text(&a, host), &a, out);
		s->at = a;
		target_addr_next(&s->at);
	}
	s->given++;
	return 1;
}

void
target_clear(struct target *t)
{
	free(t->text);
	free(t->host);
	free(t->name);
	free(t->tag);
	free(t->source);
	*t = (struct target){ 0 };
}

bool
target_is_excluded(const struct target_source *s, const char *address)
{
	struct target_addr a;

	return target_addr_parse(address, strcspn(address, "%"), &a) &&
	    target_exclude_addr(s->exclude, &a);
}

uint64_t
target_bad_lines(const struct target_source *s)
{
	return s->bad;
}

uint64_t
target_given(const struct target_source *s)
{
	return s->given;
}

uint64_t
target_duplicates(const struct target_source *s)
{
	return s->duplicates;
}

uint64_t
target_excluded(const struct target_source *s)
{
	return s->excluded;
}

uint64_t
target_broken(const struct target_source *s)
{
	return s->broken;
}

uint64_t
target_no_web(const struct target_source *s)
{
	return s->no_web;
}

uint64_t
target_total(const struct target_source *s)
{
	uint64_t gone = s->duplicates + s->excluded;

	return s->total > gone ? s->total - gone : 0;
}
