#include "cli/connect.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define USUAL_ENDPOINT "http://127.0.0.1:8000"
#define USUAL_DATA     "data"
#define USUAL_REGION   "us-east-1"

/* A variable that is empty is as one that is not set. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value == NULL || value[0] == '\0' ? NULL : value;
}

struct slice printable(struct arena *arena, struct slice text)
{
    struct slice copy = arena_copy(arena, text);
    char *bytes = (char *)copy.ptr;

    for (size_t i = 0; i < copy.len; i++) {
        if ((unsigned char)bytes[i] < ' ' || bytes[i] == 0x7F)
            bytes[i] = '?';
        /* U+0080 to U+009F are control characters too. */
        if ((unsigned char)bytes[i] == 0xC2 && i + 1 < copy.len && (unsigned char)bytes[i + 1] < 0xA0)
            bytes[i] = bytes[i + 1] = '?';
    }
    return copy;
}

/* What a server that runs on this folder wrote into it; empty if there is none. */
static struct slice endpoint_of_folder(struct arena *arena, const char *folder)
{
    char text[300];
    FILE *file = fopen(arena_printf(arena, "%s/endpoint", folder).ptr, "re");

    if (file == NULL)
        return SLICE("");
    size_t length = fread(text, 1, sizeof(text), file);
    fclose(file);
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == ' '))
        length--;
    return arena_copy(arena, (struct slice){text, length});
}

static const char *folder_of(const struct connect_options *options)
{
    return options->data != NULL ? options->data : USUAL_DATA;
}

struct slice connect_server_endpoint(struct arena *arena, const struct connect_options *options)
{
    if (options->endpoint != NULL)
        return slice_of(options->endpoint);
    struct slice told = endpoint_of_folder(arena, folder_of(options));
    return told.len > 0 ? told : SLICE(USUAL_ENDPOINT);
}

static struct slice find_endpoint(struct arena *arena, const struct connect_options *options)
{
    const char *url = variable("AWS_ENDPOINT_URL_DYNAMODB");

    if (url == NULL)
        url = variable("AWS_ENDPOINT_URL");
    if (options->endpoint == NULL && url != NULL &&
        (options->data == NULL || endpoint_of_folder(arena, options->data).len == 0))
        return slice_of(url);
    return connect_server_endpoint(arena, options);
}

struct slice connect_region(const struct connect_options *options)
{
    const char *region = options->region;

    if (region == NULL)
        region = variable("AWS_REGION");
    if (region == NULL)
        region = variable("AWS_DEFAULT_REGION");
    return region == NULL ? SLICE(USUAL_REGION) : slice_of(region);
}

static enum credentials_found find_server_credentials(struct arena *arena,
                                                      const struct connect_options *options,
                                                      struct credentials *credentials, struct slice *problem)
{
    enum credentials_found found = credentials_from_environment(credentials, arena, problem);

    return found == CREDENTIALS_ABSENT ? credentials_read(folder_of(options), credentials, arena, problem)
                                       : found;
}

static void complain(struct slice problem)
{
    fprintf(stderr, "turntable: %.*s\n", SLICE_ARGS(problem));
}

bool connect_server_credentials(struct arena *arena, const struct connect_options *options,
                                struct credentials *credentials)
{
    struct slice problem;

    switch (find_server_credentials(arena, options, credentials, &problem)) {
    case CREDENTIALS_FOUND:
        return true;
    case CREDENTIALS_ABSENT:
        problem = arena_printf(arena,
                               "there are no credentials in %s; a server makes them at its first start "
                               "(or set TURNTABLE_ACCESS_KEY_ID and TURNTABLE_SECRET_ACCESS_KEY)",
                               folder_of(options));
        break;
    case CREDENTIALS_BAD:
        break;
    }
    complain(problem);
    return false;
}

static bool take_from_environment(struct client_options *client)
{
    const char *key_id = variable("AWS_ACCESS_KEY_ID"), *secret = variable("AWS_SECRET_ACCESS_KEY");
    const char *token = variable("AWS_SESSION_TOKEN");

    if (key_id == NULL || secret == NULL)
        return false;
    client->access_key_id = slice_of(key_id);
    client->secret_access_key = slice_of(secret);
    client->session_token = token == NULL ? SLICE("") : slice_of(token);
    return true;
}

/* False: *problem says what is wrong. To have none is not wrong, unless --data was to give them. */
static bool find_credentials(struct arena *arena, const struct connect_options *options,
                             struct client_options *client, struct slice *problem)
{
    struct credentials credentials;

    if (options->data == NULL && take_from_environment(client))
        return true;
    switch (find_server_credentials(arena, options, &credentials, problem)) {
    case CREDENTIALS_FOUND:
        client->access_key_id = arena_copy(arena, slice_of(credentials.access_key_id));
        client->secret_access_key = arena_copy(arena, slice_of(credentials.secret_access_key));
        return true;
    case CREDENTIALS_ABSENT:
        if (options->data == NULL || take_from_environment(client))
            return true;
        *problem = arena_printf(arena, "there are no credentials in %s", options->data);
        return false;
    case CREDENTIALS_BAD:
        break;
    }
    return false;
}

bool connect_settings(struct arena *arena, const struct connect_options *options, struct client_options *out)
{
    struct slice problem;

    *out = (struct client_options){.endpoint = find_endpoint(arena, options),
                                   .region = connect_region(options),
                                   .access_key_id = SLICE(""),
                                   .secret_access_key = SLICE(""),
                                   .session_token = SLICE("")};
    if (find_credentials(arena, options, out, &problem))
        return true;
    complain(problem);
    return false;
}

struct client *connect_to(struct arena *arena, const struct client_options *settings)
{
    struct slice problem;

    /* A server that goes away is an error to be told, not a signal to die of. */
    signal(SIGPIPE, SIG_IGN);
    struct client *client = client_create(arena, settings, &problem);
    if (client == NULL)
        complain(problem);
    return client;
}

struct client *connect_client(struct arena *arena, const struct connect_options *options)
{
    struct client_options settings;

    return connect_settings(arena, options, &settings) ? connect_to(arena, &settings) : NULL;
}

/* REGION of "arn:aws:ssm:REGION:..."; empty if it is none. */
static struct slice region_of_arn(struct slice arn)
{
    static const struct slice before = {.ptr = "arn:aws:ssm:", .len = sizeof("arn:aws:ssm:") - 1};

    if (!slice_starts_with(arn, before))
        return SLICE("");
    struct slice rest = slice_skip(arn, before.len);
    const char *colon = rest.len == 0 ? NULL : memchr(rest.ptr, ':', rest.len);
    return colon == NULL ? SLICE("") : (struct slice){rest.ptr, (size_t)(colon - rest.ptr)};
}

struct slice connect_region_of_server(struct client *client, struct arena *arena)
{
    struct client_answer answer;

    if (client_call_json(client, arena, "ssm", "AmazonSSM.GetParameter",
                         SLICE("{\"Name\":\"/cdk-bootstrap/hnb659fds/version\"}"), &answer) != CLIENT_DONE)
        return SLICE("");
    const struct json *arn = json_get(json_get(answer.body, "Parameter"), "ARN");
    return arn == NULL || arn->type != JSON_STRING ? SLICE("") : region_of_arn(arn->text);
}
