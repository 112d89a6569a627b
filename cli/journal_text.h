/* Moments and hashes as texts. */
#ifndef CLI_JOURNAL_TEXT_H
#define CLI_JOURNAL_TEXT_H

#include <muster/journal.h>

enum { JOURNAL_MOMENT_BYTES = 40, JOURNAL_HASH_TEXT_BYTES = 2 * MUSTER_JOURNAL_HASH_BYTES + 1 };

/* ISO 8601 in UTC, to the millisecond; years beyond four digits as milliseconds. Returns `text`. */
const char *journal_moment(char text[JOURNAL_MOMENT_BYTES], int64_t time_ms);
/* Two digits a byte, and a zero: 2 * count + 1 bytes. */
void journal_hex(char *text, const uint8_t *bytes, size_t count);

#endif
