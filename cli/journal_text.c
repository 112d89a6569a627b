#include "cli/journal_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

const char *journal_moment(char text[JOURNAL_MOMENT_BYTES], int64_t time_ms) {
    const int64_t part = (time_ms % 1000 + 1000) % 1000;
    const time_t  s    = (time_t)((time_ms - part) / 1000);
    struct tm     utc;
    char          date[24];
    if (gmtime_r(&s, &utc) && utc.tm_year >= 0 && utc.tm_year < 8100 &&
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc) > 0) {
        snprintf(text, JOURNAL_MOMENT_BYTES, "%s.%03dZ", date, (int)part);
    } else {
        snprintf(text, JOURNAL_MOMENT_BYTES, "%" PRId64 " ms", time_ms);
    }
    return text;
}

void journal_hex(char *text, const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; ++i) snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}
