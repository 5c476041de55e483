/*
 * What the inputs of IAM's operations have in common: shapes of members, and the checks of names and paths
 * whose sentences are IAM's own. AWS: API reference of each operation; "IAM and AWS STS quotas", name limits.
 */
#ifndef TURNTABLE_SERVICES_IAM_FORM_H
#define TURNTABLE_SERVICES_IAM_FORM_H

#include "directory/entity.h"
#include "services/query_input.h"

extern const struct shape form_user_name, form_existing_user_name, form_role_name,
    form_name, /* of a group, policy or instance profile */
    form_path, form_policy_path, form_arn, form_document, form_description, form_role_description, form_tags,
    form_tag_keys, form_key_id, form_key_status, form_version_id, form_session_duration, form_marker,
    form_max_items;

/* The input's form, then the characters of its names, paths and documents. On false the failure is set. */
must_use bool form_accepts(struct request *request, const struct shape *shape);

struct slice form_text(const struct request *request, const char *member);
/* Path, or "/". */
struct slice form_path_of(const struct request *request);

/* A list of documents, as simulations take them. */
extern const struct shape form_documents;

/* Tags as a record keeps them. They are checked: no two with one key, whatever its case, none of AWS's own.
 */
must_use bool form_read_tags(struct request *request, struct entity_tags *out);

#endif
