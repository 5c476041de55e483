#include "cli/iam_session.h"

#include <stdio.h>

static const struct client_service iam = {"iam", "2010-05-08"}, own = {"turntable", "2026-11-26"};

enum { PARAMETERS_LIMIT = 8 };

bool iam_begin(struct iam_session *session, const struct connect_options *options)
{
    arena_init(&session->arena);
    session->client = connect_client(&session->arena, options);
    if (session->client == NULL)
        return false;
    client_keep_connection(session->client);
    return true;
}

void iam_end(struct iam_session *session)
{
    client_destroy(session->client);
    arena_finish(&session->arena);
}

static bool call(struct iam_session *session, const struct client_service *service, const char *operation,
                 const char *const *parameters, const struct json **body)
{
    struct client_answer answer;
    enum client_outcome outcome =
        client_call_query(session->client, &session->arena, service, operation, parameters, &answer);
    struct slice message = printable(&session->arena, answer.message);

    *body = answer.body;
    if (outcome == CLIENT_DONE)
        return true;
    if (outcome == CLIENT_FAILED)
        fprintf(stderr, "turntable: %.*s\n", SLICE_ARGS(message));
    else
        fprintf(stderr, "turntable: %.*s: %.*s\n", SLICE_ARGS(printable(&session->arena, answer.type)),
                SLICE_ARGS(message));
    return false;
}

bool iam_call(struct iam_session *session, const char *operation, const char *const *parameters,
              const struct json **body)
{
    return call(session, &iam, operation, parameters, body);
}

bool iam_call_own(struct iam_session *session, const char *operation, const char *const *parameters,
                  const struct json **body)
{
    return call(session, &own, operation, parameters, body);
}

const char *iam_text(struct iam_session *session, const struct json *object, const char *member)
{
    const struct json *value = json_get(object, member);

    return value == NULL || value->type != JSON_STRING ? "" : arena_copy(&session->arena, value->text).ptr;
}

bool iam_list(struct iam_session *session, const char *operation, const char *list,
              const char *const *parameters,
              bool (*take)(struct iam_session *session, const struct json *item, void *context),
              void *context)
{
    const char *with_marker[2 * PARAMETERS_LIMIT + 3] = {"Marker", NULL};
    const struct json *body;

    for (size_t i = 0; i < 2 * PARAMETERS_LIMIT && parameters[i] != NULL; i++)
        with_marker[i + 2] = parameters[i];
    do {
        if (!iam_call(session, operation, with_marker, &body))
            return false;
        const struct json *items = json_get(body, list);
        size_t count = items != NULL && items->type == JSON_ARRAY ? items->array.count : 0;
        for (size_t i = 0; i < count; i++) {
            if (!take(session, &items->array.items[i], context))
                return false;
        }
        with_marker[1] = iam_text(session, body, "Marker");
    } while (strcmp(iam_text(session, body, "IsTruncated"), "true") == 0);
    return true;
}

/* ---- policies by name ---- */

struct search {
    const char *name;
    const char *arn;
};

static bool compare(struct iam_session *session, const struct json *policy, void *context)
{
    struct search *search = context;

    if (search->arn == NULL && strcmp(iam_text(session, policy, "PolicyName"), search->name) == 0)
        search->arn = iam_text(session, policy, "Arn");
    return true;
}

const char *iam_policy_arn(struct iam_session *session, const char *name)
{
    static const char *const everything[] = {"MaxItems", "1000", NULL};
    struct search search = {.name = name};

    if (strncmp(name, "arn:", 4) == 0)
        return name;
    if (!iam_list(session, "ListPolicies", "Policies", everything, compare, &search))
        return NULL;
    if (search.arn == NULL)
        fprintf(stderr, "turntable: there is no policy of the name %s\n",
                printable(&session->arena, slice_of(name)).ptr);
    return search.arn;
}
