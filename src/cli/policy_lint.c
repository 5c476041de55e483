#include "cli/policy_lint.h"

#include <stdint.h>
#include <stdio.h>

#include "cli/connect.h"
#include "deploy/intrinsics.h"
#include "deploy/policies.h"

void lint_document(struct arena *arena, struct slice prefix, enum policy_kind kind, struct slice text,
                   const struct lint_question *question, struct lint_tally *tally)
{
    struct policy_problem problem;
    struct lint_warning *warnings;
    struct policy *policy = policy_create(kind, text, arena, &problem);

    tally->policies++;
    if (policy == NULL) {
        tally->wrong++;
        printf("%.*s: %.*s%s%.*s\n", SLICE_ARGS(prefix), SLICE_ARGS(printable(arena, problem.place)),
               problem.place.len > 0 ? ": " : "", SLICE_ARGS(printable(arena, problem.sentence)));
        return;
    }
    size_t count = policy_lint(policy, question, arena, &warnings);
    for (size_t i = 0; i < count; i++) {
        const struct lint_warning *warning = &warnings[i];
        struct slice sid = policy_statement_sid(policy, warning->statement);
        struct slice line =
            arena_printf(arena, "%.*s: statement %zu%s%.*s%s, %.*s, %.*s: %.*s %.*s", SLICE_ARGS(prefix),
                         warning->statement + 1, sid.len > 0 ? " (" : "", SLICE_ARGS(sid),
                         sid.len > 0 ? ")" : "", SLICE_ARGS(warning->element), SLICE_ARGS(warning->subject),
                         SLICE_ARGS(warning->sentence), SLICE_ARGS(warning->mend));
        printf("%.*s\n", SLICE_ARGS(printable(arena, line)));
    }
    tally->warnings += count;
    policy_destroy(policy);
}

/* ---- the tables of a template ---- */

struct declared_table {
    struct slice name;
    struct slice *indexes;
    size_t index_count;
    bool unknown; /* which indexes it has */
};

struct declared {
    struct declared_table *tables;
    size_t count;
};

static void read_indexes(struct stack *stack, const struct resource *resource, const char *property,
                         struct declared_table *table)
{
    const struct json *given = json_get(resource->properties, property);
    struct json list;
    struct slice reason, name;

    if (given == NULL)
        return;
    enum resolved resolved = stack_evaluate(stack, given, &list, &reason);
    table->unknown |= resolved == RESOLVED_UNKNOWN || resolved == RESOLVED_WRONG;
    if (resolved != RESOLVED || list.type != JSON_ARRAY)
        return;
    table->indexes = arena_grow(stack->arena, table->indexes, table->index_count,
                                table->index_count + list.array.count, sizeof(table->indexes[0]));
    for (size_t i = 0; i < list.array.count; i++) {
        const struct json *index = json_get(&list.array.items[i], "IndexName");
        if (index != NULL && scalar_text(index, &name))
            table->indexes[table->index_count++] = name;
    }
}

/* A table whose name cannot be told, or that is not made, is not there. */
static void read_table(struct stack *stack, struct resource *resource, struct declared *declared)
{
    struct declared_table *table = &declared->tables[declared->count];
    struct slice reason;

    if ((!slice_is(resource->type, "AWS::DynamoDB::Table") &&
         !slice_is(resource->type, "AWS::DynamoDB::GlobalTable")) ||
        !stack_has_resource(stack, resource, &reason) ||
        stack_resource_name(stack, resource, &table->name, &reason) != RESOLVED)
        return;
    read_indexes(stack, resource, "GlobalSecondaryIndexes", table);
    read_indexes(stack, resource, "LocalSecondaryIndexes", table);
    declared->count++;
}

static void read_tables(struct arena *arena, const struct assembly *assembly, struct declared *declared)
{
    size_t resources = 0;

    for (size_t i = 0; i < assembly->count; i++)
        resources += assembly->stacks[i]->resource_count;
    *declared = (struct declared){.tables = arena_array(arena, struct declared_table, resources)};
    for (size_t i = 0; i < assembly->count; i++) {
        for (size_t j = 0; j < assembly->stacks[i]->resource_count; j++)
            read_table(assembly->stacks[i], &assembly->stacks[i]->resources[j], declared);
    }
}

static const struct declared_table *find_table(const struct declared *declared, struct slice name)
{
    for (size_t i = 0; i < declared->count; i++) {
        if (slice_equal(declared->tables[i].name, name))
            return &declared->tables[i];
    }
    return NULL;
}

static struct lint_table declared_table(void *from, struct slice name)
{
    const struct declared_table *table = find_table(from, name);

    if (table == NULL)
        return (struct lint_table){.exists = false};
    return (struct lint_table){true, table->unknown ? SIZE_MAX : table->index_count};
}

static bool declared_index(void *from, struct slice table_name, struct slice index)
{
    const struct declared_table *table = find_table(from, table_name);

    for (size_t i = 0; i < table->index_count; i++) {
        if (slice_equal(table->indexes[i], index))
            return true;
    }
    return table->unknown;
}

/* ---- the policies of a template ---- */

static struct slice prefix_of(struct arena *arena, const char *prefix, const struct stack_policy *policy)
{
    return printable(arena,
                     arena_printf(arena, "%s%.*s: %.*s%s%.*s", prefix,
                                  SLICE_ARGS(policy->stack->identity.file), SLICE_ARGS(policy->resource->id),
                                  policy->name.len > 0 ? "/" : "", SLICE_ARGS(policy->name)));
}

void lint_assembly(struct arena *arena, const char *prefix, const struct assembly *assembly,
                   struct lint_tally *tally)
{
    struct declared declared;
    struct stack_policy *policies;
    size_t count = policies_read(arena, assembly, &policies);

    read_tables(arena, assembly, &declared);
    for (size_t i = 0; i < count; i++) {
        const struct stack_policy *policy = &policies[i];
        const struct lint_question question = {
            .holder = policy->holder,
            .table = declared.count > 0 ? declared_table : NULL,
            .has_index = declared_index,
            .from = &declared,
            .where = "in the template",
        };
        /* What cannot be read yet has no faults to be told. */
        if (policy->text.len > 0)
            lint_document(arena, prefix_of(arena, prefix, policy), policy->kind, policy->text, &question,
                          tally);
    }
}
