/*
 * late.h - a library that is loaded when it is needed.
 *
 * For those that few runs need and that bring many others with them, so that to
 * bind them would cost every run more than its own work.  configure
 * --disable-late-libraries links them as usual; their users are the same.
 */
#ifndef EXVET_BASE_LATE_H
#define EXVET_BASE_LATE_H

#include <stdbool.h>
#include <stddef.h>

/* A function of the library, and where the pointer to it goes in its user's struct. */
struct late_call {
	const char	*name;
	size_t		 at;
};

/*
 * Load the library of that name, as the dynamic linker knows it, and set all
 * pointers in *to.  It stays to the end: not all that libraries bring can be
 * unloaded.  False when it or a function is not there; *why tells, until the
 * next call.
 */
bool	late_load(const char *library, const struct late_call *, size_t n, void *to, const char **why);

#endif
