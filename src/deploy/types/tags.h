/* Tags, which services take and give in two forms, and policy documents: what differs between wanted and
 * there. */
#ifndef TURNTABLE_DEPLOY_TYPES_TAGS_H
#define TURNTABLE_DEPLOY_TYPES_TAGS_H

#include "deploy/making.h"
#include "iam/policy.h"

struct tag_changes {
    struct json added;   /* a list of {"Key", "Value"}: new ones, and those with another value */
    struct json removed; /* a list of keys */
};

/* Whether it is one that AWS or this program keeps: "aws:...", "turntable:...". */
bool tag_is_reserved(struct slice key);

/* Both are lists of {"Key", "Value"}, or NULL. Those that are reserved are left alone. */
void tags_compare(struct arena *arena, const struct json *want, const struct json *have,
                  struct tag_changes *out);

/* {"a": "b"} as [{"Key": "a", "Value": "b"}]; a list is given back as it is. */
struct json tags_as_list(struct arena *arena, const struct json *tags);
/* The other way round. */
struct json tags_as_map(struct arena *arena, const struct json *tags);

/* Whether a document, or its text, says the same as this text does. */
bool document_same(struct arena *arena, const struct json *document, struct slice text);

/* Whether a document, or its text, is a policy of this kind; an absent one is. `where` is the property. */
must_use bool document_check(struct making *making, enum policy_kind kind, const char *where,
                             const struct json *document);

/* The bytes that a text with %XX stands for, as IAM gives documents. */
struct slice percent_decode(struct arena *arena, struct slice text);

#endif
