#include "services/ssm/parameter.h"

#include <inttypes.h>

#include "base/clock.h"
#include "services/shape.h"
#include "services/storage_failure.h"
#include "signin/seal.h"
#include "storage/kept_record.h"

#define SEAL_PURPOSE "parameter"

/* ---- layouts ---- */

#define FIELD(type, name, kind, member, layout)                                                              \
    {                                                                                                        \
        name, FIELD_##kind, offsetof(struct type, member), layout                                            \
    }

static const struct field version_fields[] = {
    FIELD(parameter_version, "Number", NUMBER, number, NULL),
    FIELD(parameter_version, "Type", TEXT, type, NULL),
    FIELD(parameter_version, "Value", TEXT, value, NULL),
    FIELD(parameter_version, "Key", TEXT, key_id, NULL),
    FIELD(parameter_version, "Description", TEXT, description, NULL),
    FIELD(parameter_version, "Pattern", TEXT, pattern, NULL),
    FIELD(parameter_version, "Tier", TEXT, tier, NULL),
    FIELD(parameter_version, "Modified", NUMBER, modified, NULL),
    FIELD(parameter_version, "Modifier", TEXT, modifier, NULL),
    {0}};
static const struct layout version_layout = {sizeof(struct parameter_version), version_fields};

static const struct field label_fields[] = {FIELD(parameter_label, "Name", TEXT, name, NULL),
                                            FIELD(parameter_label, "Version", NUMBER, version, NULL),
                                            {0}};
static const struct layout label_layout = {sizeof(struct parameter_label), label_fields};

static const struct field tag_fields[] = {
    FIELD(parameter_tag, "Key", TEXT, key, NULL), FIELD(parameter_tag, "Value", TEXT, value, NULL), {0}};
static const struct layout tag_layout = {sizeof(struct parameter_tag), tag_fields};

static const struct field parameter_fields[] = {FIELD(parameter, "Name", TEXT, name, NULL),
                                                FIELD(parameter, "Present", RECORD, present, &version_layout),
                                                FIELD(parameter, "Oldest", NUMBER, oldest, NULL),
                                                FIELD(parameter, "Labels", RECORDS, labels, &label_layout),
                                                FIELD(parameter, "Tags", RECORDS, tags, &tag_layout),
                                                {0}};
static const struct layout parameter_layout = {sizeof(struct parameter), parameter_fields};

/* ---- keys ---- */

static const struct slice counts_key = {"\0\0\0\0vo", 6}, secret_key = {"\0\0\0\0vk", 6};

static struct slice make_key(struct arena *arena, char letter, struct slice name, const int64_t *number)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append(&key, SLICE("\0\0\0\0v"));
    buffer_append_byte(&key, letter);
    buffer_append(&key, name);
    if (number != NULL) {
        buffer_append_byte(&key, '\0');
        buffer_append_u64(&key, (uint64_t)*number);
    }
    struct slice kept = arena_copy(arena, buffer_slice(&key));
    buffer_finish(&key);
    return kept;
}

struct slice parameter_key(struct arena *arena, struct slice name)
{
    return make_key(arena, 'p', name, NULL);
}

struct key_range parameter_keys(struct arena *arena, struct slice prefix)
{
    struct slice from = parameter_key(arena, prefix);

    return (struct key_range){from, keys_after_prefix(arena, from)};
}

static struct slice replaced_key(struct arena *arena, struct slice name, int64_t number)
{
    return make_key(arena, 'v', name, &number);
}

/* ---- reading ---- */

enum storage_status parameter_read(struct request *request, struct slice name, struct parameter *out,
                                   struct version *version)
{
    return kept_read(request->server->storage, NULL, request->arena, parameter_key(request->arena, name),
                     &parameter_layout, out, version);
}

bool parameter_decode(struct arena *arena, struct slice record, struct parameter *out)
{
    return layout_read(arena, arena_copy(arena, record), &parameter_layout, out);
}

/* AWS says no more than that. */
bool parameter_lookup(struct request *request, struct slice name, struct parameter *out,
                      struct version *version)
{
    enum storage_status status = parameter_read(request, name, out, version);

    if (status == STORAGE_NOT_FOUND)
        return fail(&request->failure, ERROR_SSM_NOT_FOUND, "%s", "");
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

static bool has_version(const struct parameter *parameter, int64_t number)
{
    return number >= parameter->oldest && number <= parameter->present.number;
}

bool parameter_find_version(struct request *request, const struct parameter *parameter, int64_t number,
                            struct parameter_version *out)
{
    enum storage_status status = STORAGE_NOT_FOUND;

    *out = parameter->present;
    if (number == parameter->present.number)
        return true;
    if (has_version(parameter, number))
        status = kept_read(request->server->storage, NULL, request->arena,
                           replaced_key(request->arena, parameter->name, number), &version_layout, out, NULL);
    if (status == STORAGE_NOT_FOUND)
        return fail(&request->failure, ERROR_SSM_VERSION_NOT_FOUND,
                    "Systems Manager could not find version %" PRId64
                    " of %.*s. Verify the version and try again.",
                    number, SLICE_ARGS(parameter->name));
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

/* Digits alone, no more than any version has. */
static bool read_number(struct slice selector, int64_t *out)
{
    const struct json number = {.type = JSON_NUMBER, .text = selector};

    return selector.len > 0 && selector.ptr[0] >= '0' && selector.ptr[0] <= '9' &&
           json_to_int64(&number, out);
}

bool parameter_select(struct request *request, const struct parameter *parameter, struct slice selector,
                      struct parameter_version *out, bool *missing)
{
    int64_t number = 0;

    *missing = true;
    if (read_number(selector, &number)) {
        *missing = !has_version(parameter, number);
        return parameter_find_version(request, parameter, number, out);
    }
    for (size_t i = 0; i < parameter->labels.count; i++) {
        if (!slice_equal(parameter->labels.items[i].name, selector))
            continue;
        *missing = false;
        return parameter_find_version(request, parameter, parameter->labels.items[i].version, out);
    }
    return fail(&request->failure, ERROR_SSM_VERSION_NOT_FOUND,
                "Systems Manager could not find label %.*s for parameter %.*s. Verify the label and try "
                "again.",
                SLICE_ARGS(selector), SLICE_ARGS(parameter->name));
}

/* ---- changing ---- */

void parameter_put(struct request *request, const struct parameter *parameter, struct version version)
{
    struct slice key = parameter_key(request->arena, parameter->name);

    batch_guard(&request->batch, key, version);
    kept_put(&request->batch, key, &parameter_layout, parameter);
}

void parameter_put_replaced(struct request *request, struct slice name,
                            const struct parameter_version *replaced)
{
    kept_put(&request->batch, replaced_key(request->arena, name, replaced->number), &version_layout,
             replaced);
}

void parameter_remove_replaced(struct request *request, struct slice name, int64_t number)
{
    batch_delete(&request->batch, replaced_key(request->arena, name, number));
}

void parameter_remove(struct request *request, const struct parameter *parameter, struct version version)
{
    struct slice key = parameter_key(request->arena, parameter->name);

    batch_guard(&request->batch, key, version);
    batch_delete(&request->batch, key);
    for (int64_t number = parameter->oldest; number < parameter->present.number; number++)
        parameter_remove_replaced(request, parameter->name, number);
    parameter_count(request, parameter->present.tier, -1);
}

void parameter_count(struct request *request, struct slice tier, int64_t change)
{
    bool standard = slice_is(tier, "Standard");

    batch_count(&request->batch, counts_key, standard ? change : 0, standard ? 0 : change);
}

bool parameter_has_place(struct request *request, struct slice tier)
{
    int64_t counts[2];
    enum storage_status status = storage_read_counters(request->server->storage, counts_key, counts);
    bool standard = slice_is(tier, "Standard");

    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    if (status == STORAGE_NOT_FOUND || (standard ? counts[0] < STANDARD_LIMIT : counts[1] < ADVANCED_LIMIT))
        return true;
    return fail(&request->failure, ERROR_SSM_LIMIT,
                "You have exceeded the number of parameters for this Amazon Web Services account. Delete one "
                "or more parameters and try again.");
}

/* ---- values of SecureString ---- */

bool parameter_is_secure(const struct parameter_version *version)
{
    return slice_is(version->type, "SecureString");
}

/* *key is empty if there is none yet, and `version` says so. */
static bool read_secret(struct request *request, struct slice *key, struct version *version)
{
    struct stored stored;
    enum storage_status status = storage_get(request->server->storage, NULL, secret_key, &stored);

    *version = stored.version;
    *key = SLICE("");
    if (status == STORAGE_OK)
        *key = arena_copy(request->arena, stored.value);
    if (status == STORAGE_OK && key->len != SEAL_KEY_LENGTH)
        status = STORAGE_CORRUPT;
    stored_release(&stored);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool parameter_seal(struct request *request, struct slice value, struct slice *out)
{
    struct version version;
    struct slice key;

    if (!read_secret(request, &key, &version))
        return false;
    if (key.len == 0) {
        char fresh[SEAL_KEY_LENGTH];
        random_bytes(fresh, sizeof(fresh));
        key = arena_copy(request->arena, (struct slice){fresh, sizeof(fresh)});
        batch_guard(&request->batch, secret_key, version);
        batch_put(&request->batch, secret_key, key);
    }
    *out = seal(request->arena, key, SEAL_PURPOSE, value);
    return true;
}

bool parameter_unseal(struct request *request, struct slice sealed, struct slice *out)
{
    struct version version;
    struct slice key;

    if (!read_secret(request, &key, &version))
        return false;
    return (key.len > 0 && unseal(request->arena, key, SEAL_PURPOSE, sealed, out)) ||
           storage_failure(&request->failure, STORAGE_CORRUPT);
}

/* ---- telling ---- */

struct slice parameter_arn(const struct request *request, struct slice name)
{
    const struct server *server = request->server;

    return arena_printf(request->arena, "arn:aws:ssm:%.*s:%.*s:parameter%s%.*s", SLICE_ARGS(server->region),
                        SLICE_ARGS(server->account_id), slice_starts_with(name, SLICE("/")) ? "" : "/",
                        SLICE_ARGS(name));
}

bool parameter_write_value(struct request *request, struct slice name,
                           const struct parameter_version *version, struct slice selector)
{
    struct buffer *out = request->out;
    struct slice value = version->value;
    bool first = true;

    if (parameter_is_secure(version) && shape_boolean(request->body, "WithDecryption", false) &&
        !parameter_unseal(request, version->value, &value))
        return false;
    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "ARN", parameter_arn(request, name));
    json_write_string_member(out, &first, "DataType", SLICE("text"));
    json_write_time_member(out, &first, "LastModifiedDate", version->modified);
    json_write_string_member(out, &first, "Name", name);
    if (selector.len > 0)
        json_write_string_member(out, &first, "Selector",
                                 arena_printf(request->arena, ":%.*s", SLICE_ARGS(selector)));
    json_write_string_member(out, &first, "Type", version->type);
    json_write_string_member(out, &first, "Value", value);
    json_write_int64_member(out, &first, "Version", version->number);
    buffer_append_byte(out, '}');
    return true;
}

void parameter_write_settings(struct buffer *out, bool *first, struct slice name,
                              const struct parameter_version *version)
{
    json_write_string_member(out, first, "Name", name);
    if (version->pattern.len > 0)
        json_write_string_member(out, first, "AllowedPattern", version->pattern);
    json_write_string_member(out, first, "DataType", SLICE("text"));
    if (version->description.len > 0)
        json_write_string_member(out, first, "Description", version->description);
    if (version->key_id.len > 0)
        json_write_string_member(out, first, "KeyId", version->key_id);
    json_write_time_member(out, first, "LastModifiedDate", version->modified);
    json_write_string_member(out, first, "LastModifiedUser", version->modifier);
    json_write_name(out, first, "Policies");
    buffer_append_string(out, "[]");
    json_write_string_member(out, first, "Tier", version->tier);
    json_write_string_member(out, first, "Type", version->type);
    json_write_int64_member(out, first, "Version", version->number);
}
