/*
 * LintPolicy: what is wrong with a policy's document, or can never do what it says (iam/lint.h), and where.
 * Nothing is kept, and nothing is looked up: what tables are like is told by who asks, who knows those that
 * they may describe.
 */
#include "iam/lint.h"
#include "iam/simulate.h"
#include "services/query_input.h"
#include "services/request.h"
#include "services/turntable/handlers.h"

enum { DOCUMENT_LIMIT = 131072, TABLES_LIMIT = 100, INDEXES_LIMIT = 40, NAME_LIMIT = 255 };

static const char *const types[] = {"IDENTITY_POLICY", "MANAGED_POLICY", "TRUST_POLICY",
                                    "RESOURCE_POLICY", "BUCKET_POLICY",  NULL};
static const enum policy_kind kinds[] = {POLICY_INLINE, POLICY_MANAGED, POLICY_TRUST, POLICY_RESOURCE,
                                         POLICY_BUCKET};
static const char *const holders[] = {"ANYONE", "USER", "ROLE", "COGNITO_ROLE", NULL};
static const enum lint_holder holder_kinds[] = {LINT_ANYONE, LINT_USER, LINT_ROLE, LINT_COGNITO_ROLE};

static const struct shape document = {
    .kind = SHAPE_STRING, .min = 1, .max = DOCUMENT_LIMIT, .in_characters = true};
static const struct shape type = {.kind = SHAPE_STRING, .words = types};
static const struct shape holder = {.kind = SHAPE_STRING, .words = holders};
static const struct shape name = {.kind = SHAPE_STRING, .min = 1, .max = NAME_LIMIT};
static const struct shape index_names = {.kind = SHAPE_LIST, .max = INDEXES_LIMIT, .element = &name};
static const struct shape boolean = {.kind = SHAPE_BOOLEAN};
static const struct shape_entry table_members[] = {
    {"TableName", &name, true}, {"Exists", &boolean, false}, {"IndexNames", &index_names, false}, {0}};
static const struct shape table = {.kind = SHAPE_STRUCTURE, .members = table_members};
static const struct shape tables = {.kind = SHAPE_LIST, .max = TABLES_LIMIT, .element = &table};
static const struct shape_entry members[] = {{"PolicyDocument", &document, true},
                                             {"PolicyType", &type, false},
                                             {"Holder", &holder, false},
                                             {"Tables", &tables, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* Which of the words a member is; the first if it is not given. */
static size_t word_of(const struct request *request, const char *member, const char *const *words)
{
    struct slice text = shape_text(request->body, member);

    for (size_t i = 0; text.ptr != NULL && words[i] != NULL; i++) {
        if (slice_is(text, words[i]))
            return i;
    }
    return 0;
}

/* ---- the tables that were told ---- */

static const struct json *find_table(const struct request *request, struct slice table_name)
{
    const struct json *list = shape_member(request->body, "Tables");

    for (size_t i = 0; list != NULL && i < list->array.count; i++) {
        if (slice_equal(shape_text(&list->array.items[i], "TableName"), table_name))
            return &list->array.items[i];
    }
    return NULL;
}

/* Of one that was not told nothing is said. */
static struct lint_table told_table(void *from, struct slice table_name)
{
    const struct json *found = find_table(from, table_name);

    if (found == NULL)
        return (struct lint_table){true, SIZE_MAX};
    const struct json *indexes = shape_member(found, "IndexNames");
    return (struct lint_table){shape_boolean(found, "Exists", true),
                               indexes == NULL ? 0 : indexes->array.count};
}

static bool told_index(void *from, struct slice table_name, struct slice index)
{
    const struct json *found = find_table(from, table_name);
    const struct json *indexes = found == NULL ? NULL : shape_member(found, "IndexNames");

    for (size_t i = 0; indexes != NULL && i < indexes->array.count; i++) {
        if (slice_equal(indexes->array.items[i].text, index))
            return true;
    }
    return found == NULL;
}

/* ---- places ---- */

/* Lines and columns are counted from 1, columns in characters. */
static struct text_position position_of(struct slice text, size_t offset)
{
    struct text_position position = {1, 1};

    for (size_t i = 0; i < offset && i < text.len; i++) {
        if (text.ptr[i] == '\n')
            position = (struct text_position){position.line + 1, 1};
        else if (((unsigned char)text.ptr[i] & 0xC0) != 0x80)
            position.column++;
    }
    return position;
}

static void write_number(struct buffer *out, bool *first, const char *member, size_t number)
{
    json_write_name(out, first, member);
    buffer_printf(out, "%zu", number);
}

static void write_place(struct buffer *out, bool *first, struct text_position position, size_t length)
{
    write_number(out, first, "Line", position.line);
    write_number(out, first, "Column", position.column);
    write_number(out, first, "Length", length);
}

static size_t characters_of(struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    return count;
}

/* Where what a warning is about is written; if that was with escapes, where its statement begins. */
static void write_warning_place(struct buffer *out, bool *first, const struct policy *policy,
                                const struct lint_warning *warning, const struct text_range *ranges)
{
    struct slice text = policy_text(policy);
    size_t offset = (size_t)((uintptr_t)warning->subject.ptr - (uintptr_t)text.ptr);

    if (warning->subject.len > 0 && offset < text.len)
        write_place(out, first, position_of(text, offset), characters_of(warning->subject));
    else
        write_place(out, first, ranges[warning->statement].start, 0);
}

/* ---- answers ---- */

static void write_warning(struct buffer *out, const struct policy *policy, const struct lint_warning *warning,
                          const struct text_range *ranges)
{
    struct slice sid = policy_statement_sid(policy, warning->statement);
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "Severity", SLICE("WARNING"));
    json_write_string_member(out, &first, "Sentence", warning->sentence);
    json_write_string_member(out, &first, "Mend", warning->mend);
    write_number(out, &first, "Statement", warning->statement + 1);
    if (sid.len > 0)
        json_write_string_member(out, &first, "Sid", sid);
    json_write_string_member(out, &first, "Element", warning->element);
    json_write_string_member(out, &first, "Subject", warning->subject);
    write_warning_place(out, &first, policy, warning, ranges);
    buffer_append_byte(out, '}');
}

static void write_problem(struct buffer *out, struct slice text, const struct policy_problem *problem)
{
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "Severity", SLICE("ERROR"));
    json_write_string_member(out, &first, "Sentence", problem->sentence);
    if (problem->place.len > 0)
        json_write_string_member(out, &first, "Place", problem->place);
    if (problem->length > 0)
        write_place(out, &first, position_of(text, problem->offset),
                    characters_of((struct slice){text.ptr + problem->offset, problem->length}));
    buffer_append_byte(out, '}');
}

bool lint_policy(struct request *request)
{
    struct buffer *out = request->out;
    struct policy_problem problem;
    struct lint_warning *warnings;

    if (!query_input_accepts(request, &input))
        return false;
    struct slice text = shape_text(request->body, "PolicyDocument");
    const struct lint_question question = {.holder = holder_kinds[word_of(request, "Holder", holders)],
                                           .table = told_table,
                                           .has_index = told_index,
                                           .from = request};
    struct policy *policy =
        policy_create(kinds[word_of(request, "PolicyType", types)], text, request->arena, &problem);
    buffer_append_string(out, "{\"Findings\":[");
    if (policy == NULL) {
        write_problem(out, text, &problem);
    } else {
        size_t count = policy_lint(policy, &question, request->arena, &warnings);
        const struct text_range *ranges = policy_statement_ranges(policy, request->arena);
        for (size_t i = 0; i < count; i++) {
            if (i > 0)
                buffer_append_byte(out, ',');
            write_warning(out, policy, &warnings[i], ranges);
        }
    }
    buffer_append_string(out, "]}");
    policy_destroy(policy);
    return true;
}
