#include "directory/entity.h"

#include "base/check.h"
#include "base/clock.h"
#include "catalog/keys.h"
#include "storage/kept_record.h"

/* ---- layouts ---- */

static const struct field tag_fields[] = {{"Key", FIELD_TEXT, offsetof(struct entity_tag, key), NULL},
                                          {"Value", FIELD_TEXT, offsetof(struct entity_tag, value), NULL},
                                          {0}};
static const struct layout tag_layout = {sizeof(struct entity_tag), tag_fields};

static const struct field inline_fields[] = {
    {"Name", FIELD_TEXT, offsetof(struct inline_policy, name), NULL},
    {"Document", FIELD_TEXT, offsetof(struct inline_policy, document), NULL},
    {0}};
static const struct layout inline_layout = {sizeof(struct inline_policy), inline_fields};

static const struct field entity_fields[] = {
    {"Name", FIELD_TEXT, offsetof(struct entity, name), NULL},
    {"Path", FIELD_TEXT, offsetof(struct entity, path), NULL},
    {"Id", FIELD_TEXT, offsetof(struct entity, id), NULL},
    {"Created", FIELD_NUMBER, offsetof(struct entity, created), NULL},
    {"Tags", FIELD_RECORDS, offsetof(struct entity, tags), &tag_layout},
    {0}};
static const struct layout entity_layout = {sizeof(struct entity), entity_fields};

static const struct field grants_fields[] = {
    {"Inline", FIELD_RECORDS, offsetof(struct grants, inlines), &inline_layout},
    {"Attached", FIELD_TEXTS, offsetof(struct grants, attached), NULL},
    {"Boundary", FIELD_TEXT, offsetof(struct grants, boundary), NULL},
    {0}};
static const struct layout grants_layout = {sizeof(struct grants), grants_fields};

static const struct field user_fields[] = {
    {"Entity", FIELD_RECORD, offsetof(struct user, entity), &entity_layout},
    {"Grants", FIELD_RECORD, offsetof(struct user, grants), &grants_layout},
    {"Groups", FIELD_TEXTS, offsetof(struct user, groups), NULL},
    {"Keys", FIELD_TEXTS, offsetof(struct user, keys), NULL},
    {0}};
static const struct layout user_layout = {sizeof(struct user), user_fields};

static const struct field group_fields[] = {
    {"Entity", FIELD_RECORD, offsetof(struct group, entity), &entity_layout},
    {"Grants", FIELD_RECORD, offsetof(struct group, grants), &grants_layout},
    {0}};
static const struct layout group_layout = {sizeof(struct group), group_fields};

static const struct field trusted_fields[] = {{"Arn", FIELD_TEXT, offsetof(struct trusted, arn), NULL},
                                              {"Id", FIELD_TEXT, offsetof(struct trusted, id), NULL},
                                              {0}};
static const struct layout trusted_layout = {sizeof(struct trusted), trusted_fields};

static const struct field role_fields[] = {
    {"Entity", FIELD_RECORD, offsetof(struct role, entity), &entity_layout},
    {"Grants", FIELD_RECORD, offsetof(struct role, grants), &grants_layout},
    {"TrustPolicy", FIELD_TEXT, offsetof(struct role, trust_policy), NULL},
    {"Trusted", FIELD_RECORDS, offsetof(struct role, trusted), &trusted_layout},
    {"Description", FIELD_TEXT, offsetof(struct role, description), NULL},
    {"MaxSession", FIELD_NUMBER, offsetof(struct role, max_session), NULL},
    {0}};
static const struct layout role_layout = {sizeof(struct role), role_fields};

static const struct field version_fields[] = {
    {"Number", FIELD_NUMBER, offsetof(struct policy_version, number), NULL},
    {"Document", FIELD_TEXT, offsetof(struct policy_version, document), NULL},
    {"Created", FIELD_NUMBER, offsetof(struct policy_version, created), NULL},
    {0}};
static const struct layout version_layout = {sizeof(struct policy_version), version_fields};

static const struct field policy_fields[] = {
    {"Entity", FIELD_RECORD, offsetof(struct managed_policy, entity), &entity_layout},
    {"Description", FIELD_TEXT, offsetof(struct managed_policy, description), NULL},
    {"Updated", FIELD_NUMBER, offsetof(struct managed_policy, updated), NULL},
    {"Default", FIELD_NUMBER, offsetof(struct managed_policy, default_version), NULL},
    {"Newest", FIELD_NUMBER, offsetof(struct managed_policy, newest_version), NULL},
    {"Versions", FIELD_RECORDS, offsetof(struct managed_policy, versions), &version_layout},
    {0}};
static const struct layout policy_layout = {sizeof(struct managed_policy), policy_fields};

static const struct field access_key_fields[] = {
    {"Entity", FIELD_RECORD, offsetof(struct access_key, entity), &entity_layout},
    {"User", FIELD_TEXT, offsetof(struct access_key, user), NULL},
    {"Secret", FIELD_TEXT, offsetof(struct access_key, secret), NULL},
    {"Inactive", FIELD_BOOLEAN, offsetof(struct access_key, inactive), NULL},
    {0}};
static const struct layout access_key_layout = {sizeof(struct access_key), access_key_fields};

static const struct field profile_fields[] = {
    {"Entity", FIELD_RECORD, offsetof(struct instance_profile, entity), &entity_layout},
    {"Roles", FIELD_TEXTS, offsetof(struct instance_profile, roles), NULL},
    {0}};
static const struct layout profile_layout = {sizeof(struct instance_profile), profile_fields};

static const struct field provider_fields[] = {
    {"Entity", FIELD_RECORD, offsetof(struct oidc_provider, entity), &entity_layout},
    {"Clients", FIELD_TEXTS, offsetof(struct oidc_provider, client_ids), NULL},
    {"Thumbprints", FIELD_TEXTS, offsetof(struct oidc_provider, thumbprints), NULL},
    {0}};
static const struct layout provider_layout = {sizeof(struct oidc_provider), provider_fields};

static const struct field key_use_fields[] = {
    {"Entity", FIELD_RECORD, offsetof(struct key_use_record, entity), &entity_layout},
    {"Time", FIELD_NUMBER, offsetof(struct key_use_record, time), NULL},
    {"Service", FIELD_TEXT, offsetof(struct key_use_record, service), NULL},
    {"Region", FIELD_TEXT, offsetof(struct key_use_record, region), NULL},
    {0}};
static const struct layout key_use_layout = {sizeof(struct key_use_record), key_use_fields};

static const struct kind {
    char letter;        /* in keys */
    const char *word;   /* in ARNs */
    const char *prefix; /* of ids. AWS: "Understanding unique ID prefixes" */
    const struct layout *layout;
} kinds[] = {
    [KIND_USER] = {'u', "user", "AIDA", &user_layout},
    [KIND_GROUP] = {'g', "group", "AGPA", &group_layout},
    [KIND_ROLE] = {'r', "role", "AROA", &role_layout},
    [KIND_POLICY] = {'p', "policy", "ANPA", &policy_layout},
    [KIND_ACCESS_KEY] = {'k', "access-key", "AKIA", &access_key_layout},
    [KIND_INSTANCE_PROFILE] = {'i', "instance-profile", "AIPA", &profile_layout},
    [KIND_OIDC_PROVIDER] = {'o', "oidc-provider", "", &provider_layout},
    [KIND_KEY_USE] = {'l', "", "", &key_use_layout},
};

const char *entity_word(enum entity_kind kind)
{
    return kinds[kind].word;
}

struct slice entity_arn(struct arena *arena, struct slice account_id, enum entity_kind kind,
                        const struct entity *entity)
{
    struct slice path = entity->path.len == 0 ? SLICE("/") : entity->path;

    return arena_printf(arena, "arn:aws:iam::%.*s:%s%.*s%.*s", SLICE_ARGS(account_id), kinds[kind].word,
                        SLICE_ARGS(path), SLICE_ARGS(entity->name));
}

/* ---- keys ---- */

static struct slice edition_key(void)
{
    return SLICE("\0\0\0\0ae");
}

static struct slice key_of(struct arena *arena, enum entity_kind kind, struct slice name)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append(&key, SLICE("\0\0\0\0a"));
    buffer_append_byte(&key, kinds[kind].letter);
    for (size_t i = 0; i < name.len; i++)
        buffer_append_byte(&key, name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? (char)(name.ptr[i] - 'A' + 'a')
                                                                          : name.ptr[i]);
    struct slice kept = arena_copy(arena, buffer_slice(&key));
    buffer_finish(&key);
    return kept;
}

/* ---- reading ---- */

/* Far beyond the longest name: such a text is no key of the storage. */
enum { NAME_BYTES_LIMIT = 2048 };

enum storage_status entity_find_alike(struct storage *storage, const struct snapshot *snapshot,
                                      enum entity_kind kind, struct slice name, struct arena *arena,
                                      void *out)
{
    if (name.len > NAME_BYTES_LIMIT)
        return STORAGE_NOT_FOUND;
    return kept_read(storage, snapshot, arena, key_of(arena, kind, name), kinds[kind].layout, out, NULL);
}

enum storage_status entity_find(struct storage *storage, const struct snapshot *snapshot,
                                enum entity_kind kind, struct slice name, struct arena *arena, void *out)
{
    enum storage_status status = entity_find_alike(storage, snapshot, kind, name, arena, out);

    if (status == STORAGE_OK && !slice_equal(((const struct entity *)out)->name, name))
        return STORAGE_NOT_FOUND;
    return status;
}

void entity_walk_begin(struct entity_walk *walk, struct storage *storage, const struct snapshot *snapshot,
                       enum entity_kind kind, struct slice after, struct arena *arena)
{
    struct slice prefix = key_of(arena, kind, SLICE(""));
    struct slice from = after.len == 0 ? prefix : keys_after(arena, key_of(arena, kind, after));

    *walk = (struct entity_walk){
        kind, arena, cursor_create(storage, snapshot, from, keys_after_prefix(arena, prefix), FORWARD)};
}

enum storage_status entity_walk_next(struct entity_walk *walk, void *out)
{
    struct slice key, value;
    enum storage_status status = cursor_next(walk->cursor, &key, &value);

    if (status == STORAGE_OK &&
        !layout_read(walk->arena, arena_copy(walk->arena, value), kinds[walk->kind].layout, out))
        return STORAGE_CORRUPT;
    return status;
}

void entity_walk_end(struct entity_walk *walk)
{
    cursor_destroy(walk->cursor);
    walk->cursor = NULL;
}

enum storage_status entity_count(struct storage *storage, enum entity_kind kind, int64_t *out)
{
    struct arena arena;
    struct slice key, value;
    enum storage_status status;

    arena_init(&arena);
    struct slice prefix = key_of(&arena, kind, SLICE(""));
    struct cursor *cursor = cursor_create(storage, NULL, prefix, keys_after_prefix(&arena, prefix), FORWARD);
    *out = 0;
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        ++*out;
    cursor_destroy(cursor);
    arena_finish(&arena);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

/* ---- changing ---- */

enum storage_status entities_edit(struct storage *storage, struct batch *batch)
{
    struct stored stored;
    enum storage_status status = storage_get(storage, NULL, edition_key(), &stored);

    if (status == STORAGE_OK || status == STORAGE_NOT_FOUND) {
        batch_guard(batch, edition_key(), stored.version);
        batch_put(batch, edition_key(), SLICE("")); /* the version of the key is what counts */
        status = STORAGE_OK;
    }
    stored_release(&stored);
    return status;
}

void entity_put(struct batch *batch, enum entity_kind kind, const void *record)
{
    kept_put(batch, key_of(batch->arena, kind, ((const struct entity *)record)->name), kinds[kind].layout,
             record);
}

void entity_delete(struct batch *batch, enum entity_kind kind, struct slice name)
{
    batch_delete(batch, key_of(batch->arena, kind, name));
}

/* 256 is a multiple of the number of digits, so each is as likely as any other. */
static struct slice spell(struct arena *arena, const char *prefix, size_t length, struct slice digits)
{
    size_t at = strlen(prefix);
    char *text = arena_alloc(arena, at + length);

    CHECK(256 % digits.len == 0);
    memcpy(text, prefix, at);
    random_bytes(text + at, length);
    for (size_t i = at; i < at + length; i++)
        text[i] = digits.ptr[(unsigned char)text[i] % digits.len];
    return (struct slice){text, at + length};
}

struct slice entity_new_id(struct arena *arena, enum entity_kind kind)
{
    enum { ID_LETTERS = 17, KEY_LETTERS = 16 };

    return spell(arena, kinds[kind].prefix, kind == KIND_ACCESS_KEY ? KEY_LETTERS : ID_LETTERS,
                 SLICE("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"));
}

struct slice entity_new_secret(struct arena *arena)
{
    enum { SECRET_LETTERS = 40 };

    return spell(arena, "", SECRET_LETTERS,
                 SLICE("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"));
}
