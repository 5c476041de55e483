/* Lists in pages: a walk over a range of keys, from where the page before ended. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_USER_PAGE_H
#define TURNTABLE_SERVICES_COGNITO_IDP_USER_PAGE_H

#include "catalog/keys.h"
#include "services/request.h"

struct user_page {
    struct key_range range; /* of this page on */
    int64_t limit;
    const char *token_name; /* "NextToken" */
};

/* The limit is the member `limit_name`; absent or 0: 60. The token names the last key of the page
 * before. Fails with InvalidParameterException if it is none of this list. */
must_use bool user_page_begin(struct request *request, struct key_range range, const char *limit_name,
                              const char *token_name, struct user_page *out);

/*
 * Walks: `write` appends one element, without a comma, and tells in *told whether it did; it returns false
 * with the failure set. Writes the elements with commas between them, closes the list, and adds the token if
 * there is more.
 */
must_use bool user_page_write(struct request *request, const struct user_page *page, const char *list,
                              void *context,
                              bool (*write)(struct request *request, void *context, struct slice key,
                                            struct slice value, bool *told));

#endif
