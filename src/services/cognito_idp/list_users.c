/*
 * ListUsers: all users of a pool, or those that a filter takes. AWS: "Searching for user accounts".
 *
 * A filter is one comparison, `name = "value"` or `name ^= "value"` (begins with). Every user is looked at;
 * an empty value of ^= takes them all.
 */
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/user_page.h"
#include "services/cognito_idp/user.h"
#include "services/storage_failure.h"

struct filter {
    struct slice name; /* ptr NULL: there is no filter */
    struct slice value;
    bool prefix;
    const struct json *wanted; /* AttributesToGet */
};

static const char *const searchable[] = {
    "username",   "email",       "phone_number",       "name",
    "given_name", "family_name", "preferred_username", "cognito:user_status",
    "status",     "sub"};

static struct slice trim(struct slice text)
{
    while (text.len > 0 && text.ptr[0] == ' ')
        text = slice_skip(text, 1);
    while (text.len > 0 && text.ptr[text.len - 1] == ' ')
        text.len--;
    return text;
}

static bool is_searchable(struct slice name)
{
    for (size_t i = 0; i < sizeof(searchable) / sizeof(searchable[0]); i++) {
        if (slice_is(name, searchable[i]))
            return true;
    }
    return false;
}

/* What stands in quotes, where a backslash lets a quote be one. */
static bool read_quoted(struct arena *arena, struct slice text, struct slice *out)
{
    char *bytes = arena_alloc(arena, text.len);
    size_t length = 0;

    if (text.len < 2 || text.ptr[0] != '"' || text.ptr[text.len - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < text.len; i++) {
        if (text.ptr[i] == '"')
            return false;
        if (text.ptr[i] == '\\' && ++i + 1 == text.len)
            return false;
        bytes[length++] = text.ptr[i];
    }
    *out = (struct slice){bytes, length};
    return true;
}

static bool read_filter(struct request *request, struct filter *out)
{
    struct slice text = trim(shape_text(request->body, "Filter"));
    const char *equals = text.len == 0 ? NULL : memchr(text.ptr, '=', text.len);

    if (text.len == 0)
        return true;
    if (equals == NULL || equals == text.ptr)
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "Error while parsing filter.");
    out->prefix = equals[-1] == '^';
    out->name = trim((struct slice){text.ptr, (size_t)(equals - text.ptr) - (out->prefix ? 1 : 0)});
    if (out->name.len > 2 && out->name.ptr[0] == '"' && out->name.ptr[out->name.len - 1] == '"')
        out->name = (struct slice){out->name.ptr + 1, out->name.len - 2};
    if (!read_quoted(request->arena, trim(slice_skip(text, (size_t)(equals - text.ptr) + 1)), &out->value))
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "Error while parsing filter.");
    return is_searchable(out->name) ||
           fail(&request->failure, ERROR_INVALID_PARAMETER, "One or more requested attributes do not exist.");
}

static bool takes(const struct filter *filter, const struct user *user)
{
    struct slice value = SLICE("");

    if (filter->name.ptr == NULL)
        return true;
    if (slice_is(filter->name, "username"))
        value = user->name;
    else if (slice_is(filter->name, "sub"))
        value = user->sub;
    else if (slice_is(filter->name, "status"))
        value = user->enabled ? SLICE("Enabled") : SLICE("Disabled");
    else if (slice_is(filter->name, "cognito:user_status"))
        value = slice_of(user_status_word(user->status));
    else
        for (size_t i = 0; i < user->attribute_count; i++) {
            if (slice_equal(user->attributes[i].name, filter->name))
                value = user->attributes[i].value;
        }
    return filter->prefix ? slice_starts_with(value, filter->value) : slice_equal(value, filter->value);
}

static bool write_user(struct request *request, void *context, struct slice key, struct slice value,
                       bool *told)
{
    const struct filter *filter = context;
    struct user user = {.version = {0, 0}};

    if (user_read(request, key, value, &user) != STORAGE_OK)
        return storage_failure(&request->failure, STORAGE_CORRUPT);
    *told = takes(filter, &user);
    if (*told)
        user_write(request->out, &user, "Attributes", filter->wanted);
    return true;
}

static bool check_wanted(struct request *request, const struct user_pool *pool, const struct json *wanted)
{
    for (size_t i = 0; i < idp_count(wanted); i++) {
        if (schema_find(&pool->schema, wanted->array.items[i].text) == NULL)
            return fail(&request->failure, ERROR_INVALID_PARAMETER,
                        "One or more requested attributes do not exist.");
    }
    return true;
}

static const struct shape filter_shape = {.kind = SHAPE_STRING, .max = 256};
static const struct shape_entry members[] = {
    {"UserPoolId", &idp_pool_id, true}, {"AttributesToGet", &idp_attribute_names, false},
    {"Limit", &idp_list_limit, false},  {"PaginationToken", &idp_page_token, false},
    {"Filter", &filter_shape, false},   {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool list_pool_users(struct request *request)
{
    struct filter filter = {.wanted = shape_member(request->body, "AttributesToGet")};
    struct user_pool pool;
    struct user_page page;

    if (!idp_accepts(request, &input) ||
        !user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool) ||
        !check_wanted(request, &pool, filter.wanted) || !read_filter(request, &filter))
        return false;
    struct key_range range = keys_users_range(request->arena, pool.number, USERS_USERS, SLICE(""));
    return user_page_begin(request, range, "Limit", "PaginationToken", &page) &&
           user_page_write(request, &page, "Users", &filter, write_user);
}
