/* Where a template comes from: the request itself, or a bucket of this server that a URL names. */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_TEMPLATE_SOURCE_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_TEMPLATE_SOURCE_H

#include "services/request.h"
#include "services/shape.h"

struct inner_caller;

/* Members of inputs. */
extern const struct shape template_body_shape, template_url_shape;

/* The text of TemplateBody or TemplateURL of an input that was accepted. False: the failure is set; there
 * must be one of them, and not both. */
must_use bool template_of_request(struct request *request, struct slice *text);

/* The stack policy in the member `body`, or at the URL in `url`; empty if there is neither. The same. */
must_use bool stack_policy_of_request(struct request *request, const char *body, const char *url,
                                      struct slice *text);

/*
 * The text at a URL, whatever host it names: "http://127.0.0.1:8000/BUCKET/KEY",
 * "https://s3.us-east-1.amazonaws.com/BUCKET/KEY", "https://BUCKET.s3.us-east-1.amazonaws.com/KEY". False:
 * *problem is AWS's sentence.
 */
must_use bool template_fetch(struct server *server, struct inner_caller *caller, struct arena *arena,
                             struct slice url, struct slice *text, struct slice *problem);

#endif
