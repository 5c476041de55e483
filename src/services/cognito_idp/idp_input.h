/*
 * What the inputs of user pools' operations have in common: shapes, and how they are checked.
 *
 * AWS: "Amazon Cognito user pools API reference". Constraints that do not hold are an
 * InvalidParameterException here, in the words of a ValidationException elsewhere; what is secret is not
 * shown in it.
 */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_IDP_INPUT_H
#define TURNTABLE_SERVICES_COGNITO_IDP_IDP_INPUT_H

#include "services/request.h"
#include "services/shape.h"

/* accepts(), with that type of error; and the gate is passed. */
must_use bool idp_accepts(struct request *request, const struct shape *shape);

extern const struct shape idp_pool_id, idp_pool_name, idp_client_id, idp_client_secret, idp_secret_hash,
    idp_user_name, idp_group_name, idp_password, idp_code, idp_token, idp_session, idp_attribute_name,
    idp_attributes, idp_attribute_names, idp_any_attributes, idp_list_limit, idp_page_token, idp_arn,
    idp_tags, idp_tag_keys, idp_anything;

/* The members that many inputs have beside what matters here; nothing is done with them. */
#define IDP_CLIENT_METADATA                                                                                  \
    {                                                                                                        \
        "ClientMetadata", &shape_string_map, false                                                           \
    }
#define IDP_CONTEXT                                                                                          \
    {"AnalyticsMetadata", &idp_anything, false}, {"UserContextData", &idp_anything, false},                  \
        IDP_CLIENT_METADATA

/* Inputs that several operations share: the pool alone, the pool and a user, an access token alone. */
extern const struct shape idp_pool_input, idp_pool_user_input, idp_access_token_input;

/* Texts without blanks and control characters, of letters, marks, symbols, numbers and punctuation. */
bool idp_is_visible(struct slice text);

/* A text of the arena with its ASCII letters made small. */
struct slice idp_fold(struct arena *arena, struct slice text);

bool idp_is_email(struct slice text);
/* "+14325551212": a plus and up to 15 digits (E.164). */
bool idp_is_phone_number(struct slice text);

/* A list of strings. */
size_t idp_count(const struct json *list);
bool idp_lists(const struct json *list, const char *word);

#endif
