#include "cli/journal_text.h"

#include <inttypes.h>
#include <muster/moment.h>
#include <stdio.h>
#include <string.h>

const char *journal_moment(char text[JOURNAL_MOMENT_BYTES], int64_t time_ms) {
    const int64_t s    = time_ms / 1000 - (time_ms % 1000 < 0);
    const int     part = (int)(time_ms - s * 1000);
    char          whole[MUSTER_MOMENT_BYTES];
    const size_t  length = strlen(muster_moment_text(whole, s));
    if (length > 1) {
        snprintf(text, JOURNAL_MOMENT_BYTES, "%.*s.%03dZ", (int)length - 1, whole, part);
    } else {
        snprintf(text, JOURNAL_MOMENT_BYTES, "%" PRId64 " ms", time_ms);
    }
    return text;
}

void journal_hex(char *text, const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; ++i) snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}
