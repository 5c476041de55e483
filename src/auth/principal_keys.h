/*
 * What conditions and variables of policies can ask of who asks: aws:PrincipalArn, aws:username,
 * aws:PrincipalTag/KEY, what a session carries. For those who write a find() of iam/context.h. AWS: "AWS
 * global condition context keys", properties of the principal and of a role session.
 */
#ifndef TURNTABLE_AUTH_PRINCIPAL_KEYS_H
#define TURNTABLE_AUTH_PRINCIPAL_KEYS_H

#include "auth/principal.h"
#include "base/arena.h"
#include "iam/context.h"

/* False if the principal has no such key. The values live in the arena or as long as the principal is held.
 */
bool principal_find_key(const struct principal *principal, struct slice key, struct arena *arena,
                        struct iam_values *out);

/* For the same: a key of one value, which may be empty; false if the text's ptr is NULL. */
bool key_has_one(struct slice text, struct arena *arena, struct iam_values *out);

/* "2026-11-26T15:00:00Z" */
struct slice key_time(int64_t seconds, struct arena *arena);

#endif
