#include "services/storage_failure.h"

#include "base/check.h"

bool storage_failure(struct failure *failure, enum storage_status status)
{
    switch (status) {
    case STORAGE_CORRUPT:
        return fail(failure, ERROR_INTERNAL_SERVER, "The data that this request needs is damaged on disk");
    case STORAGE_FULL:
        return fail(
            failure, ERROR_INTERNAL_SERVER,
            "The disk of this server is full: nothing was written, and no write is accepted until it is "
            "restarted with free space");
    case STORAGE_FAILED:
        return fail(failure, ERROR_INTERNAL_SERVER,
                    "The disk of this server failed: whether this write took effect is not known, and no "
                    "further write "
                    "is accepted");
    case STORAGE_OK:
    case STORAGE_NOT_FOUND:
    case STORAGE_CONFLICT:
        break;
    }
    check_failed("a status that is no failure", __FILE__, __LINE__);
}
