/* What a request wants a stack to be made of: its template, parameters, tags, capabilities; read, checked,
 * and put into the stack's record. For CreateStack, UpdateStack, and change sets. */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_SOURCE_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_SOURCE_H

#include "deploy/stack.h"
#include "services/request.h"
#include "stacks/record.h"

/*
 * Reads the template's text and the members of the input into record->source, as what the record's stack is
 * to be; `was` is what it is now, NULL for a new one. The number of the template is the caller's to give.
 * False: the failure is set, with the sentence of the first check that AWS makes.
 */
must_use bool stack_source_read(struct request *request, struct slice template,
                                const struct stack_source *was, struct stack_record *record,
                                struct stack **out);

#endif
