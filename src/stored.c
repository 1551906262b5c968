/* stored.c - a stored run, judged result by result. */
#include "stored.h"
#include "store.h"

enum { DAY_MS = 86400000 };

int32_t
stored_day(const struct result *r, int32_t as_of)
{
	int64_t day = r->started_ms >= 0 ? r->started_ms / DAY_MS : as_of;

	return day < as_of ? (int32_t)day : as_of;
}

bool
stored_each(const char *path, const struct builds *builds, const struct policy *policy,
    int32_t as_of, void (*take)(void *arg, const struct report *), void *arg, uint64_t *bad)
{
	struct store_reader *r = store_open(path);
	struct result *result;
	bool whole;
	int got;

	if (r == NULL)
		return false;
	while ((got = store_next(r, &result)) != 0) {
		struct judgement *j;

		if (got < 0) {
			++*bad;
			continue;
		}
		j = rule_judge(result, builds, policy, stored_day(result, as_of));
		take(arg, &(struct report){ .result = result, .judgement = j });
		rule_judgement_free(j);
		result_free(result);
	}
	whole = !store_failed(r);
	store_close(r);
	return whole;
}
