/*
 * ntlm.c - the first two messages of NTLM (MS-NLMP).
 *
 * Fields that name a place in the message are read with rd_at() from the whole
 * message, so no sum of a hostile offset can wrap.
 */
#include <string.h>

#include "base/base64.h"
#include "wire/ntlm.h"

static const char signature[8] = "NTLMSSP";

/* What a Windows client offers (section 2.2.2.5): 56, 128, VERSION,
 * EXTENDED_SESSIONSECURITY, ALWAYS_SIGN, NTLM, REQUEST_TARGET, OEM, UNICODE. */
#define NEGOTIATE_FLAGS	0xa2088207u

void
ntlm_write_negotiate(struct wr *w)
{
	wr_put(w, signature, sizeof(signature));	/* section 2.2.1.1 */
	wr_u32le(w, 1);
	wr_u32le(w, NEGOTIATE_FLAGS);
	for (int i = 0; i < 2; i++) {			/* DomainName, Workstation: none */
		wr_u16le(w, 0);
		wr_u16le(w, 0);
		wr_u32le(w, NTLM_NEGOTIATE_LEN);
	}
	wr_u8(w, 10);					/* VERSION, section 2.2.2.10 */
	wr_u8(w, 0);
	wr_u16le(w, 17763);
	wr_put(w, "\0\0\0\x0f", 4);
}

static size_t
put_utf8(char *out, uint32_t c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const uint8_t lead[] = { 0, 0x00, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	out[0] = (char)(lead[n] | c);
	return n;
}

/* UTF-16LE; half a surrogate pair becomes U+FFFD.  False: odd or too long. */
static bool
read_utf16(struct rd r, struct ntlm_name *name)
{
	*name = (struct ntlm_name){ 0 };
	if (r.bad || r.len % 2 != 0)
		return false;
	while (rd_more(&r)) {
		uint32_t c = rd_u16le(&r);

		if (c >= 0xd800 && c <= 0xdbff && r.len >= 2) {
			struct rd ahead = r;
			uint32_t low = rd_u16le(&ahead);

			if (low >= 0xdc00 && low <= 0xdfff) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
				r = ahead;
			}
		}
		if (c >= 0xd800 && c <= 0xdfff)
			c = 0xfffd;
		if (name->len + 4 > sizeof(name->text)) {
			name->len = 0;
			return false;
		}
		name->len += put_utf8(name->text + name->len, c);
	}
	return true;
}

/* The code page is not told: bytes as they are. */
static bool
read_oem(struct rd r, struct ntlm_name *name)
{
	*name = (struct ntlm_name){ 0 };
	if (r.bad || r.len > sizeof(name->text))
		return false;
	if (r.len > 0)
		memcpy(name->text, r.p, r.len);
	name->len = r.len;
	return true;
}

static bool
read_target(struct rd r, struct ntlm_challenge *c)
{
	if ((c->flags & NTLM_FLAG_UNICODE) != 0)
		return read_utf16(r, &c->target);
	return (c->flags & NTLM_FLAG_OEM) != 0 && read_oem(r, &c->target);
}

/* FILETIME: tenths of microseconds since 1601-01-01 (MS-DTYP 2.3.3). */
static bool
read_filetime(struct rd r, struct ntlm_challenge *c)
{
	uint64_t t = rd_u64le(&r);

	/* Beyond 2^63 it is no time at all. */
	if (r.bad || r.len != 0 || t > INT64_MAX)
		return false;
	if (t == 0)
		return true;
	c->has_time = true;
	c->time = (int64_t)(t / 10000000) - INT64_C(11644473600);
	return true;
}

/* AV_PAIR list (section 2.2.2.1), ended by MsvAvEOL. */
static bool
read_target_info(struct rd info, struct ntlm_challenge *c)
{
	enum { AV_EOL, AV_COMPUTER_NB, AV_DOMAIN_NB, AV_COMPUTER_DNS, AV_DOMAIN_DNS, AV_FOREST,
	    AV_FLAGS, AV_TIME };
	struct ntlm_name *const names[] = {
		[AV_COMPUTER_NB] = &c->computer_nb, [AV_DOMAIN_NB] = &c->domain_nb,
		[AV_COMPUTER_DNS] = &c->computer_dns, [AV_DOMAIN_DNS] = &c->domain_dns,
		[AV_FOREST] = &c->forest,
	};
	bool fine = !info.bad;
	unsigned seen = 0;

	while (rd_more(&info)) {
		unsigned id = rd_u16le(&info);
		struct rd value = rd_sub(&info, rd_u16le(&info));

		if (value.bad)
			return false;
		if (id == AV_EOL)
			return fine && value.len == 0;
		/* Each may be there once: readers search from the front, and find the first. */
		if (id <= AV_TIME && (seen & 1u << id) != 0) {
			c->odd |= NTLM_ODD_TWICE;
			continue;
		}
		seen |= id <= AV_TIME ? 1u << id : 0;
		if (id < sizeof(names) / sizeof(names[0]))
			fine &= read_utf16(value, names[id]);
		else if (id == AV_TIME)
			fine &= read_filetime(value, c);
	}
	return false;				/* never ended */
}

static void
read_version(struct rd message, size_t first, struct ntlm_challenge *c)
{
	struct rd v = rd_at(message, 48, 8);
	unsigned major = rd_u8(&v), minor = rd_u8(&v), build = rd_u16le(&v);

	/* The payload may begin where the version would stand. */
	if ((c->flags & NTLM_FLAG_VERSION) == 0 || v.bad || first < 56 || major == 0)
		return;
	c->has_version = true;
	c->major = major;
	c->minor = minor;
	c->build = build;
}

bool
ntlm_read_challenge(struct rd message, struct ntlm_challenge *c)
{
	struct rd r = message;
	const uint8_t *mark = rd_take(&r, sizeof(signature));
	uint32_t type = rd_u32le(&r);
	size_t name_len = rd_u16le(&r), name_at, info_len, info_at;

	(void)rd_u16le(&r);
	name_at = rd_u32le(&r);
	*c = (struct ntlm_challenge){ .flags = rd_u32le(&r) };
	(void)rd_take(&r, 8);			/* ServerChallenge */
	if (r.bad || memcmp(mark, signature, sizeof(signature)) != 0 || type != 2)
		return false;
	if (name_len > 0 && !read_target(rd_at(message, name_at, name_len), c))
		c->odd |= NTLM_ODD_NAME;
	c->odd |= NTLM_NO_INFO | NTLM_NO_VERSION;
	/* The oldest form ends here: 32 bytes. */
	if (r.len == 0)
		return true;
	(void)rd_take(&r, 8);			/* Reserved */
	info_len = rd_u16le(&r);
	(void)rd_u16le(&r);
	info_at = rd_u32le(&r);
	if (r.bad) {
		c->odd |= NTLM_ODD_HEAD;
		return true;
	}
	if (info_len > 0) {
		c->odd &= ~(unsigned)NTLM_NO_INFO;
		if (!read_target_info(rd_at(message, info_at, info_len), c))
			c->odd |= NTLM_ODD_INFO;
	}
	if (name_len == 0 || (info_len > 0 && info_at < name_at))
		name_at = info_len > 0 ? info_at : SIZE_MAX;
	read_version(message, name_at, c);
	if (c->has_version)
		c->odd &= ~(unsigned)NTLM_NO_VERSION;
	return true;
}

const char *
ntlm_odd_name(unsigned bit)
{
	switch (bit) {
	case NTLM_ODD_NAME:
		return "target-name-broken";
	case NTLM_ODD_INFO:
		return "target-info-broken";
	case NTLM_ODD_HEAD:
		return "cut-short";
	case NTLM_NO_INFO:
		return "no-target-info";
	case NTLM_NO_VERSION:
		return "no-version";
	case NTLM_ODD_TWICE:
		return "target-info-twice";
	default:
		return NULL;
	}
}

bool
ntlm_read_challenge64(const char *text, size_t len, struct ntlm_challenge *c)
{
	uint8_t bytes[NTLM_MESSAGE];
	size_t n;

	return base64_decode(text, len, bytes, sizeof(bytes), &n) &&
	    ntlm_read_challenge(rd_init(bytes, n), c);
}
