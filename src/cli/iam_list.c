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

static int print(struct table_of *table, bool asked, const char *none)
{
    if (asked && table->columns.rows == 1)
        puts(none);
    else if (asked)
        columns_print(&table->columns);
    iam_end(&table->session);
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
    struct connect_options options = {0};
    struct table_of table;
    int code = parse(argc, argv, &options, NULL);

    if (code >= 0)
        return code;
    bool asked = iam_begin(&table.session, &options);
    columns_init(&table.columns, &table.session.arena, head, 4, 4);
    asked = asked && iam_list(&table.session, "ListUsers", "Users", no_parameters, take_user, &table);
    return print(&table, asked, "There are no users.");
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
    struct connect_options options = {0};
    struct table_of table;
    int code = parse(argc, argv, &options, NULL);

    if (code >= 0)
        return code;
    bool asked = iam_begin(&table.session, &options);
    columns_init(&table.columns, &table.session.arena, head, 3, 3);
    asked = asked && iam_list(&table.session, "ListRoles", "Roles", no_parameters, take_role, &table);
    return print(&table, asked, "There are no roles.");
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
    struct connect_options options = {0};
    struct table_of table;
    bool all = false;
    int code = parse(argc, argv, &options, &all);

    if (code >= 0)
        return code;
    const char *const parameters[] = {"Scope", all ? "All" : "Local", NULL};
    bool asked = iam_begin(&table.session, &options);
    columns_init(&table.columns, &table.session.arena, head, 4, 3);
    asked = asked && iam_list(&table.session, "ListPolicies", "Policies", parameters, take_policy, &table);
    return print(&table, asked, "There are no policies.");
}
