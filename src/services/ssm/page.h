/*
 * Tokens of pages: NextToken in and out. A token is where the next page begins, in Base64, so that what comes
 * and goes between two pages does no harm.
 */
#ifndef TURNTABLE_SERVICES_SSM_PAGE_H
#define TURNTABLE_SERVICES_SSM_PAGE_H

#include "services/request.h"

/* Empty if there is none. On false the failure is set: InvalidNextToken. */
must_use bool page_token_read(struct request *request, struct slice *out);

/* A token that is a number; 0: it is none. */
int64_t page_token_number(struct slice token);

void page_token_write(struct request *request, bool *first, struct slice token);

#endif
