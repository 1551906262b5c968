/*
 * service.c - services beside the web: is the port reachable from here, and
 * why is nothing known of what stands behind it.
 */
#include <string.h>

#include "base/text.h"
#include "rules/service.h"

const struct observation *
service_port(const struct obs *obs, const char *service)
{
	for (const struct observation *k = obs_first(obs, FACT_PORT); k != NULL; k = obs_next(obs, k))
		if (strcmp(k->probe, service) == 0)
			return k;
	return NULL;
}

static const struct obs_error *
error_of(const struct obs *obs, const char *service)
{
	for (size_t i = 0; i < obs_error_count(obs); i++)
		if (strcmp(obs_error_get(obs, i)->probe, service) == 0)
			return obs_error_get(obs, i);
	return NULL;
}

enum verdict
service_unseen(const struct rule_in *in, struct finding *f, const char *service, const char *what)
{
	const struct observation *port = service_port(in->obs, service);
	const struct obs_error *error = error_of(in->obs, service);

	if (port != NULL)
		finding_proof(f, in->obs, port);
	if (port != NULL && strcmp(port->text, "open") != 0)
		finding_why(f, "%s: %s is %s from here.", what, port->at, port->text);
	else if (error != NULL)
		finding_why(f, "%s: %s failed at %s, %s.", what, error->stage, error->at, error->reason);
	else if (port != NULL)
		finding_why(f, "%s: %s is open, but said nothing of it.", what, port->at);
	else
		finding_why(f, "%s: the probe %s did not run.", what, service);
	return VERDICT_NOT_OBSERVABLE;
}

/* A silent port is an answer only where something else of the host answered. */
static bool
host_answered(const struct obs *obs)
{
	for (size_t i = 0; i < obs_count(obs); i++) {
		const struct observation *k = obs_get(obs, i);

		if (k->fact != FACT_PORT && k->fact != FACT_ADDRESS)
			return true;
		if (k->fact == FACT_PORT && (strcmp(k->text, "open") == 0 ||
		    strcmp(k->text, "closed") == 0))
			return true;
	}
	return false;
}

bool
service_is_outside(const char *vantage)
{
	static const char *const words[] = {
		"internet", "external", "extern", "outside", "public", "wan",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_eq_nocase(vantage, words[i]))
			return true;
	return false;
}

enum verdict
service_exposed(const struct rule_in *in, struct finding *f, const char *service,
    const char *called)
{
	const struct observation *port = service_port(in->obs, service);
	const char *vantage = in->result->vantage;
	bool named = vantage[0] != '\0';

	if (port == NULL)
		return service_unseen(in, f, service, called);
	finding_proof(f, in->obs, port);
	finding_text(f, "vantage", vantage);
	finding_text(f, "state", port->text);
	if (strcmp(port->text, "open") == 0) {
		if (service_is_outside(vantage)) {
			finding_why(f, "%s is reachable at %s from vantage point %s.", called,
			    port->at, vantage);
			return VERDICT_FAIL;
		}
		f->severity = SEV_LOW;
		finding_why(f, "%s is reachable at %s from %s%s; whether that is too far depends on "
		    "where this looks from%s.", called, port->at, named ? "vantage point " : "here",
		    vantage, named ? "" : " (name it with --vantage)");
		return VERDICT_WARN;
	}
	if (!host_answered(in->obs)) {
		finding_why(f, "%s: %s is %s, but nothing else of the host answered either.", called,
		    port->at, port->text);
		return VERDICT_NOT_OBSERVABLE;
	}
	finding_why(f, "%s is not reachable from %s%s: %s is %s.", called,
	    named ? "vantage point " : "here", vantage, port->at, port->text);
	return VERDICT_PASS;
}
