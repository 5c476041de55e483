#include "services/dynamodb/auto_scaling.h"

static const struct shape units = {.kind = SHAPE_LONG, .min = 1};
static const struct shape role = {.kind = SHAPE_STRING, .min = 1, .max = 1600};
static const struct shape policy_name = {.kind = SHAPE_STRING, .min = 1, .max = 256};

static const struct shape_entry target_members[] = {{"DisableScaleIn", &shape_boolean_value, false},
                                                    {"ScaleInCooldown", &shape_integer, false},
                                                    {"ScaleOutCooldown", &shape_integer, false},
                                                    {"TargetValue", &shape_double, true},
                                                    {0}};
static const struct shape target = {.kind = SHAPE_STRUCTURE, .members = target_members};
static const struct shape_entry policy_members[] = {
    {"PolicyName", &policy_name, false}, {"TargetTrackingScalingPolicyConfiguration", &target, true}, {0}};
static const struct shape policy = {.kind = SHAPE_STRUCTURE, .members = policy_members};
static const struct shape_entry members[] = {{"MinimumUnits", &units, false},
                                             {"MaximumUnits", &units, false},
                                             {"AutoScalingDisabled", &shape_boolean_value, false},
                                             {"AutoScalingRoleArn", &role, false},
                                             {"ScalingPolicyUpdate", &policy, false},
                                             {0}};
const struct shape auto_scaling_update = {.kind = SHAPE_STRUCTURE, .members = members};

bool auto_scaling_accepts(struct request *request, const struct json *object, const char *member)
{
    const struct json *update = shape_member(object, member);

    return update == NULL || shape_boolean(update, "AutoScalingDisabled", false) ||
           fail(&request->failure, ERROR_VALIDATION,
                "Auto scaling cannot be enabled: this server has no Application Auto Scaling. %s may have "
                "AutoScalingDisabled only",
                member);
}

bool auto_scaling_accepts_each(struct request *request, const struct json *object, const char *list,
                               const char *member)
{
    const struct json *elements = shape_member(object, list);

    for (size_t i = 0; elements != NULL && i < elements->array.count; i++) {
        if (!auto_scaling_accepts(request, &elements->array.items[i], member))
            return false;
    }
    return true;
}

void auto_scaling_write(struct buffer *out, bool *first, const char *member)
{
    json_write_name(out, first, member);
    buffer_append_string(out, "{\"AutoScalingDisabled\":true}");
}
