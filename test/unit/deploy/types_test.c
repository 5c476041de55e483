/*
 * The types of resources against a server, as who keeps records of resources uses them: what is made is found
 * by its id, read back, changed in place, replaced beside what there is, refused, and removed.
 *
 * A bench is a server in memory and the resources of a stack with what a record would have of each.
 */
#include "lib/unit_arena.h"

#include "auth/session.h"
#include "catalog/catalog.h"
#include "deploy/plan.h"
#include "deploy/template.h"
#include "directory/directory.h"
#include "services/dynamodb/ongoing.h"
#include "services/inner.h"

enum { RESOURCES = 24 };

/* What a record keeps of a resource. */
struct kept {
    struct slice logical, type, id, name;
    bool named;
    unsigned generation;
    const struct json *properties;
    struct json values;
};

struct bench {
    struct server server;
    struct session_keys keys;
    struct inner *inner;
    struct inner_caller caller;
    struct invoker inner_invoker, invoker;
    struct slice last_change; /* the last call that was no question, with its input; empty: there was none */
    struct problems problems;
    struct kept kept[RESOURCES];
    size_t count;
};

static struct bench bench;

static bool is_question(const char *operation)
{
    static const char *const words[] = {"Get", "List", "Describe", "Head"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strncmp(operation, words[i], strlen(words[i])) == 0)
            return true;
    }
    return false;
}

static enum client_outcome note_call(void *context, struct arena *into, enum aws_service service,
                                     const char *operation, struct slice input, struct client_answer *out)
{
    if (!is_question(operation))
        bench.last_change = arena_printf(&arena, "%s %.*s", operation, SLICE_ARGS(input));
    return bench.inner_invoker.invoke(context, into, service, operation, input, out);
}

static int set_up(void **state)
{
    static const struct catalog_settings settings = {.sweep_period = 0};
    struct slice problem;

    if (begin_arena(state) != 0)
        return -1;
    bench = (struct bench){0};
    session_keys_derive(SLICE("a secret"), &bench.keys);
    bench.server = (struct server){.storage = storage_open_memory(),
                                   .ongoing = ongoing_create(),
                                   .region = SLICE("us-east-1"),
                                   .account_id = SLICE("000000000000"),
                                   .session_keys = &bench.keys};
    bench.server.catalog = catalog_open(bench.server.storage, &settings, &arena, &problem);
    bench.server.directory = directory_create(bench.server.storage, bench.server.account_id);
    bench.inner = inner_create(&bench.server, false);
    assert_true(inner_open(bench.inner, SLICE("{}"), "cloudformation.amazonaws.com", &bench.caller));
    bench.invoker = bench.inner_invoker = inner_invoker(&bench.caller);
    bench.invoker.invoke = note_call;
    return 0;
}

static int tear_down(void **state)
{
    inner_close(&bench.caller);
    inner_destroy(bench.inner);
    catalog_close(bench.server.catalog);
    directory_destroy(bench.server.directory);
    ongoing_destroy(bench.server.ongoing);
    storage_close(bench.server.storage);
    return end_arena(state);
}

/* ---- stacks ---- */

static struct stack *open_stack(const char *resources)
{
    const struct stack_identity identity = {
        .name = SLICE("app"),
        .region = SLICE("us-east-1"),
        .account = SLICE("000000000000"),
        .arn = SLICE("arn:aws:cloudformation:us-east-1:000000000000:stack/app/1f4a")};
    const struct json *template;
    struct slice problem;

    problems_init(&bench.problems, &arena);
    if (!template_parse(&arena, arena_printf(&arena, "Resources:\n%s", resources), &template, &problem))
        fail_msg("%.*s", SLICE_ARGS(problem));
    struct stack *stack = stack_open(&arena, &identity, template, &bench.problems);
    if (stack == NULL)
        fail_msg("%.*s", SLICE_ARGS(bench.problems.texts[0]));
    return stack;
}

static struct kept *kept_of(struct slice logical)
{
    for (size_t i = 0; i < bench.count; i++) {
        if (slice_equal(bench.kept[i].logical, logical))
            return &bench.kept[i];
    }
    return NULL;
}

static struct kept *named(const char *logical)
{
    struct kept *kept = kept_of(slice_of(logical));

    if (kept == NULL)
        fail_msg("there is no %s", logical);
    return kept;
}

static struct making begin(struct stack *stack, struct resource *resource, const struct kept *kept)
{
    struct making making = {.arena = &arena,
                            .stack = stack,
                            .resource = resource,
                            .problems = &bench.problems,
                            .invoker = &bench.invoker};

    if (kept == NULL)
        return making;
    making.id = kept->id;
    making.before = kept->properties;
    resource->values = kept->values;
    resource->generation = kept->generation;
    if (!kept->named)
        resource->kept = kept->name;
    return making;
}

static void keep(struct kept *kept, const struct making *making)
{
    *kept = (struct kept){.logical = making->resource->id,
                          .type = making->resource->type,
                          .id = making->id,
                          .name = making->name,
                          .named = making->resource->named,
                          .generation = making->resource->generation,
                          .properties = making->want,
                          .values = making->resource->values};
}

static void must(bool done, const struct making *making, const char *what)
{
    if (!done)
        fail_msg("%s %.*s: %.*s", what, SLICE_ARGS(making->resource->id),
                 SLICE_ARGS(making->problems->texts[0]));
}

static void create(struct making *making)
{
    must(plan_read(making, true), making, "reading");
    must(making->resource->kind->create(making), making, "making");
    if (making->id.len == 0)
        fail_msg("%.*s has no id", SLICE_ARGS(making->resource->id));
    assert_true(slice_equal(text_of(&making->resource->values, "Ref"), making->id));
}

/* Makes all resources. */
static void make(const char *resources)
{
    struct stack *stack = open_stack(resources);

    for (size_t i = 0; i < stack->resource_count; i++) {
        struct making making = begin(stack, &stack->resources[i], NULL);
        create(&making);
        assert_true(bench.count < RESOURCES);
        keep(&bench.kept[bench.count++], &making);
    }
}

enum fate { UNCHANGED, UPDATED, REPLACED, REFUSED };

static struct making last; /* the making that update_one() ended with */

static enum fate update_one(struct stack *stack, const char *logical)
{
    struct resource *resource = stack_resource(stack, slice_of(logical));
    struct kept *kept = named(logical);
    const struct resource_type *type = resource->kind;

    last = begin(stack, resource, kept);
    if (!plan_read(&last, true))
        return REFUSED;
    must(type->find(&last), &last, "finding");
    if (last.have == NULL)
        fail_msg("%s is gone", logical);
    if (type->compare != NULL && !type->compare(&last))
        return REFUSED;
    if (last.replace) {
        struct kept old = *kept;
        stack_renew_resource(resource);
        last = begin(stack, resource, NULL);
        last.instead_of = old.id;
        create(&last);
        keep(kept, &last);
        return REPLACED;
    }
    bench.last_change = SLICE("");
    if (type->update != NULL && !type->update(&last))
        return REFUSED;
    keep(kept, &last);
    return bench.last_change.len > 0 ? UPDATED : UNCHANGED;
}

/* What becomes of one resource when its template becomes this. All others of the new template that there are
 * keep what they are known by. */
static enum fate update(const char *logical, const char *resources)
{
    struct stack *stack = open_stack(resources);

    for (size_t i = 0; i < stack->resource_count; i++) {
        const struct kept *kept = kept_of(stack->resources[i].id);
        if (kept != NULL)
            stack->resources[i].values = kept->values;
    }
    return update_one(stack, logical);
}

static void expect_refusal(const char *logical, const char *resources, const char *message)
{
    assert_int_equal(update(logical, resources), REFUSED);
    if (strstr(arena_copy(&arena, last.refusal.message).ptr, message) == NULL)
        fail_msg("'%.*s' does not say '%s'", SLICE_ARGS(last.refusal.message), message);
}

/* Removes what a record has, without its template. */
static bool remove_kept(const struct kept *kept)
{
    struct buffer text;

    buffer_init(&text);
    buffer_printf(&text, "  %.*s: {Type: '%.*s', Properties: ", SLICE_ARGS(kept->logical),
                  SLICE_ARGS(kept->type));
    json_write_value(&text, kept->properties);
    buffer_append_string(&text, "}");
    buffer_append_byte(&text, '\0');
    struct stack *stack = open_stack(text.bytes);
    buffer_finish(&text);
    struct making making = begin(stack, &stack->resources[0], kept);
    must(plan_read(&making, true), &making, "reading");
    must(making.resource->kind->find(&making), &making, "finding");
    if (making.have == NULL)
        return false;
    must(making.resource->kind->remove(&making), &making, "removing");
    return true;
}

static void remove_all(void)
{
    while (bench.count > 0)
        assert_true(remove_kept(&bench.kept[--bench.count]));
}

/* ---- asking the server ---- */

static const struct json *ask(enum aws_service service, const char *operation, const char *input)
{
    struct client_answer answer;

    enum client_outcome outcome =
        bench.invoker.invoke(bench.invoker.context, &arena, service, operation, slice_of(input), &answer);
    if (outcome != CLIENT_DONE)
        fail_msg("%s: %.*s: %.*s", operation, SLICE_ARGS(answer.type), SLICE_ARGS(answer.message));
    return answer.body;
}

static bool refuses(enum aws_service service, const char *operation, const char *input, const char *type)
{
    struct client_answer answer;

    return bench.invoker.invoke(bench.invoker.context, &arena, service, operation, slice_of(input),
                                &answer) == CLIENT_REFUSED &&
           slice_is(answer.type, type);
}

/* ---- what is read back is what there is ---- */

#define ONE_KEY                                                                                              \
    "AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, "        \
    "KeyType: HASH}]"
#define ON_DEMAND "BillingMode: PAY_PER_REQUEST"
#define TRUST                                                                                                \
    "AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: "    \
    "lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}"
#define DOCUMENT                                                                                             \
    "{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: '*'}]}"
#define RESOURCE_POLICY                                                                                      \
    "ResourcePolicy: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {AWS: " \
    "'000000000000'}, Action: 'dynamodb:GetItem', Resource: '*'}]}}"

static const char all_types[] =
    "  Plain: {Type: AWS::DynamoDB::Table, Properties: {" ONE_KEY ", " ON_DEMAND "}}\n"
    "  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: full, AttributeDefinitions: "
    "[{AttributeName: id, "
    "AttributeType: S}, {AttributeName: at, AttributeType: N}], KeySchema: [{AttributeName: id, KeyType: "
    "HASH}, "
    "{AttributeName: at, KeyType: RANGE}], ProvisionedThroughput: {ReadCapacityUnits: 3, WriteCapacityUnits: "
    "4}, "
    "LocalSecondaryIndexes: [{IndexName: local, KeySchema: [{AttributeName: id, KeyType: HASH}, "
    "{AttributeName: "
    "at, KeyType: RANGE}], Projection: {ProjectionType: ALL}}], GlobalSecondaryIndexes: [{IndexName: byAt, "
    "KeySchema: "
    "[{AttributeName: at, KeyType: HASH}], Projection: {ProjectionType: INCLUDE, NonKeyAttributes: [x]}, "
    "ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 2}}], StreamSpecification: "
    "{StreamViewType: "
    "NEW_IMAGE, ResourcePolicy: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, "
    "Principal: {AWS: "
    "'000000000000'}, Action: 'dynamodb:GetRecords', Resource: '*'}]}}}, TimeToLiveSpecification: "
    "{AttributeName: "
    "expires, Enabled: true}, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true, "
    "RecoveryPeriodInDays: 7}, TableClass: STANDARD_INFREQUENT_ACCESS, DeletionProtectionEnabled: false, "
    "SSESpecification: {SSEEnabled: true}, " RESOURCE_POLICY ", Tags: [{Key: a, Value: b}]}}\n"
    "  Global: {Type: AWS::DynamoDB::GlobalTable, Properties: {" ONE_KEY
    ", WriteProvisionedThroughputSettings: {WriteCapacityAutoScalingSettings: {MinCapacity: 2, MaxCapacity: "
    "9, "
    "TargetTrackingScalingPolicyConfiguration: {TargetValue: 70}}}, GlobalSecondaryIndexes: [{IndexName: "
    "again, "
    "KeySchema: [{AttributeName: id, KeyType: HASH}], Projection: {ProjectionType: ALL}, "
    "WriteProvisionedThroughputSettings: {WriteCapacityAutoScalingSettings: {MinCapacity: 2, MaxCapacity: 9, "
    "TargetTrackingScalingPolicyConfiguration: {TargetValue: 70}}}}], StreamSpecification: {StreamViewType: "
    "KEYS_ONLY}, Replicas: [{Region: us-east-1, ReadProvisionedThroughputSettings: {ReadCapacityUnits: 5}, "
    "GlobalSecondaryIndexes: [{IndexName: again, ReadProvisionedThroughputSettings: {ReadCapacityUnits: "
    "6}}], "
    "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}, Tags: [{Key: a, Value: b}]}]}}\n"
    "  Role: {Type: AWS::IAM::Role, Properties: {" TRUST
    ", Path: /app/, Description: d, MaxSessionDuration: 7200, "
    "Policies: [{PolicyName: own, PolicyDocument: " DOCUMENT "}], ManagedPolicyArns: [!Ref Boundary], "
    "PermissionsBoundary: !Ref Boundary, Tags: [{Key: a, Value: b}]}}\n"
    "  Boundary: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: " DOCUMENT "}}\n"
    "  User: {Type: AWS::IAM::User, Properties: {Groups: [!Ref Group], Policies: [{PolicyName: own, "
    "PolicyDocument: " DOCUMENT "}]}}\n"
    "  Group: {Type: AWS::IAM::Group, Properties: {GroupName: people}}\n"
    "  Managed: {Type: AWS::IAM::ManagedPolicy, Properties: {Description: d, Path: /p/, Users: [!Ref User], "
    "PolicyDocument: " DOCUMENT "}}\n"
    "  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}\n"
    "  Provider: {Type: AWS::IAM::OIDCProvider, Properties: {Url: 'https://a.example.com', ClientIdList: "
    "[app], "
    "ThumbprintList: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa], Tags: [{Key: a, Value: b}]}}\n"
    "  Parameter: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: v, Description: d, Tags: {a: "
    "b}}}\n"
    "  Pool: {Type: AWS::Cognito::UserPool, Properties: {Schema: [{Name: team, AttributeDataType: String, "
    "Mutable: true}, "
    "{Name: email, Required: true, Mutable: true}], UsernameAttributes: [email], AutoVerifiedAttributes: "
    "[email], "
    "Policies: {PasswordPolicy: {MinimumLength: 10}}, UserPoolTags: {a: b}}}\n"
    "  Names: {Type: AWS::Cognito::UserPool, Properties: {}}\n"
    "  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, GenerateSecret: "
    "true, "
    "RefreshTokenValidity: 5, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}}\n"
    "  People: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: !Ref Pool, GroupName: people, "
    "Precedence: "
    "3}}\n"
    "  Ana: {Type: AWS::Cognito::UserPoolUser, Properties: {UserPoolId: !Ref Names, Username: ana}}\n"
    "  Identities: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true, "
    "AllowClassicFlow: true, CognitoIdentityProviders: [{ClientId: !Ref Client, ProviderName: !GetAtt "
    "Pool.ProviderName}], IdentityPoolTags: [{Key: a, Value: b}]}}\n";

/* The template of one resource with these properties. */
static const char *one_resource(const struct kept *kept, const struct json *properties)
{
    struct buffer text;

    buffer_init(&text);
    buffer_printf(&text, "  %.*s: {Type: '%.*s', Properties: ", SLICE_ARGS(kept->logical),
                  SLICE_ARGS(kept->type));
    json_write_value(&text, properties);
    buffer_append_string(&text, "}");
    const char *copy = arena_copy(&arena, buffer_slice(&text)).ptr;
    buffer_finish(&text);
    return copy;
}

static void what_was_made_needs_no_change(void **state)
{
    (void)state;
    make(all_types);
    for (size_t i = 0; i < bench.count; i++) {
        const char *logical = arena_copy(&arena, bench.kept[i].logical).ptr;
        enum fate fate = update(logical, all_types);
        if (fate != UNCHANGED)
            fail_msg("%s: %.*s", logical, SLICE_ARGS(bench.last_change));
    }
    remove_all();
}

static void what_is_read_changes_nothing(void **state)
{
    (void)state;
    make(all_types);
    for (size_t i = 0; i < bench.count; i++) {
        struct kept *kept = &bench.kept[i];
        struct stack *stack = open_stack(one_resource(kept, kept->properties));
        struct making making = begin(stack, &stack->resources[0], kept);
        const struct resource_type *type = making.resource->kind;
        const struct json *read;
        must(plan_read(&making, true) && type->find(&making), &making, "finding");
        must(type->read(&making, &read), &making, "reading back");
        /* As Cloud Control would, which knows no name but the one that was read. */
        const char *template = one_resource(kept, read);
        enum fate fate = update_one(open_stack(template), arena_copy(&arena, kept->logical).ptr);
        if (fate != UNCHANGED)
            fail_msg("%.*s is %s (%.*s): %s: %.*s", SLICE_ARGS(kept->logical),
                     fate == UPDATED    ? "changed"
                     : fate == REPLACED ? "replaced"
                                        : "refused",
                     SLICE_ARGS(bench.last_change), template, SLICE_ARGS(last.refusal.message));
    }
    remove_all();
}

static void ids_are_listed(void **state)
{
    (void)state;
    make(all_types);
    for (size_t i = 0; i < bench.count; i++) {
        const struct kept *kept = &bench.kept[i];
        struct stack *stack = open_stack(one_resource(kept, kept->properties));
        struct making making = begin(stack, &stack->resources[0], NULL);
        struct json ids;
        must(plan_read(&making, true) && making_list_ids(&making, &ids), &making, "listing");
        if (!list_has(&ids, kept->id))
            fail_msg("%.*s is not listed", SLICE_ARGS(kept->id));
    }
    remove_all();
}

/* After a crash nobody knows the id of what was just made. */
static void what_was_made_is_found_again(void **state)
{
    (void)state;
    make(all_types);
    for (size_t i = 0; i < bench.count; i++) {
        const struct kept *kept = &bench.kept[i];
        struct stack *stack = open_stack(one_resource(kept, kept->properties));
        struct making making = begin(stack, &stack->resources[0], NULL);
        must(plan_read(&making, true) && making.resource->kind->find(&making), &making, "finding");
        if (making.have == NULL || !slice_equal(making.id, kept->id))
            fail_msg("%.*s is not found again", SLICE_ARGS(kept->logical));
    }
    remove_all();
    for (size_t i = 0; kept_of(bench.kept[i].logical) == NULL && bench.kept[i].logical.len > 0; i++)
        assert_false(remove_kept(&bench.kept[i])); /* they are gone, which is no error */
}

/* ---- tables ---- */

#define INDEX(name, key)                                                                                     \
    "{IndexName: " name ", KeySchema: [{AttributeName: " key                                                 \
    ", KeyType: HASH}], Projection: {ProjectionType: ALL}}"
#define TABLE(properties) "  T: {Type: AWS::DynamoDB::Table, Properties: {" ON_DEMAND ", " properties "}}\n"
#define TWO_ATTRIBUTES                                                                                       \
    "AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: b, AttributeType: S}], "  \
    "KeySchema: [{AttributeName: id, KeyType: HASH}]"
#define OTHER_KEY                                                                                            \
    "AttributeDefinitions: [{AttributeName: b, AttributeType: S}], KeySchema: [{AttributeName: b, KeyType: " \
    "HASH}]"

static const char one_index_a_time[] =
    "Cannot perform more than one GSI creation or deletion in a single update";

static void indexes_of_tables(void **state)
{
    (void)state;
    make(TABLE(ONE_KEY));
    assert_int_equal(update("T", TABLE(ONE_KEY)), UNCHANGED);
    assert_int_equal(update("T", TABLE(TWO_ATTRIBUTES ", GlobalSecondaryIndexes: [" INDEX("one", "b") "]")),
                     UPDATED);
    expect_refusal("T",
                   TABLE(TWO_ATTRIBUTES ", GlobalSecondaryIndexes: [" INDEX("one", "b") ", " INDEX(
                       "two", "b") ", " INDEX("three", "id") "]"),
                   one_index_a_time);
    expect_refusal("T", TABLE(TWO_ATTRIBUTES ", GlobalSecondaryIndexes: [" INDEX("two", "b") "]"),
                   one_index_a_time);
    expect_refusal("T", TABLE(ONE_KEY ", GlobalSecondaryIndexes: [" INDEX("one", "id") "]"),
                   one_index_a_time);
    assert_int_equal(update("T", TABLE(TWO_ATTRIBUTES ", GlobalSecondaryIndexes: [" INDEX(
                                     "one", "b") ", " INDEX("two", "b") "]")),
                     UPDATED);
    assert_int_equal(update("T", TABLE(TWO_ATTRIBUTES ", GlobalSecondaryIndexes: [" INDEX("two", "b") "]")),
                     UPDATED);
    expect_refusal("T", TABLE(ONE_KEY ", GlobalSecondaryIndexes: [" INDEX("three", "id") "]"),
                   one_index_a_time);
    assert_int_equal(update("T", TABLE(ONE_KEY)), UPDATED);
    remove_all();
}

static void settings_of_tables(void **state)
{
    static const char *const settings[] = {
        "StreamSpecification: {StreamViewType: NEW_IMAGE}",
        "TimeToLiveSpecification: {AttributeName: expires, Enabled: true}",
        "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}",
        "TableClass: STANDARD_INFREQUENT_ACCESS",
        "Tags: [{Key: a, Value: b}]",
        "DeletionProtectionEnabled: true",
        "SSESpecification: {SSEEnabled: true}",
        "OnDemandThroughput: {MaxReadRequestUnits: 10, MaxWriteRequestUnits: 10}",
        RESOURCE_POLICY,
    };
    (void)state;

    make(TABLE(ONE_KEY));
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        const char *with = arena_printf(&arena, TABLE(ONE_KEY ", %s"), settings[i]).ptr;
        if (update("T", with) != UPDATED || update("T", with) != UNCHANGED ||
            update("T", TABLE(ONE_KEY)) != UPDATED || update("T", TABLE(ONE_KEY)) != UNCHANGED)
            fail_msg("%s", settings[i]);
    }
    remove_all();
}

static void billing_of_tables(void **state)
{
    static const char units[] = "ProvisionedThroughput: {ReadCapacityUnits: 2, WriteCapacityUnits: 3}";
    const char *provisioned =
        arena_printf(&arena,
                     "  T: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PROVISIONED, " ONE_KEY
                     ", %s}}\n",
                     units)
            .ptr;
    (void)state;

    make(TABLE(ONE_KEY));
    expect_refusal("T", arena_printf(&arena, TABLE(ONE_KEY ", %s"), units).ptr,
                   "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                   "PAY_PER_REQUEST");
    assert_int_equal(update("T", provisioned), UPDATED);
    assert_int_equal(update("T", provisioned), UNCHANGED);
    expect_refusal("T",
                   "  T: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PROVISIONED, " ONE_KEY "}}\n",
                   "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
                   "PROVISIONED");
    remove_all();
}

static void tables_are_replaced(void **state)
{
    struct kept old;
    (void)state;

    make(TABLE(ONE_KEY));
    old = *named("T");
    assert_int_equal(update("T", TABLE(OTHER_KEY)), REPLACED);
    assert_false(slice_equal(old.id, named("T")->id));
    assert_true(remove_kept(&old)); /* both were there */
    old = *named("T");
    /* Local indexes are made with their table. */
    assert_int_equal(
        update("T", TABLE("AttributeDefinitions: [{AttributeName: b, AttributeType: S}, {AttributeName: c, "
                          "AttributeType: S}], KeySchema: [{AttributeName: b, KeyType: HASH}, "
                          "{AttributeName: c, KeyType: RANGE}], LocalSecondaryIndexes: [{IndexName: local, "
                          "KeySchema: [{AttributeName: b, KeyType: HASH}, {AttributeName: c, KeyType: "
                          "RANGE}], Projection: {ProjectionType: ALL}}]")),
        REPLACED);
    assert_true(remove_kept(&old));
    /* From a name that was made to one of the template's, to another, and back. */
    old = *named("T");
    assert_int_equal(update("T", TABLE("TableName: given, " ONE_KEY)), REPLACED);
    assert_true(slice_is(named("T")->id, "given"));
    assert_true(remove_kept(&old));
    expect_refusal("T", TABLE("TableName: given, " OTHER_KEY),
                   "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                   "Rename given and update the stack again.");
    old = *named("T");
    assert_int_equal(update("T", TABLE("TableName: other, " OTHER_KEY)), REPLACED);
    assert_true(remove_kept(&old));
    old = *named("T");
    assert_int_equal(update("T", TABLE(ONE_KEY)), REPLACED);
    assert_true(remove_kept(&old));
    remove_all();
}

/* ---- IAM ---- */

#define ROLE(more)   "  R: {Type: AWS::IAM::Role, Properties: {" TRUST more "}}\n"
#define POLICY(name) "{PolicyName: " name ", PolicyDocument: " DOCUMENT "}"
#define OTHER_DOCUMENT                                                                                       \
    "{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'dynamodb:Query', Resource: '*'}]}"

static size_t count_in(const char *operation, const char *member, const char *name, const char *list)
{
    return count_of(json_get(
        ask(SERVICE_IAM, operation, arena_printf(&arena, "{\"%s\":\"%s\"}", member, name).ptr), list));
}

static const char *id_of(const char *logical)
{
    return arena_copy(&arena, named(logical)->id).ptr;
}

static void roles_change(void **state)
{
    struct kept old;
    (void)state;

    make(ROLE(", Policies: [" POLICY("one") ", " POLICY(
        "two") "], ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess']"));
    const char *role = id_of("R");
    ask(SERVICE_IAM, "PutRolePolicy",
        arena_printf(&arena,
                     "{\"RoleName\":\"%s\",\"PolicyName\":\"foreign\",\"PolicyDocument\":\"{"
                     "\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":"
                     "\\\"Deny\\\",\\\"Action\\\":\\\"*\\\",\\\"Resource\\\":\\\"*\\\"}]}\"}",
                     role)
            .ptr);
    assert_int_equal(update("R", ROLE(", Policies: [" POLICY("two") "]")), UPDATED);
    assert_int_equal(count_in("ListRolePolicies", "RoleName", role, "PolicyNames"), 2); /* two, foreign */
    assert_int_equal(count_in("ListAttachedRolePolicies", "RoleName", role, "AttachedPolicies"), 0);
    assert_int_equal(update("R", ROLE(", Description: d, Tags: [{Key: a, Value: b}]")), UPDATED);
    assert_int_equal(update("R", ROLE(", Description: d, Tags: [{Key: a, Value: b}]")), UNCHANGED);
    old = *named("R");
    assert_int_equal(update("R", ROLE(", Path: /p/")), REPLACED);
    /* What others gave it keeps it. */
    assert_true(refuses(SERVICE_IAM, "DeleteRole", arena_printf(&arena, "{\"RoleName\":\"%s\"}", role).ptr,
                        "DeleteConflict"));
    ask(SERVICE_IAM, "DeleteRolePolicy",
        arena_printf(&arena, "{\"RoleName\":\"%s\",\"PolicyName\":\"foreign\"}", role).ptr);
    assert_true(remove_kept(&old));
    old = *named("R");
    assert_int_equal(update("R", ROLE(", RoleName: given")), REPLACED);
    assert_true(remove_kept(&old));
    expect_refusal("R", ROLE(", RoleName: given, Path: /q/"), "Rename given and update the stack again.");
    remove_all();
}

#define HOLDERS                                                                                              \
    "  R: {Type: AWS::IAM::Role, Properties: {RoleName: r, " TRUST                                           \
    "}}\n  U: {Type: AWS::IAM::User, Properties: {UserName: u}}\n"

static void policies_change(void **state)
{
    struct kept old;
    (void)state;

    make(HOLDERS "  P: {Type: AWS::IAM::Policy, Properties: {PolicyName: p, PolicyDocument: " DOCUMENT
                 ", Roles: [r], Users: [u]}, DependsOn: [R, U]}\n"
                 "  M: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: " DOCUMENT
                 ", Roles: [r], Users: [u]}, DependsOn: [R, U]}\n");
    const char *inline_id = id_of("P");
    /* Another name and another holder. */
    assert_int_equal(update("P", HOLDERS "  P: {Type: AWS::IAM::Policy, Properties: {PolicyName: q, "
                                         "PolicyDocument: " OTHER_DOCUMENT ", Users: [u]}}\n"),
                     UPDATED);
    assert_string_equal(id_of("P"), inline_id);
    assert_int_equal(count_in("ListRolePolicies", "RoleName", "r", "PolicyNames"), 0);
    assert_int_equal(count_in("ListUserPolicies", "UserName", "u", "PolicyNames"), 1);
    assert_int_equal(
        update("M",
               HOLDERS "  M: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: " OTHER_DOCUMENT
                       ", Users: [u]}}\n"),
        UPDATED);
    assert_int_equal(count_in("ListAttachedRolePolicies", "RoleName", "r", "AttachedPolicies"), 0);
    assert_int_equal(count_in("ListAttachedUserPolicies", "UserName", "u", "AttachedPolicies"), 1);
    old = *named("M");
    assert_int_equal(
        update("M",
               HOLDERS "  M: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: " OTHER_DOCUMENT
                       ", Users: [u], Description: d}}\n"),
        REPLACED);
    assert_true(remove_kept(&old));
    assert_int_equal(count_in("ListAttachedUserPolicies", "UserName", "u", "AttachedPolicies"), 1);
    remove_all();
}

static void policies_of_one_holder_change(void **state)
{
    static const struct {
        const char *word, *list;
    } kinds[] = {{"Role", "ListRolePolicies"}, {"User", "ListUserPolicies"}, {"Group", "ListGroupPolicies"}};
    (void)state;

    make("  Role: {Type: AWS::IAM::Role, Properties: {RoleName: own, " TRUST "}}\n"
         "  User: {Type: AWS::IAM::User, Properties: {UserName: own}}\n"
         "  Group: {Type: AWS::IAM::Group, Properties: {GroupName: own}}\n");
    size_t holders = bench.count;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const char *word = kinds[i].word, *member = arena_printf(&arena, "%sName", word).ptr;
        const char *form = "  P: {Type: AWS::IAM::%sPolicy, Properties: {PolicyName: %s, %sName: own, "
                           "PolicyDocument: %s}}\n";
        make(arena_printf(&arena, form, word, "p", word, DOCUMENT).ptr);
        struct kept old = *named("P");
        assert_true(slice_is(old.id, "p|own"));
        assert_int_equal(update("P", arena_printf(&arena, form, word, "p", word, DOCUMENT).ptr), UNCHANGED);
        assert_int_equal(update("P", arena_printf(&arena, form, word, "p", word, OTHER_DOCUMENT).ptr),
                         UPDATED);
        assert_int_equal(update("P", arena_printf(&arena, form, word, "q", word, DOCUMENT).ptr), REPLACED);
        assert_int_equal(count_in(kinds[i].list, member, "own", "PolicyNames"), 2);
        assert_true(remove_kept(&old));
        assert_true(remove_kept(&bench.kept[--bench.count]));
        assert_int_equal(count_in(kinds[i].list, member, "own", "PolicyNames"), 0);
    }
    assert_int_equal(bench.count, holders);
    remove_all();
}

#define PEOPLE                                                                                               \
    "  U: {Type: AWS::IAM::User, Properties: {UserName: u}}\n  V: {Type: AWS::IAM::User, Properties: "       \
    "{UserName: v}}\n  G: {Type: AWS::IAM::Group, Properties: {GroupName: g}}\n"
#define KEY(properties) "  K: {Type: AWS::IAM::AccessKey, Properties: {" properties "}, DependsOn: [U, V]}\n"
#define ADDITION(users)                                                                                      \
    "  A: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: g, Users: [" users                   \
    "]}, DependsOn: [U, V, G]}\n"

static void keys_and_memberships_change(void **state)
{
    struct kept old;
    (void)state;

    make(PEOPLE KEY("UserName: u") ADDITION("u"));
    old = *named("K");
    assert_int_equal(update("K", PEOPLE KEY("UserName: u, Status: Inactive")), UPDATED);
    assert_true(slice_equal(old.id, named("K")->id));
    assert_int_equal(text_of(&named("K")->values, "SecretAccessKey").len, 40);
    assert_int_equal(update("K", PEOPLE KEY("UserName: u, Serial: 2")), REPLACED);
    assert_int_equal(count_in("ListAccessKeys", "UserName", "u", "AccessKeyMetadata"), 2);
    assert_true(remove_kept(&old));
    old = *named("K");
    assert_int_equal(update("K", PEOPLE KEY("UserName: v, Serial: 2")), REPLACED);
    assert_true(remove_kept(&old));
    assert_int_equal(count_in("ListAccessKeys", "UserName", "u", "AccessKeyMetadata"), 0);
    assert_int_equal(update("A", PEOPLE ADDITION("v")), UPDATED);
    assert_int_equal(count_in("ListGroupsForUser", "UserName", "u", "Groups"), 0);
    assert_int_equal(count_in("ListGroupsForUser", "UserName", "v", "Groups"), 1);
    remove_all();
}

static void users_and_providers_change(void **state)
{
    struct kept old;
    (void)state;

    make("  G: {Type: AWS::IAM::Group, Properties: {GroupName: g}}\n"
         "  U: {Type: AWS::IAM::User, Properties: {Groups: [!Ref G]}}\n"
         "  P: {Type: AWS::IAM::OIDCProvider, Properties: {Url: 'https://a.example.com', ThumbprintList: "
         "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]}}\n");
    const char *user = id_of("U");
    assert_int_equal(update("U", "  U: {Type: AWS::IAM::User, Properties: {Path: /p/}}\n"), UPDATED);
    assert_int_equal(count_in("ListGroupsForUser", "UserName", user, "Groups"), 0);
    old = *named("U");
    assert_int_equal(update("U", "  U: {Type: AWS::IAM::User, Properties: {UserName: given}}\n"), REPLACED);
    assert_true(remove_kept(&old));
    old = *named("P");
    assert_int_equal(update("P", "  P: {Type: AWS::IAM::OIDCProvider, Properties: {Url: "
                                 "'https://b.example.com', ThumbprintList: "
                                 "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]}}\n"),
                     REPLACED);
    assert_true(remove_kept(&old));
    remove_all();
}

/* ---- Cognito ---- */

#define POOL(id, properties) "  " id ": {Type: AWS::Cognito::UserPool, Properties: {" properties "}}\n"
#define OF_POOL(id, type, pool, properties)                                                                  \
    "  " id ": {Type: AWS::Cognito::" type ", Properties: {UserPoolId: !Ref " pool ", " properties "}}\n"

static void user_pools_change(void **state)
{
    (void)state;
    make(POOL("P", "UsernameAttributes: [email], Schema: [{Name: team, AttributeDataType: String}]"));
    assert_int_equal(update("P", POOL("P", "UsernameAttributes: [email], Schema: [{Name: team, "
                                           "AttributeDataType: String}], Policies: {PasswordPolicy: "
                                           "{MinimumLength: 12}}, UserPoolTags: {a: b}, UserPoolName: n")),
                     UPDATED);
    expect_refusal("P", POOL("P", "UsernameAttributes: [phone_number]"),
                   "Updates are not allowed for property - UsernameAttributes.");
    expect_refusal("P", POOL("P", "AliasAttributes: [email]"), "Updates are not allowed for property - ");
    expect_refusal("P",
                   POOL("P", "UsernameAttributes: [email], UsernameConfiguration: {CaseSensitive: true}"),
                   "Updates are not allowed for property - UsernameConfiguration.");
    expect_refusal(
        "P", POOL("P", "UsernameAttributes: [email], Schema: [{Name: team, AttributeDataType: Number}]"),
        "Existing schema attributes cannot be modified or deleted.");
    expect_refusal("P", POOL("P", "UsernameAttributes: [email]"),
                   "Existing schema attributes cannot be modified or deleted.");
    assert_int_equal(update("P", POOL("P", "UsernameAttributes: [email], Schema: [{Name: team, "
                                           "AttributeDataType: String}], DeletionProtection: ACTIVE")),
                     UPDATED);
    assert_int_equal(update("P", POOL("P", "UsernameAttributes: [email], Schema: [{Name: team, "
                                           "AttributeDataType: String}]")),
                     UPDATED);
    assert_int_equal(
        update("P", POOL("P", "UsernameAttributes: [email], Schema: [{Name: team, "
                              "AttributeDataType: String}, {Name: age, AttributeDataType: Number}]")),
        UPDATED);
    assert_int_equal(
        update("P", POOL("P", "UsernameAttributes: [email], Schema: [{Name: team, "
                              "AttributeDataType: String}, {Name: age, AttributeDataType: Number}]")),
        UNCHANGED);
    expect_refusal("P",
                   POOL("P",
                        "UsernameAttributes: [email], Schema: [{Name: team, AttributeDataType: String}, "
                        "{Name: age, AttributeDataType: Number}, {Name: more, AttributeDataType: String, "
                        "Required: true}]"),
                   "Required custom attributes are not supported currently.");
    remove_all();
}

#define POOLS POOL("P", "") POOL("Q", "")

static void what_is_in_user_pools_changes(void **state)
{
    struct kept old;
    (void)state;

    make(POOLS OF_POOL("C", "UserPoolClient", "P", "ClientName: c")
             OF_POOL("G", "UserPoolGroup", "P", "GroupName: g, Precedence: 1") OF_POOL("U", "UserPoolUser",
                                                                                       "P", "Username: ana")
                 OF_POOL("A", "UserPoolUserToGroupAttachment", "P", "GroupName: !Ref G, Username: !Ref U"));
    /* Clients. */
    old = *named("C");
    assert_int_equal(
        update("C", POOLS OF_POOL("C", "UserPoolClient", "P", "ClientName: d, RefreshTokenValidity: 7")),
        UPDATED);
    assert_true(slice_equal(old.id, named("C")->id));
    assert_int_equal(
        update("C", POOLS OF_POOL("C", "UserPoolClient", "P", "ClientName: d, GenerateSecret: true")),
        REPLACED);
    assert_true(remove_kept(&old));
    old = *named("C");
    assert_int_equal(
        update("C", POOLS OF_POOL("C", "UserPoolClient", "Q", "ClientName: d, GenerateSecret: true")),
        REPLACED);
    assert_true(remove_kept(&old));
    /* Groups. */
    assert_int_equal(
        update("G", POOLS OF_POOL("G", "UserPoolGroup", "P", "GroupName: g, Precedence: 2, Description: d")),
        UPDATED);
    assert_int_equal(update("G", POOLS OF_POOL("G", "UserPoolGroup", "P", "GroupName: g, Precedence: 2")),
                     UPDATED);
    /* Who is in a group. */
    old = *named("A");
    assert_int_equal(
        update("A", POOLS OF_POOL("A", "UserPoolUserToGroupAttachment", "P", "GroupName: g, Username: ana")),
        UNCHANGED);
    /* Users are made once. */
    expect_refusal("U",
                   POOLS OF_POOL("U", "UserPoolUser", "P",
                                 "Username: ana, UserAttributes: [{Name: email, Value: a@example.com}]"),
                   "Rename ana and update the stack again.");
    assert_true(remove_kept(named("A")));
    old = *named("U");
    assert_int_equal(update("U", POOLS OF_POOL("U", "UserPoolUser", "P", "Username: ben")), REPLACED);
    assert_true(remove_kept(&old));
    old = *named("G");
    assert_int_equal(update("G", POOLS OF_POOL("G", "UserPoolGroup", "Q", "GroupName: g")), REPLACED);
    assert_true(remove_kept(&old));
    bench.count--; /* the attachment, which is gone */
    remove_all();
}

#define IDENTITIES(id, properties)                                                                           \
    "  " id                                                                                                  \
    ": {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true" properties      \
    "}}\n"
#define ROLES(pool, roles)                                                                                   \
    "  A: {Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {IdentityPoolId: !Ref " pool          \
    ", Roles: {" roles "}}}\n"

static void identity_pools_change(void **state)
{
    static const char role[] = "authenticated: 'arn:aws:iam::000000000000:role/r'";
    const char *pools = IDENTITIES("P", "") IDENTITIES("Q", ""), *other;
    struct kept old;
    (void)state;

    make(arena_printf(
             &arena, "  R: {Type: AWS::IAM::Role, Properties: {RoleName: r, " TRUST "}}\n%s" ROLES("P", "%s"),
             pools, role)
             .ptr);
    other = arena_printf(&arena, "%s" ROLES("P", "%s, unauthenticated: 'arn:aws:iam::000000000000:role/r'"),
                         pools, role)
                .ptr;
    assert_int_equal(update("A", other), UPDATED);
    assert_int_equal(update("A", other), UNCHANGED);
    old = *named("A");
    assert_int_equal(update("A", arena_printf(&arena, "%s" ROLES("Q", "%s"), pools, role).ptr), REPLACED);
    assert_true(remove_kept(&old));
    old = *named("P");
    assert_int_equal(update("P", IDENTITIES("P", ", IdentityPoolName: n, AllowClassicFlow: true")), UPDATED);
    assert_true(slice_equal(old.id, named("P")->id));
    remove_all();
}

/* ---- parameters ---- */

#define PARAMETER(properties) "  P: {Type: AWS::SSM::Parameter, Properties: {Type: String, " properties "}}\n"

static void parameters_change(void **state)
{
    static const char *const settings[] = {"Value: b, Description: d", "Value: b, AllowedPattern: '[a-z]'",
                                           "Value: a, Tags: {a: b, c: d}", "Value: b"};
    struct kept old;
    (void)state;

    make(PARAMETER("Value: a"));
    assert_true(slice_starts_with(named("P")->id, SLICE("CFN-P-")));
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        const char *with = arena_printf(&arena, PARAMETER("%s"), settings[i]).ptr;
        if (update("P", with) != UPDATED || update("P", with) != UNCHANGED ||
            update("P", PARAMETER("Value: a")) != UPDATED || update("P", PARAMETER("Value: a")) != UNCHANGED)
            fail_msg("%s: %.*s", settings[i], SLICE_ARGS(bench.last_change));
    }
    assert_true(slice_is(text_of(&named("P")->values, "Value"), "a"));
    old = *named("P");
    assert_int_equal(update("P", PARAMETER("Name: /music/year, Value: a")), REPLACED);
    assert_true(slice_is(named("P")->id, "/music/year"));
    assert_true(remove_kept(&old));
    expect_refusal("P", PARAMETER("Name: /music/year, Value: a, AllowedPattern: '[b]'"),
                   "cannot be validated against allowedPattern");
    remove_all();
}

/* ---- what replaces another is not taken for it ---- */

static void what_is_replaced_is_not_found_for_the_new_one(void **state)
{
    (void)state;
    make(POOL("P", "") OF_POOL("C", "UserPoolClient", "P", "ClientName: c"));
    for (size_t i = 0; i < bench.count; i++) {
        struct kept *kept = &bench.kept[i];
        struct stack *stack = open_stack(one_resource(kept, kept->properties));
        struct making making = begin(stack, &stack->resources[0], NULL);
        making.instead_of = kept->id;
        must(plan_read(&making, true) && making.resource->kind->find(&making), &making, "finding");
        assert_null(making.have);
    }
    remove_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_made_needs_no_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_read_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ids_are_listed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_made_is_found_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(indexes_of_tables, set_up, tear_down),
        cmocka_unit_test_setup_teardown(settings_of_tables, set_up, tear_down),
        cmocka_unit_test_setup_teardown(billing_of_tables, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tables_are_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(roles_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(policies_of_one_holder_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(policies_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_and_memberships_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(users_and_providers_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(user_pools_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_in_user_pools_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(identity_pools_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parameters_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_replaced_is_not_found_for_the_new_one, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
