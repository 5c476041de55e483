#include "deploy/making.h"

#include "deploy/intrinsics.h"

bool making_refuse(struct making *making, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct slice reason = arena_vprintf(making->arena, format, arguments);
    va_end(arguments);
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

static enum client_outcome send(struct making *making, enum aws_service service, const char *operation,
                                struct input *input, struct client_answer *answer)
{
    const struct invoker *invoker = making->invoker;

    buffer_append_byte(&input->body, '}');
    enum client_outcome outcome = invoker->invoke(invoker->context, making->arena, service, operation,
                                                  buffer_slice(&input->body), answer);
    buffer_finish(&input->body);
    if (outcome == CLIENT_FAILED)
        problems_add(making->problems, "%.*s", SLICE_ARGS(answer->message));
    return outcome;
}

static bool refuse_answer(struct making *making, const char *operation, const struct client_answer *answer)
{
    return making_refuse(making, "%s: %.*s: %.*s", operation, SLICE_ARGS(answer->type),
                         SLICE_ARGS(answer->message));
}

bool making_call(struct making *making, enum aws_service service, const char *operation, struct input *input,
                 struct client_answer *answer)
{
    struct client_answer unread;

    if (answer == NULL)
        answer = &unread;
    enum client_outcome outcome = send(making, service, operation, input, answer);
    return outcome == CLIENT_DONE || (outcome == CLIENT_REFUSED && refuse_answer(making, operation, answer));
}

bool making_ask(struct making *making, enum aws_service service, const char *operation, const char *absent,
                struct input *input, struct client_answer *answer)
{
    enum client_outcome outcome = send(making, service, operation, input, answer);

    if (outcome == CLIENT_REFUSED && slice_is(answer->type, absent)) {
        answer->body = NULL;
        return true;
    }
    return outcome == CLIENT_DONE || (outcome == CLIENT_REFUSED && refuse_answer(making, operation, answer));
}

static void input_texts(struct input *input, const struct text_member *members)
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
        list_append(making->arena, out, json_get(answer.body, listing->list));
        token = text_of(answer.body, listing->next);
    } while (token.len > 0);
    return true;
}

void making_step(struct making *making, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct slice what = arena_vprintf(making->arena, format, arguments);
    va_end(arguments);
    making->changed = true;
    if (!making->creating)
        making->progress(making->context, making, APPLY_STEP, what);
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

bool making_fixed(struct making *making, const char *property, bool same)
{
    if (same)
        return true;
    if (making->resource->kind->remove != NULL && !making->resource->named) {
        making->replace = true;
        return true;
    }
    return making_refuse(making, "%s: '%.*s' exists with another, and that cannot be changed", property,
                         SLICE_ARGS(making->name));
}

void making_publish(struct making *making, const char *attribute, struct slice value)
{
    resource_publish(making->stack, making->resource, attribute, value);
}

const struct json *tag_value(const struct json *tags, struct slice key)
{
    for (size_t i = 0; i < count_of(tags); i++) {
        if (slice_equal(text_of(&tags->array.items[i], "Key"), key))
            return json_get(&tags->array.items[i], "Value");
    }
    return NULL;
}
