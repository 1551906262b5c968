/*
 * cert_roots.c - the trusted roots: of a PEM bundle, and where a system keeps
 * its own.
 *
 * To decode a bundle of 140 certificates takes as long as to scan a server, and
 * a chain wants one of them.  So a bundle is an index of names (an X509_LOOKUP)
 * that gives OpenSSL all certificates of the subject it asks for.  A file with
 * anything but plain certificates is left to OpenSSL's own reader.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "base/base64.h"
#include "base/datafile.h"
#include "base/limits.h"
#include "base/text.h"
#include "cert_roots.h"
#include "wire/der.h"

enum {
	BUNDLE_MAX = 16 << 20,
	BUNDLE_LINE = 76,	/* RFC 7468 section 2 has 64 */
	BUNDLE_FEW = 8,		/* so few are read at once: what is broken in one is then told */
};

static const char BEGIN[] = "-----BEGIN ", PLAIN[] = "-----BEGIN CERTIFICATE-----",
    END[] = "-----END CERTIFICATE-----";

struct root {
	const char	*at;		/* its base64 in the text */
	size_t		 len;
	uint32_t	 mark;		/* of its subject */
	bool		 given;		/* it is in the store from the start */
};

struct cert_roots {
	X509_LOOKUP_METHOD *method;
	struct text_buf	 text;
	struct root	*root;
	size_t		 n, cap;
};

struct cert_roots *
cert_roots_new(void)
{
	return text_alloc(sizeof(struct cert_roots));
}

void
cert_roots_free(struct cert_roots *r)
{
	if (r == NULL)
		return;
	X509_LOOKUP_meth_free(r->method);
	text_buf_free(&r->text);
	free(r->root);
	free(r);
}

/* ---- names ---- */

/* Letters and digits of ASCII, in one case; width: bytes of a character. */
static uint32_t
mark_text(struct rd s, size_t width)
{
	uint32_t hash = 2166136261u;	/* FNV-1a */

	while (s.len >= width) {
		uint64_t c = rd_be(&s, width);

		if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			hash = (hash ^ (uint32_t)(c | 0x20)) * 16777619u;
	}
	return hash;
}

/*
 * A number that names have in common which OpenSSL takes for the same: those may
 * differ in case, spaces, type of string and order within an RDN (RFC 5280 section
 * 7.1).  0: nothing can be said, the names themselves must be compared.
 */
static uint32_t
mark_name(struct rd name)
{
	static const struct { unsigned tag; size_t width; } strings[] = {
		{ 0x0c, 1 }, { 0x13, 1 }, { 0x14, 1 }, { 0x16, 1 }, { 0x1a, 1 },
		{ 0x1e, 2 }, { 0x1c, 4 },	/* BMPString, UniversalString */
	};
	uint32_t sum = 1;

	while (rd_more(&name)) {
		struct rd set = der_enter(&name, 0x31);

		while (rd_more(&set)) {
			struct rd pair = der_enter(&set, 0x30), value;
			unsigned tag = 0x20;

			(void)der_enter(&pair, 0x06);
			if (!der_next(&pair, &tag, &value) || (tag & 0x20) != 0)
				return 0;
			for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
				if (strings[i].tag == tag)
					sum += mark_text(value, strings[i].width);
		}
		if (set.bad)
			return 0;
	}
	return name.bad ? 0 : sum;
}

/* The contents of the subject of a certificate (RFC 5280 section 4.1); bad when it is none. */
static struct rd
subject_of(struct rd der)
{
	struct rd whole = der_enter(&der, 0x30), tbs = der_enter(&whole, 0x30), name, part;
	unsigned tag = 0;

	if (der_next(&tbs, &tag, &part) && tag == 0xa0)		/* the version; then the serial */
		(void)der_enter(&tbs, 0x02);
	for (int i = 0; i < 3; i++)		/* signature, issuer, validity */
		(void)der_enter(&tbs, 0x30);
	name = der_enter(&tbs, 0x30);
	(void)der_enter(&tbs, 0x30);		/* the key */
	(void)der_enter(&whole, 0x30);
	(void)der_enter(&whole, 0x03);
	name.bad = name.bad || tbs.bad || whole.bad || whole.len != 0 || der.bad || der.len != 0;
	return name;
}

/* ---- the bundle ---- */

/* The lines up to the end line without their breaks, decoded. */
static bool
decode(const char *at, size_t len, uint8_t *der, size_t cap, size_t *n)
{
	char flat[LIMIT_CERT_DER / 3 * 4 + 4];
	size_t used = 0;

	for (const char *stop = at + len; at < stop; at++) {
		const char *end = memchr(at, '\n', (size_t)(stop - at));
		size_t line = (size_t)((end != NULL ? end : stop) - at);

		if (line > 0 && at[line - 1] == '\r')
			line--;
		if (line == 0 || line > BUNDLE_LINE || used + line > sizeof(flat))
			return false;
		memcpy(flat + used, at, line);
		used += line;
		at = end != NULL ? end : stop;
	}
	return base64_decode(flat, used, der, cap, n);
}

static bool
is_line(const char *s, const char *what)
{
	/* With the end of the text, which strchr() finds too. */
	return text_starts(s, what) && strchr("\r\n", s[strlen(what)]) != NULL;
}

/* One certificate whose first line starts at *s; *s is then behind its last one. */
static bool
index_one(struct cert_roots *r, const char **s)
{
	uint8_t der[LIMIT_CERT_DER];
	const char *at = strchr(*s, '\n'), *end;
	struct rd name;
	size_t n;

	if (!is_line(*s, PLAIN) || at == NULL || (end = strstr(at, "\n-----")) == NULL ||
	    !is_line(end + 1, END) || !decode(at + 1, (size_t)(end - at), der, sizeof(der), &n))
		return false;
	name = subject_of(rd_init(der, n));
	if (name.bad)
		return false;
	if (r->n == r->cap) {
		r->cap = r->cap != 0 ? 2 * r->cap : 64;
		r->root = text_grow(r->root, r->cap, sizeof(*r->root));
	}
	r->root[r->n++] = (struct root){ .at = at + 1, .len = (size_t)(end - at),
		.mark = mark_name(name) };
	*s = end + 1 + strlen(END);
	return true;
}

/* False when it is not a bundle of plain certificates, from its first byte to its last. */
static bool
index_all(struct cert_roots *r)
{
	const char *s = r->text.s;

	if (r->text.len == 0 || r->text.len > BUNDLE_MAX || strlen(s) != r->text.len)
		return false;
	while (s != NULL) {
		/* Other lines are remarks, such as the name of the one that follows. */
		if (text_starts(s, BEGIN) && !index_one(r, &s))
			return false;
		s = strchr(s, '\n');
		s = s != NULL ? s + 1 : NULL;
	}
	return r->n > BUNDLE_FEW;
}

/* NULL: whatever its name is. */
static void
give(X509_STORE *x, const struct root *root, const X509_NAME *name)
{
	uint8_t der[LIMIT_CERT_DER];
	const unsigned char *at = der;
	size_t n = 0;
	X509 *cert = decode(root->at, root->len, der, sizeof(der), &n) ? d2i_X509(NULL, &at, (long)n) : NULL;

	if (cert != NULL && (name == NULL || X509_NAME_cmp(X509_get_subject_name(cert), name) == 0))
		(void)X509_STORE_add_cert(x, cert);
	X509_free(cert);
}

/*
 * Where several may have one name OpenSSL chooses among those in the store, and a
 * second thread must not find there the first of them alone: they are given at once.
 */
static void
give_twins(struct cert_roots *r, X509_STORE *x)
{
	for (size_t i = 0; i < r->n; i++) {
		bool twin = r->root[i].mark == 0;

		for (size_t k = 0; k < r->n && !twin; k++)
			twin = k != i && r->root[k].mark == r->root[i].mark;
		r->root[i].given = twin;
	}
	for (size_t i = 0; i < r->n; i++)
		if (r->root[i].given)
			give(x, &r->root[i], NULL);
}

/* The first of that name in the store; whoever asked counts its own reference. */
static int
take(X509_STORE *x, const X509_NAME *name, X509_OBJECT *out)
{
	X509_OBJECT *o;
	X509 *found = NULL;

	(void)X509_STORE_lock(x);
	o = X509_OBJECT_retrieve_by_subject(X509_STORE_get0_objects(x), X509_LU_X509, name);
	if (o != NULL && X509_OBJECT_set1_X509(out, X509_OBJECT_get0_X509(o)) == 1) {
		found = X509_OBJECT_get0_X509(o);
		X509_free(found);	/* the store still has one */
	}
	(void)X509_STORE_unlock(x);
	return found != NULL;
}

static int
by_subject(X509_LOOKUP *l, X509_LOOKUP_TYPE type, const X509_NAME *name, X509_OBJECT *out)
{
	const struct cert_roots *r = X509_LOOKUP_get_method_data(l);
	X509_STORE *x = X509_LOOKUP_get_store(l);
	const unsigned char *der = NULL;
	size_t len = 0;
	struct rd all;
	uint32_t mark = 0;

	if (type != X509_LU_X509)
		return 0;
	if (X509_NAME_get0_der(name, &der, &len) == 1) {
		all = rd_init(der, len);
		mark = mark_name(der_enter(&all, 0x30));
	}
	for (size_t i = 0; i < r->n; i++)
		if (!r->root[i].given && (mark == 0 || r->root[i].mark == mark))
			give(x, &r->root[i], name);
	return take(x, name, out);
}

bool
cert_roots_add(struct cert_roots *r, X509_STORE *x, const char *path)
{
	X509_LOOKUP *l;

	text_buf_free(&r->text);
	r->n = 0;
	if (!datafile_read(path, BUNDLE_MAX, &r->text))
		return false;
	if (!index_all(r))
		return X509_STORE_load_file(x, path) == 1;
	give_twins(r, x);
	r->method = X509_LOOKUP_meth_new("bundle");
	if (r->method == NULL || X509_LOOKUP_meth_set_get_by_subject(r->method, by_subject) != 1)
		return false;
	l = X509_STORE_add_lookup(x, r->method);
	return l != NULL && X509_LOOKUP_set_method_data(l, r) == 1;
}

/* ---- the system's ---- */

/* How many names such as 5ed36f99.0 a directory holds: then it is a hashed one. */
static size_t
count_hashed(const char *path)
{
	DIR *d = opendir(path);
	const struct dirent *e;
	size_t n = 0;

	if (d == NULL)
		return 0;
	while ((e = readdir(d)) != NULL)
		n += strspn(e->d_name, "0123456789abcdef") == 8 && e->d_name[8] == '.' &&
		    e->d_name[9 + strspn(e->d_name + 9, "0123456789")] == '\0';
	(void)closedir(d);
	return n;
}

/* How many entries a file has.  Nothing of it is kept: memory costs more than reading. */
static size_t
count_begun(const char *path)
{
	const size_t mark = strlen(BEGIN);
	FILE *f = fopen(path, "rb");
	char block[32769];
	size_t n, kept = 0, count = 0;

	while (f != NULL && (n = fread(block + kept, 1, sizeof(block) - 1 - kept, f)) > 0) {
		n += kept;
		block[n] = '\0';
		for (const char *s = block; (s = strstr(s, BEGIN)) != NULL; s += mark)
			count++;
		/* A mark may go on in the next block. */
		kept = n < mark - 1 ? n : mark - 1;
		memmove(block, block + n - kept, kept);
	}
	if (f != NULL)
		(void)fclose(f);
	return count;
}

/* Is that the system's own bundle, in the directory that it is made of? */
static bool
lies_in(const char *file, const char *dir)
{
	char own[PATH_MAX], named[PATH_MAX], folder[PATH_MAX];
	size_t n;

	if (realpath(X509_get_default_cert_file(), own) == NULL || realpath(file, named) == NULL ||
	    realpath(dir, folder) == NULL || strcmp(own, named) != 0)
		return false;
	n = strlen(folder);
	return strncmp(own, folder, n) == 0 && own[n] == '/' && strchr(own + n + 1, '/') == NULL;
}

/*
 * Both count, the file first, as everywhere: X509_STORE_set_default_paths(3).  A system
 * has the same roots in both, and then the directory is enough; where somebody added
 * one to the bundle alone, the numbers differ.
 */
static bool
add_file(struct cert_roots *r, X509_STORE *x, const char *file, const char *dir)
{
	size_t n = lies_in(file, dir) ? count_begun(file) : 0;

	return (n != 0 && n == count_hashed(dir)) || cert_roots_add(r, x, file);
}

static void
add_directory(X509_STORE *x, const char *path)
{
	X509_LOOKUP *l = X509_STORE_add_lookup(x, X509_LOOKUP_hash_dir());

	if (l != NULL)
		(void)X509_LOOKUP_add_dir(l, path, X509_FILETYPE_PEM);
}

/* Where systems have them for which this OpenSSL was not built. */
static void
elsewhere(struct cert_roots *r, X509_STORE *x)
{
	static const char *const dirs[] = { "/etc/ssl/certs", "/etc/pki/tls/certs" };
	static const char *const files[] = {
		"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem",
	};

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (count_hashed(dirs[i]) != 0) {
			add_directory(x, dirs[i]);
			return;
		}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (cert_roots_add(r, x, files[i]))
			return;
}

void
cert_roots_system(struct cert_roots *r, X509_STORE *x)
{
	const char *dir = getenv(X509_get_default_cert_dir_env());
	const char *file = getenv(X509_get_default_cert_file_env());
	bool told = dir != NULL || file != NULL, any;

	if (dir == NULL)
		dir = X509_get_default_cert_dir();
	if (file == NULL)
		file = X509_get_default_cert_file();
	any = add_file(r, x, file, dir);
	if (told || any || count_hashed(dir) != 0)
		add_directory(x, dir);
	else
		elsewhere(r, x);
}
