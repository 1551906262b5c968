/*
 * der.h - the little of DER (X.690) that SPNEGO tokens and the names of roots need.
 */
#ifndef EXVET_DER_H
#define EXVET_DER_H

#include "bytes.h"

/* Room for an object identifier as text; a longer one is cut off. */
#define DER_OID	96

/*
 * The next element: its identifier byte and its contents.  False at the end
 * and at what is no definite, minimal-tag element (the reader is then bad).
 */
bool	der_next(struct rd *, unsigned *tag, struct rd *contents);
/* The contents of the next element, which must have that identifier byte. */
struct rd der_enter(struct rd *, unsigned tag);
/* "1.3.6.1..." from the contents of an object identifier; "" when it is none. */
const char *der_oid(struct rd, char buf[DER_OID]);

#endif
