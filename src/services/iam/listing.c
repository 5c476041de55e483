#include "services/iam/listing.h"

#include "services/storage_failure.h"

static const struct shape_entry members[] = {{"PathPrefix", &form_path, false},
                                             {"Marker", &form_marker, false},
                                             {"MaxItems", &form_max_items, false},
                                             {0}};
const struct shape listing_input = {.kind = SHAPE_STRUCTURE, .members = members};

static bool is_wanted(struct request *request, const struct listing *listing, const union any_entity *entity)
{
    struct slice prefix = form_text(request, "PathPrefix");

    return slice_starts_with(entity->entity.path, prefix) &&
           (listing->wants == NULL || listing->wants(request, entity, listing->context));
}

/* Where an entity stands in the page's order; section 0: there is one list only. */
static struct slice place_of(struct arena *arena, char section, struct slice name)
{
    return section == 0 ? name : arena_printf(arena, "%c/%.*s", section, SLICE_ARGS(name));
}

/* Where the walk begins: behind the marker, if that is in this section. */
static struct slice start_of(const struct page *page, char section)
{
    if (section == 0 || page->after.len == 0)
        return page->after;
    bool within = page->after.len > 2 && page->after.ptr[0] == section;
    return within ? slice_skip(page->after, 2) : SLICE("");
}

bool listing_walk(struct page *page, const struct listing *listing)
{
    return listing_walk_section(page, listing, 0);
}

bool listing_walk_section(struct page *page, const struct listing *listing, char section)
{
    struct request *request = page->request;
    union any_entity entity;
    struct entity_walk walk;
    struct arena scratch; /* of one entity: all together they may be some megabytes */
    enum storage_status status = STORAGE_OK;
    bool told = true;

    arena_init(&scratch);
    page->commas = false;
    entity_walk_begin(&walk, request->server->storage, NULL, listing->kind, start_of(page, section),
                      &scratch);
    while (told && !page->more && (status = entity_walk_next(&walk, &entity)) == STORAGE_OK) {
        if (is_wanted(request, listing, &entity) &&
            page_takes(page, place_of(&scratch, section, entity.entity.name)))
            told = listing->describe(request, &entity, listing->context);
        arena_reset(&scratch);
    }
    entity_walk_end(&walk);
    arena_finish(&scratch);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    return told;
}

bool listing_answer(struct request *request, const struct listing *listing)
{
    struct page page;

    if (!page_begin(&page, request, listing->member) || !listing_walk(&page, listing))
        return false;
    page_end(&page);
    return true;
}
