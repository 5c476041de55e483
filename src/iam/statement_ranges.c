/* Where the statements of a policy stand in its text, which is JSON: that was checked when the policy was
 * made. */
#include "base/check.h"
#include "iam/simulate.h"
#include "iam/statement.h"

/* Walks over a text and counts its lines. */
struct scanner {
    struct slice text;
    size_t at;
    struct text_position position;
};

static char peek(const struct scanner *scanner)
{
    CHECK(scanner->at < scanner->text.len);
    return scanner->text.ptr[scanner->at];
}

static char step(struct scanner *scanner)
{
    char c = peek(scanner);

    scanner->at++;
    if (c == '\n')
        scanner->position = (struct text_position){scanner->position.line + 1, 1};
    else if (((unsigned char)c & 0xC0) != 0x80) /* the other bytes of a character do not count */
        scanner->position.column++;
    return c;
}

static void skip_blanks(struct scanner *scanner)
{
    while (memchr(" \t\r\n", peek(scanner), 4) != NULL)
        step(scanner);
}

/* A string, with its quotes. */
static struct slice skip_string(struct scanner *scanner)
{
    size_t start = scanner->at;
    bool escaped = false;

    step(scanner);
    while (escaped || peek(scanner) != '"')
        escaped = step(scanner) == '\\' && !escaped;
    step(scanner);
    return (struct slice){scanner->text.ptr + start, scanner->at - start};
}

/* A value of any kind; something follows it, for it is part of an object. */
static void skip_value(struct scanner *scanner)
{
    bool plain = memchr("{[\"", peek(scanner), 3) == NULL; /* a number, true, false, null */
    size_t depth = 0;

    do {
        char c = peek(scanner);
        if (c == '"') {
            skip_string(scanner);
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        step(scanner);
    } while (depth > 0 || (plain && memchr(",]} \t\r\n", peek(scanner), 7) == NULL));
}

/* Names may be written with escapes, which only a parser knows to read. */
static bool is_statement(struct slice name, struct arena *arena)
{
    const struct json *text;

    return json_parse(arena, name, 1, &text) == JSON_OK && text->type == JSON_STRING &&
           slice_is(text->text, "Statement");
}

/* Stops before each value of the member Statement: of a name that is there twice, the last one counts. */
static bool find_statements(struct scanner *scanner, struct arena *arena, struct scanner *found)
{
    bool any = false;

    skip_blanks(scanner);
    step(scanner);
    for (skip_blanks(scanner); peek(scanner) != '}'; skip_blanks(scanner)) {
        if (peek(scanner) == ',') {
            step(scanner);
            continue;
        }
        struct slice name = skip_string(scanner);
        skip_blanks(scanner);
        step(scanner); /* the colon */
        skip_blanks(scanner);
        if (is_statement(name, arena)) {
            *found = *scanner;
            any = true;
        }
        skip_value(scanner);
    }
    return any;
}

struct text_range *policy_statement_ranges(const struct policy *policy, struct arena *arena)
{
    struct text_range *ranges = arena_array(arena, struct text_range, policy->count);
    struct scanner scanner = {policy->text, 0, {1, 1}}, found = scanner;
    bool any = find_statements(&scanner, arena, &found);

    CHECK(any);
    bool is_list = peek(&found) == '[';
    for (size_t i = 0; i < policy->count; i++) {
        if (is_list)
            step(&found); /* the bracket, or the comma */
        struct scanner inside = found;
        if (!is_list)
            step(&inside);
        ranges[i].start = inside.position;
        skip_blanks(&found);
        skip_value(&found);
        ranges[i].end = found.position;
        if (is_list)
            skip_blanks(&found);
    }
    return ranges;
}
