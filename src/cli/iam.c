/* turntable iam: the users, roles and policies of a running server, for what people do by hand. */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/iam_commands.h"
#include "cli/options.h"

static const struct subcommand {
    const char *name;
    int (*run)(int argc, char **argv);
} subcommands[] = {
    {"users", iam_users},
    {"roles", iam_roles},
    {"policies", iam_policies},
    {"create-user", iam_create_user},
    {"delete-user", iam_delete_user},
    {"create-key", iam_create_key},
    {"create-policy", iam_create_policy},
    {"attach", iam_attach},
    {"detach", iam_detach},
    {"explain", iam_explain_denial},
    {"decisions", iam_decisions},
    {"lint", iam_lint},
};

enum { SUBCOMMAND_COUNT = sizeof(subcommands) / sizeof(subcommands[0]) };

static const char help[] =
    "usage: turntable iam COMMAND [ARGUMENT]...\n"
    "\n"
    "The users, roles and policies of a running server. 'aws iam' can do all of this and\n"
    "more; these commands are for what is done by hand.\n"
    "\n"
    "  users                          list the users: groups, policies, access keys\n"
    "  roles                          list the roles: policies, ARN\n"
    "  policies [--all]               list the managed policies; --all: AWS's too\n"
    "  create-user NAME [POLICY]...   a user with these policies, and an access key\n"
    "  delete-user NAME               a user with its keys, policies and memberships\n"
    "  create-key NAME                another access key for a user\n"
    "  create-policy NAME FILE        a managed policy from a file ('-': standard input)\n"
    "  attach POLICY NAME             attach a policy to a user\n"
    "  detach POLICY NAME             take it away again\n"
    "  explain REQUEST-ID             why a request was denied: which statements came near,\n"
    "                                 what failed in each, and the mend\n"
    "  decisions                      what policies said lately, the last first; of one kind\n"
    "                                 with --denied, --allowed, --principal ARN, --action\n"
    "                                 ACTION, --resource PREFIX; --last N (50): how many\n"
    "  lint FILE...                   what policies can never do: a policy document, a\n"
    "                                 CloudFormation template or a cdk.out folder\n"
    "\n"
    "A POLICY is the name or the ARN of a managed policy, the account's or AWS's. attach and\n"
    "detach take --role or --group when NAME is one. Access keys are printed as sh variables.\n"
    "\n" IAM_CONNECT_HELP "  --help               this text\n"
    "\n"
    "Exit status: 0 when it was done, 1 when it was not, 2 for a wrong command line, 3 when lint\n"
    "has warnings.\n";

const char *iam_help(void)
{
    return help;
}

static int unknown(const char *name)
{
    const char *names[SUBCOMMAND_COUNT + 1] = {NULL};

    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
        names[i] = subcommands[i].name;
    const char *meant = options_suggest(name, names);
    fprintf(stderr, "turntable iam: there is no command '%s'%s%s%s\nTry 'turntable iam --help'.\n", name,
            meant == NULL ? "" : "; did you mean ", meant == NULL ? "" : meant, meant == NULL ? "" : "?");
    return EXIT_USAGE;
}

int command_iam(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;

    if (name == NULL) {
        fputs(help, stderr);
        return EXIT_USAGE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        fputs(help, stdout);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
        if (strcmp(subcommands[i].name, name) == 0)
            return subcommands[i].run(argc - 1, argv + 1);
    }
    return unknown(name);
}
