#include "base/characters.h"
#include "expressions/lexer.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const struct {
    const char *word;
    size_t length;
    enum token_type type;
} keywords[] = {
    {"AND", 3, TOKEN_AND}, {"OR", 2, TOKEN_OR},           {"NOT", 3, TOKEN_NOT},
    {"IN", 2, TOKEN_IN},   {"BETWEEN", 7, TOKEN_BETWEEN}, {"SET", 3, TOKEN_SET},
    {"ADD", 3, TOKEN_ADD}, {"REMOVE", 6, TOKEN_REMOVE},   {"DELETE", 6, TOKEN_DELETE},
};

/* `upper` is of the same length and all letters. */
static bool same_letters(const char *text, const char *upper, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((text[i] & ~0x20) != upper[i])
            return false;
    return true;
}

static enum token_type word_type(struct slice word)
{
    for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
        if (keywords[i].length == word.len && same_letters(word.ptr, keywords[i].word, word.len))
            return keywords[i].type;
    return TOKEN_NAME;
}

static size_t word_length(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && is_word_character(*at))
        at++;
    return (size_t)(at - start);
}

/* The bytes of one UTF-8 character; of what is no UTF-8, one byte. */
static size_t character_length(const char *at, const char *end)
{
    unsigned char first = (unsigned char)*at;
    size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 1;

    if (length > (size_t)(end - at))
        return 1;
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)at[i] & 0xC0) != 0x80)
            return 1;
    return length;
}

static enum token_type punctuation(char c)
{
    switch (c) {
    case '=':
        return TOKEN_EQUAL;
    case '+':
        return TOKEN_PLUS;
    case '-':
        return TOKEN_MINUS;
    case '(':
        return TOKEN_OPEN;
    case ')':
        return TOKEN_CLOSE;
    case '[':
        return TOKEN_OPEN_BRACKET;
    case ']':
        return TOKEN_CLOSE_BRACKET;
    case ',':
        return TOKEN_COMMA;
    case '.':
        return TOKEN_DOT;
    default:
        return TOKEN_UNKNOWN;
    }
}

static struct token token_at(const char *at, const char *end)
{
    char c = *at;
    char second = '\0';

    if (end - at > 1)
        second = at[1];
    if (is_letter(c)) {
        struct slice word = {at, word_length(at, end)};
        return (struct token){word_type(word), word};
    }
    if ((c == '#' || c == ':') && is_word_character(second)) {
        struct slice holder = {at, 1 + word_length(at + 1, end)};
        return (struct token){c == '#' ? TOKEN_NAME_HOLDER : TOKEN_VALUE_HOLDER, holder};
    }
    if (is_digit(c)) {
        const char *digit = at + 1;
        while (c != '0' && digit < end && is_digit(*digit))
            digit++;
        return (struct token){TOKEN_INDEX, {at, (size_t)(digit - at)}};
    }
    if (c == '<') {
        if (second == '>')
            return (struct token){TOKEN_NOT_EQUAL, {at, 2}};
        return second == '=' ? (struct token){TOKEN_LESS_OR_EQUAL, {at, 2}}
                             : (struct token){TOKEN_LESS, {at, 1}};
    }
    if (c == '>')
        return second == '=' ? (struct token){TOKEN_GREATER_OR_EQUAL, {at, 2}}
                             : (struct token){TOKEN_GREATER, {at, 1}};
    return (struct token){punctuation(c), {at, character_length(at, end)}};
}

static struct token scan(struct lexer *lexer)
{
    const char *end = lexer->text.ptr + lexer->text.len;
    const char *at = lexer->rest;

    while (at < end && is_blank(*at))
        at++;
    struct token token = at < end ? token_at(at, end) : (struct token){TOKEN_END, {end, 0}};
    lexer->rest = token.text.ptr + token.text.len;
    return token;
}

void lexer_init(struct lexer *lexer, struct slice text)
{
    *lexer = (struct lexer){.text = text, .rest = text.ptr, .previous = {TOKEN_END, {text.ptr, 0}}};
    lexer->current = scan(lexer);
    lexer->next = scan(lexer);
}

void lexer_advance(struct lexer *lexer)
{
    if (lexer->current.type == TOKEN_END)
        return;
    lexer->previous = lexer->current;
    lexer->current = lexer->next;
    lexer->next = scan(lexer);
}

struct slice lexer_near(const struct lexer *lexer)
{
    const char *start = lexer->previous.text.ptr;
    const char *end = lexer->next.text.ptr + lexer->next.text.len;

    return (struct slice){start, (size_t)(end - start)};
}
