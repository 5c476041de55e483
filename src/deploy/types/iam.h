/*
 * What the types of IAM share: those who hold policies (roles, users, groups), their tags, names and ARNs.
 *
 * A template's policies, attachments and memberships are added to a holder, and none that it has beside them
 * is taken away: other templates, and people, may have given it those.
 */
#ifndef TURNTABLE_DEPLOY_TYPES_IAM_H
#define TURNTABLE_DEPLOY_TYPES_IAM_H

#include "deploy/properties.h"
#include "deploy/types/tags.h"

#define NO_SUCH "NoSuchEntity"

/* Roles, users, groups: "Role" is how operations and members call one. */
struct holder {
    const char *word; /* "Role" */
    struct slice name;
};

extern const struct kind_of_value iam_inline_policies; /* Policies: [{PolicyName, PolicyDocument}] */

/* "RoleName" */
const char *holder_member(struct making *making, const struct holder *holder);

/* Whether it has an inline policy of this name; *same: and with this document. */
must_use bool holder_has_policy(struct making *making, const struct holder *holder, struct slice policy,
                                const struct json *document, bool *has, bool *same);

/* Makes the inline policy what the document says. */
must_use bool holder_put_policy(struct making *making, const struct holder *holder, struct slice policy,
                                const struct json *document);

/* The properties Policies and ManagedPolicyArns of the resource, which is the holder. */
must_use bool holder_apply_policies(struct making *making, const struct holder *holder);

/* Attaches a managed policy, unless it is. */
must_use bool holder_attach(struct making *making, const struct holder *holder, struct slice arn);

/* Whether the documents of the property Policies are policies. */
must_use bool holder_check_policies(struct making *making);

/* The document of an inline policy that is there. */
must_use bool holder_read_policy(struct making *making, const struct holder *holder, struct slice name,
                                 struct slice *document);
/* The properties Policies and ManagedPolicyArns of what is there. */
must_use bool holder_read_policies(struct making *making, const struct holder *holder, struct json *inlines,
                                   struct json *arns);
/* A list as a property, unless it is empty. */
void iam_read_list(struct input *out, const char *name, const struct json *list);

/* The property PermissionsBoundary. `have`: the holder's description. */
must_use bool holder_apply_boundary(struct making *making, const struct holder *holder,
                                    const struct json *have);

/* Takes away the policies that its resource gave it, as it must be before the holder is deleted; from who
 * replaces without records, all. */
must_use bool holder_withdraw(struct making *making, const struct holder *holder);

/* Calls `operation`, whose name has a %s where the holder's word stands, with its name and one more member.
 */
must_use bool holder_do(struct making *making, const struct holder *holder, const char *operation,
                        const char *member, struct slice text);

/* The same for what takes something away, which may be gone already. */
must_use bool holder_undo(struct making *making, const struct holder *holder, const char *operation,
                          const char *member, struct slice text);

/* The property Tags, of what is named by `member`: "Role" of TagRole. */
must_use bool iam_apply_tags(struct making *making, const char *word, const char *member, struct slice name,
                             const struct json *have);

/* "arn:aws:iam::123456789012:role/division/name" of the resource's name and its Path. */
must_use enum resolved iam_arn(struct stack *stack, struct resource *resource, const char *word,
                               struct slice *out, struct slice *reason);

/* Path, or "/". */
struct slice iam_path(const struct making *making);

#endif
