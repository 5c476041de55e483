/*
 * A page: what Query and Scan share. A walk over a range of a table or index that ends at the page's bounds,
 * filters, projects and counts.
 *
 * A page ends at Limit evaluated items, or once 1 MB of them was evaluated, both before the filter. If it
 * ended so, the answer has LastEvaluatedKey, with which the next request goes on, also when there happens to
 * be nothing more.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_PAGE_H
#define TURNTABLE_SERVICES_DYNAMODB_PAGE_H

#include "catalog/keys.h"
#include "catalog/table.h"
#include "expressions/expressions.h"
#include "services/dynamodb/capacity.h"
#include "services/request.h"

struct page {
    const struct table *table;
    const struct index *index; /* NULL: the table */
    struct key_range range;
    struct slice partition; /* of a query: how the keys of its partition begin */
    enum direction direction;
    int64_t limit; /* 0: none */
    bool consistent;
    bool count_only;
    bool fetch;                    /* of a local index: attributes are wanted that only the table has... */
    bool fetch_to_filter;          /* ...or the filter names such */
    struct condition *filter;      /* NULL: none */
    struct projection *projection; /* NULL: all */
    struct item start;             /* ExclusiveStartKey; empty: from the beginning */
};

/* The parameters that Query and Scan share, read and checked as far as that is possible without the table. */
struct page_input {
    struct placeholders *placeholders;
    struct slice select;
    bool has_projection;
};

/*
 * First half: Select, Limit, ProjectionExpression, FilterExpression, ExclusiveStartKey's values, in AWS's
 * order; `expressions` and `legacy` as for input_placeholders(). The caller parses its own expression and
 * calls placeholders_check_used().
 */
must_use bool page_parse(struct request *request, const char *const *expressions, const char *const *legacy,
                         struct page *page, struct page_input *input);

/* Whether Select goes with the other parameters. To be asked after placeholders_check_used(). */
must_use bool page_check_select(struct request *request, const struct page_input *input);

/* Second half, once request->table is known: the index, if one is named... */
must_use bool page_find_index(struct request *request, struct page *page);

/* ...whether it can be read as consistently as is asked... */
must_use bool page_check_consistency(struct request *request, const struct page *page);

/* ...whether it has what the filter names (AWS asks this of a Query only)... */
must_use bool page_check_filter(struct request *request, const struct page *page);

/* ...and what Select and ProjectionExpression want. */
must_use bool page_check_projection(struct request *request, struct page *page,
                                    const struct page_input *input);

/* Checks ExclusiveStartKey against the keys, and makes `range` begin (or end, if backward) behind it. */
must_use bool page_start(struct request *request, struct page *page);

/* Walks and writes the whole answer of a Query or Scan. */
must_use bool page_respond(struct request *request, const struct page *page);

/* ---- for answers of another form, and pages over several ranges ---- */

/* The index of page->table that has this name, which must be ready to be read. */
must_use bool page_use_index(struct request *request, struct page *page, struct slice name);

/* What was read of a page so far. */
struct page_sum {
    int64_t scanned;
    int64_t count;            /* of them, what the filter left */
    size_t bytes;             /* of the index, or the table */
    size_t fetched;           /* from the table, beside the index */
    bool cut;                 /* the page ended before the range, at the item... */
    struct slice last_key;    /* ...with this key in the storage... */
    struct slice last_stored; /* ...and this stored form */
    struct capacity capacity;
};

void page_sum_init(struct request *request, const struct page *page, struct page_sum *sum);

/* Walks one range and appends its items to request->out, separated by commas also from those before. */
must_use bool page_walk(struct request *request, const struct page *page, struct page_sum *sum);

/* Writes the keys of the item that the page ended at. */
must_use bool page_write_last_key(struct request *request, const struct page *page,
                                  const struct page_sum *sum, bool *first);

/* Reckons the capacity of all that was read, once after the last range, and takes it (capacity_take()). */
must_use bool page_charge(struct request *request, const struct page *page, struct page_sum *sum);

#endif
