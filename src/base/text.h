/*
 * text.h - memory that is there or the program ends, and small text helpers.
 */
#ifndef EXVET_TEXT_H
#define EXVET_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit status when memory runs out; check_exchange sets 3 (UNKNOWN), else 4. */
extern int text_oom_status;

void	*text_alloc(size_t);			/* zeroed, never NULL */
void	*text_grow(void *, size_t n, size_t size);	/* realloc of n * size, checked */
char	*text_dup(const char *);
char	*text_dup_n(const char *, size_t);
char	*text_printf(const char *, ...) __attribute__((format(printf, 1, 2)));
char	*text_vprintf(const char *, va_list);

bool	 text_starts(const char *, const char *prefix);		/* bytes */
bool	 text_starts_nocase(const char *, const char *prefix);	/* ASCII */
bool	 text_eq_nocase(const char *, const char *);		/* ASCII */
/* Is the word, which must not be empty, one of a list with that separator? */
bool	 text_lists(const char *list, const char *word, char separator);
const char *text_find_nocase(const char *hay, size_t len, const char *needle);

/*
 * Write peer bytes as printable UTF-8: invalid UTF-8, control bytes (also
 * C1, U+2028/2029, bidirectional overrides) become \xNN per byte and a
 * backslash stays itself.  At most cap-1 bytes and a NUL; true when it fitted.
 */
bool	 text_printable(char *out, size_t cap, const void *in, size_t len);

/* A decimal number, whole string, within min..max. */
bool	 text_number(const char *, int64_t min, int64_t max, int64_t *out);

/* A string that grows; zeroed is empty.  buf->s is NULL until something came. */
struct text_buf {
	char	*s;
	size_t	 len, cap;
};
void	 text_buf_add(struct text_buf *, const void *, size_t);
void	 text_buf_str(struct text_buf *, const char *);
void	 text_buf_printf(struct text_buf *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));
void	 text_buf_free(struct text_buf *);

#endif
