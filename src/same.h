/*
 * same.h - one server behind many names: which machine answered each target,
 * and how many there are in a run.  Memory is bounded.
 */
#ifndef EXVET_SAME_H
#define EXVET_SAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "result.h"

enum { SAME_NAMES = 16, SAME_MACHINES = 20000, SAME_TARGETS = 8 };

/* What one result says about the machines that answered; strings are its own. */
struct same_seen {
	struct same_name {
		const char	*label;		/* "EX01" or "ex01.corp.example" */
		size_t		 len;		/* of the first label */
		const char	*domain;	/* "corp.example"; "" when it is not known */
	} names[SAME_NAMES];
	size_t		 n;
	const char	*netbios;		/* domain of NTLM that is no workgroup; "" */
	const char	*guid;			/* of SMB; "" */
	const char	*cert;			/* SHA-256 of the certificate; "" */
	bool		 cert_own;		/* Exchange's self-signed one: of one machine only */
	const char	*address;
};

void	same_look(const struct result *, struct same_seen *);
/*
 * The machines of one result as words: names, else what stands for one
 * (smb:GUID, certificate:SHA-256, address:IP).  The caller frees it.
 */
char   *same_words(const struct result *);

/* "ex01.corp.example": the one machine that answered, domain and all; "" else.  The caller frees it. */
char   *same_server(const struct result *);

/* A run's machines.  Zeroed is empty. */
struct same_machine {
	char		*name, *domain, *netbios, *guid, *cert, *address;
	bool		 named;			/* else the name is what stands for one */
	char		*targets[SAME_TARGETS];
	size_t		 ntargets;		/* further ones are only counted */
	bool		 folded;		/* found to be the one at into: not counted */
	size_t		 into;
};
struct same_entry;
struct same {
	struct same_machine *v;
	size_t		 n, cap;		/* of v */
	size_t		 nfolded;
	struct same_entry **chains;
	uint64_t	 targets;		/* added */
	uint64_t	 lost;			/* targets whose machines did not fit */
};

/* The places in v of the machines that the result shows; how many. */
size_t	same_add(struct same *, const struct result *, size_t machines[SAME_NAMES]);
size_t	same_count(const struct same *);	/* machines, each once */
/* The place of the machine that this one was found to be. */
size_t	same_root(const struct same *, size_t machine);
void	same_clear(struct same *);

#endif
