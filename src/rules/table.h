/* table.h - every rule descriptor of rules/, for table.c and the files that define them. */
#ifndef EXVET_RULES_TABLE_H
#define EXVET_RULES_TABLE_H

#include "rule.h"

/* who.c */
extern const struct rule rule_identity, rule_preauth, rule_decoy;
/* build.c */
extern const struct rule rule_build_unknown, rule_build_range, rule_build_contradiction,
    rule_build_witness, rule_build_not_in_table, rule_build_newer, rule_pool;
/* stale.c */
extern const struct rule rule_table_stale;
/* patch.c */
extern const struct rule rule_su_missing, rule_cu_outdated, rule_hu_available;
/* step.c */
extern const struct rule rule_next_step;
/* support.c */
extern const struct rule rule_unsupported, rule_enforcement, rule_coexistence;
/* cve.c */
extern const struct rule rule_cve_kev, rule_cve_open, rule_cve_presumed, rule_cve_undecidable,
    rule_cve_config;
/* trace.c */
extern const struct rule rule_mitigation, rule_backdoor;
/* health.c */
extern const struct rule rule_owa_broken, rule_pool_stopped;
/* baseline.c */
extern const struct rule rule_tls_baseline;
/* tls.c */
extern const struct rule rule_tls_ssl, rule_tls_10, rule_tls_11, rule_tls_12, rule_tls_broken,
    rule_tls_legacy, rule_tls_static, rule_tls_cbc;
/* tls_key.c */
extern const struct rule rule_tls_exchange, rule_tls_curves, rule_tls_protection, rule_tls_13,
    rule_tls_13_unsupported, rule_tls_foreign, rule_tls_same;
/* cert.c */
extern const struct rule rule_cert_dates, rule_cert_soon, rule_cert_lifetime, rule_cert_name,
    rule_cert_trust, rule_cert_weak, rule_cert_same, rule_hsts;
/* smb.c */
extern const struct rule rule_smb_required, rule_smb_disabled, rule_smb1, rule_smb_encryption, rule_smb_old,
    rule_smb_reachable;
/* mail.c */
extern const struct rule rule_smtp_auth, rule_smtp_missing, rule_smtp_broken, rule_mailbox_broken, rule_smtp_leak, rule_mailbox_leak,
    rule_smtp_ntlm, rule_smtp_unavailable, rule_imap_plain, rule_pop_plain, rule_imap_reachable,
    rule_pop_reachable, rule_mail_masked;
/* ntlm.c */
extern const struct rule rule_windows, rule_skew;

/* auth.c */
extern const struct rule rule_auth_basic, rule_auth_ntlm, rule_auth_basic_plain, rule_auth_modern,
    rule_auth_default, rule_auth_policy;
/* relay.c */
extern const struct rule rule_ep, rule_relay;
/* webview.c */
extern const struct rule rule_directories;
/* exposure.c */
extern const struct rule rule_ecp, rule_powershell, rule_backend, rule_plain, rule_internal, rule_names,
    rule_cookies, rule_headers;
/* pool.c */
extern const struct rule rule_pool_members, rule_pool_out, rule_pool_differ;
/* state.c */
extern const struct rule rule_protocol_out, rule_all_out, rule_slow;
/* unseen.c */
extern const struct rule rule_unseen;
/* import.c */
extern const struct rule rule_import_differs;
/* waiver.c */
extern const struct rule rule_waiver_ended, rule_build_not_allowed;

#endif
