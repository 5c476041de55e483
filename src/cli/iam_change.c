/* turntable iam create-user, delete-user, create-key, create-policy, attach, detach. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/iam_commands.h"
#include "cli/iam_session.h"
#include "cli/options.h"

enum { OPERANDS_LIMIT = 12, DOCUMENT_LIMIT = 128 * 1024 };

/* A command line of these commands. */
struct line {
    struct connect_options options;
    const char *operands[OPERANDS_LIMIT];
    int count;
    bool is_role;
    bool is_group;
};

/* The exit code if the command is over, otherwise -1. */
static int parse(int argc, char **argv, int least, int most, struct line *line)
{
    const struct option known[] = {{"--endpoint", &line->options.endpoint, NULL},
                                   {"--data", &line->options.data, NULL},
                                   {"--region", &line->options.region, NULL},
                                   {"--role", NULL, &line->is_role},
                                   {"--group", NULL, &line->is_group},
                                   {0}};

    line->count = options_parse(argc, argv, known, iam_help(), line->operands, (size_t)most);
    if (line->count == OPTIONS_HELPED)
        return EXIT_DONE;
    if (line->count == OPTIONS_WRONG)
        return EXIT_USAGE;
    if (line->count < least) {
        fprintf(stderr, "turntable iam %s: an argument is missing\nTry 'turntable iam --help'.\n", argv[0]);
        return EXIT_USAGE;
    }
    if (line->is_role && line->is_group) {
        fputs("turntable iam: --role and --group exclude each other\n", stderr);
        return EXIT_USAGE;
    }
    return -1;
}

static int end(struct iam_session *session, bool done)
{
    iam_end(session);
    return done ? EXIT_DONE : EXIT_FAILED;
}

/* ---- users and their keys ---- */

static bool print_new_key(struct iam_session *session, const char *user)
{
    const char *const parameters[] = {"UserName", user, NULL};
    const struct json *body;

    if (!iam_call(session, "CreateAccessKey", parameters, &body))
        return false;
    const struct json *key = json_get(body, "AccessKey");
    printf("AWS_ACCESS_KEY_ID=%s\nAWS_SECRET_ACCESS_KEY=%s\n", iam_text(session, key, "AccessKeyId"),
           iam_text(session, key, "SecretAccessKey"));
    return true;
}

int iam_create_key(int argc, char **argv)
{
    struct iam_session session;
    struct line line = {0};
    int code = parse(argc, argv, 1, 1, &line);

    if (code >= 0)
        return code;
    bool done = iam_begin(&session, &line.options) && print_new_key(&session, line.operands[0]);
    return end(&session, done);
}

/* Policies are looked for before anything is made, so that a name that is spelled wrong makes no user. */
static bool create_user(struct iam_session *session, const struct line *line)
{
    const char *user = line->operands[0];
    const char *const parameters[] = {"UserName", user, NULL};
    const char *arns[OPERANDS_LIMIT];
    const struct json *body;

    for (int i = 1; i < line->count; i++) {
        arns[i] = iam_policy_arn(session, line->operands[i]);
        if (arns[i] == NULL)
            return false;
    }
    if (!iam_call(session, "CreateUser", parameters, &body))
        return false;
    for (int i = 1; i < line->count; i++) {
        const char *const attachment[] = {"UserName", user, "PolicyArn", arns[i], NULL};
        if (!iam_call(session, "AttachUserPolicy", attachment, &body))
            return false;
    }
    return print_new_key(session, user);
}

int iam_create_user(int argc, char **argv)
{
    struct iam_session session;
    struct line line = {0};
    int code = parse(argc, argv, 1, 1 + 10, &line); /* a user can have ten policies */

    if (code >= 0)
        return code;
    bool done = iam_begin(&session, &line.options) && create_user(&session, &line);
    return end(&session, done);
}

/* What hangs on a user, and the operation that takes it away. */
struct removal {
    const char *user;
    const char *operation;
    const char *parameter;
    const char *member; /* of what is listed; NULL: that is a text */
};

static bool remove_one(struct iam_session *session, const struct json *item, void *context)
{
    const struct removal *removal = context;
    const char *value =
        removal->member != NULL
            ? iam_text(session, item, removal->member)
            : arena_copy(&session->arena, item->type == JSON_STRING ? item->text : SLICE("")).ptr;
    const char *const parameters[] = {"UserName", removal->user, removal->parameter, value, NULL};
    const struct json *body;

    return iam_call(session, removal->operation, parameters, &body);
}

static bool delete_user(struct iam_session *session, const char *user)
{
    struct removal keys = {user, "DeleteAccessKey", "AccessKeyId", "AccessKeyId"};
    struct removal attached = {user, "DetachUserPolicy", "PolicyArn", "PolicyArn"};
    struct removal inlines = {user, "DeleteUserPolicy", "PolicyName", NULL};
    struct removal groups = {user, "RemoveUserFromGroup", "GroupName", "GroupName"};
    const char *const parameters[] = {"UserName", user, NULL};
    const struct json *body;

    return iam_list(session, "ListAccessKeys", "AccessKeyMetadata", parameters, remove_one, &keys) &&
           iam_list(session, "ListAttachedUserPolicies", "AttachedPolicies", parameters, remove_one,
                    &attached) &&
           iam_list(session, "ListUserPolicies", "PolicyNames", parameters, remove_one, &inlines) &&
           iam_list(session, "ListGroupsForUser", "Groups", parameters, remove_one, &groups) &&
           iam_call(session, "DeleteUser", parameters, &body);
}

int iam_delete_user(int argc, char **argv)
{
    struct iam_session session;
    struct line line = {0};
    int code = parse(argc, argv, 1, 1, &line);

    if (code >= 0)
        return code;
    bool done = iam_begin(&session, &line.options) && delete_user(&session, line.operands[0]);
    return end(&session, done);
}

/* ---- policies ---- */

/* A whole file as a terminated text; NULL: it was said why not. */
static const char *read_document(struct iam_session *session, const char *path)
{
    bool is_input = strcmp(path, "-") == 0;
    FILE *file = is_input ? stdin : fopen(path, "re");
    char *text = arena_alloc(&session->arena, DOCUMENT_LIMIT + 1);

    if (file == NULL) {
        fprintf(stderr, "turntable: cannot read %s: %s\n", path, strerror(errno));
        return NULL;
    }
    size_t length = fread(text, 1, DOCUMENT_LIMIT, file);
    bool whole = fgetc(file) == EOF && ferror(file) == 0;
    if (!is_input)
        fclose(file);
    text[length] = '\0';
    if (whole && memchr(text, '\0', length) == NULL)
        return text;
    fprintf(stderr, "turntable: %s cannot be read, or is no policy document\n", path);
    return NULL;
}

static bool create_policy(struct iam_session *session, const struct line *line)
{
    const char *document = read_document(session, line->operands[1]);
    const char *const parameters[] = {"PolicyName", line->operands[0], "PolicyDocument", document, NULL};
    const struct json *body;

    if (document == NULL || !iam_call(session, "CreatePolicy", parameters, &body))
        return false;
    puts(iam_text(session, json_get(body, "Policy"), "Arn"));
    return true;
}

int iam_create_policy(int argc, char **argv)
{
    struct iam_session session;
    struct line line = {0};
    int code = parse(argc, argv, 2, 2, &line);

    if (code >= 0)
        return code;
    bool done = iam_begin(&session, &line.options) && create_policy(&session, &line);
    return end(&session, done);
}

/* `verb` is "Attach" or "Detach". */
static bool change_attachment(struct iam_session *session, const struct line *line, const char *verb)
{
    const char *kind = line->is_role ? "Role" : line->is_group ? "Group" : "User";
    const char *arn = iam_policy_arn(session, line->operands[0]);
    const char *const parameters[] = {arena_printf(&session->arena, "%sName", kind).ptr, line->operands[1],
                                      "PolicyArn", arn, NULL};
    const struct json *body;

    return arn != NULL &&
           iam_call(session, arena_printf(&session->arena, "%s%sPolicy", verb, kind).ptr, parameters, &body);
}

static int attach_or_detach(int argc, char **argv, const char *verb)
{
    struct iam_session session;
    struct line line = {0};
    int code = parse(argc, argv, 2, 2, &line);

    if (code >= 0)
        return code;
    bool done = iam_begin(&session, &line.options) && change_attachment(&session, &line, verb);
    return end(&session, done);
}

int iam_attach(int argc, char **argv)
{
    return attach_or_detach(argc, argv, "Attach");
}

int iam_detach(int argc, char **argv)
{
    return attach_or_detach(argc, argv, "Detach");
}
