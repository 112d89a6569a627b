/* Fifteen digits and a power of ten up to 22 are exact as doubles, so one division rounds once (Clinger,
 * "How to read floating point numbers accurately", PLDI 1990). Digits behind those change nothing that
 * anybody measures, and are dropped. */
#include "gis/decimal.h"

#include <errno.h>
#include <stdlib.h>

enum { MOST_DIGITS = 15, MOST_PLACES = 22 };

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

typedef struct digits {
    uint64_t number;
    int      count, places; /* significant ones; behind the point */
    bool     is_some, is_too_large;
} digits;

static void take_digit(digits *d, char c, bool is_fraction) {
    d->is_some = true;
    if (d->count == MOST_DIGITS || (is_fraction && d->places == MOST_PLACES)) {
        d->is_too_large |= !is_fraction;
        return;
    }
    d->number = d->number * 10 + (uint64_t)(c - '0');
    d->count += d->number > 0;
    d->places += is_fraction;
}

bool mu_decimal_take(const char **text, double *out) {
    const char *at          = *text;
    digits      d           = {0};
    double      scale       = 1;
    const bool  is_negative = *at == '-';
    if (*at == '-' || *at == '+') ++at;
    for (; is_digit(*at); ++at) take_digit(&d, *at, false);
    if (*at == '.') {
        for (++at; is_digit(*at); ++at) take_digit(&d, *at, true);
    }
    if (!d.is_some || d.is_too_large) return false;
    for (int i = 0; i < d.places; ++i) scale *= 10;
    *out  = (is_negative ? -1 : 1) * ((double)d.number / scale) + 0.0; /* no negative zero */
    *text = at;
    return true;
}

bool mu_decimal_parse(const char *text, double *out) {
    return mu_decimal_take(&text, out) && *text == 0;
}

bool mu_whole_parse(const char *text, int64_t *out) {
    char *end;
    errno = 0;
    *out  = strtoll(text, &end, 10);
    return end != text && *end == 0 && errno == 0;
}
