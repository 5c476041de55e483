#include "iam/evaluate.h"

#include "iam/statement.h"

/* ---- statements ---- */

static bool has_pattern(const struct patterns *patterns, struct slice text, struct matching *matching)
{
    bool unresolved = false;

    for (size_t i = 0; i < patterns->count; i++) {
        switch (pattern_match(&patterns->items[i], text, matching)) {
        case MATCH_YES:
            return !patterns->inverted;
        case MATCH_UNRESOLVED:
            unresolved = true;
            break;
        case MATCH_NO:
            break;
        }
    }
    /* NotResource with a variable that has no value leaves out nobody knows what: it is about nothing. */
    return patterns->inverted && !unresolved;
}

bool statement_has_action(const struct statement *statement, struct slice action, struct matching *matching)
{
    return has_pattern(&statement->actions, action, matching);
}

bool statement_has_resource(const struct statement *statement, struct slice resource,
                            struct matching *matching)
{
    return has_pattern(&statement->resources, resource, matching);
}

bool statement_conditions_hold(const struct statement *statement, struct matching *matching)
{
    for (size_t i = 0; i < statement->condition_count; i++) {
        if (!policy_condition_holds(&statement->conditions[i], statement->denies, matching))
            return false;
    }
    return true;
}

static bool is_same(struct slice a, struct slice b)
{
    return a.len > 0 && slice_equal(a, b);
}

/* Everyone is everyone with an identity in an account: one who only shows a provider's token, and a service,
 * must be named to be let in. */
static enum naming names(const struct named *named, const struct iam_principal *principal)
{
    bool outsider = principal->kind == IAM_WEB_IDENTITY || principal->kind == IAM_SERVICE;
    bool service = principal->kind == IAM_SERVICE;

    switch (named->kind) {
    case NAMED_EVERYONE:
        return outsider ? NAMES_NOT : NAMES_SELF;
    case NAMED_ACCOUNT:
        if (!is_same(principal->account, named->text))
            return NAMES_NOT;
        return principal->kind == IAM_ROOT ? NAMES_SELF : NAMES_ACCOUNT;
    case NAMED_ARN:
        if (is_same(principal->arn, named->text))
            return NAMES_SELF;
        return is_same(principal->origin_arn, named->text) ? NAMES_ORIGIN : NAMES_NOT;
    case NAMED_SERVICE:
        return service && is_same(principal->provider, named->text) ? NAMES_SELF : NAMES_NOT;
    case NAMED_PROVIDER:
        return !service && is_same(principal->provider, named->text) ? NAMES_SELF : NAMES_NOT;
    case NAMED_CANONICAL:
        break;
    }
    return NAMES_NOT;
}

/*
 * NotPrincipal. A Deny spares only those of whom all is named that they are: "When you use NotPrincipal with
 * Deny, you must also specify the account ARN", and for a session its role as well. An Allow spares whoever
 * is named in any way. AWS: "AWS JSON policy elements: NotPrincipal".
 */
static enum naming names_others(const struct statement *statement, const struct iam_principal *principal)
{
    bool self = principal->kind == IAM_ROOT, origin = principal->origin_arn.len == 0;
    bool account = principal->account.len == 0, any = false;

    for (size_t i = 0; i < statement->named_count; i++) {
        const struct named *named = &statement->named[i];
        enum naming naming = names(named, principal);
        any = any || naming != NAMES_NOT;
        self = self || naming == NAMES_SELF;
        origin = origin || naming == NAMES_ORIGIN || named->kind == NAMED_EVERYONE;
        account =
            account || named->kind == NAMED_EVERYONE || (named->kind == NAMED_ACCOUNT && naming != NAMES_NOT);
    }
    bool spared = statement->denies ? self && origin && account : any;
    return spared ? NAMES_NOT : NAMES_SELF;
}

enum naming statement_names(const struct statement *statement, const struct iam_principal *principal)
{
    enum naming best = NAMES_NOT;

    if (statement->not_principal)
        return names_others(statement, principal);
    for (size_t i = 0; i < statement->named_count; i++) {
        enum naming naming = names(&statement->named[i], principal);
        if (statement->denies && statement->named[i].kind == NAMED_EVERYONE)
            naming = NAMES_SELF;
        if (naming > best)
            best = naming;
    }
    return best;
}

/* ---- policies ---- */

/* What a layer's policies say together: the first Deny, else the first Allow, or the resource's best one. */
struct finding {
    bool denied;
    bool allowed;
    enum naming naming; /* of a resource's policy: how its Allow names who asks */
    const struct policy *policy;
    const struct attached_policy *where;
    size_t statement;
};

struct evaluation {
    const struct authority *authority;
    const struct iam_request *request;
    bool trust; /* the resource's policy is a role's trust policy, whose statements name no resource */
    struct matching matching;
};

static bool is_about(struct evaluation *evaluation, const struct policy *policy,
                     const struct statement *statement)
{
    const struct iam_request *request = evaluation->request;

    return matching_work(&evaluation->matching, 1) &&
           statement_has_action(statement, request->action, &evaluation->matching) &&
           (policy->kind == POLICY_TRUST ||
            statement_has_resource(statement, request->resource, &evaluation->matching)) &&
           statement_conditions_hold(statement, &evaluation->matching);
}

static void find(struct evaluation *evaluation, const struct policy *policy,
                 const struct attached_policy *where, struct finding *finding)
{
    bool names_principals =
        policy->kind == POLICY_TRUST || policy->kind == POLICY_RESOURCE || policy->kind == POLICY_BUCKET;

    for (size_t i = 0; i < policy->count && !finding->denied; i++) {
        const struct statement *statement = &policy->statements[i];
        enum naming naming =
            names_principals ? statement_names(statement, &evaluation->authority->principal) : NAMES_SELF;
        bool better = statement->denies ? naming != NAMES_NOT : naming > finding->naming;
        if (!better || !is_about(evaluation, policy, statement))
            continue;
        finding->denied = statement->denies;
        finding->allowed = true;
        finding->naming = naming;
        finding->policy = policy;
        finding->where = where;
        finding->statement = i;
    }
}

static struct finding find_in_all(struct evaluation *evaluation, const struct attached_policy *policies,
                                  size_t count)
{
    struct finding finding = {0};

    for (size_t i = 0; i < count && !finding.denied; i++)
        find(evaluation, policies[i].policy, &policies[i], &finding);
    return finding;
}

/* ---- the verdict ---- */

static struct iam_verdict decide(enum iam_outcome outcome, enum iam_layer layer,
                                 const struct finding *finding)
{
    return (struct iam_verdict){outcome, layer, finding->policy, finding->where, finding->statement};
}

static struct iam_verdict lack(enum iam_layer layer)
{
    return (struct iam_verdict){.outcome = IAM_IMPLICITLY_DENIED, .layer = layer};
}

struct findings {
    struct finding identity;
    struct finding boundary;
    struct finding session;
    struct finding resource;
};

static bool is_denied(const struct findings *found, struct iam_verdict *verdict)
{
    const struct finding *const findings[] = {&found->identity, &found->boundary, &found->session,
                                              &found->resource};
    static const enum iam_layer layers[] = {LAYER_IDENTITY, LAYER_BOUNDARY, LAYER_SESSION, LAYER_RESOURCE};

    for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
        if (findings[i]->denied) {
            *verdict = decide(IAM_EXPLICITLY_DENIED, layers[i], findings[i]);
            return true;
        }
    }
    return false;
}

/*
 * What an Allow of the resource's policy is worth within the account. It is enough for whom it names: "not
 * limited by an implicit deny in an identity-based policy, a permissions boundary, or session policy". One
 * that names the role is limited by the session's policies and the boundary. One that names the account
 * leaves it to the principal's own policies, which a role's trust policy must do before they count at all.
 * AWS: "Determining whether a request is allowed or denied within an account".
 */
static struct iam_verdict weigh(const struct evaluation *evaluation, const struct findings *found)
{
    const struct authority *authority = evaluation->authority;
    enum naming granted = found->resource.naming;
    bool root = authority->principal.kind == IAM_ROOT;

    if (granted == NAMES_SELF)
        return decide(IAM_ALLOWED, LAYER_RESOURCE, &found->resource);
    if (evaluation->trust && granted == NAMES_NOT)
        return lack(LAYER_RESOURCE);
    if (granted != NAMES_ORIGIN && !found->identity.allowed && !root)
        return lack(LAYER_IDENTITY);
    if (authority->boundary != NULL && !found->boundary.allowed)
        return lack(LAYER_BOUNDARY);
    if (authority->session_count > 0 && !found->session.allowed)
        return lack(LAYER_SESSION);
    if (found->identity.allowed)
        return decide(IAM_ALLOWED, LAYER_IDENTITY, &found->identity);
    return granted == NAMES_ORIGIN ? decide(IAM_ALLOWED, LAYER_RESOURCE, &found->resource)
                                   : (struct iam_verdict){.outcome = IAM_ALLOWED};
}

static struct iam_verdict evaluate(const struct authority *authority, const struct iam_request *request,
                                   bool trust)
{
    struct evaluation evaluation = {authority, request, trust, {&request->context, WORK_LIMIT}};
    struct findings found = {0};
    struct iam_verdict verdict;

    found.identity = find_in_all(&evaluation, authority->identity, authority->identity_count);
    found.boundary = find_in_all(&evaluation, authority->boundary, authority->boundary != NULL ? 1 : 0);
    found.session = find_in_all(&evaluation, authority->session, authority->session_count);
    if (request->resource_policy != NULL)
        find(&evaluation, request->resource_policy, NULL, &found.resource);
    if (evaluation.matching.work == 0)
        return lack(LAYER_NONE);
    return is_denied(&found, &verdict) ? verdict : weigh(&evaluation, &found);
}

struct iam_verdict iam_evaluate(const struct authority *authority, const struct iam_request *request)
{
    return evaluate(authority, request, false);
}

struct iam_verdict iam_evaluate_trust(const struct authority *authority, const struct iam_request *request)
{
    return evaluate(authority, request, true);
}

/* ---- the message ---- */

static const char *layer_name(enum iam_layer layer)
{
    static const char *const names[] = {[LAYER_NONE] = "policy",
                                        [LAYER_IDENTITY] = "identity-based policy",
                                        [LAYER_BOUNDARY] = "permissions boundary",
                                        [LAYER_SESSION] = "session policy",
                                        [LAYER_RESOURCE] = "resource-based policy"};

    return names[layer];
}

void iam_denial_message(struct buffer *out, const struct authority *authority,
                        const struct iam_request *request, const struct iam_verdict *verdict)
{
    const char *layer = layer_name(verdict->layer);
    /* S3 alone quotes it. AWS: "Troubleshoot access denied (403 Forbidden) errors in Amazon S3". */
    const char *quote = slice_starts_with(request->action, SLICE("s3:")) ? "\"" : "";

    if (authority->principal.arn.len == 0) {
        buffer_printf(out, "Not authorized to perform %.*s", SLICE_ARGS(request->action));
        return;
    }
    buffer_printf(out, "User: %.*s is not authorized to perform: %.*s on resource: %s%.*s%s",
                  SLICE_ARGS(authority->principal.arn), SLICE_ARGS(request->action), quote,
                  SLICE_ARGS(request->resource), quote);
    if (verdict->layer == LAYER_NONE)
        buffer_append_string(out, " because its policies take too long to evaluate");
    else if (verdict->outcome == IAM_EXPLICITLY_DENIED)
        buffer_printf(out, " with an explicit deny in a%s %s", verdict->layer == LAYER_IDENTITY ? "n" : "",
                      layer);
    else
        buffer_printf(out, " because no %s allows the %.*s action", layer, SLICE_ARGS(request->action));
}
