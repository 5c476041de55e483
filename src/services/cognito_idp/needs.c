#include "services/cognito_idp/needs.h"

#include "services/cognito_idp/pool.h"
#include "services/operation.h"
#include "services/tagged.h"

#define SERVICE "cognito-idp.amazonaws.com"

static bool find_tag(struct request *request, struct slice id, struct slice name, struct slice *value)
{
    struct user_pool pool;

    if (!user_pool_find(request, id, &pool)) {
        if (request->failure.code == ERROR_IDP_RESOURCE_NOT_FOUND)
            failure_init(&request->failure, request->arena); /* it has no tags */
        return false;
    }
    for (size_t i = 0; pool.tags != NULL && i < pool.tags->object.count; i++) {
        const struct json_member *tag = &pool.tags->object.members[i];
        *value = tag->value.text;
        if (slice_alike(tag->name, name))
            return true;
    }
    return false;
}

static struct slice text_in(const struct json *object, const char *name)
{
    const struct json *text =
        object == NULL || object->type != JSON_OBJECT ? NULL : json_get_present(object, name);

    return text == NULL || text->type != JSON_STRING ? SLICE("") : text->text;
}

/* A group's role is for its members, who get it from an identity pool; with the other the pool sends
 * messages. AWS: "Role-based access control", granting pass role permission. */
static void need_roles(struct request *request, struct permissions *needs)
{
    const struct json *messages = json_get_present(request->body, "SmsConfiguration");
    const struct slice roles[] = {text_in(request->body, "RoleArn"), text_in(messages, "SnsCallerArn")};

    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (roles[i].len > 0)
            permissions_pass_role(needs, roles[i], SERVICE);
    }
}

bool user_pool_needs(struct request *request, struct permissions *needs)
{
    tagged_pool_need(request, needs, "UserPoolId", "UserPoolTags", user_pool_arn, find_tag);
    need_roles(request, needs);
    return true;
}
