#include "iam/lint.h"

#include "iam/statement.h"

/* What an action is asked for on. */
enum {
    ON_TABLE = 1,
    ON_INDEX = 2,
    ON_STREAM = 4,
    ON_BACKUP = 8,
    ON_EXPORT = 16,
    ON_IMPORT = 32,
    ON_GLOBAL_TABLE = 64,
    NONE = 128, /* "*" alone */
    ON_ANY = 255,
};

enum {
    KEY_ATTRIBUTES = 1,
    KEY_ENCLOSING = 2,
    KEY_FULL_SCAN = 4,
    KEY_LEADING = 8,
    KEY_CONSUMED = 16,
    KEY_VALUES = 32,
    KEY_SELECT = 64,
};

static const struct action {
    const char *name; /* "dynamodb:GetItem" */
    unsigned on;
    unsigned keys;
} actions[] = {
#define X(name, on, keys) {"dynamodb:" #name, on, keys},
#include "iam/actions.def"
#undef X
};

enum { ACTIONS = sizeof(actions) / sizeof(actions[0]) };

static const struct {
    const char *name;
    unsigned key;
    bool multi_valued;
} keys[] = {
    {"dynamodb:Attributes", KEY_ATTRIBUTES, true},
    {"dynamodb:EnclosingOperation", KEY_ENCLOSING, false},
    {"dynamodb:FullTableScan", KEY_FULL_SCAN, false},
    {"dynamodb:LeadingKeys", KEY_LEADING, true},
    {"dynamodb:ReturnConsumedCapacity", KEY_CONSUMED, false},
    {"dynamodb:ReturnValues", KEY_VALUES, false},
    {"dynamodb:Select", KEY_SELECT, false},
};

/* Operations of the API that are no actions, and what they are authorised as. */
static const struct {
    const char *name;
    const char *mend;
} operations[] = {
    {"dynamodb:TransactGetItems", "Use dynamodb:GetItem."},
    {"dynamodb:TransactWriteItems", "Use dynamodb:PutItem, UpdateItem, DeleteItem and ConditionCheckItem."},
    {"dynamodb:ExecuteStatement",
     "Use dynamodb:PartiQLSelect, PartiQLInsert, PartiQLUpdate and PartiQLDelete."},
    {"dynamodb:BatchExecuteStatement",
     "Use dynamodb:PartiQLSelect, PartiQLInsert, PartiQLUpdate and PartiQLDelete."},
    {"dynamodb:ExecuteTransaction",
     "Use dynamodb:PartiQLSelect, PartiQLInsert, PartiQLUpdate and PartiQLDelete."},
};

enum { OPERATIONS = sizeof(operations) / sizeof(operations[0]), KEYS = sizeof(keys) / sizeof(keys[0]) };

struct linting {
    const struct policy *policy;
    const struct lint_question *question;
    struct arena *arena;
    struct iam_context nothing;
    struct matching matching;
    struct lint_warning *warnings;
    size_t count;
    size_t place;
    const struct statement *statement;
    bool acts[ACTIONS]; /* which actions the statement is about */
};

static void warn(struct linting *linting, const char *element, struct slice subject, struct slice sentence,
                 struct slice mend)
{
    if (linting->count == LINT_LIMIT)
        return;
    linting->warnings[linting->count++] =
        (struct lint_warning){linting->place, slice_of(element), subject, sentence, mend};
}

static bool is_vendor(struct slice text, const char *vendor)
{
    struct slice rest;

    return iam_key_starts_with(text, vendor, &rest);
}

static bool has_wildcard(struct slice text)
{
    return text.len > 0 &&
           (memchr(text.ptr, '*', text.len) != NULL || memchr(text.ptr, '?', text.len) != NULL);
}

/* ---- actions ---- */

/* How many letters must change, come or go to make one word of the other; words are short. */
static size_t distance(struct slice a, struct slice b)
{
    enum { LONGEST = 64 };
    size_t row[LONGEST + 1];

    if (a.len > LONGEST || b.len > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t changed = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]);
            size_t least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            diagonal = row[j];
            row[j] = changed < least ? changed : least;
        }
    }
    return row[b.len];
}

static struct slice nearest_action(struct linting *linting, struct slice name)
{
    enum { NEAR = 4 };
    size_t best = NEAR;
    const char *nearest = NULL;

    for (size_t i = 0; i < OPERATIONS; i++) {
        if (iam_key_is(name, operations[i].name))
            return slice_of(operations[i].mend);
    }
    for (size_t i = 0; i < ACTIONS; i++) {
        size_t letters = distance(name, slice_of(actions[i].name));
        if (letters < best) {
            best = letters;
            nearest = actions[i].name;
        }
    }
    return nearest == NULL ? SLICE("Remove it.") : arena_printf(linting->arena, "Is it %s?", nearest);
}

/* A warning must not come from work that ran out: each pattern has all of it. */
static bool is_action(struct linting *linting, const struct pattern *pattern)
{
    linting->matching.work = WORK_LIMIT;
    for (size_t i = 0; i < ACTIONS; i++) {
        if (pattern_match(pattern, slice_of(actions[i].name), &linting->matching) == MATCH_YES)
            return true;
    }
    return false;
}

static void lint_actions(struct linting *linting)
{
    const struct patterns *patterns = &linting->statement->actions;

    for (size_t i = 0; i < patterns->count && linting->count < LINT_LIMIT; i++) {
        struct slice source = patterns->items[i].source;
        if (is_vendor(source, "dynamodb:") && !is_action(linting, &patterns->items[i]))
            warn(linting, patterns->inverted ? "NotAction" : "Action", source,
                 SLICE("DynamoDB has no such action."), nearest_action(linting, source));
    }
    for (size_t i = 0; i < ACTIONS; i++) {
        linting->matching.work = WORK_LIMIT;
        linting->acts[i] =
            statement_has_action(linting->statement, slice_of(actions[i].name), &linting->matching);
    }
}

/* ---- resources ---- */

/* A resource of DynamoDB: the parts of the ARN's last part, as far as they are plain. */
struct target {
    unsigned on;        /* what the pattern can be: ON_... */
    struct slice table; /* the table's name; empty if it has wildcards or variables */
    struct slice index;
};

static const struct {
    const char *part;
    unsigned on;
} below_table[] = {
    {"/index/", ON_INDEX},   {"/stream/", ON_STREAM}, {"/backup/", ON_BACKUP},
    {"/export/", ON_EXPORT}, {"/import/", ON_IMPORT},
};

static struct slice plain(struct slice text)
{
    bool is_plain = !has_wildcard(text) && (text.len == 0 || memchr(text.ptr, '$', text.len) == NULL);

    return is_plain ? text : SLICE("");
}

static struct target read_table(struct slice name)
{
    for (size_t i = 0; i < sizeof(below_table) / sizeof(below_table[0]); i++) {
        size_t length = strlen(below_table[i].part);
        const char *found = name.len == 0 ? NULL : memmem(name.ptr, name.len, below_table[i].part, length);
        if (found == NULL)
            continue;
        size_t before = (size_t)(found - name.ptr);
        struct slice after = slice_skip(name, before + length);
        return (struct target){below_table[i].on, plain((struct slice){name.ptr, before}), plain(after)};
    }
    /* A star may be a table's name and all that is below. */
    bool wild = name.len > 0 && memchr(name.ptr, '*', name.len) != NULL;
    return (struct target){wild ? ON_ANY & ~(unsigned)(ON_GLOBAL_TABLE | NONE) : ON_TABLE, plain(name), {0}};
}

/* False if it is no resource of DynamoDB, or nobody can say which. */
static bool read_target(const struct linting *linting, struct slice resource, struct target *out)
{
    struct slice parts[6];

    *out = (struct target){.on = ON_ANY};
    if (slice_is(resource, "*"))
        return true;
    if (arn_split(resource, linting->policy->has_variables, parts) < 6 || !slice_is(parts[2], "dynamodb"))
        return false;
    if (slice_starts_with(parts[5], SLICE("table/")))
        *out = read_table(slice_skip(parts[5], 6));
    else if (slice_starts_with(parts[5], SLICE("global-table/")))
        out->on = ON_GLOBAL_TABLE;
    return true;
}

static void lint_table(struct linting *linting, struct slice resource, const struct target *target)
{
    const struct lint_question *question = linting->question;

    if (question->table == NULL || target->table.len == 0)
        return;
    struct lint_table table = question->table(question->from, target->table);
    if (!table.exists)
        warn(linting, "Resource", resource,
             arena_printf(linting->arena, "There is no such table%s%s.", question->where == NULL ? "" : " ",
                          question->where == NULL ? "" : question->where),
             SLICE("Create it, or correct its name."));
    else if (target->on == ON_INDEX && table.indexes == 0)
        warn(linting, "Resource", resource, SLICE("The table has no indexes."),
             SLICE("Remove it, or add an index."));
    else if (target->on == ON_INDEX && target->index.len > 0 &&
             !question->has_index(question->from, target->table, target->index))
        warn(linting, "Resource", resource, SLICE("The table has no such index."),
             SLICE("Create it, or correct its name."));
}

static bool acts_on(const struct linting *linting, unsigned on)
{
    for (size_t i = 0; i < ACTIONS; i++) {
        if (linting->acts[i] && (actions[i].on & on) != 0)
            return true;
    }
    return false;
}

static void lint_resources(struct linting *linting)
{
    const struct patterns *resources = &linting->statement->resources;
    struct target target;

    for (size_t i = 0; i < resources->count; i++) {
        struct slice source = resources->items[i].source;
        if (!read_target(linting, source, &target))
            continue;
        lint_table(linting, source, &target);
        if (target.on != ON_ANY && !resources->inverted && !acts_on(linting, target.on) &&
            acts_on(linting, ON_ANY))
            warn(linting, "Resource", source,
                 target.on == ON_INDEX
                     ? SLICE("None of the statement's actions is ever asked for on an index.")
                     : SLICE("None of the statement's actions is ever asked for on such a resource."),
                 SLICE("Remove it, or add the actions that are."));
    }
}

/* All that the statement's resources can be; ON_ANY if that is not known. */
static unsigned targets_of(const struct linting *linting)
{
    const struct patterns *resources = &linting->statement->resources;
    struct target target;
    unsigned on = resources->inverted ? ON_ANY : 0;

    for (size_t i = 0; i < resources->count; i++)
        on |= read_target(linting, resources->items[i].source, &target) ? target.on : 0;
    return on;
}

/* An action that is written out, and never asked for on what the statement names. */
static void lint_fit(struct linting *linting)
{
    const struct patterns *patterns = &linting->statement->actions;
    unsigned on = targets_of(linting);

    for (size_t i = 0; i < patterns->count && !patterns->inverted; i++) {
        for (size_t j = 0; j < ACTIONS; j++) {
            if (!iam_key_is(patterns->items[i].source, actions[j].name) || (actions[j].on & on) != 0)
                continue;
            warn(linting, "Action", patterns->items[i].source,
                 SLICE("It is never asked for on the statement's resources."),
                 actions[j].on == NONE                      ? SLICE("It has none: Resource must be \"*\".")
                 : actions[j].on == ON_STREAM               ? SLICE("Add .../stream/* to Resource.")
                 : (actions[j].on & (unsigned)ON_TABLE) > 0 ? SLICE("Add the table to Resource.")
                                                            : SLICE("Add what it is about to Resource."));
        }
    }
}

/* ---- keys that principals never have ---- */

enum { USER = 1 << LINT_USER, ROLE = 1 << LINT_ROLE, COGNITO = 1 << LINT_COGNITO_ROLE };

/* This server tells sessions of identity pools who signed in, as policies of older apps expect it. */
#define NO_USER_NAME                                                                                         \
    "On AWS no role's session has a user name; here those of identity pools have one, unless the server "    \
    "runs "                                                                                                  \
    "with --strict-iam."

static const struct {
    const char *key;
    bool prefix;
    unsigned holders;
    const char *sentence;
    const char *mend;
} absent[] = {
    {"aws:username", false, COGNITO, NO_USER_NAME, "Use cognito-identity.amazonaws.com:sub."},
    {"aws:username", false, ROLE, NO_USER_NAME, "Use aws:userid, or a tag: aws:PrincipalTag/... ."},
    {"cognito-identity.amazonaws.com:", true, USER, "A user is no identity of Cognito.", "Use aws:username."},
    {"www.amazon.com:", true, USER, "A user has signed in with no provider.", "Use aws:username."},
    {"graph.facebook.com:", true, USER, "A user has signed in with no provider.", "Use aws:username."},
    {"accounts.google.com:", true, USER, "A user has signed in with no provider.", "Use aws:username."},
    {"aws:FederatedProvider", false, USER, "A user has signed in with no provider.", "Use aws:username."},
    {"saml:", true, USER, "A user has signed in with no provider.", "Use aws:username."},
};

#undef NO_USER_NAME

/* False if principals may have the key. */
static bool lint_key(struct linting *linting, const char *element, struct slice key, bool variable)
{
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        bool is = absent[i].prefix ? is_vendor(key, absent[i].key) : iam_key_is(key, absent[i].key);
        if (!is || (absent[i].holders & (1u << linting->question->holder)) == 0)
            continue;
        struct slice subject = variable ? arena_printf(linting->arena, "${%.*s}", SLICE_ARGS(key)) : key;
        warn(linting, element, subject, slice_of(absent[i].sentence), slice_of(absent[i].mend));
        return true;
    }
    return false;
}

static void lint_variables(struct linting *linting, const char *element, const struct pattern *pattern)
{
    bool old = !linting->policy->has_variables && pattern->source.len > 1 &&
               memmem(pattern->source.ptr, pattern->source.len, "${", 2) != NULL;

    if (old)
        warn(linting, element, pattern->source, SLICE("There are no variables in this version of policies."),
             SLICE("Set Version to 2012-10-17."));
    for (size_t i = 0; i < pattern->count; i++) {
        const struct part *part = &pattern->parts[i];
        if (part->kind == PART_VARIABLE && part->fallback.ptr == NULL)
            (void)lint_key(linting, element, part->text, true);
    }
}

/* ---- conditions ---- */

static bool holds_without_key(const struct policy_condition *condition)
{
    return condition->if_exists || condition->set == SET_ALL ||
           (condition->set == SET_NONE && condition->comparator->negated);
}

/* A key that requests for some of the statement's actions never have: the condition always or never holds. */
static void lint_absence(struct linting *linting, const struct policy_condition *condition, unsigned key)
{
    bool holds = holds_without_key(condition);
    size_t without = 0;
    const char *first = NULL;

    for (size_t i = 0; i < ACTIONS; i++) {
        if (linting->acts[i] && actions[i].keys != 0 && (actions[i].keys & key) == 0) {
            without++;
            first = first == NULL ? actions[i].name : first;
        }
    }
    if (without == 0 || condition->comparator->family == OPERATOR_NULL)
        return;
    struct slice others =
        without > 1 ? arena_printf(linting->arena, " and %zu more", without - 1) : SLICE("");
    warn(linting, "Condition", condition->key,
         arena_printf(linting->arena, "Requests for %s%.*s do not have this key, and %.*s %s without it.",
                      first, SLICE_ARGS(others), SLICE_ARGS(condition->name),
                      holds ? "holds" : "never holds"),
         holds ? SLICE("Move these actions to a statement of their own, or deny them.")
               : SLICE("Move these actions to a statement of their own."));
}

static bool has_condition_on(const struct statement *statement, const char *key)
{
    for (size_t i = 0; i < statement->condition_count; i++) {
        if (iam_key_is(statement->conditions[i].key, key))
            return true;
    }
    return false;
}

static bool acts_with(const struct linting *linting, unsigned key)
{
    for (size_t i = 0; i < ACTIONS; i++) {
        if (linting->acts[i] && (actions[i].keys & key) != 0)
            return true;
    }
    return false;
}

/* Who asks for no attributes in particular gets all. AWS: "Using IAM policy conditions for fine-grained
 * access control". */
static void lint_attributes(struct linting *linting, const struct policy_condition *condition)
{
    const struct statement *statement = linting->statement;

    if (statement->denies)
        return;
    if (acts_with(linting, KEY_SELECT) && !has_condition_on(statement, "dynamodb:Select"))
        warn(linting, "Condition", condition->key,
             SLICE("A read that names no attributes returns all of them."),
             SLICE("Add \"StringEqualsIfExists\": {\"dynamodb:Select\": \"SPECIFIC_ATTRIBUTES\"}."));
    if (acts_with(linting, KEY_VALUES) && acts_with(linting, KEY_ENCLOSING) &&
        !has_condition_on(statement, "dynamodb:ReturnValues") && !acts_with(linting, KEY_SELECT))
        warn(linting, "Condition", condition->key,
             SLICE("A write may return attributes that it does not name."),
             SLICE("Add \"StringEqualsIfExists\": {\"dynamodb:ReturnValues\": [\"NONE\", \"UPDATED_OLD\", "
                   "\"UPDATED_NEW\"]}."));
}

static void lint_dynamodb_key(struct linting *linting, const struct policy_condition *condition)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (!iam_key_is(condition->key, keys[i].name))
            continue;
        lint_absence(linting, condition, keys[i].key);
        if (keys[i].multi_valued && condition->set == SET_NONE &&
            condition->comparator->family != OPERATOR_NULL)
            warn(linting, "Condition", condition->key,
                 arena_printf(linting->arena, "It may have several values, which %.*s does not allow.",
                              SLICE_ARGS(condition->name)),
                 arena_printf(linting->arena, "Use ForAllValues:%.*s.", SLICE_ARGS(condition->name)));
        if (keys[i].key == KEY_ATTRIBUTES)
            lint_attributes(linting, condition);
        return;
    }
    warn(linting, "Condition", condition->key, SLICE("DynamoDB has no such key."),
         SLICE("Its keys are Attributes, EnclosingOperation, FullTableScan, LeadingKeys, "
               "ReturnConsumedCapacity, ReturnValues and Select."));
}

static void lint_values(struct linting *linting, const struct policy_condition *condition)
{
    for (size_t i = 0; i < condition->count; i++) {
        const struct policy_condition_value *value = &condition->values[i];
        if (condition->comparator->family == OPERATOR_STRING) {
            lint_variables(linting, "Condition", &value->pattern);
            if ((condition->comparator->traits & PATTERN_WILDCARDS) == 0 && value->pattern.variables == 0 &&
                memmem(value->text.ptr, value->text.len, "${", 2) == NULL && has_wildcard(value->text))
                warn(linting, "Condition", value->text,
                     arena_printf(linting->arena, "%.*s takes wildcards for plain characters.",
                                  SLICE_ARGS(condition->name)),
                     SLICE("Use StringLike."));
        }
        for (size_t j = 0; condition->comparator->family == OPERATOR_ARN && value->arn != NULL && j < 6; j++)
            lint_variables(linting, "Condition", &value->arn[j]);
        if (condition->comparator->family == OPERATOR_ARN && value->arn == NULL)
            warn(linting, "Condition", value->text, SLICE("It has fewer than the six parts of an ARN."),
                 SLICE("Write arn:partition:service:region:account:resource, with * for parts that may be "
                       "any."));
    }
}

static void lint_condition(struct linting *linting, const struct policy_condition *condition)
{
    bool null = condition->comparator->family == OPERATOR_NULL;

    if (!null && !holds_without_key(condition) && lint_key(linting, "Condition", condition->key, false))
        return;
    if (is_vendor(condition->key, "dynamodb:"))
        lint_dynamodb_key(linting, condition);
    else if (condition->key.len == 0 || memchr(condition->key.ptr, ':', condition->key.len) == NULL)
        warn(linting, "Condition", condition->key, SLICE("No request has a key without a service's name."),
             arena_printf(linting->arena, "Is it aws:%.*s?", SLICE_ARGS(condition->key)));
    lint_values(linting, condition);
}

/* ---- statements ---- */

static void lint_statement(struct linting *linting)
{
    const struct statement *statement = linting->statement;

    lint_actions(linting);
    if (linting->policy->kind != POLICY_TRUST) {
        lint_fit(linting);
        lint_resources(linting);
    }
    for (size_t i = 0; i < statement->resources.count; i++)
        lint_variables(linting, statement->resources.inverted ? "NotResource" : "Resource",
                       &statement->resources.items[i]);
    for (size_t i = 0; i < statement->condition_count; i++)
        lint_condition(linting, &statement->conditions[i]);
}

size_t policy_lint(const struct policy *policy, const struct lint_question *question, struct arena *arena,
                   struct lint_warning **out)
{
    struct linting linting = {.policy = policy, .question = question, .arena = arena};

    linting.matching = (struct matching){&linting.nothing, WORK_LIMIT};
    linting.warnings = arena_array(arena, struct lint_warning, LINT_LIMIT);
    for (linting.place = 0; linting.place < policy->count && linting.count < LINT_LIMIT; linting.place++) {
        linting.statement = &policy->statements[linting.place];
        lint_statement(&linting);
    }
    *out = linting.warnings;
    return linting.count;
}
