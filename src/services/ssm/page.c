#include "services/ssm/page.h"

#include "base/base64.h"
#include "services/shape.h"

enum { TOKEN_LIMIT = 2048 }; /* as of a name */

bool page_token_read(struct request *request, struct slice *out)
{
    struct slice token = shape_text(request->body, "NextToken");

    *out = SLICE("");
    return token.ptr == NULL ||
           (base64_decode(request->arena, token, out) && out->len > 0 && out->len <= TOKEN_LIMIT) ||
           fail(&request->failure, ERROR_SSM_NEXT_TOKEN, "The specified token isn't valid.");
}

int64_t page_token_number(struct slice token)
{
    const struct json number = {.type = JSON_NUMBER, .text = token};
    int64_t value;

    return json_to_int64(&number, &value) ? value : 0;
}

void page_token_write(struct request *request, bool *first, struct slice token)
{
    json_write_name(request->out, first, "NextToken");
    json_write_base64(request->out, token);
}
