#include "deploy/apply.h"

#include <time.h>

/* Between two looks at a table that is changing: at first short, for small tables are done at once. */
enum { FIRST_PAUSE = 2, LONGEST_PAUSE = 1000 };

struct applier {
    struct client *client;
    struct arena *arena;
    const struct planned_table *table;
    const struct json *have; /* the table's description; NULL: there is none */
    bool changed;
    apply_progress progress;
    void *context;
    struct problems *problems;
};

static bool refuse(struct applier *applier, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(struct applier *applier, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct slice reason = arena_vprintf(applier->arena, format, arguments);
    va_end(arguments);
    return problems_add(applier->problems, "%.*s: %.*s",
                        SLICE_ARGS(stack_describe(applier->table->stack, applier->table->resource)),
                        SLICE_ARGS(reason));
}

static bool refuse_answer(struct applier *applier, const char *operation, enum client_outcome outcome,
                          const struct client_answer *answer)
{
    if (outcome == CLIENT_FAILED)
        return problems_add(applier->problems, "%.*s", SLICE_ARGS(answer->message));
    return refuse(applier, "%s: %.*s: %.*s", operation, SLICE_ARGS(answer->type),
                  SLICE_ARGS(answer->message));
}

static struct slice text_of(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->type == JSON_STRING ? member->text : SLICE("");
}

static size_t count_of(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? 0 : list->array.count;
}

static int64_t number_of(const struct json *object, const char *name, int64_t otherwise)
{
    const struct json *member = json_get(object, name);
    int64_t number;

    return member != NULL && json_to_int64(member, &number) ? number : otherwise;
}

static bool flag_of(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->type == JSON_BOOLEAN && member->boolean;
}

/* ---- describing ---- */

static struct slice name_body(struct applier *applier)
{
    return arena_printf(applier->arena, "{\"TableName\":\"%.*s\"}", SLICE_ARGS(applier->table->name));
}

/* *out is NULL if there is no such table. */
static bool describe(struct applier *applier, struct arena *arena, const struct json **out)
{
    struct client_answer answer;
    enum client_outcome outcome =
        client_call(applier->client, arena, "DescribeTable", name_body(applier), &answer);

    *out = NULL;
    if (outcome == CLIENT_REFUSED && slice_is(answer.type, "ResourceNotFoundException"))
        return true;
    if (outcome != CLIENT_DONE)
        return refuse_answer(applier, "DescribeTable", outcome, &answer);
    *out = json_get(answer.body, "Table");
    return *out != NULL || refuse(applier, "DescribeTable: there is no Table in the answer");
}

static bool is_settled(const struct json *table)
{
    const struct json *indexes = json_get(table, "GlobalSecondaryIndexes");

    for (size_t i = 0; i < count_of(indexes); i++) {
        if (!slice_is(text_of(&indexes->array.items[i], "IndexStatus"), "ACTIVE"))
            return false;
    }
    return slice_is(text_of(table, "TableStatus"), "ACTIVE");
}

static void pause_for(long milliseconds)
{
    struct timespec rest = {milliseconds / 1000, milliseconds % 1000 * 1000000};

    (void)nanosleep(&rest, NULL);
}

/* Describes the table as soon as nothing about it is changing. */
static bool await(struct applier *applier)
{
    struct arena scratch;
    const struct json *table = NULL;
    bool good = true, settled = false;

    arena_init(&scratch);
    for (long pause = FIRST_PAUSE; good && !settled;
         pause = pause * 2 > LONGEST_PAUSE ? LONGEST_PAUSE : pause * 2) {
        arena_reset(&scratch);
        good = describe(applier, &scratch, &table);
        settled = table == NULL || is_settled(table);
        if (good && !settled && slice_is(text_of(table, "TableStatus"), "DELETING"))
            good = refuse(applier, "the table '%.*s' is being deleted", SLICE_ARGS(applier->table->name));
        if (good && !settled)
            pause_for(pause);
    }
    arena_finish(&scratch);
    /* Once more, for the answer to stay. */
    return good && describe(applier, applier->arena, &applier->have);
}

/* ---- comparing ---- */

static bool same_schema(const struct json *a, const struct json *b)
{
    if (count_of(a) != count_of(b))
        return false;
    for (size_t i = 0; i < count_of(a); i++) {
        if (!slice_equal(text_of(&a->array.items[i], "AttributeName"),
                         text_of(&b->array.items[i], "AttributeName")) ||
            !slice_equal(text_of(&a->array.items[i], "KeyType"), text_of(&b->array.items[i], "KeyType")))
            return false;
    }
    return true;
}

static bool list_has(const struct json *list, const struct json *text)
{
    for (size_t i = 0; i < count_of(list); i++) {
        if (slice_equal(list->array.items[i].text, text->text))
            return true;
    }
    return false;
}

static bool same_index(const struct json *a, const struct json *b)
{
    const struct json *left = json_get(a, "Projection"), *right = json_get(b, "Projection");
    const struct json *names = json_get(left, "NonKeyAttributes"),
                      *others = json_get(right, "NonKeyAttributes");

    if (!same_schema(json_get(a, "KeySchema"), json_get(b, "KeySchema")) ||
        count_of(names) != count_of(others) ||
        !slice_equal(text_of(left, "ProjectionType"), text_of(right, "ProjectionType")))
        return false;
    for (size_t i = 0; i < count_of(names); i++) {
        if (!list_has(others, &names->array.items[i]))
            return false;
    }
    return true;
}

static const struct json *find_by(const struct json *list, const char *member, struct slice name)
{
    for (size_t i = 0; i < count_of(list); i++) {
        if (slice_equal(text_of(&list->array.items[i], member), name))
            return &list->array.items[i];
    }
    return NULL;
}

static const struct json *find_index(const struct json *table, const char *list, struct slice name)
{
    return find_by(json_get(table, list), "IndexName", name);
}

#define GLOBAL "GlobalSecondaryIndexes"
#define LOCAL  "LocalSecondaryIndexes"

/* Whether a key that stays uses the attribute: the table's, a local index's, or one of a global index that
 * the plan keeps. */
static bool is_used(const struct json *have, const struct json *want, struct slice attribute)
{
    const struct json *indexes = json_get(have, LOCAL);

    if (find_by(json_get(have, "KeySchema"), "AttributeName", attribute) != NULL)
        return true;
    for (size_t i = 0; i < count_of(indexes); i++) {
        if (find_by(json_get(&indexes->array.items[i], "KeySchema"), "AttributeName", attribute) != NULL)
            return true;
    }
    indexes = json_get(have, GLOBAL);
    for (size_t i = 0; i < count_of(indexes); i++) {
        const struct json *index = &indexes->array.items[i];
        if (find_index(want, GLOBAL, text_of(index, "IndexName")) != NULL &&
            find_by(json_get(index, "KeySchema"), "AttributeName", attribute) != NULL)
            return true;
    }
    return false;
}

static bool check_types(struct applier *applier)
{
    const struct json *want = applier->table->input, *definitions = json_get(want, "AttributeDefinitions");

    for (size_t i = 0; i < count_of(definitions); i++) {
        struct slice name = text_of(&definitions->array.items[i], "AttributeName");
        struct slice type = text_of(&definitions->array.items[i], "AttributeType");
        const struct json *known =
            find_by(json_get(applier->have, "AttributeDefinitions"), "AttributeName", name);
        if (known != NULL && !slice_equal(text_of(known, "AttributeType"), type) &&
            is_used(applier->have, want, name))
            return refuse(applier,
                          "AttributeDefinitions: the table '%.*s' exists and its attribute '%.*s' is of type "
                          "%.*s; that "
                          "cannot be changed",
                          SLICE_ARGS(applier->table->name), SLICE_ARGS(name),
                          SLICE_ARGS(text_of(known, "AttributeType")));
    }
    return true;
}

static bool check_local_indexes(struct applier *applier)
{
    const struct json *want = json_get(applier->table->input, LOCAL), *have = json_get(applier->have, LOCAL);
    bool same = count_of(want) == count_of(have);

    for (size_t i = 0; same && i < count_of(want); i++) {
        const struct json *twin = find_by(have, "IndexName", text_of(&want->array.items[i], "IndexName"));
        same = twin != NULL && same_index(&want->array.items[i], twin);
    }
    return same ||
           refuse(applier,
                  LOCAL
                  ": the table '%.*s' exists with others; local indexes are made with their table and cannot "
                  "be changed",
                  SLICE_ARGS(applier->table->name));
}

static bool check_global_indexes(struct applier *applier)
{
    const struct json *want = json_get(applier->table->input, GLOBAL);

    for (size_t i = 0; i < count_of(want); i++) {
        struct slice name = text_of(&want->array.items[i], "IndexName");
        const struct json *twin = find_index(applier->have, GLOBAL, name);
        if (twin != NULL && !same_index(&want->array.items[i], twin))
            return refuse(applier,
                          GLOBAL "[%zu]: the index '%.*s' exists with another key or projection, which "
                                 "cannot be changed; give "
                                 "the new index another name",
                          i, SLICE_ARGS(name));
    }
    return true;
}

/* Whether the table as it is can become what the plan says. */
static bool check_changeable(struct applier *applier)
{
    if (!same_schema(json_get(applier->table->input, "KeySchema"), json_get(applier->have, "KeySchema")))
        return refuse(applier, "KeySchema: the table '%.*s' exists with another key, which cannot be changed",
                      SLICE_ARGS(applier->table->name));
    return check_types(applier) && check_local_indexes(applier) && check_global_indexes(applier);
}

/* ---- changing ---- */

/* A body of UpdateTable: to be filled with members, and sent. */
struct update {
    struct buffer body;
    bool first;
};

static void update_begin(struct applier *applier, struct update *update)
{
    buffer_init(&update->body);
    update->first = true;
    buffer_append_byte(&update->body, '{');
    json_write_name(&update->body, &update->first, "TableName");
    json_write_string(&update->body, applier->table->name);
}

static void update_member(struct update *update, const char *name, const struct json *value)
{
    json_write_name(&update->body, &update->first, name);
    json_write_value(&update->body, value);
}

static void update_text(struct update *update, const char *name, const char *text)
{
    json_write_name(&update->body, &update->first, name);
    buffer_append_string(&update->body, text);
}

/* Sends the change and waits until it is done. */
static bool update_send(struct applier *applier, struct update *update, struct slice what)
{
    struct client_answer answer;

    applier->progress(applier->context, applier->table, APPLY_STEP, what);
    applier->changed = true;
    buffer_append_byte(&update->body, '}');
    enum client_outcome outcome =
        client_call(applier->client, applier->arena, "UpdateTable", buffer_slice(&update->body), &answer);
    buffer_finish(&update->body);
    if (outcome != CLIENT_DONE)
        return refuse_answer(applier, "UpdateTable", outcome, &answer);
    return await(applier) && (applier->have != NULL || refuse(applier, "the table '%.*s' was deleted",
                                                              SLICE_ARGS(applier->table->name)));
}

static bool remove_indexes(struct applier *applier)
{
    const struct json *have = json_get(applier->have, GLOBAL);

    for (size_t i = 0; i < count_of(have); i++) {
        struct slice name = text_of(&have->array.items[i], "IndexName");
        struct update update;
        if (find_index(applier->table->input, GLOBAL, name) != NULL)
            continue;
        update_begin(applier, &update);
        update_text(&update, "GlobalSecondaryIndexUpdates", "[{\"Delete\":{\"IndexName\":");
        json_write_string(&update.body, name);
        buffer_append_string(&update.body, "}}]");
        if (!update_send(applier, &update,
                         arena_printf(applier->arena, "removing index %.*s", SLICE_ARGS(name))))
            return false;
    }
    return true;
}

/* The attributes that the keys use of the table with its indexes as they are, and of one that is added. */
static void write_definitions(struct applier *applier, struct update *update, const struct json *added)
{
    const struct json *want = applier->table->input, *definitions = json_get(want, "AttributeDefinitions");
    bool any = false;

    json_write_name(&update->body, &update->first, "AttributeDefinitions");
    for (size_t i = 0; i < count_of(definitions); i++) {
        struct slice name = text_of(&definitions->array.items[i], "AttributeName");
        if (!is_used(applier->have, want, name) &&
            find_by(json_get(added, "KeySchema"), "AttributeName", name) == NULL)
            continue;
        buffer_append_byte(&update->body, any ? ',' : '[');
        json_write_value(&update->body, &definitions->array.items[i]);
        any = true;
    }
    buffer_append_byte(&update->body, ']');
}

static bool add_indexes(struct applier *applier)
{
    const struct json *want = json_get(applier->table->input, GLOBAL);

    for (size_t i = 0; i < count_of(want); i++) {
        const struct json *index = &want->array.items[i];
        struct slice name = text_of(index, "IndexName");
        struct update update;
        if (find_index(applier->have, GLOBAL, name) != NULL)
            continue;
        update_begin(applier, &update);
        write_definitions(applier, &update, index);
        update_text(&update, "GlobalSecondaryIndexUpdates", "[{\"Create\":");
        json_write_value(&update.body, index);
        buffer_append_string(&update.body, "}]");
        if (!update_send(applier, &update,
                         arena_printf(applier->arena, "adding index %.*s", SLICE_ARGS(name))))
            return false;
    }
    return true;
}

static bool is_provisioned(const struct json *mode)
{
    return mode == NULL || !slice_is(mode->text, "PAY_PER_REQUEST");
}

static bool same_units(const struct json *a, const struct json *b)
{
    return number_of(a, "ReadCapacityUnits", 0) == number_of(b, "ReadCapacityUnits", 0) &&
           number_of(a, "WriteCapacityUnits", 0) == number_of(b, "WriteCapacityUnits", 0);
}

#define THROUGHPUT "ProvisionedThroughput"

/* Writes the throughput of the indexes that exist and differ; *any tells whether there are any. */
static void write_index_throughputs(struct applier *applier, struct update *update, bool *any)
{
    const struct json *want = json_get(applier->table->input, GLOBAL);

    *any = false;
    for (size_t i = 0; i < count_of(want); i++) {
        const struct json *index = &want->array.items[i], *units = json_get(index, THROUGHPUT);
        const struct json *twin = find_index(applier->have, GLOBAL, text_of(index, "IndexName"));
        if (twin == NULL || units == NULL || same_units(units, json_get(twin, THROUGHPUT)))
            continue;
        if (!*any)
            json_write_name(&update->body, &update->first, "GlobalSecondaryIndexUpdates");
        buffer_append_string(&update->body,
                             *any ? ",{\"Update\":{\"IndexName\":" : "[{\"Update\":{\"IndexName\":");
        json_write_value(&update->body, json_get(index, "IndexName"));
        buffer_append_string(&update->body, ",\"" THROUGHPUT "\":");
        json_write_value(&update->body, units);
        buffer_append_string(&update->body, "}}");
        *any = true;
    }
    if (*any)
        buffer_append_byte(&update->body, ']');
}

static bool change_billing(struct applier *applier)
{
    const struct json *want = applier->table->input, *mode = json_get(want, "BillingMode");
    bool wanted = is_provisioned(mode);
    bool had = is_provisioned(json_get(json_get(applier->have, "BillingModeSummary"), "BillingMode"));
    bool other_units = wanted && !same_units(json_get(want, THROUGHPUT), json_get(applier->have, THROUGHPUT));
    bool other_indexes = false;
    struct update update;

    update_begin(applier, &update);
    if (wanted != had)
        update_member(&update, "BillingMode", mode);
    if (wanted && (other_units || wanted != had))
        update_member(&update, THROUGHPUT, json_get(want, THROUGHPUT));
    if (wanted)
        write_index_throughputs(applier, &update, &other_indexes);
    if (wanted != had || other_units || other_indexes)
        return update_send(applier, &update,
                           wanted == had ? SLICE("changing the throughput")
                                         : SLICE("changing the billing mode"));
    buffer_finish(&update.body);
    return true;
}

/* ---- caps and warm throughput, of the table and its indexes ---- */

/* A pair of units by two member names. */
struct pair_kind {
    const char *member, *read, *write;
    int64_t none;    /* what an absent number means */
    bool grows_only; /* a smaller number is no difference */
};

static const struct pair_kind caps = {"OnDemandThroughput", "MaxReadRequestUnits", "MaxWriteRequestUnits", -1,
                                      false};
static const struct pair_kind warmth = {"WarmThroughput", "ReadUnitsPerSecond", "WriteUnitsPerSecond", 0,
                                        true};

static bool differs(const struct pair_kind *kind, const struct json *want, const struct json *have)
{
    const struct json *wanted = json_get(want, kind->member), *had = json_get(have, kind->member);
    int64_t read = number_of(wanted, kind->read, kind->none),
            write = number_of(wanted, kind->write, kind->none);
    int64_t had_read = number_of(had, kind->read, kind->none),
            had_write = number_of(had, kind->write, kind->none);

    return kind->grows_only ? read > had_read || write > had_write : read != had_read || write != had_write;
}

static void write_pair(struct buffer *out, const struct pair_kind *kind, const struct json *want,
                       const struct json *have)
{
    const struct json *wanted = json_get(want, kind->member), *had = json_get(have, kind->member);
    int64_t read = number_of(wanted, kind->read, kind->none),
            write = number_of(wanted, kind->write, kind->none);
    int64_t had_read = number_of(had, kind->read, kind->none),
            had_write = number_of(had, kind->write, kind->none);

    if (kind->grows_only && had_read > read)
        read = had_read;
    if (kind->grows_only && had_write > write)
        write = had_write;
    buffer_printf(out, "{\"%s\":%lld,\"%s\":%lld}", kind->read, (long long)read, kind->write,
                  (long long)write);
}

static bool change_pair(struct applier *applier, const struct pair_kind *kind)
{
    const struct json *want = applier->table->input, *indexes = json_get(want, GLOBAL);
    bool any = differs(kind, want, applier->have), any_index = false;
    struct update update;

    if (kind == &caps && is_provisioned(json_get(want, "BillingMode")))
        return true;
    update_begin(applier, &update);
    if (any) {
        json_write_name(&update.body, &update.first, kind->member);
        write_pair(&update.body, kind, want, applier->have);
    }
    for (size_t i = 0; i < count_of(indexes); i++) {
        const struct json *index = &indexes->array.items[i];
        const struct json *twin = find_index(applier->have, GLOBAL, text_of(index, "IndexName"));
        if (twin == NULL || !differs(kind, index, twin))
            continue;
        if (!any_index)
            json_write_name(&update.body, &update.first, "GlobalSecondaryIndexUpdates");
        buffer_append_string(&update.body,
                             any_index ? ",{\"Update\":{\"IndexName\":" : "[{\"Update\":{\"IndexName\":");
        json_write_value(&update.body, json_get(index, "IndexName"));
        buffer_printf(&update.body, ",\"%s\":", kind->member);
        write_pair(&update.body, kind, index, twin);
        buffer_append_string(&update.body, "}}");
        any_index = true;
    }
    if (any_index)
        buffer_append_byte(&update.body, ']');
    if (any || any_index)
        return update_send(applier, &update, arena_printf(applier->arena, "changing %s", kind->member));
    buffer_finish(&update.body);
    return true;
}

/* ---- settings ---- */

static bool change_text(struct applier *applier, const char *member, const char *value, struct slice what)
{
    struct update update;

    update_begin(applier, &update);
    update_text(&update, member, value);
    return update_send(applier, &update, what);
}

/* A stream's view cannot be changed while the stream is on. */
static bool change_stream(struct applier *applier)
{
    const struct json *want = json_get(applier->table->input, "StreamSpecification");
    const struct json *have = json_get(applier->have, "StreamSpecification");
    struct slice wanted = text_of(want, "StreamViewType");
    struct slice had = flag_of(have, "StreamEnabled") ? text_of(have, "StreamViewType") : SLICE("");

    if (slice_equal(wanted, had))
        return true;
    if (had.len > 0 && !change_text(applier, "StreamSpecification", "{\"StreamEnabled\":false}",
                                    SLICE("switching the stream off")))
        return false;
    return wanted.len == 0 ||
           change_text(applier, "StreamSpecification",
                       arena_printf(applier->arena, "{\"StreamEnabled\":true,\"StreamViewType\":\"%.*s\"}",
                                    SLICE_ARGS(wanted))
                           .ptr,
                       SLICE("switching the stream on"));
}

static bool ends_with(struct slice text, struct slice end)
{
    return text.len >= end.len && slice_equal(slice_skip(text, text.len - end.len), end);
}

static bool change_encryption(struct applier *applier)
{
    const struct json *want = json_get(applier->table->input, "SSESpecification");
    const struct json *have = json_get(applier->have, "SSEDescription");
    struct slice key = text_of(want, "KMSMasterKeyId"), status = text_of(have, "Status");
    bool wanted = flag_of(want, "Enabled"), had = slice_is(status, "ENABLED") || slice_is(status, "ENABLING");
    struct update update;

    /* A key is given by its id, its alias or its ARN, and told by its ARN. */
    if (wanted == had && (!wanted || key.len == 0 || ends_with(text_of(have, "KMSMasterKeyArn"), key)))
        return true;
    update_begin(applier, &update);
    if (wanted)
        update_member(&update, "SSESpecification", want);
    else
        update_text(&update, "SSESpecification", "{\"Enabled\":false}");
    return update_send(applier, &update, SLICE("changing the encryption"));
}

static bool change_class(struct applier *applier)
{
    struct slice wanted = text_of(applier->table->input, "TableClass");
    struct slice had = text_of(json_get(applier->have, "TableClassSummary"), "TableClass");

    if (wanted.len == 0)
        wanted = SLICE("STANDARD");
    if (had.len == 0)
        had = SLICE("STANDARD");
    return slice_equal(wanted, had) ||
           change_text(applier, "TableClass",
                       arena_printf(applier->arena, "\"%.*s\"", SLICE_ARGS(wanted)).ptr,
                       SLICE("changing the table class"));
}

static bool change_protection(struct applier *applier)
{
    bool wanted = flag_of(applier->table->input, "DeletionProtectionEnabled");

    return wanted == flag_of(applier->have, "DeletionProtectionEnabled") ||
           change_text(applier, "DeletionProtectionEnabled", wanted ? "true" : "false",
                       wanted ? SLICE("protecting it from deletion")
                              : SLICE("ending its protection from deletion"));
}

/* ---- tables ---- */

static bool create(struct applier *applier)
{
    struct client_answer answer;
    enum client_outcome outcome =
        client_call(applier->client, applier->arena, "CreateTable", applier->table->input_text, &answer);

    if (outcome != CLIENT_DONE)
        return refuse_answer(applier, "CreateTable", outcome, &answer);
    return await(applier) && (applier->have != NULL || refuse(applier, "the table '%.*s' was deleted",
                                                              SLICE_ARGS(applier->table->name)));
}

static bool change(struct applier *applier)
{
    return remove_indexes(applier) && change_billing(applier) && change_pair(applier, &caps) &&
           change_pair(applier, &warmth) && change_stream(applier) && change_encryption(applier) &&
           change_class(applier) && change_protection(applier) && add_indexes(applier);
}

static bool apply_table(struct applier *applier)
{
    bool is_new = applier->have == NULL;

    if (!(is_new ? create(applier) : change(applier)))
        return false;
    applier->progress(applier->context, applier->table,
                      is_new             ? APPLY_CREATED
                      : applier->changed ? APPLY_UPDATED
                                         : APPLY_UNCHANGED,
                      SLICE(""));
    return true;
}

bool apply_plan(struct client *client, struct arena *arena, const struct plan *plan, apply_progress progress,
                void *context, struct problems *problems)
{
    struct applier *appliers = arena_array(arena, struct applier, plan->table_count);
    bool good = true;

    for (size_t i = 0; i < plan->table_count; i++) {
        appliers[i] = (struct applier){.client = client,
                                       .arena = arena,
                                       .table = &plan->tables[i],
                                       .progress = progress,
                                       .context = context,
                                       .problems = problems};
        if (!await(&appliers[i]))
            return false;
        good &= appliers[i].have == NULL || check_changeable(&appliers[i]);
    }
    for (size_t i = 0; good && i < plan->table_count; i++)
        good = apply_table(&appliers[i]);
    return good;
}
