/* Answers: JSON to headers and XML, failures to S3's error document. */
#include "services/s3/bindings.h"

#include "auth/principal.h"
#include "base/check.h"

enum { OUTPUT_DEPTH = 64 };

#define XML_HEAD  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define NAMESPACE "http://s3.amazonaws.com/doc/2006-03-01/"

/* ---- every answer ---- */

static void complete(struct request *request, struct http_exchange *exchange, unsigned status,
                     const char *content_type)
{
    enum { ID_LENGTH = 16 };
    struct slice id = request->id;

    exchange->response.status = status;
    exchange->response.content_type = content_type;
    http_respond_header(exchange, SLICE("Server"), SLICE("Turntable"));
    http_respond_header(exchange, SLICE("x-amz-request-id"),
                        (struct slice){id.ptr, id.len < ID_LENGTH ? id.len : ID_LENGTH});
    http_respond_header(exchange, SLICE("x-amz-id-2"), id);
    if (http_header(&exchange->request, "origin") == NULL)
        return;
    http_respond_header(exchange, SLICE("Access-Control-Allow-Origin"), SLICE("*"));
    http_respond_header(exchange, SLICE("Access-Control-Expose-Headers"), SLICE("*"));
}

static void respond_text(struct http_exchange *exchange, const char *name, struct slice value)
{
    if (value.len > 0)
        http_respond_header(exchange, slice_of(name), value);
}

/* ---- members as headers ---- */

/* Headers are ASCII. AWS: "User-defined object metadata", values with characters that cannot be printed are
 * encoded as RFC 2047 has it. */
static struct slice header_text(struct arena *arena, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x80)
            return arena_printf(arena, "=?UTF-8?B?%.*s?=", SLICE_ARGS(s3_base64(arena, text)));
    }
    return text;
}

static void respond_metadata(struct http_exchange *exchange, const struct json *metadata)
{
    for (size_t i = 0; i < metadata->object.count; i++) {
        const struct json_member *member = &metadata->object.members[i];
        http_respond_header(exchange,
                            arena_printf(&exchange->arena, "x-amz-meta-%.*s", SLICE_ARGS(member->name)),
                            header_text(&exchange->arena, member->value.text));
    }
}

static struct slice text_of(const struct json *value)
{
    if (value->type == JSON_BOOLEAN)
        return value->boolean ? SLICE("true") : SLICE("false");
    return value->type == JSON_STRING || value->type == JSON_NUMBER ? value->text : SLICE("");
}

/* All but the one that is the body. */
static void respond_members(struct http_exchange *exchange, const struct json *output, const char *body)
{
    for (size_t i = 0; i < output->object.count; i++) {
        const struct json_member *member = &output->object.members[i];
        const char *header = s3_header_of(member->name);
        if (body != NULL && slice_is(member->name, body))
            continue;
        if (slice_is(member->name, "Metadata"))
            respond_metadata(exchange, &member->value);
        else if (header != NULL)
            respond_text(exchange, header, text_of(&member->value));
    }
}

/* ---- bodies ---- */

/* Content-Type among the members is the object's. */
static void answer_headers(struct request *request, struct http_exchange *exchange, const struct json *output)
{
    const struct s3_call *call = s3_call_of(request);

    respond_members(exchange, output, NULL);
    exchange->response.stream = call->stream;
    complete(request, exchange, call->status != 0 ? call->status : 200, NULL);
}

static void answer_xml(struct request *request, struct http_exchange *exchange, const struct json *output)
{
    const struct s3_call *call = s3_call_of(request);
    const char *root = call->binding->answer.root;
    const struct json *body = json_get(output, root);
    struct buffer *out = &exchange->response.body;

    if (body != NULL)
        respond_members(exchange, output, root);
    else
        body = output;
    buffer_append_string(out, XML_HEAD);
    buffer_printf(out, "<%s xmlns=\"" NAMESPACE "\">", root);
    if (body->type == JSON_STRING)
        xml_write_text(out, body->text, XML_CONTROLS_REFERENCED);
    for (size_t i = 0; body->type == JSON_OBJECT && i < body->object.count; i++)
        xml_write_json(out, body->object.members[i].name, &body->object.members[i].value,
                       XML_CONTROLS_REFERENCED);
    buffer_printf(out, "</%s>", root);
    complete(request, exchange, call->status != 0 ? call->status : 200, "application/xml");
}

static void answer_document(struct request *request, struct http_exchange *exchange,
                            const struct json *output)
{
    const struct xml_document *document = s3_call_of(request)->binding->answer.document;
    const struct json *body = json_get(output, document->root);

    respond_members(exchange, output, NULL);
    buffer_append_string(&exchange->response.body, XML_HEAD);
    s3_document_write(&exchange->response.body, body != NULL ? body : output, document);
    complete(request, exchange, 200, "application/xml");
}

/* Of {"Owner", "Grants"}; the type of a grantee is an attribute. */
static void answer_acl(struct request *request, struct http_exchange *exchange, const struct json *output)
{
    const struct json *owner = json_get(output, "Owner"), *grants = json_get(output, "Grants");
    struct buffer *out = &exchange->response.body;

    respond_members(exchange, output, NULL);
    buffer_append_string(out, XML_HEAD "<AccessControlPolicy xmlns=\"" NAMESPACE "\">");
    xml_write_json(out, SLICE("Owner"), owner, XML_CONTROLS_REFERENCED);
    buffer_append_string(out, "<AccessControlList>");
    for (size_t i = 0; i < grants->array.count; i++) {
        const struct json *grant = &grants->array.items[i], *grantee = json_get(grant, "Grantee");
        buffer_append_string(out, "<Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                                  "xsi:type=\"");
        xml_write_text(out, json_get(grantee, "Type")->text, XML_CONTROLS_REFERENCED);
        buffer_append_string(out, "\">");
        xml_write_json(out, SLICE("ID"), json_get(grantee, "ID"), XML_CONTROLS_REFERENCED);
        buffer_append_string(out, "</Grantee>");
        xml_write_json(out, SLICE("Permission"), json_get(grant, "Permission"), XML_CONTROLS_REFERENCED);
        buffer_append_string(out, "</Grant>");
    }
    buffer_append_string(out, "</AccessControlList></AccessControlPolicy>");
    complete(request, exchange, 200, "application/xml");
}

static void answer(struct request *request, struct http_exchange *exchange)
{
    static const struct json nothing = {.type = JSON_OBJECT};
    const struct s3_call *call = s3_call_of(request);
    struct buffer *body = &exchange->response.body;
    struct slice text = arena_copy(&exchange->arena, buffer_slice(body));
    const struct json *output = &nothing;

    buffer_reset(body);
    if (text.len > 0)
        CHECK(json_parse(&exchange->arena, text, OUTPUT_DEPTH, &output) == JSON_OK);
    switch (call->binding->answer.kind) {
    case S3_ANSWER_NOTHING:
    case S3_ANSWER_EMPTY:
        respond_members(exchange, output, NULL);
        complete(request, exchange, call->binding->answer.kind == S3_ANSWER_EMPTY ? 204 : 200, NULL);
        break;
    case S3_ANSWER_HEADERS:
        answer_headers(request, exchange, output);
        break;
    case S3_ANSWER_XML:
        answer_xml(request, exchange, output);
        break;
    case S3_ANSWER_DOCUMENT:
        answer_document(request, exchange, output);
        break;
    case S3_ANSWER_TEXT:
        buffer_append(body, json_get(output, call->binding->answer.member)->text);
        complete(request, exchange, 200, "application/json");
        break;
    case S3_ANSWER_ACL:
        answer_acl(request, exchange, output);
        break;
    }
}

/* ---- failures ---- */

/* What S3 calls otherwise than the rooms that it shares with other services. */
static struct error_type type_of(enum error_code code)
{
    static const struct {
        enum error_code code, s3;
    } others[] = {{ERROR_ACCESS_DENIED, ERROR_S3_ACCESS_DENIED},
                  {ERROR_UNRECOGNIZED_CLIENT, ERROR_S3_INVALID_ACCESS_KEY_ID},
                  {ERROR_INVALID_SIGNATURE, ERROR_S3_SIGNATURE_MISMATCH},
                  {ERROR_EXPIRED_TOKEN, ERROR_S3_EXPIRED_TOKEN},
                  {ERROR_INTERNAL_SERVER, ERROR_S3_INTERNAL_ERROR},
                  {ERROR_INTERNAL_FAILURE, ERROR_S3_INTERNAL_ERROR},
                  {ERROR_THROTTLING, ERROR_S3_SLOW_DOWN}};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (others[i].code == code)
            return *error_type(others[i].s3);
    }
    return *error_type(code);
}

static void write_more(struct http_exchange *exchange, struct slice members)
{
    const struct json *more;

    if (members.len == 0)
        return;
    struct slice text = arena_printf(&exchange->arena, "{%.*s}", SLICE_ARGS(slice_skip(members, 1)));
    CHECK(json_parse(&exchange->arena, text, OUTPUT_DEPTH, &more) == JSON_OK);
    for (size_t i = 0; i < more->object.count; i++)
        xml_write_json(&exchange->response.body, more->object.members[i].name, &more->object.members[i].value,
                       XML_CONTROLS_REFERENCED);
}

static void write_error(struct request *request, struct http_exchange *exchange, const char *name)
{
    struct buffer *body = &exchange->response.body;
    const struct failure *failure = &request->failure;
    bool stranger = request->principal.kind == PRINCIPAL_UNSIGNED && failure->code == ERROR_ACCESS_DENIED;

    buffer_printf(body, XML_HEAD "<Error><Code>%s</Code><Message>", name);
    xml_write_text(body, stranger ? SLICE("Access Denied") : s3_utf8(&exchange->arena, failure->message),
                   XML_CONTROLS_REFERENCED);
    buffer_append_string(body, "</Message>");
    write_more(exchange, failure->members);
    buffer_printf(body, "<RequestId>%.16s</RequestId><HostId>%.*s</HostId></Error>", request->id.ptr,
                  SLICE_ARGS(request->id));
}

void s3_respond(struct request *request, struct http_exchange *exchange)
{
    if (request->failure.code == ERROR_NONE) {
        answer(request, exchange);
        return;
    }
    struct error_type type = type_of(request->failure.code);
    bool bodiless = type.status == 304 || slice_is(exchange->request.method, "HEAD");
    buffer_reset(&exchange->response.body);
    if (!bodiless)
        write_error(request, exchange, type.name);
    complete(request, exchange, (unsigned)type.status, bodiless ? NULL : "application/xml");
}
