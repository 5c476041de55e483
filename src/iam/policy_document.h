/*
 * Policy documents: is this text one? AWS: "IAM JSON policy element reference", "Grammar of the IAM JSON
 * policy language".
 */
#ifndef TURNTABLE_IAM_POLICY_DOCUMENT_H
#define TURNTABLE_IAM_POLICY_DOCUMENT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"

/*
 * Whether `text` is a resource-based policy whose actions are those of `service` ("dynamodb"). If not,
 * *problem is a sentence that says why, in the arena.
 */
must_use bool policy_document_is_valid(struct slice text, const char *service, struct arena *arena,
                                       struct slice *problem);

#endif
