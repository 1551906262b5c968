/* judge_waivers.h - which waivers of a policy were needed in a run, and what is said of the others. */
#ifndef EXVET_JUDGE_WAIVERS_H
#define EXVET_JUDGE_WAIVERS_H

#include <stdbool.h>
#include <stdint.h>

#include "rule.h"

struct judge_waivers {
	const struct policy_book *book;	/* NULL: no waivers */
	uint64_t	*uses;		/* by waiver: findings that it waived */
	bool		*also;		/* it holds for a finding that another one waived */
};

void	judge_waivers_begin(struct judge_waivers *, const struct policy_book *);
void	judge_waivers_add(struct judge_waivers *, const struct result *, const struct judgement *,
	    int32_t as_of);
/* On stderr; true: one has ended, which is a failure whatever --fail-on says. */
bool	judge_waivers_tell(const struct judge_waivers *, int32_t as_of, bool any_result);
void	judge_waivers_clear(struct judge_waivers *);

#endif
