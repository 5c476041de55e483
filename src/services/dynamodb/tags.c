/*
 * TagResource, UntagResource, ListTagsOfResource. On AWS tags can be seen some seconds after they were set;
 * here at once. AWS: API reference; "Tagging restrictions in DynamoDB".
 */
#include "services/dynamodb/tags.h"

#include <strings.h>

#include "base/base64.h"
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/resource.h"

enum {
    TAGS_LIMIT = 50, /* of a table */
    PAGE_TAGS = 10,  /* of one answer */
};

static const struct shape tag_key = {.kind = SHAPE_STRING, .min = 1, .max = 128, .in_characters = true};
static const struct shape tag_value = {.kind = SHAPE_STRING, .max = 256, .in_characters = true};
static const struct shape_entry tag_members[] = {{"Key", &tag_key, true}, {"Value", &tag_value, true}, {0}};
static const struct shape tag = {
    .kind = SHAPE_STRUCTURE, .members = tag_members, .java = "com.amazonaws.dynamodb.v20120810.Tag"};
const struct shape tags_shape = {.kind = SHAPE_LIST, .element = &tag};

static const struct shape tag_keys = {.kind = SHAPE_LIST, .element = &tag_key};

static const struct shape_entry tag_resource_members[] = {
    {"ResourceArn", &resource_arn_shape, true}, {"Tags", &tags_shape, true}, {0}};
static const struct shape tag_resource_input = {.kind = SHAPE_STRUCTURE, .members = tag_resource_members};

static const struct shape_entry untag_resource_members[] = {
    {"ResourceArn", &resource_arn_shape, true}, {"TagKeys", &tag_keys, true}, {0}};
static const struct shape untag_resource_input = {.kind = SHAPE_STRUCTURE, .members = untag_resource_members};

static const struct shape_entry list_members[] = {
    {"ResourceArn", &resource_arn_shape, true}, {"NextToken", &shape_string, false}, {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

/* "The allowed characters are letters, white space, and numbers, plus the special characters + - = . _ : /".
 * Which characters beyond ASCII are letters is not asked. */
static bool has_tag_characters(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
        if (!letter && (c == '\0' || strchr(" \t\n\v\f\r+-=._:/", c) == NULL))
            return false;
    }
    return true;
}

/* "The aws: prefix is reserved", in any case of its letters. */
static bool is_reserved(struct slice key)
{
    return key.len >= 4 && strncasecmp(key.ptr, "aws:", 4) == 0;
}

static bool check_tag(struct request *request, const struct json *list, size_t place)
{
    struct slice key = shape_text(&list->array.items[place], "Key");
    struct failure *failure = &request->failure;

    if (is_reserved(key) && !request->within)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Tag keys that begin with aws: are reserved: "
                    "%.*s",
                    SLICE_ARGS(key));
    if (!has_tag_characters(key) || !has_tag_characters(shape_text(&list->array.items[place], "Value")))
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Tags have letters, white space, numbers and "
                    "the characters + - = . _ : / only: %.*s",
                    SLICE_ARGS(key));
    for (size_t i = 0; i < place; i++) {
        if (slice_equal(shape_text(&list->array.items[i], "Key"), key))
            return fail(failure, ERROR_VALIDATION,
                        "One or more parameter values were invalid: Duplicate tag key: %.*s",
                        SLICE_ARGS(key));
    }
    return true;
}

bool tags_read(struct request *request, struct table *table)
{
    const struct json *list = shape_member(request->body, "Tags");

    for (size_t i = 0; list != NULL && i < list->array.count && i <= TAGS_LIMIT; i++) {
        if (!check_tag(request, list, i))
            return false;
        table_set_tag(table, shape_text(&list->array.items[i], "Key"),
                      shape_text(&list->array.items[i], "Value"));
    }
    return table->tag_count <= TAGS_LIMIT ||
           fail(&request->failure, ERROR_VALIDATION,
                "One or more parameter values were invalid: Number of tags exceeds the limit of %d per table",
                TAGS_LIMIT);
}

static bool check_some(struct request *request, const char *member)
{
    return shape_member(request->body, member)->array.count > 0 ||
           fail(&request->failure, ERROR_VALIDATION, "The number of tags must be at least 1");
}

bool tag_resource(struct request *request)
{
    return accepts(request, &tag_resource_input) && check_some(request, "Tags") &&
           resource_find_table(request) && resource_change(request, tags_read);
}

static bool remove_tags(struct request *request, struct table *draft)
{
    const struct json *keys = shape_member(request->body, "TagKeys");

    for (size_t i = 0; i < keys->array.count; i++)
        table_remove_tag(draft, keys->array.items[i].text);
    return true;
}

bool untag_resource(struct request *request)
{
    return accepts(request, &untag_resource_input) && check_some(request, "TagKeys") &&
           resource_find_table(request) && resource_change(request, remove_tags);
}

/* A page's token is the last key that it told, so that tags which come and go between pages do no harm. */
static bool read_token(struct request *request, struct slice *after)
{
    struct slice token = shape_text(request->body, "NextToken");

    *after = SLICE("");
    return token.ptr == NULL || (base64_decode(request->arena, token, after) && after->len > 0) ||
           fail(&request->failure, ERROR_VALIDATION, "The NextToken is invalid");
}

bool list_tags_of_resource(struct request *request)
{
    struct buffer *out = request->out;
    struct slice after;
    size_t count = 0, i = 0;

    if (!accepts(request, &list_input) || !read_token(request, &after) || !resource_find_table(request))
        return false;
    const struct table *table = request->table;
    while (i < table->tag_count && after.len > 0 && slice_compare(table->tags[i].key, after) <= 0)
        i++;
    buffer_append_string(out, "{\"Tags\":[");
    for (; i < table->tag_count && count < PAGE_TAGS; i++, count++) {
        bool first = true;
        buffer_append_string(out, count > 0 ? ",{" : "{");
        json_write_string_member(out, &first, "Key", table->tags[i].key);
        json_write_string_member(out, &first, "Value", table->tags[i].value);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
    if (i < table->tag_count) {
        buffer_append_string(out, ",\"NextToken\":");
        json_write_base64(out, table->tags[i - 1].key);
    }
    buffer_append_byte(out, '}');
    return true;
}
