/*
 * Which documents are policies. The checks run in passes over all statements, in AWS's order: the form of
 * everything first, then what "legacy parsing" refuses, then what is missing, then what the values are. What
 * IAM says of an identity's policy, what it says of a role's trust policy, and what is said of a resource's
 * policy are different sentences for the same flaws.
 * AWS: "Grammar of the IAM JSON policy language".
 */
#include "iam/statement.h"

#define SYNTAX "Syntax errors in policy."
#define LEGACY "The policy failed legacy parsing"
#define EFFECT "The Effect of a statement is Allow or Deny"
#define ALPHANUMERIC                                                                                         \
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "     \
    "[0-9A-Za-z]*"
#define UNIQUE   "Statement IDs (SID) in a single policy must be unique."
#define PREFACED "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
#define IAM_PATHS                                                                                            \
    "IAM resource path must either be \"*\" or start with user/, federated-user/, role/, group/, "           \
    "instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, "      \
    "report/, access-report/."

enum flaw {
    FLAW_JSON,
    FLAW_ELEMENT,
    FLAW_VERSION,
    FLAW_OLD_VERSION,
    FLAW_ID,
    FLAW_NO_STATEMENT,
    FLAW_STATEMENT,
    FLAW_MANY_STATEMENTS,
    FLAW_MANY_VALUES,
    FLAW_MANY_VARIABLES,
    FLAW_FIELD,
    FLAW_PROHIBITED,
    FLAW_SID,
    FLAW_SID_CHARACTERS,
    FLAW_SID_TWICE,
    FLAW_NO_EFFECT,
    FLAW_EFFECT,
    FLAW_EFFECT_CASE,
    FLAW_TWO,
    FLAW_STRINGS,
    FLAW_PRINCIPAL_THERE,
    FLAW_NO_PRINCIPAL,
    FLAW_PRINCIPAL_TEXT,
    FLAW_PRINCIPAL_FORM,
    FLAW_PRINCIPAL_TYPE,
    FLAW_PRINCIPAL_STRINGS,
    FLAW_PRINCIPAL_EMPTY,
    FLAW_AWS,
    FLAW_SERVICE,
    FLAW_FEDERATED,
    FLAW_NO_ACTION,
    FLAW_ACTION_EMPTY,
    FLAW_ACTION_VENDOR,
    FLAW_ACTION_COLONS,
    FLAW_ACTION_VENDOR_NAME,
    FLAW_ACTION_STS,
    FLAW_ACTION_SERVICE,
    FLAW_NO_RESOURCE,
    FLAW_RESOURCE_EMPTY,
    FLAW_RESOURCE_ARN,
    FLAW_RESOURCE_PARTITION,
    FLAW_RESOURCE_VENDOR,
    FLAW_RESOURCE_PARTS,
    FLAW_RESOURCE_REGION,
    FLAW_IAM_REGION,
    FLAW_IAM_PATH,
    FLAW_CONDITION,
    FLAW_CONDITION_TYPE,
    FLAW_CONDITION_KEYS,
    FLAW_CONDITION_VALUE,
    FLAW_CONDITION_LITERAL,
};

/* How each flaw is told of an identity's, a role's trust, and a resource's policy; '%' is what it is about.
 */
static const struct {
    const char *identity;
    const char *trust;
    const char *resource;
} sentences[] = {
    [FLAW_JSON] = {SYNTAX, "This policy contains invalid Json", "It is no JSON object"},
    [FLAW_ELEMENT] = {SYNTAX, "Unknown field %", "A policy has no element %"},
    [FLAW_VERSION] = {SYNTAX, SYNTAX, "Version is 2012-10-17 or 2008-10-17"},
    [FLAW_OLD_VERSION] = {"Policy document must be version 2012-10-17 or greater.", NULL, NULL},
    [FLAW_ID] = {SYNTAX, SYNTAX, "Id is a string"},
    [FLAW_NO_STATEMENT] = {SYNTAX, "Missing required field Statement", "It has no Statement"},
    [FLAW_STATEMENT] = {SYNTAX, SYNTAX, "A statement is an object"},
    [FLAW_MANY_STATEMENTS] = {"The policy has more than 1000 statements",
                              "The policy has more than 1000 statements", "It has more than 1000 statements"},
    [FLAW_MANY_VALUES] = {"The policy has more than 10000 values", "The policy has more than 10000 values",
                          "It has more than 10000 values"},
    [FLAW_MANY_VARIABLES] = {"% has more than 16 policy variables", "% has more than 16 policy variables",
                             "% has more than 16 policy variables"},
    [FLAW_FIELD] = {SYNTAX, "Unknown field %", "A statement has no element %"},
    [FLAW_PROHIBITED] = {NULL, "Has prohibited field %", NULL},
    [FLAW_SID] = {SYNTAX, SYNTAX, "Sid is a string"},
    [FLAW_SID_CHARACTERS] = {ALPHANUMERIC, ALPHANUMERIC, "Sid has letters, digits and blanks only"},
    [FLAW_SID_TWICE] = {UNIQUE, UNIQUE, "The Sid % is there twice"},
    [FLAW_NO_EFFECT] = {SYNTAX, "Missing required field Effect", EFFECT},
    [FLAW_EFFECT] = {SYNTAX, SYNTAX, EFFECT},
    [FLAW_EFFECT_CASE] = {LEGACY, LEGACY, EFFECT},
    [FLAW_TWO] = {SYNTAX, SYNTAX, "A statement has either % or Not%"},
    [FLAW_STRINGS] = {SYNTAX, SYNTAX, "% is a string or a list of strings"},
    [FLAW_PRINCIPAL_THERE] = {"Policy document should not specify a principal.", NULL, NULL},
    [FLAW_NO_PRINCIPAL] = {NULL, "Missing required field Principal",
                           "A statement has either Principal or NotPrincipal"},
    [FLAW_PRINCIPAL_TEXT] = {NULL, "Invalid principal in policy: \"%\"", "A principal that is a string is *"},
    [FLAW_PRINCIPAL_FORM] = {NULL, SYNTAX, "Principal is * or an object"},
    [FLAW_PRINCIPAL_TYPE] = {NULL, "Unknown field %", "A principal has no element %"},
    [FLAW_PRINCIPAL_STRINGS] = {NULL, SYNTAX, "A principal is a string or a list of strings"},
    [FLAW_PRINCIPAL_EMPTY] = {NULL, "Invalid principal in policy: \"%\"", "A principal is empty"},
    [FLAW_AWS] = {NULL, "Invalid principal in policy: \"AWS\":\"%\"",
                  "Invalid principal in policy: \"AWS\":\"%\""},
    [FLAW_SERVICE] = {NULL, "Invalid principal in policy: \"SERVICE\":\"%\"", NULL},
    [FLAW_FEDERATED] = {NULL, "Federated principals must be valid domain names or SAML metadata ARNs", NULL},
    [FLAW_NO_ACTION] = {"Policy statement must contain actions.", "Missing required field Action",
                        "A statement has either Action or NotAction"},
    [FLAW_ACTION_EMPTY] = {"Policy statement must contain actions.", "Policy statement must contain actions.",
                           "Action is empty"},
    [FLAW_ACTION_VENDOR] = {PREFACED, PREFACED, NULL},
    [FLAW_ACTION_COLONS] = {"Actions/Condition can contain only one colon.",
                            "Actions/Condition can contain only one colon.", NULL},
    [FLAW_ACTION_VENDOR_NAME] = {"Vendor % is not valid", "Vendor % is not valid", NULL},
    [FLAW_ACTION_STS] = {NULL, "AssumeRole policy may only specify STS AssumeRole actions.", NULL},
    [FLAW_ACTION_SERVICE] = {NULL, NULL, "The action % is none of dynamodb"},
    [FLAW_NO_RESOURCE] = {"Policy statement must contain resources.", NULL,
                          "A statement has either Resource or NotResource"},
    [FLAW_RESOURCE_EMPTY] = {"Policy statement must contain resources.", NULL, "Resource is empty"},
    [FLAW_RESOURCE_ARN] = {"Resource % must be in ARN format or \"*\".", NULL, "The resource % is no ARN"},
    [FLAW_RESOURCE_PARTITION] = {"Partition \"%\" is not valid for resource \"%\".", NULL, NULL},
    [FLAW_RESOURCE_VENDOR] = {"Resource vendor must be fully qualified and cannot contain regexes.", NULL,
                              NULL},
    [FLAW_RESOURCE_PARTS] = {LEGACY, NULL, NULL},
    [FLAW_RESOURCE_REGION] = {"Resource % can not contain region information.", NULL, NULL},
    [FLAW_IAM_REGION] = {"IAM resource % cannot contain region information.", NULL, NULL},
    [FLAW_IAM_PATH] = {IAM_PATHS, NULL, NULL},
    [FLAW_CONDITION] = {SYNTAX, SYNTAX, "Condition is an object"},
    [FLAW_CONDITION_TYPE] = {SYNTAX, "Invalid Condition type : %", "Invalid Condition type : %"},
    [FLAW_CONDITION_KEYS] = {SYNTAX, SYNTAX, "The condition operator % has no keys"},
    [FLAW_CONDITION_VALUE] = {SYNTAX, SYNTAX, "The condition key % has no value"},
    [FLAW_CONDITION_LITERAL] = {LEGACY, LEGACY, "The condition key % has a value of another type"},
};

/* How S3 tells a flaw of a bucket's policy; what is not here is told by the last one. */
static const struct {
    enum flaw flaw;
    const char *sentence;
} bucket_sentences[] = {
    {FLAW_JSON, "Policies must be valid JSON and the first byte must be '{'"},
    {FLAW_ELEMENT, "Unknown field %"},
    {FLAW_VERSION, "The policy must contain a valid version string"},
    {FLAW_NO_STATEMENT, "Missing required field Statement"},
    {FLAW_FIELD, "Unknown field %"},
    {FLAW_NO_EFFECT, "Missing required field Effect"},
    {FLAW_EFFECT, "Invalid effect: %"},
    {FLAW_EFFECT_CASE, "Invalid effect: %"},
    {FLAW_SID_TWICE, "Statement IDs (SID) in a single policy must be unique"},
    {FLAW_NO_PRINCIPAL, "Missing required field Principal"},
    {FLAW_PRINCIPAL_TEXT, "Invalid principal in policy"},
    {FLAW_PRINCIPAL_TYPE, "Invalid principal in policy"},
    {FLAW_PRINCIPAL_EMPTY, "Invalid principal in policy"},
    {FLAW_AWS, "Invalid principal in policy"},
    {FLAW_NO_ACTION, "Missing required field Action"},
    {FLAW_ACTION_EMPTY, "Missing required field Action"},
    {FLAW_ACTION_SERVICE, "Policy has invalid action"},
    {FLAW_NO_RESOURCE, "Missing required field Resource"},
    {FLAW_RESOURCE_EMPTY, "Missing required field Resource"},
    {FLAW_RESOURCE_ARN, "Policy has invalid resource"},
    {FLAW_CONDITION_TYPE, "Invalid Condition type : %"},
    {FLAW_MANY_STATEMENTS, "The policy has more than 1000 statements"},
    {FLAW_MANY_VALUES, "The policy has more than 10000 values"},
    {FLAW_MANY_VARIABLES, "% has more than 16 policy variables"},
    {FLAW_JSON, "Invalid policy syntax."},
};

enum { BUCKET_SENTENCES = sizeof(bucket_sentences) / sizeof(bucket_sentences[0]) };

/* A document that is read; the first problem stays. */
struct reading {
    enum policy_kind kind;
    struct slice text;
    struct arena *arena;
    struct policy_problem *problem;
    const struct json *statements;
    bool variables;      /* the version has them */
    size_t statement;    /* counted from 1; 0: none */
    const char *element; /* of the statement; NULL: none */
    size_t values;
};

/* ---- telling ---- */

static void tell_place(const struct reading *reading, struct slice subject)
{
    struct policy_problem *problem = reading->problem;
    size_t offset = (size_t)((uintptr_t)subject.ptr - (uintptr_t)reading->text.ptr);
    struct buffer place;

    buffer_init(&place);
    if (reading->statement > 0)
        buffer_printf(&place, "statement %zu", reading->statement);
    if (reading->element != NULL)
        buffer_printf(&place, "%s%s", place.len > 0 ? ", " : "", reading->element);
    /* A text with escapes is no part of the document's. */
    if (subject.len > 0 && offset < reading->text.len) {
        problem->offset = offset;
        problem->length = subject.len;
        buffer_printf(&place, "%sbyte %zu", place.len > 0 ? ", " : "", offset);
    }
    problem->place = place.len > 0 ? arena_copy(reading->arena, buffer_slice(&place)) : SLICE("");
    buffer_finish(&place);
}

/* Of what has a policy with principals in it: which are more than IAM knows of, and told in other words. */
static bool is_of_resource(const struct reading *reading)
{
    return reading->kind == POLICY_RESOURCE || reading->kind == POLICY_BUCKET;
}

static const char *bucket_sentence(enum flaw flaw)
{
    for (size_t i = 0; i < BUCKET_SENTENCES; i++) {
        if (bucket_sentences[i].flaw == flaw)
            return bucket_sentences[i].sentence;
    }
    return bucket_sentences[BUCKET_SENTENCES - 1].sentence;
}

/* `subject` stands for the first '%' of the sentence, `other` for the second. */
static bool wrong_of_two(struct reading *reading, enum flaw flaw, struct slice subject, struct slice other)
{
    enum { SHOWN_BYTES = 100, SHOWN_BY_IAM = 2048 };
    const char *sentence = reading->kind == POLICY_BUCKET     ? bucket_sentence(flaw)
                           : reading->kind == POLICY_TRUST    ? sentences[flaw].trust
                           : reading->kind == POLICY_RESOURCE ? sentences[flaw].resource
                                                              : sentences[flaw].identity;
    size_t most = is_of_resource(reading) ? SHOWN_BYTES : SHOWN_BY_IAM;
    struct slice next = subject;
    struct buffer told;

    buffer_init(&told);
    for (; *sentence != '\0'; sentence++) {
        if (*sentence != '%') {
            buffer_append_byte(&told, *sentence);
            continue;
        }
        buffer_append(&told, (struct slice){next.ptr, next.len < most ? next.len : most});
        next = other;
    }
    *reading->problem = (struct policy_problem){.sentence = arena_copy(reading->arena, buffer_slice(&told))};
    tell_place(reading, subject);
    buffer_finish(&told);
    return false;
}

static bool wrong(struct reading *reading, enum flaw flaw, struct slice subject)
{
    return wrong_of_two(reading, flaw, subject, subject);
}

static bool is_wrong(struct reading *reading, enum flaw flaw)
{
    return wrong(reading, flaw, SLICE(""));
}

/* ---- values ---- */

size_t grammar_count(const struct json *value)
{
    if (value == NULL)
        return 0;
    return value->type == JSON_ARRAY ? value->array.count : 1;
}

static const struct json *item_of(const struct json *value, size_t i)
{
    return value->type == JSON_ARRAY ? &value->array.items[i] : value;
}

struct slice grammar_value(const struct json *value, size_t i)
{
    const struct json *item = item_of(value, i);

    if (item->type == JSON_BOOLEAN)
        return item->boolean ? SLICE("true") : SLICE("false");
    return item->text;
}

static bool is_member(const char *const *names, struct slice name)
{
    for (; *names != NULL; names++) {
        if (slice_is(name, *names))
            return true;
    }
    return false;
}

static bool check_members(struct reading *reading, const struct json *object, const char *const *names,
                          enum flaw flaw)
{
    for (size_t i = 0; i < object->object.count; i++) {
        if (!is_member(names, object->object.members[i].name))
            return wrong(reading, flaw, object->object.members[i].name);
    }
    return true;
}

/* Values are counted where their form is checked, which is once. */
static bool count_values(struct reading *reading, const struct json *value)
{
    reading->values += grammar_count(value);
    return reading->values <= VALUES_LIMIT || is_wrong(reading, FLAW_MANY_VALUES);
}

static bool check_strings(struct reading *reading, const struct json *value, enum flaw flaw)
{
    if (value == NULL)
        return true;
    for (size_t i = 0; i < grammar_count(value); i++) {
        if (item_of(value, i)->type != JSON_STRING)
            return wrong(reading, flaw, slice_of(reading->element));
    }
    return count_values(reading, value);
}

/* In patterns: as many as fit beside each other. */
static bool check_variables(struct reading *reading, struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i + 1 < text.len; i++)
        count += text.ptr[i] == '$' && text.ptr[i + 1] == '{';
    return count <= VARIABLES_LIMIT || wrong(reading, FLAW_MANY_VARIABLES, text);
}

static bool is_digits(struct slice text, size_t count)
{
    if (text.len != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    }
    return true;
}

static bool has_any(struct slice text, const char *characters)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\0' && strchr(characters, text.ptr[i]) != NULL)
            return true;
    }
    return false;
}

/* ---- the form ---- */

static const struct json *either(const struct json *statement, const char *name, const char *opposite)
{
    const struct json *found = json_get(statement, name);

    return found != NULL ? found : json_get(statement, opposite);
}

static bool check_pair(struct reading *reading, const struct json *statement, const char *name,
                       const char *opposite)
{
    reading->element = name;
    if (json_get(statement, name) != NULL && json_get(statement, opposite) != NULL)
        return wrong(reading, FLAW_TWO, slice_of(name));
    return check_strings(reading, either(statement, name, opposite), FLAW_STRINGS);
}

static bool check_condition_values(struct reading *reading, const struct json_member *key)
{
    for (size_t i = 0; i < grammar_count(&key->value); i++) {
        switch (item_of(&key->value, i)->type) {
        case JSON_STRING:
        case JSON_NUMBER:
        case JSON_BOOLEAN:
            break;
        case JSON_NULL:
        case JSON_ARRAY:
        case JSON_OBJECT:
            return wrong(reading, FLAW_CONDITION_VALUE, key->name);
        }
    }
    return count_values(reading, &key->value);
}

/* {"operator": {"key": value or values}}. IAM lets an operator without keys pass, whatever its name. */
static bool check_condition_form(struct reading *reading, const struct json *condition)
{
    struct policy_condition read;

    reading->element = "Condition";
    if (condition == NULL)
        return true;
    if (condition->type != JSON_OBJECT)
        return is_wrong(reading, FLAW_CONDITION);
    for (size_t i = 0; i < condition->object.count; i++) {
        const struct json_member *of = &condition->object.members[i];
        bool empty = of->value.type == JSON_OBJECT && of->value.object.count == 0;
        if (of->value.type != JSON_OBJECT || (empty && is_of_resource(reading)))
            return wrong(reading, FLAW_CONDITION_KEYS, of->name);
        if (!empty && !policy_condition_read_name(of->name, &read))
            return wrong(reading, FLAW_CONDITION_TYPE, of->name);
        for (size_t j = 0; j < of->value.object.count; j++) {
            if (!check_condition_values(reading, &of->value.object.members[j]))
                return false;
        }
    }
    return true;
}

static bool check_effect_form(struct reading *reading, const struct json *effect)
{
    reading->element = "Effect";
    if (effect == NULL)
        return is_wrong(reading, FLAW_NO_EFFECT);
    if (effect->type != JSON_STRING)
        return is_wrong(reading, FLAW_EFFECT);
    bool known = (effect->text.len == 5 && strncasecmp(effect->text.ptr, "Allow", 5) == 0) ||
                 (effect->text.len == 4 && strncasecmp(effect->text.ptr, "Deny", 4) == 0);
    return known || wrong(reading, FLAW_EFFECT, effect->text);
}

static bool check_fields(struct reading *reading, const struct json *statement)
{
    static const char *const fields[] = {"Sid",       "Effect",   "Principal",   "NotPrincipal", "Action",
                                         "NotAction", "Resource", "NotResource", "Condition",    NULL};
    static const char *const prohibited[] = {"Resource", "NotResource", "NotPrincipal"};

    if (!check_members(reading, statement, fields, FLAW_FIELD))
        return false;
    for (size_t i = 0; reading->kind == POLICY_TRUST && i < 3; i++) {
        reading->element = prohibited[i];
        if (json_get(statement, prohibited[i]) != NULL)
            return wrong(reading, FLAW_PROHIBITED, slice_of(prohibited[i]));
    }
    return true;
}

static bool check_form(struct reading *reading, const struct json *statement)
{
    if (statement->type != JSON_OBJECT)
        return is_wrong(reading, FLAW_STATEMENT);
    if (!check_fields(reading, statement))
        return false;
    const struct json *sid = json_get(statement, "Sid");
    reading->element = "Sid";
    if (sid != NULL && sid->type != JSON_STRING)
        return is_wrong(reading, FLAW_SID);
    return check_effect_form(reading, json_get(statement, "Effect")) &&
           check_pair(reading, statement, "Action", "NotAction") &&
           check_pair(reading, statement, "Resource", "NotResource") &&
           check_condition_form(reading, json_get(statement, "Condition"));
}

/* ---- principals ---- */

static bool is_unique_id(struct slice text)
{
    if (text.len < 16 || text.len > 128 || text.ptr[0] != 'A')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!((text.ptr[i] >= 'A' && text.ptr[i] <= 'Z') || (text.ptr[i] >= '0' && text.ptr[i] <= '9')))
            return false;
    }
    return true;
}

/* An account's number, the ARN of one of its principals, or all. "You cannot use a wildcard to match part of
 * a principal name or ARN." */
static bool aws_read(struct slice text, struct named *out)
{
    struct slice parts[6];

    if (slice_is(text, "*")) {
        *out = (struct named){NAMED_EVERYONE, text};
        return true;
    }
    if (is_digits(text, 12)) {
        *out = (struct named){NAMED_ACCOUNT, text};
        return true;
    }
    if (is_unique_id(text)) {
        *out = (struct named){NAMED_CANONICAL, text};
        return true;
    }
    if (has_any(text, "*?") || arn_split(text, false, parts) < 6 || !slice_is(parts[0], "arn") ||
        !slice_starts_with(parts[1], SLICE("aws")) || parts[3].len > 0 || !is_digits(parts[4], 12))
        return false;
    bool iam = slice_is(parts[2], "iam") &&
               (slice_starts_with(parts[5], SLICE("user/")) || slice_starts_with(parts[5], SLICE("role/")));
    bool sts = slice_is(parts[2], "sts") && (slice_starts_with(parts[5], SLICE("assumed-role/")) ||
                                             slice_starts_with(parts[5], SLICE("federated-user/")));
    *out = (struct named){NAMED_ARN, text};
    if (slice_is(parts[2], "iam") && slice_is(parts[5], "root"))
        *out = (struct named){NAMED_ACCOUNT, parts[4]};
    return iam || sts || out->kind == NAMED_ACCOUNT;
}

bool named_read(struct slice type, struct slice text, struct named *out)
{
    if (slice_is(type, "AWS"))
        return aws_read(text, out);
    *out = (struct named){slice_is(type, "Service")     ? NAMED_SERVICE
                          : slice_is(type, "Federated") ? NAMED_PROVIDER
                                                        : NAMED_CANONICAL,
                          text};
    return text.len > 0;
}

static bool is_domain_name(struct slice text)
{
    bool dotted = false;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        dotted = dotted || c == '.';
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
              c == '_' || c == '.'))
            return false;
    }
    return dotted && text.ptr[0] != '.' && text.ptr[text.len - 1] != '.';
}

static bool is_provider(struct slice text)
{
    struct slice parts[6];

    return is_domain_name(text) || (arn_split(text, false, parts) == 6 && slice_is(parts[0], "arn") &&
                                    slice_is(parts[2], "iam") && !has_any(text, "*?") &&
                                    (slice_starts_with(parts[5], SLICE("saml-provider/")) ||
                                     slice_starts_with(parts[5], SLICE("oidc-provider/"))));
}

static bool check_named(struct reading *reading, struct slice type, struct slice text)
{
    bool trust = reading->kind == POLICY_TRUST;
    struct named named;

    if (text.len == 0)
        return wrong(reading, FLAW_PRINCIPAL_EMPTY, type);
    if (!named_read(type, text, &named))
        return wrong(reading, FLAW_AWS, text);
    if (trust && named.kind == NAMED_SERVICE && !is_domain_name(text))
        return wrong(reading, FLAW_SERVICE, text);
    if (trust && named.kind == NAMED_PROVIDER && !is_provider(text))
        return wrong(reading, FLAW_FEDERATED, text);
    return true;
}

static bool check_named_list(struct reading *reading, const struct json_member *of)
{
    if (!check_strings(reading, &of->value, FLAW_PRINCIPAL_STRINGS))
        return false;
    for (size_t i = 0; i < grammar_count(&of->value); i++) {
        if (!check_named(reading, of->name, grammar_value(&of->value, i)))
            return false;
    }
    return grammar_count(&of->value) > 0 || wrong(reading, FLAW_PRINCIPAL_EMPTY, of->name);
}

static bool check_principal(struct reading *reading, const struct json *statement)
{
    static const char *const types[] = {"AWS", "Service", "Federated", "CanonicalUser", NULL};
    const struct json *principal = either(statement, "Principal", "NotPrincipal");

    reading->element = "Principal";
    if (reading->kind != POLICY_TRUST && !is_of_resource(reading))
        return principal == NULL || is_wrong(reading, FLAW_PRINCIPAL_THERE);
    if (principal == NULL ||
        (json_get(statement, "Principal") != NULL && json_get(statement, "NotPrincipal") != NULL))
        return is_wrong(reading, FLAW_NO_PRINCIPAL);
    if (principal->type == JSON_STRING)
        return slice_is(principal->text, "*") || wrong(reading, FLAW_PRINCIPAL_TEXT, principal->text);
    if (principal->type != JSON_OBJECT || principal->object.count == 0)
        return is_wrong(reading, FLAW_PRINCIPAL_FORM);
    if (!check_members(reading, principal, types, FLAW_PRINCIPAL_TYPE))
        return false;
    for (size_t i = 0; i < principal->object.count; i++) {
        if (!check_named_list(reading, &principal->object.members[i]))
            return false;
    }
    return true;
}

/* ---- what legacy parsing refuses ---- */

static bool check_literals(struct reading *reading, const struct comparator *comparator,
                           const struct json_member *key)
{
    for (size_t i = 0; i < grammar_count(&key->value); i++) {
        struct slice value = grammar_value(&key->value, i);
        if (!policy_condition_value_is_valid(comparator, value))
            return wrong(reading, FLAW_CONDITION_LITERAL, key->name);
        if (!check_variables(reading, value))
            return false;
    }
    return true;
}

static bool check_legacy(struct reading *reading, const struct json *statement)
{
    const struct json *effect = json_get(statement, "Effect"), *condition = json_get(statement, "Condition");
    struct policy_condition read;

    reading->element = "Effect";
    if (!slice_is(effect->text, "Allow") && !slice_is(effect->text, "Deny"))
        return wrong(reading, FLAW_EFFECT_CASE, effect->text);
    reading->element = "Condition";
    for (size_t i = 0; condition != NULL && i < condition->object.count; i++) {
        const struct json_member *of = &condition->object.members[i];
        if (!policy_condition_read_name(of->name, &read))
            continue; /* without keys */
        for (size_t j = 0; j < of->value.object.count; j++) {
            if (!check_literals(reading, read.comparator, &of->value.object.members[j]))
                return false;
        }
    }
    return true;
}

/* ---- statement ids ---- */

static bool check_sid_characters(struct reading *reading, struct slice sid)
{
    for (size_t i = 0; i < sid.len; i++) {
        char c = sid.ptr[i];
        bool blank = c == ' ' && is_of_resource(reading);
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || blank))
            return wrong(reading, FLAW_SID_CHARACTERS, sid);
    }
    return true;
}

/* "The Sid value must be unique within a JSON policy." An empty one counts as none. */
static bool check_sid(struct reading *reading, const struct json *statement)
{
    const struct json *sid = json_get(statement, "Sid");

    reading->element = "Sid";
    if (sid == NULL || sid->text.len == 0)
        return true;
    for (size_t i = 0; i + 1 < reading->statement; i++) {
        const struct json *other = json_get(item_of(reading->statements, i), "Sid");
        if (other != NULL && slice_equal(other->text, sid->text))
            return wrong(reading, FLAW_SID_TWICE, sid->text);
    }
    return check_sid_characters(reading, sid->text);
}

/* ---- actions ---- */

static bool check_actions_there(struct reading *reading, const struct json *statement)
{
    const struct json *actions = either(statement, "Action", "NotAction");

    reading->element = "Action";
    /* A trust policy that leaves out some actions could only mean others than those of STS. */
    if (reading->kind == POLICY_TRUST && json_get(statement, "NotAction") != NULL)
        return is_wrong(reading, FLAW_ACTION_STS);
    if (actions == NULL)
        return is_wrong(reading, FLAW_NO_ACTION);
    return grammar_count(actions) > 0 || is_wrong(reading, FLAW_ACTION_EMPTY);
}

/* "*", or "dynamodb:" (of a bucket "s3:") and a name with wildcards. */
static bool check_resource_action(struct reading *reading, struct slice action)
{
    struct slice vendor = reading->kind == POLICY_BUCKET ? SLICE("s3:") : SLICE("dynamodb:");

    if (slice_is(action, "*"))
        return true;
    if (action.len <= vendor.len || !slice_starts_with(action, vendor))
        return wrong(reading, FLAW_ACTION_SERVICE, action);
    for (size_t i = vendor.len; i < action.len; i++) {
        char c = action.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*' || c == '?'))
            return wrong(reading, FLAW_ACTION_SERVICE, action);
    }
    return true;
}

static bool is_vendor(struct slice vendor)
{
    for (size_t i = 0; i < vendor.len; i++) {
        char c = vendor.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
              c == '.'))
            return false;
    }
    return vendor.len > 0;
}

static bool check_trust_action(struct reading *reading, struct slice action)
{
    static const char *const actions[] = {
        "sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity",
        "sts:TagSession", "sts:SetSourceIdentity",  "sts:SetContext"};
    struct pattern pattern = pattern_read(reading->arena, action, PATTERN_WILDCARDS | PATTERN_IGNORES_CASE);

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        struct matching matching = {.work = WORK_LIMIT};
        if (action.len > 4 && strncasecmp(action.ptr, "sts:", 4) == 0 &&
            pattern_match(&pattern, slice_of(actions[i]), &matching) == MATCH_YES)
            return true;
    }
    return wrong(reading, FLAW_ACTION_STS, action);
}

static bool check_action(struct reading *reading, struct slice action)
{
    const char *colon = action.len == 0 ? NULL : memchr(action.ptr, ':', action.len);

    if (is_of_resource(reading))
        return check_resource_action(reading, action);
    if (slice_is(action, "*"))
        return reading->kind != POLICY_TRUST || is_wrong(reading, FLAW_ACTION_STS);
    if (colon == NULL)
        return wrong(reading, FLAW_ACTION_VENDOR, action);
    struct slice vendor = {action.ptr, (size_t)(colon - action.ptr)};
    struct slice name = slice_skip(action, vendor.len + 1);
    if (name.len > 0 && memchr(name.ptr, ':', name.len) != NULL)
        return wrong(reading, FLAW_ACTION_COLONS, action);
    if (!is_vendor(vendor) && !slice_is(vendor, "*"))
        return wrong(reading, FLAW_ACTION_VENDOR_NAME, vendor);
    return reading->kind != POLICY_TRUST || check_trust_action(reading, action);
}

static bool check_actions(struct reading *reading, const struct json *statement)
{
    const struct json *actions = either(statement, "Action", "NotAction");

    reading->element = "Action";
    for (size_t i = 0; i < grammar_count(actions); i++) {
        if (!check_action(reading, grammar_value(actions, i)))
            return false;
    }
    return true;
}

/* ---- resources ---- */

static bool check_resources_there(struct reading *reading, const struct json *statement)
{
    const struct json *resources = either(statement, "Resource", "NotResource");

    reading->element = "Resource";
    if (reading->kind == POLICY_TRUST)
        return true;
    if (resources == NULL)
        return is_wrong(reading, FLAW_NO_RESOURCE);
    return grammar_count(resources) > 0 || is_wrong(reading, FLAW_RESOURCE_EMPTY);
}

static bool is_partition(struct slice name)
{
    static const char *const names[] = {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "*", NULL};

    return is_member(names, name);
}

/* IAM tells the resource with "*" for the parts that it lacks. */
static bool wrong_partition(struct reading *reading, struct slice partition, struct slice resource,
                            size_t parts)
{
    static const char missing[] = ":*:*:*:*:*";
    struct slice shown = arena_printf(reading->arena, "%.*s%.*s", SLICE_ARGS(resource),
                                      (int)(parts < 6 ? 2 * (6 - parts) : 0), missing);

    return wrong_of_two(reading, FLAW_RESOURCE_PARTITION, partition, shown);
}

static bool check_iam_resource(struct reading *reading, struct slice resource,
                               const struct slice parts[static 6])
{
    static const char *const paths[] = {"user/",
                                        "federated-user/",
                                        "role/",
                                        "group/",
                                        "instance-profile/",
                                        "mfa/",
                                        "server-certificate/",
                                        "policy/",
                                        "sms-mfa/",
                                        "saml-provider/",
                                        "oidc-provider/",
                                        "report/",
                                        "access-report/"};

    if (parts[3].len > 0)
        return wrong(reading, FLAW_IAM_REGION, resource);
    if (slice_starts_with(parts[5], SLICE("*")))
        return true;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        if (slice_starts_with(parts[5], slice_of(paths[i])))
            return true;
    }
    return wrong(reading, FLAW_IAM_PATH, resource);
}

static bool check_resource(struct reading *reading, struct slice resource)
{
    struct slice parts[6];

    if (slice_is(resource, "*"))
        return true;
    size_t count = arn_split(resource, reading->variables, parts);
    if (!slice_is(parts[0], "arn") || count < 2)
        return wrong(reading, FLAW_RESOURCE_ARN, resource);
    if (is_of_resource(reading))
        return true;
    if (!is_partition(parts[1]))
        return wrong_partition(reading, parts[1], resource, count);
    if (count < 3 || parts[2].len == 0 || has_any(parts[2], "*?$"))
        return wrong(reading, FLAW_RESOURCE_VENDOR, resource);
    if (count == 6 && slice_is(parts[2], "s3") && parts[3].len > 0 &&
        !slice_starts_with(parts[5], SLICE("accesspoint/")))
        return wrong(reading, FLAW_RESOURCE_REGION, resource);
    return count < 6 || !slice_is(parts[2], "iam") || check_iam_resource(reading, resource, parts);
}

static bool check_resources(struct reading *reading, const struct json *statement)
{
    const struct json *resources = either(statement, "Resource", "NotResource");

    reading->element = "Resource";
    for (size_t i = 0; i < grammar_count(resources); i++) {
        if (!check_resource(reading, grammar_value(resources, i)))
            return false;
    }
    return true;
}

/* IAM lets an ARN end before its sixth part, but not within an empty one. */
static bool check_resource_parts(struct reading *reading, const struct json *statement)
{
    const struct json *resources = either(statement, "Resource", "NotResource");
    struct slice parts[6];

    reading->element = "Resource";
    for (size_t i = 0; i < grammar_count(resources); i++) {
        struct slice resource = grammar_value(resources, i);
        if (!check_variables(reading, resource))
            return false;
        size_t count = arn_split(resource, reading->variables, parts);
        bool empty = (count > 2 && parts[2].len == 0) || (count > 3 && parts[3].len == 0);
        if (!is_of_resource(reading) && count < 6 && empty)
            return wrong(reading, FLAW_RESOURCE_PARTS, resource);
    }
    return true;
}

/* ---- documents ---- */

static bool check_document(struct reading *reading, const struct json *document)
{
    static const char *const elements[] = {"Version", "Id", "Statement", NULL};
    static const char *const versions[] = {"2012-10-17", "2008-10-17", NULL};
    const struct json *version, *id, *statements;

    if (document == NULL || document->type != JSON_OBJECT)
        return is_wrong(reading, FLAW_JSON);
    if (!check_members(reading, document, elements, FLAW_ELEMENT))
        return false;
    version = json_get(document, "Version");
    reading->element = "Version";
    if (version != NULL && (version->type != JSON_STRING || !is_member(versions, version->text)))
        return is_wrong(reading, FLAW_VERSION);
    reading->variables = version != NULL && slice_is(version->text, "2012-10-17");
    id = json_get(document, "Id");
    reading->element = "Id";
    if (id != NULL && id->type != JSON_STRING)
        return is_wrong(reading, FLAW_ID);
    statements = json_get(document, "Statement");
    reading->element = "Statement";
    if (grammar_count(statements) == 0)
        return is_wrong(reading, FLAW_NO_STATEMENT);
    return grammar_count(statements) <= STATEMENTS_LIMIT || is_wrong(reading, FLAW_MANY_STATEMENTS);
}

typedef bool (*pass)(struct reading *reading, const struct json *statement);

static bool run_pass(struct reading *reading, pass check)
{
    for (size_t i = 0; i < grammar_count(reading->statements); i++) {
        reading->statement = i + 1;
        reading->element = NULL;
        if (!check(reading, item_of(reading->statements, i)))
            return false;
    }
    reading->statement = 0;
    return true;
}

/* "Do not use this version for any new policies", says AWS of 2008-10-17, and holds managed policies to it.
 */
static bool check_version_age(struct reading *reading)
{
    reading->element = "Version";
    return reading->kind != POLICY_MANAGED || reading->variables || is_wrong(reading, FLAW_OLD_VERSION);
}

bool grammar_check(const struct grammar_text *text, struct arena *arena, struct policy_problem *problem)
{
    static const pass passes[] = {check_principal, check_legacy,         check_resource_parts,
                                  check_sid,       check_actions_there,  check_resources,
                                  check_actions,   check_resources_there};
    struct reading reading = {.kind = text->kind, .text = text->text, .arena = arena, .problem = problem};

    if (!check_document(&reading, text->document))
        return false;
    reading.statements = json_get(text->document, "Statement");
    if (!run_pass(&reading, check_form) || !check_version_age(&reading))
        return false;
    for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
        if (!run_pass(&reading, passes[i]))
            return false;
    }
    return true;
}
