#include "iam/explain.h"

void iam_explain(struct buffer *out, const struct authority *authority, const struct iam_request *request,
                 const struct iam_verdict *verdict)
{
    iam_denial_message(out, authority, request, verdict);
    buffer_append_byte(out, '\n');
}
