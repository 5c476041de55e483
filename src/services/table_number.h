/* The numbers under which tables, and what else is kept as a table is, have their storage keys. */
#ifndef TURNTABLE_SERVICES_TABLE_NUMBER_H
#define TURNTABLE_SERVICES_TABLE_NUMBER_H

#include "services/request.h"

/* Takes the next number: read, and written with what is made, so that it is never used twice. The caller
 * guards keys_next_table_id() with the version that was read. */
must_use bool table_number_take(struct request *request, uint32_t *number, struct version *version);

#endif
