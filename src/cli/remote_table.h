/*
 * A table of the server, as the commands that move items need to know it: its keys and its size.
 */
#ifndef TURNTABLE_CLI_REMOTE_TABLE_H
#define TURNTABLE_CLI_REMOTE_TABLE_H

#include "base/arena.h"
#include "deploy/client.h"
#include "exchange/record.h"

enum { REMOTE_KEYS_LIMIT = 2 };

struct remote_key {
    struct slice name;
    enum value_type type;
};

struct remote_table {
    struct slice name;
    struct remote_key keys[REMOTE_KEYS_LIMIT]; /* the partition key, and the sort key if there is one */
    size_t key_count;
    struct remote_key *attributes; /* of all keys, those of indexes too */
    size_t attribute_count;
    uint64_t items; /* about */
};

/* Asks for the table. CLIENT_DONE: *out, in the arena. */
must_use enum client_outcome remote_table_describe(struct client *client, struct arena *arena,
                                                   struct slice name, struct remote_table *out,
                                                   struct client_answer *answer);

/* Reads "id:S" or "artist:S,song:N", the keys of a table to be made. False if that is something else. */
must_use bool remote_table_read_keys(struct arena *arena, struct slice text, struct remote_table *out);

/* Creates the table with these keys, billed on demand, and waits until it is there. */
must_use enum client_outcome remote_table_create(struct client *client, struct arena *arena,
                                                 const struct remote_table *table,
                                                 struct client_answer *answer);

/* Whether the item has the table's keys, with their types. */
must_use bool remote_table_check(const struct remote_table *table, struct arena *arena,
                                 const struct item *item, struct fault *fault);

/* Says on stderr why a call failed. */
void remote_complain(struct arena *arena, enum client_outcome outcome, const struct client_answer *answer);

#endif
