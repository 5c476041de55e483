#include "wire/query.h"

#include <stdlib.h>

#include "base/characters.h"
#include "base/clock.h"
#include "base/digits.h"
#include "base/hash.h"
#include "wire/answer.h"
#include "wire/xml.h"

/* ---- a form into a tree ---- */

/* A name of the form, between its dots, and what stands behind it. */
struct node {
    struct slice name;
    struct slice value;
    uint64_t number; /* the name's, in a list */
    struct node *children, *last;
    struct node *next;
    size_t count; /* of the children */
    uint64_t hash;
    struct node **places; /* the children by their hashes, once they are many; NULL: an empty place */
    unsigned place_bits;  /* there are 1 << place_bits; 0: none yet */
};

struct form {
    struct arena *arena;
    struct slice *problem;
    uint64_t mixer; /* odd and random: no form can be written so that its names meet in one place */
};

static bool refuse(struct form *form, struct slice problem)
{
    *form->problem = problem;
    return false;
}

/* %41 and + resolved. */
static bool decode(struct form *form, struct slice text, struct slice *out)
{
    char *bytes = arena_alloc(form->arena, text.len + 1);
    size_t length = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            bool whole = i + 2 < text.len;
            int high = whole ? hex_digit(text.ptr[i + 1]) : -1, low = whole ? hex_digit(text.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return refuse(form, SLICE("A percent sign in the form is not followed by two digits"));
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        bytes[length++] = c;
    }
    bytes[length] = '\0';
    *out = (struct slice){bytes, length};
    return json_text_valid(*out) || refuse(form, SLICE("The form is not UTF-8"));
}

/* The place of the child of that name, or the empty one where it would stand. */
static struct node **place_of(const struct form *form, const struct node *parent, struct slice name,
                              uint64_t hash)
{
    size_t mask = ((size_t)1 << parent->place_bits) - 1;
    size_t place = (size_t)((hash * form->mixer) >> (64 - parent->place_bits));

    while (parent->places[place] != NULL &&
           (parent->places[place]->hash != hash || !slice_equal(parent->places[place]->name, name)))
        place = (place + 1) & mask;
    return &parent->places[place];
}

static struct node *find_child(const struct form *form, const struct node *parent, struct slice name,
                               uint64_t hash)
{
    if (parent->place_bits > 0)
        return *place_of(form, parent, name, hash);
    for (struct node *node = parent->children; node != NULL; node = node->next) {
        if (node->hash == hash && slice_equal(node->name, name))
            return node;
    }
    return NULL;
}

/* A new child of many needs a place, and there are twice as many places as children at least. */
static void give_place(const struct form *form, struct node *parent, struct node *made)
{
    enum { FEW = 16, FIRST_BITS = 7 };

    if (parent->count <= FEW)
        return;
    if (parent->place_bits > 0 && parent->count * 2 <= (size_t)1 << parent->place_bits) {
        *place_of(form, parent, made->name, made->hash) = made;
        return;
    }
    parent->place_bits = parent->place_bits == 0 ? FIRST_BITS : parent->place_bits + 2;
    parent->places = arena_calloc(form->arena, (size_t)1 << parent->place_bits, sizeof(struct node *));
    for (struct node *node = parent->children; node != NULL; node = node->next)
        *place_of(form, parent, node->name, node->hash) = node;
}

/* The child of that name, made if it is not there. What belongs together comes together, mostly. */
static struct node *child(struct form *form, struct node *parent, struct slice name)
{
    if (parent->last != NULL && slice_equal(parent->last->name, name))
        return parent->last;
    uint64_t hash = hash_bytes(name);
    struct node *made = find_child(form, parent, name, hash);
    if (made != NULL)
        return made;
    made = arena_new(form->arena, struct node);
    made->name = name;
    made->hash = hash;
    if (parent->last == NULL)
        parent->children = made;
    else
        parent->last->next = made;
    parent->last = made;
    parent->count++;
    give_place(form, parent, made);
    return made;
}

/* "Tags.member.1.Key", a node a name. */
static bool place(struct form *form, struct node *root, struct slice path, struct slice value)
{
    struct node *node = root;

    for (unsigned depth = 0;; depth++) {
        const char *dot = path.len == 0 ? NULL : memchr(path.ptr, '.', path.len);
        struct slice name = {path.ptr, dot == NULL ? path.len : (size_t)(dot - path.ptr)};
        if (name.len == 0 || depth >= 2 * QUERY_DEPTH_LIMIT)
            return refuse(form, SLICE("A parameter of the form has a name that is none"));
        node = child(form, node, name);
        if (dot == NULL)
            break;
        path = slice_skip(path, name.len + 1);
    }
    node->value = value;
    return true;
}

static bool read_pair(struct form *form, struct node *root, struct slice pair)
{
    const char *equals = pair.len == 0 ? NULL : memchr(pair.ptr, '=', pair.len);
    struct slice name = {pair.ptr, equals == NULL ? pair.len : (size_t)(equals - pair.ptr)}, path, value;
    struct slice rest = equals == NULL ? SLICE("") : slice_skip(pair, name.len + 1);

    return decode(form, name, &path) && decode(form, rest, &value) && place(form, root, path, value);
}

static bool read_form(struct form *form, struct node *root, struct slice text)
{
    size_t pairs = 0;

    while (text.len > 0) {
        const char *end = memchr(text.ptr, '&', text.len);
        struct slice pair = {text.ptr, end == NULL ? text.len : (size_t)(end - text.ptr)};
        if (++pairs > QUERY_PAIRS_LIMIT)
            return refuse(form, SLICE("The form has too many parameters"));
        if (pair.len > 0 && !read_pair(form, root, pair))
            return false;
        text = slice_skip(text, pair.len + (end != NULL));
    }
    return true;
}

/* ---- a tree into JSON ---- */

static bool to_json(struct form *form, struct node *node, struct json *out);

static int by_number(const void *a, const void *b)
{
    uint64_t left = (*(struct node *const *)a)->number, right = (*(struct node *const *)b)->number;

    return (left > right) - (left < right);
}

/* The children are named by numbers, which give their order and may have gaps. */
static bool list_to_json(struct form *form, struct node *list, struct json *out)
{
    struct node **elements = arena_array(form->arena, struct node *, list->count);
    size_t count = 0;

    for (struct node *node = list->children; node != NULL; node = node->next) {
        if (!digits_parse(node->name, 10, QUERY_NUMBER_LIMIT, &node->number))
            return refuse(form, SLICE("An element of a list in the form has no number"));
        elements[count++] = node;
    }
    if (count > 0)
        qsort(elements, count, sizeof(struct node *), by_number);
    out->type = JSON_ARRAY;
    out->array.items = arena_array(form->arena, struct json, count);
    out->array.count = count;
    for (size_t i = 0; i < count; i++) {
        if (!to_json(form, elements[i], &out->array.items[i]))
            return false;
    }
    return true;
}

/* "member" and "entry" are no names of members: what stands behind them is a list. */
static struct node *list_in(const struct node *node)
{
    struct node *only = node->children;

    return node->count == 1 && only->count > 0 &&
                   (slice_is(only->name, "member") || slice_is(only->name, "entry"))
               ? only
               : NULL;
}

/* Recursion is bounded by the depth that place() allows. */
static bool to_json(struct form *form, struct node *node, struct json *out)
{
    if (node->count == 0) {
        *out = (struct json){.type = JSON_STRING, .text = node->value};
        return true;
    }
    if (list_in(node) != NULL)
        return list_to_json(form, list_in(node), out);
    out->type = JSON_OBJECT;
    out->object.members = arena_array(form->arena, struct json_member, node->count);
    out->object.count = 0;
    for (struct node *at = node->children; at != NULL; at = at->next) {
        struct json_member *member = &out->object.members[out->object.count++];
        member->name = at->name;
        if (!to_json(form, at, &member->value))
            return false;
    }
    return true;
}

bool query_is_form(const struct http_request *request)
{
    return answer_content_type_is(request, "application/x-www-form-urlencoded");
}

bool query_parse(struct arena *arena, struct slice text, const struct json **out, struct slice *problem)
{
    struct form form = {.arena = arena, .problem = problem};
    struct node root = {0};
    struct json *object = arena_new(arena, struct json);

    random_bytes(&form.mixer, sizeof(form.mixer));
    form.mixer |= 1;
    *out = object;
    object->type = JSON_OBJECT;
    if (!read_form(&form, &root, text))
        return false;
    return root.count == 0 || (to_json(&form, &root, object) && object->type == JSON_OBJECT) ||
           (problem->len == 0 && refuse(&form, SLICE("The form has no parameters but a list")));
}

/* ---- XML ---- */

static void write_element(struct buffer *out, struct slice name, const struct json *value);

static void write_content(struct buffer *out, const struct json *value)
{
    switch (value->type) {
    case JSON_STRING:
    case JSON_NUMBER:
        xml_write_text(out, value->text, XML_CONTROLS_REPLACED);
        break;
    case JSON_BOOLEAN:
        buffer_append_string(out, value->boolean ? "true" : "false");
        break;
    case JSON_ARRAY:
        for (size_t i = 0; i < value->array.count; i++)
            write_element(out, SLICE("member"), &value->array.items[i]);
        break;
    case JSON_OBJECT:
        for (size_t i = 0; i < value->object.count; i++)
            write_element(out, value->object.members[i].name, &value->object.members[i].value);
        break;
    case JSON_NULL:
        break;
    }
}

static void write_element(struct buffer *out, struct slice name, const struct json *value)
{
    if (value->type == JSON_NULL)
        return;
    if (value->type == JSON_ARRAY && slice_is(name, "entry")) { /* of a map: the element is repeated */
        for (size_t i = 0; i < value->array.count; i++)
            write_element(out, name, &value->array.items[i]);
        return;
    }
    buffer_printf(out, "<%.*s>", SLICE_ARGS(name));
    write_content(out, value);
    buffer_printf(out, "</%.*s>", SLICE_ARGS(name));
}

void query_answer(struct http_exchange *exchange, struct slice id, const char *xmlns, const char *operation)
{
    struct buffer *body = &exchange->response.body;
    struct slice text = arena_copy(&exchange->arena, buffer_slice(body));
    const struct json *answer;

    buffer_reset(body);
    buffer_printf(body, "<%sResponse xmlns=\"%s\">", operation, xmlns);
    if (text.len > 0 && json_parse(&exchange->arena, text, QUERY_DEPTH_LIMIT, &answer) == JSON_OK)
        write_element(body, arena_printf(&exchange->arena, "%sResult", operation), answer);
    buffer_printf(body, "<ResponseMetadata><RequestId>%.*s</RequestId></ResponseMetadata></%sResponse>\n",
                  SLICE_ARGS(id), operation);
    answer_complete(exchange, id, 200, "text/xml");
}

/* What AWS JSON and the query protocol both have, under another name. AWS: "Common errors" of IAM. */
static struct error_type query_type(enum error_code code)
{
    static const struct {
        enum error_code code;
        int status;
        const char *name;
    } others[] = {{ERROR_VALIDATION, 400, "ValidationError"},
                  {ERROR_SERIALIZATION, 400, "MalformedInput"},
                  {ERROR_UNKNOWN_OPERATION, 400, "InvalidAction"},
                  {ERROR_MISSING_AUTHENTICATION_TOKEN, 403, "MissingAuthenticationToken"},
                  {ERROR_INCOMPLETE_SIGNATURE, 400, "IncompleteSignature"},
                  {ERROR_INVALID_SIGNATURE, 403, "SignatureDoesNotMatch"},
                  {ERROR_UNRECOGNIZED_CLIENT, 403, "InvalidClientTokenId"},
                  {ERROR_EXPIRED_TOKEN, 403, "ExpiredToken"},
                  {ERROR_ACCESS_DENIED, 403, "AccessDenied"},
                  {ERROR_INTERNAL_SERVER, 500, "ServiceFailure"},
                  {ERROR_SERVICE_UNAVAILABLE, 503, "ServiceUnavailable"},
                  {ERROR_REQUEST_TOO_LARGE, 413, "RequestEntityTooLarge"},
                  {ERROR_THROTTLING, 400, "Throttling"},
                  {ERROR_CLOUDWATCH_INVALID_VALUE, 400, "InvalidParameterValue"},
                  {ERROR_CLOUDWATCH_INVALID_COMBINATION, 400, "InvalidParameterCombination"},
                  {ERROR_CLOUDWATCH_MISSING, 400, "MissingParameter"}};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (others[i].code == code)
            return (struct error_type){.name = others[i].name, .status = others[i].status};
    }
    return *error_type(code);
}

const char *query_error_name(enum error_code code)
{
    return query_type(code).name;
}

void query_fail(struct http_exchange *exchange, struct slice id, const char *xmlns,
                const struct failure *failure)
{
    struct error_type type = query_type(failure->code);
    struct buffer *body = &exchange->response.body;

    buffer_reset(body);
    if (xmlns == NULL)
        buffer_append(body, SLICE("<ErrorResponse>"));
    else
        buffer_printf(body, "<ErrorResponse xmlns=\"%s\">", xmlns);
    buffer_printf(body, "<Error><Type>%s</Type><Code>%s</Code><Message>",
                  type.status < 500 ? "Sender" : "Receiver", type.name);
    xml_write_text(body, failure->message, XML_CONTROLS_REPLACED);
    buffer_printf(body, "</Message></Error><RequestId>%.*s</RequestId></ErrorResponse>\n", SLICE_ARGS(id));
    answer_complete(exchange, id, (unsigned)type.status, "text/xml");
}
