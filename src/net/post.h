/*
 * post.h - documents posted to an HTTPS server by a thread of its own, so that
 * a slow server never holds up a scan.
 */
#ifndef EXVET_NET_POST_H
#define EXVET_NET_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct post;

struct post_options {
	const char	*url;		/* https:// */
	const char	*user, *password;
	const char	*ca_file;	/* NULL: the system's */
	const char	*user_agent;
};

/* What became of it.  The first failure speaks: what was posted, and why not. */
struct post_outcome {
	uint64_t	 sent, failed;
	char		 why[256];
};

struct post *post_open(const struct post_options *);	/* NULL: the library refuses */
/* Takes a document, JSON; may wait for a slow server when many are queued. */
void	post_add(struct post *, char *body);
void	post_close(struct post *, struct post_outcome *);	/* waits for all */

#endif
