/* turntable iam users, roles, policies: what there is, one a line. */
#include <stdio.h>

#include "cli/columns.h"
#include "cli/commands.h"
#include "cli/iam_commands.h"
#include "cli/iam_session.h"
#include "cli/options.h"

/* A list that is being printed. */
struct table_of {
    struct iam_session session;
    struct columns columns;
};

static const char *const no_parameters[] = {NULL};

/* The arguments of a command without operands; the exit code if it is over, otherwise -1. */
static int parse(int argc, char **argv, struct connect_options *options, bool *all)
{
    const struct option known[] = {{"--endpoint", &options->endpoint, NULL},
                                   {"--data", &options->data, NULL},
                                   {"--region", &options->region, NULL},
                                   {all == NULL ? NULL : "--all", NULL, all},
                                   {0}};
    int operands = options_parse(argc, argv, known, iam_help(), NULL, 0);

    if (operands >= 0)
        return -1;
    return operands == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
}

static struct slice cell(struct table_of *table, const char *text)
{
    return text[0] == '\0' ? SLICE("-") : printable(&table->session.arena, slice_of(text));
}

/* Names that are gathered into one cell: "a, b". */
struct joined {
    const char *member;
    const char *text;
};

static bool join(struct iam_session *session, const struct json *item, void *context)
{
    struct joined *joined = context;
    const char *name = item->type == JSON_STRING ? arena_copy(&session->arena, item->text).ptr
                                                 : iam_text(session, item, joined->member);

    joined->text =
        arena_printf(&session->arena, "%s%s%s", joined->text, joined->text[0] == '\0' ? "" : ", ", name).ptr;
    return true;
}

/* All policies of a user or role: `kind` is "User" or "Role". */
static bool join_policies(struct iam_session *session, const char *kind, const char *name,
                          struct joined *joined)
{
    const char *member = arena_printf(&session->arena, "%sName", kind).ptr;
    const char *const parameters[] = {member, name, NULL};
    const char *attached = arena_printf(&session->arena, "ListAttached%sPolicies", kind).ptr;
    const char *inlines = arena_printf(&session->arena, "List%sPolicies", kind).ptr;

    *joined = (struct joined){"PolicyName", ""};
    return iam_list(session, attached, "AttachedPolicies", parameters, join, joined) &&
           iam_list(session, inlines, "PolicyNames", parameters, join, joined);
}

/* What a command lists, and how. */
struct list {
    const char *operation;
    const char *member; /* of its answer */
    bool (*take)(struct iam_session *session, const struct json *item, void *context);
    const char *const *head;
    size_t columns;
    size_t first_number; /* columns from this one on are numbers */
    const char *none;    /* what is said when there are none */
};

static int print(const struct list *list, const struct connect_options *options,
                 const char *const *parameters)
{
    struct table_of table;

    bool asked = iam_begin(&table.session, options);
    columns_init(&table.columns, &table.session.arena, list->head, list->columns, list->first_number);
    asked = asked && iam_list(&table.session, list->operation, list->member, parameters, list->take, &table);
    if (asked && table.columns.rows == 1)
        puts(list->none);
    else if (asked)
        columns_print(&table.columns);
    iam_end(&table.session);
    return asked ? EXIT_DONE : EXIT_FAILED;
}

/* ---- users ---- */

static bool take_user(struct iam_session *session, const struct json *user, void *context)
{
    struct table_of *table = context;
    const char *name = iam_text(session, user, "UserName");
    const char *const parameters[] = {"UserName", name, NULL};
    struct joined policies, groups = {"GroupName", ""}, keys = {"AccessKeyId", ""};

    if (!join_policies(session, "User", name, &policies) ||
        !iam_list(session, "ListGroupsForUser", "Groups", parameters, join, &groups) ||
        !iam_list(session, "ListAccessKeys", "AccessKeyMetadata", parameters, join, &keys))
        return false;
    struct slice *cells = columns_add(&table->columns);
    cells[0] = cell(table, name);
    cells[1] = cell(table, groups.text);
    cells[2] = cell(table, policies.text);
    cells[3] = cell(table, keys.text);
    return true;
}

int iam_users(int argc, char **argv)
{
    static const char *const head[] = {"NAME", "GROUPS", "POLICIES", "ACCESS KEYS"};
    static const struct list list = {"ListUsers", "Users", take_user, head, 4, 4, "There are no users."};
    struct connect_options options = {0};
    int code = parse(argc, argv, &options, NULL);

    return code >= 0 ? code : print(&list, &options, no_parameters);
}

/* ---- roles ---- */

static bool take_role(struct iam_session *session, const struct json *role, void *context)
{
    struct table_of *table = context;
    const char *name = iam_text(session, role, "RoleName");
    struct joined policies;

    if (!join_policies(session, "Role", name, &policies))
        return false;
    struct slice *cells = columns_add(&table->columns);
    cells[0] = cell(table, name);
    cells[1] = cell(table, policies.text);
    cells[2] = cell(table, iam_text(session, role, "Arn"));
    return true;
}

int iam_roles(int argc, char **argv)
{
    static const char *const head[] = {"NAME", "POLICIES", "ARN"};
    static const struct list list = {"ListRoles", "Roles", take_role, head, 3, 3, "There are no roles."};
    struct connect_options options = {0};
    int code = parse(argc, argv, &options, NULL);

    return code >= 0 ? code : print(&list, &options, no_parameters);
}

/* ---- policies ---- */

static bool take_policy(struct iam_session *session, const struct json *policy, void *context)
{
    struct table_of *table = context;
    struct slice *cells = columns_add(&table->columns);

    cells[0] = cell(table, iam_text(session, policy, "PolicyName"));
    cells[1] = cell(table, iam_text(session, policy, "DefaultVersionId"));
    cells[2] = cell(table, iam_text(session, policy, "Arn"));
    cells[3] = cell(table, iam_text(session, policy, "AttachmentCount"));
    return true;
}

int iam_policies(int argc, char **argv)
{
    static const char *const head[] = {"NAME", "VERSION", "ARN", "ATTACHED"};
    static const struct list list = {"ListPolicies",          "Policies", take_policy, head, 4, 3,
                                     "There are no policies."};
    struct connect_options options = {0};
    bool all = false;
    int code = parse(argc, argv, &options, &all);
    const char *const parameters[] = {"Scope", all ? "All" : "Local", NULL};

    return code >= 0 ? code : print(&list, &options, parameters);
}
