/* talk_bytes.c - any bytes as what the peers of a wire probe say. */
#include <stdlib.h>
#include <string.h>

#include "../talk/replay.h"
#include "talk_bytes.h"

enum { LINES = 4 };

static const uint8_t cut[4] = { 0xde, 0xad, 0xbe, 0xef };

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static size_t
split(struct replay_line lines[LINES], const uint8_t *p, size_t len, uint8_t how)
{
	static const char *const ends[] = { NULL, "close", "reset", "timeout", "limit", NULL, NULL, NULL };
	size_t n = 0;

	for (;;) {
		size_t k = 0;

		while (k < len && !(n + 1 < LINES && len - k >= sizeof(cut) &&
		    memcmp(p + k, cut, sizeof(cut)) == 0))
			k++;
		if (k > 0)
			text_buf_add(&lines[n].bytes, p, k);
		lines[n].ended_by = ends[how & 7];
		lines[n].hangup = lines[n].ended_by != NULL;
		lines[n].tls_fails = (how & 8) != 0;
		n++;
		if (k == len)
			return n;
		p += k + sizeof(cut);
		len -= k + sizeof(cut);
	}
}

static void
check(const struct probe *probe, const struct obs *obs)
{
	for (size_t i = 0; i < obs_count(obs); i++) {
		size_t k = 0;

		while (probe->gives[k] != FACT_COUNT && probe->gives[k] != obs_get(obs, i)->fact)
			k++;
		require(probe->gives[k] != FACT_COUNT);
	}
}

void
talk_bytes(const struct probe *probe, const uint8_t *p, size_t len)
{
	struct replay_line lines[LINES];
	enum heard heard[2];
	struct obs *obs[2];
	size_t n, steps[2];

	if (len < 2)
		return;
	memset(lines, 0, sizeof(lines));
	steps[0] = SIZE_MAX / 2;
	steps[1] = p[1] % 64 + 1;
	n = split(lines, p + 2, len - 2, p[0]);
	for (size_t i = 0; i < 2; i++) {
		struct text_buf sent = { 0 };
		struct talk t = { .probe = probe->name, .at = "peer:1", .host = "mail.example.test",
		    .port = (p[0] & 16) != 0 ? 139 : probe->port, .now = 1700000000, .ended_by = "",
		    .profile = PROBE_FULL };

		t.obs = obs[i] = obs_new();
		heard[i] = replay_bytes(probe, &t, lines, n, steps[i], &sent);
		check(probe, obs[i]);
		text_buf_free(&sent);
	}
	require(heard[0] == heard[1] && obs_count(obs[0]) == obs_count(obs[1]));
	obs_free(obs[0]);
	obs_free(obs[1]);
	for (size_t i = 0; i < n; i++)
		text_buf_free(&lines[i].bytes);
}
