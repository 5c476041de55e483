/*
 * What is to be deployed: one template file, or a cdk.out folder (a cloud assembly) with the templates of an
 * app's stacks.
 *
 * Of a folder, manifest.json says which templates there are and in which order; nested stacks and stages are
 * followed. A manifest is a stranger's: paths that lead out of the folder are refused.
 */
#ifndef TURNTABLE_DEPLOY_ASSEMBLY_H
#define TURNTABLE_DEPLOY_ASSEMBLY_H

#include "deploy/stack.h"

struct assembly_options {
    struct slice stack_name; /* of a template file; empty: after the file */
    struct slice region;     /* of stacks that name none */
    struct slice account;
    const struct json *parameters; /* an object of texts by name, or NULL: each stack that is not nested takes
                                      those that its template declares */
};

struct assembly {
    struct stack **stacks; /* in the order of their making; nested ones before those that hold them */
    struct slice *texts;   /* of their templates */
    size_t count;
};

must_use bool assembly_open(struct arena *arena, const char *path, const struct assembly_options *options,
                            struct assembly *out, struct problems *problems);

#endif
