/*
 * curl_lib.h - libcurl, loaded when the first request is prepared.
 *
 * It brings some thirty libraries with it (LDAP, Kerberos, GnuTLS, SSH), and
 * binding them takes longer than a whole enumeration of TLS (base/late.h).
 */
#ifndef EXVET_NET_CURL_LIB_H
#define EXVET_NET_CURL_LIB_H

#include <curl/curl.h>

/* Every function of libcurl that is used: CALL(name behind "curl_"). */
#define CURL_LIB_CALLS(CALL) \
	CALL(global_init) CALL(global_cleanup) \
	CALL(easy_init) CALL(easy_cleanup) CALL(easy_reset) CALL(easy_setopt) \
	CALL(easy_getinfo) CALL(easy_perform) CALL(easy_strerror) \
	CALL(multi_init) CALL(multi_cleanup) CALL(multi_setopt) CALL(multi_assign) \
	CALL(multi_add_handle) CALL(multi_remove_handle) CALL(multi_info_read) \
	CALL(multi_socket_action) \
	CALL(slist_append) CALL(slist_free_all)

/* With the types that curl/curl.h gives them: curl->easy_init() is curl_easy_init(). */
struct curl_lib {
#define CURL_LIB_MEMBER(name) __typeof__(curl_##name) *name;
	CURL_LIB_CALLS(CURL_LIB_MEMBER)
#undef CURL_LIB_MEMBER
};

/*
 * Ready for use; once before any thread that uses it.  NULL: not to be had, and
 * standard error says why.
 */
struct curl_lib *curl_lib_open(void);
void	curl_lib_close(struct curl_lib *);		/* NULL is fine */

#endif
