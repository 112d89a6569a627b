/* See csv_output.h. */
#include "cli/csv_output.h"

#include <csv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* 15 digits are always a double's own, 17 always tell it from its neighbours. */
enum { FEWEST_DIGITS = 15, MOST_DIGITS = 17, NUMBER_BYTES = 32 };

void csv_print_exact(FILE *stream, double value) {
    char text[NUMBER_BYTES];
    for (int digits = FEWEST_DIGITS; digits <= MOST_DIGITS; ++digits) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    fputs(text, stream);
}

void csv_print_text(FILE *stream, const char *text) {
    const size_t length = strlen(text);
    const bool is_bare = length > 0 && !strpbrk(text, "\",\r\n") && *text != ' ' && *text != '\t' &&
                         text[length - 1] != ' ' && text[length - 1] != '\t';
    if (is_bare) {
        fputs(text, stream);
    } else {
        csv_fwrite(stream, text, length);
    }
}
