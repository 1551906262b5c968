/* post.c - documents posted to an HTTPS server by a thread of its own. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/curl_lib.h"
#include "net/post.h"

enum {
	POST_QUEUE = 1024,	/* documents that wait at most */
	POST_DEAF = 3,		/* failures to reach the server in a row after which it is given up */
	POST_REPLY = 4096,	/* bytes of a reply that are kept, for the message */
};

struct post {
	pthread_t	 thread;
	pthread_mutex_t	 lock;
	pthread_cond_t	 changed;
	char		*queue[POST_QUEUE];
	size_t		 head, n;
	bool		 closing;
	/* the thread's own */
	struct curl_lib	*curl;
	CURL		*easy;
	struct curl_slist *headers;
	char		 reply[POST_REPLY];
	size_t		 reply_len;
	char		 error[CURL_ERROR_SIZE];
	unsigned	 deaf;
	struct post_outcome outcome;
};

static size_t
on_reply(char *p, size_t size, size_t n, void *arg)
{
	struct post *post = arg;
	size_t room = POST_REPLY - 1 - post->reply_len, take = size * n < room ? size * n : room;

	memcpy(post->reply + post->reply_len, p, take);
	post->reply_len += take;
	post->reply[post->reply_len] = '\0';
	return size * n;
}

static const char *
status_word(long status)
{
	static const struct {
		long status;
		const char *word;
	} words[] = {
		{ 401, "user or password is refused" },
		{ 403, "the user lacks the permission" },
		{ 404, "there is no such object" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].status == status)
			return words[i].word;
	return "is not taken";
}

static void
note_failure(struct post *p, const char *body, const char *why)
{
	char shown[160];

	if (p->outcome.failed++ > 0)
		return;
	(void)text_printable(shown, sizeof(shown), body, strlen(body) < 70 ? strlen(body) : 70);
	(void)snprintf(p->outcome.why, sizeof(p->outcome.why), "%.120s (%.110s...)", why, shown);
}

static void
send_one(struct post *p, const char *body)
{
	long status = 0;
	char why[64];
	CURLcode code;

	if (p->deaf >= POST_DEAF) {
		note_failure(p, body, "given up");
		return;
	}
	p->reply_len = 0;
	p->error[0] = '\0';
	(void)p->curl->easy_setopt(p->easy, CURLOPT_POSTFIELDS, body);
	(void)p->curl->easy_setopt(p->easy, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
	code = p->curl->easy_perform(p->easy);
	if (code != CURLE_OK) {
		p->deaf++;
		note_failure(p, body, p->error[0] != '\0' ? p->error : p->curl->easy_strerror(code));
		return;
	}
	p->deaf = 0;
	(void)p->curl->easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200) {
		p->outcome.sent++;
		return;
	}
	(void)snprintf(why, sizeof(why), "HTTP %ld: %s", status, status_word(status));
	note_failure(p, body, why);
}

static void *
work(void *arg)
{
	struct post *p = arg;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		char *body;

		while (p->n == 0 && !p->closing)
			(void)pthread_cond_wait(&p->changed, &p->lock);
		if (p->n == 0)
			break;
		body = p->queue[p->head];
		p->head = (p->head + 1) % POST_QUEUE;
		p->n--;
		(void)pthread_cond_broadcast(&p->changed);
		pthread_mutex_unlock(&p->lock);
		send_one(p, body);
		free(body);
		pthread_mutex_lock(&p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* The certificate is verified, redirects and the environment's proxies are not used. */
static bool
set_up(struct post *p, const struct post_options *o)
{
	static const struct { CURLoption option; long value; } longs[] = {
		{ CURLOPT_NOSIGNAL, 1 }, { CURLOPT_SSL_VERIFYPEER, 1 }, { CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
		{ CURLOPT_FOLLOWLOCATION, 0 }, { CURLOPT_HTTPAUTH, CURLAUTH_BASIC },
		{ CURLOPT_CONNECTTIMEOUT, 10 }, { CURLOPT_TIMEOUT, 30 }, { CURLOPT_POST, 1 },
		{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	};
	bool ok = true;

	p->headers = p->curl->slist_append(p->headers, "Accept: application/json");
	p->headers = p->curl->slist_append(p->headers, "Content-Type: application/json");
	p->headers = p->curl->slist_append(p->headers, "Expect:");
	for (size_t i = 0; i < sizeof(longs) / sizeof(longs[0]); i++)
		ok = ok && p->curl->easy_setopt(p->easy, longs[i].option, longs[i].value) == CURLE_OK;
	return ok && p->headers != NULL &&
	    p->curl->easy_setopt(p->easy, CURLOPT_URL, o->url) == CURLE_OK &&
	    p->curl->easy_setopt(p->easy, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
	    p->curl->easy_setopt(p->easy, CURLOPT_PROXY, "") == CURLE_OK &&
	    p->curl->easy_setopt(p->easy, CURLOPT_USERNAME, o->user) == CURLE_OK &&
	    p->curl->easy_setopt(p->easy, CURLOPT_PASSWORD, o->password) == CURLE_OK &&
	    p->curl->easy_setopt(p->easy, CURLOPT_USERAGENT, o->user_agent) == CURLE_OK &&
	    p->curl->easy_setopt(p->easy, CURLOPT_HTTPHEADER, p->headers) == CURLE_OK &&
	    p->curl->easy_setopt(p->easy, CURLOPT_ERRORBUFFER, p->error) == CURLE_OK &&
	    p->curl->easy_setopt(p->easy, CURLOPT_WRITEFUNCTION, on_reply) == CURLE_OK &&
	    p->curl->easy_setopt(p->easy, CURLOPT_WRITEDATA, p) == CURLE_OK &&
	    (o->ca_file == NULL ||
	    p->curl->easy_setopt(p->easy, CURLOPT_CAINFO, o->ca_file) == CURLE_OK);
}

static void
post_free(struct post *p)
{
	if (p->easy != NULL)
		p->curl->easy_cleanup(p->easy);
	p->curl->slist_free_all(p->headers);
	(void)pthread_cond_destroy(&p->changed);
	(void)pthread_mutex_destroy(&p->lock);
	curl_lib_close(p->curl);
	free(p);
}

struct post *
post_open(const struct post_options *o)
{
	struct curl_lib *curl = curl_lib_open();
	struct post *p;

	if (curl == NULL)
		return NULL;
	p = text_alloc(sizeof(*p));
	p->curl = curl;
	(void)pthread_mutex_init(&p->lock, NULL);
	(void)pthread_cond_init(&p->changed, NULL);
	p->easy = p->curl->easy_init();
	if (p->easy != NULL && set_up(p, o) && pthread_create(&p->thread, NULL, work, p) == 0)
		return p;
	post_free(p);
	return NULL;
}

void
post_add(struct post *p, char *body)
{
	pthread_mutex_lock(&p->lock);
	while (p->n == POST_QUEUE)
		(void)pthread_cond_wait(&p->changed, &p->lock);
	p->queue[(p->head + p->n++) % POST_QUEUE] = body;
	(void)pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

void
post_close(struct post *p, struct post_outcome *out)
{
	pthread_mutex_lock(&p->lock);
	p->closing = true;
	(void)pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	(void)pthread_join(p->thread, NULL);
	*out = p->outcome;
	post_free(p);
}
