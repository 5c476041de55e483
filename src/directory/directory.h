/*
 * The directory: what the server asks of its users and roles with every request, from memory.
 *
 * The records are in the storage (directory/entity.h). An identity, with all that allows and bounds it, is
 * read and compiled once, and kept until the directory changes: whoever commits a change of a record calls
 * directory_changed() before the change is answered, so that it is in force for every request that begins
 * after the answer.
 *
 *     const struct identity *identity;
 *     enum storage_status status = directory_hold(directory, IDENTITY_USER, SLICE("alice"), &identity);
 *     if (status == STORAGE_OK) ... identity->arn, identity->id ...
 *     directory_release(identity);
 *
 * Ownership: an identity is immutable and lives until its last holder releases it, whatever becomes of the
 * user. Threads: any.
 */
#ifndef TURNTABLE_DIRECTORY_DIRECTORY_H
#define TURNTABLE_DIRECTORY_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "directory/entity.h"
#include "iam/evaluate.h"
#include "storage/storage.h"

struct directory;

/* `account_id` is copied. */
struct directory *directory_create(struct storage *storage, struct slice account_id);
void directory_destroy(struct directory *directory); /* accepts NULL; nothing may be held any more */

/* What was known may be no more: called when a change of a record is on disk, and before it is answered. */
void directory_changed(struct directory *directory);

/* Goes up with each change: what was read after edition N was asked for is as it is for as long as N stays.
 */
uint64_t directory_edition(const struct directory *directory);

/* The document that is in force of a managed policy, in the arena. STORAGE_NOT_FOUND if there is none of this
 * ARN. */
must_use enum storage_status directory_policy_document(struct directory *directory, struct slice arn,
                                                       struct arena *arena, struct slice *document);

/* ---- access keys ---- */

enum { SECRET_KEY_LIMIT = 128 };

/* An access key as it is needed to verify a signature; texts are terminated. */
struct key_owner {
    char secret[SECRET_KEY_LIMIT + 1];
    char user[USER_NAME_LIMIT + 1];
    bool active;
};

/* STORAGE_NOT_FOUND if there is no such key. */
must_use enum storage_status directory_find_key(struct directory *directory, struct slice access_key_id,
                                                struct key_owner *out);

/*
 * Notes that a key has signed a request: `service` and `region` are those of the signature, `now` is in
 * milliseconds. It is told at once, and written to the storage now and then, and at the end.
 */
void directory_key_used(struct directory *directory, struct slice access_key_id, struct slice service,
                        struct slice region, int64_t now);

/* The last use of a key, as GetAccessKeyLastUsed tells it. */
struct key_use {
    int64_t time; /* milliseconds since 1970 */
    char service[64];
    char region[64];
};

/* False if it was never used. */
bool directory_key_use(struct directory *directory, struct slice access_key_id, struct key_use *out);

/* ---- users and roles ---- */

enum identity_kind { IDENTITY_USER, IDENTITY_ROLE };

struct identity {
    enum identity_kind kind;
    struct slice name;
    struct slice path;
    struct slice arn;
    struct slice id; /* "AIDA...", "AROA..." */
    int64_t created; /* milliseconds since 1970 */
    const struct entity_tag *tags;
    size_t tag_count;

    /* Of a role. */
    const struct policy *trust; /* who may assume it */
    int64_t max_session;        /* seconds */

    /* What it may do: its own policies, those of its groups, and its boundary. Of a role it is what its
     * sessions may do: a session copies the struct, and adds its own ARN and policies. */
    struct authority authority;
};

/* The user or role of this name. Only with STORAGE_OK there is something to be released. */
must_use enum storage_status directory_hold(struct directory *directory, enum identity_kind kind,
                                            struct slice name, const struct identity **out);
void directory_release(const struct identity *identity); /* accepts NULL */

#endif
