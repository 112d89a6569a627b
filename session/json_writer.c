#include "session/json_writer.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "gis/json_number.h"
#include "gis/utf8.h"

/* One byte more is always there, for the end. */
void mu_write_bytes(mu_json_writer *w, const char *bytes, size_t count) {
    if (w->status != MUSTER_OK) return;
    if (w->capacity <= w->size + count) {
        size_t larger = w->capacity < 256 ? 256 : w->capacity;
        while (larger <= w->size + count) larger *= 2;
        w->status = mu_realloc(&w->text, larger, 1);
        if (w->status != MUSTER_OK) return;
        w->capacity = larger;
    }
    memcpy(w->text + w->size, bytes, count);
    w->size += count;
    w->text[w->size] = 0;
}

void mu_write_refuse(mu_json_writer *w, const char *format, ...) {
    char    message[400];
    va_list arguments;
    if (w->status != MUSTER_OK) return;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    w->status = muster_fail(MUSTER_E_INVALID, "%s", message);
}

/* RFC 8259, section 7: as far as one may, bytes as they are. */
static void put_quoted(mu_json_writer *w, const char *text) {
    mu_write_bytes(w, "\"", 1);
    for (const char *from = text; *from;) {
        const size_t plain =
            strcspn(from, "\"\\\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0B\x0C\r\x0E\x0F"
                          "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1A\x1B\x1C"
                          "\x1D\x1E\x1F");
        char escape[16];
        mu_write_bytes(w, from, plain);
        from += plain;
        if (!*from) break;
        if (*from == '"' || *from == '\\') {
            snprintf(escape, sizeof escape, "\\%c", *from);
        } else {
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*from);
        }
        mu_write_bytes(w, escape, strlen(escape));
        ++from;
    }
    mu_write_bytes(w, "\"", 1);
}

static void begin(mu_json_writer *w, const char *key) {
    const char last = w->size > 0 ? w->text[w->size - 1] : '{';
    if (last != '{' && last != '[') mu_write_bytes(w, ",", 1);
    if (!key) return;
    put_quoted(w, key);
    mu_write_bytes(w, ":", 1);
}

void mu_write_open(mu_json_writer *w, const char *key, char mark) {
    begin(w, key);
    mu_write_bytes(w, &mark, 1);
}

void mu_write_close(mu_json_writer *w, char mark) {
    mu_write_bytes(w, &mark, 1);
}

void mu_write_text(mu_json_writer *w, const char *key, const char *text) {
    if (!text || !mu_is_utf8(text, strlen(text))) {
        mu_write_refuse(w, "%s is %s; expected a text in UTF-8", key ? key : "a text of a list",
                        text ? "not UTF-8" : "missing");
        return;
    }
    begin(w, key);
    put_quoted(w, text);
}

void mu_write_note(mu_json_writer *w, const char *key, const char *text) {
    if (text) mu_write_text(w, key, text);
}

void mu_write_null(mu_json_writer *w, const char *key) {
    mu_write_json(w, key, "null");
}

void mu_write_int(mu_json_writer *w, const char *key, int64_t value) {
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    mu_write_json(w, key, digits);
}

void mu_write_flag(mu_json_writer *w, const char *key, bool value) {
    mu_write_json(w, key, value ? "true" : "false");
}

void mu_write_real(mu_json_writer *w, const char *key, double value) {
    char digits[MU_JSON_NUMBER_BYTES];
    if (!isfinite(value)) {
        mu_write_refuse(w, "%s is %g; expected a number", key ? key : "a number of a list", value);
        return;
    }
    mu_json_number(digits, value + 0.0); /* no negative zero */
    mu_write_json(w, key, digits);
}

void mu_write_json(mu_json_writer *w, const char *key, const char *json) {
    begin(w, key);
    mu_write_bytes(w, json, strlen(json));
}
