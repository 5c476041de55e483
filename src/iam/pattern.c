#include "iam/pattern.h"

#include "base/check.h"

/* ---- reading ---- */

struct reader {
    struct part *parts;
    size_t count;
    size_t variables;
};

static struct part *add_part(struct reader *reader, enum part_kind kind, struct slice text)
{
    struct part *part = &reader->parts[reader->count++];

    *part = (struct part){.kind = kind, .text = text};
    return part;
}

/* Literals are slices of the source; what follows directly on one makes it longer. */
static void add_literal(struct reader *reader, const char *at, size_t length)
{
    struct part *last = reader->count > 0 ? &reader->parts[reader->count - 1] : NULL;

    if (length == 0)
        return;
    if (last != NULL && last->kind == PART_LITERAL && last->text.ptr + last->text.len == at)
        last->text.len += length;
    else
        add_part(reader, PART_LITERAL, (struct slice){at, length});
}

static struct slice trim(struct slice text)
{
    while (text.len > 0 && text.ptr[0] == ' ')
        text = slice_skip(text, 1);
    while (text.len > 0 && text.ptr[text.len - 1] == ' ')
        text.len--;
    return text;
}

/* How long the variable is with which the text begins, "${...}"; 0 if it begins with none. A '}' within the
 * quotes of a default does not end it. */
static size_t variable_length(struct slice text)
{
    bool quoted = false;

    if (!slice_starts_with(text, SLICE("${")))
        return 0;
    for (size_t i = 2; i < text.len; i++) {
        if (text.ptr[i] == '\'')
            quoted = !quoted;
        else if (text.ptr[i] == '}' && !quoted)
            return i + 1;
    }
    return 0;
}

/* "${key}", "${key, 'default'}", and "${*}", "${?}", "${$}" for the characters themselves. A comma without a
 * default in quotes behind it is a part of the key, of which there is none. */
static void add_variable(struct reader *reader, struct slice variable)
{
    struct slice inside = {variable.ptr + 2, variable.len - 3};
    const char *comma = memchr(inside.ptr, ',', inside.len);

    if (inside.len == 1 && memchr("*?$", inside.ptr[0], 3) != NULL) {
        add_literal(reader, inside.ptr, 1);
        return;
    }
    struct part *part = add_part(reader, PART_VARIABLE, trim(inside));
    reader->variables++;
    if (comma == NULL)
        return;
    struct slice key = {inside.ptr, (size_t)(comma - inside.ptr)};
    struct slice fallback = trim(slice_skip(inside, key.len + 1));
    if (fallback.len < 2 || fallback.ptr[0] != '\'' || fallback.ptr[fallback.len - 1] != '\'')
        return;
    part->text = trim(key);
    part->fallback = (struct slice){fallback.ptr + 1, fallback.len - 2};
}

/* A run of '*' is one; it is the last of its segment if a colon or the end follows. */
static size_t add_star(struct reader *reader, struct slice rest, unsigned traits)
{
    size_t length = 1;

    while (length < rest.len && rest.ptr[length] == '*')
        length++;
    bool last = length == rest.len || rest.ptr[length] == ':';
    add_part(reader, (traits & PATTERN_ARN) != 0 && !last ? PART_ANY_BETWEEN : PART_ANY, SLICE("*"));
    return length;
}

/* No text has more parts than this: each of these characters is one at most, with a literal behind it. */
static size_t most_parts(struct slice text)
{
    size_t most = 1;

    for (size_t i = 0; i < text.len; i++)
        most += text.ptr[i] == '*' || text.ptr[i] == '?' || text.ptr[i] == '$' ? 2 : 0;
    return most;
}

struct pattern pattern_read(struct arena *arena, struct slice text, unsigned traits)
{
    struct reader reader = {.parts = arena_array(arena, struct part, most_parts(text))};

    for (size_t i = 0, length; i < text.len; i += length) {
        struct slice rest = slice_skip(text, i);
        size_t variable = (traits & PATTERN_VARIABLES) != 0 ? variable_length(rest) : 0;
        length = 1;
        if (variable > 0) {
            add_variable(&reader, (struct slice){rest.ptr, variable});
            length = variable;
        } else if ((traits & PATTERN_WILDCARDS) != 0 && rest.ptr[0] == '*') {
            length = add_star(&reader, rest, traits);
        } else if ((traits & PATTERN_WILDCARDS) != 0 && rest.ptr[0] == '?') {
            add_part(&reader, PART_ONE, SLICE("?"));
        } else {
            add_literal(&reader, rest.ptr, 1);
        }
    }
    CHECK(reader.variables <= VARIABLES_LIMIT);
    return (struct pattern){.source = text,
                            .parts = reader.parts,
                            .count = reader.count,
                            .variables = reader.variables,
                            .ignores_case = (traits & PATTERN_IGNORES_CASE) != 0,
                            .is_arn = (traits & PATTERN_ARN) != 0};
}

size_t arn_split(struct slice arn, bool variables, struct slice parts[static 6])
{
    size_t count = 0, start = 0;

    for (size_t i = 0, length; i < arn.len && count < 5; i += length) {
        size_t variable = variables ? variable_length(slice_skip(arn, i)) : 0;
        length = variable > 0 ? variable : 1;
        if (variable > 0 || arn.ptr[i] != ':')
            continue;
        parts[count++] = (struct slice){arn.ptr + start, i - start};
        start = i + 1;
    }
    parts[count++] = slice_skip(arn, start);
    return count;
}

/* ---- matching ---- */

bool matching_work(struct matching *matching, size_t steps)
{
    matching->work = matching->work > steps ? matching->work - steps : 0;
    return matching->work > 0;
}

bool matching_find(const struct matching *matching, struct slice key, struct iam_values *out)
{
    *out = (struct iam_values){0};
    return matching->context->find != NULL && matching->context->find(matching->context->from, key, out) &&
           out->count > 0;
}

/* A key that may have several values stands for nothing, even if it has just one: "Multivalued condition keys
 * are not allowed". AWS: "IAM policy elements: Variables and tags". */
bool part_resolve(const struct part *part, const struct matching *matching, struct slice *out)
{
    struct iam_values found;

    if (matching_find(matching, part->text, &found)) {
        *out = found.values[0];
        return found.count == 1 && !found.multi_valued;
    }
    *out = part->fallback;
    return part->fallback.ptr != NULL;
}

static bool resolve_all(const struct pattern *pattern, const struct matching *matching,
                        struct slice resolved[static VARIABLES_LIMIT])
{
    size_t next = 0;

    for (size_t i = 0; next < pattern->variables; i++) {
        if (pattern->parts[i].kind == PART_VARIABLE &&
            !part_resolve(&pattern->parts[i], matching, &resolved[next++]))
            return false;
    }
    return true;
}

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool begins_with(const struct pattern *pattern, struct slice text, struct slice start)
{
    if (!pattern->ignores_case)
        return slice_starts_with(text, start);
    if (text.len < start.len)
        return false;
    for (size_t i = 0; i < start.len; i++) {
        if (fold(text.ptr[i]) != fold(start.ptr[i]))
            return false;
    }
    return true;
}

/* The bytes of one UTF-8 character at the start of the text, which is not empty. */
static size_t character_length(struct slice text)
{
    size_t length = 1;

    while (length < text.len && ((unsigned char)text.ptr[length] & 0xC0) == 0x80)
        length++;
    return length;
}

/* A place to go back to: behind a '*', and where in the text what follows it was tried last. */
struct mark {
    bool set;
    size_t part;
    size_t variable;
    size_t at;
};

struct walk {
    const struct pattern *pattern;
    const struct slice *resolved;
    struct slice text;
    size_t part;
    size_t variable; /* how many variables are behind it */
    size_t at;
    struct mark wide;   /* the last PART_ANY */
    struct mark narrow; /* the last PART_ANY_BETWEEN since */
};

/* One part; false if the text does not go on like it. */
static bool step(struct walk *walk)
{
    const struct part *part = &walk->pattern->parts[walk->part++];
    struct slice rest = slice_skip(walk->text, walk->at), wanted = part->text;

    switch (part->kind) {
    case PART_ANY:
        walk->wide = (struct mark){true, walk->part, walk->variable, walk->at};
        walk->narrow.set = false;
        return true;
    case PART_ANY_BETWEEN:
        walk->narrow = (struct mark){true, walk->part, walk->variable, walk->at};
        return true;
    case PART_ONE:
        if (rest.len == 0 || (walk->pattern->is_arn && rest.ptr[0] == ':'))
            return false;
        walk->at += character_length(rest);
        return true;
    case PART_VARIABLE:
        wanted = walk->resolved[walk->variable++];
        break;
    case PART_LITERAL:
        break;
    }
    if (!begins_with(walk->pattern, rest, wanted))
        return false;
    walk->at += wanted.len;
    return true;
}

/* The next place where what follows a '*' could begin. */
static bool advance(struct walk *walk, struct mark *mark)
{
    const struct part *next = &walk->pattern->parts[mark->part];
    struct slice rest = slice_skip(walk->text, mark->at);

    if (rest.len == 0)
        return false;
    mark->at += character_length(rest);
    if (mark == &walk->wide && mark->part < walk->pattern->count && next->kind == PART_LITERAL &&
        !walk->pattern->ignores_case) {
        rest = slice_skip(walk->text, mark->at);
        const char *found = memmem(rest.ptr, rest.len, next->text.ptr, next->text.len);
        if (found == NULL)
            return false;
        mark->at = (size_t)(found - walk->text.ptr);
    }
    return true;
}

/*
 * Back to the '*' nearest behind, one character further. Earlier ones need not be tried: what lies between
 * two
 * '*' was matched as far to the left as it can be. Only one that stays between colons may have to give up
 * where a wide one before it can still go on.
 */
static bool go_back(struct walk *walk)
{
    struct mark *mark = NULL;
    bool at_colon =
        walk->narrow.set && (walk->narrow.at >= walk->text.len || walk->text.ptr[walk->narrow.at] == ':');

    if (walk->narrow.set && !at_colon && advance(walk, &walk->narrow))
        mark = &walk->narrow;
    else if (walk->wide.set && advance(walk, &walk->wide))
        mark = &walk->wide;
    if (mark == NULL)
        return false;
    if (mark == &walk->wide)
        walk->narrow.set = false;
    walk->part = mark->part;
    walk->variable = mark->variable;
    walk->at = mark->at;
    return true;
}

/* Long literals are compared, and looked for, some bytes at a time. */
static size_t step_cost(const struct walk *walk)
{
    enum { BYTES_A_STEP = 32 };

    return walk->part < walk->pattern->count ? 1 + walk->pattern->parts[walk->part].text.len / BYTES_A_STEP
                                             : 1;
}

enum match pattern_match(const struct pattern *pattern, struct slice text, struct matching *matching)
{
    struct slice resolved[VARIABLES_LIMIT];
    struct walk walk = {.pattern = pattern, .resolved = resolved, .text = text};

    if (text.len == 0)
        walk.text = SLICE("");
    if (!resolve_all(pattern, matching, resolved))
        return MATCH_UNRESOLVED;
    while (matching_work(matching, step_cost(&walk))) {
        if (walk.part == pattern->count && walk.at == text.len)
            return MATCH_YES;
        /* A '*' at the end takes the rest. */
        if (walk.part + 1 == pattern->count && pattern->parts[walk.part].kind == PART_ANY)
            return MATCH_YES;
        if (walk.part < pattern->count && step(&walk))
            continue;
        if (!go_back(&walk))
            return MATCH_NO;
    }
    return MATCH_NO;
}
