/*
 * CreateOpenIDConnectProvider, GetOpenIDConnectProvider, ListOpenIDConnectProviders,
 * AddClientIDToOpenIDConnectProvider, RemoveClientIDFromOpenIDConnectProvider,
 * UpdateOpenIDConnectProviderThumbprint, DeleteOpenIDConnectProvider. AWS: API reference.
 */
#include "services/iam/providers.h"

#include "base/clock.h"
#include "services/iam/describe.h"
#include "services/iam/handlers.h"
#include "services/iam/listing.h"
#include "services/iam/lookup.h"
#include "services/storage_failure.h"

static const struct shape url = {.kind = SHAPE_STRING, .min = 1, .max = 255, .in_characters = true};
static const struct shape client_id = {.kind = SHAPE_STRING, .min = 1, .max = 255, .in_characters = true};
static const struct shape client_ids = {.kind = SHAPE_LIST, .element = &client_id};
static const struct shape thumbprint = {.kind = SHAPE_STRING, .min = 40, .max = 40, .in_characters = true};
static const struct shape thumbprints = {.kind = SHAPE_LIST, .element = &thumbprint};

static const struct shape_entry create_members[] = {{"Url", &url, true},
                                                    {"ClientIDList", &client_ids, false},
                                                    {"ThumbprintList", &thumbprints, false},
                                                    {"Tags", &form_tags, false},
                                                    {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry one_members[] = {{"OpenIDConnectProviderArn", &form_arn, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};
static const struct shape_entry client_members[] = {
    {"OpenIDConnectProviderArn", &form_arn, true}, {"ClientID", &client_id, true}, {0}};
static const struct shape client_input = {.kind = SHAPE_STRUCTURE, .members = client_members};
static const struct shape_entry thumbprint_members[] = {
    {"OpenIDConnectProviderArn", &form_arn, true}, {"ThumbprintList", &thumbprints, true}, {0}};
static const struct shape thumbprint_input = {.kind = SHAPE_STRUCTURE, .members = thumbprint_members};
static const struct shape_entry no_members[] = {{0}};
static const struct shape no_input = {.kind = SHAPE_STRUCTURE, .members = no_members};

/* ---- finding ---- */

/* The part of the ARN behind "oidc-provider/" is the record's name. */
static bool name_of_arn(struct request *request, struct slice *out)
{
    struct slice arn = form_text(request, "OpenIDConnectProviderArn");
    struct slice prefix = arena_printf(request->arena, "arn:aws:iam::%.*s:oidc-provider/",
                                       SLICE_ARGS(request->server->account_id));

    if (!slice_starts_with(arn, prefix) || arn.len == prefix.len)
        return fail(&request->failure, ERROR_INVALID_INPUT, "Invalid ARN: %.*s", SLICE_ARGS(arn));
    *out = slice_skip(arn, prefix.len);
    return true;
}

bool providers_find(struct request *request, struct oidc_provider *out)
{
    struct slice name;

    if (!name_of_arn(request, &name))
        return false;
    enum storage_status status =
        entity_find(request->server->storage, NULL, KIND_OIDC_PROVIDER, name, request->arena, out);
    if (status == STORAGE_NOT_FOUND)
        return fail(&request->failure, ERROR_NO_SUCH_ENTITY, "OpenIDConnect Provider not found for arn %.*s",
                    SLICE_ARGS(form_text(request, "OpenIDConnectProviderArn")));
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

static bool find(struct request *request, const struct shape *input, struct oidc_provider *out)
{
    return form_accepts(request, input) && change_begin(request) && providers_find(request, out);
}

/* ---- creating ---- */

/* Once each, and no more than one too many. */
static struct texts read_texts(struct request *request, const char *member, size_t quota)
{
    const struct json *list = shape_member(request->body, member);
    struct texts texts = {0};

    for (size_t i = 0; list != NULL && i < list->array.count && texts.count <= quota; i++) {
        if (texts_find(&texts, list->array.items[i].text) == texts.count)
            texts_add(request->arena, &texts, list->array.items[i].text);
    }
    return texts;
}

static bool check_lists(struct request *request, const struct oidc_provider *provider)
{
    if (provider->client_ids.count > QUOTA_CLIENT_IDS)
        return fail(&request->failure, ERROR_IAM_LIMIT_EXCEEDED,
                    "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: %d", QUOTA_CLIENT_IDS);
    return provider->thumbprints.count <= QUOTA_THUMBPRINTS ||
           fail(&request->failure, ERROR_INVALID_INPUT, "Thumbprint list must contain fewer than %d entries.",
                QUOTA_THUMBPRINTS);
}

/* "https://", a host and a path; no query, no port. AWS: CreateOpenIDConnectProvider, Url. */
static bool read_url(struct request *request, struct slice *out)
{
    struct slice text = form_text(request, "Url"), scheme = SLICE("https://");
    bool right = slice_starts_with(text, scheme) && text.len > scheme.len && text.ptr[scheme.len] != '/';

    for (size_t i = scheme.len; right && i < text.len; i++)
        right = text.ptr[i] > ' ' && text.ptr[i] <= '~' && strchr("?#:@", text.ptr[i]) == NULL;
    if (!right)
        return fail(&request->failure, ERROR_VALIDATION, "Invalid Open ID Connect Provider URL");
    *out = slice_skip(text, scheme.len);
    return true;
}

bool create_open_id_connect_provider(struct request *request)
{
    struct oidc_provider provider = {0};
    bool first = true;

    if (!form_accepts(request, &create_input) || !form_read_tags(request, &provider.entity.tags) ||
        !read_url(request, &provider.entity.name) || !change_begin(request))
        return false;
    provider.entity.path = SLICE("/");
    provider.entity.created = clock_now();
    provider.client_ids = read_texts(request, "ClientIDList", QUOTA_CLIENT_IDS);
    provider.thumbprints = read_texts(request, "ThumbprintList", QUOTA_THUMBPRINTS);
    if (!check_lists(request, &provider) || !lookup_free(request, KIND_OIDC_PROVIDER, provider.entity.name) ||
        !lookup_room(request, KIND_OIDC_PROVIDER))
        return false;
    entity_put(&request->batch, KIND_OIDC_PROVIDER, &provider);
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "OpenIDConnectProviderArn",
                             lookup_arn(request, KIND_OIDC_PROVIDER, &provider.entity));
    describe_tags(request, &first, &provider.entity.tags);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- telling ---- */

static void write_texts(struct request *request, bool *first, const char *name, const struct texts *texts)
{
    json_write_name(request->out, first, name);
    buffer_append_byte(request->out, '[');
    for (size_t i = 0; i < texts->count; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        json_write_string(request->out, texts->items[i]);
    }
    buffer_append_byte(request->out, ']');
}

bool get_open_id_connect_provider(struct request *request)
{
    struct oidc_provider provider;
    bool first = true;

    if (!form_accepts(request, &one_input) || !providers_find(request, &provider))
        return false;
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "Url", provider.entity.name);
    write_texts(request, &first, "ClientIDList", &provider.client_ids);
    write_texts(request, &first, "ThumbprintList", &provider.thumbprints);
    describe_time(request, &first, "CreateDate", provider.entity.created);
    describe_tags(request, &first, &provider.entity.tags);
    buffer_append_byte(request->out, '}');
    return true;
}

static bool describe_one(struct request *request, const union any_entity *entity, void *context)
{
    bool first = true;

    (void)context;
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "Arn",
                             lookup_arn(request, KIND_OIDC_PROVIDER, &entity->entity));
    buffer_append_byte(request->out, '}');
    return true;
}

/* All of them: the quota is a page. */
bool list_open_id_connect_providers(struct request *request)
{
    static const struct listing listing = {.kind = KIND_OIDC_PROVIDER, .describe = describe_one};
    struct page page;

    if (!form_accepts(request, &no_input) || !page_begin(&page, request, "OpenIDConnectProviderList") ||
        !listing_walk(&page, &listing))
        return false;
    buffer_append_string(request->out, "]}");
    return true;
}

/* ---- changing ---- */

bool add_client_id_to_open_id_connect_provider(struct request *request)
{
    struct oidc_provider provider;

    if (!find(request, &client_input, &provider))
        return false;
    struct slice id = form_text(request, "ClientID");
    if (texts_find(&provider.client_ids, id) < provider.client_ids.count)
        return true;
    texts_add(request->arena, &provider.client_ids, id);
    entity_put(&request->batch, KIND_OIDC_PROVIDER, &provider);
    return check_lists(request, &provider);
}

bool remove_client_id_from_open_id_connect_provider(struct request *request)
{
    struct oidc_provider provider;

    if (!find(request, &client_input, &provider))
        return false;
    size_t place = texts_find(&provider.client_ids, form_text(request, "ClientID"));
    if (place == provider.client_ids.count)
        return true;
    texts_remove(request->arena, &provider.client_ids, place);
    entity_put(&request->batch, KIND_OIDC_PROVIDER, &provider);
    return true;
}

bool update_open_id_connect_provider_thumbprint(struct request *request)
{
    struct oidc_provider provider;

    if (!find(request, &thumbprint_input, &provider))
        return false;
    provider.thumbprints = read_texts(request, "ThumbprintList", QUOTA_THUMBPRINTS);
    entity_put(&request->batch, KIND_OIDC_PROVIDER, &provider);
    return check_lists(request, &provider);
}

/* AWS: "This operation is idempotent; it does not fail or return an error if you call the operation for a
 * provider that does not exist." */
bool delete_open_id_connect_provider(struct request *request)
{
    struct slice name;

    if (!form_accepts(request, &one_input) || !change_begin(request) || !name_of_arn(request, &name))
        return false;
    entity_delete(&request->batch, KIND_OIDC_PROVIDER, name);
    return true;
}
