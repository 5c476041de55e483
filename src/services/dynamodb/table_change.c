#include "services/dynamodb/table_change.h"

#include "base/check.h"
#include "catalog/catalog.h"
#include "catalog/keys.h"

static void publish(struct request *request)
{
    struct table *table = request->committed_context;

    table->version = request->batch.committed;
    catalog_publish(request->server->catalog, table_retain(table));
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
    request->committed = withdraw;
    request->committed_context = request->table;
}
