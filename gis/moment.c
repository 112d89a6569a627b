#include "gis/moment.h"

#include <string.h>

/* `length` digits at text[at], as a number within bounds. */
static bool read_number(const char *text, int at, int length, int least, int most, int *out) {
    *out = 0;
    for (int i = at; i < at + length; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return *out >= least && *out <= most;
}

static int days_in_month(int year, int month) {
    static const int DAYS[]  = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool       is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && is_leap ? 29 : DAYS[month - 1];
}

/* Days from 1970-01-01 in the Gregorian calendar: years that begin in March, so that the leap
 * day is the last (H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil). */
static int64_t days_from_1970(int year, int month, int day) {
    const int y           = year - (month <= 2);
    const int era         = y / 400;
    const int year_of_era = y - era * 400;
    const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int day_of_era  = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int64_t)era * 146097 + day_of_era - 719468;
}

bool mu_moment_parse(const char *text, int64_t *out_s) {
    int year, month, day, hour, minute, second;
    if (strlen(text) != strlen("2026-07-01T06:30:00Z")) return false;
    if (text[4] != '-' || text[7] != '-' || text[10] != 'T') return false;
    if (text[13] != ':' || text[16] != ':' || text[19] != 'Z') return false;
    if (!read_number(text, 0, 4, 1, 9999, &year)) return false;
    if (!read_number(text, 5, 2, 1, 12, &month)) return false;
    if (!read_number(text, 8, 2, 1, days_in_month(year, month), &day)) return false;
    if (!read_number(text, 11, 2, 0, 23, &hour)) return false;
    if (!read_number(text, 14, 2, 0, 59, &minute)) return false;
    if (!read_number(text, 17, 2, 0, 59, &second)) return false;
    *out_s = ((days_from_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    return true;
}
