/*
 * The commands of the program: `turntable <name> ...` calls command_<name>() with the arguments from <name>
 * on.
 *
 * A command prints what was asked for on stdout and what went wrong on stderr, and returns the exit code:
 */
#ifndef TURNTABLE_CLI_COMMANDS_H
#define TURNTABLE_CLI_COMMANDS_H

enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1, /* it was tried and did not work */
    EXIT_USAGE = 2,  /* it was not tried: the command line is wrong */
    EXIT_WARNED = 3, /* it was done, and there is something to be mended: iam lint */
};

int command_serve(int argc, char **argv);
int command_deploy(int argc, char **argv);
int command_tables(int argc, char **argv);
int command_import(int argc, char **argv);
int command_export(int argc, char **argv);
int command_iam(int argc, char **argv);
int command_users(int argc, char **argv);
int command_sandbox(int argc, char **argv);
int command_console(int argc, char **argv);
int command_env(int argc, char **argv);

#endif
