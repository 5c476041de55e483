#include "expressions/reserved.h"

static const struct slice words[] = {
#define X(word) {word, sizeof(word) - 1},
#include "expressions/reserved_words.def"
#undef X
};

enum { WORD_COUNT = sizeof(words) / sizeof(words[0]), LONGEST_WORD = 17 };

_Static_assert(WORD_COUNT == 573, "AWS reserves 573 words");

static char upper_case(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    return c;
}

bool words_have(const struct slice *sorted, size_t count, struct slice name)
{
    char upper[LONGEST_WORD];
    size_t low = 0, high = count;

    if (name.len > LONGEST_WORD)
        return false;
    for (size_t i = 0; i < name.len; i++)
        upper[i] = upper_case(name.ptr[i]);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = slice_compare((struct slice){upper, name.len}, sorted[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

bool is_reserved_word(struct slice name)
{
    return words_have(words, WORD_COUNT, name);
}
