/* Operations of STS whose other side this server does not have. Their input is checked, and then they are
 * refused as AWS refuses them in an account that has not set up what they need. */
#include "services/query_input.h"
#include "services/sts/handlers.h"
#include "services/sts/input.h"

/* ---- AssumeRoleWithSAML: there are no SAML providers ---- */

static const struct shape saml_assertion = {.kind = SHAPE_STRING, .min = 4, .max = 100000};
static const struct shape saml_policy = {.kind = SHAPE_STRING, .min = 1, .max = 2048, .in_characters = true};
static const struct shape_entry saml_members[] = {{"RoleArn", &sts_arn, true},
                                                  {"PrincipalArn", &sts_arn, true},
                                                  {"SAMLAssertion", &saml_assertion, true},
                                                  {"PolicyArns", &sts_policy_arns, false},
                                                  {"Policy", &saml_policy, false},
                                                  {"DurationSeconds", &sts_role_duration, false},
                                                  {"MinimumSessionTokenSize", &sts_token_size, false},
                                                  {0}};
static const struct shape saml_input = {.kind = SHAPE_STRUCTURE, .members = saml_members};

bool assume_role_with_saml(struct request *request)
{
    return query_input_accepts(request, &saml_input) &&
           fail(&request->failure, ERROR_INVALID_IDENTITY_TOKEN,
                "This server has no SAML providers and reads no SAML assertions");
}

/* ---- AssumeRoot: for the management account of an organization, and there is none ---- */

static const struct shape target = {.kind = SHAPE_STRING, .min = 12, .max = 2048};
static const struct shape_entry task_members[] = {{"arn", &sts_arn, false}, {0}};
static const struct shape task = {.kind = SHAPE_STRUCTURE, .members = task_members};
static const struct shape root_duration = {.kind = SHAPE_INTEGER, .not_negative = true, .max = 900};
static const struct shape_entry root_members[] = {{"TargetPrincipal", &target, true},
                                                  {"TaskPolicyArn", &task, true},
                                                  {"DurationSeconds", &root_duration, false},
                                                  {"MinimumSessionTokenSize", &sts_token_size, false},
                                                  {0}};
static const struct shape root_input = {.kind = SHAPE_STRUCTURE, .members = root_members};

bool assume_root(struct request *request)
{
    return query_input_accepts(request, &root_input) &&
           fail(&request->failure, ERROR_ACCESS_DENIED,
                "User: %.*s is not authorized to perform: sts:AssumeRoot on resource: %.*s, for the account "
                "belongs to no organization",
                SLICE_ARGS(request->principal.arn), SLICE_ARGS(shape_text(request->body, "TargetPrincipal")));
}

/* ---- DecodeAuthorizationMessage: no message of this server is encoded ---- */

static const struct shape encoded = {.kind = SHAPE_STRING, .min = 1, .max = 10240};
static const struct shape_entry decode_members[] = {{"EncodedMessage", &encoded, true}, {0}};
static const struct shape decode_input = {.kind = SHAPE_STRUCTURE, .members = decode_members};

bool decode_authorization_message(struct request *request)
{
    return query_input_accepts(request, &decode_input) &&
           fail(&request->failure, ERROR_INVALID_AUTHORIZATION_MESSAGE,
                "Message is not valid: this server tells why it denies in plain text and encodes nothing");
}

/* ---- GetDelegatedAccessToken: nobody gives out tokens to trade in ---- */

static const struct shape_entry trade_members[] = {{"TradeInToken", &shape_string, true}, {0}};
static const struct shape trade_input = {.kind = SHAPE_STRUCTURE, .members = trade_members};

bool get_delegated_access_token(struct request *request)
{
    return query_input_accepts(request, &trade_input) &&
           fail(&request->failure, ERROR_ACCESS_DENIED,
                "The trade-in token is not valid: this server gives out none");
}

/* ---- GetWebIdentityToken: outbound federation is off, as in a new account ---- */

static const struct shape audience = {.kind = SHAPE_STRING, .min = 1, .max = 1000};
static const struct shape audiences = {.kind = SHAPE_LIST, .min = 1, .max = 10, .element = &audience};
static const struct shape algorithm = {.kind = SHAPE_STRING, .min = 5, .max = 5};
static const struct shape token_duration = {.kind = SHAPE_INTEGER, .min = 60, .max = 3600};
static const struct shape_entry web_members[] = {{"Audience", &audiences, true},
                                                 {"DurationSeconds", &token_duration, false},
                                                 {"SigningAlgorithm", &algorithm, true},
                                                 {"Tags", &sts_tags, false},
                                                 {0}};
static const struct shape web_input = {.kind = SHAPE_STRUCTURE, .members = web_members};

bool get_web_identity_token(struct request *request)
{
    return query_input_accepts(request, &web_input) &&
           fail(&request->failure, ERROR_OUTBOUND_FEDERATION_DISABLED,
                "Outbound web identity federation is not enabled for this account");
}
