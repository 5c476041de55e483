#include "services/dynamodb/access.h"

#include "auth/principal_keys.h"
#include "base/base64.h"
#include "items/attribute_value.h"
#include "services/dynamodb/table_description.h"
#include "services/shape.h"

/* ---- texts ---- */

void access_add(struct access *access, struct access_texts *texts, struct slice text)
{
    if (texts->count == texts->capacity) {
        size_t capacity = texts->capacity == 0 ? 8 : texts->capacity * 2;
        texts->items =
            arena_grow(access->request->arena, texts->items, texts->count, capacity, sizeof(*texts->items));
        texts->capacity = capacity;
    }
    texts->items[texts->count++] = text;
}

/* The keys of one request are few; one that is there twice is told once. */
static void add_key(struct access *access, struct access_texts *texts, struct slice text)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (slice_equal(texts->items[i], text))
            return;
    }
    access_add(access, texts, text);
}

void access_add_value(struct access *access, struct access_texts *texts, const struct value *value)
{
    struct buffer text;

    if (value->type == VALUE_S) {
        add_key(access, texts, value->bytes);
        return;
    }
    if (value->type != VALUE_N && value->type != VALUE_B)
        return;
    buffer_init(&text);
    if (value->type == VALUE_N)
        number_write(&text, &value->number);
    else
        base64_encode(&text, value->bytes);
    add_key(access, texts, arena_copy(access->request->arena, buffer_slice(&text)));
    buffer_finish(&text);
}

void access_add_key(struct access *access, struct access_texts *texts, const struct item *item,
                    struct slice attribute)
{
    const struct value *value = item_get(item, attribute);

    if (value != NULL)
        access_add_value(access, texts, value);
}

void access_add_names(struct access *access, struct access_texts *texts, const struct item *item)
{
    for (size_t i = 0; i < item->count; i++)
        access_add(access, texts, item->attributes[i].name);
}

void access_add_paths(struct access *access, struct access_texts *texts,
                      const struct placeholders *placeholders)
{
    struct slice *names;
    size_t count = placeholders_attributes(access->request->arena, placeholders, &names);

    for (size_t i = 0; i < count; i++)
        access_add(access, texts, names[i]);
}

/* ---- keys ---- */

static bool tell(const struct access_texts *texts, struct iam_values *out)
{
    *out = (struct iam_values){texts->items, texts->count, true};
    return texts->count > 0;
}

static bool find_leading(struct access *access, unsigned part, struct iam_values *out)
{
    struct access_texts *texts = &access->leading[part];

    if (access->table == NULL || access->lacks_index || access->read_leading == NULL)
        return false;
    const struct key_schema *keys = table_keys(access->table, access->index);
    if (part >= keys->partition_count)
        return false;
    if (!texts->found && !access->read_leading(access, keys->partition[part].name, texts))
        return false;
    texts->found = true;
    return tell(texts, out);
}

static bool find_attributes(struct access *access, struct iam_values *out)
{
    struct access_texts *texts = &access->attributes;

    if (access->read_attributes == NULL || (!texts->found && !access->read_attributes(access, texts)))
        return false;
    texts->found = true;
    return tell(texts, out);
}

/* A request may ask for two things that are returned: of the item that it writes, and of the one that a
 * condition keeps it from writing. Both are told; an Allow for one value then lets none through. */
static bool find_return_values(const struct access *access, struct iam_values *out)
{
    const struct slice *values = access->return_values;

    if (values[0].ptr == NULL)
        values++;
    *out =
        (struct iam_values){values, values == access->return_values && values[1].ptr != NULL ? 2 : 1, false};
    return values[0].ptr != NULL;
}

bool access_find_tag(struct request *request, const struct table *table, struct slice key,
                     struct iam_values *out)
{
    for (size_t i = 0; table != NULL && i < table->tag_count; i++) {
        const struct tag *tag = &table->tags[i];
        if (tag->key.len == key.len && strncasecmp(tag->key.ptr, key.ptr, key.len) == 0)
            return key_has_one(tag->value.len == 0 ? SLICE("") : tag->value, request->arena, out);
    }
    return false;
}

static struct slice text_of(const struct access *access, struct slice key)
{
    if (iam_key_is(key, "dynamodb:Select"))
        return access->select;
    if (iam_key_is(key, "dynamodb:ReturnConsumedCapacity"))
        return shape_text(access->request->body, "ReturnConsumedCapacity");
    if (iam_key_is(key, "dynamodb:EnclosingOperation") && access->enclosing != NULL)
        return slice_of(access->enclosing);
    if (iam_key_is(key, "dynamodb:FullTableScan") && access->full_scan != NULL)
        return slice_of(access->full_scan);
    return (struct slice){NULL, 0};
}

static bool find(void *from, struct slice key, struct iam_values *out)
{
    static const char *const parts[] = {
        "dynamodb:FirstPartitionKeyValues", "dynamodb:SecondPartitionKeyValues",
        "dynamodb:ThirdPartitionKeyValues", "dynamodb:FourthPartitionKeyValues"};
    struct access *access = from;
    struct slice rest;

    if (iam_key_is(key, "dynamodb:LeadingKeys"))
        return find_leading(access, 0, out);
    if (iam_key_is(key, "dynamodb:Attributes"))
        return find_attributes(access, out);
    if (iam_key_is(key, "dynamodb:ReturnValues"))
        return find_return_values(access, out);
    for (unsigned i = 0; i < KEY_PARTS_LIMIT; i++) {
        if (iam_key_is(key, parts[i]))
            return find_leading(access, i, out);
    }
    if (iam_key_starts_with(key, "aws:ResourceTag/", &rest))
        return access_find_tag(access->request, access->table, rest, out);
    return key_has_one(text_of(access, key), access->request->arena, out);
}

/* ---- needs ---- */

struct access *access_new(struct permissions *needs, struct slice table_name, struct slice index_name)
{
    struct access *access = arena_new(needs->request->arena, struct access);
    struct slice arn = table_arn_of(needs->request, table_name);

    access->request = needs->request;
    access->table = permissions_table(needs, table_name);
    access->resource = arn;
    if (access->table != NULL)
        access->resource_policy = access->table->policy.compiled;
    if (index_name.ptr == NULL)
        return access;
    access->resource =
        arena_printf(needs->request->arena, "%.*s/index/%.*s", SLICE_ARGS(arn), SLICE_ARGS(index_name));
    access->index = access->table == NULL ? NULL : table_index(access->table, index_name);
    access->lacks_index = access->index == NULL;
    return access;
}

void access_need(struct permissions *needs, const char *action, struct access *access)
{
    struct permission *need = permissions_add(needs, action, access->resource);

    need->resource_policy = access->resource_policy;
    need->context = (struct iam_context){find, access};
}
