/* AttributesToGet, as a projection of whole attributes. */
#include "expressions/invalid.h"
#include "expressions/legacy.h"
#include "expressions/projection.h"
#include "items/attribute_value.h"

bool legacy_projection(struct arena *arena, const struct json *names, struct projection **out,
                       struct failure *failure)
{
    struct projection *projection = arena_new(arena, struct projection);
    struct node **paths = arena_array(arena, struct node *, names->array.count);

    *out = projection;
    for (size_t i = 0; i < names->array.count; i++) {
        if (!attribute_name_check(names->array.items[i].text, failure))
            return false;
        paths[i] = node_of_attribute(arena, names->array.items[i].text);
    }
    path_set_sort(arena, paths, names->array.count, &projection->paths);
    const struct path *twice = path_set_double(&projection->paths);
    return twice == NULL ||
           fail_joined(
               failure,
               PARTS(SLICE("One or more parameter values were invalid: Duplicate value in attribute name: "),
                     twice->elements[0].name));
}
