#include "cli/options.h"

#include <stdio.h>
#include <string.h>

enum { WORD_LIMIT = 40, OPTION_LIMIT = 32 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters must be added, dropped or changed (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
    size_t row[WORD_LIMIT + 1], a_len = strlen(a), b_len = strlen(b);

    if (a_len > WORD_LIMIT || b_len > WORD_LIMIT)
        return WORD_LIMIT;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = smaller(changed, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[b_len];
}

const char *options_suggest(const char *word, const char *const *names)
{
    const char *best = NULL;
    size_t least = 3; /* more than two letters apart is another word */

    for (; *names != NULL; names++) {
        size_t apart = distance(word, *names);
        if (apart < least && apart < strlen(*names) / 2 + 1) {
            best = *names;
            least = apart;
        }
    }
    return best;
}

static int wrong(const char *command)
{
    fprintf(stderr, "Try 'turntable %s --help'.\n", command);
    return OPTIONS_WRONG;
}

static int unknown(const char *command, const char *argument, size_t length, const struct option *options)
{
    const char *names[OPTION_LIMIT + 2] = {"--help"};
    char word[WORD_LIMIT + 1];

    snprintf(word, sizeof(word), "%.*s", (int)smaller(length, WORD_LIMIT), argument);
    for (size_t i = 0; i < OPTION_LIMIT && options[i].name != NULL; i++)
        names[i + 1] = options[i].name;
    const char *meant = options_suggest(word, names);
    fprintf(stderr, "turntable: %s has no option %s%s%s%s\n", command, word,
            meant == NULL ? "" : "; did you mean ", meant == NULL ? "" : meant, meant == NULL ? "" : "?");
    return wrong(command);
}

/* Takes argv[*at], an option, and its value; 0, or OPTIONS_WRONG. */
static int take(int argc, char **argv, int *at, const struct option *options)
{
    const char *argument = argv[*at], *equals = strchr(argument, '=');
    size_t length = equals == NULL ? strlen(argument) : (size_t)(equals - argument);

    for (const struct option *option = options; option->name != NULL; option++) {
        if (strlen(option->name) != length || strncmp(option->name, argument, length) != 0)
            continue;
        if (option->given != NULL && equals != NULL) {
            fprintf(stderr, "turntable: %s takes no value\n", option->name);
            return wrong(argv[0]);
        }
        if (option->given != NULL) {
            *option->given = true;
            return 0;
        }
        if (equals == NULL && *at + 1 >= argc) {
            fprintf(stderr, "turntable: %s needs a value\n", option->name);
            return wrong(argv[0]);
        }
        *option->value = equals != NULL ? equals + 1 : argv[++*at];
        return 0;
    }
    return unknown(argv[0], argument, length, options);
}

size_t options_take(int *argc, char **argv, const char *name, const char **values, size_t limit)
{
    size_t length = strlen(name), count = 0;
    int kept = 1, at = 1;

    while (at < *argc && strcmp(argv[at], "--") != 0) {
        const char *argument = argv[at], *value = NULL;
        if (strncmp(argument, name, length) == 0 && argument[length] == '=')
            value = argument + length + 1;
        else if (strcmp(argument, name) == 0 && at + 1 < *argc)
            value = argv[++at];
        if (value == NULL)
            argv[kept++] = argv[at];
        else if (count++ < limit)
            values[count - 1] = value;
        at++;
    }
    while (at < *argc)
        argv[kept++] = argv[at++];
    *argc = kept;
    return count;
}

int options_parse(int argc, char **argv, const struct option *options, const char *help,
                  const char **operands, size_t operand_limit)
{
    size_t count = 0;
    bool ended = false;

    for (int i = 1; i < argc; i++) {
        if (!ended && strcmp(argv[i], "--") == 0) {
            ended = true;
        } else if (!ended && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            fputs(help, stdout);
            return OPTIONS_HELPED;
        } else if (!ended && argv[i][0] == '-' && argv[i][1] != '\0') {
            if (take(argc, argv, &i, options) != 0)
                return OPTIONS_WRONG;
        } else if (count == operand_limit) {
            fprintf(stderr, "turntable: %s: '%s' is one argument too many\n", argv[0], argv[i]);
            return wrong(argv[0]);
        } else {
            operands[count++] = argv[i];
        }
    }
    return (int)count;
}
