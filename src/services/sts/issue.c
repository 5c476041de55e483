#include "services/sts/issue.h"

#include "auth/principal_keys.h"
#include "base/clock.h"

static bool too_large(struct request *request, const struct session *session, int64_t percent)
{
    bool policies = session->policy.len > 0 || session->policy_arns.count > 0;

    return fail(&request->failure, ERROR_PACKED_POLICY_TOO_LARGE,
                policies ? "Packed policy consumes %lld%% of allotted space, please use smaller policy."
                         : "Packed size of session tags consumes %lld%% of allotted space.",
                (long long)percent);
}

bool issue(struct request *request, struct session *session, int64_t duration, struct issued *out)
{
    const struct session_keys *keys = request->server->session_keys;
    bool packs = session->policy.len > 0 || session->policy_arns.count > 0 || session->tags.count > 0;

    session->access_key_id = session_new_key_id(request->arena);
    session->issued = clock_now() / 1000;
    session->expires = session->issued + duration;
    *out = (struct issued){.access_key_id = session->access_key_id,
                           .expires = session->expires,
                           .packed_percent = packs ? session_packed_percent(session) : 0};
    if (out->packed_percent > 100)
        return too_large(request, session, out->packed_percent);
    out->secret_access_key = session_secret(request->arena, keys, session->access_key_id);
    return session_seal(request->arena, keys, session, &out->session_token) ||
           fail(&request->failure, ERROR_PACKED_POLICY_TOO_LARGE,
                "What the session is to carry does not fit into a token");
}

void issue_write(struct request *request, bool *first, const struct issued *issued)
{
    struct buffer *out = request->out;
    bool inner = true;

    json_write_name(out, first, "Credentials");
    buffer_append_byte(out, '{');
    json_write_string_member(out, &inner, "AccessKeyId", issued->access_key_id);
    json_write_string_member(out, &inner, "SecretAccessKey", issued->secret_access_key);
    json_write_string_member(out, &inner, "SessionToken", issued->session_token);
    json_write_string_member(out, &inner, "Expiration", key_time(issued->expires, request->arena));
    buffer_append_byte(out, '}');
    if (issued->packed_percent > 0)
        json_write_int64_member(out, first, "PackedPolicySize", issued->packed_percent);
}
