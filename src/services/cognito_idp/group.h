/* Groups of users, and who is in them. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_GROUP_H
#define TURNTABLE_SERVICES_COGNITO_IDP_GROUP_H

#include "services/cognito_idp/user.h"

enum { NO_PRECEDENCE = -1, GROUPS_OF_USER = 100 };

struct group {
    struct slice name;
    struct slice id; /* one of the same name that is made later has another */
    struct slice key;
    struct version version;
    struct slice description; /* ptr NULL: none */
    struct slice role;        /* ptr NULL: none */
    int64_t precedence;       /* or NO_PRECEDENCE */
    int64_t created, modified;
};

/* A group that is about to be made: gives it its id. */
void group_begin(struct request *request, struct group *group);
/* Fails with ResourceNotFoundException. */
must_use bool group_find(struct request *request, const struct user_pool *pool, struct slice name,
                         struct group *out);
/* *found tells; the struct has key and version in any case. */
must_use bool group_look_up(struct request *request, const struct user_pool *pool, struct slice name,
                            bool *found, struct group *out);
must_use bool group_read(struct request *request, struct slice value, struct group *out);
/* Whether `value`, that of a USERS_MEMBERS or USERS_MEMBERSHIPS under the group's name, says that somebody is
 * in it, and not in one that was deleted, whose members are erased behind the answer (keeper.h). */
bool group_is_meant(const struct group *group, struct slice value);
void group_put(struct request *request, const struct group *group);
void group_write(struct buffer *out, const struct user_pool *pool, const struct group *group);

/* The groups of a user, by precedence, those without one last, then by name. `out` has room for
 * GROUPS_OF_USER. */
must_use bool groups_of_user(struct request *request, const struct user_pool *pool, const struct user *user,
                             struct group *out, size_t *count);

#endif
