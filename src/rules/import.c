/* import.c - a rule that the network alone cannot answer: src/import_judge.c does. */
#include "rules/place.h"
#include "rules/table.h"

static enum verdict
check_differs(const struct rule_in *in, struct finding *f)
{
	(void)in;
	finding_why(f, "Nothing was imported about this server.");
	return VERDICT_NOT_APPLICABLE;
}

const struct rule rule_import_differs = {
	.id = "import-differs",
	.title = "The server says of itself what the network does not see",
	.group = "identity",
	.severity = SEV_MEDIUM,
	.reference = "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/",
	.rationale = "HealthChecker runs on the server with an account, the scan from outside. When they "
	    "differ, one is old, or another machine answers for the name, or something in front "
	    "changes what is seen.",
	.remediation = "Run both again on the same day; look at which machine answers for the name.",
	.check = check_differs,
};
