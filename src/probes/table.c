/* table.c - the probes, in run order. */
#include <stddef.h>

#include "probes/table.h"

const struct probe *const probe_table[] = {
	&probe_owa,
	NULL
};
