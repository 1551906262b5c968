/* table.c - the reporters, in the order in which they are listed. */
#include <stddef.h>

#include "report.h"

const struct reporter *const report_table[] = {
	NULL
};
