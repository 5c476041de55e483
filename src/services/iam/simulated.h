/*
 * What a simulation is about, as its input says it: policies, who asks, the context.
 *
 *     struct simulated simulated;
 *     bool done = simulated_begin(request, &simulated) && ... simulated.authority ...;
 *     simulated_end(&simulated);
 */
#ifndef TURNTABLE_SERVICES_IAM_SIMULATED_H
#define TURNTABLE_SERVICES_IAM_SIMULATED_H

#include "directory/directory.h"
#include "iam/simulate.h"
#include "services/request.h"

/* An entry of the input's context. */
struct simulated_entry {
    struct slice key;
    struct iam_values values;
};

struct simulated {
    struct authority authority;
    const struct policy *resource_policy; /* NULL: none */
    struct iam_context context;

    const struct identity *held; /* whose policies are simulated; NULL: nobody's, or a group's */
    struct attached_policy *policies;
    size_t capacity;
    struct attached_policy boundary;
    struct policy **own; /* those that were compiled for the simulation */
    size_t own_count;
    size_t own_capacity;
    struct simulated_entry *entries;
    size_t entry_count;
};

/* Reads the members that the operation has: PolicySourceArn, PolicyInputList,
 * PermissionsBoundaryPolicyInputList, ResourcePolicy, CallerArn, ContextEntries. On false the failure is set;
 * simulated_end() in either case. */
must_use bool simulated_begin(struct request *request, struct simulated *out);
void simulated_end(struct simulated *simulated);

/* The name of a policy, as results have it: "PolicyInputList.1", "ResourcePolicy", a managed policy's name.
 * `where` NULL: the resource's. */
struct slice simulated_policy_id(const struct attached_policy *where);

#endif
