/* Answers of the query protocol: any bytes are refused, or read as JSON that can be written. */
#include <stdint.h>

#include "base/check.h"
#include "wire/query_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct buffer text;
    struct json answer;

    arena_init(&arena);
    buffer_init(&text);
    if (query_answer_read(&arena, (struct slice){(const char *)data, size}, &answer)) {
        json_write_value(&text, &answer);
        CHECK(answer.type == JSON_OBJECT && answer.object.count == 1);
    }
    buffer_finish(&text);
    arena_finish(&arena);
    return 0;
}
