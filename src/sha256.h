/* sha256.h - SHA-256: names tables and inputs, and allows a page its own script. */
#ifndef EXVET_SHA256_H
#define EXVET_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 64 lower-case hex digits and a NUL. */
void	sha256_hex(const void *, size_t, char out[65]);
void	sha256_raw(const void *, size_t, uint8_t out[32]);

/* Of a whole file, which may be large; false and "" when it cannot be read. */
bool	sha256_file(const char *path, char out[65]);

#endif
