/* turntable users: what the users of user pools were sent, where AWS would have mailed it. */
#include <stdio.h>
#include <string.h>

#include "cli/columns.h"
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/options.h"

static const char help[] =
    "usage: turntable users codes [OPTION]... [USERNAME]\n"
    "\n"
    "The confirmation codes and temporary passwords that the users of a running server's user\n"
    "pools were sent and that still hold: of all users, or of one, by user name, email address\n"
    "or phone number. AWS would mail them; this server only tells them here and in its log.\n"
    "\n" CONNECT_HELP "  --help               this text\n"
    "\n"
    "Exit status: 0 when it was done, 1 when the server could not be asked, 2 for a wrong\n"
    "command line.\n";

struct asking {
    struct arena arena;
    struct client *client;
    struct columns columns;
    const char *user; /* NULL: all */
};

static bool call(struct asking *asking, const char *target, struct slice body, const struct json **out)
{
    struct client_answer answer;
    enum client_outcome outcome =
        client_call_json(asking->client, &asking->arena, "cognito-idp", target, body, &answer);
    struct slice message = printable(&asking->arena, answer.message);

    *out = answer.body;
    if (outcome == CLIENT_DONE)
        return true;
    if (outcome == CLIENT_FAILED)
        fprintf(stderr, "turntable: %.*s\n", SLICE_ARGS(message));
    else
        fprintf(stderr, "turntable: %.*s: %.*s\n", SLICE_ARGS(printable(&asking->arena, answer.type)),
                SLICE_ARGS(message));
    return false;
}

static struct slice text_of(struct asking *asking, const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->type == JSON_STRING && member->text.len > 0
               ? printable(&asking->arena, member->text)
               : SLICE("-");
}

static size_t count_of(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? 0 : list->array.count;
}

/* The seconds in the answer, as "2026-11-26 14:56 UTC". */
static struct slice time_of(struct asking *asking, const struct json *object)
{
    const struct json *member = json_get(object, "Expires");
    struct tm parts;

    time_t seconds =
        member == NULL || member->type != JSON_NUMBER ? 0 : (time_t)strtoll(member->text.ptr, NULL, 10);
    if (gmtime_r(&seconds, &parts) == NULL)
        return SLICE("-");
    return arena_printf(&asking->arena, "%04d-%02d-%02d %02d:%02d UTC", parts.tm_year + 1900,
                        parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min);
}

static void add_codes(struct asking *asking, struct slice pool, const struct json *user)
{
    const struct json *codes = json_get(user, "Codes");

    for (size_t i = 0; i < count_of(codes); i++) {
        const struct json *code = &codes->array.items[i];
        struct slice *cells = columns_add(&asking->columns);
        cells[0] = text_of(asking, user, "Username");
        cells[1] = text_of(asking, code, "Code");
        cells[2] = text_of(asking, code, "Purpose");
        cells[3] = text_of(asking, code, "Destination");
        cells[4] = time_of(asking, code);
        cells[5] = pool;
    }
}

/* {"UserPoolId": ..., "Username": ..., "NextToken": ...} */
static struct slice write_body(struct asking *asking, struct slice pool, struct slice token)
{
    struct buffer body;
    bool first = true;

    buffer_init(&body);
    buffer_append_byte(&body, '{');
    if (pool.len > 0)
        json_write_string_member(&body, &first, "UserPoolId", pool);
    else
        json_write_int64_member(&body, &first, "MaxResults", 60);
    if (pool.len > 0 && asking->user != NULL)
        json_write_string_member(&body, &first, "Username", slice_of(asking->user));
    if (token.len > 0)
        json_write_string_member(&body, &first, "NextToken", token);
    buffer_append_byte(&body, '}');
    struct slice copy = arena_copy(&asking->arena, buffer_slice(&body));
    buffer_finish(&body);
    return copy;
}

static struct slice next_token(const struct json *body)
{
    const struct json *token = json_get(body, "NextToken");

    return token != NULL && token->type == JSON_STRING ? token->text : SLICE("");
}

static bool ask_pool(struct asking *asking, struct slice pool)
{
    struct slice token = SLICE("");
    const struct json *body;

    do {
        if (!call(asking, "Turntable.ListUserCodes", write_body(asking, pool, token), &body))
            return false;
        const struct json *users = json_get(body, "Users");
        for (size_t i = 0; i < count_of(users); i++)
            add_codes(asking, printable(&asking->arena, pool), &users->array.items[i]);
        token = next_token(body);
    } while (token.len > 0);
    return true;
}

static bool ask(struct asking *asking)
{
    struct slice token = SLICE("");
    const struct json *body;

    do {
        if (!call(asking, "AWSCognitoIdentityProviderService.ListUserPools",
                  write_body(asking, SLICE(""), token), &body))
            return false;
        const struct json *pools = json_get(body, "UserPools");
        for (size_t i = 0; i < count_of(pools); i++) {
            const struct json *id = json_get(&pools->array.items[i], "Id");
            if (id != NULL && id->type == JSON_STRING && !ask_pool(asking, id->text))
                return false;
        }
        token = next_token(body);
    } while (token.len > 0);
    return true;
}

int command_users(int argc, char **argv)
{
    static const char *const head[] = {"USER", "CODE", "FOR", "SENT TO", "EXPIRES", "POOL"};
    struct connect_options options = {0};
    const struct option known[] = {{"--endpoint", &options.endpoint, NULL},
                                   {"--data", &options.data, NULL},
                                   {"--region", &options.region, NULL},
                                   {0}};
    const char *operands[2];
    int count = options_parse(argc, argv, known, help, operands, 2);

    if (count < 0)
        return count == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    if (count == 0 || strcmp(operands[0], "codes") != 0) {
        fputs("turntable users: the command is 'codes'.\nTry 'turntable users --help'.\n", stderr);
        return EXIT_USAGE;
    }
    struct asking asking = {.user = count == 2 ? operands[1] : NULL};
    arena_init(&asking.arena);
    columns_init(&asking.columns, &asking.arena, head, 6, 6);
    asking.client = connect_client(&asking.arena, &options);
    bool asked = asking.client != NULL && ask(&asking);
    if (asked && asking.columns.rows == 1)
        puts("There are no codes.");
    else if (asked)
        columns_print(&asking.columns);
    client_destroy(asking.client);
    arena_finish(&asking.arena);
    return asked ? EXIT_DONE : EXIT_FAILED;
}
