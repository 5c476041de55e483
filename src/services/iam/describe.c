#include "services/iam/describe.h"

#include <time.h>

#include "base/check.h"
#include "directory/managed.h"
#include "services/iam/lookup.h"

enum { MILLISECONDS = 1000 };

/* ---- members ---- */

void describe_time(struct request *request, bool *first, const char *name, int64_t milliseconds)
{
    time_t seconds = (time_t)(milliseconds / MILLISECONDS);
    struct tm parts;

    CHECK(gmtime_r(&seconds, &parts) != NULL);
    struct slice text =
        arena_printf(request->arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    json_write_string_member(request->out, first, name, text);
}

void describe_entity(struct request *request, bool *first, enum entity_kind kind, const struct entity *entity)
{
    static const char *const words[] = {[KIND_USER] = "User",
                                        [KIND_GROUP] = "Group",
                                        [KIND_ROLE] = "Role",
                                        [KIND_POLICY] = "Policy",
                                        [KIND_INSTANCE_PROFILE] = "InstanceProfile"};
    struct arena *arena = request->arena;
    struct buffer *out = request->out;

    json_write_string_member(out, first, "Path", entity->path);
    json_write_string_member(out, first, arena_printf(arena, "%sName", words[kind]).ptr, entity->name);
    json_write_string_member(out, first, arena_printf(arena, "%sId", words[kind]).ptr, entity->id);
    if (kind != KIND_POLICY) /* whose ARN may be AWS's */
        json_write_string_member(out, first, "Arn", lookup_arn(request, kind, entity));
    describe_time(request, first, "CreateDate", entity->created);
}

void describe_tags(struct request *request, bool *first, const struct entity_tags *tags)
{
    struct buffer *out = request->out;

    if (tags->count == 0)
        return;
    json_write_name(out, first, "Tags");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < tags->count; i++) {
        bool first_of_tag = true;
        buffer_append_string(out, i > 0 ? ",{" : "{");
        json_write_string_member(out, &first_of_tag, "Key", tags->items[i].key);
        json_write_string_member(out, &first_of_tag, "Value", tags->items[i].value);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

void describe_boundary(struct request *request, bool *first, struct slice arn)
{
    bool first_of_boundary = true;

    if (arn.len == 0)
        return;
    json_write_name(request->out, first, "PermissionsBoundary");
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first_of_boundary, "PermissionsBoundaryType", SLICE("Policy"));
    json_write_string_member(request->out, &first_of_boundary, "PermissionsBoundaryArn", arn);
    buffer_append_byte(request->out, '}');
}

void describe_document(struct request *request, bool *first, const char *name, struct slice document)
{
    static const char hex[] = "0123456789ABCDEF";
    struct buffer *out = request->out;

    json_write_name(out, first, name);
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < document.len; i++) {
        unsigned char c = (unsigned char)document.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '_' || c == '.' || c == '~';
        if (plain) {
            buffer_append_byte(out, (char)c);
        } else {
            buffer_append_byte(out, '%');
            buffer_append_byte(out, hex[c >> 4]);
            buffer_append_byte(out, hex[c & 15]);
        }
    }
    buffer_append_byte(out, '"');
}

struct slice describe_policy_name(struct slice arn)
{
    const char *slash = memrchr(arn.ptr, '/', arn.len);

    return slash == NULL ? arn : slice_skip(arn, (size_t)(slash - arn.ptr) + 1);
}

void describe_attached(struct request *request, bool *first, const char *name, const struct texts *arns)
{
    struct buffer *out = request->out;

    json_write_name(out, first, name);
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < arns->count; i++) {
        bool first_of_policy = true;
        buffer_append_string(out, i > 0 ? ",{" : "{");
        json_write_string_member(out, &first_of_policy, "PolicyName", describe_policy_name(arns->items[i]));
        json_write_string_member(out, &first_of_policy, "PolicyArn", arns->items[i]);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

void describe_inlines(struct request *request, bool *first, const char *name,
                      const struct inline_policies *inlines)
{
    struct buffer *out = request->out;

    if (inlines->count == 0)
        return;
    json_write_name(out, first, name);
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < inlines->count; i++) {
        bool first_of_policy = true;
        buffer_append_string(out, i > 0 ? ",{" : "{");
        json_write_string_member(out, &first_of_policy, "PolicyName", inlines->items[i].name);
        describe_document(request, &first_of_policy, "PolicyDocument", inlines->items[i].document);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

/* ---- entities ---- */

void describe_user(struct request *request, const struct user *user, enum detail detail)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    describe_entity(request, &first, KIND_USER, &user->entity);
    if (detail == DETAIL_WHOLE) {
        describe_boundary(request, &first, user->grants.boundary);
        describe_tags(request, &first, &user->entity.tags);
    }
    buffer_append_byte(request->out, '}');
}

void describe_group(struct request *request, const struct group *group)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    describe_entity(request, &first, KIND_GROUP, &group->entity);
    buffer_append_byte(request->out, '}');
}

void describe_role(struct request *request, const struct role *role, enum detail detail)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    describe_entity(request, &first, KIND_ROLE, &role->entity);
    describe_document(request, &first, "AssumeRolePolicyDocument", role->trust_policy);
    if (role->description.len > 0)
        json_write_string_member(out, &first, "Description", role->description);
    json_write_int64_member(out, &first, "MaxSessionDuration", role->max_session);
    if (detail == DETAIL_WHOLE) {
        describe_boundary(request, &first, role->grants.boundary);
        describe_tags(request, &first, &role->entity.tags);
    }
    buffer_append_byte(out, '}');
}

void describe_policy(struct request *request, const struct managed_policy *policy, const struct usage *usage,
                     enum detail detail)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    describe_entity(request, &first, KIND_POLICY, &policy->entity);
    json_write_string_member(out, &first, "Arn",
                             managed_arn(request->arena, request->server->account_id, policy));
    json_write_string_member(out, &first, "DefaultVersionId",
                             arena_printf(request->arena, "v%d", (int)policy->default_version));
    json_write_int64_member(out, &first, "AttachmentCount", usage->attached);
    json_write_int64_member(out, &first, "PermissionsBoundaryUsageCount", usage->bounding);
    json_write_name(out, &first, "IsAttachable");
    buffer_append_string(out, "true");
    describe_time(request, &first, "UpdateDate", policy->updated);
    if (detail == DETAIL_WHOLE && policy->description.len > 0)
        json_write_string_member(out, &first, "Description", policy->description);
    if (detail == DETAIL_WHOLE)
        describe_tags(request, &first, &policy->entity.tags);
    buffer_append_byte(out, '}');
}

void describe_version(struct request *request, const struct managed_policy *policy,
                      const struct policy_version *version, enum detail detail)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    if (detail == DETAIL_WHOLE)
        describe_document(request, &first, "Document", version->document);
    json_write_string_member(request->out, &first, "VersionId",
                             arena_printf(request->arena, "v%d", (int)version->number));
    json_write_name(request->out, &first, "IsDefaultVersion");
    buffer_append_string(request->out, version->number == policy->default_version ? "true" : "false");
    describe_time(request, &first, "CreateDate", version->created);
    buffer_append_byte(request->out, '}');
}

bool describe_instance_profile(struct request *request, const struct instance_profile *profile,
                               enum detail detail)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    describe_entity(request, &first, KIND_INSTANCE_PROFILE, &profile->entity);
    json_write_name(out, &first, "Roles");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < profile->roles.count; i++) {
        struct role role;
        if (!lookup(request, KIND_ROLE, profile->roles.items[i], &role))
            return false;
        if (i > 0)
            buffer_append_byte(out, ',');
        describe_role(request, &role, DETAIL_LISTED);
    }
    buffer_append_byte(out, ']');
    if (detail == DETAIL_WHOLE)
        describe_tags(request, &first, &profile->entity.tags);
    buffer_append_byte(out, '}');
    return true;
}
