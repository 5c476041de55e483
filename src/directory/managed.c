#include "directory/managed.h"

#include "base/hash.h"

#define AWS_PREFIX "arn:aws:iam::aws:policy"

static const struct aws_policy {
    struct slice path;
    struct slice name;
    struct slice description;
    struct slice document;
} aws_policies[] = {
#define X(path, name, description, document)                                                                 \
    {{path, sizeof(path) - 1},                                                                               \
     {name, sizeof(name) - 1},                                                                               \
     {description, sizeof(description) - 1},                                                                 \
     {document, sizeof(document) - 1}},
#include "directory/aws_policies.def"
#undef X
};

/* 6 February 2015, when AWS made the oldest of them. */
static const int64_t aws_created = INT64_C(1423180800000);

bool managed_is_of_aws(struct slice arn)
{
    return slice_starts_with(arn, SLICE(AWS_PREFIX "/"));
}

/* One that looks like AWS's, and is the same wherever and whenever this program runs. */
static struct slice aws_policy_id(struct arena *arena, struct slice name)
{
    enum { ID_LETTERS = 17, LETTER_BITS = 5 };
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned __int128 bits = ((unsigned __int128)hash_bytes(name) << 64) | (hash_bytes(name) * 31);
    char id[ID_LETTERS];

    for (size_t i = 0; i < ID_LETTERS; i++) {
        id[i] = digits[bits & ((1 << LETTER_BITS) - 1)];
        bits >>= LETTER_BITS;
    }
    return arena_printf(arena, "ANPA%.*s", ID_LETTERS, id);
}

bool managed_of_aws(size_t place, struct arena *arena, struct managed_policy *out)
{
    if (place >= sizeof(aws_policies) / sizeof(aws_policies[0]))
        return false;
    const struct aws_policy *policy = &aws_policies[place];
    struct policy_version *version = arena_new(arena, struct policy_version);
    *version = (struct policy_version){1, policy->document, aws_created};
    *out = (struct managed_policy){.of_aws = true,
                                   .entity = {.name = policy->name,
                                              .path = policy->path,
                                              .id = aws_policy_id(arena, policy->name),
                                              .created = aws_created},
                                   .description = policy->description,
                                   .updated = aws_created,
                                   .default_version = 1,
                                   .newest_version = 1,
                                   .versions = {version, 1}};
    return true;
}

static bool find_of_aws(struct slice arn, struct arena *arena, struct managed_policy *out)
{
    struct slice rest = slice_skip(arn, strlen(AWS_PREFIX));

    for (size_t i = 0; i < sizeof(aws_policies) / sizeof(aws_policies[0]); i++) {
        const struct aws_policy *policy = &aws_policies[i];
        if (slice_starts_with(rest, policy->path) &&
            slice_equal(slice_skip(rest, policy->path.len), policy->name))
            return managed_of_aws(i, arena, out);
    }
    return false;
}

struct slice managed_arn(struct arena *arena, struct slice account_id, const struct managed_policy *policy)
{
    return entity_arn(arena, policy->of_aws ? SLICE("aws") : account_id, KIND_POLICY, &policy->entity);
}

enum storage_status managed_find(struct storage *storage, const struct snapshot *snapshot,
                                 struct slice account_id, struct slice arn, struct arena *arena,
                                 struct managed_policy *out)
{
    const char *slash = arn.len == 0 ? NULL : memrchr(arn.ptr, '/', arn.len);

    if (slash == NULL)
        return STORAGE_NOT_FOUND;
    if (managed_is_of_aws(arn))
        return find_of_aws(arn, arena, out) ? STORAGE_OK : STORAGE_NOT_FOUND;
    struct slice name = slice_skip(arn, (size_t)(slash - arn.ptr) + 1);
    enum storage_status status = entity_find(storage, snapshot, KIND_POLICY, name, arena, out);
    if (status == STORAGE_OK && !slice_equal(arn, entity_arn(arena, account_id, KIND_POLICY, &out->entity)))
        return STORAGE_NOT_FOUND;
    return status;
}

const struct policy_version *managed_version(const struct managed_policy *policy, int64_t number)
{
    for (size_t i = 0; i < policy->versions.count; i++) {
        if (policy->versions.items[i].number == number)
            return &policy->versions.items[i];
    }
    return NULL;
}

struct slice managed_document(const struct managed_policy *policy)
{
    const struct policy_version *version = managed_version(policy, policy->default_version);

    return version == NULL ? SLICE("") : version->document; /* which allows nothing, and is no document */
}
