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

#endif
