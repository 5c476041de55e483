/*
 * PutParameter. AWS: API reference; "Managing parameter tiers"; "Working with parameter versions".
 *
 * What an overwrite does not give stays as it was: description, pattern, tier, type.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "deploy/regex.h"
#include "services/gate.h"
#include "services/ssm/handlers.h"
#include "services/ssm/name.h"
#include "services/ssm/parameter.h"
#include "services/ssm/tags.h"
#include "services/storage_failure.h"

#define OWN_KEY "alias/aws/ssm"

enum { STANDARD_VALUE = 4096, ADVANCED_VALUE = 8192 }; /* bytes */

static bool is_key_id(struct slice text);

static const char *const types[] = {"SecureString", "StringList", "String", NULL}, *const tiers[] = {
                                                                                       "Standard",
                                                                                       "Intelligent-Tiering",
                                                                                       "Advanced", NULL};
static const struct shape description = {.kind = SHAPE_STRING, .max = 1024, .in_characters = true},
                          value = {.kind = SHAPE_STRING, .sensitive = true},
                          type = {.kind = SHAPE_STRING, .words = types},
                          key_id = {.kind = SHAPE_STRING,
                                    .min = 1,
                                    .max = 256,
                                    .matches = is_key_id,
                                    .pattern = "([a-zA-Z0-9:/_-]+)"},
                          pattern = {.kind = SHAPE_STRING, .max = 1024},
                          tier = {.kind = SHAPE_STRING, .words = tiers},
                          policies = {.kind = SHAPE_STRING, .min = 1, .max = 4096},
                          data_type = {.kind = SHAPE_STRING, .max = 128};
static const struct shape_entry members[] = {{"Name", &parameter_name, true},
                                             {"Description", &description, false},
                                             {"Value", &value, true},
                                             {"Type", &type, false},
                                             {"KeyId", &key_id, false},
                                             {"Overwrite", &shape_boolean_value, false},
                                             {"AllowedPattern", &pattern, false},
                                             {"Tags", &parameter_tags_shape, false},
                                             {"Tier", &tier, false},
                                             {"Policies", &policies, false},
                                             {"DataType", &data_type, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static bool is_key_id(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            (c == '\0' || strchr(":/_-", c) == NULL))
            return false;
    }
    return true;
}

/* ---- what is wrong with the input alone ---- */

static bool check_data_type(struct request *request)
{
    struct slice text = shape_text(request->body, "DataType");

    if (text.len == 0 || slice_is(text, "text"))
        return true;
    if (slice_is(text, "aws:ec2:image"))
        return fail(&request->failure, ERROR_VALIDATION,
                    "The data type aws:ec2:image is not served here: there are no images of Amazon EC2.");
    if (slice_is(text, "aws:ssm:integration"))
        return fail(&request->failure, ERROR_VALIDATION,
                    "The data type aws:ssm:integration is not served here: there are no runbooks to call "
                    "webhooks.");
    return fail(&request->failure, ERROR_VALIDATION,
                "The following data type is not supported: %.*s (Data type names are all lowercase.)",
                SLICE_ARGS(text));
}

/* "[]" and "{}" take policies away, of which there are none. */
static bool check_policies(struct request *request)
{
    struct slice text = shape_text(request->body, "Policies");

    return text.ptr == NULL || slice_is(text, "[]") || slice_is(text, "{}") || slice_is(text, "[{}]") ||
           fail(&request->failure, ERROR_VALIDATION,
                "Policies of parameters are not served here: nothing expires, and there is no Amazon "
                "EventBridge to notify.");
}

/* "{{ssm:name}}" and its like. */
static bool nests_another(struct slice text)
{
    const char *opening = text.len == 0 ? NULL : memmem(text.ptr, text.len, "{{", 2);

    if (opening == NULL)
        return false;
    struct slice rest = slice_skip(text, (size_t)(opening - text.ptr) + 2);
    return rest.len > 0 && memmem(rest.ptr, rest.len, "}}", 2) != NULL;
}

static bool check_value(struct request *request)
{
    struct slice text = shape_text(request->body, "Value");

    if (text.len == 0)
        return fail(&request->failure, ERROR_VALIDATION,
                    "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member "
                    "must have length greater than or equal to 1");
    return !nests_another(text) ||
           fail(&request->failure, ERROR_VALIDATION,
                "Parameter value can't nest another parameter. Do not use \"{{}}\" in the value.");
}

static bool check_input(struct request *request, struct slice name)
{
    if (!name_check(request, name) || !name_check_new(request, name) || !check_value(request) ||
        !check_data_type(request) || !check_policies(request))
        return false;
    return shape_member(request->body, "Tags") == NULL || !shape_boolean(request->body, "Overwrite", false) ||
           fail(&request->failure, ERROR_VALIDATION,
                "Invalid request: tags and overwrite can't be used together. To create a parameter with "
                "tags, please remove overwrite flag. To update tags for an existing parameter, please use "
                "AddTagsToResource or RemoveTagsFromResource.");
}

/* ---- the new version ---- */

/* CloudFormation's documentation lets a String become a StringList; the API's lets nothing become a
 * SecureString, nor a SecureString anything else. */
static bool choose_type(struct request *request, struct parameter_version *made)
{
    struct slice text = shape_text(request->body, "Type");
    bool was_secure = parameter_is_secure(made);

    if (text.ptr == NULL)
        return made->number > 0 || fail(&request->failure, ERROR_VALIDATION,
                                        "A parameter type is required when you create a parameter.");
    made->type = text;
    return made->number == 0 || was_secure == parameter_is_secure(made) ||
           fail(&request->failure, ERROR_SSM_TYPE_MISMATCH,
                "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you "
                "can't change a parameter from a String type to a SecureString type. You must create a new, "
                "unique parameter.");
}

/* There is no KMS here, and so no other key than the one that AWS makes for Parameter Store. */
static bool choose_key(struct request *request, struct parameter_version *made)
{
    struct slice text = shape_text(request->body, "KeyId");

    if (!parameter_is_secure(made)) {
        made->key_id = SLICE("");
        return text.ptr == NULL || fail(&request->failure, ERROR_VALIDATION,
                                        "KeyId is required for SecureString type parameter only.");
    }
    made->key_id = SLICE(OWN_KEY);
    return text.ptr == NULL || slice_is(text, OWN_KEY) ||
           fail(&request->failure, ERROR_SSM_KEY_ID, "Invalid keyId %.*s", SLICE_ARGS(text));
}

static bool choose_tier(struct request *request, struct parameter_version *made)
{
    struct slice text = shape_text(request->body, "Tier");
    size_t length = shape_text(request->body, "Value").len;
    bool was_advanced = slice_is(made->tier, "Advanced");
    bool advanced = was_advanced || slice_is(text, "Advanced") ||
                    (slice_is(text, "Intelligent-Tiering") && length > STANDARD_VALUE);

    if (was_advanced && slice_is(text, "Standard"))
        return fail(&request->failure, ERROR_VALIDATION,
                    "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from "
                    "the advanced-parameter tier to the standard-parameter tier. If necessary, you can "
                    "delete the advanced parameter and recreate it as a standard parameter.");
    made->tier = advanced ? SLICE("Advanced") : SLICE("Standard");
    if (advanced && length > ADVANCED_VALUE)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Advanced tier parameters support a maximum parameter value of %d characters.",
                    ADVANCED_VALUE);
    return advanced || length <= STANDARD_VALUE ||
           fail(&request->failure, ERROR_VALIDATION,
                "Standard tier parameters support a maximum parameter value of %d characters. To create a "
                "larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more "
                "information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/"
                "parameter-store-advanced-parameters.html",
                STANDARD_VALUE);
}

static bool check_pattern(struct request *request, const struct parameter_version *made)
{
    struct slice problem;

    if (made->pattern.len == 0)
        return true;
    switch (regex_match(request->arena, made->pattern, shape_text(request->body, "Value"), &problem)) {
    case REGEX_MATCHES:
        return true;
    case REGEX_DIFFERS:
        return fail(&request->failure, ERROR_SSM_PATTERN_MISMATCH,
                    "Parameter value, cannot be validated against allowedPattern: %.*s",
                    SLICE_ARGS(made->pattern));
    case REGEX_WRONG:
    case REGEX_COSTLY:
        break;
    }
    return fail(&request->failure, ERROR_SSM_ALLOWED_PATTERN,
                "The request doesn't meet the regular expression requirement: %.*s", SLICE_ARGS(problem));
}

/* From the version that it follows, whose number is 0 if there is none. */
static bool make_version(struct request *request, struct parameter_version *made)
{
    struct slice text = shape_text(request->body, "Value");

    if (!choose_type(request, made) || !choose_key(request, made) || !choose_tier(request, made))
        return false;
    if (shape_member(request->body, "Description") != NULL)
        made->description = shape_text(request->body, "Description");
    if (shape_member(request->body, "AllowedPattern") != NULL)
        made->pattern = shape_text(request->body, "AllowedPattern");
    if (!check_pattern(request, made))
        return false;
    made->value = text;
    made->number++;
    made->modified = clock_now();
    made->modifier = request->principal.arn;
    return !parameter_is_secure(made) || parameter_seal(request, text, &made->value);
}

/* ---- the versions before ---- */

static bool has_label(const struct parameter *parameter, int64_t number)
{
    for (size_t i = 0; i < parameter->labels.count; i++) {
        if (parameter->labels.items[i].version == number)
            return true;
    }
    return false;
}

static bool drop_oldest(struct request *request, struct parameter *parameter)
{
    if (has_label(parameter, parameter->oldest))
        return fail(&request->failure, ERROR_SSM_MAX_VERSIONS,
                    "You attempted to create a new version of %.*s by calling the PutParameter API with the "
                    "overwrite flag. Version %" PRId64
                    ", the oldest version, can't be deleted because it has a label associated with it. Move "
                    "the label to another version of the parameter, and try again.",
                    SLICE_ARGS(parameter->name), parameter->oldest);
    parameter_remove_replaced(request, parameter->name, parameter->oldest++);
    return true;
}

static bool overwrite(struct request *request, struct parameter *parameter)
{
    const struct parameter_version before = parameter->present;

    if (!shape_boolean(request->body, "Overwrite", false))
        return fail(&request->failure, ERROR_SSM_ALREADY_EXISTS,
                    "The parameter already exists. To overwrite this value, set the overwrite option in the "
                    "request to true.");
    if (!make_version(request, &parameter->present))
        return false;
    if (!slice_equal(before.tier, parameter->present.tier)) {
        if (!parameter_has_place(request, parameter->present.tier))
            return false;
        parameter_count(request, before.tier, -1);
        parameter_count(request, parameter->present.tier, 1);
    }
    parameter_put_replaced(request, parameter->name, &before);
    return parameter->present.number - parameter->oldest < VERSIONS_LIMIT || drop_oldest(request, parameter);
}

static bool create(struct request *request, struct parameter *parameter)
{
    parameter->oldest = 1;
    if (!make_version(request, &parameter->present) || !parameter_tags_read(request, &parameter->tags) ||
        !parameter_has_place(request, parameter->present.tier))
        return false;
    parameter_count(request, parameter->present.tier, 1);
    return true;
}

bool put_parameter(struct request *request)
{
    struct version version;
    bool first = true;

    if (!shape_accepts(request->body, &input, &request->failure))
        return false;
    struct slice name = name_trim(shape_text(request->body, "Name"));
    struct parameter parameter = {.name = name};
    if (!check_input(request, name) || !gate_pass(request))
        return false;
    enum storage_status status = parameter_read(request, name, &parameter, &version);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    if (!(status == STORAGE_OK ? overwrite(request, &parameter) : create(request, &parameter)))
        return false;
    parameter_put(request, &parameter, version);
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "Tier", parameter.present.tier);
    json_write_int64_member(request->out, &first, "Version", parameter.present.number);
    buffer_append_byte(request->out, '}');
    return true;
}
