#include "deploy/template.h"

#include <yaml.h>

#include "base/check.h"

/* A mapping's keys are compared each with each. */
enum { ANCHORS_LIMIT = 1000, MEMBERS_LIMIT = 4000, FIRST_CHILDREN = 8 };

struct anchor {
    struct slice name;
    struct json value;
    size_t nodes; /* of the value, with what its own aliases stand for */
    unsigned depth;
};

struct yaml_reader {
    struct arena *arena;
    yaml_parser_t parser;
    struct slice *problem;
    size_t nodes; /* made so far; an alias counts as what it stands for */
    struct anchor *anchors;
    size_t anchor_count;
    size_t anchor_capacity;
};

/* What a read value is, beside its content: what the tree above it must know. */
struct extent {
    size_t nodes;
    unsigned depth;
};

static bool read_node(struct yaml_reader *reader, yaml_event_t *event, unsigned depth, struct json *out,
                      struct extent *extent);

static bool complain(struct yaml_reader *reader, const yaml_mark_t *mark, const char *what)
{
    *reader->problem = arena_printf(reader->arena, "line %zu: %s", mark->line + 1, what);
    return false;
}

static bool next_event(struct yaml_reader *reader, yaml_event_t *event)
{
    yaml_parser_t *parser = &reader->parser;

    if (yaml_parser_parse(parser, event))
        return true;
    *reader->problem =
        arena_printf(reader->arena, "line %zu: %s%s%s", parser->problem_mark.line + 1,
                     parser->context == NULL ? "" : parser->context, parser->context == NULL ? "" : ", ",
                     parser->problem == NULL ? "this is no YAML" : parser->problem);
    return false;
}

static struct slice text_of(struct yaml_reader *reader, const yaml_char_t *text, size_t length)
{
    return arena_copy(reader->arena, (struct slice){(const char *)text, length});
}

/* ---- scalars ---- */

static bool is_json_number(struct slice text)
{
    size_t i = text.len > 0 && text.ptr[0] == '-', digits = i;

#define SKIP_DIGITS()                                                                                        \
    while (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9')                                         \
    i++
    SKIP_DIGITS();
    if (i == digits || (text.ptr[digits] == '0' && i > digits + 1))
        return false;
    if (i < text.len && text.ptr[i] == '.') {
        digits = ++i;
        SKIP_DIGITS();
        if (i == digits)
            return false;
    }
    if (i < text.len && (text.ptr[i] == 'e' || text.ptr[i] == 'E')) {
        i++;
        if (i < text.len && (text.ptr[i] == '+' || text.ptr[i] == '-'))
            i++;
        digits = i;
        SKIP_DIGITS();
        if (i == digits)
            return false;
    }
#undef SKIP_DIGITS
    return i == text.len;
}

static bool is_any(struct slice text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (slice_is(text, *words))
            return true;
    }
    return false;
}

static struct json plain_scalar(struct slice text)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};

    if (is_any(text, nulls))
        return (struct json){.type = JSON_NULL};
    if (is_any(text, trues) || is_any(text, falses))
        return (struct json){.type = JSON_BOOLEAN, .boolean = is_any(text, trues)};
    return (struct json){.type = is_json_number(text) ? JSON_NUMBER : JSON_STRING, .text = text};
}

/* ---- tags ---- */

/* The function of a short tag: "!Sub" is Fn::Sub. False for a tag that is no name. */
static bool function_of_tag(struct yaml_reader *reader, const char *tag, struct slice *out)
{
    struct slice name = slice_of(tag + 1);

    for (size_t i = 0; i < name.len; i++) {
        if (!((name.ptr[i] >= 'A' && name.ptr[i] <= 'Z') || (name.ptr[i] >= 'a' && name.ptr[i] <= 'z') ||
              (name.ptr[i] >= '0' && name.ptr[i] <= '9')))
            return false;
    }
    if (slice_is(name, "Ref") || slice_is(name, "Condition"))
        *out = arena_copy(reader->arena, name);
    else
        *out = arena_printf(reader->arena, "Fn::%.*s", SLICE_ARGS(name));
    return name.len > 0;
}

static struct json list_of_two(struct arena *arena, struct slice first, struct slice second)
{
    struct json list = {.type = JSON_ARRAY, .array = {arena_array(arena, struct json, 2), 2}};

    list.array.items[0] = (struct json){.type = JSON_STRING, .text = first};
    list.array.items[1] = (struct json){.type = JSON_STRING, .text = second};
    return list;
}

/* Puts the value into the function that its tag names. */
static bool apply_tag(struct yaml_reader *reader, const yaml_mark_t *mark, const char *tag,
                      struct json *value, struct extent *extent)
{
    struct slice function;

    if (tag == NULL || tag[0] != '!' || strcmp(tag, "!") == 0)
        return true;
    if (!function_of_tag(reader, tag, &function))
        return complain(reader, mark,
                        arena_printf(reader->arena, "%.40s is no tag of CloudFormation", tag).ptr);
    struct json *argument = arena_new(reader->arena, struct json);
    *argument = *value;
    if (slice_is(function, "Fn::GetAtt") && value->type == JSON_STRING) {
        const char *dot = memchr(value->text.ptr, '.', value->text.len);
        if (dot == NULL)
            return complain(reader, mark,
                            "!GetAtt needs a resource and an attribute, with a dot between them");
        size_t length = (size_t)(dot - value->text.ptr);
        *argument = list_of_two(reader->arena, (struct slice){value->text.ptr, length},
                                slice_skip(value->text, length + 1));
    }
    struct json_member *member = arena_new(reader->arena, struct json_member);
    *member = (struct json_member){function, *argument};
    *value = (struct json){.type = JSON_OBJECT, .object = {member, 1}};
    extent->nodes++;
    extent->depth++;
    return true;
}

/* ---- nodes ---- */

static bool count_nodes(struct yaml_reader *reader, const yaml_mark_t *mark, size_t more)
{
    reader->nodes += more;
    return reader->nodes <= TEMPLATE_NODES_LIMIT ||
           complain(reader, mark, "the template has too many values, those of its aliases counted");
}

static bool remember_anchor(struct yaml_reader *reader, const yaml_mark_t *mark, const yaml_char_t *name,
                            const struct json *value, const struct extent *extent)
{
    if (name == NULL)
        return true;
    if (reader->anchor_count == ANCHORS_LIMIT)
        return complain(reader, mark, "the template has too many anchors");
    if (reader->anchor_count == reader->anchor_capacity) {
        size_t capacity = reader->anchor_capacity == 0 ? FIRST_CHILDREN : reader->anchor_capacity * 2;
        reader->anchors = arena_grow(reader->arena, reader->anchors, reader->anchor_count, capacity,
                                     sizeof(*reader->anchors));
        reader->anchor_capacity = capacity;
    }
    reader->anchors[reader->anchor_count++] = (struct anchor){
        text_of(reader, name, strlen((const char *)name)), *value, extent->nodes, extent->depth};
    return true;
}

static bool read_alias(struct yaml_reader *reader, const yaml_event_t *event, unsigned depth,
                       struct json *out, struct extent *extent)
{
    struct slice name = slice_of((const char *)event->data.alias.anchor);

    /* The last of that name: a name can be given again. */
    for (size_t i = reader->anchor_count; i-- > 0;) {
        const struct anchor *anchor = &reader->anchors[i];
        if (!slice_equal(anchor->name, name))
            continue;
        if (depth + anchor->depth > TEMPLATE_DEPTH_LIMIT)
            return complain(reader, &event->start_mark, "the template is nested too deeply");
        *out = anchor->value;
        *extent = (struct extent){anchor->nodes, anchor->depth};
        return count_nodes(reader, &event->start_mark, anchor->nodes);
    }
    return complain(reader, &event->start_mark, "an alias of an anchor that is not there");
}

static bool read_scalar(struct yaml_reader *reader, const yaml_event_t *event, struct json *out,
                        struct extent *extent)
{
    const char *tag = (const char *)event->data.scalar.tag;
    struct slice text = text_of(reader, event->data.scalar.value, event->data.scalar.length);

    *extent = (struct extent){1, 0};
    *out = (struct json){.type = JSON_STRING, .text = text};
    if (tag == NULL && event->data.scalar.plain_implicit)
        *out = plain_scalar(text);
    else if (tag != NULL && strncmp(tag, "tag:", 4) == 0 && strcmp(tag, YAML_STR_TAG) != 0)
        *out = plain_scalar(text);
    return count_nodes(reader, &event->start_mark, 1) &&
           apply_tag(reader, &event->start_mark, tag, out, extent) &&
           remember_anchor(reader, &event->start_mark, event->data.scalar.anchor, out, extent);
}

static void include(struct extent *extent, const struct extent *child)
{
    extent->nodes += child->nodes;
    if (extent->depth < child->depth + 1)
        extent->depth = child->depth + 1;
}

static bool read_sequence(struct yaml_reader *reader, unsigned depth, struct json *out, struct extent *extent)
{
    size_t capacity = 0;

    *out = (struct json){.type = JSON_ARRAY};
    for (;;) {
        yaml_event_t event;
        struct extent child;
        if (!next_event(reader, &event))
            return false;
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            return true;
        }
        if (out->array.count == capacity) {
            capacity = capacity == 0 ? FIRST_CHILDREN : capacity * 2;
            out->array.items =
                arena_grow(reader->arena, out->array.items, out->array.count, capacity, sizeof(*out));
        }
        bool read = read_node(reader, &event, depth, &out->array.items[out->array.count], &child);
        yaml_event_delete(&event);
        if (!read)
            return false;
        out->array.count++;
        include(extent, &child);
    }
}

/* Reads the value of the key in `event` as the next member. */
static bool read_member(struct yaml_reader *reader, yaml_event_t *event, unsigned depth, struct json *map,
                        struct extent *extent)
{
    struct json_member *member = &map->object.members[map->object.count];
    struct extent child;
    yaml_event_t value;

    if (event->type != YAML_SCALAR_EVENT)
        return complain(reader, &event->start_mark, "a key must be text");
    if (map->object.count == MEMBERS_LIMIT)
        return complain(reader, &event->start_mark, "a mapping has too many keys");
    struct slice name = text_of(reader, event->data.scalar.value, event->data.scalar.length);
    if (slice_is(name, "<<") && event->data.scalar.plain_implicit)
        return complain(reader, &event->start_mark, "CloudFormation has no merge keys (<<)");
    if (json_get_slice(map, name) != NULL)
        return complain(reader, &event->start_mark,
                        arena_printf(reader->arena, "the key %.100s is there twice", name.ptr).ptr);
    if (!next_event(reader, &value))
        return false;
    bool read = read_node(reader, &value, depth, &member->value, &child);
    yaml_event_delete(&value);
    if (!read)
        return false;
    member->name = name;
    map->object.count++;
    include(extent, &child);
    return true;
}

static bool read_mapping(struct yaml_reader *reader, unsigned depth, struct json *out, struct extent *extent)
{
    size_t capacity = 0;

    *out = (struct json){.type = JSON_OBJECT};
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return false;
        if (event.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&event);
            return true;
        }
        if (out->object.count == capacity) {
            capacity = capacity == 0 ? FIRST_CHILDREN : capacity * 2;
            out->object.members = arena_grow(reader->arena, out->object.members, out->object.count, capacity,
                                             sizeof(struct json_member));
        }
        bool read = read_member(reader, &event, depth, out, extent);
        yaml_event_delete(&event);
        if (!read)
            return false;
    }
}

static bool read_collection(struct yaml_reader *reader, const yaml_event_t *event, unsigned depth,
                            struct json *out, struct extent *extent)
{
    bool is_list = event->type == YAML_SEQUENCE_START_EVENT;
    const yaml_char_t *tag = is_list ? event->data.sequence_start.tag : event->data.mapping_start.tag;
    const yaml_char_t *anchor =
        is_list ? event->data.sequence_start.anchor : event->data.mapping_start.anchor;

    *extent = (struct extent){1, 0};
    if (depth == TEMPLATE_DEPTH_LIMIT)
        return complain(reader, &event->start_mark, "the template is nested too deeply");
    if (!count_nodes(reader, &event->start_mark, 1))
        return false;
    if (!(is_list ? read_sequence(reader, depth + 1, out, extent)
                  : read_mapping(reader, depth + 1, out, extent)))
        return false;
    return apply_tag(reader, &event->start_mark, (const char *)tag, out, extent) &&
           remember_anchor(reader, &event->start_mark, anchor, out, extent);
}

static bool read_node(struct yaml_reader *reader, yaml_event_t *event, unsigned depth, struct json *out,
                      struct extent *extent)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(reader, event, out, extent);
    case YAML_ALIAS_EVENT:
        return read_alias(reader, event, depth, out, extent);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return read_collection(reader, event, depth, out, extent);
    default:
        return complain(reader, &event->start_mark, "a value is missing");
    }
}

/* Takes the next event, which must be of this type. */
static bool expect(struct yaml_reader *reader, yaml_event_type_t type, const char *otherwise)
{
    yaml_event_t event;

    if (!next_event(reader, &event))
        return false;
    bool as_expected = event.type == type || complain(reader, &event.start_mark, otherwise);
    yaml_event_delete(&event);
    return as_expected;
}

static bool read_document(struct yaml_reader *reader, struct json *out)
{
    yaml_event_t event;
    struct extent extent;

    if (!expect(reader, YAML_STREAM_START_EVENT, "this is no YAML") ||
        !expect(reader, YAML_DOCUMENT_START_EVENT, "the template is empty") || !next_event(reader, &event))
        return false;
    bool read = read_node(reader, &event, 0, out, &extent);
    yaml_event_delete(&event);
    return read && expect(reader, YAML_DOCUMENT_END_EVENT, "the template does not end here") &&
           expect(reader, YAML_STREAM_END_EVENT, "a second document follows; a template is one");
}

static bool parse_yaml(struct arena *arena, struct slice text, const struct json **out, struct slice *problem)
{
    struct yaml_reader reader = {.arena = arena, .problem = problem};
    struct json *root = arena_new(arena, struct json);

    CHECK(yaml_parser_initialize(&reader.parser));
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text.ptr, text.len);
    bool read = read_document(&reader, root);
    yaml_parser_delete(&reader.parser);
    *out = root;
    return read;
}

static bool begins_as_json(struct slice text)
{
    size_t blanks = 0;

    while (blanks < text.len && strchr(" \t\r\n", text.ptr[blanks]) != NULL)
        blanks++;
    return blanks < text.len && (text.ptr[blanks] == '{' || text.ptr[blanks] == '[');
}

bool template_parse(struct arena *arena, struct slice text, const struct json **out, struct slice *problem)
{
    *out = NULL;
    if (text.len > TEMPLATE_SIZE_LIMIT) {
        *problem = SLICE("a template has at most 1 MB");
        return false;
    }
    if (begins_as_json(text)) {
        switch (json_parse(arena, text, TEMPLATE_DEPTH_LIMIT, out)) {
        case JSON_OK:
            break;
        case JSON_TOO_DEEP:
            *problem = SLICE("the template is nested too deeply");
            return false;
        case JSON_SYNTAX:
            /* YAML's own short forms begin alike; and if it is neither, YAML's parser can tell the line. */
            if (!parse_yaml(arena, text, out, problem))
                return false;
        }
    } else if (!parse_yaml(arena, text, out, problem)) {
        return false;
    }
    if ((*out)->type == JSON_OBJECT)
        return true;
    *problem = SLICE("a template is an object, with a member Resources");
    return false;
}
