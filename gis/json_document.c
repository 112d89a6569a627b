#include "gis/json_document.h"

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
    if (code == json_error_cannot_open_file) {
        return muster_fail(MUSTER_E_IO, "\"%s\" cannot be opened: no such file, or no permission",
                           end);
    }
    return muster_fail(MUSTER_E_FORMAT, "\"%s\" is not JSON, at line %d, column %d: %s", end,
                       error->line, error->column, error->text);
}

muster_status mu_json_document_read(json_t **out, const char *path) {
    json_error_t error;
    *out = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    return *out ? MUSTER_OK : fail_to_read(path, &error);
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
