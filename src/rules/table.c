/* table.c - every rule, in report order.  A new rule: one line here. */
#include <stddef.h>

#include "rule.h"

const struct rule *const rule_table[] = {
	NULL
};
