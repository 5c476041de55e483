/*
 * Pages of a list: Marker and MaxItems in, IsTruncated and Marker out. AWS: API reference, "List" operations.
 *
 *     struct page page;
 *     if (!page_begin(&page, request, "Users"))
 *         return false;
 *     ... for each that there is, in the order of their names, until page.more:
 *         if (page_takes(&page, name)) ... write it into request->out ...
 *     page_end(&page);
 *
 * A marker is the last name that was told, so that what comes and goes between pages does no harm. Names are
 * in the order of their small letters, as the directory has them.
 */
#ifndef TURNTABLE_SERVICES_IAM_PAGE_H
#define TURNTABLE_SERVICES_IAM_PAGE_H

#include "services/iam/form.h"

struct page {
    struct request *request;
    size_t left;
    bool commas;        /* the list has something already */
    struct slice after; /* only what stands behind it; empty: from the beginning */
    struct slice last;  /* that was told */
    bool more;          /* there is one that this page has no place for */
};

/* Reads the marker, and writes '{' and the list's beginning; list NULL: the caller
 * writes them. */
must_use bool page_begin(struct page *page, struct request *request, const char *list);

/* Whether this one is to be written now; then its comma was. */
bool page_takes(struct page *page, struct slice name);

/* Ends the list and the answer. */
void page_end(struct page *page);
/* IsTruncated and Marker alone, for a list without name. */
void page_write_end(struct page *page, bool *first);

/* The same for names that are at hand in any order: NULL-free, sorted in place. Writes them as texts. */
must_use bool page_of_names(struct request *request, const char *list, struct slice *names, size_t count);

/* Sorts as the directory does. */
void page_sort(struct slice *names, size_t count);

#endif
