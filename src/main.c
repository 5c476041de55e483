/* The command line: finds the command and runs it; holds no logic. */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options.h"

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"serve", command_serve, "serve DynamoDB's API"},
    {"deploy", command_deploy, "bring stacks to what a CloudFormation template says"},
    {"sandbox", command_sandbox, "deploy an Amplify project with its own ampx, as it changes"},
    {"tables", command_tables, "list the tables of a running server"},
    {"import", command_import, "put the rows of files into a table"},
    {"export", command_export, "write the items of a table to a file"},
    {"iam", command_iam, "the users, roles and policies of a running server"},
    {"users", command_users, "what the users of user pools were sent"},
    {"console", command_console, "make a link that signs in to the console of a running server, once"},
    {"env", command_env, "print what a shell needs to use a running server"},
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static void print_help(FILE *out)
{
    fputs("usage: turntable COMMAND [ARGUMENT]...\n\nA DynamoDB-compatible database server.\n\n", out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fputs("\n'turntable COMMAND --help' tells more about a command; 'turntable --version' the version.\n"
          "To begin: turntable serve\n",
          out);
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static int unknown(const char *name)
{
    const char *names[COMMAND_COUNT + 1] = {NULL};

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    const char *meant = options_suggest(name, names);
    fprintf(stderr, "turntable: there is no command '%s'%s%s%s\nTry 'turntable --help'.\n", name,
            meant == NULL ? "" : "; did you mean ", meant == NULL ? "" : meant, meant == NULL ? "" : "?");
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    char *help[] = {NULL, "--help", NULL};

    if (name == NULL) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
        puts("turntable " TURNTABLE_VERSION);
        return EXIT_DONE;
    }
    bool asks = strcmp(name, "help") == 0;
    if ((asks && argc == 2) || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        print_help(stdout);
        return EXIT_DONE;
    }
    const struct command *command = find(asks ? argv[2] : name);
    if (command == NULL)
        return unknown(asks ? argv[2] : name);
    help[0] = argv[2];
    return asks ? command->run(2, help) : command->run(argc - 1, argv + 1);
}
