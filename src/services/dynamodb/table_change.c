#include "services/dynamodb/table_change.h"

#include "base/check.h"
#include "base/clock.h"
#include "catalog/catalog.h"
#include "catalog/keys.h"
#include "catalog/stream.h"
#include "services/dynamodb/table_capacity.h"
#include "services/storage_failure.h"
#include "services/table_number.h"

static void publish(struct request *request)
{
    struct table *table = request->committed_context;

    table->version = request->batch.committed;
    catalog_publish(request->server->catalog, table_retain(table));
}

bool table_change_stream(struct request *request, struct table *draft)
{
    enum storage_status status =
        stream_change(request->server->storage, &request->batch, request->table, draft, clock_now());

    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

void table_change_put(struct request *request, struct table *draft, struct version version)
{
    struct buffer descriptor;

    buffer_init(&descriptor);
    table_write_descriptor(&descriptor, draft);
    struct slice key = keys_descriptor(request->arena, draft->name);
    batch_guard(&request->batch, key, version);
    batch_put(&request->batch, key, arena_copy(request->arena, buffer_slice(&descriptor)));
    /* What is published is what was stored, read: so nothing of it hangs on this request. */
    struct table *table = table_read_descriptor(buffer_slice(&descriptor));
    CHECK(table != NULL);
    buffer_finish(&descriptor);
    table_release(request->table);
    request->table = table;
    request->committed = publish;
    request->committed_context = table;
}

static bool check_absent(struct request *request, const struct table *table, enum error_code exists,
                         struct version *version)
{
    struct stored stored;

    enum storage_status status =
        storage_get(request->server->storage, NULL, keys_descriptor(request->arena, table->name), &stored);
    *version = stored.version;
    stored_release(&stored);
    if (status == STORAGE_NOT_FOUND)
        return true;
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    return fail(&request->failure, exists, "Table already exists: %.*s", SLICE_ARGS(table->name));
}

/* AWS: "Service, account, and table quotas", the initial quota of an account. */
static bool check_count(struct request *request)
{
    enum { TABLES_LIMIT = 2500 };

    return catalog_count(request->server->catalog) < TABLES_LIMIT ||
           fail(&request->failure, ERROR_LIMIT_EXCEEDED,
                "Subscriber limit exceeded: There is a limit of %d tables per subscriber", TABLES_LIMIT);
}

bool table_change_create(struct request *request, struct table *draft, enum error_code exists)
{
    struct version version, id_version;

    if (!check_absent(request, draft, exists, &version) || !check_count(request) ||
        !table_capacity_check_quotas(request, NULL, draft) ||
        !table_number_take(request, &draft->id, &id_version) || !table_change_stream(request, draft))
        return false;
    table_change_put(request, draft, version);
    /* Last: this is where requests that make tables meet, so it is here that they stand in line. */
    batch_guard(&request->batch, keys_next_table_id(), id_version);
    return true;
}

static void withdraw(struct request *request)
{
    catalog_withdraw(request->server->catalog, request->committed_context);
}

void table_change_delete(struct request *request)
{
    const struct table *table = request->table;
    struct slice key = keys_descriptor(request->arena, table->name);

    batch_guard(&request->batch, key, table->version);
    batch_delete(&request->batch, key);
    /* The mark needs a value, but says all in its key. */
    batch_put(&request->batch, keys_erasure(request->arena, table->id), SLICE("1"));
    stream_end(&request->batch, table, clock_now());
    request->committed = withdraw;
    request->committed_context = request->table;
}
