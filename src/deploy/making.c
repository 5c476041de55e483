#include "deploy/making.h"

#include <time.h>

#include "base/check.h"
#include "deploy/intrinsics.h"

enum { IDENTIFIER_PARTS = 4 };

bool making_refuse(struct making *making, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct slice reason = arena_vprintf(making->arena, format, arguments);
    va_end(arguments);
    making->refusal = (struct making_refusal){"InvalidRequest", reason};
    return problems_add(making->problems, "%.*s: %.*s",
                        SLICE_ARGS(stack_describe(making->stack, making->resource)), SLICE_ARGS(reason));
}

/* ---- calls ---- */

void input_begin(struct input *input)
{
    buffer_init(&input->body);
    input->first = true;
    buffer_append_byte(&input->body, '{');
}

void input_text(struct input *input, const char *name, struct slice text)
{
    if (text.len > 0)
        json_write_string_member(&input->body, &input->first, name, text);
}

void input_value(struct input *input, const char *name, const struct json *value)
{
    if (value == NULL || value->type == JSON_NULL)
        return;
    json_write_name(&input->body, &input->first, name);
    json_write_value(&input->body, value);
}

void input_literal(struct input *input, const char *name, const char *json)
{
    json_write_name(&input->body, &input->first, name);
    buffer_append_string(&input->body, json);
}

void input_document(struct input *input, const char *name, const struct json *document)
{
    struct buffer text;

    if (document == NULL)
        return;
    if (document->type == JSON_STRING) {
        input_text(input, name, document->text);
        return;
    }
    buffer_init(&text);
    json_write_value(&text, document);
    json_write_string_member(&input->body, &input->first, name, buffer_slice(&text));
    buffer_finish(&text);
}

static enum client_outcome invoke(struct making *making, enum aws_service service, const char *operation,
                                  struct slice input, struct client_answer *answer)
{
    const struct invoker *invoker = making->invoker;
    enum client_outcome outcome =
        invoker->invoke(invoker->context, making->arena, service, operation, input, answer);

    if (outcome == CLIENT_FAILED) {
        making->refusal = (struct making_refusal){"ServiceInternalError", answer->message};
        problems_add(making->problems, "%.*s", SLICE_ARGS(answer->message));
    }
    return outcome;
}

/* AWS: "Handler error codes", of CloudFormation's command line for extensions. */
static const char *handler_code(struct slice type, const char *operation)
{
    static const struct {
        const char *ending, *code;
    } codes[] = {
        {"ResourceInUseException", "AlreadyExists"},
        {"AlreadyExists", "AlreadyExists"},
        {"AlreadyExistsException", "AlreadyExists"},
        {"AlreadyOwnedByYou", "AlreadyExists"},
        {"ExistsException", "AlreadyExists"},
        {"NotFoundException", "NotFound"},
        {"ParameterNotFound", "NotFound"},
        {"NoSuchEntity", "NotFound"},
        {"NoSuchBucket", "NotFound"},
        {"DeleteConflict", "ResourceConflict"},
        {"BucketNotEmpty", "GeneralServiceException"},
        {"LimitExceeded", "ServiceLimitExceeded"},
        {"LimitExceededException", "ServiceLimitExceeded"},
        {"AccessDenied", "AccessDenied"},
        {"AccessDeniedException", "AccessDenied"},
        {"UnrecognizedClientException", "InvalidCredentials"},
        {"ThrottlingException", "Throttling"},
        {"InternalServerError", "ServiceInternalError"},
        {"InternalErrorException", "ServiceInternalError"},
    };

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        struct slice ending = slice_of(codes[i].ending);
        if (type.len < ending.len || !slice_equal(slice_skip(type, type.len - ending.len), ending))
            continue;
        /* Of a table that is there it means that it is changing. */
        bool in_use = i == 0 && strncmp(operation, "Create", strlen("Create")) != 0;
        return in_use ? "ResourceConflict" : codes[i].code;
    }
    return "InvalidRequest";
}

static const char *service_name(enum aws_service service)
{
    static const char *const names[] = {[SERVICE_DYNAMODB] = "DynamoDb",
                                        [SERVICE_IAM] = "Iam",
                                        [SERVICE_USER_POOLS] = "CognitoIdentityProvider",
                                        [SERVICE_IDENTITY_POOLS] = "CognitoIdentity",
                                        [SERVICE_SSM] = "Ssm",
                                        [SERVICE_S3] = "S3"};

    return names[service];
}

static bool refuse_answer(struct making *making, enum aws_service service, const char *operation,
                          const struct client_answer *answer)
{
    making_refuse(making, "%s: %.*s: %.*s", operation, SLICE_ARGS(answer->type), SLICE_ARGS(answer->message));
    making->refusal.code = handler_code(answer->type, operation);
    making->refusal.message =
        arena_printf(making->arena, "%.*s (Service: %s)", SLICE_ARGS(answer->message), service_name(service));
    return false;
}

static bool took(struct making *making, enum aws_service service, const char *operation,
                 enum client_outcome outcome, const struct client_answer *answer)
{
    return outcome == CLIENT_DONE ||
           (outcome == CLIENT_REFUSED && refuse_answer(making, service, operation, answer));
}

bool making_send(struct making *making, enum aws_service service, const char *operation, struct slice input,
                 struct client_answer *answer)
{
    struct client_answer unread;

    if (answer == NULL)
        answer = &unread;
    return took(making, service, operation, invoke(making, service, operation, input, answer), answer);
}

/* Ends the input. */
static struct slice body_of(struct input *input)
{
    buffer_append_byte(&input->body, '}');
    return buffer_slice(&input->body);
}

bool making_call(struct making *making, enum aws_service service, const char *operation, struct input *input,
                 struct client_answer *answer)
{
    bool done = making_send(making, service, operation, body_of(input), answer);

    buffer_finish(&input->body);
    return done;
}

static bool is_one_of(struct slice type, const char *names)
{
    while (*names != '\0') {
        size_t length = strcspn(names, " ");
        if (slice_equal(type, (struct slice){names, length}))
            return true;
        names += length + (names[length] == ' ');
    }
    return false;
}

bool making_ask(struct making *making, enum aws_service service, const char *operation, const char *absent,
                struct input *input, struct client_answer *answer)
{
    enum client_outcome outcome = invoke(making, service, operation, body_of(input), answer);

    buffer_finish(&input->body);
    if (outcome == CLIENT_REFUSED && is_one_of(answer->type, absent)) {
        answer->body = NULL;
        return true;
    }
    return took(making, service, operation, outcome, answer);
}

void input_texts(struct input *input, const struct text_member *members)
{
    for (; members->name != NULL; members++)
        input_text(input, members->name, members->text);
}

bool making_do(struct making *making, enum aws_service service, const char *operation,
               const struct text_member *members, struct client_answer *answer)
{
    struct input input;

    input_begin(&input);
    input_texts(&input, members);
    return making_call(making, service, operation, &input, answer);
}

bool making_list(struct making *making, const struct listing *listing, const struct text_member *members,
                 struct json *out)
{
    struct slice token = SLICE("");

    *out = (struct json){.type = JSON_ARRAY};
    do {
        struct client_answer answer;
        struct input input;
        input_begin(&input);
        input_texts(&input, members);
        if (listing->page_size != NULL) {
            buffer_append_string(&input.body, input.first ? "" : ",");
            buffer_append_string(&input.body, listing->page_size);
            input.first = false;
        }
        input_text(&input, listing->token, token);
        if (!making_call(making, listing->service, listing->operation, &input, &answer))
            return false;
        const struct json *list = json_get(answer.body, listing->list);
        if (list != NULL && list->type == JSON_OBJECT &&
            list->object.count == 1) /* S3's, as its XML has it */
            list = &list->object.members[0].value;
        list_append(making->arena, out, list);
        token = text_of(answer.body, listing->next);
    } while (token.len > 0);
    return true;
}

bool making_list_ids(struct making *making, struct json *out)
{
    const struct resource_type *type = making->resource->kind;
    struct text_member *members = arena_array(making->arena, struct text_member, IDENTIFIER_PARTS);
    struct json all;
    size_t parts = 0;

    for (; type->identifier[parts + 1] != NULL; parts++) {
        CHECK(parts + 1 < IDENTIFIER_PARTS);
        members[parts] =
            (struct text_member){type->identifier[parts], text_of(making->want, type->identifier[parts])};
        if (members[parts].text.len == 0)
            return making_refuse(making, "%s: is missing", type->identifier[parts]);
    }
    if (parts == 0 && type->list_all != NULL)
        members[parts++] = *type->list_all;
    members[parts] = (struct text_member){0};
    if (!making_list(making, type->listing, members, &all))
        return false;
    *out = (struct json){.type = JSON_ARRAY,
                         .array = {arena_array(making->arena, struct json, count_of(&all)), 0}};
    for (size_t i = 0; i < count_of(&all); i++) {
        const struct json *element = &all.array.items[i];
        if (type->listing->element != NULL)
            element = json_get(element, type->listing->element);
        if (element != NULL && element->type == JSON_STRING)
            out->array.items[out->array.count++] = *element;
    }
    return true;
}

bool making_create(struct making *making, bool foreign)
{
    const struct resource_type *type = making->resource->kind;
    bool begun = making->have != NULL && !foreign;

    if (begun && !type->told_once)
        return type->update == NULL || type->update(making);
    if (begun && !type->remove(making))
        return false;
    making->have = NULL;
    making->id = SLICE(""); /* what is there is another's, or was */
    return type->create(making);
}

bool making_wait(struct making *making, long milliseconds)
{
    const struct invoker *invoker = making->invoker;
    const struct timespec rest = {milliseconds / 1000, milliseconds % 1000 * 1000000};

    if (invoker->stopping != NULL && invoker->stopping(invoker->context)) {
        making->stopped = true;
        return making_refuse(making, "the server stops");
    }
    (void)nanosleep(&rest, NULL);
    return true;
}

/* ---- comparing ---- */

struct slice text_of(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->type == JSON_STRING ? member->text : SLICE("");
}

bool flag_of(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);
    struct slice text;

    return member != NULL && scalar_text(member, &text) && slice_is(text, "true");
}

size_t count_of(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? 0 : list->array.count;
}

int64_t number_of(const struct json *object, const char *name, int64_t otherwise)
{
    const struct json *member = json_get(object, name);
    struct slice text;
    int64_t number;

    return member != NULL && scalar_text(member, &text) &&
                   json_to_int64(&(struct json){.type = JSON_NUMBER, .text = text}, &number)
               ? number
               : otherwise;
}

bool list_has(const struct json *list, struct slice text)
{
    for (size_t i = 0; i < count_of(list); i++) {
        if (list->array.items[i].type == JSON_STRING && slice_equal(list->array.items[i].text, text))
            return true;
    }
    return false;
}

void list_append(struct arena *arena, struct json *list, const struct json *more)
{
    size_t count = count_of(more);

    if (count == 0)
        return;
    list->array.items = arena_grow(arena, list->array.items, list->array.count, list->array.count + count,
                                   sizeof(*list->array.items));
    memcpy(list->array.items + list->array.count, more->array.items, count * sizeof(*more->array.items));
    list->array.count += count;
}

const struct json *find_by(const struct json *list, const char *member, struct slice value)
{
    for (size_t i = 0; i < count_of(list); i++) {
        if (slice_equal(text_of(&list->array.items[i], member), value))
            return &list->array.items[i];
    }
    return NULL;
}

bool json_same(const struct json *a, const struct json *b)
{
    struct slice left, right;

    if (a == NULL || b == NULL)
        return a == b;
    if (scalar_text(a, &left) || scalar_text(b, &right))
        return scalar_text(a, &left) && scalar_text(b, &right) && slice_equal(left, right);
    if (a->type != b->type)
        return false;
    if (a->type == JSON_ARRAY) {
        bool same = a->array.count == b->array.count;
        for (size_t i = 0; same && i < a->array.count; i++)
            same = json_same(&a->array.items[i], &b->array.items[i]);
        return same;
    }
    if (a->type != JSON_OBJECT)
        return true;
    bool same = a->object.count == b->object.count;
    for (size_t i = 0; same && i < a->object.count; i++) {
        const struct json *twin = json_get_slice(b, a->object.members[i].name);
        same = twin != NULL && json_same(&a->object.members[i].value, twin);
    }
    return same;
}

/* Whether the name that is wanted is the one that what is there has. */
static bool keeps_its_name(const struct making *making)
{
    const struct naming *naming = making->resource->kind->naming;

    if (!making->resource->named || naming == NULL || (naming->shared && naming->within == NULL) ||
        !slice_equal(making->name, text_of(making->before, naming->property)))
        return false;
    return naming->within == NULL ||
           json_same(json_get(making->before, naming->within), json_get(making->want, naming->within));
}

/* AWS replaces by making the new one first, so two have to be there at once. CloudFormation itself says so,
 * and no handler's code stands with it. */
static bool replace_beside(struct making *making)
{
    if (!keeps_its_name(making)) {
        making->replace = true;
        return true;
    }
    making_refuse(making,
                  "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                  "Rename %.*s and update the stack again.",
                  SLICE_ARGS(making->name));
    making->refusal.code = NULL;
    return false;
}

bool making_fixed(struct making *making, const char *property, bool same)
{
    if (same)
        return true;
    making->fixed = property;
    return replace_beside(making);
}

bool making_fixed_all(struct making *making, const char *const *properties)
{
    for (; making->before != NULL && *properties != NULL; properties++) {
        if (!making_fixed(
                making, *properties,
                json_same(json_get(making->before, *properties), json_get(making->want, *properties))))
            return false;
    }
    return true;
}

bool making_fixed_name(struct making *making)
{
    return making_fixed(making, making->resource->kind->naming->property,
                        making->id.len == 0 || slice_equal(making->id, making->name));
}

void making_publish(struct making *making, const char *attribute, struct slice value)
{
    resource_publish(making->stack, making->resource, attribute, value);
}

void making_identify(struct making *making, struct slice id)
{
    making->id = id;
    making_publish(making, "Ref", id);
}

bool making_remembered(struct making *making)
{
    making->have = making->id.len > 0 ? making_place(making) : NULL;
    return true;
}

bool making_is_others(const struct making *making, struct slice id)
{
    const struct stack *stack = making->stack;

    if (slice_equal(id, making->instead_of))
        return true;
    for (size_t i = 0; i < stack->resource_count; i++) {
        const struct resource *other = &stack->resources[i];
        if (other != making->resource && other->kind == making->resource->kind &&
            slice_equal(text_of(&other->values, "Ref"), id))
            return true;
    }
    return false;
}

void making_identify_made(struct making *making)
{
    making_identify(making, making->id.len > 0 ? making->id
                                               : stack_resource_made_id(making->stack, making->resource));
    making_publish(making, "Id", making->id);
}

enum resolved early_made_id(struct stack *stack, struct resource *resource, struct slice attribute,
                            struct slice *out, struct slice *reason)
{
    (void)reason;
    if (attribute.len > 0 && !slice_is(attribute, "Id"))
        return RESOLVED_LATER;
    *out = stack_resource_made_id(stack, resource);
    return RESOLVED;
}

struct slice making_key(const struct making *making)
{
    return making->id.len > 0 ? making->id : making->name;
}

const struct json *making_place(const struct making *making)
{
    return making->before != NULL ? making->before : making->want;
}

const struct json *making_dropped(const struct making *making, const char *property, const char *member,
                                  size_t *at)
{
    const struct json *had = json_get(making->before, property), *want = json_get(making->want, property);

    while (*at < count_of(had)) {
        const struct json *element = &had->array.items[(*at)++];
        bool stays = member == NULL ? element->type != JSON_STRING || list_has(want, element->text)
                                    : find_by(want, member, text_of(element, member)) != NULL;
        if (!stays)
            return element;
    }
    return NULL;
}

/* ---- tags ---- */

const struct json *tag_value(const struct json *tags, struct slice key)
{
    for (size_t i = 0; i < count_of(tags); i++) {
        if (slice_equal(text_of(&tags->array.items[i], "Key"), key))
            return json_get(&tags->array.items[i], "Value");
    }
    return NULL;
}

static void add_tag(struct making *making, struct json *tags, const char *key, struct slice value)
{
    struct json_member *members = arena_array(making->arena, struct json_member, 2);

    members[0] = (struct json_member){SLICE("Key"), {.type = JSON_STRING, .text = slice_of(key)}};
    members[1] = (struct json_member){SLICE("Value"), {.type = JSON_STRING, .text = value}};
    tags->array.items[tags->array.count++] =
        (struct json){.type = JSON_OBJECT, .object = {.members = members, .count = 2}};
}

struct json making_tags(struct making *making, const struct json *own)
{
    const struct stack *stack = making->stack;
    const struct json *shared = stack->identity.tags;
    size_t room = count_of(own) + count_of(shared) + 3;
    struct json tags = {.type = JSON_ARRAY, .array = {arena_array(making->arena, struct json, room), 0}};

    for (size_t i = 0; i < count_of(own); i++)
        tags.array.items[tags.array.count++] = own->array.items[i];
    for (size_t i = 0; i < count_of(shared); i++) {
        if (tag_value(own, text_of(&shared->array.items[i], "Key")) == NULL)
            tags.array.items[tags.array.count++] = shared->array.items[i];
    }
    if (making->invoker != NULL && making->invoker->within) {
        add_tag(making, &tags, STACK_NAME_TAG, stack->identity.name);
        add_tag(making, &tags, LOGICAL_ID_TAG, making->resource->id);
        add_tag(making, &tags, STACK_ID_TAG, stack_arn(stack));
    }
    return tags;
}
