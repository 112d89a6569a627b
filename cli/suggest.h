/* "Did you mean ...?": the word nearest to what was typed. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

typedef struct suggestion {
    const char *typed;
    const char *word; /* the nearest so far; NULL: none is near */
    size_t      distance;
} suggestion;

suggestion suggestion_start(const char *typed);
/* Consider a word, which must outlive the suggestion. Ties go to the word offered first. */
void suggestion_offer(suggestion *s, const char *word);

#endif
