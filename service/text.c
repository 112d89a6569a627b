/* See text.h. Numbers are written by hand: a table has a million of them, printf takes ten times as
 * long, and what is counted in milliseconds, centimetres and millionths of a degree is a whole
 * number with a point in it. */
#include "service/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 512 };

void mu_text_free(mu_text *text) {
    free(text->bytes);
    *text = (mu_text){0};
}

/* Room for so many bytes more, and the NUL. */
static bool make_room(mu_text *text, size_t size) {
    if (text->is_broken) return false;
    if (size < text->capacity - text->size) return true;
    size_t capacity = text->capacity > 0 ? text->capacity : FIRST_CAPACITY;
    while (capacity - text->size <= size && capacity <= SIZE_MAX / 2) capacity *= 2;
    char *bytes = capacity - text->size > size ? realloc(text->bytes, capacity) : NULL;
    if (!bytes) {
        text->is_broken = true;
        return false;
    }
    text->bytes    = bytes;
    text->capacity = capacity;
    return true;
}

void mu_text_add_bytes(mu_text *text, const void *bytes, size_t size) {
    if (!make_room(text, size)) return;
    if (size > 0) memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = 0;
}

void mu_text_add(mu_text *text, const char *string) {
    mu_text_add_bytes(text, string, strlen(string));
}

void mu_text_format_list(mu_text *text, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) {
        text->is_broken = true;
    } else if (make_room(text, (size_t)length)) {
        vsnprintf(text->bytes + text->size, (size_t)length + 1, format, arguments);
        text->size += (size_t)length;
    }
}

void mu_text_format(mu_text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    mu_text_format_list(text, format, arguments);
    va_end(arguments);
}

/* ---- strings --------------------------------------------------------------------------- */

/* Bytes of the UTF-8 character at `s`, by the table of RFC 3629; 0: it is none. */
static size_t character_size(const unsigned char *s) {
    if (s[0] < 0x80) return 1;
    const size_t size = s[0] >= 0xC2 && s[0] <= 0xDF   ? 2
                        : s[0] >= 0xE0 && s[0] <= 0xEF ? 3
                        : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4
                                                       : 0;
    for (size_t i = 1; i < size; ++i) {
        if ((s[i] & 0xC0) != 0x80) return 0;
    }
    const bool is_overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    const bool is_beyond   = (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF4 && s[1] > 0x8F);
    return is_overlong || is_beyond ? 0 : size;
}

static bool is_plain(unsigned char c) {
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static size_t add_character(mu_text *text, const unsigned char *s) {
    const size_t size = character_size(s);
    if (*s == '"' || *s == '\\') {
        const char escaped[2] = {'\\', (char)*s};
        mu_text_add_bytes(text, escaped, sizeof escaped);
    } else if (*s < 0x20 || *s == 0x7F) {
        mu_text_format(text, "\\u%04x", *s);
    } else if (size == 0) {
        mu_text_add(text, "\\ufffd");
    } else {
        mu_text_add_bytes(text, s, size);
    }
    return size > 0 ? size : 1;
}

void mu_text_string(mu_text *text, const char *string) {
    const unsigned char *s = (const unsigned char *)string;
    mu_text_add_bytes(text, "\"", 1);
    while (*s != 0) {
        size_t plain = 0;
        while (is_plain(s[plain])) ++plain;
        mu_text_add_bytes(text, s, plain);
        s += plain;
        if (*s != 0) s += add_character(text, s);
    }
    mu_text_add_bytes(text, "\"", 1);
}

/* ---- numbers --------------------------------------------------------------------------- */

/* A whole number of units of 10^-decimals. */
static void add_decimal(mu_text *text, int64_t units, int decimals) {
    char     digits[24];
    size_t   at             = sizeof digits;
    uint64_t value          = units < 0 ? 0 - (uint64_t)units : (uint64_t)units;
    bool     is_significant = false;
    for (int i = 0; i < decimals; ++i, value /= 10) {
        is_significant |= value % 10 != 0;
        if (is_significant) digits[--at] = (char)('0' + value % 10);
    }
    if (is_significant) digits[--at] = '.';
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    if (units < 0) digits[--at] = '-';
    mu_text_add_bytes(text, digits + at, sizeof digits - at);
}

void mu_text_seconds(mu_text *text, uint32_t duration_ms) {
    add_decimal(text, duration_ms, 3);
}

void mu_text_metres(mu_text *text, double length_m) {
    if (fabs(length_m) < 1e15) {
        add_decimal(text, llround(length_m * 100), 2);
    } else {
        mu_text_add(text, "null");
    }
}

void mu_text_degrees(mu_text *text, double degrees) {
    if (fabs(degrees) < 1e9) {
        add_decimal(text, llround(degrees * 1e6), 6);
    } else {
        mu_text_add(text, "null");
    }
}

void mu_text_position(mu_text *text, double lon_deg, double lat_deg) {
    mu_text_add_bytes(text, "[", 1);
    mu_text_degrees(text, lon_deg);
    mu_text_add_bytes(text, ",", 1);
    mu_text_degrees(text, lat_deg);
    mu_text_add_bytes(text, "]", 1);
}
