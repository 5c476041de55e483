/*
 * What AWS has and this server has not: passwords and MFA devices for the console, certificates, SSH keys,
 * SAML providers, credentials of other services, roles of services. There are none, and so the lists of them
 * are empty, and the one that is asked for is not found; to make one is refused (services/refusal.h).
 */
#include "services/iam/handlers.h"
#include "services/iam/lookup.h"
#include "services/iam/page.h"

static const struct shape_entry list_members[] = {{"UserName", &form_existing_user_name, false},
                                                  {"PathPrefix", &form_path, false},
                                                  {"Marker", &form_marker, false},
                                                  {"MaxItems", &form_max_items, false},
                                                  {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

/* An empty list; of a user who must be there, if one is named. */
static bool list_nothing(struct request *request, const char *member)
{
    struct page page;
    union any_entity entity;

    if (!form_accepts(request, &list_input))
        return false;
    struct slice name = form_text(request, "UserName");
    if ((name.ptr != NULL && !lookup(request, KIND_USER, name, &entity)) ||
        !page_begin(&page, request, member))
        return false;
    page_end(&page);
    return true;
}

bool list_account_aliases(struct request *request)
{
    return list_nothing(request, "AccountAliases");
}

bool list_mfa_devices(struct request *request)
{
    return list_nothing(request, "MFADevices");
}

bool list_virtual_mfa_devices(struct request *request)
{
    return list_nothing(request, "VirtualMFADevices");
}

bool list_server_certificates(struct request *request)
{
    return list_nothing(request, "ServerCertificateMetadataList");
}

bool list_signing_certificates(struct request *request)
{
    return list_nothing(request, "Certificates");
}

bool list_ssh_public_keys(struct request *request)
{
    return list_nothing(request, "SSHPublicKeys");
}

bool list_service_specific_credentials(struct request *request)
{
    return list_nothing(request, "ServiceSpecificCredentials");
}

bool list_saml_providers(struct request *request)
{
    buffer_append_string(request->out, "{\"SAMLProviderList\":[]}");
    return true;
}

/* ---- one that is not there ---- */

static const struct shape_entry user_members[] = {{"UserName", &form_user_name, false}, {0}};
static const struct shape user_input = {.kind = SHAPE_STRUCTURE, .members = user_members};

bool find_no_login_profile(struct request *request)
{
    struct user user;

    return form_accepts(request, &user_input) && lookup_user_or_caller(request, &user) &&
           fail(&request->failure, ERROR_NO_SUCH_ENTITY, "Login Profile for User %.*s cannot be found.",
                SLICE_ARGS(user.entity.name));
}

bool find_no_password_policy(struct request *request)
{
    return fail(&request->failure, ERROR_NO_SUCH_ENTITY,
                "The Password Policy with domain name %.*s cannot be found.",
                SLICE_ARGS(request->server->account_id));
}

static const struct shape_entry role_members[] = {{"RoleName", &form_role_name, true}, {0}};
static const struct shape role_input = {.kind = SHAPE_STRUCTURE, .members = role_members};

bool delete_service_linked_role(struct request *request)
{
    struct slice name = form_text(request, "RoleName");
    struct role role;

    return form_accepts(request, &role_input) && lookup(request, KIND_ROLE, name, &role) &&
           fail(&request->failure, ERROR_INVALID_INPUT, "The role %.*s is not linked to a service.",
                SLICE_ARGS(name));
}

bool list_delegation_requests(struct request *request)
{
    buffer_append_string(request->out, "{\"DelegationRequests\":[],\"isTruncated\":false}");
    return true;
}

static const struct shape task_id = {.kind = SHAPE_STRING, .min = 1, .max = 1000};
static const struct shape_entry thing_members[] = {
    {"AccountAlias", &form_name, false},           {"SerialNumber", &form_arn, false},
    {"ServerCertificateName", &form_name, false},  {"CertificateId", &form_name, false},
    {"SSHPublicKeyId", &form_name, false},         {"ServiceSpecificCredentialId", &form_name, false},
    {"SAMLProviderArn", &form_arn, false},         {"DeletionTaskId", &task_id, false},
    {"DelegationRequestId", &form_name, false},    {"JobId", &form_name, false},
    {"UserName", &form_existing_user_name, false}, {0}};
static const struct shape thing_input = {.kind = SHAPE_STRUCTURE, .members = thing_members};

/* The input names what is asked for by one of these members; the last says whose it would be. */
bool find_nothing(struct request *request)
{
    if (!query_input_accepts(request, &thing_input))
        return false;
    for (const struct shape_entry *entry = thing_members; entry[1].name != NULL; entry++) {
        struct slice name = form_text(request, entry->name);
        if (name.ptr != NULL)
            return fail(&request->failure, ERROR_NO_SUCH_ENTITY, "The %s %.*s cannot be found.", entry->name,
                        SLICE_ARGS(name));
    }
    return fail(&request->failure, ERROR_VALIDATION, "The input does not name what is asked for.");
}
