/* See instant.h. */
#include "gis/instant.h"

#include <muster/moment.h>
#include <stdio.h>
#include <string.h>

#include "gis/moment.h"

enum { TO_THE_SECOND = 19 }; /* bytes before the fraction or the Z */

static int64_t whole_seconds(int64_t us) {
    return us / MU_SECOND_US - (us % MU_SECOND_US < 0);
}

bool mu_instant_read(const char *text, size_t size, int64_t *out_us) {
    char    whole[TO_THE_SECOND + 2];
    int64_t fraction_us = 0, s;
    if (size < TO_THE_SECOND + 1 || size > TO_THE_SECOND + 8 || text[size - 1] != 'Z') return false;
    const size_t digits = size - TO_THE_SECOND - 1; /* with the point */
    if (digits == 1 || (digits > 1 && text[TO_THE_SECOND] != '.')) return false;
    for (size_t i = 1; i < 7; ++i) {
        const char digit = i < digits ? text[TO_THE_SECOND + i] : '0';
        if (digit < '0' || digit > '9') return false;
        fraction_us = fraction_us * 10 + (digit - '0');
    }
    memcpy(whole, text, TO_THE_SECOND);
    memcpy(whole + TO_THE_SECOND, "Z", 2);
    if (!mu_moment_parse(whole, &s)) return false;
    *out_us = s * MU_SECOND_US + fraction_us;
    return true;
}

bool mu_instant_is_possible(int64_t us) {
    return mu_moment_is_possible(whole_seconds(us));
}

void mu_instant_write(char out[MU_INSTANT_BYTES], int64_t us) {
    const int64_t s           = whole_seconds(us);
    const int     fraction_us = (int)(us - s * MU_SECOND_US);
    int           length      = TO_THE_SECOND;
    muster_moment_text(out, s);
    if (fraction_us > 0) {
        length += snprintf(out + length, MU_INSTANT_BYTES - (size_t)length, ".%06d", fraction_us);
        while (out[length - 1] == '0') --length;
    }
    memcpy(out + length, "Z", 2);
}
