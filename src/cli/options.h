/*
 * Options of a command: "--name VALUE", "--name=VALUE", "--flag", and operands between them; "--" ends the
 * options.
 *
 *     const char *data = "data";
 *     bool in_memory = false;
 *     const struct option options[] = {{"--data", &data, NULL}, {"--in-memory", NULL, &in_memory}, {0}};
 *     const char *operands[1];
 *     switch (options_parse(argc, argv, options, help, operands, 1)) ...
 *
 * What is wrong is told on stderr, with the option that was probably meant; --help and -h print the help on
 * stdout.
 */
#ifndef TURNTABLE_CLI_OPTIONS_H
#define TURNTABLE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct option {
    const char *name;   /* with its dashes; NULL ends the list */
    const char **value; /* takes a value; points into argv afterwards */
    bool *given;        /* takes none */
};

enum { OPTIONS_HELPED = -1, OPTIONS_WRONG = -2 };

/* The number of operands; or OPTIONS_HELPED (the command is done), or OPTIONS_WRONG (it is EXIT_USAGE).
 * argv[0] is the command's name. */
int options_parse(int argc, char **argv, const struct option *options, const char *help,
                  const char **operands, size_t operand_limit);

/*
 * Takes an option that may be given several times, each with a value, out of argv: "--name VALUE" and
 * "--name=VALUE", up to "--". Returns how many there were; the first `limit` are in `values`, and *argc
 * counts what is left. One without a value stays, for options_parse() to complain of.
 */
size_t options_take(int *argc, char **argv, const char *name, const char **values, size_t limit);

/* The one of `names` (ended by NULL) that is spelled almost like `word`; NULL if none is. */
const char *options_suggest(const char *word, const char *const *names);

#endif
