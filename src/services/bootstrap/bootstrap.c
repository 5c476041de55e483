#include "services/bootstrap/bootstrap.h"

#include "base/check.h"
#include "base/clock.h"
#include "directory/entity.h"
#include "services/s3/objects.h"
#include "services/ssm/parameter.h"
#include "stacks/event.h"
#include "stacks/resource_record.h"

/* Of aws-cdk 2.1148.1: Newer versions of the CLI update what is there, older ones
 * leave it as it is. */
#define BOOTSTRAP_VERSION "33"

#define NAME(what) "cdk-hnb659fds-" what "-{a}-{r}"
#define STACK_NAME "CDKToolkit"
#define PARAMETER  "/cdk-bootstrap/hnb659fds/version"
#define BUCKET     NAME("assets")
#define REPOSITORY NAME("container-assets")

enum { JSON_DEPTH = 32, ROLE_SESSION = 3600 };

static const struct born_role {
    const char *logical;
    const char *word; /* of its name and its tag: "deploy" */
    const char *trust;
    const char *managed;        /* a policy of AWS; "": none */
    const char *policy_logical; /* ""; its policy is its own */
    const char *policy_name;    /* "": it has none */
    const char *policy;
} roles[] = {
#define X(logical, word, trust, managed, policy_logical, policy_name, policy)                                \
    {logical, word, trust, managed, policy_logical, policy_name, policy},
#include "services/bootstrap/roles.def"
#undef X
};

/* One birth. */
struct birth {
    struct server *server;
    struct arena arena;
    struct request request; /* its batch is what is written */
    struct stack_record stack;
    struct buffer template;
    int64_t now;
    int64_t order; /* of the next resource */
};

/* ---- texts ---- */

/* {a} and {r} filled in. */
static struct slice expand(struct birth *birth, const char *text)
{
    struct buffer out;

    buffer_init(&out);
    for (; *text != '\0'; text++) {
        bool account = strncmp(text, "{a}", 3) == 0;
        if (account || strncmp(text, "{r}", 3) == 0) {
            buffer_append(&out, account ? birth->server->account_id : birth->server->region);
            text += 2;
        } else {
            buffer_append_byte(&out, *text);
        }
    }
    struct slice kept = arena_copy(&birth->arena, buffer_slice(&out));
    buffer_finish(&out);
    return kept;
}

static const struct json *parse(struct birth *birth, struct slice text)
{
    const struct json *json;

    CHECK(json_parse(&birth->arena, text, JSON_DEPTH, &json) == JSON_OK);
    return json;
}

static struct slice role_name(struct birth *birth, const struct born_role *role)
{
    return expand(birth, arena_printf(&birth->arena, "cdk-hnb659fds-%s-role-{a}-{r}", role->word).ptr);
}

/* ---- is it there already ---- */

/* STORAGE_NOT_FOUND: nothing of these names is. */
static enum storage_status find_any(struct birth *birth)
{
    struct storage *storage = birth->server->storage;
    struct stack_record stack;
    struct parameter parameter;
    struct s3_bucket bucket;
    struct role role;
    struct version version;

    enum storage_status status = stack_find(storage, &birth->arena, SLICE(STACK_NAME), &stack, &version);
    if (status == STORAGE_NOT_FOUND)
        status = parameter_read(&birth->request, SLICE(PARAMETER), &parameter, NULL);
    if (status == STORAGE_NOT_FOUND)
        status = s3_read(storage, NULL, &birth->arena, s3_bucket_key(&birth->arena, expand(birth, BUCKET)),
                         &s3_bucket_layout, &bucket, NULL);
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]) && status == STORAGE_NOT_FOUND; i++)
        status =
            entity_find_alike(storage, NULL, KIND_ROLE, role_name(birth, &roles[i]), &birth->arena, &role);
    return status;
}

/* ---- the stack's resources ---- */

/* What is known of a resource: `values` and `properties` are JSON objects. */
struct born {
    const char *logical;
    const char *type;
    struct slice id;
    struct slice name; /* empty: it has none */
    struct slice values;
    struct slice properties;
    const char *body; /* JSON members, or NULL */
};

static void put_resource(struct birth *birth, const struct born *born)
{
    struct slice body = arena_printf(&birth->arena, "{%s}", born->body == NULL ? "" : born->body);
    struct resource_record record = {.logical = slice_of(born->logical),
                                     .type = slice_of(born->type),
                                     .status = STACK_CREATE_COMPLETE,
                                     .changed = birth->now,
                                     .order = ++birth->order,
                                     .made = {.id = born->id,
                                              .name = born->name,
                                              .named = born->name.len > 0,
                                              .properties = parse(birth, born->properties),
                                              .values = parse(birth, born->values),
                                              .body = born->body == NULL ? NULL : parse(birth, body)}};

    resource_put(&birth->request.batch, birth->stack.uuid, &record);
    buffer_printf(&birth->template, "%s\"%s\":{\"Type\":\"%s\",\"Properties\":%.*s%s%s}",
                  birth->order > 1 ? "," : "", born->logical, born->type, SLICE_ARGS(born->properties),
                  born->body == NULL ? "" : ",", born->body == NULL ? "" : born->body);
}

/* ---- the bucket, the repository, the parameter ---- */

static void put_bucket(struct birth *birth)
{
    struct slice name = expand(birth, BUCKET);
    const struct s3_bucket bucket = {.name = name,
                                     .id = s3_new_id(&birth->arena),
                                     .created = birth->now,
                                     .region = birth->server->region,
                                     .versioning = SLICE("Enabled"),
                                     .unstored = true};

    objects_put_bucket(&birth->request.batch, &bucket);
    put_resource(
        birth,
        &(struct born){
            .logical = "StagingBucket",
            .type = "AWS::S3::Bucket",
            .id = name,
            .name = name,
            .values = expand(birth, "{\"Ref\":\"" BUCKET "\",\"Arn\":\"arn:aws:s3:::" BUCKET "\","
                                    "\"DomainName\":\"" BUCKET ".s3.amazonaws.com\","
                                    "\"DualStackDomainName\":\"" BUCKET ".s3.dualstack.{r}.amazonaws.com\","
                                    "\"RegionalDomainName\":\"" BUCKET ".s3.{r}.amazonaws.com\","
                                    "\"WebsiteURL\":\"http://" BUCKET ".s3-website-{r}.amazonaws.com\"}"),
            .properties = expand(birth, "{\"BucketName\":\"" BUCKET "\","
                                        "\"VersioningConfiguration\":{\"Status\":\"Enabled\"}}"),
            .body = "\"UpdateReplacePolicy\":\"Retain\",\"DeletionPolicy\":\"Retain\""});
}

/* Recorded, as in any stack: there is no service for images here. */
static void put_repository(struct birth *birth)
{
    struct slice name = expand(birth, REPOSITORY);

    put_resource(birth, &(struct born){
                            .logical = "ContainerAssetsRepository",
                            .type = "AWS::ECR::Repository",
                            .id = name,
                            .name = name,
                            .values = expand(
                                birth, "{\"Ref\":\"" REPOSITORY "\","
                                       "\"Arn\":\"arn:aws:ecr:{r}:{a}:repository/" REPOSITORY "\","
                                       "\"RepositoryUri\":\"{a}.dkr.ecr.{r}.amazonaws.com/" REPOSITORY "\"}"),
                            .properties = expand(birth, "{\"ImageTagMutability\":\"IMMUTABLE\","
                                                        "\"RepositoryName\":\"" REPOSITORY "\"}"),
                        });
}

static void put_parameter(struct birth *birth)
{
    const struct parameter parameter = {
        .name = SLICE(PARAMETER),
        .oldest = 1,
        .present = {.number = 1,
                    .type = SLICE("String"),
                    .value = SLICE(BOOTSTRAP_VERSION),
                    .tier = SLICE("Standard"),
                    .modified = birth->now,
                    .modifier = expand(birth, "arn:aws:iam::{a}:root")},
    };
    struct parameter there;
    struct version version;

    CHECK(parameter_read(&birth->request, parameter.name, &there, &version) != STORAGE_OK);
    parameter_put(&birth->request, &parameter, version);
    parameter_count(&birth->request, parameter.present.tier, 1);
    put_resource(birth, &(struct born){.logical = "CdkBootstrapVersion",
                                       .type = "AWS::SSM::Parameter",
                                       .id = parameter.name,
                                       .name = parameter.name,
                                       .values = SLICE("{\"Ref\":\"" PARAMETER "\",\"Type\":\"String\","
                                                       "\"Value\":\"" BOOTSTRAP_VERSION "\"}"),
                                       .properties = SLICE("{\"Type\":\"String\",\"Name\":\"" PARAMETER "\","
                                                           "\"Value\":\"" BOOTSTRAP_VERSION "\"}")});
}

/* ---- the roles ---- */

/* Those of the template and of the stack, in the order of their keys. */
static struct entity_tags tags_of(struct birth *birth, const struct born_role *role)
{
    const struct entity_tag tags[] = {{SLICE("aws-cdk:bootstrap-role"), slice_of(role->word)},
                                      {SLICE("aws:cloudformation:logical-id"), slice_of(role->logical)},
                                      {SLICE("aws:cloudformation:stack-id"), birth->stack.arn},
                                      {SLICE("aws:cloudformation:stack-name"), birth->stack.name}};
    size_t count = sizeof(tags) / sizeof(tags[0]);
    /* The role that CloudFormation takes has no tag in CDK's template. */
    size_t first = strcmp(role->word, "cfn-exec") == 0;
    struct entity_tag *items = arena_array(&birth->arena, struct entity_tag, count);

    for (size_t i = first; i < count; i++)
        items[i - first] = tags[i];
    return (struct entity_tags){items, count - first};
}

static struct slice managed_arn(struct birth *birth, const struct born_role *role)
{
    return arena_printf(&birth->arena, "arn:aws:iam::aws:policy/%s", role->managed);
}

static struct slice role_properties(struct birth *birth, const struct born_role *role)
{
    struct buffer out;
    bool first = true;

    buffer_init(&out);
    buffer_append_byte(&out, '{');
    json_write_string_member(&out, &first, "RoleName", role_name(birth, role));
    buffer_printf(&out, ",\"AssumeRolePolicyDocument\":%.*s", SLICE_ARGS(expand(birth, role->trust)));
    if (role->policy_name[0] != '\0' && role->policy_logical[0] == '\0')
        buffer_printf(&out, ",\"Policies\":[{\"PolicyName\":\"%s\",\"PolicyDocument\":%.*s}]",
                      role->policy_name, SLICE_ARGS(expand(birth, role->policy)));
    if (role->managed[0] != '\0')
        buffer_printf(&out, ",\"ManagedPolicyArns\":[\"%.*s\"]", SLICE_ARGS(managed_arn(birth, role)));
    if (strcmp(role->word, "cfn-exec") != 0)
        buffer_printf(&out, ",\"Tags\":[{\"Key\":\"aws-cdk:bootstrap-role\",\"Value\":\"%s\"}]", role->word);
    buffer_append_byte(&out, '}');
    struct slice kept = arena_copy(&birth->arena, buffer_slice(&out));
    buffer_finish(&out);
    return kept;
}

/* A policy that is a resource of its own has an id of the form that CloudFormation makes. */
static void put_policy_resource(struct birth *birth, const struct born_role *role)
{
    struct slice name = expand(birth, role->policy_name), document = expand(birth, role->policy);
    struct slice id =
        arena_printf(&birth->arena, "CDKTo-%.5s-%.12s", role->policy_logical, s3_new_id(&birth->arena).ptr);
    struct slice owner = role_name(birth, role);

    put_resource(birth,
                 &(struct born){.logical = role->policy_logical,
                                .type = "AWS::IAM::Policy",
                                .id = id,
                                .name = name,
                                .values = arena_printf(&birth->arena, "{\"Ref\":\"%.*s\",\"Id\":\"%.*s\"}",
                                                       SLICE_ARGS(id), SLICE_ARGS(id)),
                                .properties =
                                    arena_printf(&birth->arena,
                                                 "{\"PolicyDocument\":%.*s,\"Roles\":[\"%.*s\"],"
                                                 "\"PolicyName\":\"%.*s\"}",
                                                 SLICE_ARGS(document), SLICE_ARGS(owner), SLICE_ARGS(name))});
}

static void put_role(struct birth *birth, const struct born_role *born)
{
    struct inline_policy policy = {expand(birth, born->policy_name), expand(birth, born->policy)};
    struct role role = {.entity = {.name = role_name(birth, born),
                                   .path = SLICE("/"),
                                   .id = entity_new_id(&birth->arena, KIND_ROLE),
                                   .created = birth->now,
                                   .tags = tags_of(birth, born)},
                        .trust_policy = expand(birth, born->trust),
                        .max_session = ROLE_SESSION};
    struct slice arn = entity_arn(&birth->arena, birth->server->account_id, KIND_ROLE, &role.entity);

    if (policy.name.len > 0)
        role.grants.inlines = (struct inline_policies){&policy, 1};
    if (born->managed[0] != '\0')
        texts_add(&birth->arena, &role.grants.attached, managed_arn(birth, born));
    entity_put(&birth->request.batch, KIND_ROLE, &role);
    put_resource(
        birth, &(struct born){.logical = born->logical,
                              .type = "AWS::IAM::Role",
                              .id = role.entity.name,
                              .name = role.entity.name,
                              .values = arena_printf(
                                  &birth->arena, "{\"Ref\":\"%.*s\",\"Arn\":\"%.*s\",\"RoleId\":\"%.*s\"}",
                                  SLICE_ARGS(role.entity.name), SLICE_ARGS(arn), SLICE_ARGS(role.entity.id)),
                              .properties = role_properties(birth, born)});
    if (born->policy_logical[0] != '\0')
        put_policy_resource(birth, born);
}

/* ---- the stack ---- */

#define DESCRIPTION "This stack includes resources needed to deploy AWS CDK apps into this environment"

static const struct output {
    const char *key;
    const char *value;
    const char *description;
} outputs[] = {
    {"BucketName", BUCKET, "The name of the S3 bucket owned by the CDK toolkit stack"},
    {"BucketDomainName", BUCKET ".s3.{r}.amazonaws.com",
     "The domain name of the S3 bucket owned by the CDK toolkit stack"},
    {"ImageRepositoryName", REPOSITORY, "The name of the ECR repository which hosts docker image assets"},
    {"BootstrapVersion", BOOTSTRAP_VERSION,
     "The version of the bootstrap resources that are currently mastered in this stack"},
};

/* As the template has them, and as the stack tells them. */
static void write_outputs(struct birth *birth, struct buffer *told)
{
    buffer_append_byte(told, '[');
    for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
        struct slice value = expand(birth, outputs[i].value);
        const char *comma = i == 0 ? "" : ",";
        buffer_printf(&birth->template, "%s\"%s\":{\"Description\":\"%s\",\"Value\":\"%.*s\"}", comma,
                      outputs[i].key, outputs[i].description, SLICE_ARGS(value));
        buffer_printf(told, "%s{\"OutputKey\":\"%s\",\"OutputValue\":\"%.*s\",\"Description\":\"%s\"}", comma,
                      outputs[i].key, SLICE_ARGS(value), outputs[i].description);
    }
    buffer_append_byte(told, ']');
}

static void put_stack(struct birth *birth)
{
    struct stack_record *stack = &birth->stack;
    struct buffer told;

    buffer_init(&told);
    buffer_append_string(&birth->template, "},\"Outputs\":{");
    write_outputs(birth, &told);
    buffer_append_string(&birth->template, "}}");
    stack->status = STACK_CREATE_COMPLETE;
    stack->action = SLICE("CreateStack");
    stack->on_failure = SLICE("ROLLBACK");
    stack->caller = SLICE("{}"); /* nobody's, who is not limited (inner.h) */
    stack->source.template = stack->templates = 1;
    stack->source.description = SLICE(DESCRIPTION);
    stack->source.capabilities = parse(birth, SLICE("[\"CAPABILITY_NAMED_IAM\"]"));
    stack->source.outputs = parse(birth, arena_copy(&birth->arena, buffer_slice(&told)));
    buffer_finish(&told);
    stack_put(&birth->request.batch, stack);
    stack_put_name(&birth->request.batch, stack);
    stack_put_template(&birth->request.batch, stack->uuid, 1,
                       arena_copy(&birth->arena, buffer_slice(&birth->template)));
    stack_put_event(&birth->request.batch, stack);
}

static void put_all(struct birth *birth)
{
    const struct server *server = birth->server;

    birth->stack =
        stack_new(&birth->arena, server->region, server->account_id, SLICE(STACK_NAME), birth->now);
    buffer_append_string(&birth->template, "{\"Description\":\"" DESCRIPTION "\",\"Resources\":{");
    put_bucket(birth);
    put_repository(birth);
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
        put_role(birth, &roles[i]);
    put_parameter(birth);
    put_stack(birth);
}

static enum storage_status commit(struct birth *birth, struct slice mark, struct version version)
{
    enum storage_status status = find_any(birth);

    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return status;
    if (status == STORAGE_NOT_FOUND) {
        status = entities_edit(birth->server->storage, &birth->request.batch);
        if (status != STORAGE_OK)
            return status;
        put_all(birth);
    }
    batch_guard(&birth->request.batch, mark, version);
    batch_put(&birth->request.batch, mark, SLICE(BOOTSTRAP_VERSION));
    return storage_commit_wait(birth->server->storage, &birth->request.batch);
}

enum storage_status bootstrap_once(struct server *server)
{
    struct slice mark = keys_bootstrapped();
    struct birth birth = {.server = server, .now = clock_now()};
    struct stored stored;
    enum storage_status status = storage_get(server->storage, NULL, mark, &stored);
    struct version version = stored.version;

    stored_release(&stored);
    if (status != STORAGE_NOT_FOUND)
        return status;
    arena_init(&birth.arena);
    buffer_init(&birth.template);
    birth.request = (struct request){.server = server, .arena = &birth.arena};
    batch_init(&birth.request.batch, &birth.arena);
    failure_init(&birth.request.failure, &birth.arena);
    status = commit(&birth, mark, version);
    buffer_finish(&birth.template);
    arena_finish(&birth.arena);
    return status;
}
