/* What a client is told when the storage could not do its part: the one place where that is decided. */
#ifndef TURNTABLE_SERVICES_STORAGE_FAILURE_H
#define TURNTABLE_SERVICES_STORAGE_FAILURE_H

#include "base/failure.h"
#include "storage/storage.h"

/* Sets the failure for a status other than OK, NOT_FOUND and CONFLICT, which are not failures. Returns false.
 */
bool storage_failure(struct failure *failure, enum storage_status status);

#endif
