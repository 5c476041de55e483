/* The property LifecycleConfiguration of a bucket, which has flat what S3 has nested. AWS: CloudFormation
 * template reference, AWS::S3::Bucket Rule; S3 API reference, LifecycleRule. */
#include "base/check.h"
#include "deploy/types/bucket.h"

/* An object while its members are added. */
struct object {
    struct arena *arena;
    struct json json;
};

enum { MEMBERS = 16 };

static struct object begin(struct making *making)
{
    return (struct object){
        making->arena,
        {.type = JSON_OBJECT, .object = {arena_array(making->arena, struct json_member, MEMBERS), 0}}};
}

static void add(struct object *object, const char *name, const struct json *value)
{
    if (value == NULL)
        return;
    CHECK(object->json.object.count < MEMBERS);
    object->json.object.members[object->json.object.count++] = (struct json_member){slice_of(name), *value};
}

static void add_object(struct object *object, const char *name, const struct object *value)
{
    if (value->json.object.count > 0)
        add(object, name, &value->json);
}

/* ---- to what S3 takes ---- */

/* One condition stands for itself, several in an And. */
static void add_filter(struct making *making, struct object *out, const struct json *rule)
{
    static const char *const bounds[] = {"ObjectSizeGreaterThan", "ObjectSizeLessThan"};
    struct object filter = begin(making), all = begin(making);
    const struct json *tags = json_get(rule, "TagFilters"), *prefix = json_get(rule, "Prefix");
    size_t conditions = count_of(tags) + (prefix != NULL);

    add(&all, "Prefix", prefix);
    for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
        conditions += json_get(rule, bounds[i]) != NULL;
        add(&all, bounds[i], json_get(rule, bounds[i]));
    }
    if (conditions > 1) {
        add(&all, "Tags", tags);
        add_object(&filter, "And", &all);
    } else {
        filter = all;
        if (count_of(tags) == 1)
            add(&filter, "Tag", &tags->array.items[0]);
    }
    if (conditions == 0) {
        const struct json whole = {.type = JSON_STRING, .text = SLICE("")};
        add(&filter, "Prefix", &whole);
    }
    add(out, "Filter", &filter.json);
}

static void add_expirations(struct making *making, struct object *out, const struct json *rule)
{
    static const char *const noncurrent[] = {"NoncurrentDays", "NewerNoncurrentVersions"};
    const struct json *given = json_get(rule, "NoncurrentVersionExpiration");
    struct object expiration = begin(making), older = begin(making);

    add(&expiration, "Date", json_get(rule, "ExpirationDate"));
    add(&expiration, "Days", json_get(rule, "ExpirationInDays"));
    add(&expiration, "ExpiredObjectDeleteMarker", json_get(rule, "ExpiredObjectDeleteMarker"));
    add_object(out, "Expiration", &expiration);
    if (given == NULL)
        add(&older, "NoncurrentDays", json_get(rule, "NoncurrentVersionExpirationInDays"));
    for (size_t i = 0; i < sizeof(noncurrent) / sizeof(noncurrent[0]); i++)
        add(&older, noncurrent[i], json_get(given, noncurrent[i]));
    add_object(out, "NoncurrentVersionExpiration", &older);
    add(out, "AbortIncompleteMultipartUpload", json_get(rule, "AbortIncompleteMultipartUpload"));
}

static struct json transition(struct making *making, const struct json *given, const char *days)
{
    struct object out = begin(making);

    add(&out, days, json_get(given, "TransitionInDays"));
    add(&out, "Date", json_get(given, "TransitionDate"));
    add(&out, "StorageClass", json_get(given, "StorageClass"));
    add(&out, "NewerNoncurrentVersions", json_get(given, "NewerNoncurrentVersions"));
    return out.json;
}

/* A template has one transition, or a list. */
static void add_transitions(struct making *making, struct object *out, const struct json *rule,
                            const char *one, const char *several, const char *days)
{
    const struct json *single = json_get(rule, one), *list = json_get(rule, several);
    size_t room = count_of(list) + 1;
    struct json all = {.type = JSON_ARRAY, .array = {arena_array(making->arena, struct json, room), 0}};

    if (single != NULL)
        all.array.items[all.array.count++] = transition(making, single, days);
    for (size_t i = 0; i < count_of(list); i++)
        all.array.items[all.array.count++] = transition(making, &list->array.items[i], days);
    if (all.array.count > 0)
        add(out, several, &all);
}

struct json bucket_lifecycle_rules(struct making *making, const struct json *properties)
{
    const struct json *rules = json_get(properties, "Rules");
    struct json out = {.type = JSON_ARRAY,
                       .array = {arena_array(making->arena, struct json, count_of(rules)), 0}};

    for (size_t i = 0; i < count_of(rules); i++) {
        const struct json *rule = &rules->array.items[i];
        struct object made = begin(making);
        add(&made, "ID", json_get(rule, "Id"));
        add(&made, "Status", json_get(rule, "Status"));
        add_filter(making, &made, rule);
        add_expirations(making, &made, rule);
        add_transitions(making, &made, rule, "Transition", "Transitions", "Days");
        add_transitions(making, &made, rule, "NoncurrentVersionTransition", "NoncurrentVersionTransitions",
                        "NoncurrentDays");
        out.array.items[out.array.count++] = made.json;
    }
    return out;
}

/* ---- and back ---- */

static void read_filter(struct making *making, struct object *out, const struct json *filter)
{
    const struct json *all = json_get(filter, "And"), *tag = json_get(filter, "Tag");
    const struct json *from = all != NULL ? all : filter, *tags = json_get(all, "Tags"),
                      *prefix = json_get(from, "Prefix");
    struct json *one = arena_new(making->arena, struct json);

    if (text_of(from, "Prefix").len > 0)
        add(out, "Prefix", prefix);
    add(out, "ObjectSizeGreaterThan", json_get(from, "ObjectSizeGreaterThan"));
    add(out, "ObjectSizeLessThan", json_get(from, "ObjectSizeLessThan"));
    if (tag != NULL) {
        *one = *tag;
        const struct json list = {.type = JSON_ARRAY, .array = {one, 1}};
        add(out, "TagFilters", &list);
    }
    add(out, "TagFilters", tags);
}

static void read_transitions(struct making *making, struct object *out, const struct json *rule,
                             const char *member, const char *days)
{
    const struct json *list = json_get(rule, member);
    struct json all = {.type = JSON_ARRAY,
                       .array = {arena_array(making->arena, struct json, count_of(list)), 0}};

    for (size_t i = 0; i < count_of(list); i++) {
        const struct json *given = &list->array.items[i];
        struct object made = begin(making);
        add(&made, "TransitionInDays", json_get(given, days));
        add(&made, "TransitionDate", json_get(given, "Date"));
        add(&made, "StorageClass", json_get(given, "StorageClass"));
        add(&made, "NewerNoncurrentVersions", json_get(given, "NewerNoncurrentVersions"));
        all.array.items[all.array.count++] = made.json;
    }
    if (all.array.count > 0)
        add(out, member, &all);
}

struct json bucket_lifecycle_properties(struct making *making, const struct json *rules)
{
    struct object out = begin(making);
    struct json list = {.type = JSON_ARRAY,
                        .array = {arena_array(making->arena, struct json, count_of(rules)), 0}};

    for (size_t i = 0; i < count_of(rules); i++) {
        const struct json *rule = &rules->array.items[i], *expiration = json_get(rule, "Expiration");
        struct object made = begin(making);
        add(&made, "Id", json_get(rule, "ID"));
        add(&made, "Status", json_get(rule, "Status"));
        read_filter(making, &made, json_get(rule, "Filter"));
        add(&made, "ExpirationDate", json_get(expiration, "Date"));
        add(&made, "ExpirationInDays", json_get(expiration, "Days"));
        add(&made, "ExpiredObjectDeleteMarker", json_get(expiration, "ExpiredObjectDeleteMarker"));
        add(&made, "NoncurrentVersionExpiration", json_get(rule, "NoncurrentVersionExpiration"));
        add(&made, "AbortIncompleteMultipartUpload", json_get(rule, "AbortIncompleteMultipartUpload"));
        read_transitions(making, &made, rule, "Transitions", "Days");
        read_transitions(making, &made, rule, "NoncurrentVersionTransitions", "NoncurrentDays");
        list.array.items[list.array.count++] = made.json;
    }
    add(&out, "Rules", &list);
    return out.json;
}
