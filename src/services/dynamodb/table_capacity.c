#include "services/dynamodb/table_capacity.h"

#include "base/clock.h"
#include "catalog/catalog.h"
#include "services/shape.h"

static const int64_t throughput_limit = 1000000000000;

/* What every on-demand table can take at once. AWS: "Understanding DynamoDB warm throughput". */
enum { WARM_READS = 12000, WARM_WRITES = 4000 };

/* ---- reading ---- */

bool table_capacity_read_throughput(struct request *request, const struct json *given,
                                    struct throughput *throughput)
{
    throughput->read = shape_number(given, "ReadCapacityUnits", 0);
    throughput->write = shape_number(given, "WriteCapacityUnits", 0);
    if (throughput->read > throughput_limit)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Given value %lld for ReadCapacityUnits is out of bounds", (long long)throughput->read);
    if (throughput->write > throughput_limit)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Given value %lld for WriteCapacityUnits is out of bounds", (long long)throughput->write);
    return true;
}

/* A maximum of request units: -1 for none. */
static bool read_maximum(struct request *request, const struct json *given, const char *member,
                         int64_t *maximum)
{
    *maximum = shape_number(given, member, *maximum);
    return *maximum == -1 || *maximum >= 1 ||
           fail(&request->failure, ERROR_VALIDATION,
                "One or more parameter values were invalid: %s of OnDemandThroughput is -1 for no maximum, "
                "or at "
                "least 1, not %lld",
                member, (long long)*maximum);
}

bool table_capacity_read_on_demand(struct request *request, const struct json *given,
                                   enum billing_mode billing, struct units *maxima)
{
    if (given == NULL)
        return true;
    if (billing == BILLING_PROVISIONED)
        return fail(
            &request->failure, ERROR_VALIDATION,
            "One or more parameter values were invalid: OnDemandThroughput can only be specified when "
            "BillingMode is PAY_PER_REQUEST");
    /* "If you use this parameter, you must specify MaxReadRequestUnits, MaxWriteRequestUnits, or both." */
    if (shape_member(given, "MaxReadRequestUnits") == NULL &&
        shape_member(given, "MaxWriteRequestUnits") == NULL)
        return fail(
            &request->failure, ERROR_VALIDATION,
            "One or more parameter values were invalid: OnDemandThroughput must have MaxReadRequestUnits, "
            "MaxWriteRequestUnits, or both");
    return read_maximum(request, given, "MaxReadRequestUnits", &maxima->read) &&
           read_maximum(request, given, "MaxWriteRequestUnits", &maxima->write);
}

struct units table_capacity_warm(const struct table *table, const struct index *index)
{
    const struct throughput *throughput = index == NULL ? &table->throughput : &index->throughput;
    const struct units *wanted = index == NULL ? &table->warm : &index->warm;
    bool on_demand = table->billing == BILLING_PAY_PER_REQUEST;
    struct units warm = {on_demand ? WARM_READS : throughput->read,
                         on_demand ? WARM_WRITES : throughput->write};

    if (wanted->read > warm.read)
        warm.read = wanted->read;
    if (wanted->write > warm.write)
        warm.write = wanted->write;
    return warm;
}

static bool read_warmth(struct request *request, const struct json *given, const char *member,
                        int64_t current, const struct index *index, int64_t *warmth)
{
    int64_t wanted = shape_number(given, member, current);
    struct slice name =
        index == NULL ? SLICE("table") : arena_printf(request->arena, "index %.*s", SLICE_ARGS(index->name));

    if (wanted < current)
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Requested %s for WarmThroughput for %.*s is "
                    "lower than "
                    "current WarmThroughput, decreasing WarmThroughput is not supported",
                    member, SLICE_ARGS(name));
    *warmth = shape_number(given, member, *warmth);
    return true;
}

bool table_capacity_read_warm(struct request *request, const struct json *given, const struct table *table,
                              const struct index *index, struct units *warm)
{
    struct units current = table_capacity_warm(table, index);

    return given == NULL ||
           (read_warmth(request, given, "ReadUnitsPerSecond", current.read, index, &warm->read) &&
            read_warmth(request, given, "WriteUnitsPerSecond", current.write, index, &warm->write));
}

/* ---- changing ---- */

static void clear_throughput(struct table *table)
{
    table->throughput.read = table->throughput.write = 0;
    for (size_t i = 0; i < table->index_count; i++)
        table->indexes[i].throughput.read = table->indexes[i].throughput.write = 0;
}

static void clear_maxima(struct table *table)
{
    table->on_demand = (struct units){-1, -1};
    for (size_t i = 0; i < table->index_count; i++)
        table->indexes[i].on_demand = (struct units){-1, -1};
}

void table_capacity_set_billing(struct table *table, struct slice mode)
{
    enum billing_mode was = table->billing;

    table->billing = slice_is(mode, "PROVISIONED") ? BILLING_PROVISIONED : BILLING_PAY_PER_REQUEST;
    table->billing_was_set = true;
    if (table->billing == BILLING_PAY_PER_REQUEST && was == BILLING_PROVISIONED) {
        table->pay_per_request_since = clock_now();
        clear_throughput(table);
    }
    if (table->billing == BILLING_PROVISIONED && was == BILLING_PAY_PER_REQUEST)
        clear_maxima(table);
}

/* AWS: "Service, account, and table quotas", decreasing provisioned throughput: 4 times a UTC day, and once
 * for each hour without a decrease. */
static bool note_decrease(struct request *request, struct throughput *throughput)
{
    enum { DECREASES_AT_ONCE = 4, HOUR = 60 * 60 * 1000 };
    int64_t now = clock_now();

    throughput->decreases_today = throughput_decreases(throughput, now);
    if (throughput->decreases_today >= DECREASES_AT_ONCE && now - throughput->last_decrease < HOUR)
        return fail(
            &request->failure, ERROR_LIMIT_EXCEEDED,
            "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given "
            "UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be "
            "performed at most once every 3600 seconds. Number of decreases today: %lld. Last decrease "
            "at %.*s UTC. Next decrease can be made at %.*s UTC",
            (long long)throughput->decreases_today,
            SLICE_ARGS(clock_label(request->arena, throughput->last_decrease)),
            SLICE_ARGS(clock_label(request->arena, throughput->last_decrease + HOUR)));
    throughput->last_decrease = now;
    throughput->decreases_today++;
    return true;
}

static bool note_change(struct request *request, struct throughput *throughput, const struct throughput *old)
{
    if (throughput->read > old->read || throughput->write > old->write)
        throughput->last_increase = clock_now();
    return (throughput->read >= old->read && throughput->write >= old->write) ||
           note_decrease(request, throughput);
}

/* Both units where they are paid for, none where they are not. */
static bool check_units(struct request *request, const struct table *table,
                        const struct throughput *throughput, struct slice index)
{
    bool paid = table->billing == BILLING_PROVISIONED;

    if (paid ? throughput->read > 0 && throughput->write > 0
             : throughput->read == 0 && throughput->write == 0)
        return true;
    if (index.ptr != NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: ProvisionedThroughput %s for index: %.*s%s",
                    paid ? "must be specified" : "should not be specified", SLICE_ARGS(index),
                    paid ? "" : " when BillingMode is PAY_PER_REQUEST");
    return fail(&request->failure, ERROR_VALIDATION, "One or more parameter values were invalid: %s",
                paid
                    ? "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"
                    : "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                      "PAY_PER_REQUEST");
}

/* ---- quotas ---- */

/* Adds what a table and its global indexes have. */
static void add_throughput(struct units *sum, const struct table *table)
{
    sum->read += table->throughput.read;
    sum->write += table->throughput.write;
    for (size_t i = 0; i < table->index_count; i++) {
        sum->read += table->indexes[i].throughput.read;
        sum->write += table->indexes[i].throughput.write;
    }
}

/* Of all tables but the one of that name. */
static struct units throughput_of_others(struct request *request, struct slice name)
{
    enum { NAMES_AT_ONCE = 100 };
    struct slice names[NAMES_AT_ONCE], after = SLICE("");
    struct units sum = {0, 0};
    bool more = true;

    while (more) {
        size_t count =
            catalog_names(request->server->catalog, request->arena, after, NAMES_AT_ONCE, names, &more);
        for (size_t i = 0; i < count; i++) {
            struct table *other =
                slice_equal(names[i], name) ? NULL : catalog_find(request->server->catalog, names[i]);
            if (other != NULL)
                add_throughput(&sum, other);
            table_release(other);
            after = names[i];
        }
    }
    return sum;
}

static bool within(struct request *request, const struct units *wanted, int64_t limit, const char *of)
{
    if (wanted->read <= limit && wanted->write <= limit)
        return true;
    bool reads = wanted->read > limit;
    return fail(&request->failure, ERROR_LIMIT_EXCEEDED,
                "Subscriber limit exceeded: %s of %lld would exceed the limit of %lld per %s",
                reads ? "ReadCapacityUnits" : "WriteCapacityUnits",
                (long long)(reads ? wanted->read : wanted->write), (long long)limit, of);
}

bool table_capacity_check_quotas(struct request *request, const struct table *old, const struct table *table)
{
    struct units wanted = {0, 0}, before = {0, 0};

    add_throughput(&wanted, table);
    if (old != NULL)
        add_throughput(&before, old);
    if (wanted.read <= before.read && wanted.write <= before.write)
        return true;
    if (!within(request, &wanted, TABLE_UNITS_LIMIT, "table"))
        return false;
    struct units others = throughput_of_others(request, table->name);
    wanted.read += others.read;
    wanted.write += others.write;
    return within(request, &wanted, ACCOUNT_UNITS_LIMIT, "account");
}

bool table_capacity_check(struct request *request, const struct table *old, struct table *table)
{
    bool was_paid = old->billing == BILLING_PROVISIONED && table->billing == BILLING_PROVISIONED;

    if (!check_units(request, table, &table->throughput, (struct slice){NULL, 0}) ||
        (was_paid && !note_change(request, &table->throughput, &old->throughput)))
        return false;
    for (size_t i = 0; i < table->index_count; i++) {
        struct index *index = &table->indexes[i];
        const struct index *before = table_index(old, index->name);
        if (index->kind != INDEX_GLOBAL || index->status == INDEX_DELETING)
            continue;
        if (!check_units(request, table, &index->throughput, index->name) ||
            (was_paid && before != NULL && !note_change(request, &index->throughput, &before->throughput)))
            return false;
    }
    return table_capacity_check_quotas(request, old, table);
}
