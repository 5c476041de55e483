/*
 * The record of one change of an item in a stream, as it is stored. The format is a table at the head of
 * stream_record.c; it is part of the storage format.
 *
 * Stored bytes come from a disk: no function here reads beyond them or trusts a length in them.
 */
#ifndef TURNTABLE_CATALOG_STREAM_RECORD_H
#define TURNTABLE_CATALOG_STREAM_RECORD_H

#include "base/buffer.h"
#include "base/failure.h"
#include "base/slice.h"
#include "catalog/item_change.h"
#include "catalog/table.h"

/* The numbers are stored on disk; never renumber. */
enum stream_event { STREAM_INSERT = 1, STREAM_MODIFY = 2, STREAM_REMOVE = 3 };

struct stream_record {
    int64_t time; /* of the commit, milliseconds since 1970; the engine writes it */
    enum stream_event event;
    enum stream_view view;
    enum change_author author;
    struct slice keys;      /* stored form of an item that has only the key */
    struct slice new_image; /* stored form; empty: the view has none, or there is none */
    struct slice old_image;
};

/* Appends the value for batch_append(): all but the time. */
void stream_record_encode(struct buffer *out, const struct stream_record *record);

/* Reads a value as batch_append() left it. The items are slices of it, not looked at. False: no record. */
must_use bool stream_record_decode(struct slice value, struct stream_record *out);

/* SizeBytes: the sizes, as AWS counts them, of the key and of the images. */
size_t stream_record_size(const struct stream_record *record);

#endif
