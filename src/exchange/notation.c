#include "exchange/notation.h"

static void write_list(const struct notation *notation, struct buffer *out, const struct value *list);

static void write_value(const struct notation *notation, struct buffer *out, const struct value *value)
{
    switch (value->type) {
    case VALUE_S:
    case VALUE_N:
    case VALUE_B:
        notation->write_scalar(out, value);
        return;
    case VALUE_BOOL:
        buffer_append_string(out, value->boolean ? "true" : "false");
        return;
    case VALUE_NULL:
        buffer_append_string(out, "null");
        return;
    case VALUE_M:
        notation_write_item(notation, out, &value->map);
        return;
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS:
        if (notation->write_set_type != NULL)
            notation->write_set_type(out, value->type);
        break;
    case VALUE_L:
        break;
    }
    write_list(notation, out, value);
}

static void write_list(const struct notation *notation, struct buffer *out, const struct value *list)
{
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < list->list.count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        write_value(notation, out, &list->list.values[i]);
    }
    buffer_append_byte(out, ']');
}

void notation_write_item(const struct notation *notation, struct buffer *out, const struct item *item)
{
    buffer_append_byte(out, '{');
    for (size_t i = 0; i < item->count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        notation->write_name(out, item->attributes[i].name);
        buffer_append_byte(out, ':');
        write_value(notation, out, &item->attributes[i].value);
    }
    buffer_append_byte(out, '}');
}
