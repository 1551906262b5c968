/* limits.h - the maxima of limits.def as constants LIMIT_NAME. */
#ifndef EXVET_LIMITS_H
#define EXVET_LIMITS_H

enum limit {
#define LIMIT(id, value, text) LIMIT_##id = (value),
#include "limits.def"
#undef LIMIT
};

#endif
