/* Groups of users, and who is in them. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_GROUP_H
#define TURNTABLE_SERVICES_COGNITO_IDP_GROUP_H

#include "services/cognito_idp/user.h"

enum { NO_PRECEDENCE = -1, GROUPS_OF_USER = 100 };

struct group {
    struct slice name;
    struct slice key;
    struct version version;
    struct slice description; /* ptr NULL: none */
    struct slice role;        /* ptr NULL: none */
    int64_t precedence;       /* or NO_PRECEDENCE */
    int64_t created, modified;
};

/* Fails with ResourceNotFoundException. */
must_use bool group_find(struct request *request, const struct user_pool *pool, struct slice name,
                         struct group *out);
/* *found tells; the struct has key and version in any case. */
must_use bool group_look_up(struct request *request, const struct user_pool *pool, struct slice name,
                            bool *found, struct group *out);
must_use bool group_read(struct request *request, struct slice value, struct group *out);
void group_put(struct request *request, const struct group *group);
void group_write(struct buffer *out, const struct user_pool *pool, const struct group *group);

/* The groups of a user, by precedence, those without one last, then by name. `out` has room for
 * GROUPS_OF_USER. */
must_use bool groups_of_user(struct request *request, const struct user_pool *pool, const struct user *user,
                             struct group *out, size_t *count);

#endif
