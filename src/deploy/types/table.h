/*
 * Tables: what a template says of them becomes the input of CreateTable (table_input.c), a table that is
 * there is compared with that and changed (table.c), and what CreateTable does not take is set afterwards
 * (table_settings.c).
 */
#ifndef TURNTABLE_DEPLOY_TYPES_TABLE_H
#define TURNTABLE_DEPLOY_TYPES_TABLE_H

#include "deploy/making.h"
#include "deploy/properties.h"

extern const struct kind_of_value table_properties, global_table_properties;

/* The table that was found as properties of either kind of table. */
must_use bool table_read(struct making *making, const struct json **properties);
must_use bool table_read_global(struct making *making, const struct json **properties);

must_use bool table_list_tags(struct making *making, struct json *out);

/* The checks that CreateTable and CloudFormation make, and the table's input_text and input. */
must_use bool table_check(struct making *making);

/* Where settings of a table stand in its properties: a global table has them in its one replica. */
const struct json *table_own_settings(const struct making *making);

/* Begins an import that makes the table, in place of CreateTable; *arn is the import's. */
must_use bool table_import(struct making *making, struct slice *arn);
/* Waits until it has brought all items. */
must_use bool table_await_import(struct making *making, struct slice arn);

/* Time to live, recovery, tags and the resource policy, as far as they differ. */
must_use bool table_apply_settings(struct making *making);

#endif
