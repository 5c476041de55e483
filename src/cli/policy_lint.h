/*
 * Tells what policies can never do (iam/lint.h), a line a warning:
 *
 *     template.json: AppRole/Tracks: statement 1 (Read), Action, dynamodb:GetItems: DynamoDB has no ...
 */
#ifndef TURNTABLE_CLI_POLICY_LINT_H
#define TURNTABLE_CLI_POLICY_LINT_H

#include <stddef.h>

#include "deploy/assembly.h"
#include "iam/lint.h"

struct lint_tally {
    size_t policies;
    size_t warnings;
    size_t wrong; /* documents that are no policies, which AWS refuses */
};

/* The warnings of one document on stdout, each line after `prefix`. */
void lint_document(struct arena *arena, struct slice prefix, enum policy_kind kind, struct slice text,
                   const struct lint_question *question, struct lint_tally *tally);

/* Of all policies of the stacks, each line after `prefix`; of tables there are those of the stacks, if they
 * declare any. */
void lint_assembly(struct arena *arena, const char *prefix, const struct assembly *assembly,
                   struct lint_tally *tally);

#endif
