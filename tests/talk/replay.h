/*
 * replay.h - run a probe over a recorded conversation, without a network.
 *
 * Bytes are put so that they end where a page begins that nobody may touch, so
 * a read behind the end dies at once, with a sanitizer or without.  A byte
 * probe hears its peer whole, by threes and byte by byte; all three must tell
 * the same.
 */
#ifndef EXVET_REPLAY_H
#define EXVET_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "probe.h"

/* A copy of the bytes that ends at a guard page; until the next call. */
const uint8_t *replay_fenced(const void *, size_t);

/* One connection of a byte conversation: what the peer sends on it. */
struct replay_line {
	struct text_buf	 bytes;
	bool		 hangup;	/* the peer closes after it */
	bool		 tls_fails;	/* a handshake that the probe asks for does not succeed */
	const char	*ended_by;	/* why it is over, with hangup; NULL: close */
};

/*
 * Let a byte probe hear the peer, step bytes at a time.  sent gets everything
 * that the probe asked.  Facts go to talk->obs.
 */
enum heard replay_bytes(const struct probe *, struct talk *, const struct replay_line *,
	    size_t nlines, size_t step, struct text_buf *sent);

/*
 * Replay one file of tests/talk and compare.  The number of expectations that
 * it held; what failed is added to why, one line each.
 */
size_t	replay_file(const char *path, struct text_buf *why);

#endif
