/*
 * A plan: the tables that the stacks of an assembly declare, checked, each as the input of the CreateTable
 * that would make it.
 *
 * The checks are those that CreateTable itself makes, and those of CloudFormation before it, so that a wrong
 * template is refused before the first change; only what depends on the tables that are there already is left
 * to apply.h. Properties of features that this server does not have yet are taken and named as not applied.
 *
 * AWS: CloudFormation template reference, AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable.
 */
#ifndef TURNTABLE_DEPLOY_PLAN_H
#define TURNTABLE_DEPLOY_PLAN_H

#include "deploy/assembly.h"

struct planned_table {
    const struct stack *stack;
    const struct resource *resource;
    struct slice name;
    struct slice input_text;  /* the input of CreateTable, JSON */
    const struct json *input; /* the same, read */
    struct slice not_applied; /* properties, separated by ", "; may be empty */
};

/* A resource that is not a table. */
struct left_alone {
    const struct stack *stack;
    const struct resource *resource;
};

struct plan {
    struct planned_table *tables; /* in the order of their making */
    size_t table_count;
    struct left_alone *left;
    size_t left_count;
};

must_use bool plan_make(struct arena *arena, const struct assembly *assembly, struct plan *out,
                        struct problems *problems);

#endif
