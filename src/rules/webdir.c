/*
 * webdir.c - the virtual directories of Exchange: what each offers, and what
 * it offers by default.
 *
 * The table: "Default settings for Exchange virtual directories"
 * (learn.microsoft.com/exchange/clients/default-virtual-directory-settings),
 * front end of 2016 and 2019, which 2013 and SE share.  Windows means NTLM and
 * Negotiate.  OAuth (Bearer) is on everywhere, and shows only to those who ask
 * with a Bearer token.
 */
#include <stdio.h>
#include <string.h>

#include "rules/webdir.h"

const struct webdir webdir_table[] = {
	{ "owa", SCHEME_FORMS },
	{ "ecp", SCHEME_FORMS },
	{ "EWS", SCHEME_WINDOWS },
	{ "Autodiscover", SCHEME_BASIC | SCHEME_WINDOWS },
	{ "mapi", SCHEME_WINDOWS },
	{ "rpc", SCHEME_BASIC | SCHEME_WINDOWS },
	{ "Microsoft-Server-ActiveSync", SCHEME_BASIC },
	{ "OAB", SCHEME_WINDOWS },
	{ "PowerShell", 0 },
	{ "api", SCHEME_WINDOWS },
	{ NULL, 0 }
};

static const struct { const char *name; unsigned scheme; } schemes[] = {
	{ "Basic", SCHEME_BASIC }, { "NTLM", SCHEME_NTLM }, { "Negotiate", SCHEME_NEGOTIATE },
	{ "Bearer", SCHEME_BEARER }, { "Digest", SCHEME_DIGEST }, { "forms", SCHEME_FORMS },
	{ "certificate", SCHEME_CERT },
	{ "another", SCHEME_OTHER },
};

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

bool
webdir_is_at(const struct webdir *d, const char *url)
{
	const char *p = strstr(url, "://");
	size_t n = strlen(d->name);

	p = p != NULL ? strchr(p + 3, '/') : NULL;
	if (p == NULL || !text_starts_nocase(p + 1, d->name))
		return false;
	p += 1 + n;
	return (*p == '\0' || *p == '/' || *p == '?') && strstr(p, "healthcheck.htm") == NULL &&
	    strchr(p, '#') == NULL;
}

const struct webdir *
webdir_find(const char *name, size_t len)
{
	for (const struct webdir *d = webdir_table; d->name != NULL; d++)
		if (strlen(d->name) == len && text_find_nocase(name, len, d->name) != NULL)
			return d;
	return NULL;
}

unsigned
webdir_scheme(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (strlen(schemes[i].name) == len &&
		    text_find_nocase(name, len, schemes[i].name) != NULL)
			return schemes[i].scheme;
	return 0;
}

char *
webdir_schemes(unsigned set, char out[96])
{
	size_t n = 0;

	(void)snprintf(out, 96, "none");
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (set & schemes[i].scheme)
			n += (size_t)snprintf(out + n, 96 - n, "%s%s", n > 0 ? ", " : "",
			    schemes[i].name);
	return out;
}

/* Sent to the log-on page, or shown it. */
static bool
has_forms(const struct obs *obs, const struct webdir *d)
{
	const struct observation *k;

	for (k = obs_first(obs, FACT_HTTP_REDIRECT); k != NULL; k = obs_next(obs, k))
		if (webdir_is_at(d, k->at) &&
		    text_find_nocase(k->text, strlen(k->text), "/owa/auth/logon.aspx") != NULL)
			return true;
	for (k = obs_first(obs, FACT_MARK); k != NULL; k = obs_next(obs, k))
		if (webdir_is_at(d, k->at) && strcmp(k->text, "owa-page") == 0)
			return true;
	return false;
}

void
webdir_look(const struct obs *obs, const struct webdir *d, struct webdir_seen *s)
{
	const struct observation *k;

	*s = (struct webdir_seen){ 0 };
	for (k = obs_first(obs, FACT_HTTP_STATUS); k != NULL; k = obs_next(obs, k)) {
		if (!webdir_is_at(d, k->at))
			continue;
		if (s->status == NULL || (s->status->number == 404 && k->number != 404))
			s->status = k;
		s->asks |= k->number == 401;
	}
	for (k = obs_first(obs, FACT_HTTP_AUTH); k != NULL; k = obs_next(obs, k)) {
		unsigned scheme;

		if (!webdir_is_at(d, k->at))
			continue;
		scheme = webdir_scheme(k->text, strlen(k->text));
		s->schemes |= scheme != 0 ? scheme : (unsigned)SCHEME_OTHER;
		s->auth = s->auth == NULL ? k : s->auth;
	}
	for (k = obs_first(obs, FACT_BEARER); k != NULL; k = obs_next(obs, k))
		if (webdir_is_at(d, k->at) && k->number != 0)
			s->schemes |= SCHEME_BEARER;
	if (has_forms(obs, d)) {
		s->schemes |= SCHEME_FORMS;
		s->asks = true;
	}
}

static bool
has_failed(const struct obs *obs, const struct webdir *d)
{
	for (size_t i = 0; i < obs_error_count(obs); i++) {
		const struct obs_error *e = obs_error_get(obs, i);

		/* Other ports have their own words. */
		if (strcmp(e->probe, "plain") == 0 || text_starts(e->probe, "backend"))
			continue;
		if (webdir_is_at(d, e->at) || (strcmp(e->reason, "gave-up") == 0 && strstr(e->at, "://") == NULL))
			return true;
	}
	return false;
}

/* Where Exchange asks for a log-on by HTTP itself; the log-on page of OWA says nothing of it. */
static bool
is_unasked(const struct obs *obs)
{
	static const char *const core[] = { "EWS", "Autodiscover", "Microsoft-Server-ActiveSync" };
	struct webdir_seen s;

	for (size_t i = 0; i < COUNT(core); i++) {
		webdir_look(obs, webdir_find(core[i], strlen(core[i])), &s);
		if (s.status != NULL || s.schemes != 0)
			return false;
	}
	return true;
}

char *
webdir_mute(const struct obs *obs)
{
	struct text_buf names = { 0 };

	if (is_unasked(obs))
		return text_dup("EWS, Autodiscover and ActiveSync");
	for (const struct webdir *d = webdir_table; d->name != NULL; d++) {
		struct webdir_seen s;

		webdir_look(obs, d, &s);
		if (s.status == NULL && s.schemes == 0 && has_failed(obs, d))
			text_buf_printf(&names, "%s%s", names.s != NULL ? ", " : "", d->name);
	}
	return names.s;
}
