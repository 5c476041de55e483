/*
 * The commands behind `turntable iam`: each is called with the arguments from its name on, and returns the
 * exit code.
 */
#ifndef TURNTABLE_CLI_IAM_COMMANDS_H
#define TURNTABLE_CLI_IAM_COMMANDS_H

#include "cli/connect.h"

#define IAM_CONNECT_HELP CONNECT_HELP

/* What --help prints after any of them. */
const char *iam_help(void);

/* iam_list.c */
int iam_users(int argc, char **argv);
int iam_roles(int argc, char **argv);
int iam_policies(int argc, char **argv);

/* iam_change.c */
int iam_create_user(int argc, char **argv);
int iam_delete_user(int argc, char **argv);
int iam_create_key(int argc, char **argv);
int iam_create_policy(int argc, char **argv);
int iam_attach(int argc, char **argv);
int iam_detach(int argc, char **argv);

/* iam_explain.c */
int iam_explain_denial(int argc, char **argv);

/* iam_decisions.c */
int iam_decisions(int argc, char **argv);

/* iam_lint.c */
int iam_lint(int argc, char **argv);

#endif
