#include "deploy/resource_type.h"

#include "base/characters.h"
#include "deploy/types/types.h"

static const struct resource_type *const types[] = {
    &table_type,
    &global_table_type,
    &role_type,
    &user_type,
    &group_type,
    &inline_policy_type,
    &managed_policy_type,
    &role_policy_type,
    &user_policy_type,
    &group_policy_type,
    &access_key_type,
    &addition_type,
    &instance_profile_type,
    &oidc_provider_type,
    &user_pool_type,
    &user_pool_client_type,
    &user_pool_domain_type,
    &user_pool_group_type,
    &user_pool_user_type,
    &user_pool_attachment_type,
    &identity_pool_type,
    &role_attachment_type,
    &parameter_type,
    &bucket_type,
    &bucket_policy_type,
    &bucket_emptying_type,
    &metadata_type,
    &wait_handle_type,
};

/* The types that AWS has of the services that this server has, beside those that are made here. A name of
 * theirs that is not here is a slip of the pen. */
static const char *const known_names[] = {
    "AWS::CloudFormation::ChangeSet",
    "AWS::CloudFormation::CustomResource",
    "AWS::CloudFormation::GeneratedTemplate",
    "AWS::CloudFormation::GuardHook",
    "AWS::CloudFormation::HookDefaultVersion",
    "AWS::CloudFormation::HookTypeConfig",
    "AWS::CloudFormation::HookVersion",
    "AWS::CloudFormation::LambdaHook",
    "AWS::CloudFormation::Macro",
    "AWS::CloudFormation::ModuleDefaultVersion",
    "AWS::CloudFormation::ModuleVersion",
    "AWS::CloudFormation::PublicTypeVersion",
    "AWS::CloudFormation::Publisher",
    "AWS::CloudFormation::ResourceDefaultVersion",
    "AWS::CloudFormation::ResourceVersion",
    "AWS::CloudFormation::StackSet",
    "AWS::CloudFormation::TypeActivation",
    "AWS::CloudFormation::WaitCondition",
    "AWS::Cognito::IdentityPoolPrincipalTag",
    "AWS::Cognito::LogDeliveryConfiguration",
    "AWS::Cognito::ManagedLoginBranding",
    "AWS::Cognito::Terms",
    "AWS::Cognito::UserPoolIdentityProvider",
    "AWS::Cognito::UserPoolRegionalConfigurationAttachment",
    "AWS::Cognito::UserPoolReplica",
    "AWS::Cognito::UserPoolResourceServer",
    "AWS::Cognito::UserPoolRiskConfigurationAttachment",
    "AWS::Cognito::UserPoolUICustomizationAttachment",
    "AWS::IAM::SAMLProvider",
    "AWS::IAM::ServerCertificate",
    "AWS::IAM::ServiceLinkedRole",
    "AWS::IAM::VirtualMFADevice",
    "AWS::S3::AccessGrant",
    "AWS::S3::AccessGrantsInstance",
    "AWS::S3::AccessGrantsLocation",
    "AWS::S3::AccessPoint",
    "AWS::S3::MultiRegionAccessPoint",
    "AWS::S3::MultiRegionAccessPointPolicy",
    "AWS::S3::StorageLens",
    "AWS::S3::StorageLensGroup",
    "AWS::SSM::Association",
    "AWS::SSM::CloudConnector",
    "AWS::SSM::Document",
    "AWS::SSM::MaintenanceWindow",
    "AWS::SSM::MaintenanceWindowTarget",
    "AWS::SSM::MaintenanceWindowTask",
    "AWS::SSM::OpsItem",
    "AWS::SSM::PatchBaseline",
    "AWS::SSM::ResourceDataSync",
    "AWS::SSM::ResourcePolicy",
    "AWS::SSM::ServiceSetting",
};

static bool is_known_name(struct slice name)
{
    for (size_t i = 0; i < sizeof(known_names) / sizeof(known_names[0]); i++) {
        if (slice_is(name, known_names[i]))
            return true;
    }
    return false;
}

static bool is_served(struct slice name)
{
    static const char *const services[] = {
        "AWS::CDK::", "AWS::CloudFormation::", "AWS::Cognito::", "AWS::DynamoDB::", "AWS::IAM::", "AWS::S3::",
        "AWS::SSM::"};

    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        if (slice_starts_with(name, slice_of(services[i])))
            return true;
    }
    return false;
}

/* AWS: "Custom::String": up to 60 letters, digits and _@-, with the prefix. */
static bool is_custom_name(struct slice name)
{
    enum { LONGEST = 60 };
    const struct slice prefix = SLICE("Custom::");

    if (!slice_starts_with(name, prefix) || name.len == prefix.len || name.len > LONGEST)
        return false;
    for (size_t i = prefix.len; i < name.len; i++) {
        char c = name.ptr[i];
        if (!is_word_character(c) && c != '@' && c != '-')
            return false;
    }
    return true;
}

/* "AWS::Service::Resource" */
static bool is_type_name(struct slice name)
{
    enum { PARTS = 2, LONGEST_PART = 64 };
    const struct slice prefix = SLICE("AWS::");
    size_t parts = 1, length = 0;

    if (!slice_starts_with(name, prefix))
        return false;
    for (size_t i = prefix.len; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == ':' && length > 0 && parts < PARTS && i + 1 < name.len && name.ptr[i + 1] == ':') {
            parts++;
            i++;
            length = 0;
        } else if ((!is_letter(c) && !is_digit(c)) || ++length > LONGEST_PART) {
            return false;
        }
    }
    return parts == PARTS && length > 0;
}

static bool is_recorded_name(struct slice name)
{
    return is_served(name)
               ? is_known_name(name)
               : is_type_name(name) || is_custom_name(name) || slice_is(name, "Alexa::ASK::Skill");
}

const struct resource_type *resource_type_find(struct slice name)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (slice_is(name, types[i]->name))
            return types[i];
    }
    return is_recorded_name(name) ? &recorded_type : NULL;
}

bool resource_type_exists(struct slice name)
{
    return resource_type_find(name) != NULL || slice_is(name, "AWS::CloudFormation::Stack");
}

/* ---- values ---- */

bool resource_has_attribute(const struct resource *resource, struct slice attribute)
{
    const struct resource_type *type = resource->kind;

    if (type == NULL || type->recorded)
        return type == NULL || recorded_has_attribute(resource->type, attribute);
    for (size_t i = 0; type->attributes != NULL && type->attributes[i] != NULL; i++) {
        struct slice known = slice_of(type->attributes[i]);
        bool begins = known.len > 0 && known.ptr[known.len - 1] == '*';
        known.len -= begins;
        if (begins ? slice_starts_with(attribute, known) : slice_equal(attribute, known))
            return true;
    }
    return false;
}

enum resolved resource_value(struct stack *stack, struct resource *resource, struct slice attribute,
                             struct json *out, struct slice *reason)
{
    const struct resource_type *type = resource->kind;
    const struct json *known =
        json_get_slice(&resource->values, attribute.len == 0 ? SLICE("Ref") : attribute);
    enum resolved resolved = RESOLVED_LATER;
    struct slice text;

    if (known != NULL) {
        *out = *known;
        return RESOLVED;
    }
    if (attribute.len > 0 && !resource_has_attribute(resource, attribute)) {
        int length = attribute.len > 100 ? 100 : (int)attribute.len;
        *reason = arena_printf(stack->arena, "%.*s (%s) has no attribute %.*s", SLICE_ARGS(resource->id),
                               type->name, length, attribute.ptr);
        return RESOLVED_WRONG;
    }
    if (type->early != NULL)
        resolved = type->early(stack, resource, attribute, &text, reason);
    if (resolved == RESOLVED)
        *out = (struct json){.type = JSON_STRING, .text = text};
    if (resolved == RESOLVED_LATER && attribute.len == 0)
        *reason =
            arena_printf(stack->arena, "%.*s, which is known only when it is made", SLICE_ARGS(resource->id));
    else if (resolved == RESOLVED_LATER)
        *reason = arena_printf(stack->arena, "the %.*s of %.*s, which is known only when it is made",
                               SLICE_ARGS(attribute), SLICE_ARGS(resource->id));
    return resolved;
}

void resource_publish(struct stack *stack, struct resource *resource, const char *attribute,
                      struct slice value)
{
    struct json *values = &resource->values;
    const struct json text = {.type = JSON_STRING, .text = arena_copy(stack->arena, value)};

    for (size_t i = 0; i < values->object.count; i++) {
        if (slice_is(values->object.members[i].name, attribute)) {
            values->object.members[i].value = text;
            return;
        }
    }
    values->object.members = arena_grow(stack->arena, values->object.members, values->object.count,
                                        values->object.count + 1, sizeof(*values->object.members));
    values->object.members[values->object.count++] = (struct json_member){slice_of(attribute), text};
}
