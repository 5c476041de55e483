#include "services/dynamodb/key_range.h"

#include "items/key_codec.h"

static struct slice with_value(struct arena *arena, struct slice prefix, const struct value *value,
                               bool is_prefix)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append(&key, prefix);
    if (is_prefix)
        key_encode_prefix(&key, value);
    else
        key_encode_value(&key, value);
    struct slice kept = arena_copy(arena, buffer_slice(&key));
    buffer_finish(&key);
    return kept;
}

struct key_range key_range_narrow(struct arena *arena, struct slice prefix, const struct key_term *term)
{
    struct key_range range = {prefix, keys_after_prefix(arena, prefix)};
    struct slice at = with_value(arena, prefix, term->operands[0], term->comparator == KEY_BEGINS_WITH);

    switch (term->comparator) {
    case KEY_EQUAL:
    case KEY_BEGINS_WITH:
        range = (struct key_range){at, keys_after_prefix(arena, at)};
        break;
    case KEY_LESS:
        range.to = at;
        break;
    case KEY_LESS_OR_EQUAL:
        range.to = keys_after_prefix(arena, at);
        break;
    case KEY_GREATER:
        range.from = keys_after_prefix(arena, at);
        break;
    case KEY_GREATER_OR_EQUAL:
        range.from = at;
        break;
    case KEY_BETWEEN:
        range.from = at;
        range.to = keys_after_prefix(arena, with_value(arena, prefix, term->operands[1], false));
        break;
    case KEY_NONE:
        break;
    }
    return range;
}
