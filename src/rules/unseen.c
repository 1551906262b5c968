/* unseen.c - the rule that says what no scan of the network can see. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rules/table.h"
#include "unseen.h"

static enum verdict
check(const struct rule_in *in, struct finding *f)
{
	/* A quick scan is for very many: there the program's own list must do. */
	bool list = strcmp(in->result->profile, "quick") != 0;

	for (size_t i = 0; list && unseen_table[i].what != NULL; i++) {
		const struct unseen *u = &unseen_table[i];
		bool check = u->check[0] != '\0';
		char *s = text_printf("%s: %s%s%s%s", u->what, u->command, check ? " (HealthChecker: " : "",
		    u->check, check ? ")" : "");

		finding_list(f, UNSEEN_LIST, s);
		free(s);
	}
	finding_number(f, "count", (int64_t)unseen_count());
	finding_why(f, "%zu things cannot be seen from the network: %s, %s, %s, %s and others; exvet list unseen "
	    "names each, with the command or the HealthChecker check that answers it.", unseen_count(),
	    unseen_table[0].what, unseen_table[1].what, unseen_table[7].what, unseen_table[9].what);
	return VERDICT_NOT_OBSERVABLE;
}

const struct rule rule_unseen = {
	.id = UNSEEN_RULE,
	.title = "What no scan of the network can see",
	.group = "health",
	.severity = SEV_INFO,
	.reference = "https://aka.ms/ExchangeHealthChecker",
	.rationale = "A scan without an account sees the front door. What stands behind it is neither good nor "
	    "bad by this report: it is not judged.",
	.remediation = "Run HealthChecker.ps1 on a server, and the commands that exvet list unseen names.",
	.needs_exchange = true,
	.check = check,
};
