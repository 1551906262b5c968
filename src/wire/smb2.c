/*
 * smb2.c - the first two exchanges of SMB 2 and 3 (MS-SMB2).
 *
 * Places in a message are offsets from its header and are read by rd_at(), so
 * no hostile sum can wrap.
 */
#include "wire/smb2.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	HEADER = 64, RESPONSE = 0x00000001,	/* SMB2_FLAGS_SERVER_TO_REDIR */
	CONTEXT_PREAUTH = 1, CONTEXT_ENCRYPTION = 2, CONTEXT_COMPRESSION = 3, CONTEXT_SIGNING = 8,
	CONTEXTS = 4, CONTEXTS_READ = 32,
};

static const uint8_t magic[4] = { 0xfe, 'S', 'M', 'B' };
static const uint16_t dialects[] = { 0x0202, 0x0210, 0x0300, 0x0302, 0x0311 };
/* Strongest first: the server picks the first that it knows, or its own best. */
static const uint16_t ciphers[] = { 4, 3, 2, 1 };
static const uint16_t signings[] = { 2, 1, 0 };
static const uint16_t compressions[] = { 1, 2, 3, 4, 5 };
/* A client tells its connections apart by it; ours never need to be. */
static const uint8_t client_guid[16] = "exvet-smb-probe";

static void
put_header(struct wr *w, enum smb2_command command, unsigned id)
{
	wr_put(w, magic, sizeof(magic));		/* section 2.2.1.2 */
	wr_u16le(w, HEADER);
	wr_u16le(w, command == SMB2_NEGOTIATE ? 0 : 1);	/* CreditCharge */
	wr_u32le(w, 0);
	wr_u16le(w, command);
	wr_u16le(w, 31);				/* CreditRequest */
	wr_u32le(w, 0);
	wr_u32le(w, 0);
	wr_le(w, id, 8);
	wr_u32le(w, 0xfeff);				/* the process that Windows names */
	wr_u32le(w, 0);
	wr_le(w, 0, 8);
	wr_le(w, 0, 8);					/* Signature */
	wr_le(w, 0, 8);
}

static void
put_list(struct wr *w, const uint16_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		wr_u16le(w, v[i]);
}

static void
pad(struct wr *w, size_t start)
{
	while (!w->full && (w->len - start) % 8 != 0)
		wr_u8(w, 0);
}

/* One context; its length is little-endian, so wr_open() does not fit. */
static void
put_context(struct wr *w, size_t start, unsigned type, const struct wr *data)
{
	pad(w, start);
	wr_u16le(w, type);
	wr_u16le(w, (unsigned)data->len);
	wr_u32le(w, 0);
	wr_put(w, data->p, data->len);
}

static void
put_contexts(struct wr *w, size_t start)
{
	uint8_t buf[64];
	struct wr data = wr_init(buf, sizeof(buf));

	wr_u16le(&data, 1);				/* section 2.2.3.1.1 */
	wr_u16le(&data, 32);
	wr_u16le(&data, 1);				/* SHA-512 */
	for (int i = 0; i < 32; i++)			/* Salt: nothing is ever derived from it */
		wr_u8(&data, (unsigned)i);
	put_context(w, start, CONTEXT_PREAUTH, &data);
	data.len = 0;
	wr_u16le(&data, COUNT(ciphers));
	put_list(&data, ciphers, COUNT(ciphers));
	put_context(w, start, CONTEXT_ENCRYPTION, &data);
	data.len = 0;
	wr_u16le(&data, COUNT(compressions));
	wr_u16le(&data, 0);
	wr_u32le(&data, 1);				/* chained too */
	put_list(&data, compressions, COUNT(compressions));
	put_context(w, start, CONTEXT_COMPRESSION, &data);
	data.len = 0;
	wr_u16le(&data, COUNT(signings));
	put_list(&data, signings, COUNT(signings));
	put_context(w, start, CONTEXT_SIGNING, &data);
}

/* As far as the ClientGuid: what every negotiation begins with (section 2.2.3). */
static void
put_negotiate(struct wr *w, unsigned id, size_t count)
{
	put_header(w, SMB2_NEGOTIATE, id);
	wr_u16le(w, 36);
	wr_u16le(w, (unsigned)count);
	wr_u16le(w, SMB2_SIGNING_ENABLED);
	wr_u16le(w, 0);
	wr_u32le(w, 0x7f);				/* every capability, so that all are told */
	wr_put(w, client_guid, sizeof(client_guid));
}

static void
put_offer(struct wr *w, size_t start, const uint16_t *v, size_t n)
{
	size_t fixed = HEADER + 36, list = n * 2;

	wr_u32le(w, (uint32_t)((fixed + list + 7) / 8 * 8));
	wr_u16le(w, CONTEXTS);
	wr_u16le(w, 0);
	put_list(w, v, n);
	put_contexts(w, start);
}

void
smb2_write_negotiate(struct wr *w)
{
	size_t start = w->len;

	put_negotiate(w, 0, COUNT(dialects));
	put_offer(w, start, dialects, COUNT(dialects));
}

void
smb2_write_single(struct wr *w, size_t i)
{
	size_t start = w->len;

	put_negotiate(w, (unsigned)i, 1);
	if (dialects[i] == SMB2_DIALECT_311) {
		put_offer(w, start, &dialects[i], 1);
		return;
	}
	wr_le(w, 0, 8);					/* ClientStartTime */
	put_list(w, &dialects[i], 1);
}

unsigned
smb2_dialect_at(size_t i)
{
	return i < COUNT(dialects) ? dialects[i] : 0;
}

void
smb2_write_session(struct wr *w, const void *token, size_t len)
{
	put_header(w, SMB2_SESSION_SETUP, 1);
	wr_u16le(w, 25);				/* section 2.2.5 */
	wr_u8(w, 0);
	wr_u8(w, SMB2_SIGNING_ENABLED);
	wr_u32le(w, 1);					/* DFS, the only one allowed here */
	wr_u32le(w, 0);
	wr_u16le(w, HEADER + 24);
	wr_u16le(w, (unsigned)len);
	wr_le(w, 0, 8);
	wr_put(w, token, len);
}

bool
smb2_read_header(struct rd r, struct smb2_header *h)
{
	const uint8_t *mark = rd_take(&r, sizeof(magic));
	unsigned size = rd_u16le(&r);
	uint32_t flags;

	(void)rd_u16le(&r);
	h->status = rd_u32le(&r);
	h->command = rd_u16le(&r);
	(void)rd_u16le(&r);
	flags = rd_u32le(&r);
	(void)rd_take(&r, HEADER - 20);
	return !r.bad && memcmp(mark, magic, sizeof(magic)) == 0 && size == HEADER &&
	    (flags & RESPONSE) != 0;
}

/* FILETIME: tenths of microseconds since 1601-01-01 (MS-DTYP 2.3.3). */
static int64_t
read_time(struct rd *r)
{
	uint64_t t = rd_u64le(r);

	return t == 0 ? INT64_MIN : (int64_t)(t / 10000000) - INT64_C(11644473600);
}

static void
read_context(unsigned type, struct rd r, struct smb2_negotiated *n)
{
	size_t count = rd_u16le(&r);

	/* The same kind twice: the first one counts. */
	if (type == CONTEXT_PREAUTH && n->hash == SMB2_NO_ALGORITHM) {
		(void)rd_u16le(&r);
		n->hash = rd_u16le(&r);
	} else if (type == CONTEXT_ENCRYPTION && n->cipher == SMB2_NO_ALGORITHM) {
		n->cipher = count > 0 ? rd_u16le(&r) : 0;
	} else if (type == CONTEXT_SIGNING && n->signing == SMB2_NO_ALGORITHM) {
		n->signing = rd_u16le(&r);
	} else if (type == CONTEXT_COMPRESSION && !n->has_compression) {
		(void)rd_u16le(&r);
		(void)rd_u32le(&r);
		n->has_compression = !r.bad;
		for (size_t i = 0; i < count && i < SMB2_ALGORITHMS && rd_more(&r); i++) {
			unsigned algorithm = rd_u16le(&r);

			if (!r.bad && algorithm != 0)
				n->compression[n->ncompression++] = algorithm;
		}
	}
	n->odd |= r.bad;
}

static void
read_contexts(struct rd message, size_t at, size_t count, struct smb2_negotiated *n)
{
	struct rd r = message;

	(void)rd_take(&r, at);
	n->odd |= r.bad || count > CONTEXTS_READ;
	for (size_t i = 0; i < count && i < CONTEXTS_READ && !r.bad; i++) {
		unsigned type, len;
		struct rd data;

		if (i > 0)				/* each starts at a multiple of 8 */
			(void)rd_take(&r, (8 - (message.len - r.len - at) % 8) % 8);
		type = rd_u16le(&r);
		len = rd_u16le(&r);
		(void)rd_u32le(&r);
		data = rd_sub(&r, len);
		n->odd |= r.bad;
		if (!r.bad)
			read_context(type, data, n);
	}
}

bool
smb2_read_negotiated(struct rd message, struct smb2_negotiated *n)
{
	struct rd r = message;
	const uint8_t *guid;
	size_t contexts, at, len, context_at;
	unsigned size;

	*n = (struct smb2_negotiated){ .hash = SMB2_NO_ALGORITHM, .cipher = SMB2_NO_ALGORITHM,
	    .signing = SMB2_NO_ALGORITHM };
	(void)rd_take(&r, HEADER);
	size = rd_u16le(&r);				/* section 2.2.4 */
	n->mode = rd_u16le(&r);
	n->dialect = rd_u16le(&r);
	contexts = rd_u16le(&r);
	guid = rd_take(&r, sizeof(n->guid));
	n->capabilities = rd_u32le(&r);
	(void)rd_take(&r, 12);				/* MaxTransactSize, -ReadSize, -WriteSize */
	n->time = read_time(&r);
	n->started = read_time(&r);
	at = rd_u16le(&r);
	len = rd_u16le(&r);
	context_at = rd_u32le(&r);
	if (r.bad || size != 65)
		return false;
	memcpy(n->guid, guid, sizeof(n->guid));
	if (len > 0) {
		n->token = rd_at(message, at, len);
		n->odd |= n->token.bad;
	}
	if (n->dialect == SMB2_DIALECT_311)
		read_contexts(message, context_at, contexts, n);
	return true;
}

bool
smb2_read_session(struct rd message, struct rd *token)
{
	struct rd r = message;
	unsigned size;
	size_t at, len;

	(void)rd_take(&r, HEADER);
	size = rd_u16le(&r);				/* section 2.2.6 */
	(void)rd_u16le(&r);
	at = rd_u16le(&r);
	len = rd_u16le(&r);
	if (r.bad || size != 9)
		return false;
	*token = rd_at(message, at, len);
	return !token->bad;
}

static const struct number_name { uint32_t number; const char *name; }
dialect_names[] = {
	{ 0x0202, "2.0.2" }, { 0x0210, "2.1" }, { 0x0300, "3.0" }, { 0x0302, "3.0.2" },
	{ 0x0311, "3.1.1" }, { SMB2_DIALECT_WILDCARD, "2.???" },
}, cipher_names[] = {
	{ 0, "none" }, { 1, "AES-128-CCM" }, { 2, "AES-128-GCM" }, { 3, "AES-256-CCM" },
	{ 4, "AES-256-GCM" },
}, signing_names[] = {
	{ 0, "HMAC-SHA256" }, { 1, "AES-CMAC" }, { 2, "AES-GMAC" },
}, hash_names[] = {
	{ 1, "SHA-512" },
}, compression_names[] = {
	{ 1, "LZNT1" }, { 2, "LZ77" }, { 3, "LZ77+Huffman" }, { 4, "Pattern_V1" }, { 5, "LZ4" },
}, capability_names[] = {
	{ 0, "dfs" }, { 1, "leasing" }, { 2, "large-mtu" }, { 3, "multi-channel" },
	{ 4, "persistent-handles" }, { 5, "directory-leasing" }, { 6, "encryption" },
	{ 7, "notifications" },
}, status_names[] = {
	{ 0xc000000d, "STATUS_INVALID_PARAMETER" }, { 0xc0000022, "STATUS_ACCESS_DENIED" },
	{ 0xc000005e, "STATUS_NO_LOGON_SERVERS" }, { 0xc000006d, "STATUS_LOGON_FAILURE" },
	{ 0xc00000bb, "STATUS_NOT_SUPPORTED" }, { 0xc000009a, "STATUS_INSUFFICIENT_RESOURCES" },
	{ 0xc0000205, "STATUS_INSUFF_SERVER_RESOURCES" }, { 0xc0000418, "STATUS_NTLM_BLOCKED" },
	{ 0xc00002fe, "STATUS_SHUTDOWN_IN_PROGRESS" },
};

static const char *
find_name(const struct number_name *v, size_t n, uint32_t number)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].number == number)
			return v[i].name;
	return NULL;
}

#define NAMER(what, type) \
const char * \
smb2_##what##_name(type number) \
{ \
	return find_name(what##_names, COUNT(what##_names), number); \
}

NAMER(dialect, unsigned)
NAMER(cipher, unsigned)
NAMER(signing, unsigned)
NAMER(hash, unsigned)
NAMER(compression, unsigned)
NAMER(capability, unsigned)
NAMER(status, uint32_t)
