/* base64.h - base64 of RFC 4648 section 4, read strictly. */
#ifndef EXVET_BASE64_H
#define EXVET_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whole groups of four with their padding, nothing else: no white space, no
 * byte of another alphabet, no bits behind the last byte.  *out_len bytes were
 * written, never more than cap; false leaves *out_len alone.
 */
bool	base64_decode(const char *, size_t, uint8_t *out, size_t cap, size_t *out_len);
/* With NUL; false when cap is too small. */
bool	base64_encode(const uint8_t *, size_t, char *out, size_t cap);

#endif
