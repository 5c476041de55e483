#include "stacks/event.h"

#include <inttypes.h>
#include <stdatomic.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "catalog/keys.h"

struct stored_event {
    struct stack_event event;
    struct slice status;
};

#define EVENT(member) offsetof(struct stored_event, event.member)
static const struct field event_fields[] = {
    {"Logical", FIELD_TEXT, EVENT(logical), NULL},
    {"Physical", FIELD_TEXT, EVENT(physical), NULL},
    {"Type", FIELD_TEXT, EVENT(type), NULL},
    {"Status", FIELD_TEXT, offsetof(struct stored_event, status), NULL},
    {"Reason", FIELD_TEXT, EVENT(reason), NULL},
    {"Properties", FIELD_TEXT, EVENT(properties), NULL},
    {"Token", FIELD_TEXT, EVENT(token), NULL},
    {"Time", FIELD_NUMBER, EVENT(time), NULL},
    {"Turn", FIELD_NUMBER, EVENT(turn), NULL},
    {0}};
static const struct layout event_layout = {sizeof(struct stored_event), event_fields};

/* Now, but no two events have the same millisecond: the CDK's command line and ampx sort the events of a
 * stack and of those nested in it by their times, the newest first among equal ones, and would show them
 * reversed. Where events come faster than that, their times run ahead of the clock's for a moment. */
static int64_t next_time(void)
{
    static _Atomic int64_t last;
    int64_t before = atomic_load(&last), now = clock_now(), next;

    do {
        next = now > before ? now : before + 1;
    } while (!atomic_compare_exchange_weak(&last, &before, next));
    return next;
}

void event_put(struct batch *batch, struct slice uuid, const struct stack_event *event)
{
    struct stored_event stored = {*event, slice_of(stack_status_name(event->status))};
    struct buffer text;

    stored.event.time = next_time();
    buffer_init(&text);
    layout_write(&text, &event_layout, &stored);
    batch_append(batch, keys_stack_range(batch->arena, STACK_EVENTS, uuid).from, buffer_slice(&text));
    buffer_finish(&text);
}

void stack_put_event(struct batch *batch, const struct stack_record *record)
{
    const struct stack_event event = {.logical = record->name,
                                      .physical = record->arn,
                                      .type = SLICE("AWS::CloudFormation::Stack"),
                                      .status = record->status,
                                      .reason = record->reason,
                                      .token = record->token,
                                      .turn = record->turn};

    event_put(batch, record->uuid, &event);
}

/* As AWS makes them: a UUID, here of the number that no other commit has and the place in it; before that of
 * a resource its id and the status. */
static struct slice event_id(struct arena *arena, struct slice uuid, const struct stack_event *event,
                             uint64_t number, uint32_t ordinal)
{
    struct slice id = arena_printf(arena, "%.*s-%04x-4000-8000-%012" PRIx64, 8, uuid.ptr, ordinal & 0xFFFF,
                                   number & 0xFFFFFFFFFFFF);

    if (slice_equal(stack_uuid(event->physical), uuid))
        return id;
    return arena_printf(arena, "%.*s-%s-%.*s", SLICE_ARGS(event->logical), stack_status_name(event->status),
                        SLICE_ARGS(id));
}

static enum storage_status read_one(struct arena *arena, struct slice uuid, struct slice key,
                                    struct slice value, struct stack_event *out)
{
    struct stored_event stored;

    if (value.len < TIME_SIZE ||
        !layout_read(arena, arena_copy(arena, slice_skip(value, TIME_SIZE)), &event_layout, &stored))
        return STORAGE_CORRUPT;
    *out = stored.event;
    out->status = stack_status_find(stored.status);
    if (out->time == 0) /* of before events had times of their own */
        out->time = append_time(value);
    out->id = event_id(arena, uuid, out, append_number(key), bytes_read_u32(key.ptr + key.len - 4));
    return STORAGE_OK;
}

enum storage_status events_read(struct storage *storage, struct arena *arena, struct slice uuid,
                                struct slice *place, struct stack_event *out, size_t limit, size_t *count)
{
    struct key_range range = keys_stack_range(arena, STACK_EVENTS, uuid);
    enum storage_status status = STORAGE_OK;
    struct slice key, value, last = SLICE("");

    if (place->len > 0) {
        struct buffer to;
        buffer_init(&to);
        buffer_append(&to, range.from);
        buffer_append(&to, *place);
        range.to = arena_copy(arena, buffer_slice(&to));
        buffer_finish(&to);
    }
    struct cursor *cursor = cursor_create(storage, NULL, range.from, range.to, BACKWARD);
    for (*count = 0; status == STORAGE_OK && *count < limit;) {
        status = cursor_next(cursor, &key, &value);
        if (status != STORAGE_OK)
            break;
        status = read_one(arena, uuid, key, value, &out[*count]);
        last = arena_copy(arena, slice_skip(key, range.from.len));
        ++*count;
    }
    *place = SLICE("");
    if (status == STORAGE_OK && cursor_next(cursor, &key, &value) == STORAGE_OK)
        *place = last;
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}
