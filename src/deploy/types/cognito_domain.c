/* AWS::Cognito::UserPoolDomain. AWS: CloudFormation template reference. */
#include "deploy/types/cognito.h"
#include "deploy/types/reading.h"
#include "deploy/types/types.h"

static const struct property members[] = {{"CustomDomainConfig", NULL, NOT_APPLIED},
                                          {"Domain", &kind_text, REQUIRED},
                                          {"ManagedLoginVersion", &kind_integer, OPTIONAL},
                                          {"Routing", NULL, NOT_APPLIED},
                                          {"UserPoolId", &kind_text, REQUIRED},
                                          {0}};
static const struct kind_of_value properties = {.kind = STRUCTURE, .members = members};
static const struct setting domain_settings[] = {{"ManagedLoginVersion", NULL, "1"}, {0}};

/* The domain of another pool is not found. */
static bool find(struct making *making)
{
    struct slice name = text_of(making_place(making), "Domain");
    struct client_answer answer;
    struct input input;

    if (name.len == 0)
        return true;
    input_begin(&input);
    input_text(&input, "Domain", name);
    if (!making_call(making, SERVICE_USER_POOLS, "DescribeUserPoolDomain", &input, &answer))
        return false;
    const struct json *told = json_get(answer.body, "DomainDescription");
    struct slice owner = text_of(told, "UserPoolId");
    if (owner.len == 0 || !slice_equal(owner, text_of(making_place(making), "UserPoolId")))
        return true;
    making->have = told;
    making_identify(making, name);
    return true;
}

static bool compare(struct making *making)
{
    static const char *const fixed[] = {"Domain", "UserPoolId", NULL};

    return making_fixed_all(making, fixed);
}

static bool send(struct making *making, const char *operation)
{
    struct input input;

    input_begin(&input);
    input_text(&input, "Domain", text_of(making->want, "Domain"));
    input_text(&input, "UserPoolId", text_of(making->want, "UserPoolId"));
    settings_write(&input, domain_settings, making->want);
    return making_call(making, SERVICE_USER_POOLS, operation, &input, NULL);
}

static bool create(struct making *making)
{
    if (!send(making, "CreateUserPoolDomain"))
        return false;
    making_identify(making, text_of(making->want, "Domain"));
    return true;
}

static bool update(struct making *making)
{
    return settings_differ(making, domain_settings, making->have) == NULL ||
           send(making, "UpdateUserPoolDomain");
}

static bool read_back(struct making *making, const struct json **out)
{
    static const char *const told[] = {"Domain", "UserPoolId", NULL};
    struct input input;

    input_begin(&input);
    reading_members(&input, making->have, told);
    settings_read(&input, domain_settings, making->have);
    return reading_done(making, &input, out);
}

static bool remove_domain(struct making *making)
{
    const struct text_member own[] = {
        {"Domain", making->id}, {"UserPoolId", text_of(making->have, "UserPoolId")}, {0}};

    return making_do(making, SERVICE_USER_POOLS, "DeleteUserPoolDomain", own, NULL);
}

static const char *const attributes[] = {"CloudFrontDistribution", NULL};
static const char *const identifier[] = {"UserPoolId", "Domain", NULL};
const struct resource_type user_pool_domain_type = {.name = "AWS::Cognito::UserPoolDomain",
                                                    .properties = &properties,
                                                    .attributes = attributes,
                                                    .identifier = identifier,
                                                    .find = find,
                                                    .compare = compare,
                                                    .create = create,
                                                    .update = update,
                                                    .read = read_back,
                                                    .remove = remove_domain};
