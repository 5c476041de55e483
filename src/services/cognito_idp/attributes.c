/* The attributes of users: who may set which, to what; how they are told. */
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/user.h"

static struct user_attribute *find(const struct user *user, struct slice name)
{
    for (size_t i = 0; i < user->attribute_count; i++) {
        if (slice_equal(user->attributes[i].name, name))
            return &user->attributes[i];
    }
    return NULL;
}

struct slice user_get(const struct user *user, const char *name)
{
    const struct user_attribute *attribute = find(user, slice_of(name));

    return attribute == NULL ? SLICE("") : attribute->value;
}

bool user_is_verified(const struct user *user, const char *attribute)
{
    bool is_email = strcmp(attribute, "email") == 0;

    return user_get(user, attribute).len > 0 &&
           slice_is(user_get(user, is_email ? "email_verified" : "phone_number_verified"), "true");
}

void user_set(struct request *request, struct user *user, struct slice name, struct slice value)
{
    struct user_attribute *attribute = find(user, name);

    if (attribute != NULL) {
        attribute->value = value;
        return;
    }
    if (user->attribute_count == user->attribute_capacity) {
        size_t capacity = user->attribute_capacity + 8;
        user->attributes = arena_grow(request->arena, user->attributes, user->attribute_capacity, capacity,
                                      sizeof(*user->attributes));
        user->attribute_capacity = capacity;
    }
    user->attributes[user->attribute_count++] = (struct user_attribute){name, value};
}

void user_unset(struct user *user, struct slice name)
{
    struct user_attribute *attribute = find(user, name);

    if (attribute == NULL)
        return;
    size_t place = (size_t)(attribute - user->attributes);
    user->attribute_count--;
    memmove(attribute, attribute + 1, (user->attribute_count - place) * sizeof(*attribute));
}

/* ---- setting ---- */

static bool refuse(struct request *request, bool begins, struct slice name, const char *problem)
{
    return fail(&request->failure, ERROR_INVALID_PARAMETER,
                begins ? "Attributes did not conform to the schema: %.*s: %s\n" : "user.%.*s: %s\n",
                SLICE_ARGS(name), problem);
}

/* Rights come before rules. */
static bool check_right(struct request *request, const struct user_client *client,
                        const struct attribute_rule *rule, bool begins, const struct user *user)
{
    if (client != NULL && (rule->developer_only || !user_client_writes(client, rule->name)))
        return fail(&request->failure, ERROR_NOT_AUTHORIZED,
                    "A client attempted to write unauthorized attribute");
    if (slice_is(rule->name, "sub") || slice_is(rule->name, "identities"))
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "Cannot modify the non-mutable attribute %.*s", SLICE_ARGS(rule->name));
    if (client != NULL && schema_is_verification(rule->name))
        return fail(&request->failure, ERROR_NOT_AUTHORIZED, "Cannot modify the non-mutable attribute %.*s",
                    SLICE_ARGS(rule->name));
    if (!begins && !rule->mutable && find(user, rule->name) != NULL)
        return refuse(request, false, rule->name, "Attribute cannot be updated.");
    return true;
}

static bool check_value(struct request *request, const struct attribute_rule *rule, bool begins,
                        struct slice value)
{
    if (value.len > 0 && slice_is(rule->name, "email") && !idp_is_email(value))
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "Invalid email address format.");
    if (value.len > 0 && slice_is(rule->name, "phone_number") && !idp_is_phone_number(value))
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "Invalid phone number format.");
    const char *problem = schema_problem(request->arena, rule, value);
    return problem == NULL || refuse(request, begins, rule->name, problem);
}

/* A new address is not verified any more, unless the same request says so. */
static void unverify(struct request *request, struct user *user, struct slice name, struct slice value)
{
    const struct user_attribute *attribute = find(user, name);
    bool is_email = slice_is(name, "email");

    if ((!is_email && !slice_is(name, "phone_number")) ||
        (attribute != NULL && slice_equal(attribute->value, value)))
        return;
    struct slice verified = is_email ? SLICE("email_verified") : SLICE("phone_number_verified");
    if (find(user, verified) != NULL)
        user_set(request, user, verified, SLICE("false"));
}

static bool take(struct request *request, const struct user_pool *pool, const struct user_client *client,
                 const struct json *entry, bool begins, struct user *user)
{
    struct slice name = shape_text(entry, "Name"), value = shape_text(entry, "Value");
    const struct attribute_rule *rule = schema_find(&pool->schema, name);

    if (value.ptr == NULL)
        value = SLICE("");
    if (rule == NULL)
        return refuse(request, begins, name, "Attribute does not exist in the schema.");
    if (!check_right(request, client, rule, begins, user) || !check_value(request, rule, begins, value))
        return false;
    unverify(request, user, name, value);
    if (value.len == 0) /* AWS: to delete an attribute, submit an empty value */
        user_unset(user, name);
    else
        user_set(request, user, name, value);
    return true;
}

bool user_take_attributes(struct request *request, const struct user_pool *pool,
                          const struct user_client *client, const struct json *attributes, bool begins,
                          struct user *user)
{
    /* Addresses first: what the request says of their being verified holds for the new ones. */
    for (int verifications = 0; verifications < 2; verifications++) {
        for (size_t i = 0; i < idp_count(attributes); i++) {
            const struct json *entry = &attributes->array.items[i];
            if (schema_is_verification(shape_text(entry, "Name")) == (verifications == 1) &&
                !take(request, pool, client, entry, begins, user))
                return false;
        }
    }
    return true;
}

bool user_drop_attributes(struct request *request, const struct user_pool *pool,
                          const struct user_client *client, const struct json *names, struct user *user)
{
    for (size_t i = 0; i < idp_count(names); i++) {
        struct slice name = names->array.items[i].text;
        const struct attribute_rule *rule = schema_find(&pool->schema, name);
        if (rule == NULL)
            return refuse(request, false, name, "Attribute does not exist in the schema.");
        if (!check_right(request, client, rule, false, user))
            return false;
        if (rule->required)
            return refuse(request, false, name, "Required attribute cannot be deleted");
        unverify(request, user, name, SLICE(""));
        user_unset(user, name);
    }
    return true;
}

bool user_check_required(struct request *request, const struct user_pool *pool, const struct user *user)
{
    for (size_t i = 0; i < pool->schema.count; i++) {
        const struct attribute_rule *rule = &pool->schema.rules[i];
        if (rule->required && !slice_is(rule->name, "sub") && find(user, rule->name) == NULL)
            return refuse(request, true, rule->name, "The attribute is required");
    }
    return true;
}

/* ---- telling ---- */

static void write_attribute(struct buffer *out, bool *first, struct slice name, struct slice value)
{
    bool first_member = true;

    buffer_append_string(out, *first ? "{" : ",{");
    *first = false;
    json_write_string_member(out, &first_member, "Name", name);
    json_write_string_member(out, &first_member, "Value", value);
    buffer_append_byte(out, '}');
}

static bool wants(const struct json *wanted, struct slice name)
{
    if (idp_count(wanted) == 0)
        return true;
    for (size_t i = 0; i < wanted->array.count; i++) {
        if (slice_equal(wanted->array.items[i].text, name))
            return true;
    }
    return false;
}

static void write_some(struct buffer *out, const struct user_client *client, const struct json *wanted,
                       const struct user *user)
{
    bool first = true;

    buffer_append_byte(out, '[');
    if (wants(wanted, SLICE("sub")))
        write_attribute(out, &first, SLICE("sub"), user->sub);
    for (size_t i = 0; i < user->attribute_count; i++) {
        const struct user_attribute *attribute = &user->attributes[i];
        if (wants(wanted, attribute->name) && (client == NULL || user_client_reads(client, attribute->name)))
            write_attribute(out, &first, attribute->name, attribute->value);
    }
    buffer_append_byte(out, ']');
}

void user_write_attributes(struct buffer *out, const struct user_client *client, const struct user *user)
{
    write_some(out, client, NULL, user);
}

void user_write(struct buffer *out, const struct user *user, const char *attributes,
                const struct json *wanted)
{
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "Username", user->name);
    json_write_name(out, &first, attributes);
    write_some(out, NULL, wanted, user);
    json_write_time_member(out, &first, "UserCreateDate", user->created);
    json_write_time_member(out, &first, "UserLastModifiedDate", user->modified);
    json_write_name(out, &first, "Enabled");
    buffer_append_string(out, user->enabled ? "true" : "false");
    json_write_string_member(out, &first, "UserStatus", slice_of(user_status_word(user->status)));
    buffer_append_byte(out, '}');
}
