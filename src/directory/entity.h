/*
 * Who there is in the account: users, groups, roles, managed policies, access keys, instance profiles and
 * OpenID Connect providers, as they stand in the storage.
 *
 *     struct user user;
 *     enum storage_status status = entity_find(storage, NULL, KIND_USER, name, arena, &user);
 *
 * and for a change, with everything that it is decided by read in between:
 *
 *     entities_edit(storage, batch); entity_find(...); ... entity_put(batch, KIND_USER, &user);
 *
 * Every record begins with a struct entity. Its key is u32 0, 'a', a letter for the kind, and its name in
 * small letters: on AWS names that differ in case alone are one. entity_find() wants the name as it is.
 *
 *     u  user             r  role      k  access key           o  OpenID Connect provider
 *     g  group            p  policy    i  instance profile     l  last use of a key
 *     e  the edition, without a name
 *
 * What a change reads to decide can be in many records: that a group has no users, that a policy is attached
 * to nobody. So all changes follow each other: one key more, the edition, is read before anything
 * else, guarded and put by each of them. Changes of the directory are rare, and readers do not meet at it.
 *
 * A record is JSON (base/layout.h). Texts live in the arena.
 */
#ifndef TURNTABLE_DIRECTORY_ENTITY_H
#define TURNTABLE_DIRECTORY_ENTITY_H

#include <stdint.h>

#include "base/layout.h"
#include "storage/storage.h"

enum entity_kind {
    KIND_USER,
    KIND_GROUP,
    KIND_ROLE,
    KIND_POLICY,
    KIND_ACCESS_KEY,
    KIND_INSTANCE_PROFILE,
    KIND_OIDC_PROVIDER,
    KIND_KEY_USE,
};

/* The longest names: of users and roles 64, of groups, policies and instance profiles 128 characters. */
enum { NAME_LIMIT = 128, USER_NAME_LIMIT = 64, PATH_LIMIT = 512, KEY_ID_LIMIT = 128 };

struct entity_tag {
    struct slice key;
    struct slice value;
};

struct entity_tags {
    struct entity_tag *items;
    size_t count;
};

/* What every record begins with. */
struct entity {
    struct slice name;
    struct slice path;       /* "/", "/division/" */
    struct slice id;         /* "AIDA...": unlike the name never used again */
    int64_t created;         /* milliseconds since 1970 */
    struct entity_tags tags; /* in the order of their keys */
};

struct inline_policy {
    struct slice name;
    struct slice document;
};

struct inline_policies {
    struct inline_policy *items; /* in the order of their names */
    size_t count;
};

/* What users, groups and roles are allowed by. */
struct grants {
    struct inline_policies inlines;
    struct texts attached; /* ARNs of managed policies, in the order in which they were attached */
    struct slice boundary; /* the ARN of the managed policy that bounds the permissions, or empty */
};

struct user {
    struct entity entity;
    struct grants grants;
    struct texts groups; /* names */
    struct texts keys;   /* ids of its access keys */
};

struct group {
    struct entity entity;
    struct grants grants;
};

/* A user or role that a trust policy names, and the id that it had when the policy was written. */
struct trusted {
    struct slice arn;
    struct slice id;
};

struct trusted_list {
    struct trusted *items;
    size_t count;
};

struct role {
    struct entity entity;
    struct grants grants;
    struct slice trust_policy;   /* who may assume it */
    struct trusted_list trusted; /* of this account: a new one of an old name is not meant */
    struct slice description;
    int64_t max_session; /* seconds */
};

struct policy_version {
    int64_t number; /* of "v1" */
    struct slice document;
    int64_t created;
};

struct policy_versions {
    struct policy_version *items; /* in the order of their numbers */
    size_t count;
};

struct managed_policy {
    struct entity entity;
    bool of_aws; /* no record but a part of the program: directory/managed.h */
    struct slice description;
    int64_t updated;
    int64_t default_version; /* a number of one of the versions */
    int64_t newest_version;  /* the greatest number there ever was */
    struct policy_versions versions;
};

/* Its entity's name is the access key id. */
struct access_key {
    struct entity entity;
    struct slice user;
    struct slice secret;
    bool inactive;
};

struct instance_profile {
    struct entity entity;
    struct texts roles; /* names */
};

/* When and for what an access key last signed a request, which its entity is named after. Nobody decides by
 * it, so it is put without an edit. */
struct key_use_record {
    struct entity entity;
    int64_t time;
    struct slice service;
    struct slice region;
};

/* Its entity's name is the URL without "https://". */
struct oidc_provider {
    struct entity entity;
    struct texts client_ids;
    struct texts thumbprints;
};

/* One record of any kind. */
union any_entity {
    struct entity entity;
    struct user user;
    struct group group;
    struct role role;
    struct managed_policy policy;
    struct access_key access_key;
    struct instance_profile instance_profile;
    struct oidc_provider oidc_provider;
    struct key_use_record key_use;
};

/* The word that ARNs have: "user", "instance-profile". */
const char *entity_word(enum entity_kind kind);

/* "arn:aws:iam::000000000000:user/division/name" */
struct slice entity_arn(struct arena *arena, struct slice account_id, enum entity_kind kind,
                        const struct entity *entity);

/* ---- reading; `snapshot` NULL: as of now ---- */

/* STORAGE_NOT_FOUND if there is none of this name. `out` is the kind's struct. */
must_use enum storage_status entity_find(struct storage *storage, const struct snapshot *snapshot,
                                         enum entity_kind kind, struct slice name, struct arena *arena,
                                         void *out);

/* The same, and a name that differs in case alone will do: what a new record of this name would collide with.
 */
must_use enum storage_status entity_find_alike(struct storage *storage, const struct snapshot *snapshot,
                                               enum entity_kind kind, struct slice name, struct arena *arena,
                                               void *out);

/* All records of a kind, in the order of their names in small letters. `after`: only those behind this name;
 * empty: all. */
struct entity_walk {
    enum entity_kind kind;
    struct arena *arena;
    struct cursor *cursor;
};
void entity_walk_begin(struct entity_walk *walk, struct storage *storage, const struct snapshot *snapshot,
                       enum entity_kind kind, struct slice after, struct arena *arena);
/* STORAGE_NOT_FOUND at the end. The record lives in the arena. */
must_use enum storage_status entity_walk_next(struct entity_walk *walk, void *out);
void entity_walk_end(struct entity_walk *walk);

/* How many there are of a kind. */
must_use enum storage_status entity_count(struct storage *storage, enum entity_kind kind, int64_t *out);

/* ---- changing ---- */

/*
 * Begins a change: guards the edition of the directory as it is now and puts the next one. To be called
 * before what the change is decided by is read.
 */
must_use enum storage_status entities_edit(struct storage *storage, struct batch *batch);

/* `record` is the kind's struct. */
void entity_put(struct batch *batch, enum entity_kind kind, const void *record);
void entity_delete(struct batch *batch, enum entity_kind kind, struct slice name);

/* A new id: "AIDA" and 17 letters and digits, by kind; access keys have 16. AWS: "IAM identifiers". */
struct slice entity_new_id(struct arena *arena, enum entity_kind kind);
/* 40 characters for a secret access key. */
struct slice entity_new_secret(struct arena *arena);

#endif
