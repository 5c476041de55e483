#include "services/iam/document.h"

bool document_is_policy(struct request *request, enum policy_kind kind, struct slice document)
{
    struct policy_problem problem;
    struct policy *policy = policy_create(kind, document, request->arena, &problem);

    if (policy == NULL)
        return fail(&request->failure, ERROR_MALFORMED_POLICY_DOCUMENT, "%.*s", SLICE_ARGS(problem.sentence));
    policy_destroy(policy);
    return true;
}

int64_t document_size(struct slice document)
{
    int64_t size = 0;

    for (size_t i = 0; i < document.len; i++) {
        unsigned char c = (unsigned char)document.ptr[i];
        bool begins = (c & 0xC0) != 0x80; /* a character, of one byte or more */
        if (begins && c != ' ' && c != '\t' && c != '\n' && c != '\r')
            size++;
    }
    return size;
}
