#define PCRE2_CODE_UNIT_WIDTH 8
#include "deploy/regex.h"

#include <pcre2.h>

#include "base/buffer.h"
#include "base/check.h"

/* A match of a parameter's 4,096 bytes takes a few thousand steps at most, unless it goes back again and
 * again. */
enum { PATTERN_LIMIT = 4096, STEPS_LIMIT = 200 * 1000, DEPTH_LIMIT = 1000, HEAP_LIMIT = 4096 /* KiB */ };

/* ---- Java's patterns ---- */

struct translation {
    struct arena *arena;
    struct slice pattern;
    struct buffer out;
    size_t at;
    bool in_class;
    struct slice *problem;
};

/* Names of classes that Java has after \p and PCRE2 between colons. */
static const char *posix_class(struct slice name)
{
    static const char *const names[][2] = {
        {"Lower", "lower"}, {"Upper", "upper"},   {"ASCII", "ascii"}, {"Alpha", "alpha"}, {"Digit", "digit"},
        {"Alnum", "alnum"}, {"Punct", "punct"},   {"Graph", "graph"}, {"Print", "print"}, {"Blank", "blank"},
        {"Cntrl", "cntrl"}, {"XDigit", "xdigit"}, {"Space", "space"}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_is(name, names[i][0]))
            return names[i][1];
    }
    return NULL;
}

/* "\p{Alnum}" at the place; false: it is something else. */
static bool translate_class_name(struct translation *translation)
{
    struct slice rest = slice_skip(translation->pattern, translation->at);

    if (rest.len < 5 || (rest.ptr[1] != 'p' && rest.ptr[1] != 'P') || rest.ptr[2] != '{')
        return false;
    const char *end = memchr(rest.ptr, '}', rest.len);
    if (end == NULL)
        return false;
    const char *name = posix_class((struct slice){rest.ptr + 3, (size_t)(end - rest.ptr) - 3});
    if (name == NULL)
        return false;
    buffer_printf(&translation->out, "%s[:%s%s:]%s", translation->in_class ? "" : "[",
                  rest.ptr[1] == 'P' ? "^" : "", name, translation->in_class ? "" : "]");
    translation->at += (size_t)(end - rest.ptr) + 1;
    return true;
}

/* An escape: two characters, or a class's name, or a text between \Q and \E. */
static void translate_escape(struct translation *translation)
{
    struct slice rest = slice_skip(translation->pattern, translation->at);
    size_t length = rest.len < 2 ? rest.len : 2;

    if (translate_class_name(translation))
        return;
    if (length == 2 && rest.ptr[1] == 'Q') {
        const char *end = memmem(rest.ptr, rest.len, "\\E", 2);
        length = end == NULL ? rest.len : (size_t)(end - rest.ptr) + 2;
    }
    buffer_append(&translation->out, (struct slice){rest.ptr, length});
    translation->at += length;
}

/* Java's classes may hold classes, and "&&" is what two have in common; PCRE2 would read both as characters.
 */
static bool check_class_character(struct translation *translation, char c)
{
    struct slice rest = slice_skip(translation->pattern, translation->at);

    if (c == '[' || (c == '&' && rest.len > 1 && rest.ptr[1] == '&')) {
        *translation->problem = SLICE("a class within a class is not taken here");
        return false;
    }
    return true;
}

static bool translate(struct translation *translation)
{
    struct slice pattern = translation->pattern;
    size_t class_began = 0;

    while (translation->at < pattern.len) {
        char c = pattern.ptr[translation->at];
        if (c == '\\') {
            translate_escape(translation);
            continue;
        }
        if (translation->in_class && !check_class_character(translation, c))
            return false;
        if (c == '[' && !translation->in_class) {
            translation->in_class = true;
            class_began = translation->at;
        } else if (c == ']' && translation->in_class) {
            /* The first one after "[" or "[^" is a character. */
            size_t first =
                class_began + 1 + (class_began + 1 < pattern.len && pattern.ptr[class_began + 1] == '^');
            translation->in_class = translation->at == first;
        }
        buffer_append_byte(&translation->out, c);
        translation->at++;
    }
    return true;
}

/* ---- matching ---- */

static pcre2_code *compile(struct arena *arena, struct slice pattern, struct slice *problem)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    PCRE2_UCHAR message[120];
    PCRE2_SIZE at;
    int error;

    CHECK(context != NULL);
    pcre2_set_max_pattern_length(context, PATTERN_LIMIT);
    uint32_t options = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;
    if (memmem(pattern.ptr, pattern.len, "\\u", 2) != NULL)
        options |= PCRE2_ALT_BSUX;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, options, &error, &at, context);
    pcre2_compile_context_free(context);
    if (code == NULL) {
        pcre2_get_error_message(error, message, sizeof(message));
        *problem = arena_printf(arena, "%s", (const char *)message);
    }
    return code;
}

static enum regex_outcome match(const pcre2_code *code, struct slice text)
{
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);

    CHECK(context != NULL && data != NULL);
    pcre2_set_match_limit(context, STEPS_LIMIT);
    pcre2_set_depth_limit(context, DEPTH_LIMIT);
    pcre2_set_heap_limit(context, HEAP_LIMIT);
    int matched = pcre2_match(code, (PCRE2_SPTR)text.ptr, text.len, 0, 0, data, context);
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    if (matched >= 0)
        return REGEX_MATCHES;
    return matched == PCRE2_ERROR_NOMATCH ? REGEX_DIFFERS : REGEX_COSTLY;
}

enum regex_outcome regex_match(struct arena *arena, struct slice pattern, struct slice text,
                               struct slice *problem)
{
    struct translation translation = {.arena = arena, .pattern = pattern, .problem = problem};
    enum regex_outcome outcome = REGEX_WRONG;

    *problem = SLICE("");
    if (text.len == 0)
        text = SLICE("");
    buffer_init(&translation.out);
    if (translate(&translation)) {
        buffer_append_byte(&translation.out, '\0'); /* not counted; an empty pattern has bytes too */
        pcre2_code *code =
            compile(arena, (struct slice){translation.out.bytes, translation.out.len - 1}, problem);
        if (code != NULL)
            outcome = match(code, text);
        pcre2_code_free(code);
    }
    buffer_finish(&translation.out);
    return outcome;
}
