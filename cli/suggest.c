/* Nearness by edit distance with transposed neighbours (Damerau 1964, in the restricted form
 * that edits no letter twice). Two edits, and no more than a third of the word, may be a slip
 * of the fingers; more is another word. */
#include "cli/suggest.h"

#include <string.h>

enum { LONGEST_WORD = 31, MOST_EDITS = 2 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static size_t edit_distance(const char *a, const char *b) {
    const size_t rows = strlen(a), columns = strlen(b);
    size_t       d[LONGEST_WORD + 1][LONGEST_WORD + 1];
    for (size_t i = 0; i <= rows; ++i) d[i][0] = i;
    for (size_t j = 0; j <= columns; ++j) d[0][j] = j;
    for (size_t i = 1; i <= rows; ++i) {
        for (size_t j = 1; j <= columns; ++j) {
            const size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[rows][columns];
}

suggestion suggestion_start(const char *typed) {
    return (suggestion){typed, NULL, MOST_EDITS + 1};
}

void suggestion_offer(suggestion *s, const char *word) {
    if (strlen(s->typed) > LONGEST_WORD || strlen(word) > LONGEST_WORD) return;
    const size_t distance = edit_distance(s->typed, word);
    if (distance >= s->distance || 3 * distance > strlen(word) + 2) return;
    s->word     = word;
    s->distance = distance;
}
