#include "cli/remote_table.h"

#include <stdio.h>
#include <time.h>

#include "cli/connect.h"

static const struct timespec pause_between_questions = {.tv_nsec = 50000000};

void remote_complain(struct arena *arena, enum client_outcome outcome, const struct client_answer *answer)
{
    struct slice message = printable(arena, answer->message);

    if (outcome == CLIENT_FAILED)
        fprintf(stderr, "turntable: %.*s\n", SLICE_ARGS(message));
    else
        fprintf(stderr, "turntable: %.*s: %.*s\n", SLICE_ARGS(answer->type), SLICE_ARGS(message));
}

static struct slice text_of(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->type == JSON_STRING ? member->text : SLICE("");
}

static size_t count_of(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? 0 : list->array.count;
}

/* 0: it is the type of no key. */
static enum value_type key_type(struct slice letter)
{
    return slice_is(letter, "S")   ? VALUE_S
           : slice_is(letter, "N") ? VALUE_N
           : slice_is(letter, "B") ? VALUE_B
                                   : (enum value_type)0;
}

static bool read_description(struct arena *arena, const struct json *table, struct remote_table *out)
{
    const struct json *definitions = json_get(table, "AttributeDefinitions");
    const struct json *keys = json_get(table, "KeySchema"), *items = json_get(table, "ItemCount");
    int64_t count = 0;

    out->attribute_count = count_of(definitions);
    out->attributes = arena_array(arena, struct remote_key, out->attribute_count);
    for (size_t i = 0; i < out->attribute_count; i++) {
        const struct json *definition = &definitions->array.items[i];
        out->attributes[i] = (struct remote_key){text_of(definition, "AttributeName"),
                                                 key_type(text_of(definition, "AttributeType"))};
    }
    out->key_count = count_of(keys);
    for (size_t i = 0; i < out->key_count && i < REMOTE_KEYS_LIMIT; i++) {
        out->keys[i].name = text_of(&keys->array.items[i], "AttributeName");
        for (size_t j = 0; j < out->attribute_count; j++) {
            if (slice_equal(out->attributes[j].name, out->keys[i].name))
                out->keys[i].type = out->attributes[j].type;
        }
    }
    if (items != NULL && json_to_int64(items, &count) && count > 0)
        out->items = (uint64_t)count;
    return out->key_count > 0 && out->key_count <= REMOTE_KEYS_LIMIT;
}

static struct slice name_body(struct arena *arena, struct slice name)
{
    struct buffer body;
    bool first = true;

    buffer_init(&body);
    buffer_append_byte(&body, '{');
    json_write_string_member(&body, &first, "TableName", name);
    buffer_append_byte(&body, '}');
    struct slice copy = arena_copy(arena, buffer_slice(&body));
    buffer_finish(&body);
    return copy;
}

enum client_outcome remote_table_describe(struct client *client, struct arena *arena, struct slice name,
                                          struct remote_table *out, struct client_answer *answer)
{
    *out = (struct remote_table){.name = name};
    enum client_outcome outcome = client_call(client, arena, "DescribeTable", name_body(arena, name), answer);
    if (outcome == CLIENT_DONE && !read_description(arena, json_get(answer->body, "Table"), out)) {
        answer->message = SLICE("the server's description of the table is none");
        return CLIENT_FAILED;
    }
    return outcome;
}

/* ---- creating ---- */

bool remote_table_read_keys(struct arena *arena, struct slice text, struct remote_table *out)
{
    out->key_count = 0;
    while (text.len > 0) {
        const char *comma = memchr(text.ptr, ',', text.len);
        struct slice key = {text.ptr, comma == NULL ? text.len : (size_t)(comma - text.ptr)};
        text = slice_skip(text, comma == NULL ? key.len : key.len + 1);
        if (key.len < 3 || key.ptr[key.len - 2] != ':' || out->key_count == REMOTE_KEYS_LIMIT)
            return false;
        struct remote_key *read = &out->keys[out->key_count++];
        read->type = key_type(slice_skip(key, key.len - 1));
        read->name = arena_copy(arena, (struct slice){key.ptr, key.len - 2});
        if (read->type == 0)
            return false;
    }
    return out->key_count > 0;
}

static void write_table(struct buffer *out, const struct remote_table *table)
{
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "TableName", table->name);
    json_write_string_member(out, &first, "BillingMode", SLICE("PAY_PER_REQUEST"));
    buffer_append_string(out, ",\"AttributeDefinitions\":[");
    for (size_t i = 0; i < table->key_count; i++) {
        buffer_append_string(out, i > 0 ? ",{\"AttributeName\":" : "{\"AttributeName\":");
        json_write_string(out, table->keys[i].name);
        buffer_printf(out, ",\"AttributeType\":\"%s\"}", value_type_name(table->keys[i].type));
    }
    buffer_append_string(out, "],\"KeySchema\":[");
    for (size_t i = 0; i < table->key_count; i++) {
        buffer_append_string(out, i > 0 ? ",{\"AttributeName\":" : "{\"AttributeName\":");
        json_write_string(out, table->keys[i].name);
        buffer_printf(out, ",\"KeyType\":\"%s\"}", i == 0 ? "HASH" : "RANGE");
    }
    buffer_append_string(out, "]}");
}

enum client_outcome remote_table_create(struct client *client, struct arena *arena,
                                        const struct remote_table *table, struct client_answer *answer)
{
    struct buffer body;

    buffer_init(&body);
    write_table(&body, table);
    enum client_outcome outcome = client_call(client, arena, "CreateTable", buffer_slice(&body), answer);
    buffer_finish(&body);
    while (outcome == CLIENT_DONE) {
        outcome = client_call(client, arena, "DescribeTable", name_body(arena, table->name), answer);
        if (outcome == CLIENT_DONE &&
            slice_is(text_of(json_get(answer->body, "Table"), "TableStatus"), "ACTIVE"))
            break;
        nanosleep(&pause_between_questions, NULL);
    }
    return outcome;
}

/* ---- items ---- */

bool remote_table_check(const struct remote_table *table, struct arena *arena, const struct item *item,
                        struct fault *fault)
{
    for (size_t i = 0; i < table->key_count; i++) {
        const struct remote_key *key = &table->keys[i];
        const struct value *value = item_get(item, key->name);
        if (value == NULL)
            return record_fails(arena, fault, key->name, "it is a key of the table, and missing");
        if (value->type != key->type)
            return record_fails(arena, fault, key->name,
                                "as a key of the table it has the type %s, and here %s",
                                value_type_name(key->type), value_type_name(value->type));
    }
    return true;
}
