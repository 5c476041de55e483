/* The lists of all entities of a kind: PathPrefix, and pages. */
#ifndef TURNTABLE_SERVICES_IAM_LISTING_H
#define TURNTABLE_SERVICES_IAM_LISTING_H

#include "directory/entity.h"
#include "services/iam/page.h"

/* A kind's list: what is in it, and how one is told. */
struct listing {
    enum entity_kind kind;
    const char *member; /* "Users" */
    /* Whether it belongs into the list; NULL: all do. */
    bool (*wants)(struct request *request, const union any_entity *entity, void *context);
    must_use bool (*describe)(struct request *request, const union any_entity *entity, void *context);
    void *context;
};

/* The members PathPrefix, Marker and MaxItems, where an operation has them. */
extern const struct shape listing_input;

/* The whole answer. */
must_use bool listing_answer(struct request *request, const struct listing *listing);

/* Tells those of the listing that the page has a place for. */
must_use bool listing_walk(struct page *page, const struct listing *listing);

/* The same for an answer with several lists and one marker: `section`, a letter, goes up from list to list.
 */
must_use bool listing_walk_section(struct page *page, const struct listing *listing, char section);

#endif
