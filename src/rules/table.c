/* table.c - every rule, in report order.  A new rule: one line here, one in table.h. */
#include <stddef.h>

#include "rules/table.h"

const struct rule *const rule_table[] = {
	/* what answers, and how sure we are */
	&rule_identity,
	&rule_decoy,
	&rule_preauth,
	&rule_build_unknown,
	&rule_build_witness,
	&rule_build_range,
	&rule_build_contradiction,
	&rule_pool,
	&rule_build_not_in_table,
	&rule_build_newer,
	&rule_table_stale,
	/* what is missing */
	&rule_cve_kev,
	&rule_su_missing,
	&rule_cu_outdated,
	&rule_unsupported,
	&rule_cve_open,
	&rule_cve_presumed,
	&rule_cve_undecidable,
	&rule_cve_config,
	&rule_mitigation,
	&rule_backdoor,
	&rule_enforcement,
	&rule_coexistence,
	&rule_hu_available,
	&rule_next_step,
	/* what is broken */
	&rule_owa_broken,
	&rule_pool_stopped,
	NULL
};
