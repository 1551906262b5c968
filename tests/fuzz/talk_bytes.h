/* talk_bytes.h - any bytes as what the peers of a wire probe say. */
#ifndef EXVET_TALK_BYTES_H
#define EXVET_TALK_BYTES_H

#include <stdint.h>

#include "probe.h"

/*
 * The first byte: how the connections end, and the port; the second: the size
 * of the pieces.  Then what is said, cut into connections at DE AD BE EF.
 * Whole and in pieces must tell the same, and only what the probe gives.
 */
void	talk_bytes(const struct probe *, const uint8_t *, size_t);

#endif
