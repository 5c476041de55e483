#include "deploy/template.h"

#include <yaml.h>

#include "base/check.h"
#include "deploy/path.h"

/* A mapping's keys are compared each with each. */
enum { MEMBERS_LIMIT = 4000, FIRST_CHILDREN = 8 };

struct yaml_reader {
    struct arena *arena;
    yaml_parser_t parser;
    struct slice *problem;
    size_t nodes; /* made so far */
};

static bool read_node(struct yaml_reader *reader, yaml_event_t *event, const struct path *path,
                      unsigned depth, struct json *out);

/* A sentence, and where in the text. */
static bool complain(struct yaml_reader *reader, const yaml_mark_t *mark, const char *what)
{
    *reader->problem = arena_printf(reader->arena, "Template format error: %s (line %zu, column %zu)", what,
                                    mark->line + 1, mark->column + 1);
    return false;
}

static bool next_event(struct yaml_reader *reader, yaml_event_t *event)
{
    yaml_parser_t *parser = &reader->parser;

    if (yaml_parser_parse(parser, event))
        return true;
    return complain(reader, &parser->problem_mark, "YAML not well-formed.");
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

/* What YAML 1.1 reads as a number where a key stands: AWS refuses such keys. */
static bool is_numeric_key(struct slice text)
{
    size_t octal = text.len > 1 && text.ptr[0] == '0';

    while (octal > 0 && octal < text.len && text.ptr[octal] >= '0' && text.ptr[octal] <= '7')
        octal++;
    return is_json_number(text) || (octal > 0 && octal == text.len);
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
                      struct json *value)
{
    struct slice function;

    if (tag == NULL || tag[0] != '!' || strcmp(tag, "!") == 0)
        return true;
    if (!function_of_tag(reader, tag, &function))
        return complain(reader, mark, arena_printf(reader->arena, "%.40s is no tag of a function.", tag).ptr);
    struct json *argument = arena_new(reader->arena, struct json);
    *argument = *value;
    const char *dot = value->type != JSON_STRING || value->text.len == 0
                          ? NULL
                          : memchr(value->text.ptr, '.', value->text.len);
    if (slice_is(function, "Fn::GetAtt") && dot != NULL) {
        size_t length = (size_t)(dot - value->text.ptr);
        *argument = list_of_two(reader->arena, (struct slice){value->text.ptr, length},
                                slice_skip(value->text, length + 1));
    }
    struct json_member *member = arena_new(reader->arena, struct json_member);
    *member = (struct json_member){function, *argument};
    *value = (struct json){.type = JSON_OBJECT, .object = {member, 1}};
    return true;
}

/* ---- nodes ---- */

static bool count_node(struct yaml_reader *reader, const yaml_mark_t *mark)
{
    return ++reader->nodes <= TEMPLATE_NODES_LIMIT ||
           complain(reader, mark, "the template has too many values.");
}

static bool read_scalar(struct yaml_reader *reader, const yaml_event_t *event, struct json *out)
{
    const char *tag = (const char *)event->data.scalar.tag;
    struct slice text = text_of(reader, event->data.scalar.value, event->data.scalar.length);

    *out = (struct json){.type = JSON_STRING, .text = text};
    if (tag == NULL && event->data.scalar.plain_implicit)
        *out = plain_scalar(text);
    else if (tag != NULL && strncmp(tag, "tag:", 4) == 0 && strcmp(tag, YAML_STR_TAG) != 0)
        *out = plain_scalar(text);
    return count_node(reader, &event->start_mark) && apply_tag(reader, &event->start_mark, tag, out);
}

static bool read_sequence(struct yaml_reader *reader, const struct path *path, unsigned depth,
                          struct json *out)
{
    size_t capacity = 0;

    *out = (struct json){.type = JSON_ARRAY};
    for (;;) {
        yaml_event_t event;
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
        bool read = read_node(reader, &event, &(struct path){path, {NULL, 0}, out->array.count}, depth,
                              &out->array.items[out->array.count]);
        yaml_event_delete(&event);
        if (!read)
            return false;
        out->array.count++;
    }
}

/* The key in `event`, which the mapping may not have yet. */
static bool read_key(struct yaml_reader *reader, const yaml_event_t *event, const struct path *path,
                     const struct json *map, struct slice *name)
{
    const yaml_mark_t *mark = &event->start_mark;

    if (event->type != YAML_SCALAR_EVENT)
        return complain(reader, mark, "map keys must be strings.");
    if (map->object.count == MEMBERS_LIMIT)
        return complain(reader, mark, "a map has too many keys.");
    *name = text_of(reader, event->data.scalar.value, event->data.scalar.length);
    bool plain = event->data.scalar.plain_implicit;
    int shown = name->len > 100 ? 100 : (int)name->len;
    if (plain && slice_is(*name, "<<"))
        return complain(reader, mark, "hash merges (<<) are not supported.");
    if (plain && is_numeric_key(*name)) {
        *reader->problem = arena_printf(
            reader->arena,
            "Template format error: [%.*s] map keys must be strings; received numeric [%.*s] instead",
            SLICE_ARGS(path_pointer(reader->arena, path)), shown, name->ptr);
        return false;
    }
    return json_get_slice(map, *name) == NULL ||
           complain(reader, mark, arena_printf(reader->arena, "Duplicate key '%.*s'.", shown, name->ptr).ptr);
}

/* Reads the value of the key in `event` as the next member. */
static bool read_member(struct yaml_reader *reader, const yaml_event_t *event, const struct path *path,
                        unsigned depth, struct json *map)
{
    struct json_member *member = &map->object.members[map->object.count];
    yaml_event_t value;

    if (!read_key(reader, event, path, map, &member->name) || !next_event(reader, &value))
        return false;
    bool read = read_node(reader, &value, &(struct path){path, member->name, 0}, depth, &member->value);
    yaml_event_delete(&value);
    map->object.count += read;
    return read;
}

static bool read_mapping(struct yaml_reader *reader, const struct path *path, unsigned depth,
                         struct json *out)
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
        bool read = read_member(reader, &event, path, depth, out);
        yaml_event_delete(&event);
        if (!read)
            return false;
    }
}

static bool read_collection(struct yaml_reader *reader, const yaml_event_t *event, const struct path *path,
                            unsigned depth, struct json *out)
{
    bool is_list = event->type == YAML_SEQUENCE_START_EVENT;
    const yaml_char_t *tag = is_list ? event->data.sequence_start.tag : event->data.mapping_start.tag;

    if (depth == TEMPLATE_DEPTH_LIMIT)
        return complain(reader, &event->start_mark, "the template is nested too deeply.");
    return count_node(reader, &event->start_mark) &&
           (is_list ? read_sequence(reader, path, depth + 1, out)
                    : read_mapping(reader, path, depth + 1, out)) &&
           apply_tag(reader, &event->start_mark, (const char *)tag, out);
}

/* AWS: "Template format", YAML: "CloudFormation doesn't support [...] aliases". So nothing grows beyond the
 * text. */
static bool read_node(struct yaml_reader *reader, yaml_event_t *event, const struct path *path,
                      unsigned depth, struct json *out)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(reader, event, out);
    case YAML_ALIAS_EVENT:
        *reader->problem = SLICE("Template error: YAML aliases are not allowed in CloudFormation templates");
        return false;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return read_collection(reader, event, path, depth, out);
    default:
        return complain(reader, &event->start_mark, "YAML not well-formed.");
    }
}

/* Takes the next event, which must be of this type. */
static bool expect(struct yaml_reader *reader, yaml_event_type_t type)
{
    yaml_event_t event;

    if (!next_event(reader, &event))
        return false;
    bool as_expected = event.type == type || complain(reader, &event.start_mark, "YAML not well-formed.");
    yaml_event_delete(&event);
    return as_expected;
}

static bool read_document(struct yaml_reader *reader, struct json *out)
{
    yaml_event_t event;

    if (!expect(reader, YAML_STREAM_START_EVENT) || !expect(reader, YAML_DOCUMENT_START_EVENT) ||
        !next_event(reader, &event))
        return false;
    bool read = read_node(reader, &event, &(struct path){0}, 0, out);
    yaml_event_delete(&event);
    return read && expect(reader, YAML_DOCUMENT_END_EVENT) && expect(reader, YAML_STREAM_END_EVENT);
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

/* AWS takes what begins as an object for JSON, and all else for YAML. */
static bool begins_as_json(struct slice text)
{
    size_t blanks = 0;

    while (blanks < text.len && strchr(" \t\r\n", text.ptr[blanks]) != NULL)
        blanks++;
    return blanks < text.len && text.ptr[blanks] == '{';
}

/* "(line 3, column 5)" */
static struct slice place_of(struct arena *arena, struct slice text, size_t offset)
{
    size_t line = 1, column = 1;

    for (size_t i = 0; i < offset && i < text.len; i++) {
        column = text.ptr[i] == '\n' ? 1 : column + 1;
        line += text.ptr[i] == '\n';
    }
    return arena_printf(arena, "(line %zu, column %zu)", line, column);
}

static bool parse_json(struct arena *arena, struct slice text, const struct json **out, struct slice *problem)
{
    struct json_flaw flaw;

    switch (json_parse_strictly(arena, text, TEMPLATE_DEPTH_LIMIT, out, &flaw)) {
    case JSON_OK:
        if (flaw.repeated.ptr == NULL)
            return true;
        *problem = arena_printf(arena, "Template format error: Duplicate key '%.*s'.",
                                flaw.repeated.len > 100 ? 100 : (int)flaw.repeated.len, flaw.repeated.ptr);
        return false;
    case JSON_TOO_DEEP:
        *problem = SLICE("Template format error: the template is nested too deeply.");
        return false;
    case JSON_SYNTAX:
        break;
    }
    *problem = arena_printf(arena, "Template format error: JSON not well-formed. %.*s",
                            SLICE_ARGS(place_of(arena, text, flaw.offset)));
    return false;
}

bool template_parse(struct arena *arena, struct slice text, const struct json **out, struct slice *problem)
{
    *out = NULL;
    if (text.len > TEMPLATE_SIZE_LIMIT) {
        *problem = arena_printf(arena, "Template may not exceed %d bytes in size.", TEMPLATE_SIZE_LIMIT);
        return false;
    }
    if (!(begins_as_json(text) ? parse_json : parse_yaml)(arena, text, out, problem))
        return false;
    if ((*out)->type == JSON_OBJECT)
        return true;
    *problem = SLICE("Template format error: unsupported structure.");
    return false;
}
