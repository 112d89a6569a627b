/* Names in the data are not to be trusted: the JSON is pure ASCII and has no "<", so nothing in it can end
 * the element it lies in, and the scripts put it on the page as text only. */
#include "cli/page.h"

#include <string.h>

static void write_escaped(FILE *stream, const char *text) {
    for (; *text != 0; ++text) {
        switch (*text) {
        case '<':
            fputs("&lt;", stream);
            break;
        case '>':
            fputs("&gt;", stream);
            break;
        case '&':
            fputs("&amp;", stream);
            break;
        default:
            putc(*text, stream);
        }
    }
}

/* In JSON a "<" lies within a string, where it may be written as an escape. */
static int write_json_bytes(const char *bytes, size_t size, void *user) {
    FILE *stream = user;
    for (size_t i = 0; i < size; ++i) {
        if (bytes[i] == '<') {
            fputs("\\u003c", stream);
        } else {
            putc(bytes[i], stream);
        }
    }
    return 0;
}

static bool is_named(const char *name, size_t length, const char *wanted) {
    return strlen(wanted) == length && memcmp(name, wanted, length) == 0;
}

static bool write_piece(FILE *stream, const page *p, const char *name, size_t length) {
    for (size_t i = 0; i < p->piece_count; ++i) {
        if (is_named(name, length, p->piece[i].name)) fputs(p->piece[i].text, stream);
    }
    if (is_named(name, length, "TITLE")) write_escaped(stream, p->title);
    return !is_named(name, length, "DATA") ||
           json_dump_callback(p->data, write_json_bytes, stream,
                              JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(12)) == 0;
}

bool page_write(FILE *stream, const page *p) {
    const char *rest = p->html;
    for (const char *at; (at = strchr(rest, '@')) != NULL;) {
        const size_t length = strcspn(at + 1, "@");
        fwrite(rest, 1, (size_t)(at - rest), stream);
        if (!write_piece(stream, p, at + 1, length)) return false;
        rest = at + 1 + length + 1;
    }
    fputs(rest, stream);
    return true;
}
