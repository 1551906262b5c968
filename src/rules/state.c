/*
 * state.c - the findings on health: protocols out of rotation and why, slow
 * answers.
 *
 * healthcheck.htm says what Managed Availability holds of one protocol.  One
 * that is out while others are up is that protocol's own trouble, or meant;
 * all out is maintenance or the whole site.  Neither is ever called down.
 */
#include <inttypes.h>
#include <string.h>

#include "rules/place.h"
#include "rules/table.h"
#include "rules/webdir.h"

static const enum fact needs_health[] = { FACT_HEALTH, FACT_COUNT };

struct health {
	size_t		 all, up, out, stopped, absent, locked, mute;
	const struct obs_error *first_mute;
	const struct observation *first_out, *first_stopped, *first_locked, *first_up;
};

/* The page is absent because the whole directory is: it is not published here. */
static bool
is_unpublished(const struct obs *obs, const struct observation *health)
{
	for (const struct webdir *d = webdir_table; d->name != NULL; d++) {
		const char *p = strstr(health->at, "://");
		struct webdir_seen s;

		p = p != NULL ? strchr(p + 3, '/') : NULL;
		if (p == NULL || !text_starts_nocase(p + 1, d->name) ||
		    strcmp(p + 1 + strlen(d->name), "/healthcheck.htm") != 0)
			continue;
		webdir_look(obs, d, &s);
		return s.status != NULL && s.status->number == 404;
	}
	return false;
}

static void
count_health(const struct obs *obs, struct health *h)
{
	*h = (struct health){ 0 };
	for (size_t i = 0; i < obs_error_count(obs); i++) {
		const struct obs_error *e = obs_error_get(obs, i);

		if (strstr(e->at, "/healthcheck.htm") == NULL || strstr(e->at, "://") == NULL)
			continue;
		h->mute++;
		h->first_mute = h->first_mute == NULL ? e : h->first_mute;
	}
	for (const struct observation *k = obs_first(obs, FACT_HEALTH); k != NULL; k = obs_next(obs, k)) {
		bool stopped = strcmp(k->text, "stopped") == 0;
		bool absent = strcmp(k->text, "absent") == 0 && !is_unpublished(obs, k);

		h->all++;
		if (strcmp(k->text, "up") == 0) {
			h->up++;
			h->first_up = h->first_up == NULL ? k : h->first_up;
		} else if (strcmp(k->text, "down") == 0 || stopped || absent) {
			h->out++;
			h->stopped += stopped;
			h->absent += absent;
			h->first_out = h->first_out == NULL ? k : h->first_out;
			if (stopped && h->first_stopped == NULL)
				h->first_stopped = k;
		} else {
			h->locked++;
			h->first_locked = h->first_locked == NULL ? k : h->first_locked;
		}
	}
}

/* The name of a server that is no IIS, in the evidence of a state; "" for IIS and for none. */
static const char *
other_server(const struct observation *k)
{
	const char *p = strstr(k->evidence, "Server: "), *page = strstr(k->evidence, "page of: ");

	if (p == NULL && page != NULL && strcmp(page + 9, "http.sys") != 0)
		return page + 9;
	return p != NULL && !text_starts(p + 8, "Microsoft") ? p + 8 : "";
}

/* 2010 and older have no such page. */
static bool
is_old(const struct rule_in *in)
{
	return in->who->build != NULL && in->who->build->number.part[0] < 15;
}

/* A page that something in front keeps back says neither up nor out: "unread". */
static void
list_out(const struct rule_in *in, struct finding *f)
{
	for (const struct observation *k = obs_first(in->obs, FACT_HEALTH); k != NULL;
	    k = obs_next(in->obs, k)) {
		bool out = strcmp(k->text, "down") == 0 || strcmp(k->text, "absent") == 0;

		if (strcmp(k->text, "up") == 0)
			continue;
		finding_list(f, strcmp(k->text, "stopped") == 0 ? "stopped" : out &&
		    !is_unpublished(in->obs, k) ? "out" : "unread", k->at);
		finding_proof(f, in->obs, k);
	}
}

/* Does a mail service of the same host turn clients away with 421? */
static const struct observation *
refused_mail(const struct obs *obs)
{
	for (const struct observation *k = obs_first(obs, FACT_MAIL_REFUSED); k != NULL;
	    k = obs_next(obs, k))
		if (text_starts(k->text, "421"))
			return k;
	return NULL;
}

/* What both rules say alike: no page, or none that speaks. */
static bool
is_unread(const struct rule_in *in, struct finding *f, const struct health *h, enum verdict *v)
{
	if (is_old(in)) {
		finding_why(f, "Exchange 2010 and older have no healthcheck.htm: nothing is wrong when it is "
		    "absent.");
		*v = VERDICT_NOT_APPLICABLE;
		return true;
	}
	if (h->up == 0 && h->out == 0) {
		const char *by = other_server(h->first_locked);

		finding_text(f, "cause", "proxy");
		finding_proof(f, in->obs, h->first_locked);
		finding_why(f, "%s says %s: %s in front answers, and the state stays unseen.",
		    h->first_locked->at, h->first_locked->text, by[0] != '\0' ? by : "something");
		*v = VERDICT_NOT_OBSERVABLE;
		return true;
	}
	return false;
}

static enum verdict
check_one(const struct rule_in *in, struct finding *f)
{
	struct health h;
	enum verdict v;

	count_health(in->obs, &h);
	if (is_unread(in, f, &h, &v))
		return v;
	if (h.out == 0 && h.mute > 0) {
		finding_text(f, "cause", "network");
		finding_list(f, "mute", h.first_mute->at);
		finding_why(f, "%s did not answer (%s: %s): the protocol, or the network to it. Up: %s.",
		    h.first_mute->at, h.first_mute->stage, h.first_mute->reason,
		    place_count((int64_t)h.up, "other protocol").s);
		return VERDICT_UNDECIDABLE;
	}
	if (h.out == 0) {
		finding_proof(f, in->obs, h.first_up);
		list_out(in, f);
		if (h.locked > 0)
			finding_why(f, "healthcheck.htm is up for each of %s that could be read; %zu could not, "
			    "first %s (%s).", place_count((int64_t)h.up, "protocol").s, h.locked,
			    h.first_locked->at, h.first_locked->text);
		else
			finding_why(f, "healthcheck.htm is up for each of %s.",
			    place_count((int64_t)h.up, "protocol").s);
		return VERDICT_PASS;
	}
	list_out(in, f);
	if (h.up == 0 && h.all > 1) {
		finding_why(f, "No protocol is up: see all-protocols-out.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (h.stopped > 0) {
		finding_text(f, "cause", "pool-stopped");
		finding_why(f, "%s: http.sys answers itself, so the application pool is stopped; out: %zu; up: %s.",
		    h.first_stopped->at, h.out, place_count((int64_t)h.up, "other protocol").s);
		return VERDICT_FAIL;
	}
	finding_text(f, "cause", h.all == 1 ? "unknown" : other_server(h.first_out)[0] != '\0' ? "balancer" :
	    "protocol");
	if (h.all > 1 && other_server(h.first_out)[0] != '\0')
		finding_why(f, "%s says %s, and %s says it: it reaches no member there, or took it out; up: %s. The "
		    "server is not down.", h.first_out->at, h.first_out->text, other_server(h.first_out),
		    place_count((int64_t)h.up, "other protocol").s);
	else if (h.all == 1)
		finding_why(f, "%s says %s, and no other protocol was asked: this one, or the whole server, is "
		    "out of rotation.", h.first_out->at, h.first_out->text);
	else if (h.out == 1)
		finding_why(f, "%s says %s; up: %s. That protocol alone is unhealthy or was taken out; the server "
		    "is not down.", h.first_out->at, h.first_out->text,
		    place_count((int64_t)h.up, "other protocol").s);
	else
		finding_why(f, "%zu of %s are out, first %s (%s); up: %s. They are unhealthy or were taken out; the "
		    "server is not down.", h.out, place_count((int64_t)h.all, "protocol").s, h.first_out->at,
		    h.first_out->text, place_count((int64_t)h.up, "protocol").s);
	return h.absent == h.out && h.all == 1 ? VERDICT_UNDECIDABLE : VERDICT_FAIL;
}

const struct rule rule_protocol_out = {
	.id = "protocol-out",
	.title = "A protocol is out of rotation",
	.group = "health",
	.severity = SEV_MEDIUM,
	.reference = "https://learn.microsoft.com/exchange/high-availability/managed-availability/"
	    "managed-availability",
	.rationale = "Managed Availability takes healthcheck.htm away while it holds a protocol for unhealthy "
	    "or an administrator set its component inactive. A balancer then sends nobody there.",
	.remediation = "Get-ServerComponentState SERVER; Get-ServerHealth SERVER | where AlertValue -ne Healthy; "
	    "then the event log of Managed Availability.",
	.needs = needs_health, .needs_exchange = true,
	.check = check_one,
};

static enum verdict
say_all_out(struct finding *f, const struct health *h, const struct observation *mail)
{
	const char *by = other_server(h->first_out), *cause = "maintenance";
	const char *why = "the server is in maintenance, or the whole site has failed";

	if (h->stopped == h->out) {
		cause = "iis";
		why = "http.sys answers itself, so the application pools are stopped";
	} else if (by[0] != '\0') {
		cause = "balancer";
		why = "what stands in front reaches no member, or took it out";
	} else if (h->absent == h->out && mail == NULL) {
		/* Maintenance takes the page away too, but so does whoever publishes without it. */
		finding_text(f, "cause", "absent");
		finding_why(f, "healthcheck.htm is absent for each of %s: every protocol was taken out, or the "
		    "page is not let through to here.", place_count((int64_t)h->out, "protocol").s);
		return VERDICT_UNDECIDABLE;
	}
	finding_text(f, "cause", cause);
	finding_why(f, "None of %s is up%s%s%s: %s%s%s%s.", place_count((int64_t)h->out, "protocol").s,
	    mail != NULL ? ", and " : "", mail != NULL ? mail->at : "",
	    mail != NULL ? " turns clients away with 421" : "", why, by[0] != '\0' ? " (" : "", by,
	    by[0] != '\0' ? ")" : "");
	return VERDICT_FAIL;
}

static enum verdict
check_all(const struct rule_in *in, struct finding *f)
{
	const struct observation *mail = refused_mail(in->obs);
	struct health h;
	enum verdict v;

	count_health(in->obs, &h);
	if (is_unread(in, f, &h, &v))
		return v;
	if (h.up > 0) {
		finding_proof(f, in->obs, h.first_up);
		finding_why(f, "Up: %s.", place_count((int64_t)h.up, "protocol").s);
		return VERDICT_PASS;
	}
	list_out(in, f);
	if (h.all == 1 && mail == NULL) {
		finding_why(f, "%s says %s; other protocols were not asked (--profile full asks them).",
		    h.first_out->at, h.first_out->text);
		return VERDICT_UNDECIDABLE;
	}
	if (h.out == 1 && h.locked > 0 && mail == NULL) {
		finding_why(f, "%s says %s, and nothing else could be read, first %s (%s): one protocol, or all of "
		    "them.", h.first_out->at, h.first_out->text, h.first_locked->at, h.first_locked->text);
		return VERDICT_UNDECIDABLE;
	}
	if (mail != NULL)
		finding_proof(f, in->obs, mail);
	return say_all_out(f, &h, mail);
}

const struct rule rule_all_out = {
	.id = "all-protocols-out",
	.title = "Every protocol is out of rotation: maintenance, or the whole site",
	.group = "health",
	.severity = SEV_HIGH,
	.reference = "https://learn.microsoft.com/exchange/high-availability/manage-ha/manage-dags",
	.rationale = "ServerWideOffline takes every protocol out at once, and SMTP answers 421 with it. Patching "
	    "leaves a server so when the last step is forgotten.",
	.remediation = "Get-ServerComponentState SERVER -Component ServerWideOffline. When maintenance is over: "
	    "Set-ServerComponentState SERVER -Component ServerWideOffline -State Active -Requester "
	    "Maintenance (for each requester that set it).",
	.needs = needs_health, .needs_exchange = true,
	.check = check_all,
};

static enum verdict
check_slow(const struct rule_in *in, struct finding *f)
{
	const struct observation *worst = NULL;
	size_t slow = 0, all = 0;

	for (const struct observation *k = obs_first(in->obs, FACT_HTTP_TTFB); k != NULL;
	    k = obs_next(in->obs, k)) {
		all++;
		worst = worst == NULL || k->number > worst->number ? k : worst;
		if (k->number < in->policy->slow_ms)
			continue;
		slow++;
		finding_list(f, "at", k->at);
		finding_proof(f, in->obs, k);
	}
	finding_number(f, "slowest_ms", worst->number);
	finding_why(f, "The slowest of %s is %s: %" PRId64 " ms to the first byte (policy: %" PRId64 ").",
	    place_count((int64_t)all, "answer").s, worst->at, worst->number, in->policy->slow_ms);
	return slow > 0 ? VERDICT_WARN : VERDICT_PASS;
}

const struct rule rule_slow = {
	.id = "slow-first-byte",
	.title = "The first byte takes long",
	.group = "health",
	.severity = SEV_LOW,
	.reference = "https://learn.microsoft.com/exchange/plan-and-deploy/performance-considerations",
	.rationale = "The time from a request to its first byte is the server's own, the network's round trip "
	    "apart: a slow one often means trouble with Active Directory or the back end. One slow "
	    "directory is not a slow server.",
	.remediation = "Compare the times of the directories (http.ttfb), then look at the domain controllers "
	    "that the server uses and at the back end of the slow protocol.",
	.needs = (const enum fact[]){ FACT_HTTP_TTFB, FACT_COUNT },
	.check = check_slow,
};
