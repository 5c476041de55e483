/*
 * A record's value:
 *
 *     u64    time of the commit, milliseconds since 1970 (storage/storage.h, batch_append())
 *     u8     format: 1
 *     u8     event: 1 INSERT, 2 MODIFY, 3 REMOVE
 *     u8     view: 1 KEYS_ONLY, 2 NEW_IMAGE, 3 OLD_IMAGE, 4 NEW_AND_OLD_IMAGES
 *     u8     author of the change: 0 a client, 1 time to live
 *     three times, for the key, the new image and the old image:
 *         u32    length; 0: there is none
 *         ...    an item (items/item_codec.h)
 */
#include "catalog/stream_record.h"

#include "base/bytes.h"
#include "catalog/keys.h"
#include "items/item_codec.h"

enum { FORMAT = 1, HEAD_SIZE = TIME_SIZE + 4 };

static void append_item(struct buffer *out, struct slice stored)
{
    buffer_append_u32(out, (uint32_t)stored.len);
    buffer_append(out, stored);
}

void stream_record_encode(struct buffer *out, const struct stream_record *record)
{
    buffer_append_byte(out, FORMAT);
    buffer_append_byte(out, (char)record->event);
    buffer_append_byte(out, (char)record->view);
    buffer_append_byte(out, (char)record->author);
    append_item(out, record->keys);
    append_item(out, record->new_image);
    append_item(out, record->old_image);
}

/* Takes an item off the front of `rest`. */
static bool read_item(struct slice *rest, struct slice *out)
{
    if (rest->len < sizeof(uint32_t))
        return false;
    size_t length = bytes_read_u32(rest->ptr);
    *rest = slice_skip(*rest, sizeof(uint32_t));
    if (length > rest->len)
        return false;
    *out = length == 0 ? (struct slice){NULL, 0} : (struct slice){rest->ptr, length};
    *rest = slice_skip(*rest, length);
    return true;
}

bool stream_record_decode(struct slice value, struct stream_record *out)
{
    if (value.len < HEAD_SIZE)
        return false;
    const unsigned char *head = (const unsigned char *)value.ptr + TIME_SIZE;
    if (head[0] != FORMAT || head[1] < STREAM_INSERT || head[1] > STREAM_REMOVE ||
        head[2] < STREAM_KEYS_ONLY || head[2] > STREAM_NEW_AND_OLD_IMAGES || head[3] > BY_TIME_TO_LIVE)
        return false;
    out->time = append_time(value);
    out->event = (enum stream_event)head[1];
    out->view = (enum stream_view)head[2];
    out->author = (enum change_author)head[3];
    struct slice rest = slice_skip(value, HEAD_SIZE);
    return read_item(&rest, &out->keys) && read_item(&rest, &out->new_image) &&
           read_item(&rest, &out->old_image) && rest.len == 0 && out->keys.len > 0;
}

size_t stream_record_size(const struct stream_record *record)
{
    const struct slice items[] = {record->keys, record->new_image, record->old_image};
    size_t size = 0;

    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        if (items[i].len > 0)
            size += item_encoded_size(items[i]);
    }
    return size;
}
