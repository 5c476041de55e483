#include "iam/explain.h"

#include "iam/statement.h"

enum {
    STATEMENTS_SHOWN = 5,
    VALUES_SHOWN = 8,
    BYTES_SHOWN = 300, /* of a value, a name, an ARN */
};

/* How near a statement came to allowing the request. */
enum nearness {
    FAR,
    NEAR_RESOURCE,  /* the resource is its, the action is not */
    NEAR_ACTION,    /* the action is its, the resource is not */
    NEAR_PRINCIPAL, /* both are, but it names others */
    NEAR_CONDITION, /* only a condition failed */
};

struct explanation {
    struct buffer *out;
    const struct authority *authority;
    const struct iam_request *request;
    struct matching matching;
    size_t shown; /* statements */
};

/* ---- showing ---- */

static void say(struct explanation *explanation, const char *words)
{
    buffer_append_string(explanation->out, words);
}

/* Words of the policy or the request: cut if they are long, and with a '?' for what would disturb a line. */
static void say_slice(struct explanation *explanation, struct slice words)
{
    size_t length = words.len < BYTES_SHOWN ? words.len : BYTES_SHOWN;

    while (length > 0 && length < words.len && ((unsigned char)words.ptr[length] & 0xC0) == 0x80)
        length--;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)words.ptr[i];
        buffer_append_byte(explanation->out, c < 0x20 || c == 0x7F ? '?' : words.ptr[i]);
    }
    if (length < words.len)
        say(explanation, "...");
}

static void show(struct explanation *explanation, struct slice text)
{
    say(explanation, "\"");
    say_slice(explanation, text);
    say(explanation, "\"");
}

static const char *source_name(enum policy_source source)
{
    static const char *const names[] = {
        [SOURCE_USER_INLINE] = "the user's inline policy",
        [SOURCE_USER_MANAGED] = "the user's managed policy",
        [SOURCE_GROUP_INLINE] = "a group's inline policy",
        [SOURCE_GROUP_MANAGED] = "a group's managed policy",
        [SOURCE_ROLE_INLINE] = "the role's inline policy",
        [SOURCE_ROLE_MANAGED] = "the role's managed policy",
        [SOURCE_BOUNDARY] = "the permissions boundary",
        [SOURCE_SESSION] = "the session's policy",
        [SOURCE_RESOURCE] = "the resource's policy",
    };

    return names[source];
}

/* "Statement 2 (Sid) of the user's inline policy X" */
static void say_statement(struct explanation *explanation, const struct policy *policy,
                          const struct attached_policy *where, size_t statement)
{
    struct slice sid = policy_statement_sid(policy, statement);

    buffer_printf(explanation->out, "Statement %zu", statement + 1);
    if (sid.len > 0) {
        say(explanation, " (");
        say_slice(explanation, sid);
        say(explanation, ")");
    }
    say(explanation, " of ");
    say(explanation, source_name(where == NULL ? SOURCE_RESOURCE : where->source));
    if (where != NULL && where->name.len > 0) {
        say(explanation, " ");
        say_slice(explanation, where->name);
    }
}

/* ---- conditions ---- */

static bool is_session(const struct explanation *explanation)
{
    return explanation->authority->principal.kind == IAM_ROLE_SESSION;
}

static void explain_variable(struct explanation *explanation, const struct part *part)
{
    struct iam_values found;
    struct slice value;

    if (part->kind != PART_VARIABLE || part_resolve(part, &explanation->matching, &value))
        return;
    say(explanation, "  ${");
    say_slice(explanation, part->text);
    say(explanation, matching_find(&explanation->matching, part->text, &found)
                         ? "} may have several values, so that nothing matches it"
                         : "} has no value in this request, so that nothing matches it");
    if (is_session(explanation) && iam_key_is(part->text, "aws:username"))
        say(explanation, ": a role's session has no user name; for identities of Cognito it is "
                         "${cognito-identity.amazonaws.com:sub}");
    say(explanation, ".\n");
}

static void explain_variables(struct explanation *explanation, const struct pattern *pattern)
{
    for (size_t i = 0; i < pattern->count; i++)
        explain_variable(explanation, &pattern->parts[i]);
}

static void explain_condition_variables(struct explanation *explanation,
                                        const struct policy_condition *condition)
{
    for (size_t i = 0; i < condition->count && i < VALUES_SHOWN; i++) {
        const struct policy_condition_value *value = &condition->values[i];
        if (condition->comparator->family == OPERATOR_STRING)
            explain_variables(explanation, &value->pattern);
        for (size_t j = 0; condition->comparator->family == OPERATOR_ARN && value->arn != NULL && j < 6; j++)
            explain_variables(explanation, &value->arn[j]);
    }
}

static void say_wanted(struct explanation *explanation, const struct policy_condition *condition)
{
    say(explanation, condition->comparator->negated ? ": wanted none of " : ": wanted ");
    for (size_t i = 0; i < condition->count && i < VALUES_SHOWN; i++) {
        say(explanation, i > 0 ? ", " : "");
        show(explanation, condition->values[i].text);
    }
    if (condition->count > VALUES_SHOWN)
        buffer_printf(explanation->out, " and %zu more", condition->count - VALUES_SHOWN);
    if (condition->count == 0)
        say(explanation, "nothing");
}

static void say_given(struct explanation *explanation, const struct iam_values *given)
{
    say(explanation, given->count == 0 ? ", was not there" : ", was ");
    for (size_t i = 0; i < given->count && i < VALUES_SHOWN; i++) {
        say(explanation, i > 0 ? ", " : "");
        show(explanation, given->values[i]);
    }
    if (given->count > VALUES_SHOWN)
        buffer_printf(explanation->out, " and %zu more", given->count - VALUES_SHOWN);
    say(explanation, ".\n");
}

/* "  ForAllValues:StringEquals dynamodb:LeadingKeys: wanted "ana", was "ben"." */
static void say_condition(struct explanation *explanation, const struct policy_condition *condition)
{
    struct iam_values given;

    say(explanation, "  ");
    say_slice(explanation, condition->name);
    say(explanation, " ");
    say_slice(explanation, condition->key);
    say_wanted(explanation, condition);
    (void)matching_find(&explanation->matching, condition->key, &given);
    say_given(explanation, &given);
}

static void explain_condition(struct explanation *explanation, const struct policy_condition *condition)
{
    struct iam_values given;

    say_condition(explanation, condition);
    explain_condition_variables(explanation, condition);
    bool there = matching_find(&explanation->matching, condition->key, &given);
    if (given.count > 1 && condition->set == SET_NONE)
        say(explanation,
            "  There are several values: ForAllValues: holds if all are wanted, ForAnyValue: if one is.\n");
    if (!there && condition->comparator->family != OPERATOR_NULL && !condition->if_exists) {
        say(explanation, "  Requests without this key pass ");
        say_slice(explanation, condition->name);
        say(explanation, "IfExists.\n");
    }
}

/* All that fail, or, of a denial, all that hold. */
static void explain_conditions(struct explanation *explanation, const struct statement *statement)
{
    for (size_t i = 0; i < statement->condition_count; i++) {
        const struct policy_condition *condition = &statement->conditions[i];
        bool holds = policy_condition_holds(condition, statement->denies, &explanation->matching);
        if (statement->denies)
            say_condition(explanation, condition);
        else if (!holds)
            explain_condition(explanation, condition);
    }
}

/* ---- resources ---- */

/* An ARN of a table or of what belongs to it, cut up: ".../table/Track/index/byUserId". */
struct table_arn {
    struct slice table; /* ".../table/Track" */
    struct slice name;  /* "Track" */
    struct slice below; /* "/index/byUserId", "/stream/..."; or empty */
};

static bool table_arn_read(struct slice arn, struct table_arn *out)
{
    struct slice parts[6];

    if (arn_split(arn, false, parts) < 6 || !slice_is(parts[2], "dynamodb") ||
        !slice_starts_with(parts[5], SLICE("table/")))
        return false;
    out->name = slice_skip(parts[5], 6);
    const char *slash = out->name.len == 0 ? NULL : memchr(out->name.ptr, '/', out->name.len);
    if (slash != NULL)
        out->name.len = (size_t)(slash - out->name.ptr);
    out->table = (struct slice){arn.ptr, (size_t)(out->name.ptr + out->name.len - arn.ptr)};
    out->below = slice_skip(arn, out->table.len);
    return true;
}

static void say_below(struct explanation *explanation, const struct table_arn *arn)
{
    say(explanation, "  ");
    say_slice(explanation, arn->name);
    say(explanation, " is granted but not ");
    say_slice(explanation, arn->name);
    say_slice(explanation, arn->below);
    say(explanation, ": add ");
    say_slice(explanation, arn->table);
    say_slice(explanation, arn->below);
    say(explanation,
        slice_starts_with(arn->below, SLICE("/index/")) ? " (or .../index/*)" : " (or .../stream/*)");
    say(explanation, " to Resource.\n");
}

/* Only the index is granted, and the table is asked for. */
static bool has_below(const struct statement *statement, const struct table_arn *arn)
{
    for (size_t i = 0; i < statement->resources.count; i++) {
        struct slice source = statement->resources.items[i].source;
        if (slice_starts_with(source, arn->table) &&
            slice_starts_with(slice_skip(source, arn->table.len), SLICE("/")))
            return true;
    }
    return false;
}

/* The part of the ARN in which a pattern that is else the same differs; 6 if it is none. */
static size_t differing_part(struct slice pattern, struct slice resource, struct slice *wanted,
                             struct slice *given)
{
    struct slice a[6], b[6];
    size_t found = 6;

    if (arn_split(pattern, true, a) < 6 || arn_split(resource, false, b) < 6)
        return 6;
    for (size_t i = 0; i < 6; i++) {
        if (slice_equal(a[i], b[i]) || slice_is(a[i], "*"))
            continue;
        if (found < 6)
            return 6;
        found = i;
    }
    if (found < 6) {
        *wanted = a[found];
        *given = b[found];
    }
    return found;
}

/* The same table in another region or account, or its name in other letters. */
static bool explain_likeness(struct explanation *explanation, const struct statement *statement)
{
    struct slice wanted, given;

    for (size_t i = 0; i < statement->resources.count; i++) {
        struct slice source = statement->resources.items[i].source;
        size_t part = differing_part(source, explanation->request->resource, &wanted, &given);
        bool letters =
            part == 5 && wanted.len == given.len && strncasecmp(wanted.ptr, given.ptr, wanted.len) == 0;
        if (part != 3 && part != 4 && !letters)
            continue;
        say(explanation, letters     ? "  Its name is written "
                         : part == 3 ? "  Its region is "
                                     : "  Its account is ");
        show(explanation, given);
        say(explanation, ", not ");
        show(explanation, wanted);
        say(explanation, ".\n");
        return true;
    }
    return false;
}

static void say_resources(struct explanation *explanation, const struct statement *statement)
{
    const struct patterns *resources = &statement->resources;

    say(explanation, resources->inverted ? "  NotResource leaves out " : "  Resource is ");
    for (size_t i = 0; i < resources->count && i < VALUES_SHOWN; i++) {
        say(explanation, i > 0 ? ", " : "");
        show(explanation, resources->items[i].source);
    }
    if (resources->count > VALUES_SHOWN)
        buffer_printf(explanation->out, " and %zu more", resources->count - VALUES_SHOWN);
    say(explanation, resources->inverted ? ".\n" : ": add ");
    if (resources->inverted)
        return;
    show(explanation, explanation->request->resource);
    say(explanation, ".\n");
}

static void explain_resource(struct explanation *explanation, const struct statement *statement)
{
    struct table_arn arn;
    bool read = table_arn_read(explanation->request->resource, &arn);

    for (size_t i = 0; i < statement->resources.count && i < VALUES_SHOWN; i++)
        explain_variables(explanation, &statement->resources.items[i]);
    if (!statement->resources.inverted && read && arn.below.len > 0 &&
        statement_has_resource(statement, arn.table, &explanation->matching)) {
        say_below(explanation, &arn);
        return;
    }
    if (!statement->resources.inverted && read && arn.below.len == 0 && has_below(statement, &arn)) {
        say(explanation, "  What belongs to the table is granted but not the table itself: add ");
        say_slice(explanation, arn.table);
        say(explanation, " to Resource.\n");
        return;
    }
    if (statement->resources.inverted || !explain_likeness(explanation, statement))
        say_resources(explanation, statement);
}

/* ---- statements ---- */

static enum nearness nearness_of(struct explanation *explanation, const struct policy *policy,
                                 const struct statement *statement)
{
    const struct iam_request *request = explanation->request;
    bool named = statement->named_count == 0 ||
                 statement_names(statement, &explanation->authority->principal) != NAMES_NOT;

    if (statement->denies)
        return FAR;
    bool action = statement_has_action(statement, request->action, &explanation->matching);
    bool resource = policy->kind == POLICY_TRUST ||
                    statement_has_resource(statement, request->resource, &explanation->matching);
    if (action && resource)
        return named ? NEAR_CONDITION : NEAR_PRINCIPAL;
    return action ? NEAR_ACTION : resource ? NEAR_RESOURCE : FAR;
}

static void explain_near(struct explanation *explanation, const struct policy *policy,
                         const struct attached_policy *where, size_t place, enum nearness nearness)
{
    const struct statement *statement = &policy->statements[place];
    static const char *const words[] = {
        [FAR] = "",
        [NEAR_RESOURCE] = " is about this resource, but not this action:\n",
        [NEAR_ACTION] = " allows the action, but not on this resource:\n",
        [NEAR_PRINCIPAL] = " allows it, but to others:\n",
        [NEAR_CONDITION] = " allows it, but a condition does not hold:\n",
    };

    if (explanation->shown++ >= STATEMENTS_SHOWN)
        return;
    say_statement(explanation, policy, where, place);
    say(explanation, words[nearness]);
    if (nearness == NEAR_CONDITION)
        explain_conditions(explanation, statement);
    if (nearness == NEAR_ACTION)
        explain_resource(explanation, statement);
    if (nearness == NEAR_RESOURCE || nearness == NEAR_PRINCIPAL) {
        say(explanation, "  add ");
        say_slice(explanation, nearness == NEAR_PRINCIPAL ? explanation->authority->principal.arn
                                                          : explanation->request->action);
        say(explanation, nearness == NEAR_PRINCIPAL    ? " to Principal.\n"
                         : statement->actions.inverted ? " to another statement's Action.\n"
                                                       : " to Action.\n");
    }
}

/* Some policies of one kind. */
struct layer {
    const struct attached_policy *attached; /* NULL: the resource's alone */
    const struct policy *resource;
    size_t count;
};

static struct layer layer_of(const struct explanation *explanation, enum iam_layer layer)
{
    const struct authority *authority = explanation->authority;

    switch (layer) {
    case LAYER_IDENTITY:
        return (struct layer){authority->identity, NULL, authority->identity_count};
    case LAYER_BOUNDARY:
        return (struct layer){authority->boundary, NULL, authority->boundary != NULL ? 1 : 0};
    case LAYER_SESSION:
        return (struct layer){authority->session, NULL, authority->session_count};
    case LAYER_RESOURCE:
        return (struct layer){NULL, explanation->request->resource_policy,
                              explanation->request->resource_policy != NULL ? 1 : 0};
    case LAYER_NONE:
        break;
    }
    return (struct layer){0};
}

/* The statements that came just so near. */
static void explain_layer(struct explanation *explanation, const struct layer *layer, enum nearness nearness)
{
    for (size_t i = 0; i < layer->count; i++) {
        const struct attached_policy *where = layer->attached == NULL ? NULL : &layer->attached[i];
        const struct policy *policy = where == NULL ? layer->resource : where->policy;
        for (size_t j = 0; j < policy->count; j++) {
            if (nearness_of(explanation, policy, &policy->statements[j]) == nearness)
                explain_near(explanation, policy, where, j, nearness);
        }
    }
}

static void explain_lack(struct explanation *explanation, enum iam_layer which)
{
    static const char *const none[] = {
        [LAYER_NONE] = "The policies have too many wildcards to be evaluated.\n",
        [LAYER_IDENTITY] = "The principal has no policies.\n",
        [LAYER_BOUNDARY] = "There is no permissions boundary.\n",
        [LAYER_SESSION] = "The session has no policies.\n",
        [LAYER_RESOURCE] = "The resource has no policy.\n",
    };
    struct layer layer = layer_of(explanation, which);

    if (layer.count == 0) {
        say(explanation, none[which]);
        return;
    }
    for (int nearness = NEAR_CONDITION; nearness > NEAR_RESOURCE; nearness--)
        explain_layer(explanation, &layer, (enum nearness)nearness);
    if (explanation->shown == 0)
        explain_layer(explanation, &layer, NEAR_RESOURCE);
    if (explanation->shown == 0)
        say(explanation, "No statement is about this action or this resource.\n");
    if (explanation->shown > STATEMENTS_SHOWN)
        buffer_printf(explanation->out, "%zu more statements came as near.\n",
                      explanation->shown - STATEMENTS_SHOWN);
}

static void explain_denial(struct explanation *explanation, const struct iam_verdict *verdict)
{
    const struct statement *statement = &verdict->policy->statements[verdict->statement];

    say_statement(explanation, verdict->policy, verdict->where, verdict->statement);
    say(explanation,
        statement->condition_count > 0 ? " denies it, for its conditions hold:\n" : " denies it.\n");
    explain_conditions(explanation, statement);
    say(explanation, "A Deny overrides any Allow.\n");
}

void iam_explain(struct buffer *out, const struct authority *authority, const struct iam_request *request,
                 const struct iam_verdict *verdict)
{
    struct explanation explanation = {out, authority, request, {&request->context, WORK_LIMIT}, 0};
    size_t start = out->len;

    if (verdict->outcome == IAM_EXPLICITLY_DENIED)
        explain_denial(&explanation, verdict);
    else
        explain_lack(&explanation, verdict->layer);
    if (out->len - start > EXPLANATION_LIMIT) {
        out->len = start + EXPLANATION_LIMIT - 4;
        say(&explanation, "...\n");
    }
}
