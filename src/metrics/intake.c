#include "metrics/intake.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/hash.h"

/* Beyond the limit nothing new is counted until the span is over: a guard, for no honest load comes near. */
enum { SLOTS_FIRST = 64, CELLS_LIMIT = 16 * 1024 };

struct intake *intake_create(int64_t time)
{
    struct intake *intake = calloc(1, sizeof(*intake));

    CHECK(intake != NULL);
    intake->time = time;
    arena_init(&intake->arena);
    intake->slot_count = SLOTS_FIRST;
    intake->slots = arena_array(&intake->arena, struct intake_cell *, intake->slot_count);
    return intake;
}

void intake_destroy(struct intake *intake)
{
    arena_finish(&intake->arena);
    free(intake);
}

static void grow(struct intake *intake)
{
    size_t slot_count = intake->slot_count * 2;
    struct intake_cell **slots = arena_array(&intake->arena, struct intake_cell *, slot_count);

    for (size_t i = 0; i < intake->slot_count; i++) {
        for (struct intake_cell *cell = intake->slots[i], *next; cell != NULL; cell = next) {
            next = cell->next;
            struct intake_cell **slot = &slots[cell->hash & (slot_count - 1)];
            cell->next = *slot;
            *slot = cell;
        }
    }
    intake->slots = slots;
    intake->slot_count = slot_count;
}

/* Operations are told apart by where their names are. NULL: there are too many. */
static struct intake_cell *cell_of(struct intake *intake, struct slice table, struct slice index,
                                   const char *operation)
{
    uint64_t hash = hash_bytes(table) ^ (index.len > 0 ? ~hash_bytes(index) : (uintptr_t)operation >> 3);
    struct intake_cell **slot = &intake->slots[hash & (intake->slot_count - 1)];

    for (struct intake_cell *cell = *slot; cell != NULL; cell = cell->next) {
        if (cell->hash == hash && cell->operation == operation && slice_equal(cell->table, table) &&
            slice_equal(cell->index, index))
            return cell;
    }
    if (intake->count >= CELLS_LIMIT)
        return NULL;
    if (intake->count++ >= intake->slot_count) {
        grow(intake);
        slot = &intake->slots[hash & (intake->slot_count - 1)];
    }
    struct intake_cell *cell = arena_new(&intake->arena, struct intake_cell);
    cell->hash = hash;
    cell->operation = operation;
    cell->table = arena_copy(&intake->arena, table);
    cell->index = arena_copy(&intake->arena, index);
    cell->next = *slot;
    *slot = cell;
    return cell;
}

/* Of what fails, each is one value of 1; of what is measured, the request's sum is one value. */
static bool is_event(enum metric metric)
{
    return metric == METRIC_READ_THROTTLES || metric == METRIC_WRITE_THROTTLES ||
           metric == METRIC_THROTTLED || metric == METRIC_SYSTEM_ERRORS ||
           metric == METRIC_CONDITION_FAILED || metric == METRIC_CONFLICT;
}

static void note_latency(struct latencies *latencies, uint64_t latency)
{
    distribution_add(&latencies->values, latency);
    histogram_add(&latencies->histogram, latency);
}

/* NULL: there are too many cells. */
static struct intake_cell *note_part(struct intake *intake, const struct metrics_request *request,
                                     const struct metrics_part *part)
{
    struct intake_cell *cell =
        cell_of(intake, part->table, part->index, part->index.len > 0 ? NULL : request->operation);

    if (cell == NULL)
        return NULL;
    for (uint32_t left = part->present; left != 0; left &= left - 1) {
        enum metric metric = (enum metric)__builtin_ctz(left);
        uint64_t amount = part->amounts[metric];
        if (!is_event(metric))
            distribution_add(&cell->values[metric], amount);
        else
            distribution_merge(&cell->values[metric], &(struct distribution){amount, amount, 1, 1});
    }
    return cell;
}

static size_t count_tables(const struct metrics_request *request)
{
    size_t count = 0;

    for (const struct metrics_part *part = request->parts; part != NULL; part = part->next)
        count += part->index.len == 0;
    return count;
}

/* True: a cell has the request's latency alone. */
static bool note_parts(struct intake *intake, const struct metrics_request *request)
{
    bool alone = false, succeeded = request->status == 200, shares = count_tables(request) > 1;

    for (const struct metrics_part *part = request->parts; part != NULL; part = part->next) {
        struct intake_cell *cell = note_part(intake, request, part);
        if (cell == NULL || cell->operation == NULL || !succeeded)
            continue;
        if (shares && cell->shared == NULL)
            cell->shared = arena_new(&intake->arena, struct latencies);
        note_latency(shares ? cell->shared : &cell->alone, request->latency);
        alone = !shares;
    }
    return alone;
}

void intake_note(struct intake *intake, const struct metrics_request *request)
{
    struct distribution *values = intake->values;

    if (!note_parts(intake, request))
        note_latency(&intake->others, request->latency);
    if (request->user_error)
        distribution_add(&values[METRIC_USER_ERRORS], 1);
    if (request->status >= 500)
        distribution_add(&values[METRIC_SERVER_ERRORS], 1);
    else if (request->status >= 400)
        distribution_add(&values[METRIC_CLIENT_ERRORS], 1);
}
