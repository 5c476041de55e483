/*
 * A client of an endpoint of DynamoDB and its kin: signs requests (SigV4), sends them over HTTP or HTTPS,
 * reads the answers.
 *
 *     struct client *client = client_create(arena, &options, &problem);
 *     switch (client_call(client, arena, "DescribeTable", body, &answer)) ...
 *     client_destroy(client);
 *
 * One request at a time, each on a connection of its own unless client_keep_connection() was called. An
 * answer lives in the arena of its call. With HTTPS the server's certificate is checked against the system's
 * authorities, or those in the file that AWS_CA_BUNDLE or SSL_CERT_FILE names.
 */
#ifndef TURNTABLE_DEPLOY_CLIENT_H
#define TURNTABLE_DEPLOY_CLIENT_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/json.h"
#include "deploy/invoke.h"

struct client;

struct client_options {
    struct slice endpoint; /* "http://127.0.0.1:8000" */
    struct slice region;
    struct slice access_key_id; /* empty: requests go unsigned */
    struct slice secret_access_key;
    struct slice session_token; /* may be empty */
};

/* NULL: *problem, in the arena, says what is wrong with the options. They live as long as the client. */
struct client *client_create(struct arena *arena, const struct client_options *options,
                             struct slice *problem);
void client_destroy(struct client *client); /* accepts NULL */

/* From now on requests go over one connection, which is opened anew when the server has closed it. For those
 * who send many. */
void client_keep_connection(struct client *client);

struct slice client_endpoint(const struct client *client);

/* The endpoint without a path, and with the address of its host in the place of its name: a client of S3 puts
 * the name of a bucket before that of a host. As it is if the name has no address, and with HTTPS, where the
 * certificate has the name. */
struct slice client_endpoint_by_address(const struct client *client, struct arena *arena);

/* Calls an operation of DynamoDB. */
must_use enum client_outcome client_call(struct client *client, struct arena *arena, const char *operation,
                                         struct slice body, struct client_answer *out);

/* Calls an operation of another service that speaks AWS JSON 1.1: `service` as it is signed for
 * ("cognito-idp"), `target` with its prefix. */
must_use enum client_outcome client_call_json(struct client *client, struct arena *arena, const char *service,
                                              const char *target, struct slice body,
                                              struct client_answer *out);

/* A service of the query protocol. */
struct client_service {
    const char *name;    /* "iam" */
    const char *version; /* "2010-05-08" */
};

/* Calls an operation of it. `parameters` are pairs of a name and a value, ended by a NULL name; a pair whose
 * value is NULL is left out. The answer's body is the result, as wire/query_answer.h reads it; an operation
 * without a result gives an empty object. */
must_use enum client_outcome client_call_query(struct client *client, struct arena *arena,
                                               const struct client_service *service, const char *operation,
                                               const char *const *parameters, struct client_answer *out);

/* The same with an input of JSON, an object that is right; the answer's numbers and booleans are texts. */
must_use enum client_outcome client_call_query_json(struct client *client, struct arena *arena,
                                                    const struct client_service *service,
                                                    const char *operation, struct slice input,
                                                    struct client_answer *out);

/* Puts an object into a bucket of S3. Key and bucket have letters, digits, '-', '_', '.', '~' and '/' only,
 * which need no escaping. The answer has no body. */
must_use enum client_outcome client_put_object(struct client *client, struct arena *arena,
                                               struct slice bucket, struct slice key, struct slice content,
                                               struct client_answer *out);

#endif
