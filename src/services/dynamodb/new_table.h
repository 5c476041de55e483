/*
 * A new table as the members of a request describe it: those of CreateTable, or ImportTable's
 * TableCreationParameters. The checks are AWS's, in its order and words.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_NEW_TABLE_H
#define TURNTABLE_SERVICES_DYNAMODB_NEW_TABLE_H

#include "catalog/table.h"
#include "services/request.h"

/* Reads the description, an object that has passed its shape, into the draft. */
must_use bool new_table_read(struct request *request, const struct json *description, struct table *draft);

#endif
