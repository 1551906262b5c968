/* sha256.h - the hash that names a table of builds. */
#ifndef EXVET_SHA256_H
#define EXVET_SHA256_H

#include <stddef.h>

/* 64 lower-case hex digits and a NUL. */
void	sha256_hex(const void *, size_t, char out[65]);

#endif
