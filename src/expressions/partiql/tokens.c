#include "expressions/partiql/tokens.h"

#include "base/characters.h"
#include "expressions/reserved.h"

static const struct slice keywords[] = {
#define X(word) {word, sizeof(word) - 1},
#include "expressions/partiql/keywords.def"
#undef X
};

enum { KEYWORD_COUNT = sizeof(keywords) / sizeof(keywords[0]) };

/* Longer ones first. */
static const struct slice symbols[] = {
    {"<=", 2}, {"<>", 2}, {"<<", 2}, {">=", 2}, {">>", 2}, {"!=", 2}, {"||", 2}, {"?", 1}, {"(", 1},
    {")", 1},  {"[", 1},  {"]", 1},  {"{", 1},  {"}", 1},  {",", 1},  {".", 1},  {":", 1}, {";", 1},
    {"@", 1},  {"*", 1},  {"/", 1},  {"%", 1},  {"+", 1},  {"-", 1},  {"=", 1},  {"<", 1}, {">", 1},
};

static bool begins_name(char c)
{
    return is_letter(c) || c == '_' || c == '$';
}

static char upper_case(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* In any case of letters. */
static bool is_word(struct slice text, struct slice capitals)
{
    if (text.len != capitals.len)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (upper_case(text.ptr[i]) != capitals.ptr[i])
            return false;
    return true;
}

bool partiql_token_is(const struct partiql_token *token, const char *text)
{
    return (token->type == PARTIQL_SYMBOL || token->type == PARTIQL_KEYWORD) &&
           is_word(token->text, slice_of(text));
}

/* ---- separators ---- */

static struct slice rest_of(const struct partiql_lexer *lexer)
{
    return (struct slice){lexer->rest, (size_t)(lexer->end - lexer->rest)};
}

/* Columns are characters. */
static void skip(struct partiql_lexer *lexer, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char byte = (unsigned char)lexer->rest[i];
        if (byte == '\n') {
            lexer->line++;
            lexer->column = 1;
        } else if ((byte & 0xC0) != 0x80) {
            lexer->column++;
        }
    }
    lexer->rest += count;
}

/* How much of the text is a separator; 0 if a token begins, or a comment that does not end. */
static size_t separator_length(struct slice text)
{
    if (text.len == 0)
        return 0;
    if (text.ptr[0] == ' ' || text.ptr[0] == '\t' || text.ptr[0] == '\r' || text.ptr[0] == '\n')
        return 1;
    if (slice_starts_with(text, SLICE("--"))) {
        const char *newline = memchr(text.ptr, '\n', text.len);
        return newline == NULL ? text.len : (size_t)(newline - text.ptr);
    }
    if (slice_starts_with(text, SLICE("/*"))) {
        const char *end = memmem(text.ptr + 2, text.len - 2, "*/", 2);
        return end == NULL ? 0 : (size_t)(end + 2 - text.ptr);
    }
    return 0;
}

/* ---- tokens ---- */

/* With its quotes; 0 if the closing one is missing. */
static size_t quoted_length(struct slice text, char quote)
{
    for (size_t i = 1; i < text.len; i++) {
        if (text.ptr[i] != quote)
            continue;
        if (i + 1 == text.len || text.ptr[i + 1] != quote || quote == '`')
            return i + 1;
        i++;
    }
    return 0;
}

static size_t digits_length(struct slice text, size_t from)
{
    size_t at = from;

    while (at < text.len && is_digit(text.ptr[at]))
        at++;
    return at - from;
}

/* 0 if the exponent has no digits. */
static size_t number_length(struct slice text)
{
    size_t at = digits_length(text, 0);

    if (at < text.len && text.ptr[at] == '.') {
        at++;
        at += digits_length(text, at);
    }
    if (at == text.len || (text.ptr[at] != 'e' && text.ptr[at] != 'E'))
        return at;
    at++;
    if (at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-'))
        at++;
    size_t digits = digits_length(text, at);
    return digits == 0 ? 0 : at + digits;
}

static size_t name_length(struct slice text)
{
    size_t at = 0;

    while (at < text.len && (begins_name(text.ptr[at]) || is_digit(text.ptr[at])))
        at++;
    return at;
}

static size_t symbol_length(struct slice text)
{
    if (slice_starts_with(text, SLICE("/*"))) /* a comment without an end */
        return 0;
    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
        if (slice_starts_with(text, symbols[i]))
            return symbols[i].len;
    return 0;
}

/* What the text begins with; *length 0: nothing that is a token. */
static enum partiql_token_type token_type(struct slice text, size_t *length)
{
    char first = text.ptr[0];

    if (first == '\'' || first == '"' || first == '`') {
        *length = quoted_length(text, first);
        return first == '\'' ? PARTIQL_STRING : first == '"' ? PARTIQL_QUOTED : PARTIQL_ION;
    }
    if (is_digit(first) || (first == '.' && text.len > 1 && is_digit(text.ptr[1]))) {
        *length = number_length(text);
        return PARTIQL_NUMBER;
    }
    if (begins_name(first)) {
        *length = name_length(text);
        bool is_keyword = words_have(keywords, KEYWORD_COUNT, (struct slice){text.ptr, *length});
        return is_keyword ? PARTIQL_KEYWORD : PARTIQL_NAME;
    }
    *length = symbol_length(text);
    return PARTIQL_SYMBOL;
}

static void read_token(struct partiql_lexer *lexer, struct partiql_token *token)
{
    size_t separator, length = 0;

    while ((separator = separator_length(rest_of(lexer))) > 0)
        skip(lexer, separator);
    struct slice rest = rest_of(lexer);
    *token = (struct partiql_token){.type = PARTIQL_END, .place = {lexer->line, lexer->column, 0}};
    token->text = (struct slice){rest.ptr, 0};
    if (rest.len == 0)
        return;
    token->type = token_type(rest, &length);
    if (length == 0) {
        token->type = PARTIQL_BROKEN;
        length = rest.len;
    }
    token->text.len = length;
    skip(lexer, length);
    token->place.length = (unsigned)length;
}

void partiql_lexer_init(struct partiql_lexer *lexer, struct slice text)
{
    *lexer = (struct partiql_lexer){.rest = text.ptr, .end = text.ptr + text.len, .line = 1, .column = 1};
    read_token(lexer, &lexer->current);
    read_token(lexer, &lexer->next);
}

void partiql_lexer_advance(struct partiql_lexer *lexer)
{
    lexer->current = lexer->next;
    read_token(lexer, &lexer->next);
}
