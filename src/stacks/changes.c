#include "stacks/changes.h"

#include "deploy/intrinsics.h"
#include "deploy/making.h"
#include "deploy/parameters.h"
#include "deploy/recreation.h"
#include "deploy/resource_type.h"
#include "stacks/nested.h"
#include "stacks/opening.h"

#define LATER  "{{changeSet:KNOWN_AFTER_APPLY}}"
#define HIDDEN "****"

/* What becomes of a resource of the new template. */
enum fate { FATE_UNCHANGED, FATE_ADDED, FATE_CHANGED, FATE_MAYBE_REPLACED, FATE_REPLACED };

enum scope {
    SCOPE_PROPERTIES = 1,
    SCOPE_METADATA = 2,
    SCOPE_TAGS = 4,
    SCOPE_DELETION_POLICY = 8,
    SCOPE_REPLACE_POLICY = 16,
};

struct finding {
    const struct changes_question *question;
    enum fate *fates; /* one for each resource of the stack */
    struct buffer out;
    bool first;
    size_t count;
    struct slice changed;
    bool nested;
};

/* One resource that is there before and after. */
struct modification {
    struct finding *finding;
    struct resource *resource;
    const struct resource_record *record;
    struct buffer details;
    bool first;
    unsigned scope;
    bool replaced, maybe_replaced;
    struct json after; /* the properties as they will be, for who wants to see them */
};

/* ---- writing ---- */

static void begin_element(struct buffer *out, bool *first)
{
    if (!*first)
        buffer_append_byte(out, ',');
    *first = false;
}

static void write_text(struct buffer *out, bool *first, const char *name, const char *text)
{
    json_write_string_member(out, first, name, slice_of(text));
}

/* A value as texts tell it: a text as it is, anything else as JSON. */
static void write_value(struct buffer *out, bool *first, const char *name, const struct json *value)
{
    struct slice text;
    struct buffer json;

    if (value == NULL)
        return;
    if (scalar_text(value, &text)) {
        json_write_string_member(out, first, name, text);
        return;
    }
    buffer_init(&json);
    json_write_value(&json, value);
    json_write_string_member(out, first, name, buffer_slice(&json));
    buffer_finish(&json);
}

static void write_context(struct buffer *out, bool *first, const char *name, const struct json *properties)
{
    struct json_member member = {SLICE("Properties"), *properties};
    const struct json context = {.type = JSON_OBJECT, .object = {&member, 1}};

    write_value(out, first, name, &context);
}

/* ---- what a value refers to ---- */

struct references {
    struct finding *finding;
    struct texts parameters; /* whose values changed */
    struct texts causes;     /* "Table", "Table.Arn": resources whose value may change */
    bool hidden;             /* a parameter is not to be shown */
};

static const struct json *parameter_of(const struct stack_source *source, struct slice name)
{
    return find_by(source->parameters, "ParameterKey", name);
}

static bool parameter_changed(const struct changes_question *question, struct slice name)
{
    const struct json *was = parameter_of(question->was, name), *is = parameter_of(question->becomes, name);

    return !json_same(json_get(was, "ParameterValue"), json_get(is, "ParameterValue")) ||
           !json_same(json_get(was, "ResolvedValue"), json_get(is, "ResolvedValue"));
}

static void add_once(struct arena *arena, struct texts *texts, struct slice text)
{
    if (texts_find(texts, text) == texts->count)
        texts_add(arena, texts, text);
}

static void note_name(struct references *references, struct slice name, struct slice attribute)
{
    const struct changes_question *question = references->finding->question;
    const struct resource *resource = stack_resource(question->stack, name);
    const struct parameter *parameter = parameter_find(question->stack, name);

    references->hidden |=
        (parameter != NULL && parameter->no_echo) || flag_of(parameter_of(question->was, name), "NoEcho");
    if (parameter != NULL && parameter_changed(question, name))
        add_once(question->arena, &references->parameters, name);
    if (resource == NULL)
        return;
    enum fate fate = references->finding->fates[resource - question->stack->resources];
    if (attribute.len > 0 && fate != FATE_UNCHANGED)
        add_once(question->arena, &references->causes,
                 arena_printf(question->arena, "%.*s.%.*s", SLICE_ARGS(name), SLICE_ARGS(attribute)));
    else if (fate != FATE_UNCHANGED && fate != FATE_CHANGED)
        add_once(question->arena, &references->causes, name);
}

static void note_text(struct references *references, const struct json *argument)
{
    const struct json *text = argument, *variables = NULL;
    struct slice rest, name, id, attribute;

    if (argument->type == JSON_ARRAY && argument->array.count > 0) {
        text = &argument->array.items[0];
        variables = argument->array.count > 1 ? &argument->array.items[1] : NULL;
    }
    rest = text->type == JSON_STRING ? text->text : SLICE("");
    while (substitution_next(&rest, &(struct slice){0}, &name)) {
        if (json_get_slice(variables, name) != NULL)
            continue;
        if (split_attribute(name, &id, &attribute))
            note_name(references, id, attribute);
        else
            note_name(references, name, SLICE(""));
    }
}

static void note_attribute(struct references *references, const struct json *argument)
{
    struct slice id, attribute = SLICE("?");

    if (argument->type == JSON_STRING && split_attribute(argument->text, &id, &attribute))
        note_name(references, id, attribute);
    if (argument->type != JSON_ARRAY || argument->array.count != 2 ||
        argument->array.items[0].type != JSON_STRING)
        return;
    (void)scalar_text(&argument->array.items[1], &attribute);
    note_name(references, argument->array.items[0].text, attribute);
}

/* Recursion is bounded by the depth of a template. */
static void note_references(struct references *references, const struct json *json)
{
    for (size_t i = 0; json->type == JSON_ARRAY && i < json->array.count; i++)
        note_references(references, &json->array.items[i]);
    for (size_t i = 0; json->type == JSON_OBJECT && i < json->object.count; i++) {
        const struct json_member *member = &json->object.members[i];
        if (is_function(json) && slice_is(member->name, "Ref") && member->value.type == JSON_STRING)
            note_name(references, member->value.text, SLICE(""));
        else if (is_function(json) && slice_is(member->name, "Fn::GetAtt"))
            note_attribute(references, &member->value);
        else if (is_function(json) && slice_is(member->name, "Fn::Sub"))
            note_text(references, &member->value);
        note_references(references, &member->value);
    }
}

/* ---- details ---- */

/* What is told of one thing that changes. */
struct target {
    const char *attribute; /* "Properties" */
    unsigned scope;
    struct slice name; /* of a property; or empty */
    enum recreation recreation;
    const struct json *was, *is;
};

static void write_target(struct buffer *out, bool *first, struct arena *arena, const struct target *target)
{
    bool inner = true;

    json_write_name(out, first, "Target");
    buffer_append_byte(out, '{');
    write_text(out, &inner, "Attribute", target->attribute);
    if (target->name.len > 0) {
        json_write_string_member(out, &inner, "Name", target->name);
        json_write_string_member(
            out, &inner, "Path",
            arena_printf(arena, "/%s/%.*s", target->attribute, SLICE_ARGS(target->name)));
    }
    write_text(out, &inner, "RequiresRecreation", recreation_name(target->recreation));
    write_value(out, &inner, "BeforeValue", target->was);
    write_value(out, &inner, "AfterValue", target->is);
    write_text(out, &inner, "AttributeChangeType",
               target->was == NULL  ? "Add"
               : target->is == NULL ? "Remove"
                                    : "Modify");
    buffer_append_byte(out, '}');
}

static void add_detail(struct modification *modification, const struct target *target, const char *source,
                       bool is_static, struct slice cause)
{
    struct buffer *out = &modification->details;
    bool first = true;

    begin_element(out, &modification->first);
    buffer_append_byte(out, '{');
    write_target(out, &first, modification->finding->question->arena, target);
    write_text(out, &first, "Evaluation", is_static ? "Static" : "Dynamic");
    write_text(out, &first, "ChangeSource", source);
    if (cause.len > 0)
        json_write_string_member(out, &first, "CausingEntity", cause);
    buffer_append_byte(out, '}');
    modification->scope |= target->scope;
    modification->replaced |= is_static && target->recreation == RECREATION_ALWAYS;
    modification->maybe_replaced |= target->recreation != RECREATION_NEVER;
}

/* What the templates say of a property, before and after. */
struct texts_of_property {
    const struct json *was, *is;
};

/* `changed`: the value is another already; otherwise it may become another. */
static void add_details(struct modification *modification, const struct target *target,
                        const struct texts_of_property *written, const struct references *references,
                        bool changed)
{
    bool direct = changed && !json_same(written->was, written->is);

    if (direct)
        add_detail(modification, target, "DirectModification", true, SLICE(""));
    for (size_t i = 0; changed && i < references->parameters.count; i++)
        add_detail(modification, target, "ParameterReference", true, references->parameters.items[i]);
    for (size_t i = 0; i < references->causes.count; i++) {
        struct slice cause = references->causes.items[i];
        bool attribute = memchr(cause.ptr, '.', cause.len) != NULL;
        add_detail(modification, target, attribute ? "ResourceAttribute" : "ResourceReference", false, cause);
    }
    if (changed && !direct && (references->parameters.count > 0 || references->causes.count == 0))
        add_detail(modification, target, "DirectModification", references->parameters.count == 0, SLICE(""));
}

/* ---- properties ---- */

static const struct json *later_value(struct arena *arena)
{
    struct json *value = arena_new(arena, struct json);

    *value = (struct json){.type = JSON_STRING, .text = SLICE(LATER)};
    return value;
}

/* The value of a property as it will be; NULL: there will be none. *known: it can be told. */
static const struct json *value_after(struct stack *stack, const struct json *written, bool *known)
{
    struct json *value = arena_new(stack->arena, struct json);
    struct slice reason;

    *known = true;
    switch (written == NULL ? RESOLVED_NOTHING : stack_evaluate(stack, written, value, &reason)) {
    case RESOLVED:
        return value;
    case RESOLVED_NOTHING:
        return NULL;
    default:
        *known = false;
        return later_value(stack->arena);
    }
}

static const struct json *hide(struct arena *arena, const struct json *value)
{
    struct json *hidden = arena_new(arena, struct json);

    *hidden = (struct json){.type = JSON_STRING, .text = SLICE(HIDDEN)};
    return value == NULL ? NULL : hidden;
}

static const struct json *written_before(const struct finding *finding, struct slice logical,
                                         struct slice property)
{
    const struct json *resources = json_get(finding->question->before, "Resources");

    return json_get_slice(json_get(json_get_slice(resources, logical), "Properties"), property);
}

/* Whether the value comes of a parameter that is not to be shown. */
static bool is_hidden(struct finding *finding, const struct json *written)
{
    struct references references = {.finding = finding};

    if (written != NULL)
        note_references(&references, written);
    return references.hidden;
}

/* The properties as they are, for who wants to see them. */
static void write_before(struct finding *finding, bool *first, const struct resource_record *record)
{
    const struct json *properties = record->made.properties;
    struct arena *arena = finding->question->arena;
    size_t count = properties != NULL && properties->type == JSON_OBJECT ? properties->object.count : 0;
    struct json shown = {.type = JSON_OBJECT,
                         .object = {arena_array(arena, struct json_member, count), count}};

    for (size_t i = 0; i < count; i++) {
        struct json_member *member = &shown.object.members[i];
        *member = properties->object.members[i];
        if (is_hidden(finding, written_before(finding, record->logical, member->name)))
            member->value = *hide(arena, &member->value);
    }
    write_context(&finding->out, first, "BeforeContext", &shown);
}

static void compare_property(struct modification *modification, struct slice name)
{
    const struct changes_question *question = modification->finding->question;
    const struct texts_of_property written = {
        written_before(modification->finding, modification->resource->id, name),
        json_get_slice(modification->resource->properties, name)};
    const struct json *was = json_get_slice(modification->record->made.properties, name);
    bool is_tags = slice_is(name, "Tags"), known;
    struct references references = {.finding = modification->finding};
    const struct json *is = value_after(question->stack, written.is, &known);
    bool changed = !known || !json_same(was, is);

    if (written.is != NULL)
        note_references(&references, written.is);
    if (references.hidden || is_hidden(modification->finding, written.was)) {
        was = hide(question->arena, was);
        is = hide(question->arena, is);
    }
    if (is != NULL)
        modification->after.object.members[modification->after.object.count++] =
            (struct json_member){name, *is};
    const struct target target = {.attribute = is_tags ? "Tags" : "Properties",
                                  .scope = is_tags ? SCOPE_TAGS : SCOPE_PROPERTIES,
                                  .name = is_tags ? SLICE("") : name,
                                  .recreation = recreation_of(modification->resource, name),
                                  .was = was,
                                  .is = is};
    if (changed || references.causes.count > 0)
        add_details(modification, &target, &written, &references, changed);
}

static void compare_properties(struct modification *modification)
{
    const struct json *after = modification->resource->properties,
                      *before = modification->record->made.properties;
    size_t count = after->object.count;

    modification->after = (struct json){
        .type = JSON_OBJECT,
        .object = {arena_array(modification->finding->question->arena, struct json_member, count), 0}};
    for (size_t i = 0; i < count; i++)
        compare_property(modification, after->object.members[i].name);
    for (size_t i = 0; before != NULL && before->type == JSON_OBJECT && i < before->object.count; i++) {
        if (json_get_slice(after, before->object.members[i].name) == NULL)
            compare_property(modification, before->object.members[i].name);
    }
}

/* ---- what else there is of a resource ---- */

static void compare_attribute(struct modification *modification, const char *name, unsigned scope)
{
    struct stack *stack = modification->finding->question->stack;
    const struct json *was = json_get(modification->record->made.body, name);
    bool known;
    const struct json *is = value_after(stack, json_get(modification->resource->body, name), &known);
    const struct target target = {.attribute = name, .scope = scope, .name = SLICE(""), .was = was, .is = is};

    if (!known || !json_same(was, is))
        add_detail(modification, &target, "DirectModification", true, SLICE(""));
}

static void compare_tags(struct modification *modification)
{
    const struct changes_question *question = modification->finding->question;
    const struct resource_type *type = modification->resource->kind;
    const struct target target = {.attribute = "Tags",
                                  .scope = SCOPE_TAGS,
                                  .name = SLICE(""),
                                  .was = question->was->tags,
                                  .is = question->becomes->tags};

    if (type != NULL && resource_type_has_tags(type) &&
        !json_same(question->was->tags, question->becomes->tags))
        add_detail(modification, &target, "DirectModification", true, SLICE(""));
}

/* A nested stack's template may be another, whatever its parent's says. */
static void note_nested(struct modification *modification)
{
    const struct target target = {.attribute = "Properties", .scope = SCOPE_PROPERTIES, .name = SLICE("")};

    const struct texts *same = modification->finding->question->the_same;
    if (!nested_is(modification->resource->type) ||
        (same != NULL && texts_find(same, modification->resource->id) < same->count))
        return;
    add_detail(modification, &target, "Automatic", false, SLICE(""));
    modification->finding->nested = true;
}

/* ---- changes ---- */

static void begin_change(struct finding *finding, bool *first, const char *action, struct slice logical,
                         struct slice physical, struct slice type)
{
    struct buffer *out = &finding->out;

    begin_element(out, &finding->first);
    finding->count++;
    buffer_append_string(out, "{\"Type\":\"Resource\",\"ResourceChange\":{");
    *first = true;
    write_text(out, first, "Action", action);
    json_write_string_member(out, first, "LogicalResourceId", logical);
    if (physical.len > 0)
        json_write_string_member(out, first, "PhysicalResourceId", physical);
    json_write_string_member(out, first, "ResourceType", type);
    const struct json *child = find_by(finding->question->children, "LogicalResourceId", logical);
    if (child != NULL)
        json_write_string_member(out, first, "ChangeSetId", text_of(child, "ChangeSetId"));
}

static void write_scope(struct buffer *out, bool *first, unsigned scope)
{
    static const char *const names[] = {"Properties", "Metadata", "Tags", "DeletionPolicy",
                                        "UpdateReplacePolicy"};
    bool inner = true;

    json_write_name(out, first, "Scope");
    buffer_append_byte(out, '[');
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if ((scope & 1U << i) == 0)
            continue;
        begin_element(out, &inner);
        json_write_string(out, slice_of(names[i]));
    }
    buffer_append_byte(out, ']');
}

static void write_policy(struct buffer *out, bool *first, const struct json *policy, bool replaces)
{
    static const char *const actions[2][3] = {{"Delete", "Retain", "Snapshot"},
                                              {"ReplaceAndDelete", "ReplaceAndRetain", "ReplaceAndSnapshot"}};
    struct slice text = SLICE("");

    if (policy != NULL)
        (void)scalar_text(policy, &text);
    size_t which = slice_is(text, "Retain") ? 1 : slice_is(text, "Snapshot") ? 2 : 0;
    write_text(out, first, "PolicyAction", actions[replaces][which]);
}

static void write_modification(struct modification *modification)
{
    struct finding *finding = modification->finding;
    const struct resource_record *record = modification->record;
    struct buffer *out = &finding->out;
    bool first;

    begin_change(finding, &first, "Modify", record->logical, record->made.id, record->type);
    if (modification->replaced)
        write_policy(out, &first, json_get(modification->resource->body, "UpdateReplacePolicy"), true);
    write_text(out, &first, "Replacement",
               modification->replaced         ? "True"
               : modification->maybe_replaced ? "Conditional"
                                              : "False");
    write_scope(out, &first, modification->scope);
    json_write_name(out, &first, "Details");
    buffer_append_byte(out, '[');
    buffer_append(out, buffer_slice(&modification->details));
    buffer_append_byte(out, ']');
    write_before(finding, &first, record);
    write_context(out, &first, "AfterContext", &modification->after);
    buffer_append_string(out, "}}");
}

static enum fate compare(struct finding *finding, struct resource *resource,
                         const struct resource_record *record)
{
    struct modification modification = {
        .finding = finding, .resource = resource, .record = record, .first = true};

    buffer_init(&modification.details);
    compare_properties(&modification);
    compare_attribute(&modification, "Metadata", SCOPE_METADATA);
    compare_attribute(&modification, "DeletionPolicy", SCOPE_DELETION_POLICY);
    compare_attribute(&modification, "UpdateReplacePolicy", SCOPE_REPLACE_POLICY);
    compare_tags(&modification);
    if (modification.scope != 0)
        problems_list(finding->question->arena, &finding->changed, record->logical);
    note_nested(&modification);
    if (modification.scope != 0)
        write_modification(&modification);
    buffer_finish(&modification.details);
    return modification.scope == 0       ? FATE_UNCHANGED
           : modification.replaced       ? FATE_REPLACED
           : modification.maybe_replaced ? FATE_MAYBE_REPLACED
                                         : FATE_CHANGED;
}

static void add(struct finding *finding, const struct resource *resource)
{
    const struct changes_question *question = finding->question;
    const struct json *properties = resource->properties;
    struct json after = {
        .type = JSON_OBJECT,
        .object = {arena_array(question->arena, struct json_member, properties->object.count), 0}};
    bool first, known;

    for (size_t i = 0; i < properties->object.count; i++) {
        const struct json_member *member = &properties->object.members[i];
        const struct json *value = value_after(question->stack, &member->value, &known);
        if (is_hidden(finding, &member->value))
            value = hide(question->arena, value);
        if (value != NULL)
            after.object.members[after.object.count++] = (struct json_member){member->name, *value};
    }
    const struct json *adopted = find_by(question->adopted, "LogicalResourceId", resource->id);
    const struct json *child = find_by(question->children, "LogicalResourceId", resource->id);
    begin_change(finding, &first, adopted == NULL ? "Add" : "Import", resource->id,
                 text_of(adopted != NULL ? adopted : child, adopted != NULL ? "Id" : "StackId"),
                 resource->type);
    write_scope(&finding->out, &first, 0);
    buffer_append_string(&finding->out, ",\"Details\":[]");
    write_context(&finding->out, &first, "AfterContext", &after);
    buffer_append_string(&finding->out, "}}");
    finding->nested |= nested_is(resource->type);
}

static void remove_record(struct finding *finding, const struct resource_record *record)
{
    bool first;

    problems_list(finding->question->arena, &finding->changed, record->logical);
    begin_change(finding, &first, "Remove", record->logical, record->made.id, record->type);
    write_policy(&finding->out, &first, json_get(record->made.body, "DeletionPolicy"), false);
    write_scope(&finding->out, &first, 0);
    buffer_append_string(&finding->out, ",\"Details\":[]");
    write_before(finding, &first, record);
    buffer_append_string(&finding->out, "}}");
}

static bool is_there(const struct resource_record *record)
{
    return record != NULL && record->status != STACK_DELETE_COMPLETE &&
           record->status != STACK_DELETE_SKIPPED && record->made.id.len > 0;
}

static enum fate find_fate(struct finding *finding, struct resource *resource)
{
    const struct resource_record *record = resource_record_find(finding->question->records, resource->id);

    nested_adopt_type(resource);
    if (!is_there(record) || !slice_equal(record->type, resource->type)) {
        add(finding, resource);
        return FATE_ADDED;
    }
    opening_publish(finding->question->stack, resource, &record->made);
    enum fate fate = compare(finding, resource, record);
    if (fate == FATE_REPLACED)
        stack_renew_resource(resource);
    return fate;
}

struct changes changes_find(const struct changes_question *question)
{
    struct stack *stack = question->stack;
    struct finding finding = {.question = question, .first = true, .changed = SLICE("")};
    struct slice undecided;

    finding.fates = arena_calloc(question->arena, stack->resource_count, sizeof(*finding.fates));
    buffer_init(&finding.out);
    buffer_append_byte(&finding.out, '[');
    for (size_t i = 0; i < stack->resource_count; i++) {
        if (stack_has_resource(stack, &stack->resources[i], &undecided))
            finding.fates[i] = find_fate(&finding, &stack->resources[i]);
    }
    for (size_t i = 0; i < question->records->count; i++) {
        const struct resource_record *record = &question->records->items[i];
        const struct resource *resource = stack_resource(stack, record->logical);
        if (is_there(record) && (resource == NULL || !stack_has_resource(stack, resource, &undecided)))
            remove_record(&finding, record);
    }
    buffer_append_byte(&finding.out, ']');
    struct changes changes = {arena_copy(question->arena, buffer_slice(&finding.out)), finding.count,
                              finding.changed, finding.nested};
    buffer_finish(&finding.out);
    return changes;
}
