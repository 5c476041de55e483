#include "services/table_number.h"

#include "catalog/keys.h"
#include "services/storage_failure.h"

bool table_number_take(struct request *request, uint32_t *number, struct version *version)
{
    struct slice key = keys_next_table_id();
    struct stored stored;
    uint32_t next = 1;

    enum storage_status status = storage_get(request->server->storage, NULL, key, &stored);
    if (status == STORAGE_OK) {
        next = 0;
        for (size_t i = 0; i < stored.value.len; i++)
            next = next * 10 + (uint32_t)(stored.value.ptr[i] - '0');
    }
    *version = stored.version;
    stored_release(&stored);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    if (next == UINT32_MAX)
        return fail(&request->failure, ERROR_LIMIT_EXCEEDED,
                    "This server has made all the tables that it can number");
    *number = next;
    batch_put(&request->batch, key, arena_printf(request->arena, "%u", next + 1));
    return true;
}
