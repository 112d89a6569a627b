/* See utf8.h. */
#include "gis/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0u) == 0x80u;
}

/* How many bytes the character at `s` takes, of `left`; 0 where it is not UTF-8 (RFC 3629:
 * no overlong forms, no surrogates, nothing above U+10FFFF). */
static size_t character_bytes(const char *s, size_t left) {
    static const uint32_t LEAST[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char   first   = (unsigned char)s[0];
    if (first < 0x80) return 1;
    const size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || bytes > left) return 0;
    uint32_t code = first & (0x7Fu >> bytes);
    for (size_t i = 1; i < bytes; ++i) {
        if (!is_continuation(s[i])) return 0;
        code = code << 6 | ((unsigned char)s[i] & 0x3Fu);
    }
    const bool is_sound =
        code >= LEAST[bytes] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    return is_sound ? bytes : 0;
}

bool mu_is_utf8(const char *text, size_t size) {
    for (size_t at = 0; at < size;) {
        const size_t bytes = character_bytes(text + at, size - at);
        if (bytes == 0) return false;
        at += bytes;
    }
    return true;
}

void mu_quote(char *out, size_t room, const char *text) {
    size_t bytes = strlen(text);
    if (bytes + 3 <= room) {
        snprintf(out, room, "'%s'", text);
        return;
    }
    bytes = room - 6; /* two quotes, three dots, NUL */
    while (bytes > 0 && is_continuation(text[bytes])) --bytes;
    snprintf(out, room, "'%.*s...'", (int)bytes, text);
}

void mu_keep_end(char *out, size_t room, const char *text) {
    const size_t bytes = strlen(text);
    if (bytes < room) {
        memcpy(out, text, bytes + 1);
        return;
    }
    const char *end = text + bytes - (room - 4); /* three dots, NUL */
    while (is_continuation(*end)) ++end;
    snprintf(out, room, "...%s", end);
}
