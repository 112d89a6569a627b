#include "gis/json_document.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/utf8.h"

enum { SOURCE_BYTES = 160 };

static muster_status fail_to_read(const char *source, const json_error_t *error) {
    const enum json_error_code code = json_error_code(error);
    char                       end[SOURCE_BYTES];
    mu_keep_end(end, sizeof end, source);
    if (code == json_error_out_of_memory) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory while reading \"%s\"", end);
    }
    return muster_fail(MUSTER_E_FORMAT, "\"%s\" is not JSON, at line %d, column %d: %s", end,
                       error->line, error->column, error->text);
}

static muster_status fail_with_errno(const char *path, const char *what, int number) {
    char end[SOURCE_BYTES], reason[128];
    mu_keep_end(end, sizeof end, path);
    if (strerror_r(number, reason, sizeof reason) != 0) {
        snprintf(reason, sizeof reason, "error %d", number);
    }
    return muster_fail(number == ENOMEM ? MUSTER_E_NOMEM : MUSTER_E_IO, "\"%s\" cannot be %s: %s",
                       end, what, reason);
}

typedef struct json_source {
    FILE *file;
    int   error; /* errno of a read that failed; 0: none */
    bool  is_begun;
} json_source;

/* For jansson. RFC 8259 lets readers ignore a byte order mark, which some editors write. */
static size_t read_some(void *buffer, size_t size, void *user) {
    json_source *s     = user;
    size_t       count = fread(buffer, 1, size, s->file);
    if (ferror(s->file)) s->error = errno;
    if (!s->is_begun && count >= 3 && memcmp(buffer, "\xEF\xBB\xBF", 3) == 0) {
        count -= 3;
        memmove(buffer, (char *)buffer + 3, count);
    }
    s->is_begun = true;
    return count;
}

muster_status mu_json_document_read(json_t **out, const char *path) {
    json_error_t error;
    json_source  s = {.file = fopen(path, "rbe")};
    *out           = NULL;
    if (!s.file) return fail_with_errno(path, "opened", errno);
    *out = json_load_callback(read_some, &s, JSON_REJECT_DUPLICATES, &error);
    (void)fclose(s.file);
    if (*out) return MUSTER_OK;
    return s.error != 0 ? fail_with_errno(path, "read", s.error) : fail_to_read(path, &error);
}

muster_status mu_json_document_parse(json_t **out, const char *text, const char *source) {
    json_error_t error;
    *out = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    return *out ? MUSTER_OK : fail_to_read(source, &error);
}

void mu_json_value_show(char *out, size_t room, const json_t *value) {
    char *text =
        value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12)) : NULL;
    if (!value) {
        snprintf(out, room, "missing");
    } else if (text && strlen(text) < room) {
        memcpy(out, text, strlen(text) + 1);
    } else if (json_is_string(value)) {
        mu_quote(out, room, json_string_value(value));
    } else {
        snprintf(out, room, "%s", json_is_object(value) ? "{...}" : "[...]");
    }
    free(text);
}
