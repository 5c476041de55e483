/*
 * Resources of types that the server has no service for: they are recorded, and not run. Each gets an id and
 * attributes of the form that it has at AWS, so that what refers to it can be made.
 *
 * A form is a text in which braces stand for
 *     {a} {r}             the account, the Region
 *     {n} {l}             the name: its property's value, or one that is made; {l} in small letters
 *     {made}              an id as CloudFormation makes them
 *     {u}                 a UUID
 *     {x10} {X10} {h10}   so many small letters and digits, capital letters and digits, hexadecimal digits
 *     {x10.root}          others than {x10}
 *     {.Property}         the text of a property
 *     {stack} {logical}   the stack's ARN, the logical id
 * and {} for itself. All of it comes of the stack, the logical id and the generation, so it is the same each
 * time.
 */
#include "base/characters.h"
#include "base/check.h"
#include "base/hash.h"
#include "deploy/intrinsics.h"
#include "deploy/making.h"
#include "deploy/properties.h"
#include "deploy/types/types.h"

struct recorded {
    const char *type;
    const char *name;         /* a property; NULL: it has no name of its own */
    const char *const *forms; /* of Ref; then "Arn=arn:..." of each attribute; ended by NULL */
};

#define R(type, name, ...) {type, name, (const char *const[]){__VA_ARGS__, NULL}},
static const struct recorded recorded_types[] = {
#include "deploy/types/recorded.def"
};
#undef R

static const struct recorded *form_of(struct slice type)
{
    for (size_t i = 0; i < sizeof(recorded_types) / sizeof(recorded_types[0]); i++) {
        if (slice_is(type, recorded_types[i].type))
            return &recorded_types[i];
    }
    return NULL;
}

/* ---- texts ---- */

/* One form, while it is written. */
struct writer {
    struct stack *stack;
    struct resource *resource;
    const struct recorded *recorded; /* NULL: the type is one of which no form is known */
    struct buffer out;
    struct slice *reason;
};

/* Characters of a hash of who the resource is and of `salt`. */
static void write_random(struct writer *writer, const char *letters, size_t count, struct slice salt)
{
    struct slice who = stack_resource_made_id(writer->stack, writer->resource);
    size_t kinds = strlen(letters);

    for (size_t i = 0; i < count; i++) {
        struct slice seed = arena_printf(writer->stack->arena, "%.*s/%.*s/%.*s/%zu", SLICE_ARGS(who),
                                         SLICE_ARGS(writer->resource->type), SLICE_ARGS(salt), i);
        buffer_append_byte(&writer->out, letters[hash_bytes(seed) % kinds]);
    }
}

static void write_uuid(struct writer *writer)
{
    static const size_t groups[] = {8, 4, 4, 4, 12};

    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        if (i > 0)
            buffer_append_byte(&writer->out, '-');
        if (i == 2)
            buffer_append_byte(&writer->out, '4');
        if (i == 3)
            buffer_append_byte(&writer->out, 'a');
        write_random(writer, "0123456789abcdef", groups[i] - (i == 2 || i == 3),
                     arena_printf(writer->stack->arena, "uuid%zu", i));
    }
}

/* The text of a property; an absent one is empty. */
static enum resolved property_text(struct writer *writer, struct slice name, struct slice *out)
{
    const struct json *given = json_get_slice(writer->resource->properties, name);
    struct json value;

    *out = SLICE("");
    if (given == NULL)
        return RESOLVED;
    enum resolved resolved = stack_evaluate(writer->stack, given, &value, writer->reason);
    if (resolved == RESOLVED && !scalar_text(&value, out)) {
        *writer->reason = arena_printf(writer->stack->arena, "%.*s must be text", SLICE_ARGS(name));
        return RESOLVED_WRONG;
    }
    return resolved == RESOLVED_NOTHING ? RESOLVED : resolved;
}

static enum resolved name_of(struct writer *writer, struct slice *out)
{
    enum resolved resolved = RESOLVED;

    *out = SLICE("");
    if (writer->recorded != NULL && writer->recorded->name != NULL)
        resolved = property_text(writer, slice_of(writer->recorded->name), out);
    if (resolved == RESOLVED && out->len == 0)
        *out = stack_resource_made_name(writer->stack, writer->resource);
    return resolved;
}

static enum resolved write_name(struct writer *writer, bool small)
{
    struct slice name;
    enum resolved resolved = name_of(writer, &name);

    for (size_t i = 0; resolved == RESOLVED && i < name.len; i++) {
        char c = name.ptr[i];
        buffer_append_byte(&writer->out, small && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
    return resolved;
}

/* "x10.root" */
static bool write_letters(struct writer *writer, struct slice word)
{
    static const struct {
        char what;
        const char *letters;
    } alphabets[] = {{'x', "abcdefghijklmnopqrstuvwxyz0123456789"},
                     {'X', "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
                     {'h', "0123456789abcdef"}};
    size_t count = 0, at = 1;

    for (; at < word.len && is_digit(word.ptr[at]); at++)
        count = count * 10 + (size_t)(word.ptr[at] - '0');
    for (size_t i = 0; i < sizeof(alphabets) / sizeof(alphabets[0]); i++) {
        if (word.len > 1 && word.ptr[0] == alphabets[i].what && count > 0) {
            write_random(writer, alphabets[i].letters, count, slice_skip(word, at));
            return true;
        }
    }
    return false;
}

/* What a word in braces stands for. */
static enum resolved write_word(struct writer *writer, struct slice word)
{
    const struct stack_identity *identity = &writer->stack->identity;
    struct slice text;

    if (word.len == 0)
        text = SLICE("{}");
    else if (slice_is(word, "a"))
        text = identity->account;
    else if (slice_is(word, "r"))
        text = identity->region;
    else if (slice_is(word, "made"))
        text = stack_resource_made_id(writer->stack, writer->resource);
    else if (slice_is(word, "stack"))
        text = stack_arn(writer->stack);
    else if (slice_is(word, "logical"))
        text = writer->resource->id;
    else if (slice_is(word, "n") || slice_is(word, "l"))
        return write_name(writer, word.ptr[0] == 'l');
    else if (word.ptr[0] == '.') {
        enum resolved resolved = property_text(writer, slice_skip(word, 1), &text);
        if (resolved != RESOLVED)
            return resolved;
    } else {
        text = SLICE("");
        if (slice_is(word, "u"))
            write_uuid(writer);
        else
            CHECK(write_letters(writer, word));
    }
    buffer_append(&writer->out, text);
    return RESOLVED;
}

static enum resolved write_form(struct writer *writer, struct slice form, struct slice *out)
{
    enum resolved resolved = RESOLVED;

    buffer_init(&writer->out);
    while (resolved == RESOLVED && form.len > 0) {
        const char *open = memchr(form.ptr, '{', form.len);
        size_t before = open == NULL ? form.len : (size_t)(open - form.ptr);
        buffer_append(&writer->out, (struct slice){form.ptr, before});
        form = slice_skip(form, before);
        if (form.len == 0)
            break;
        size_t end = 1;
        while (form.ptr[end] != '}')
            end++;
        resolved = write_word(writer, (struct slice){form.ptr + 1, end - 1});
        form = slice_skip(form, end + 1);
    }
    *out = arena_copy(writer->stack->arena, buffer_slice(&writer->out));
    buffer_finish(&writer->out);
    return resolved;
}

/* ---- attributes ---- */

static bool ends_with(struct slice text, const char *ending)
{
    struct slice end = slice_of(ending);

    return text.len >= end.len && slice_equal(slice_skip(text, text.len - end.len), end);
}

/* "lambda" of "AWS::Lambda::Function", "function" of its end. */
static struct slice small_part(struct arena *arena, struct slice type, bool last)
{
    size_t begin = 0, end = type.len;

    for (size_t i = 0; i + 1 < type.len; i++) {
        if (type.ptr[i] != ':' || type.ptr[i + 1] != ':')
            continue;
        if (last || begin == 0)
            begin = i + 2;
        else
            end = i;
    }
    struct slice part = arena_copy(arena, (struct slice){type.ptr + begin, end - begin});
    for (size_t i = 0; i < part.len; i++) {
        if (part.ptr[i] >= 'A' && part.ptr[i] <= 'Z')
            ((char *)part.ptr)[i] = (char)(part.ptr[i] - 'A' + 'a');
    }
    return part;
}

/* Of a type of which no form is known: what programs expect of an attribute that is called so. */
static struct slice guess(struct writer *writer, struct slice attribute, struct slice id)
{
    struct arena *arena = writer->stack->arena;
    const struct stack_identity *identity = &writer->stack->identity;
    struct slice service = small_part(arena, writer->resource->type, false);

    if (ends_with(attribute, "Arn") || ends_with(attribute, "ARN"))
        return arena_printf(arena, "arn:aws:%.*s:%.*s:%.*s:%.*s/%.*s", SLICE_ARGS(service),
                            SLICE_ARGS(identity->region), SLICE_ARGS(identity->account),
                            SLICE_ARGS(small_part(arena, writer->resource->type, true)), SLICE_ARGS(id));
    if (ends_with(attribute, "Url") || ends_with(attribute, "URL") || ends_with(attribute, "Uri") ||
        ends_with(attribute, "Endpoint"))
        return arena_printf(arena, "https://%.*s.%.*s.amazonaws.com/%.*s", SLICE_ARGS(service),
                            SLICE_ARGS(identity->region), SLICE_ARGS(id));
    return id;
}

/* The form of an attribute; NULL: there is no such one. */
static const char *find_form(const struct recorded *recorded, struct slice attribute)
{
    for (const char *const *form = recorded->forms + 1; *form != NULL; form++) {
        const char *sign = strchr(*form, '=');
        if (slice_equal(attribute, (struct slice){*form, (size_t)(sign - *form)}))
            return sign + 1;
    }
    return NULL;
}

bool recorded_has_attribute(struct slice type, struct slice attribute)
{
    const struct recorded *recorded = form_of(type);

    return recorded == NULL || find_form(recorded, attribute) != NULL;
}

bool recorded_names(struct slice type, struct slice property)
{
    const struct recorded *recorded = form_of(type);

    return recorded != NULL && recorded->name != NULL && slice_is(property, recorded->name);
}

static enum resolved early_recorded(struct stack *stack, struct resource *resource, struct slice attribute,
                                    struct slice *out, struct slice *reason)
{
    struct writer writer = {
        .stack = stack, .resource = resource, .recorded = form_of(resource->type), .reason = reason};
    const char *form = writer.recorded == NULL ? "{made}" : writer.recorded->forms[0];
    const struct json *known = json_get(&resource->values, "Ref");

    if (writer.recorded != NULL && attribute.len > 0) {
        form = find_form(writer.recorded, attribute);
        if (form != NULL)
            return write_form(&writer, slice_of(form), out);
        *reason = arena_printf(stack->arena, "%.*s (%.*s) has no attribute %.*s", SLICE_ARGS(resource->id),
                               SLICE_ARGS(resource->type), (int)(attribute.len > 100 ? 100 : attribute.len),
                               attribute.ptr);
        return RESOLVED_WRONG;
    }
    if (attribute.len == 0)
        return write_form(&writer, slice_of(form), out);
    struct slice id = known != NULL ? known->text : stack_resource_made_id(stack, resource);
    *out = guess(&writer, attribute, id);
    return RESOLVED;
}

/* ---- the type ---- */

/* The id that the resource has with its properties as they are wanted. */
static bool wanted_id(struct making *making, struct slice *out)
{
    struct slice reason;

    return early_recorded(making->stack, making->resource, SLICE(""), out, &reason) == RESOLVED ||
           making_refuse(making, "Ref: %.*s", SLICE_ARGS(reason));
}

static bool compare_recorded(struct making *making)
{
    struct slice id;

    if (!wanted_id(making, &id))
        return false;
    making->replace = !slice_equal(id, making->id);
    return true;
}

static bool publish_all(struct making *making)
{
    const struct recorded *recorded = form_of(making->resource->type);
    struct slice value, reason;

    for (const char *const *form = recorded == NULL ? NULL : recorded->forms + 1;
         form != NULL && *form != NULL; form++) {
        struct slice name = {*form, (size_t)(strchr(*form, '=') - *form)};
        if (early_recorded(making->stack, making->resource, name, &value, &reason) != RESOLVED)
            return making_refuse(making, "%.*s: %.*s", SLICE_ARGS(name), SLICE_ARGS(reason));
        making_publish(making, arena_copy(making->arena, name).ptr, value);
    }
    return true;
}

static bool create_recorded(struct making *making)
{
    struct slice id;

    if (making->strict)
        return making_refuse(making, "The server has no %.*s, and runs with --strict-resources.",
                             SLICE_ARGS(making->resource->type));
    if (!wanted_id(making, &id))
        return false;
    making_identify(making, id);
    return publish_all(making);
}

static bool forget(struct making *making)
{
    (void)making;
    return true;
}

const struct resource_type recorded_type = {.name = "",
                                            .properties = &kind_document,
                                            .recorded = true,
                                            .early = early_recorded,
                                            .find = making_remembered,
                                            .compare = compare_recorded,
                                            .create = create_recorded,
                                            .update = publish_all,
                                            .remove = forget};

/* ---- what there is nothing to make of ---- */

static bool create_nothing(struct making *making)
{
    making_identify_made(making);
    return true;
}

static const char *const id_attribute[] = {"Id", NULL};

const struct resource_type metadata_type = {.name = "AWS::CDK::Metadata",
                                            .properties = &kind_document,
                                            .inert = true,
                                            .early = early_made_id,
                                            .find = making_remembered,
                                            .create = create_nothing,
                                            .remove = forget};

/* AWS gives an address at which the condition is told. Nobody listens at this one. */
static enum resolved early_handle(struct stack *stack, struct resource *resource, struct slice attribute,
                                  struct slice *out, struct slice *reason)
{
    (void)reason;
    if (attribute.len > 0 && !slice_is(attribute, "Id"))
        return RESOLVED_LATER;
    *out = arena_printf(stack->arena, "https://cloudformation-waitcondition-%.*s.s3.amazonaws.com/%.*s/%.*s",
                        SLICE_ARGS(stack->identity.region), SLICE_ARGS(stack_arn(stack)),
                        SLICE_ARGS(resource->id));
    return RESOLVED;
}

static bool create_handle(struct making *making)
{
    struct slice address, reason;

    (void)early_handle(making->stack, making->resource, SLICE(""), &address, &reason);
    making_identify(making, address);
    making_publish(making, "Id", address);
    return true;
}

const struct resource_type wait_handle_type = {.name = "AWS::CloudFormation::WaitConditionHandle",
                                               .properties = &kind_document,
                                               .attributes = id_attribute,
                                               .inert = true,
                                               .early = early_handle,
                                               .find = making_remembered,
                                               .create = create_handle,
                                               .remove = forget};
