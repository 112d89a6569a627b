/* Nearness by edit distance. Two edits, and no more than a third of the word, may be a slip of the
 * fingers; more is another word. */
#include "cli/suggest.h"

#include <string.h>

#include "core/edit_distance.h"

enum { MOST_EDITS = 2 };

suggestion suggestion_start(const char *typed) {
    return (suggestion){typed, NULL, MOST_EDITS + 1};
}

void suggestion_offer(suggestion *s, const char *word) {
    const size_t distance = mu_edit_distance(s->typed, word);
    if (distance >= s->distance || 3 * distance > strlen(word) + 2) return;
    s->word     = word;
    s->distance = distance;
}
