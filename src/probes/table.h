/* table.h - every probe by its own name, for the table and for tests. */
#ifndef EXVET_PROBES_TABLE_H
#define EXVET_PROBES_TABLE_H

#include "probe.h"

extern const struct probe probe_owa;

#endif
