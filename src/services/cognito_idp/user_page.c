#include "services/cognito_idp/user_page.h"

#include "base/base64.h"
#include "services/shape.h"
#include "services/storage_failure.h"

enum { MOST = 60 };

bool user_page_begin(struct request *request, struct key_range range, const char *limit_name,
                     const char *token_name, struct user_page *out)
{
    struct slice token = shape_text(request->body, token_name), last;
    int64_t limit = shape_number(request->body, limit_name, 0);

    *out = (struct user_page){.range = range, .limit = limit == 0 ? MOST : limit, .token_name = token_name};
    if (token.ptr == NULL)
        return true;
    /* The token is the last key of the page before; one that points out of the range is none of it. */
    if (!base64url_decode(request->arena, token, &last) || slice_compare(last, range.from) < 0 ||
        slice_compare(last, range.to) >= 0)
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "Invalid %s",
                    strcmp(token_name, "PaginationToken") == 0 ? "pagination token" : "next token");
    out->range.from = keys_after(request->arena, last);
    return true;
}

static void write_token(struct request *request, const struct user_page *page, struct slice key)
{
    buffer_printf(request->out, ",\"%s\":\"", page->token_name);
    base64url_encode(request->out, key);
    buffer_append_byte(request->out, '"');
}

bool user_page_write(struct request *request, const struct user_page *page, const char *list, void *context,
                     bool (*write)(struct request *request, void *context, struct slice key,
                                   struct slice value, bool *told))
{
    struct cursor *cursor =
        cursor_create(request->server->storage, NULL, page->range.from, page->range.to, FORWARD);
    struct slice key, value, last = SLICE("");
    enum storage_status status;
    int64_t count = 0;
    bool written = true;

    buffer_printf(request->out, "{\"%s\":[", list);
    while (written && (status = cursor_next(cursor, &key, &value)) == STORAGE_OK && count < page->limit) {
        size_t before = request->out->len;
        bool told = false;
        last = arena_copy(request->arena, key);
        if (count > 0)
            buffer_append_byte(request->out, ',');
        written = write(request, context, last, arena_copy(request->arena, value), &told);
        count += told;
        if (!told)
            request->out->len = before;
    }
    cursor_destroy(cursor);
    if (!written)
        return false;
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    buffer_append_byte(request->out, ']');
    if (status == STORAGE_OK)
        write_token(request, page, last);
    buffer_append_byte(request->out, '}');
    return true;
}
