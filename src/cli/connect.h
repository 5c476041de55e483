/*
 * Which server a command speaks to, and as whom: from its options, the environment, and the data folder.
 *
 *   endpoint     --endpoint; the server that runs on the folder of --data; AWS_ENDPOINT_URL; the server that
 *                runs on ./data; http://127.0.0.1:8000
 *   credentials  with --data: the server's own, which are TURNTABLE_ACCESS_KEY_ID and
 *                TURNTABLE_SECRET_ACCESS_KEY or else in the folder; AWS_ACCESS_KEY_ID and
 *                AWS_SECRET_ACCESS_KEY; the server's own of ./data
 *   region       --region; AWS_REGION; AWS_DEFAULT_REGION; us-east-1
 */
#ifndef TURNTABLE_CLI_CONNECT_H
#define TURNTABLE_CLI_CONNECT_H

#include "auth/credentials.h"
#include "base/arena.h"
#include "base/failure.h"
#include "deploy/client.h"

struct connect_options {
    const char *endpoint; /* each NULL if not given */
    const char *data;
    const char *region;
};

/* What the help says of them. */
#define CONNECT_HELP                                                                                         \
    "  --endpoint URL       the server (default: the one on DIR, AWS_ENDPOINT_URL,\n"                        \
    "                       or http://127.0.0.1:8000)\n"                                                     \
    "  --data DIR           the server's data folder, for its keys and where it listens\n"                   \
    "                       (default: ./data)\n"                                                             \
    "  --region REGION      default: AWS_REGION, AWS_DEFAULT_REGION, or us-east-1\n"

/* NULL: it was said on stderr why not. Without credentials, requests go unsigned, which a server with
 * --no-auth takes. */
struct client *connect_client(struct arena *arena, const struct connect_options *options);

/* The two halves of that: where the server is and as whom, without credentials if there are none (false: it
 * was said why not); and a client of that (NULL: likewise). */
must_use bool connect_settings(struct arena *arena, const struct connect_options *options,
                               struct client_options *out);
struct client *connect_to(struct arena *arena, const struct client_options *settings);

struct slice connect_region(const struct connect_options *options);

/* The region that the server's ARNs name, told by that of the parameter that a server is born with; empty if
 * it is gone, or not for these keys. */
struct slice connect_region_of_server(struct client *client, struct arena *arena);

/* The endpoint of a server on the data folder, or the usual one; the environment is not asked. */
struct slice connect_server_endpoint(struct arena *arena, const struct connect_options *options);

/* The credentials of a server on the data folder. False: it was said on stderr why not. */
must_use bool connect_server_credentials(struct arena *arena, const struct connect_options *options,
                                         struct credentials *credentials);

/* A text for a terminal: control characters, which could do harm there, as '?'. */
struct slice printable(struct arena *arena, struct slice text);

#endif
