/* AssumeRole. AWS: API_AssumeRole. */
#include "base/characters.h"
#include "services/sts/assumption.h"
#include "services/sts/handlers.h"
#include "services/sts/input.h"

static bool is_external_id(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_word_character(c) && (c == '\0' || strchr("+=,.@:/-", c) == NULL))
            return false;
    }
    return true;
}

static const struct shape external_id = {
    .kind = SHAPE_STRING, .min = 2, .max = 1224, .matches = is_external_id, .pattern = "[\\w+=,.@:\\/-]*"};
static const struct shape assertion = {.kind = SHAPE_STRING, .min = 4, .max = 2048};
static const struct shape_entry context_members[] = {
    {"ProviderArn", &sts_arn, false}, {"ContextAssertion", &assertion, false}, {0}};
static const struct shape context = {.kind = SHAPE_STRUCTURE, .members = context_members};
static const struct shape contexts = {.kind = SHAPE_LIST, .max = 5, .element = &context};

static const struct shape_entry members[] = {{"RoleArn", &sts_arn, true},
                                             {"RoleSessionName", &sts_session_name, true},
                                             {"PolicyArns", &sts_policy_arns, false},
                                             {"Policy", &sts_policy, false},
                                             {"DurationSeconds", &sts_role_duration, false},
                                             {"Tags", &sts_tags, false},
                                             {"TransitiveTagKeys", &sts_tag_keys, false},
                                             {"ExternalId", &external_id, false},
                                             {"SerialNumber", &sts_serial_number, false},
                                             {"TokenCode", &sts_token_code, false},
                                             {"SourceIdentity", &sts_source_identity, false},
                                             {"ProvidedContexts", &contexts, false},
                                             {"MinimumSessionTokenSize", &sts_token_size, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* There are no devices, and no identity provider whose contexts could be trusted. */
static bool check_absent(struct request *request)
{
    const struct json *provided = shape_member(request->body, "ProvidedContexts");

    if (shape_text(request->body, "TokenCode").ptr != NULL ||
        shape_text(request->body, "SerialNumber").ptr != NULL)
        return fail(&request->failure, ERROR_ACCESS_DENIED,
                    "MultiFactorAuthentication failed with invalid MFA one time pass code. ");
    return provided == NULL || provided->array.count == 0 ||
           fail(&request->failure, ERROR_VALIDATION,
                "ProvidedContexts are not supported: this server knows no provider of trusted contexts");
}

bool assume_role(struct request *request)
{
    struct assumption assumption = {.action = "sts:AssumeRole"};
    struct assumed assumed;
    bool first = true;

    if (!query_input_accepts(request, &input) || !input_read_policies(request, &assumption.session) ||
        !input_read_tags(request, &assumption.session.tags) || !check_absent(request))
        return false;
    assumption.role_arn = shape_text(request->body, "RoleArn");
    assumption.duration = shape_number(request->body, "DurationSeconds", ROLE_DURATION);
    assumption.external_id = shape_text(request->body, "ExternalId");
    assumption.session.name = shape_text(request->body, "RoleSessionName");
    assumption.session.source_identity = shape_text(request->body, "SourceIdentity");
    if (!assume(request, &assumption, &assumed))
        return false;
    buffer_append_byte(request->out, '{');
    assumed_write(request, &first, &assumption, &assumed);
    buffer_append_byte(request->out, '}');
    return true;
}
