/*
 * tls_baseline_check.h - one line of a baseline for TLS, held against the
 * observations: a function for each key of [require].
 */
#ifndef EXVET_TLS_BASELINE_CHECK_H
#define EXVET_TLS_BASELINE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "tls_baseline.h"

/* One word of a list; *p moves on.  False at the end. */
bool	tls_baseline_check_word(const char **p, const char **word, size_t *n);

/*
 * value: the words of the line.  what gets the first thing that breaks it or
 * leaves it open.
 */
enum tls_baseline_state tls_baseline_check_versions(const char *value, const struct obs *,
	    char *what, size_t cap);
enum tls_baseline_state tls_baseline_check_offers(const char *value, const struct obs *,
	    char *what, size_t cap);
enum tls_baseline_state tls_baseline_check_suites(const char *value, const struct obs *,
	    char *what, size_t cap);
enum tls_baseline_state tls_baseline_check_groups(const char *value, const struct obs *,
	    char *what, size_t cap);
enum tls_baseline_state tls_baseline_check_one_group(const char *value, const struct obs *,
	    char *what, size_t cap);
enum tls_baseline_state tls_baseline_check_no(const char *value, const struct obs *,
	    char *what, size_t cap);
enum tls_baseline_state tls_baseline_check_dh(const char *value, const struct obs *,
	    char *what, size_t cap);
enum tls_baseline_state tls_baseline_check_life(const char *value, const struct obs *,
	    char *what, size_t cap);
enum tls_baseline_state tls_baseline_check_rsa(const char *value, const struct obs *,
	    char *what, size_t cap);
enum tls_baseline_state tls_baseline_check_keys(const char *value, const struct obs *,
	    char *what, size_t cap);
enum tls_baseline_state tls_baseline_check_signatures(const char *value, const struct obs *,
	    char *what, size_t cap);

#endif
