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
	/* how it speaks TLS */
	&rule_tls_ssl,
	&rule_tls_10,
	&rule_tls_11,
	&rule_tls_12,
	&rule_tls_13,
	&rule_tls_13_unsupported,
	&rule_tls_broken,
	&rule_tls_legacy,
	&rule_tls_static,
	&rule_tls_cbc,
	&rule_tls_exchange,
	&rule_tls_curves,
	&rule_tls_protection,
	&rule_tls_foreign,
	&rule_tls_same,
	&rule_tls_baseline,
	&rule_hsts,
	/* with which certificate */
	&rule_cert_dates,
	&rule_cert_soon,
	&rule_cert_name,
	&rule_cert_trust,
	&rule_cert_weak,
	&rule_cert_lifetime,
	&rule_cert_same,
	/* SMB and Windows */
	&rule_smb_required,
	&rule_smb_disabled,
	&rule_smb1,
	&rule_smb_encryption,
	&rule_smb_reachable,
	&rule_windows,
	&rule_skew,
	NULL
};
