#include "gis/moment.h"

#include <muster/moment.h>
#include <stdio.h>
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

/* ---- with any offset from UTC, and back ------------------------------------------------ */

enum { LOCAL_BYTES = sizeof "2026-07-01T06:30:00" - 1, OFFSET_END_MIN = 15 * 60 };

bool muster_moment_parse(const char *text, int64_t *out_s) {
    char      utc[LOCAL_BYTES + 2];
    int       hours, minutes;
    const int length = (int)strnlen(text, LOCAL_BYTES + 7);
    if (mu_moment_parse(text, out_s)) return true;
    if (length != LOCAL_BYTES + 6 || text[LOCAL_BYTES + 3] != ':') return false;
    const char sign = text[LOCAL_BYTES];
    if (sign != '+' && sign != '-') return false;
    if (!read_number(text, LOCAL_BYTES + 1, 2, 0, 14, &hours)) return false;
    if (!read_number(text, LOCAL_BYTES + 4, 2, 0, 59, &minutes)) return false;
    memcpy(utc, text, LOCAL_BYTES);
    memcpy(utc + LOCAL_BYTES, "Z", 2);
    if (!mu_moment_parse(utc, out_s)) return false;
    const int64_t offset_s = (hours * 60 + minutes) * (int64_t)60;
    *out_s -= sign == '+' ? offset_s : -offset_s;
    return true;
}

/* The inverse of days_from_1970 (Hinnant's civil_from_days). */
static void date_of(int64_t days, int *year, int *month, int *day) {
    const int64_t z          = days + 719468;
    const int64_t era        = (z >= 0 ? z : z - 146096) / 146097;
    const int64_t day_of_era = z - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t shifted = (5 * day_of_year + 2) / 153; /* months from March */
    *day                  = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month                = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year                 = (int)(year_of_era + era * 400 + (*month <= 2));
}

bool mu_moment_is_possible(int64_t moment_s) {
    return moment_s >= INT64_C(-62135596800) && moment_s <= INT64_C(253402300799);
}

const char *muster_moment_text(char out[MUSTER_MOMENT_BYTES], int64_t moment_s) {
    int year, month, day;
    snprintf(out, MUSTER_MOMENT_BYTES, "-");
    if (!mu_moment_is_possible(moment_s)) return out;
    const int64_t days   = (moment_s - (moment_s < 0 ? 86399 : 0)) / 86400;
    const int     rest_s = (int)(moment_s - days * 86400);
    date_of(days, &year, &month, &day);
    snprintf(out, MUSTER_MOMENT_BYTES, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)year % 10000u,
             (unsigned)month % 100u, (unsigned)day % 100u, (unsigned)rest_s / 3600 % 100u,
             (unsigned)rest_s / 60 % 60, (unsigned)rest_s % 60);
    return out;
}

const char *muster_moment_text_by(char out[MUSTER_MOMENT_BYTES], int64_t moment_s,
                                  int32_t offset_min) {
    const bool     is_clock = offset_min > -OFFSET_END_MIN && offset_min < OFFSET_END_MIN;
    const unsigned apart = (unsigned)(offset_min < 0 ? -offset_min : offset_min) % OFFSET_END_MIN;
    if (!mu_moment_is_possible(moment_s) || !is_clock) {
        return muster_moment_text(out, MUSTER_MOMENT_LAST);
    }
    muster_moment_text(out, moment_s + (int64_t)60 * offset_min);
    if (offset_min == 0 || *out == '-') return out;
    snprintf(out + LOCAL_BYTES, (size_t)(MUSTER_MOMENT_BYTES - LOCAL_BYTES), "%c%02u:%02u",
             offset_min < 0 ? '-' : '+', apart / 60, apart % 60);
    return out;
}
