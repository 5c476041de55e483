/*
 * What bringing a stack to a template would change, by a change set that is never executed.
 *
 *     + TrackTable       AWS::DynamoDB::GlobalTable
 *     ~ UserTable        AWS::DynamoDB::GlobalTable Users: AttributeDefinitions, GlobalSecondaryIndexes
 *     ~ Playlists        AWS::DynamoDB::GlobalTable Playlists: KeySchema; REPLACED
 *     - Old              AWS::DynamoDB::GlobalTable OldTable
 */
#ifndef TURNTABLE_CLI_STACK_DIFF_H
#define TURNTABLE_CLI_STACK_DIFF_H

#include "cli/stack_client.h"

/*
 * Prints the changes of the stack and of those nested in it, names in a column `width` wide, and counts them.
 * `stack` was looked at, and is new (no `arn`) or takes updates; `members` are as for stack_begin(). Nothing
 * of what is asked for stays behind: the change set is deleted, and so is a stack that was begun for it.
 * False: there is a problem.
 */
must_use bool stack_diff(struct stack_client *stack, struct slice members, int width, size_t *changes);

#endif
