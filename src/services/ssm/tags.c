/* AddTagsToResource, RemoveTagsFromResource, ListTagsForResource. AWS: API reference. Of all that Systems
 * Manager gives tags to there are parameters alone. */
#include "services/ssm/tags.h"

#include <strings.h>

#include "base/characters.h"
#include "services/gate.h"
#include "services/ssm/handlers.h"
#include "services/ssm/name.h"
#include "services/storage_failure.h"

/* Which characters beyond ASCII are letters is not asked. */
static bool has_tag_characters(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_word_character(c) && (unsigned char)c < 0x80 && (c == '\0' || strchr(" .:/=+-@", c) == NULL))
            return false;
    }
    return true;
}

#define TAG_PATTERN "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)"

static const struct shape tag_key = {.kind = SHAPE_STRING,
                                     .min = 1,
                                     .max = 128,
                                     .in_characters = true,
                                     .matches = has_tag_characters,
                                     .pattern = TAG_PATTERN},
                          tag_value = {.kind = SHAPE_STRING,
                                       .max = 256,
                                       .in_characters = true,
                                       .matches = has_tag_characters,
                                       .pattern = TAG_PATTERN};
static const struct shape_entry tag_members[] = {{"Key", &tag_key, true}, {"Value", &tag_value, true}, {0}};
static const struct shape tag = {.kind = SHAPE_STRUCTURE, .members = tag_members};
const struct shape parameter_tags_shape = {.kind = SHAPE_LIST, .max = 1000, .element = &tag};
static const struct shape tag_keys = {.kind = SHAPE_LIST, .element = &tag_key};

static const char *const types[] = {
    "Document", "ManagedInstance", "MaintenanceWindow", "Parameter",   "PatchBaseline",
    "OpsItem",  "OpsMetadata",     "Automation",        "Association", NULL};
static const struct shape type = {.kind = SHAPE_STRING, .words = types};

#define RESOURCE_MEMBERS                                                                                     \
    {"ResourceType", &type, true},                                                                           \
    {                                                                                                        \
        "ResourceId", &shape_string, true                                                                    \
    }
static const struct shape_entry add_members[] = {
    RESOURCE_MEMBERS, {"Tags", &parameter_tags_shape, true}, {0}};
static const struct shape add_input = {.kind = SHAPE_STRUCTURE, .members = add_members};
static const struct shape_entry remove_members[] = {RESOURCE_MEMBERS, {"TagKeys", &tag_keys, true}, {0}};
static const struct shape remove_input = {.kind = SHAPE_STRUCTURE, .members = remove_members};
static const struct shape_entry list_members[] = {RESOURCE_MEMBERS, {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

/* ---- a list of tags ---- */

static size_t place_of(const struct parameter_tags *tags, struct slice key)
{
    size_t place = 0;

    while (place < tags->count && !slice_equal(tags->items[place].key, key))
        place++;
    return place;
}

static bool check_key(struct request *request, const struct json *list, size_t place)
{
    struct slice key = shape_text(&list->array.items[place], "Key");

    if (!request->within && key.len >= 4 && strncasecmp(key.ptr, "aws:", 4) == 0)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Tag keys that begin with \"aws:\" are reserved for use by AWS: %.*s", SLICE_ARGS(key));
    for (size_t i = 0; i < place; i++) {
        if (slice_equal(shape_text(&list->array.items[i], "Key"), key))
            return fail(&request->failure, ERROR_VALIDATION, "Duplicate tag key: %.*s", SLICE_ARGS(key));
    }
    return true;
}

/* AWS says no more than that there are too many. */
bool parameter_tags_read(struct request *request, struct parameter_tags *tags)
{
    const struct json *list = shape_member(request->body, "Tags");
    size_t count = list == NULL ? 0 : list->array.count;

    if (count > PARAMETER_TAGS_LIMIT)
        return fail(&request->failure, ERROR_SSM_TOO_MANY_TAGS, "%s", "");
    tags->items =
        arena_grow(request->arena, tags->items, tags->count, tags->count + count, sizeof(tags->items[0]));
    for (size_t i = 0; i < count; i++) {
        struct slice key = shape_text(&list->array.items[i], "Key");
        size_t place = place_of(tags, key);
        if (!check_key(request, list, i))
            return false;
        tags->items[place] = (struct parameter_tag){key, shape_text(&list->array.items[i], "Value")};
        tags->count += place == tags->count;
    }
    return tags->count <= PARAMETER_TAGS_LIMIT || fail(&request->failure, ERROR_SSM_TOO_MANY_TAGS, "%s", "");
}

/* ---- operations ---- */

static bool find_tagged(struct request *request, const struct shape *input, struct parameter *out,
                        struct version *version)
{
    enum storage_status status = STORAGE_NOT_FOUND;

    if (!shape_accepts(request->body, input, &request->failure) || !gate_pass(request))
        return false;
    struct slice id = shape_text(request->body, "ResourceId");
    if (slice_is(shape_text(request->body, "ResourceType"), "Parameter") &&
        (id.len == 0 || memchr(id.ptr, '\0', id.len) == NULL))
        status = parameter_read(request, name_trim(id), out, version);
    if (status == STORAGE_NOT_FOUND)
        return fail(&request->failure, ERROR_SSM_RESOURCE_ID,
                    "The resource ID \"%.*s\" is not valid. Verify that you entered the correct ID and try "
                    "again.",
                    SLICE_ARGS(id));
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

static bool put_tagged(struct request *request, const struct parameter *parameter, struct version version)
{
    parameter_put(request, parameter, version);
    buffer_append_string(request->out, "{}");
    return true;
}

bool add_tags_to_parameter(struct request *request)
{
    struct parameter parameter;
    struct version version;

    return find_tagged(request, &add_input, &parameter, &version) &&
           parameter_tags_read(request, &parameter.tags) && put_tagged(request, &parameter, version);
}

bool remove_tags_from_parameter(struct request *request)
{
    struct parameter parameter;
    struct version version;

    if (!find_tagged(request, &remove_input, &parameter, &version))
        return false;
    const struct json *keys = shape_member(request->body, "TagKeys");
    struct parameter_tags *tags = &parameter.tags;
    for (size_t i = 0; i < keys->array.count; i++) {
        size_t place = place_of(tags, keys->array.items[i].text);
        if (place == tags->count)
            continue;
        tags->items = list_without(request->arena, tags->items, tags->count, sizeof(tags->items[0]), place);
        tags->count--;
    }
    return put_tagged(request, &parameter, version);
}

bool list_parameter_tags(struct request *request)
{
    struct parameter parameter;

    if (!find_tagged(request, &list_input, &parameter, NULL))
        return false;
    buffer_append_string(request->out, "{\"TagList\":[");
    for (size_t i = 0; i < parameter.tags.count; i++) {
        bool first = true;
        buffer_append_string(request->out, i == 0 ? "{" : ",{");
        json_write_string_member(request->out, &first, "Key", parameter.tags.items[i].key);
        json_write_string_member(request->out, &first, "Value", parameter.tags.items[i].value);
        buffer_append_byte(request->out, '}');
    }
    buffer_append_string(request->out, "]}");
    return true;
}
