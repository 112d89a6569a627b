/* See target.h. What a browser or a library would have encoded is refused as it is, and so is what
 * decodes to a control character: nothing that is asked for has one in it, and a NUL would end the
 * text for one reader and not for the next. */
#include "service/target.h"

#include <stddef.h>
#include <string.h>

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool is_control(int c) {
    return c < 0x20 || c == 0x7F;
}

/* Decode in place; false for a percent sign without two hexadecimal digits, or a control. */
static bool decode(char *text) {
    char *out = text;
    for (; *text != 0; ++text) {
        if (is_control((unsigned char)*text)) return false;
        if (*text != '%') {
            *out++ = *text;
            continue;
        }
        const int high = hex_digit(text[1]), low = high < 0 ? -1 : hex_digit(text[2]);
        if (low < 0 || is_control(16 * high + low)) return false;
        *out++ = (char)(16 * high + low);
        text += 2;
    }
    *out = 0;
    return true;
}

/* Cut at the first of `separator`; returns what follows it, or NULL. */
static char *cut(char *text, char separator) {
    char *at = strchr(text, separator);
    if (!at) return NULL;
    *at = 0;
    return at + 1;
}

static const char *parse_path(mu_target *out, char *path) {
    if (*path != '/') return "a path that begins with /";
    for (char *next, *segment = path + 1; segment; segment = next) {
        next = cut(segment, '/');
        if (!decode(segment))
            return "two hexadecimal digits after each %, and no control character";
        if (*segment == 0 && !next) break; /* "/" at the end */
        if (out->segment_count == MU_TARGET_MAX_SEGMENTS) return "a path of fewer parts";
        out->segment[out->segment_count++] = segment;
    }
    return NULL;
}

static const char *parse_option(mu_target *out, char *text) {
    char *value = cut(text, '=');
    if (!value) return "name=value";
    if (!decode(text) || !decode(value)) {
        return "two hexadecimal digits after each %, and no control character";
    }
    if (*text == 0) return "name=value";
    if (mu_target_option(out, text)) return "each option once";
    if (out->option_count == MU_TARGET_MAX_OPTIONS) return "fewer options";
    out->option[out->option_count++] = (mu_option){text, value};
    return NULL;
}

static const char *parse_options(mu_target *out, char *text) {
    for (char *next; text; text = next) {
        next = cut(text, '&');
        if (*text == 0) continue; /* "?" and "&" at the end */
        const char *expected = parse_option(out, text);
        if (expected) return expected;
    }
    return NULL;
}

mu_target_fault mu_target_parse(mu_target *out, char *text) {
    char *options        = cut(text, '?');
    out->segment_count   = 0;
    out->option_count    = 0;
    const char *expected = parse_path(out, text);
    if (expected) return (mu_target_fault){expected, false};
    return (mu_target_fault){parse_options(out, options), true};
}

const char *mu_target_option(const mu_target *target, const char *name) {
    for (uint32_t i = 0; i < target->option_count; ++i) {
        if (strcmp(target->option[i].name, name) == 0) return target->option[i].value;
    }
    return NULL;
}

/* ---- patterns -------------------------------------------------------------------------- */

/* The next part of a pattern, behind its slash; NULL at the end. */
static const char *next_part(const char **pattern, size_t *out_length) {
    if (**pattern != '/') return NULL;
    const char *part = *pattern + 1;
    *out_length      = strcspn(part, "/");
    *pattern         = part + *out_length;
    return part;
}

static bool is_equal(const char *part, size_t length, const char *text) {
    return strlen(text) == length && memcmp(part, text, length) == 0;
}

bool mu_target_matches(const mu_target *target, const char *pattern) {
    uint32_t    at = 0;
    size_t      length;
    const char *part;
    while ((part = next_part(&pattern, &length)) != NULL) {
        if (at == target->segment_count) return false;
        const char *segment = target->segment[at++];
        if (*part != '{' && !is_equal(part, length, segment)) return false;
    }
    return at == target->segment_count;
}

const char *mu_target_segment(const mu_target *target, const char *pattern, const char *name) {
    size_t      length;
    const char *part;
    for (uint32_t at = 0; (part = next_part(&pattern, &length)) != NULL; ++at) {
        if (*part == '{' && is_equal(part + 1, length - 2, name)) return target->segment[at];
    }
    return NULL;
}
