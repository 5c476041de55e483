#include "deploy/recreation.h"

#include "deploy/resource_type.h"
#include "deploy/types/types.h"

static const struct {
    const char *type, *property;
    enum recreation when;
} properties[] = {
#define X(type, property, when) {type, property, RECREATION_##when},
#include "deploy/recreation.def"
#undef X
};

enum recreation recreation_of(const struct resource *resource, struct slice property)
{
    for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
        if (slice_is(resource->type, properties[i].type) && slice_is(property, properties[i].property))
            return properties[i].when;
    }
    bool names =
        resource->kind != NULL && resource->kind->recorded && recorded_names(resource->type, property);
    return names ? RECREATION_ALWAYS : RECREATION_NEVER;
}

const char *recreation_name(enum recreation recreation)
{
    static const char *const names[] = {"Never", "Conditionally", "Always"};

    return names[recreation];
}
