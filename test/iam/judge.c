/*
 * Answers questions about policies: one a line on stdin, as iam_case.h has them, one verdict a line on
 * stdout. For random.mjs, which asks a second evaluator the same.
 */
#include "lib/iam_case.h"

static void answer(struct arena *arena, struct slice line)
{
    const struct json *json;
    struct iam_case test;

    if (json_parse(arena, line, 100, &json) != JSON_OK) {
        puts("no JSON");
        return;
    }
    if (iam_case_read(&test, arena, json)) {
        struct iam_verdict verdict = iam_case_evaluate(&test);
        (void)printf("%.*s\n", SLICE_ARGS(iam_case_tell(arena, &verdict)));
    } else {
        (void)printf("malformed: %.*s\n", SLICE_ARGS(test.problem.sentence));
    }
    iam_case_finish(&test);
}

int main(void)
{
    struct arena arena;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;

    arena_init(&arena);
    while ((length = getline(&line, &capacity, stdin)) > 0) {
        size_t trimmed = (size_t)length - (line[length - 1] == '\n' ? 1 : 0);
        answer(&arena, (struct slice){line, trimmed});
        (void)fflush(stdout);
        arena_reset(&arena);
    }
    free(line);
    arena_finish(&arena);
    return 0;
}
