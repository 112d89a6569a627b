/* See instant.h. */
#include "gis/instant.h"

#include <stdio.h>
#include <string.h>

#include "gis/moment.h"

enum { TO_THE_SECOND = 19 }; /* bytes before the fraction or the Z */

static const int64_t DAY_US   = INT64_C(86400) * MU_SECOND_US;
static const int64_t YEAR_1_S = INT64_C(-62135596800), YEAR_10000_S = INT64_C(253402300800);

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
    return us >= YEAR_1_S * MU_SECOND_US && us < YEAR_10000_S * MU_SECOND_US;
}

/* From days since 1970 to a date in the Gregorian calendar: years that begin in March, so that the
 * leap day is the last (H. Hinnant, "chrono-compatible low-level date algorithms",
 * civil_from_days). */
static void date_of(int64_t days, unsigned *year, unsigned *month, unsigned *day) {
    const unsigned shifted    = (unsigned)(days + 719468); /* from 0000-03-01 */
    const unsigned era        = shifted / 146097;
    const unsigned day_of_era = shifted % 146097;
    const unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const unsigned day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned march_month = (5 * day_of_year + 2) / 153;
    *day                       = day_of_year - (153 * march_month + 2) / 5 + 1;
    *month                     = march_month < 10 ? march_month + 3 : march_month - 9;
    *year                      = era * 400 + year_of_era + (*month <= 2);
}

void mu_instant_write(char out[MU_INSTANT_BYTES], int64_t us) {
    unsigned      year, month, day;
    const int64_t days = us / DAY_US - (us % DAY_US < 0);
    const int64_t rest = us - days * DAY_US;
    const int     s = (int)(rest / MU_SECOND_US), fraction_us = (int)(rest % MU_SECOND_US);
    date_of(days, &year, &month, &day);
    int length = snprintf(out, MU_INSTANT_BYTES, "%04u-%02u-%02uT%02d:%02d:%02d", year % 10000,
                          month % 100, day % 100, s / 3600, s / 60 % 60, s % 60);
    if (fraction_us > 0) {
        length += snprintf(out + length, MU_INSTANT_BYTES - (size_t)length, ".%06d", fraction_us);
        while (out[length - 1] == '0') --length;
    }
    memcpy(out + length, "Z", 2);
}
