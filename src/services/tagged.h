/*
 * What conditions ask of a thing that has tags, where tags are a JSON object of texts: those it has
 * (aws:ResourceTag/KEY), those that the request gives it (aws:RequestTag/KEY), and the keys of those that the
 * request gives or takes away (aws:TagKeys). AWS: "AWS global condition context keys"; names of tags compare
 * without case there.
 */
#ifndef TURNTABLE_SERVICES_TAGGED_H
#define TURNTABLE_SERVICES_TAGGED_H

#include "services/permissions.h"

struct tagged {
    struct request *request;
    const struct json *given; /* NULL: the request gives none */
    const struct json *taken; /* a list of keys; NULL: the request takes none */
    struct slice id;          /* of the thing, for `find_tag`; empty: there is none yet */

    /* The value of the thing's tag of this name. False: it has none, or the request's failure is set. */
    bool (*find_tag)(struct request *request, struct slice id, struct slice name, struct slice *value);
};

/* An action on such a thing. `action` lives as long as the program. */
void tagged_need(struct permissions *needs, const char *action, struct slice arn,
                 const struct tagged *tagged);

/*
 * The action of the request's operation on a pool: that which `id_member` of the input names, or ResourceArn,
 * or any, while there is none. `arn_of` gives the ARN of a pool by its id; of no id, what all such ARNs begin
 * with. `tags_member`, or else Tags, are those that the request gives; TagKeys those that it takes.
 */
void tagged_pool_need(struct request *request, struct permissions *needs, const char *id_member,
                      const char *tags_member,
                      struct slice (*arn_of)(struct request *request, struct slice id),
                      bool (*find_tag)(struct request *request, struct slice id, struct slice name,
                                       struct slice *value));

#endif
