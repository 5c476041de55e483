/*
 * What a template can do that whoever deploys it must have agreed to: make identities and permissions, be
 * changed by macros.
 *
 * AWS: "Acknowledging IAM resources in CloudFormation templates", CreateStack's Capabilities.
 */
#ifndef TURNTABLE_DEPLOY_CAPABILITIES_H
#define TURNTABLE_DEPLOY_CAPABILITIES_H

#include "base/arena.h"
#include "base/json.h"

struct capabilities {
    bool iam;          /* CAPABILITY_IAM, or CAPABILITY_NAMED_IAM */
    bool named_iam;    /* CAPABILITY_NAMED_IAM */
    bool auto_expand;  /* CAPABILITY_AUTO_EXPAND */
    struct slice what; /* the types for which it is, with ", " between; or the macros */
};

/* Of a template as it was written, whose sections have their form (form.h). */
struct capabilities capabilities_of(struct arena *arena, const struct json *template);

/* The names of the template's macros, as a list of texts; empty if there are none. */
struct json transforms_of(struct arena *arena, const struct json *template);

#endif
