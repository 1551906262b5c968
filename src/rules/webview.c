/*
 * webview.c - what was seen of each virtual directory, in one finding: status,
 * schemes, realm, and whether Microsoft's default has them.
 */
#include <inttypes.h>
#include <string.h>

#include "rules/place.h"
#include "rules/table.h"
#include "rules/webdir.h"

/* The realm that the directory names; NULL: none. */
static const struct observation *
realm_of(const struct obs *obs, const struct webdir *d)
{
	for (const struct observation *k = obs_first(obs, FACT_HTTP_REALM); k != NULL; k = obs_next(obs, k))
		if (webdir_is_at(d, k->at))
			return k;
	return NULL;
}

/* "EWS 401 NTLM, Negotiate"; what is beyond the default is said. */
static void
add_directory(const struct rule_in *in, struct finding *f, const struct webdir *d,
    const struct webdir_seen *s, struct text_buf *all)
{
	const struct observation *realm = realm_of(in->obs, d);
	unsigned beyond = s->schemes & ~(d->usual | (unsigned)SCHEME_BEARER);
	struct text_buf line = { 0 };
	char set[96], more[96];

	text_buf_str(&line, d->name);
	if (s->status != NULL)
		text_buf_printf(&line, " %" PRId64, s->status->number);
	if (s->schemes != 0)
		text_buf_printf(&line, " %s", webdir_schemes(s->schemes, set));
	if (realm != NULL)
		text_buf_printf(&line, " realm %.80s", realm->text);
	if (beyond != 0)
		text_buf_printf(&line, " (not by default: %s)", webdir_schemes(beyond, more));
	text_buf_printf(all, "%s%s", all->s != NULL ? "; " : "", line.s);
	finding_list(f, "directory", line.s);
	finding_proof(f, in->obs, s->status != NULL ? s->status : s->auth);
	text_buf_free(&line);
}

/* Ports 80, 81, 444: a line for each URL. */
static void
add_beside(const struct rule_in *in, struct finding *f)
{
	for (const struct observation *k = obs_first(in->obs, FACT_WEB_STATUS); k != NULL;
	    k = obs_next(in->obs, k)) {
		struct text_buf line = { 0 };
		const char *between = " ";

		text_buf_printf(&line, "%s %" PRId64, k->at, k->number);
		for (const struct observation *a = obs_first(in->obs, FACT_WEB_AUTH); a != NULL;
		    a = obs_next(in->obs, a))
			if (strcmp(a->at, k->at) == 0) {
				text_buf_printf(&line, "%s%s", between, a->text);
				between = ", ";
			}
		finding_list(f, "beside", line.s);
		text_buf_free(&line);
	}
}

static enum verdict
check_directories(const struct rule_in *in, struct finding *f)
{
	struct text_buf all = { 0 }, unseen = { 0 };
	int64_t seen = 0;

	for (const struct webdir *d = webdir_table; d->name != NULL; d++) {
		struct webdir_seen s;

		webdir_look(in->obs, d, &s);
		if (s.status != NULL || s.schemes != 0) {
			seen++;
			add_directory(in, f, d, &s, &all);
			continue;
		}
		text_buf_printf(&unseen, "%s%s", unseen.s != NULL ? ", " : "", d->name);
	}
	if (unseen.s != NULL)
		finding_text(f, "unseen", unseen.s);
	add_beside(in, f);
	finding_number(f, "seen", seen);
	if (seen == 0)
		finding_why(f, "No virtual directory answered.");
	else
		finding_why(f, "Of the virtual directories %" PRId64 " answered: %s%s%s.", seen, all.s, unseen.s != NULL ? "; not asked, or without an answer: " : "",
		    unseen.s != NULL ? unseen.s : "");
	text_buf_free(&all);
	text_buf_free(&unseen);
	return seen == 0 ? VERDICT_NOT_OBSERVABLE : VERDICT_PASS;
}

const struct rule rule_directories = {
	.id = "web-directories",
	.title = "Virtual directories, as they answer from here",
	.group = "exposure",
	.severity = SEV_INFO,
	.reference = "https://learn.microsoft.com/exchange/clients/default-virtual-directory-settings",
	.rationale = "Which directories answer this vantage point, and how they ask for a log-on. What is wrong "
	    "with that is said by findings of their own.",
	.remediation = "Nothing is wrong by itself. What may be offered goes into the policy (allowed-auth), what "
	    "may be reached too (may-reach).",
	.needs = (const enum fact[]){ FACT_HTTP_STATUS, FACT_HTTP_AUTH, FACT_COUNT },
	.needs_exchange = true,
	.check = check_directories,
};
