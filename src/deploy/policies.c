#include "deploy/policies.h"

#include "deploy/intrinsics.h"
#include "iam/policy_condition.h"

enum { POLICIES_LIMIT = 10 * 1000, DOCUMENT_DEPTH = 64, TRACE_LIMIT = 32 };

/* A role whose trust policy was looked into. */
struct known_role {
    const struct resource *resource;
    enum lint_holder holder;
};

struct reading {
    struct arena *arena;
    struct known_role *roles;
    size_t role_count;
    struct stack_policy *policies;
    size_t count;
    size_t capacity;
    struct stack *stack;
    const struct resource *resource;
};

/* ---- documents ---- */

/* What stands for a value that is not known; NULL: nothing does, and the value is left out. */
static const char *neutral_value(struct slice operator_name)
{
    static const char *const values[] = {
        [OPERATOR_STRING] = "unknown",
        [OPERATOR_NUMERIC] = "0",
        [OPERATOR_DATE] = "2012-10-17T00:00:00Z",
        [OPERATOR_BOOL] = "true",
        [OPERATOR_BINARY] = "",
        [OPERATOR_IP] = "0.0.0.0/0",
        [OPERATOR_ARN] = "arn:aws:unknown:::unknown",
        [OPERATOR_NULL] = "true",
    };
    struct policy_condition condition;

    return policy_condition_read_name(operator_name, &condition) ? values[condition.comparator->family]
                                                                 : NULL;
}

/* Members of a statement. Any resource is the neutral one: nobody can say what it is not. */
static const char *neutral_member(struct slice name)
{
    static const struct {
        const char *name;
        const char *value;
    } members[] = {
        {"Effect", "Allow"},
        {"Action", "unknown:Unknown"},
        {"NotAction", "unknown:Unknown"},
        {"Resource", "*"},
        {"NotResource", "*"},
        {"AWS", "*"},
        {"Service", "unknown.amazonaws.com"},
        {"Federated", "arn:aws:iam::000000000000:oidc-provider/unknown"},
    };

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (slice_is(name, members[i].name))
            return members[i].value;
    }
    return NULL;
}

/* Where a value stands in a document: what is neutral there, and whether it is below Condition. */
struct place {
    const char *neutral;
    bool condition;
    unsigned depth;
};

static bool read_value(struct stack *stack, const struct json *json, struct place place, struct json *out);

static bool read_members(struct stack *stack, struct place place, struct json *object)
{
    const struct json_member *from = object->object.members;
    size_t count = object->object.count;

    object->object.members = arena_array(stack->arena, struct json_member, count);
    object->object.count = 0;
    for (size_t i = 0; i < count; i++) {
        struct json_member *to = &object->object.members[object->object.count];
        struct place below = {place.neutral, place.condition, place.depth + 1};
        if (place.condition && place.neutral == NULL)
            below.neutral = neutral_value(from[i].name);
        else if (!place.condition)
            below.neutral = neutral_member(from[i].name);
        below.condition = place.condition || slice_is(from[i].name, "Condition");
        to->name = from[i].name;
        object->object.count += read_value(stack, &from[i].value, below, &to->value);
    }
    return true;
}

static bool read_elements(struct stack *stack, struct place place, struct json *array)
{
    const struct json *from = array->array.items;
    size_t count = array->array.count;

    array->array.items = arena_array(stack->arena, struct json, count);
    array->array.count = 0;
    for (size_t i = 0; i < count; i++) {
        struct place below = {place.neutral, place.condition, place.depth + 1};
        array->array.count += read_value(stack, &from[i], below, &array->array.items[array->array.count]);
    }
    return true;
}

/* False: there is no such value. */
static bool read_value(struct stack *stack, const struct json *json, struct place place, struct json *out)
{
    struct slice reason;

    switch (stack_resolve(stack, json, out, &reason)) {
    case RESOLVED:
        break;
    case RESOLVED_NOTHING:
        return false;
    case RESOLVED_LATER:
    case RESOLVED_UNKNOWN:
    case RESOLVED_WRONG: /* what is wrong is told by those who make the resource */
        if (place.neutral == NULL)
            return false;
        *out = (struct json){.type = JSON_STRING, .text = slice_of(place.neutral)};
        return true;
    }
    if (place.depth == DOCUMENT_DEPTH)
        return false;
    if (out->type == JSON_OBJECT)
        return read_members(stack, place, out);
    return out->type != JSON_ARRAY || read_elements(stack, place, out);
}

/* The value of a property that is an object; false: *reason says what it depends on. */
static bool read_document(struct stack *stack, const struct json *document, struct json *out,
                          struct slice *reason)
{
    if (stack_resolve(stack, document, out, reason) != RESOLVED)
        return false;
    const struct json resolved = *out;
    return read_value(stack, &resolved, (struct place){0}, out);
}

/* ---- whose they are ---- */

/* A resource, and the stack that it is of. */
struct origin {
    struct stack *stack;
    const struct resource *resource; /* NULL: not known */
};

static const struct json *output_of(const struct resource *resource, struct slice attribute)
{
    const struct slice outputs = SLICE("Outputs.");

    if (resource->nested == NULL || !slice_starts_with(attribute, outputs))
        return NULL;
    return json_get(
        json_get_slice(json_get(resource->nested->template, "Outputs"), slice_skip(attribute, outputs.len)),
        "Value");
}

static struct slice text_at(const struct json *list, size_t at)
{
    bool is = list->type == JSON_ARRAY && list->array.count > at && list->array.items[at].type == JSON_STRING;

    return is ? list->array.items[at].text : SLICE("");
}

/* One step from a Ref or Fn::GetAtt to what it names: a resource, or a value of a stack above or below, which
 * is then in *json. False at the end. */
static bool trace_step(struct origin *at, const struct json **json)
{
    if (!is_function(*json))
        return false;
    const struct json *argument = &(*json)->object.members[0].value;
    bool is_ref = argument->type == JSON_STRING;
    struct slice name = is_ref ? argument->text : text_at(argument, 0);
    struct resource *resource = stack_resource(at->stack, name);
    if (resource != NULL) {
        *json = is_ref ? NULL : output_of(resource, text_at(argument, 1));
        if (*json == NULL)
            at->resource = resource;
        else
            at->stack = resource->nested;
        return *json != NULL;
    }
    if (at->stack->identity.as_resource == NULL)
        return false;
    *json = json_get_slice(json_get(at->stack->identity.as_resource->properties, "Parameters"), name);
    at->stack = at->stack->identity.parent;
    return *json != NULL;
}

/* The resource that a reference leads to, through parameters and outputs of nested stacks. */
static struct origin trace(struct stack *stack, const struct json *json)
{
    struct origin at = {stack, NULL};

    for (unsigned i = 0; i < TRACE_LIMIT && trace_step(&at, &json); i++)
        continue;
    return at;
}

static bool is_pools(const struct json *federated)
{
    const struct slice name = SLICE("cognito-identity.amazonaws.com");

    if (federated == NULL)
        return false;
    if (federated->type == JSON_STRING)
        return slice_equal(federated->text, name);
    for (size_t i = 0; federated->type == JSON_ARRAY && i < federated->array.count; i++) {
        if (slice_equal(text_at(federated, i), name))
            return true;
    }
    return false;
}

/* A role that trusts identity pools is one of theirs. */
static enum lint_holder read_role(struct stack *stack, const struct resource *role)
{
    const struct json *given = json_get(role->properties, "AssumeRolePolicyDocument");
    struct json document;
    struct slice reason;

    if (given == NULL || !read_document(stack, given, &document, &reason))
        return LINT_ROLE;
    const struct json *list = json_get(&document, "Statement");
    bool is_list = list != NULL && list->type == JSON_ARRAY;
    size_t count = is_list ? list->array.count : 1;
    for (size_t i = 0; list != NULL && i < count; i++) {
        const struct json *statement = is_list ? &list->array.items[i] : list;
        if (is_pools(json_get(json_get(statement, "Principal"), "Federated")))
            return LINT_COGNITO_ROLE;
    }
    return LINT_ROLE;
}

/* Once for each role, for many policies may be of it. */
static enum lint_holder holder_of_role(struct reading *reading, const struct origin *role)
{
    for (size_t i = 0; i < reading->role_count; i++) {
        if (reading->roles[i].resource == role->resource)
            return reading->roles[i].holder;
    }
    enum lint_holder holder = read_role(role->stack, role->resource);
    reading->roles[reading->role_count++] = (struct known_role){role->resource, holder};
    return holder;
}

/* Of which kind all holders are that were found so far. */
struct holders {
    bool any;
    enum lint_holder kind;
};

static void add_holder(struct holders *holders, enum lint_holder kind)
{
    bool roles = kind != LINT_USER && holders->kind != LINT_USER;

    if (!holders->any)
        holders->kind = kind;
    else if (holders->kind != kind && roles && kind != LINT_ANYONE && holders->kind != LINT_ANYONE)
        holders->kind = LINT_ROLE; /* what no session of a role has */
    else if (holders->kind != kind)
        holders->kind = LINT_ANYONE;
    holders->any = true;
}

static enum lint_holder holder_of(struct reading *reading, const struct origin *origin)
{
    if (origin->resource == NULL)
        return LINT_ANYONE;
    if (slice_is(origin->resource->type, "AWS::IAM::Role"))
        return holder_of_role(reading, origin);
    return slice_is(origin->resource->type, "AWS::IAM::User") ||
                   slice_is(origin->resource->type, "AWS::IAM::Group")
               ? LINT_USER
               : LINT_ANYONE;
}

/* Roles of which no more than the name is known are roles all the same. */
static void add_listed(struct reading *reading, struct holders *holders, const char *property,
                       enum lint_holder otherwise)
{
    const struct json *list = json_get(reading->resource->properties, property);
    bool is_list = list != NULL && list->type == JSON_ARRAY;
    size_t count = is_list ? list->array.count : list != NULL;

    for (size_t i = 0; i < count; i++) {
        struct origin origin = trace(reading->stack, is_list ? &list->array.items[i] : list);
        enum lint_holder kind = holder_of(reading, &origin);
        add_holder(holders, kind == LINT_ANYONE ? otherwise : kind);
    }
}

/* The users, groups and roles of the stack that name a managed policy as one of theirs. */
static void add_attached(struct reading *reading, struct holders *holders)
{
    struct stack *stack = reading->stack;

    for (size_t i = 0; i < stack->resource_count; i++) {
        const struct json *arns = json_get(stack->resources[i].properties, "ManagedPolicyArns");
        for (size_t j = 0; arns != NULL && arns->type == JSON_ARRAY && j < arns->array.count; j++) {
            struct origin named = trace(stack, &arns->array.items[j]);
            if (named.resource == reading->resource)
                add_holder(holders, holder_of(reading, &(struct origin){stack, &stack->resources[i]}));
        }
    }
}

static enum lint_holder holder_of_policy(struct reading *reading)
{
    struct holders holders = {.kind = LINT_ANYONE};

    add_listed(reading, &holders, "Users", LINT_USER);
    add_listed(reading, &holders, "Groups", LINT_USER);
    add_listed(reading, &holders, "Roles", LINT_ROLE);
    add_listed(reading, &holders, "RoleName", LINT_ROLE);
    add_attached(reading, &holders);
    return holders.kind;
}

/* ---- resources ---- */

static void add_policy(struct reading *reading, struct slice name, const struct json *document,
                       enum policy_kind kind, enum lint_holder holder)
{
    struct json value;
    struct buffer text;

    if (document == NULL || reading->count == POLICIES_LIMIT)
        return;
    if (reading->count == reading->capacity) {
        size_t capacity = reading->capacity == 0 ? 16 : 2 * reading->capacity;
        reading->policies = arena_grow(reading->arena, reading->policies, reading->count, capacity,
                                       sizeof(reading->policies[0]));
        reading->capacity = capacity;
    }
    struct stack_policy *policy = &reading->policies[reading->count++];
    *policy = (struct stack_policy){
        .stack = reading->stack, .resource = reading->resource, .name = name, .kind = kind, .holder = holder};
    if (!read_document(reading->stack, document, &value, &policy->unknown))
        return;
    buffer_init(&text);
    json_write_value(&text, &value);
    policy->text = arena_copy(reading->arena, buffer_slice(&text));
    buffer_finish(&text);
}

/* Policies: [{PolicyName, PolicyDocument}] of a role, user or group. */
static void add_inline(struct reading *reading, enum lint_holder holder)
{
    const struct json *given = json_get(reading->resource->properties, "Policies");
    struct json list, policy, name;
    struct slice reason, text;

    if (given == NULL || stack_resolve(reading->stack, given, &list, &reason) != RESOLVED ||
        list.type != JSON_ARRAY)
        return;
    for (size_t i = 0; i < list.array.count; i++) {
        if (stack_resolve(reading->stack, &list.array.items[i], &policy, &reason) != RESOLVED)
            continue;
        const struct json *named = json_get(&policy, "PolicyName");
        bool known = named != NULL && stack_evaluate(reading->stack, named, &name, &reason) == RESOLVED &&
                     scalar_text(&name, &text);
        if (!known)
            text = arena_printf(reading->arena, "Policies[%zu]", i);
        add_policy(reading, text, json_get(&policy, "PolicyDocument"), POLICY_INLINE, holder);
    }
}

static void add_of_table(struct reading *reading)
{
    const struct json *properties = reading->resource->properties;
    const struct json *own = json_get(properties, "ResourcePolicy");
    const struct json *stream = json_get(json_get(properties, "StreamSpecification"), "ResourcePolicy");

    add_policy(reading, SLICE("ResourcePolicy"), json_get(own, "PolicyDocument"), POLICY_RESOURCE,
               LINT_ANYONE);
    add_policy(reading, SLICE("StreamSpecification.ResourcePolicy"), json_get(stream, "PolicyDocument"),
               POLICY_RESOURCE, LINT_ANYONE);
}

static void add_resource(struct reading *reading)
{
    static const char *const of_one_document[] = {"AWS::IAM::Policy", "AWS::IAM::UserPolicy",
                                                  "AWS::IAM::GroupPolicy", "AWS::IAM::RolePolicy"};
    const struct resource *resource = reading->resource;
    const struct json *document = json_get(resource->properties, "PolicyDocument");

    if (slice_is(resource->type, "AWS::IAM::Role")) {
        add_policy(reading, SLICE("AssumeRolePolicyDocument"),
                   json_get(resource->properties, "AssumeRolePolicyDocument"), POLICY_TRUST, LINT_ANYONE);
        add_inline(reading, holder_of_role(reading, &(struct origin){reading->stack, reading->resource}));
    } else if (slice_is(resource->type, "AWS::IAM::User") || slice_is(resource->type, "AWS::IAM::Group")) {
        add_inline(reading, LINT_USER);
    } else if (slice_is(resource->type, "AWS::IAM::ManagedPolicy")) {
        add_policy(reading, SLICE(""), document, POLICY_MANAGED, holder_of_policy(reading));
    } else if (slice_is(resource->type, "AWS::DynamoDB::Table")) {
        add_of_table(reading);
    }
    for (size_t i = 0; i < sizeof(of_one_document) / sizeof(of_one_document[0]); i++) {
        if (!slice_is(resource->type, of_one_document[i]))
            continue;
        bool of_user = i == 1 || i == 2;
        add_policy(reading, SLICE(""), document, POLICY_INLINE,
                   of_user ? LINT_USER : holder_of_policy(reading));
    }
}

size_t policies_read(struct arena *arena, const struct assembly *assembly, struct stack_policy **out)
{
    struct reading reading = {.arena = arena};
    struct slice reason;
    size_t resources = 0;

    for (size_t i = 0; i < assembly->count; i++)
        resources += assembly->stacks[i]->resource_count;
    reading.roles = arena_array(arena, struct known_role, resources);
    for (size_t i = 0; i < assembly->count; i++) {
        reading.stack = assembly->stacks[i];
        for (size_t j = 0; j < reading.stack->resource_count; j++) {
            reading.resource = &reading.stack->resources[j];
            if (stack_has_resource(reading.stack, reading.resource, &reason))
                add_resource(&reading);
        }
    }
    *out = reading.policies;
    return reading.count;
}
