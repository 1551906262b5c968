/* identity.h - what answers: Exchange, Exchange Online, a proxy, or none of them. */
#ifndef EXVET_RULES_IDENTITY_H
#define EXVET_RULES_IDENTITY_H

#include "obs.h"
#include "rule.h"

enum mark_class { CLASS_HEADER, CLASS_PAGE, CLASS_BEHAVIOUR, CLASS_MAIL, CLASS_COUNT };

struct identity_marks {
	enum identity	 identity;
	int		 score;			/* -100..100 */
	int		 sum[CLASS_COUNT];	/* points of each class, capped */
	int		 points;		/* their sum, before what contradicts them */
	unsigned	 classes;		/* classes that gave points */
	size_t		 marks;			/* marks of Exchange, all weights */
	size_t		 others, decoys, online, preauth;
	size_t		 answers;		/* places that answered as no Exchange would */
	size_t		 asked_log_on;		/* places that answered 401 */
	size_t		 missing;		/* behaviours that should show but do not */
	bool		 header_only;		/* headers, and nothing else of Exchange */
	bool		 redirect_only;		/* of Exchange Online: redirects to it, nothing else */
	bool		 false_online;		/* says Exchange Online and on-premises at once */
};

void	identity_judge(const struct obs *, struct identity_marks *);

#endif
