/*
 * Where CloudFormation reads the templates of a stack that is deployed: a small one goes along with the
 * request, a large one and those of nested stacks are put into a bucket first, as the CDK does it.
 */
#ifndef TURNTABLE_CLI_STACK_TEMPLATES_H
#define TURNTABLE_CLI_STACK_TEMPLATES_H

#include "base/buffer.h"
#include "deploy/assembly.h"
#include "deploy/client.h"

/*
 * Puts what `stack` (not a nested one) needs into buckets, and adds the member of CreateStack and UpdateStack
 * that says where its own template is: TemplateBody or TemplateURL. False: *problem says why not.
 */
must_use bool stack_templates_place(struct client *client, struct arena *arena,
                                    const struct assembly *assembly, const struct stack *stack,
                                    struct buffer *members, struct slice *problem);

#endif
