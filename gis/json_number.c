#include "gis/json_number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The locale's decimal point, which may be several bytes, becomes a point. */
static void use_point(char *text) {
    char        *other = text + strspn(text, "+-0123456789");
    const size_t bytes = strcspn(other, "+-0123456789eE");
    if (bytes == 0) return;
    *other = '.';
    memmove(other + 1, other + bytes, strlen(other + bytes) + 1);
}

void mu_json_number(char out[MU_JSON_NUMBER_BYTES], double value) {
    for (int digits = 15; digits <= 17; ++digits) {
        snprintf(out, MU_JSON_NUMBER_BYTES, "%.*g", digits, value);
        if (strtod(out, NULL) == value) break; /* in the same locale */
    }
    use_point(out);
}

void mu_json_number_of_digits(char out[MU_JSON_NUMBER_BYTES], double value, int digits) {
    snprintf(out, MU_JSON_NUMBER_BYTES, "%.*g", digits, value);
    use_point(out);
}
