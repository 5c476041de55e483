#include "deploy/properties.h"

#include "base/characters.h"
#include "deploy/intrinsics.h"
#include "deploy/path.h"
#include "deploy/resource_type.h"

const struct kind_of_value kind_text = {.kind = TEXT};
const struct kind_of_value kind_boolean = {.kind = BOOLEAN};
const struct kind_of_value kind_integer = {.kind = INTEGER};
const struct kind_of_value kind_texts = {.kind = LIST, .element = &kind_text};
const struct kind_of_value kind_text_map = {.kind = MAP, .element = &kind_text};
const struct kind_of_value kind_document = {.kind = DOCUMENT};
const struct kind_of_value kind_anything = {.kind = ANYTHING};

static const struct property tag_members[] = {
    {"Key", &kind_text, REQUIRED}, {"Value", &kind_text, REQUIRED}, {0}};
static const struct kind_of_value tag = {.kind = STRUCTURE, .members = tag_members};
const struct kind_of_value kind_tags = {.kind = LIST, .element = &tag};

/* ---- reading ---- */

struct reader {
    struct stack *stack;
    const struct resource *resource;
    bool final;
    bool as_cloudformation; /* in its words, and what services check is left to them */
    bool complete;
    struct slice not_applied;
    struct problems *problems;
};

enum outcome { READ, ABSENT, REFUSED };

static enum outcome read_value(struct reader *reader, const struct kind_of_value *kind,
                               const struct json *json, const struct path *path, struct json *out);

static enum outcome refuse(struct reader *reader, const struct path *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum outcome refuse(struct reader *reader, const struct path *path, const char *format, ...)
{
    struct arena *arena = reader->stack->arena;
    struct slice where = path_text(arena, path);
    va_list arguments;

    va_start(arguments, format);
    struct slice reason = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    problems_add(reader->problems, "%.*s: %.*s%s%.*s",
                 SLICE_ARGS(stack_describe(reader->stack, reader->resource)), SLICE_ARGS(where),
                 where.len > 0 ? ": " : "", SLICE_ARGS(reason));
    return REFUSED;
}

static enum outcome fails_schema(struct reader *reader, const struct path *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What CloudFormation says of properties that are not as the schema of their type says. */
static enum outcome fails_schema(struct reader *reader, const struct path *path, const char *format, ...)
{
    struct arena *arena = reader->stack->arena;
    int id = reader->resource->id.len > 100 ? 100 : (int)reader->resource->id.len;
    va_list arguments;

    va_start(arguments, format);
    struct slice reason = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    problems_add(reader->problems,
                 "%.*s: Properties validation failed for resource %.*s with message:\n#%.*s: %.*s",
                 SLICE_ARGS(stack_describe(reader->stack, reader->resource)), id, reader->resource->id.ptr,
                 SLICE_ARGS(path_pointer(arena, path)), SLICE_ARGS(reason));
    return REFUSED;
}

/* The value is not of the kind that it must be: `expected` as the schema's words are, `must` as ours. */
static enum outcome wrong_kind(struct reader *reader, const struct path *path, const struct json *json,
                               const char *expected, const char *must)
{
    static const char *const found[] = {
        [JSON_NULL] = "Null",     [JSON_BOOLEAN] = "Boolean", [JSON_NUMBER] = "Number",
        [JSON_STRING] = "String", [JSON_ARRAY] = "JSONArray", [JSON_OBJECT] = "JSONObject"};

    if (reader->as_cloudformation)
        return fails_schema(reader, path, "expected type: %s, found: %s", expected, found[json->type]);
    return refuse(reader, path, "must be %s", must);
}

/* Each by its own name, and once: a table and its indexes may have the same. */
static void note_not_applied(struct reader *reader, const struct path *path)
{
    struct slice known = reader->not_applied, name = path->name;

    for (size_t i = 0; i + name.len <= known.len; i++) {
        bool begins = i == 0 || known.ptr[i - 1] == ' ',
             ends = i + name.len == known.len || known.ptr[i + name.len] == ',';
        if (begins && ends && memcmp(known.ptr + i, name.ptr, name.len) == 0)
            return;
    }
    reader->not_applied = arena_printf(reader->stack->arena, "%.*s%s%.*s", SLICE_ARGS(known),
                                       known.len > 0 ? ", " : "", SLICE_ARGS(name));
}

static bool is_word(const struct kind_of_value *kind, struct slice value)
{
    for (size_t i = 0; kind->words[i] != NULL; i++) {
        if (slice_is(value, kind->words[i]))
            return true;
    }
    return false;
}

static struct slice list_words(struct arena *arena, const char *const *words)
{
    struct slice list = SLICE("");

    for (size_t i = 0; words[i] != NULL; i++)
        list = arena_printf(arena, "%.*s%s%s", SLICE_ARGS(list), i == 0 ? "" : ", ", words[i]);
    return list;
}

static bool is_name(struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (!is_word_character(c) && c != '-' && c != '.')
            return false;
    }
    return true;
}

static enum outcome read_text(struct reader *reader, const struct kind_of_value *kind,
                              const struct json *json, const struct path *path, struct json *out)
{
    struct slice value;

    if (!scalar_text(json, &value))
        return wrong_kind(reader, path, json, "String", "text");
    *out = (struct json){.type = JSON_STRING, .text = value};
    if (reader->as_cloudformation)
        return kind->words == NULL || !kind->schema || is_word(kind, value)
                   ? READ
                   : fails_schema(reader, path, "failed validation constraint for keyword [enum]");
    int length = value.len > 60 ? 60 : (int)value.len;
    if (kind->words != NULL && !is_word(kind, value))
        return refuse(reader, path, "'%.*s' is none of %.*s", length, value.ptr,
                      SLICE_ARGS(list_words(reader->stack->arena, kind->words)));
    if (value.len < kind->least || (kind->most > 0 && value.len > kind->most))
        return refuse(reader, path, "'%.*s' must have %zu to %zu bytes", length, value.ptr, kind->least,
                      kind->most);
    if (kind->index_name && !is_name(value))
        return refuse(reader, path, "'%.*s' may have only a-z, A-Z, 0-9, '_', '-' and '.'", length,
                      value.ptr);
    return READ;
}

/* CloudFormation takes a number as text too: "5". */
static enum outcome read_integer(struct reader *reader, const struct kind_of_value *kind,
                                 const struct json *json, const struct path *path, struct json *out)
{
    struct slice value;
    int64_t number;

    if ((json->type != JSON_NUMBER && json->type != JSON_STRING) || !scalar_text(json, &value) ||
        !json_to_int64(&(struct json){.type = JSON_NUMBER, .text = value}, &number))
        return wrong_kind(reader, path, json, "Integer", "a whole number");
    *out = (struct json){.type = JSON_NUMBER,
                         .text = arena_printf(reader->stack->arena, "%lld", (long long)number)};
    if (reader->as_cloudformation)
        return READ;
    if (number < (int64_t)kind->least)
        return refuse(reader, path, "must be at least %zu", kind->least);
    if (kind->most > 0 && number > (int64_t)kind->most)
        return refuse(reader, path, "must be at most %zu", kind->most);
    return READ;
}

static enum outcome read_boolean(struct reader *reader, const struct json *json, const struct path *path,
                                 struct json *out)
{
    struct slice value;

    *out = *json;
    if (json->type == JSON_BOOLEAN)
        return READ;
    out->type = JSON_BOOLEAN;
    if (json->type == JSON_STRING && scalar_text(json, &value) &&
        (slice_is(value, "true") || slice_is(value, "false"))) {
        out->boolean = slice_is(value, "true");
        return READ;
    }
    return wrong_kind(reader, path, json, "Boolean", "true or false");
}

static enum outcome read_list(struct reader *reader, const struct kind_of_value *kind,
                              const struct json *json, const struct path *path, struct json *out)
{
    if (json->type != JSON_ARRAY)
        return wrong_kind(reader, path, json, "JSONArray", "a list");
    size_t count = json->array.count;
    if (kind->most > 0 && count > kind->most && reader->as_cloudformation)
        return fails_schema(reader, path, "expected maximum item count: %zu, found: %zu", kind->most, count);
    if (kind->most > 0 && count > kind->most)
        return refuse(reader, path, "must have at most %zu elements", kind->most);
    *out = (struct json){.type = JSON_ARRAY,
                         .array = {arena_array(reader->stack->arena, struct json, count), 0}};
    for (size_t i = 0; i < count; i++) {
        enum outcome outcome =
            read_value(reader, kind->element, &json->array.items[i],
                       &(struct path){path, (struct slice){NULL, 0}, i}, &out->array.items[out->array.count]);
        if (outcome == REFUSED)
            return REFUSED;
        out->array.count += outcome == READ;
    }
    if (out->array.count < kind->least && reader->as_cloudformation)
        return fails_schema(reader, path, "expected minimum item count: %zu, found: %zu", kind->least,
                            out->array.count);
    return out->array.count >= kind->least ? READ
                                           : refuse(reader, path, "must have at least %zu element%s",
                                                    kind->least, kind->least == 1 ? "" : "s");
}

static enum outcome read_map(struct reader *reader, const struct kind_of_value *kind, const struct json *json,
                             const struct path *path, struct json *out)
{
    if (json->type != JSON_OBJECT)
        return wrong_kind(reader, path, json, "JSONObject", "an object");
    size_t count = json->object.count;
    *out = (struct json){.type = JSON_OBJECT,
                         .object = {arena_array(reader->stack->arena, struct json_member, count), 0}};
    for (size_t i = 0; i < count; i++) {
        const struct json_member *given = &json->object.members[i];
        struct json_member *member = &out->object.members[out->object.count];
        enum outcome outcome = read_value(reader, kind->element, &given->value,
                                          &(struct path){path, given->name, 0}, &member->value);
        if (outcome == REFUSED)
            return REFUSED;
        member->name = given->name;
        out->object.count += outcome == READ;
    }
    return READ;
}

static const struct property *find_property(const struct kind_of_value *kind, struct slice name)
{
    for (const struct property *property = kind->members; property->name != NULL; property++) {
        if (slice_is(name, property->name))
            return property;
    }
    return NULL;
}

static enum outcome read_structure(struct reader *reader, const struct kind_of_value *kind,
                                   const struct json *json, const struct path *path, struct json *out)
{
    if (json->type != JSON_OBJECT)
        return wrong_kind(reader, path, json, "JSONObject", "an object");
    size_t count = json->object.count;
    *out = (struct json){.type = JSON_OBJECT,
                         .object = {arena_array(reader->stack->arena, struct json_member, count), 0}};
    for (size_t i = 0; i < count; i++) {
        const struct json_member *given = &json->object.members[i];
        const struct property *property = find_property(kind, given->name);
        const struct path at = {path, given->name, 0};
        struct json_member *member = &out->object.members[out->object.count];
        if (property == NULL && reader->as_cloudformation)
            return fails_schema(reader, path, "extraneous key [%.*s] is not permitted",
                                given->name.len > 100 ? 100 : (int)given->name.len, given->name.ptr);
        if (property == NULL)
            return refuse(reader, &at, "there is no such property");
        if (property->use == NOT_APPLIED) {
            note_not_applied(reader, &at);
            continue;
        }
        enum outcome outcome = read_value(reader, property->kind, &given->value, &at, &member->value);
        if (outcome == REFUSED)
            return REFUSED;
        member->name = given->name;
        out->object.count += outcome == READ;
    }
    for (const struct property *property = kind->members; property->name != NULL; property++) {
        if (property->use != REQUIRED || json_get(out, property->name) != NULL)
            continue;
        return reader->as_cloudformation
                   ? fails_schema(reader, path, "required key [%s] not found", property->name)
                   : refuse(reader, &(struct path){path, slice_of(property->name), 0}, "is missing");
    }
    return READ;
}

/* What has no value yet stands as null. */
static enum outcome leave_open(struct reader *reader, const struct path *path, struct slice reason,
                               struct json *out)
{
    if (reader->final)
        return refuse(reader, path, "it depends on %.*s", SLICE_ARGS(reason));
    reader->complete = false;
    *out = (struct json){.type = JSON_NULL};
    return READ;
}

/* The value that a function stands for; of a document all of them. */
static enum resolved resolve(struct reader *reader, const struct kind_of_value *kind, const struct json *json,
                             struct json *out, struct slice *reason)
{
    return kind->kind == DOCUMENT || kind->kind == ANYTHING ? stack_evaluate(reader->stack, json, out, reason)
                                                            : stack_resolve(reader->stack, json, out, reason);
}

static enum outcome read_value(struct reader *reader, const struct kind_of_value *kind,
                               const struct json *json, const struct path *path, struct json *out)
{
    struct slice reason;
    struct json value;

    switch (resolve(reader, kind, json, &value, &reason)) {
    case RESOLVED:
        break;
    case RESOLVED_NOTHING:
        return ABSENT;
    case RESOLVED_LATER:
    case RESOLVED_UNKNOWN:
        return leave_open(reader, path, reason, out);
    case RESOLVED_WRONG:
        return refuse(reader, path, "%.*s", SLICE_ARGS(reason));
    }
    switch (kind->kind) {
    case TEXT:
        return read_text(reader, kind, &value, path, out);
    case INTEGER:
        return read_integer(reader, kind, &value, path, out);
    case BOOLEAN:
        return read_boolean(reader, &value, path, out);
    case LIST:
        return read_list(reader, kind, &value, path, out);
    case MAP:
        return read_map(reader, kind, &value, path, out);
    case STRUCTURE:
        return read_structure(reader, kind, &value, path, out);
    case ANYTHING:
        *out = value;
        return READ;
    case DOCUMENT:
        *out = value;
        return value.type == JSON_OBJECT || value.type == JSON_STRING
                   ? READ
                   : wrong_kind(reader, path, &value, "JSONObject", "an object");
    }
    return REFUSED;
}

bool resource_type_has_tags(const struct resource_type *type)
{
    const struct slice ending = SLICE("Tags");
    const struct property *property = type->properties == NULL ? NULL : type->properties->members;

    for (; property != NULL && property->name != NULL; property++) {
        struct slice name = slice_of(property->name);
        if (name.len >= ending.len && slice_equal(slice_skip(name, name.len - ending.len), ending))
            return true;
    }
    return type->properties != NULL && slice_is(slice_of(type->name), "AWS::DynamoDB::GlobalTable");
}

bool properties_read(struct stack *stack, const struct resource *resource, bool final, bool as_cloudformation,
                     struct reading *out, struct problems *problems)
{
    struct reader reader = {.stack = stack,
                            .resource = resource,
                            .final = final,
                            .as_cloudformation = as_cloudformation,
                            .complete = true,
                            .not_applied = SLICE(""),
                            .problems = problems};
    struct json *read = arena_new(stack->arena, struct json);

    if (read_value(&reader, resource->kind->properties, resource->properties, &(struct path){0}, read) !=
        READ)
        return false;
    *out = (struct reading){read, reader.complete, reader.not_applied};
    return true;
}
