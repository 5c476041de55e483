/* Tables as they are, compared with what a template wants, and changed: an index is added or removed at a
 * time, and each change is waited for, as AWS wants it. */
#include "catalog/arn.h"
#include "deploy/types/reading.h"
#include "deploy/types/table.h"

/* Between two looks at a table that is changing: at first short, for small tables are done at once. */
enum { FIRST_PAUSE = 2, LONGEST_PAUSE = 1000 };

/* ---- describing ---- */

/* *out is NULL if there is no such table. */
static bool describe(struct making *making, struct arena *arena, const struct json **out)
{
    struct making here = *making;
    struct client_answer answer;
    struct input input;

    here.arena = arena;
    input_begin(&input);
    input_text(&input, "TableName", making_key(making));
    *out = NULL;
    if (!making_ask(&here, SERVICE_DYNAMODB, "DescribeTable", "ResourceNotFoundException", &input, &answer)) {
        making->refusal =
            (struct making_refusal){here.refusal.code, arena_copy(making->arena, here.refusal.message)};
        return false;
    }
    *out = json_get(answer.body, "Table");
    return answer.body == NULL || *out != NULL ||
           making_refuse(making, "DescribeTable: there is no Table in the answer");
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

/* Describes the table as soon as nothing about it is changing; one that is being deleted, when it is gone. */
static bool await(struct making *making)
{
    struct arena scratch;
    const struct json *table = NULL;
    bool good = true, settled = false;

    arena_init(&scratch);
    for (long pause = FIRST_PAUSE; good && !settled;
         pause = pause * 2 > LONGEST_PAUSE ? LONGEST_PAUSE : pause * 2) {
        arena_reset(&scratch);
        good = describe(making, &scratch, &table);
        settled = table == NULL || is_settled(table);
        if (good && !settled)
            good = making_wait(making, pause);
    }
    arena_finish(&scratch);
    /* Once more, for the answer to stay. */
    return good && describe(making, making->arena, &making->have);
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
        if (!list_has(others, names->array.items[i].text))
            return false;
    }
    return true;
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

/* The attribute whose type would have to change; NULL: there is none. */
static const struct json *retyped(const struct making *making)
{
    const struct json *want = making->input, *definitions = json_get(want, "AttributeDefinitions");

    for (size_t i = 0; i < count_of(definitions); i++) {
        struct slice name = text_of(&definitions->array.items[i], "AttributeName");
        struct slice type = text_of(&definitions->array.items[i], "AttributeType");
        const struct json *known =
            find_by(json_get(making->have, "AttributeDefinitions"), "AttributeName", name);
        if (known != NULL && !slice_equal(text_of(known, "AttributeType"), type) &&
            is_used(making->have, want, name))
            return known;
    }
    return NULL;
}

static bool same_local_indexes(const struct making *making)
{
    const struct json *want = json_get(making->input, LOCAL), *have = json_get(making->have, LOCAL);
    bool same = count_of(want) == count_of(have);

    for (size_t i = 0; same && i < count_of(want); i++) {
        const struct json *twin = find_by(have, "IndexName", text_of(&want->array.items[i], "IndexName"));
        same = twin != NULL && same_index(&want->array.items[i], twin);
    }
    return same;
}

/* CloudFormation makes or removes one index in an update. One that has another key is removed and made. */
static bool count_index_changes(struct making *making)
{
    const struct json *want = json_get(making->input, GLOBAL), *have = json_get(making->have, GLOBAL);
    size_t changes = 0;

    for (size_t i = 0; i < count_of(want); i++) {
        const struct json *index = &want->array.items[i],
                          *twin = find_by(have, "IndexName", text_of(index, "IndexName"));
        changes += twin == NULL ? 1 : same_index(index, twin) ? 0 : 2;
    }
    for (size_t i = 0; i < count_of(have); i++)
        changes += find_by(want, "IndexName", text_of(&have->array.items[i], "IndexName")) == NULL;
    return changes <= 1 ||
           making_refuse(making, "Cannot perform more than one GSI creation or deletion in a single update");
}

/* Whether the table as it is can become what is wanted. AWS: which properties need a replacement, the
 * CloudFormation template reference says of each. */
static bool check_changeable(struct making *making)
{
    static const char *const fixed[] = {"ImportSourceSpecification", NULL};
    bool same_key = same_schema(json_get(making->input, "KeySchema"), json_get(making->have, "KeySchema"));

    return making_fixed_name(making) && making_fixed(making, "KeySchema", same_key) &&
           making_fixed_all(making, fixed) &&
           making_fixed(making, "AttributeDefinitions", retyped(making) == NULL) &&
           making_fixed(making, LOCAL, same_local_indexes(making)) &&
           (making->replace || count_index_changes(making));
}

/* ---- changing ---- */

/* A change's input of UpdateTable: to be filled with members, and sent. */
static void update_begin(struct making *making, struct input *update)
{
    input_begin(update);
    input_text(update, "TableName", making->id);
}

static bool was_deleted(struct making *making)
{
    return making_refuse(making, "the table '%.*s' was deleted", SLICE_ARGS(making->name));
}

static bool await_table(struct making *making)
{
    return await(making) && (making->have != NULL || was_deleted(making));
}

/* Sends the change and waits until it is done. */
static bool update_send(struct making *making, struct input *update)
{
    return making_call(making, SERVICE_DYNAMODB, "UpdateTable", update, NULL) && await_table(making);
}

static bool remove_indexes(struct making *making)
{
    const struct json *have = json_get(making->have, GLOBAL);

    for (size_t i = 0; i < count_of(have); i++) {
        struct slice name = text_of(&have->array.items[i], "IndexName");
        struct input update;
        if (find_index(making->input, GLOBAL, name) != NULL)
            continue;
        update_begin(making, &update);
        input_literal(&update, "GlobalSecondaryIndexUpdates", "[{\"Delete\":{\"IndexName\":");
        json_write_string(&update.body, name);
        buffer_append_string(&update.body, "}}]");
        if (!update_send(making, &update))
            return false;
    }
    return true;
}

/* The attributes that the keys use of the table with its indexes as they are, and of one that is added. */
static void write_definitions(struct making *making, struct input *update, const struct json *added)
{
    const struct json *want = making->input, *definitions = json_get(want, "AttributeDefinitions");
    bool any = false;

    json_write_name(&update->body, &update->first, "AttributeDefinitions");
    for (size_t i = 0; i < count_of(definitions); i++) {
        struct slice name = text_of(&definitions->array.items[i], "AttributeName");
        if (!is_used(making->have, want, name) &&
            find_by(json_get(added, "KeySchema"), "AttributeName", name) == NULL)
            continue;
        buffer_append_byte(&update->body, any ? ',' : '[');
        json_write_value(&update->body, &definitions->array.items[i]);
        any = true;
    }
    buffer_append_byte(&update->body, ']');
}

/* CloudFormation does not wait until a new index has its items. */
static bool add_indexes(struct making *making)
{
    const struct json *want = json_get(making->input, GLOBAL);

    for (size_t i = 0; i < count_of(want); i++) {
        const struct json *index = &want->array.items[i];
        struct slice name = text_of(index, "IndexName");
        struct input update;
        if (find_index(making->have, GLOBAL, name) != NULL)
            continue;
        update_begin(making, &update);
        write_definitions(making, &update, index);
        input_literal(&update, "GlobalSecondaryIndexUpdates", "[{\"Create\":");
        json_write_value(&update.body, index);
        buffer_append_string(&update.body, "}]");
        if (!making_call(making, SERVICE_DYNAMODB, "UpdateTable", &update, NULL))
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
static void write_index_throughputs(struct making *making, struct input *update, bool *any)
{
    const struct json *want = json_get(making->input, GLOBAL);

    *any = false;
    for (size_t i = 0; i < count_of(want); i++) {
        const struct json *index = &want->array.items[i], *units = json_get(index, THROUGHPUT);
        const struct json *twin = find_index(making->have, GLOBAL, text_of(index, "IndexName"));
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

static bool change_billing(struct making *making)
{
    const struct json *want = making->input, *mode = json_get(want, "BillingMode");
    bool wanted = is_provisioned(mode);
    bool had = is_provisioned(json_get(json_get(making->have, "BillingModeSummary"), "BillingMode"));
    bool other_units = wanted && !same_units(json_get(want, THROUGHPUT), json_get(making->have, THROUGHPUT));
    bool other_indexes = false;
    struct input update;

    update_begin(making, &update);
    if (wanted != had)
        input_value(&update, "BillingMode", mode);
    if (wanted && (other_units || wanted != had))
        input_value(&update, THROUGHPUT, json_get(want, THROUGHPUT));
    if (wanted)
        write_index_throughputs(making, &update, &other_indexes);
    if (wanted != had || other_units || other_indexes)
        return update_send(making, &update);
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

static bool change_pair(struct making *making, const struct pair_kind *kind)
{
    const struct json *want = making->input, *indexes = json_get(want, GLOBAL);
    bool any = differs(kind, want, making->have), any_index = false;
    struct input update;

    if (kind == &caps && is_provisioned(json_get(want, "BillingMode")))
        return true;
    update_begin(making, &update);
    if (any) {
        json_write_name(&update.body, &update.first, kind->member);
        write_pair(&update.body, kind, want, making->have);
    }
    for (size_t i = 0; i < count_of(indexes); i++) {
        const struct json *index = &indexes->array.items[i];
        const struct json *twin = find_index(making->have, GLOBAL, text_of(index, "IndexName"));
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
        return update_send(making, &update);
    buffer_finish(&update.body);
    return true;
}

/* ---- settings ---- */

static bool change_text(struct making *making, const char *member, const char *value)
{
    struct input update;

    update_begin(making, &update);
    input_literal(&update, member, value);
    return update_send(making, &update);
}

static bool switch_stream_on(struct making *making, struct slice view)
{
    struct input update, stream;

    update_begin(making, &update);
    reading_open(&update, &stream, "StreamSpecification");
    input_literal(&stream, "StreamEnabled", "true");
    input_text(&stream, "StreamViewType", view);
    reading_close(&update, &stream);
    return update_send(making, &update);
}

/* A stream's view cannot be changed while the stream is on. */
static bool change_stream(struct making *making)
{
    const struct json *want = json_get(making->input, "StreamSpecification");
    const struct json *have = json_get(making->have, "StreamSpecification");
    struct slice wanted = text_of(want, "StreamViewType");
    struct slice had = flag_of(have, "StreamEnabled") ? text_of(have, "StreamViewType") : SLICE("");

    if (slice_equal(wanted, had))
        return true;
    if (had.len > 0 && !change_text(making, "StreamSpecification", "{\"StreamEnabled\":false}"))
        return false;
    return wanted.len == 0 || switch_stream_on(making, wanted);
}

static bool ends_with(struct slice text, struct slice end)
{
    return text.len >= end.len && slice_equal(slice_skip(text, text.len - end.len), end);
}

static bool change_encryption(struct making *making)
{
    const struct json *want = json_get(making->input, "SSESpecification");
    const struct json *have = json_get(making->have, "SSEDescription");
    struct slice key = text_of(want, "KMSMasterKeyId"), status = text_of(have, "Status");
    bool wanted = flag_of(want, "Enabled"), had = slice_is(status, "ENABLED") || slice_is(status, "ENABLING");
    struct input update;

    /* A key is given by its id, its alias or its ARN, and told by its ARN. */
    if (wanted == had && (!wanted || key.len == 0 || ends_with(text_of(have, "KMSMasterKeyArn"), key)))
        return true;
    update_begin(making, &update);
    if (wanted)
        input_value(&update, "SSESpecification", want);
    else
        input_literal(&update, "SSESpecification", "{\"Enabled\":false}");
    return update_send(making, &update);
}

static bool change_class(struct making *making)
{
    struct slice wanted = text_of(making->input, "TableClass");
    struct slice had = text_of(json_get(making->have, "TableClassSummary"), "TableClass");
    struct input update;

    if (wanted.len == 0)
        wanted = SLICE("STANDARD");
    if (had.len == 0)
        had = SLICE("STANDARD");
    if (slice_equal(wanted, had))
        return true;
    update_begin(making, &update);
    input_text(&update, "TableClass", wanted);
    return update_send(making, &update);
}

static bool change_protection(struct making *making)
{
    bool wanted = flag_of(making->input, "DeletionProtectionEnabled");

    return wanted == flag_of(making->have, "DeletionProtectionEnabled") ||
           change_text(making, "DeletionProtectionEnabled", wanted ? "true" : "false");
}

/* ---- tables ---- */

static void publish(struct making *making)
{
    making_identify(making, text_of(making->have, "TableName"));
    making_publish(making, "Arn", text_of(making->have, "TableArn"));
    making_publish(making, "TableId", text_of(making->have, "TableId"));
    if (text_of(making->have, "LatestStreamArn").len > 0)
        making_publish(making, "StreamArn", text_of(making->have, "LatestStreamArn"));
}

static bool find(struct making *making)
{
    if (making_key(making).len == 0)
        return true;
    if (!await(making))
        return false;
    if (making->have != NULL)
        publish(making);
    return true;
}

/* Changes all but the global indexes, which come first and last. */
static bool change_all(struct making *making)
{
    return change_billing(making) && change_pair(making, &caps) && change_pair(making, &warmth) &&
           change_stream(making) && change_encryption(making) && change_class(making) &&
           change_protection(making);
}

static bool update(struct making *making)
{
    if (!remove_indexes(making) || !change_all(making))
        return false;
    publish(making);
    return table_apply_settings(making) && add_indexes(making);
}

static bool create_empty(struct making *making)
{
    if (!making_send(making, SERVICE_DYNAMODB, "CreateTable", making->input_text, NULL))
        return false;
    making->id = making->name;
    return await_table(making);
}

static bool create_imported(struct making *making)
{
    struct slice import;

    if (!table_import(making, &import))
        return false;
    making->id = making->name;
    return table_await_import(making, import) && await_table(making) && change_all(making);
}

static bool create(struct making *making)
{
    bool imports = json_get(making->want, "ImportSourceSpecification") != NULL;

    if (!(imports ? create_imported(making) : create_empty(making)))
        return false;
    publish(making);
    return table_apply_settings(making);
}

/* It is gone when nobody sees it any more. */
static bool remove_table(struct making *making)
{
    const struct text_member named[] = {{"TableName", making->id}, {0}};

    return making_do(making, SERVICE_DYNAMODB, "DeleteTable", named, NULL) && await(making);
}

/* ---- the types ---- */

static enum resolved early(struct stack *stack, struct resource *resource, struct slice attribute,
                           struct slice *out, struct slice *reason)
{
    struct slice name;

    if (attribute.len > 0 && !slice_is(attribute, "Arn"))
        return RESOLVED_LATER;
    enum resolved resolved = stack_resource_name(stack, resource, &name, reason);
    if (resolved != RESOLVED)
        return resolved;
    *out = attribute.len == 0
               ? name
               : arn_of_table(stack->arena, stack->identity.region, stack->identity.account, name);
    return RESOLVED;
}

static const struct naming naming = {.property = "TableName",
                                     .least = 3,
                                     .most = 255,
                                     .part = 100,
                                     .what = "table name",
                                     .more = "_-.",
                                     .more_text = "of a-z, A-Z, 0-9, '_', '-' and '.'"};
static const char *const identifier[] = {"TableName", NULL};
static const struct listing tables = {
    .service = SERVICE_DYNAMODB,
    .operation = "ListTables",
    .list = "TableNames",
    .token = "ExclusiveStartTableName",
    .next = "LastEvaluatedTableName",
};
static const char *const attributes[] = {"Arn", "StreamArn", NULL};
static const char *const global_attributes[] = {"Arn", "StreamArn", "TableId", NULL};

const struct resource_type table_type = {.name = "AWS::DynamoDB::Table",
                                         .properties = &table_properties,
                                         .naming = &naming,
                                         .attributes = attributes,
                                         .identifier = identifier,
                                         .listing = &tables,
                                         .early = early,
                                         .check = table_check,
                                         .find = find,
                                         .compare = check_changeable,
                                         .create = create,
                                         .update = update,
                                         .read = table_read,
                                         .remove = remove_table};

const struct resource_type global_table_type = {.name = "AWS::DynamoDB::GlobalTable",
                                                .properties = &global_table_properties,
                                                .naming = &naming,
                                                .attributes = global_attributes,
                                                .identifier = identifier,
                                                .listing = &tables,
                                                .early = early,
                                                .check = table_check,
                                                .find = find,
                                                .compare = check_changeable,
                                                .create = create,
                                                .update = update,
                                                .read = table_read_global,
                                                .remove = remove_table};
