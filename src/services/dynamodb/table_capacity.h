/*
 * The capacity of tables and their global indexes, as CreateTable and UpdateTable are given it: billing mode,
 * provisioned throughput, the maxima of on-demand tables, warm throughput; and its quotas.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_TABLE_CAPACITY_H
#define TURNTABLE_SERVICES_DYNAMODB_TABLE_CAPACITY_H

#include "catalog/table.h"
#include "services/request.h"

/* AWS: "Service, account, and table quotas": the initial ones of an account, as DescribeLimits tells them. A
 * table's are those of its global indexes too. */
enum { TABLE_UNITS_LIMIT = 40000, ACCOUNT_UNITS_LIMIT = 80000 };

/* ProvisionedThroughput, within AWS's bounds. */
must_use bool table_capacity_read_throughput(struct request *request, const struct json *given,
                                             struct throughput *throughput);

/* OnDemandThroughput, if it is given; a maximum that is not given stays. */
must_use bool table_capacity_read_on_demand(struct request *request, const struct json *given,
                                            enum billing_mode billing, struct units *maxima);

/* WarmThroughput, if it is given, of the table or one of its indexes (NULL: the table); it only grows. */
must_use bool table_capacity_read_warm(struct request *request, const struct json *given,
                                       const struct table *table, const struct index *index,
                                       struct units *warm);

/* What the table or the index can take at once. */
struct units table_capacity_warm(const struct table *table, const struct index *index);

/* Sets the billing mode; throughput that is not paid for any more, and maxima that have no meaning any more,
 * are forgotten. */
void table_capacity_set_billing(struct table *table, struct slice mode);

/*
 * Checks that a changed table and its global indexes have throughput if it is provisioned, and only then;
 * counts what was increased and decreased since `old`, and keeps to the quotas.
 */
must_use bool table_capacity_check(struct request *request, const struct table *old, struct table *table);

/* The quotas alone; `old` NULL: a new table. */
must_use bool table_capacity_check_quotas(struct request *request, const struct table *old,
                                          const struct table *table);

#endif
