#include "core/edit_distance.h"

#include <string.h>

enum { LONGEST_WORD = 31 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

size_t mu_edit_distance(const char *a, const char *b) {
    const size_t rows = strlen(a), columns = strlen(b);
    size_t       d[LONGEST_WORD + 1][LONGEST_WORD + 1];
    if (rows > LONGEST_WORD || columns > LONGEST_WORD) return SIZE_MAX;
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
