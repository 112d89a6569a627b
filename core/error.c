/* The message of the last failure, one a thread.
 *
 * A fixed buffer, because the failure most in need of a message is "out of memory". */
#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char message[1024];

/* How many bytes the UTF-8 character at `c` takes; 0: it is none. The second byte has a
 * narrower range after some first ones (Unicode standard, table 3-7). */
static size_t character_bytes(const unsigned char *c) {
    const size_t        bytes = *c < 0x80   ? 1
                                : *c < 0xC2 ? 0
                                : *c < 0xE0 ? 2
                                : *c < 0xF0 ? 3
                                : *c < 0xF5 ? 4
                                            : 0;
    const unsigned char low   = *c == 0xE0 ? 0xA0 : *c == 0xF0 ? 0x90 : 0x80;
    const unsigned char high  = *c == 0xED ? 0x9F : *c == 0xF4 ? 0x8F : 0xBF;
    if (bytes > 1 && (c[1] < low || c[1] > high)) return 0;
    for (size_t i = 2; i < bytes; ++i) {
        if ((c[i] & 0xC0) != 0x80) return 0;
    }
    return bytes;
}

/* A message is one line of UTF-8: a stray newline, an escape or half a character from a user's
 * file must not reach a terminal, a log or a decoder. */
static void clean(char *text) {
    for (unsigned char *c = (unsigned char *)text; *c != 0;) {
        const size_t bytes = character_bytes(c);
        if (bytes == 0) *c = '?';
        if (*c < 0x20 || *c == 0x7F) *c = ' ';
        c += bytes > 0 ? bytes : 1;
    }
}

/* Cut what vsnprintf may have left of a UTF-8 character at the buffer's end. */
static void drop_partial_character(char *text, size_t length) {
    size_t lead = length;
    while (lead > 0 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80) --lead;
    if (lead == 0) return;
    const unsigned char first    = (unsigned char)text[lead - 1];
    const size_t        expected = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    if (length - (lead - 1) < expected) text[lead - 1] = 0;
}

muster_status(muster_fail)(muster_status status, const char *format, ...) {
    char    fresh[sizeof message]; /* the arguments may point into the old message */
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(fresh, sizeof fresh, format, arguments);
    va_end(arguments);
    if (length < 0) fresh[0] = 0;
    if (length >= (int)sizeof fresh) drop_partial_character(fresh, sizeof fresh - 1);
    clean(fresh);
    memcpy(message, fresh, sizeof message);
    return status;
}

const char *muster_error_message(void) {
    return message;
}

const char *muster_status_name(muster_status status) {
    switch (status) {
    case MUSTER_OK:
        return "MUSTER_OK";
    case MUSTER_E_INVALID:
        return "MUSTER_E_INVALID";
    case MUSTER_E_NOMEM:
        return "MUSTER_E_NOMEM";
    case MUSTER_E_IO:
        return "MUSTER_E_IO";
    case MUSTER_E_FORMAT:
        return "MUSTER_E_FORMAT";
    case MUSTER_E_SOLVER:
        return "MUSTER_E_SOLVER";
    case MUSTER_E_CANCELLED:
        return "MUSTER_E_CANCELLED";
    case MUSTER_E_INTERNAL:
        return "MUSTER_E_INTERNAL";
    }
    return "unknown status";
}

const char *muster_version(void) {
    return MUSTER_VERSION;
}
