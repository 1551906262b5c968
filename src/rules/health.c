/* health.c - the findings on what is broken in plain sight. */
#include <inttypes.h>
#include <string.h>

#include "rules/place.h"
#include "rules/table.h"

static enum verdict
check_owa(const struct rule_in *in, struct finding *f)
{
	const struct observation *error = obs_first(in->obs, FACT_OWA_ERROR);
	const struct observation *page = obs_find(in->obs, FACT_MARK, "error-fe");
	const struct observation *well = obs_find(in->obs, FACT_MARK, "owa-page");

	if (error != NULL || page != NULL) {
		const struct observation *seen = error != NULL ? error : page;

		finding_proof(f, in->obs, seen);
		finding_text(f, "code", error != NULL ? error->text : "");
		finding_why(f, "%s sends to the error page of Outlook on the web%s%s: nobody can log on.",
		    seen->at, error != NULL ? " with code " : "", error != NULL ? error->text : "");
		return VERDICT_FAIL;
	}
	if (well == NULL)
		well = obs_find(in->obs, FACT_MARK, "owa-redirect");
	if (well == NULL)
		well = obs_find(in->obs, FACT_MARK, "guid");
	if (well != NULL) {
		finding_proof(f, in->obs, well);
		finding_why(f, "%s leads to the log-on page.", well->at);
		return VERDICT_PASS;
	}
	place_why_unread(in, f, "The log-on page was not reached");
	return VERDICT_NOT_OBSERVABLE;
}

const struct rule rule_owa_broken = {
	.id = "owa-broken",
	.title = "Outlook on the web is broken",
	.group = "health",
	.severity = SEV_MEDIUM,
	.reference = "https://aka.ms/ExchangeHealthChecker",
	.rationale = "A redirect to /owa/auth/errorFE.aspx means that the front end cannot show the log-on "
	    "page, most often after an update that was started without elevation or stopped half "
	    "way, or with an expired certificate for OAuth.",
	.remediation = "Install the same update again from an elevated prompt, run UpdateCas.ps1 and "
	    "UpdateConfigFiles.ps1 from the Bin folder, check the OAuth certificate, restart IIS.",
	.needs_exchange = true,
	.check = check_owa,
};

static enum verdict
check_pool(const struct rule_in *in, struct finding *f)
{
	const struct observation *first = NULL;
	size_t stopped = 0, all = 0;

	for (const struct observation *k = obs_first(in->obs, FACT_HTTP_STATUS); k != NULL;
	    k = obs_next(in->obs, k)) {
		all++;
		if (k->number != 503 || !(place_is_httpapi(in->obs, k) ||
		    obs_find_at(in->obs, FACT_HEALTH, k->at, "stopped") != NULL))
			continue;
		first = first == NULL ? k : first;
		stopped++;
		finding_list(f, "at", k->at);
		finding_proof(f, in->obs, k);
	}
	finding_number(f, "answers", (int64_t)all);
	if (first != NULL) {
		finding_why(f, "%zu of %s: 503 from http.sys itself, first at %s, so "
		    "the application pool behind it is stopped.", stopped,
		    place_count((int64_t)all, "answer").s, first->at);
		return VERDICT_FAIL;
	}
	if (in->who->identity != IDENTITY_EXCHANGE) {
		finding_why(f, "Not known to be Exchange, and no 503 from http.sys.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_why(f, "None of %s is a 503 from http.sys.", place_count((int64_t)all, "answer").s);
	return VERDICT_PASS;
}

const struct rule rule_pool_stopped = {
	.id = "iis-pool-stopped",
	.title = "An application pool of IIS is stopped",
	.group = "health",
	.severity = SEV_HIGH,
	.reference = "https://learn.microsoft.com/troubleshoot/developer/webapps/iis/"
	    "health-diagnostic-performance/http-error-503-service-unavailable",
	.rationale = "When the worker of a path is stopped, http.sys answers 503 in its own name "
	    "(Server: Microsoft-HTTPAPI/2.0). The service is down for everybody. What stands behind "
	    "cannot be identified while every path answers so.",
	.remediation = "Start the application pool that serves the path (MSExchangeOWAAppPool, "
	    "MSExchangeServicesAppPool ...) and read the System log for why it stopped (WAS events "
	    "5002, 5057, 5059).",
	.needs = (const enum fact[]){ FACT_HTTP_STATUS, FACT_COUNT },
	.check = check_pool,
};
