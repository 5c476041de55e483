#include "services/cognito_idp/user.h"

#include "base/base64.h"
#include "base/clock.h"
#include "services/cognito_idp/idp_input.h"
#include "services/storage_failure.h"
#include "storage/kept_record.h"

enum { DEPTH_LIMIT = 8, ALIASES = 4, DELETED_SESSIONS = 10000 };

static const char *const status_words[] = {"UNCONFIRMED", "CONFIRMED", "RESET_REQUIRED",
                                           "FORCE_CHANGE_PASSWORD"};

const char *user_status_word(enum user_status status)
{
    return status_words[status];
}

struct srp_user user_hashed(const struct user_pool *pool, const struct user *user)
{
    return (struct srp_user){.pool = pool->hash_name, .name = user->name};
}

/* ---- the record, read ---- */

static struct slice text_of(const struct json *object, const char *name)
{
    const struct json *member = json_get_present(object, name);

    return member != NULL && member->type == JSON_STRING ? member->text : SLICE("");
}

static int64_t number_of(const struct json *object, const char *name)
{
    const struct json *member = json_get_present(object, name);
    int64_t number = 0;

    return member != NULL && member->type == JSON_NUMBER && json_to_int64(member, &number) ? number : 0;
}

static bool bytes_of(struct arena *arena, const struct json *object, const char *name, unsigned char *out,
                     size_t size)
{
    struct slice bytes;

    if (!base64_decode(arena, text_of(object, name), &bytes) || bytes.len != size)
        return false;
    memcpy(out, bytes.ptr, size);
    return true;
}

static bool read_status(struct slice word, enum user_status *out)
{
    for (unsigned i = 0; i < sizeof(status_words) / sizeof(status_words[0]); i++) {
        if (slice_is(word, status_words[i])) {
            *out = (enum user_status)i;
            return true;
        }
    }
    return false;
}

static void read_attributes(struct request *request, const struct json *list, struct user *out)
{
    out->attribute_capacity = idp_count(list);
    out->attributes = arena_array(request->arena, struct user_attribute, out->attribute_capacity);
    for (size_t i = 0; i < out->attribute_capacity; i++) {
        const struct json *entry = &list->array.items[i];
        out->attributes[out->attribute_count++] =
            (struct user_attribute){text_of(entry, "Name"), text_of(entry, "Value")};
    }
}

static void read_codes(const struct json *list, struct user *out)
{
    for (size_t i = 0; i < idp_count(list) && i < USER_CODES; i++) {
        const struct json *entry = &list->array.items[i];
        struct user_code *code = &out->codes[out->code_count++];
        struct slice digits = text_of(entry, "Code");
        *code = (struct user_code){.purpose = text_of(entry, "Purpose"),
                                   .destination = text_of(entry, "Destination"),
                                   .pending = text_of(entry, "Pending"),
                                   .guessed = number_of(entry, "Guessed"),
                                   .sent = number_of(entry, "Sent"),
                                   .sent_since = number_of(entry, "SentSince")};
        code->code.expires = digits.len == CODE_LENGTH ? number_of(entry, "Expires") : 0;
        code->code.wrong = number_of(entry, "Wrong");
        if (digits.len == CODE_LENGTH)
            memcpy(code->code.digits, digits.ptr, CODE_LENGTH);
    }
}

static void read_challenges(const struct json *list, struct user *out)
{
    for (size_t i = 0; i < idp_count(list) && i < USER_CHALLENGES; i++) {
        const struct json *entry = &list->array.items[i];
        out->challenges[out->challenge_count++] =
            (struct user_challenge){text_of(entry, "Id"), number_of(entry, "Expires")};
    }
}

enum storage_status user_read(struct request *request, struct slice key, struct slice value, struct user *out)
{
    const struct json *record;

    *out = (struct user){.key = key, .version = out->version};
    if (json_parse(request->arena, value, DEPTH_LIMIT, &record) != JSON_OK ||
        !read_status(text_of(record, "Status"), &out->status))
        return STORAGE_CORRUPT;
    out->name = text_of(record, "Name");
    out->sub = text_of(record, "Sub");
    out->enabled = number_of(record, "Enabled") != 0;
    out->created = number_of(record, "Created");
    out->modified = number_of(record, "Modified");
    out->has_password = json_get_present(record, "Salt") != NULL;
    if (out->has_password &&
        (!bytes_of(request->arena, record, "Salt", out->verifier.salt, SRP_SALT_LENGTH) ||
         !bytes_of(request->arena, record, "Verifier", out->verifier.verifier, SRP_NUMBER_LENGTH)))
        return STORAGE_CORRUPT;
    out->temporary_since = number_of(record, "TemporarySince");
    out->invitation = text_of(record, "Invitation");
    out->attempts =
        (struct attempts){.failed = number_of(record, "Failed"), .last = number_of(record, "FailedLast")};
    out->epoch = number_of(record, "Epoch");
    out->signed_out = number_of(record, "SignedOut");
    read_attributes(request, json_get_present(record, "Attributes"), out);
    read_codes(json_get_present(record, "Codes"), out);
    read_challenges(json_get_present(record, "Challenges"), out);
    struct user *before = arena_new(request->arena, struct user);
    *before = *out;
    before->attributes = arena_array(request->arena, struct user_attribute, out->attribute_count);
    if (out->attribute_count > 0)
        memcpy(before->attributes, out->attributes, out->attribute_count * sizeof(*out->attributes));
    out->before = before;
    return out->name.len > 0 && out->sub.len > 0 ? STORAGE_OK : STORAGE_CORRUPT;
}

/* ---- the record, written ---- */

static void write_number(struct buffer *out, bool *first, const char *name, int64_t number)
{
    if (number != 0)
        json_write_int64_member(out, first, name, number);
}

static void write_text(struct buffer *out, bool *first, const char *name, struct slice text)
{
    if (text.len > 0)
        json_write_string_member(out, first, name, text);
}

static void write_code(struct buffer *out, const struct user_code *code)
{
    bool first = true;

    buffer_append_byte(out, '{');
    write_text(out, &first, "Purpose", code->purpose);
    write_text(out, &first, "Destination", code->destination);
    write_text(out, &first, "Pending", code->pending);
    if (code->code.expires > 0)
        json_write_string_member(out, &first, "Code", (struct slice){code->code.digits, CODE_LENGTH});
    write_number(out, &first, "Expires", code->code.expires);
    write_number(out, &first, "Wrong", code->code.wrong);
    write_number(out, &first, "Guessed", code->guessed);
    write_number(out, &first, "Sent", code->sent);
    write_number(out, &first, "SentSince", code->sent_since);
    buffer_append_byte(out, '}');
}

static void write_lists(struct buffer *out, bool *first, const struct user *user)
{
    json_write_name(out, first, "Attributes");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < user->attribute_count; i++) {
        bool first_member = true;
        buffer_append_string(out, i == 0 ? "{" : ",{");
        json_write_string_member(out, &first_member, "Name", user->attributes[i].name);
        json_write_string_member(out, &first_member, "Value", user->attributes[i].value);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
    json_write_name(out, first, "Codes");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < user->code_count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        write_code(out, &user->codes[i]);
    }
    buffer_append_byte(out, ']');
    json_write_name(out, first, "Challenges");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < user->challenge_count; i++) {
        bool first_member = true;
        buffer_append_string(out, i == 0 ? "{" : ",{");
        json_write_string_member(out, &first_member, "Id", user->challenges[i].id);
        json_write_int64_member(out, &first_member, "Expires", user->challenges[i].expires);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

static struct slice record_of(struct request *request, const struct user *user)
{
    struct buffer out;
    bool first = true;

    buffer_init(&out);
    buffer_append_byte(&out, '{');
    json_write_string_member(&out, &first, "Name", user->name);
    json_write_string_member(&out, &first, "Sub", user->sub);
    json_write_string_member(&out, &first, "Status", slice_of(status_words[user->status]));
    write_number(&out, &first, "Enabled", user->enabled);
    write_number(&out, &first, "Created", user->created);
    write_number(&out, &first, "Modified", user->modified);
    if (user->has_password) {
        json_write_name(&out, &first, "Salt");
        json_write_base64(&out, (struct slice){(const char *)user->verifier.salt, SRP_SALT_LENGTH});
        json_write_name(&out, &first, "Verifier");
        json_write_base64(&out, (struct slice){(const char *)user->verifier.verifier, SRP_NUMBER_LENGTH});
    }
    write_number(&out, &first, "TemporarySince", user->temporary_since);
    write_text(&out, &first, "Invitation", user->invitation);
    write_number(&out, &first, "Failed", user->attempts.failed);
    write_number(&out, &first, "FailedLast", user->attempts.last);
    write_number(&out, &first, "Epoch", user->epoch);
    write_number(&out, &first, "SignedOut", user->signed_out);
    write_lists(&out, &first, user);
    buffer_append_byte(&out, '}');
    struct slice record = arena_copy(request->arena, buffer_slice(&out));
    buffer_finish(&out);
    return record;
}

/* ---- names and aliases ---- */

static struct slice fold(struct request *request, const struct user_pool *pool, struct slice name)
{
    return pool->case_sensitive ? name : idp_fold(request->arena, name);
}

static struct slice user_key(struct request *request, const struct user_pool *pool, struct slice name)
{
    return keys_users(request->arena, pool->number, USERS_USERS, fold(request, pool, name), SLICE(""));
}

static struct slice alias_key(struct request *request, const struct user_pool *pool, const char *kind,
                              struct slice value)
{
    return keys_users(request->arena, pool->number, USERS_ALIASES, slice_of(kind),
                      fold(request, pool, value));
}

/* The aliases that a user has, one of each kind; those they have not are empty. An address by which users
 * sign up is theirs from then on, one that is an alias once it is verified. */
struct aliases {
    const char *kinds[ALIASES];
    struct slice values[ALIASES];
};

static struct aliases aliases_of(const struct user_pool *pool, const struct user *user)
{
    struct aliases aliases = {{"sub", "email", "phone_number", "preferred_username"},
                              {SLICE(""), SLICE(""), SLICE(""), SLICE("")}};

    if (user == NULL)
        return aliases;
    aliases.values[0] = user->sub;
    if (pool->email_names || (pool->email_aliases && user_is_verified(user, "email")))
        aliases.values[1] = user_get(user, "email");
    if (pool->phone_names || (pool->phone_aliases && user_is_verified(user, "phone_number")))
        aliases.values[2] = user_get(user, "phone_number");
    if (pool->preferred_aliases)
        aliases.values[3] = user_get(user, "preferred_username");
    return aliases;
}

/* The value at a key, copied; empty if there is none. */
static bool get(struct request *request, struct slice key, struct slice *value, struct version *version,
                bool *found)
{
    *value = SLICE("");
    enum storage_status status =
        kept_value(request->server->storage, NULL, request->arena, key, value, version);
    *found = status == STORAGE_OK;
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

static bool look_up_name(struct request *request, const struct user_pool *pool, struct slice name,
                         bool *found, struct user *out)
{
    struct slice value;
    struct version version;

    *out = (struct user){.name = name, .key = user_key(request, pool, name), .enabled = true};
    if (!get(request, out->key, &value, &version, found))
        return false;
    out->version = version;
    if (!*found)
        return true;
    enum storage_status status = user_read(request, out->key, value, out);
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

bool user_look_up(struct request *request, const struct user_pool *pool, struct slice name, bool *found,
                  struct user *out)
{
    static const char *const kinds[] = {"sub", "email", "phone_number", "preferred_username"};
    struct slice owner;
    struct version version;

    if (!look_up_name(request, pool, name, found, out) || *found)
        return *found;
    for (size_t i = 0; i < ALIASES; i++) {
        bool is_alias;
        if (!get(request, alias_key(request, pool, kinds[i], name), &owner, &version, &is_alias))
            return false;
        if (is_alias) {
            struct user other;
            if (!look_up_name(request, pool, owner, found, &other))
                return false;
            if (*found)
                *out = other;
            return true;
        }
    }
    return true;
}

bool user_find(struct request *request, const struct user_pool *pool, struct slice name, struct user *out)
{
    bool found;

    if (!user_look_up(request, pool, name, &found, out))
        return false;
    return found || fail(&request->failure, ERROR_IDP_USER_NOT_FOUND, "User does not exist.");
}

void user_begin(struct request *request, const struct user_pool *pool, struct slice name, struct user *out)
{
    struct slice sub = random_uuid(request->arena);

    if (pool->email_names || pool->phone_names)
        name = sub;
    else if (!pool->case_sensitive)
        name = idp_fold(request->arena, name);
    /* The key is absent at any version: nothing was ever there under a new sub. */
    struct version version = out->version;
    *out = (struct user){.name = name,
                         .key = user_key(request, pool, name),
                         .is_new = true,
                         .sub = sub,
                         .status = USER_UNCONFIRMED,
                         .enabled = true,
                         .created = clock_now()};
    out->version = version;
    if (pool->email_names || pool->phone_names) {
        struct slice nothing;
        bool found;
        if (!get(request, out->key, &nothing, &out->version, &found))
            return; /* the failure is set, and told by user_put() */
    }
}

/* ---- putting ---- */

static bool alias_exists(struct request *request, const char *kind)
{
    return fail(&request->failure, ERROR_IDP_ALIAS_EXISTS, "An account with the %s already exists.",
                strcmp(kind, "phone_number") == 0 ? "phone_number" : kind);
}

static bool put_alias(struct request *request, const struct user_pool *pool, const char *kind,
                      struct slice value, const struct user *user, bool force)
{
    struct slice key = alias_key(request, pool, kind, value), owner;
    struct version version;
    bool found;

    if (!get(request, key, &owner, &version, &found))
        return false;
    if (found && !slice_equal(owner, user->name) && !force)
        return alias_exists(request, kind);
    batch_guard(&request->batch, key, version);
    batch_put(&request->batch, key, user->name);
    return true;
}

/* Unless it is somebody else's by now. */
static bool drop_alias(struct request *request, const struct user_pool *pool, const char *kind,
                       struct slice value, const struct user *user)
{
    struct slice key = alias_key(request, pool, kind, value), owner;
    struct version version;
    bool found;

    if (!get(request, key, &owner, &version, &found))
        return false;
    if (!found || !slice_equal(owner, user->name))
        return true;
    batch_guard(&request->batch, key, version);
    batch_delete(&request->batch, key);
    return true;
}

static bool change_aliases(struct request *request, const struct user_pool *pool, const struct user *before,
                           const struct user *after, bool force)
{
    struct aliases old = aliases_of(pool, before), new = aliases_of(pool, after);
    const struct user *user = after != NULL ? after : before;

    for (size_t i = 0; i < ALIASES; i++) {
        struct slice was = fold(request, pool, old.values[i]), is = fold(request, pool, new.values[i]);
        if (slice_equal(was, is))
            continue;
        if (was.len > 0 && !drop_alias(request, pool, old.kinds[i], was, user))
            return false;
        if (is.len > 0 && !put_alias(request, pool, new.kinds[i], is, user, force))
            return false;
    }
    return true;
}

bool user_put(struct request *request, const struct user_pool *pool, struct user *user, bool force)
{
    user_pool_rely(request, pool);
    if (!change_aliases(request, pool, user->before, user, force))
        return false;
    if (user->is_new)
        batch_count(&request->batch,
                    keys_users(request->arena, pool->number, USERS_COUNT, SLICE(""), SLICE("")), 1, 0);
    batch_guard(&request->batch, user->key, user->version);
    batch_put(&request->batch, user->key, record_of(request, user));
    return true;
}

/* What stands under a name or a sub, up to so much: what is left of sessions nobody can reach. */
static bool delete_range(struct request *request, struct key_range range, size_t limit)
{
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status;
    size_t count = 0;

    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK && count++ < limit)
        batch_delete(&request->batch, arena_copy(request->arena, key));
    cursor_destroy(cursor);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

static bool delete_memberships(struct request *request, const struct user_pool *pool, const struct user *user)
{
    struct key_range range = keys_users_range(request->arena, pool->number, USERS_MEMBERSHIPS, user->name);
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status;

    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK) {
        struct slice group = arena_copy(request->arena, keys_users_name(key));
        batch_delete(&request->batch, arena_copy(request->arena, key));
        batch_delete(&request->batch,
                     keys_users(request->arena, pool->number, USERS_MEMBERS, group, user->name));
    }
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool user_delete(struct request *request, const struct user_pool *pool, const struct user *user)
{
    struct key_range sessions = keys_users_range(request->arena, pool->number, USERS_SESSIONS, user->sub);

    user_pool_rely(request, pool);
    if (!change_aliases(request, pool, user->before, NULL, false) ||
        !delete_memberships(request, pool, user) || !delete_range(request, sessions, DELETED_SESSIONS))
        return false;
    batch_count(&request->batch, keys_users(request->arena, pool->number, USERS_COUNT, SLICE(""), SLICE("")),
                -1, 0);
    batch_guard(&request->batch, user->key, user->version);
    batch_delete(&request->batch, user->key);
    return true;
}

bool user_set_password(struct request *request, const struct user_pool *pool, struct user *user,
                       struct slice password)
{
    const char *problem = password_problem(&pool->policy, password);

    if (problem != NULL)
        return fail(&request->failure, ERROR_IDP_INVALID_PASSWORD, "Password did not conform with policy: %s",
                    problem);
    srp_verifier_create(user_hashed(pool, user), password, &user->verifier);
    user->has_password = true;
    user->temporary_since = 0;
    user->invitation = SLICE("");
    return true;
}
