/* The query protocol: any form is refused with a sentence, or becomes an object that can be answered as XML.
 */
#include <stdint.h>

#include "base/check.h"
#include "wire/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct http_header no_header;
    struct http_exchange exchange = {.request = {.headers = &no_header}};
    struct slice problem = {NULL, 0};
    const struct json *object;

    arena_init(&exchange.arena);
    buffer_init(&exchange.response.body);
    if (query_parse(&exchange.arena, (struct slice){(const char *)data, size}, &object, &problem)) {
        json_write_value(&exchange.response.body, object);
        query_answer(&exchange, SLICE("ID"), "x", "Op");
    } else {
        CHECK(problem.len > 0);
    }
    buffer_finish(&exchange.response.body);
    arena_finish(&exchange.arena);
    return 0;
}
