/* Twelve significant digits carry a coordinate to a tenth of a micrometre and a distance round
 * the earth to its centimetre, and they do not show that 0.1 is no binary fraction. */
#include "cli/json_file.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "cli/command.h"
#include "cli/output.h"

/* ---- reading ----------------------------------------------------------------------------- */

typedef struct source {
    FILE *stream;
    bool  is_started;
    int   error;
} source;

/* For jansson. RFC 8259 lets readers ignore a byte order mark, which some editors write. */
static size_t read_some(void *buffer, size_t size, void *user) {
    source *s     = user;
    size_t  count = fread(buffer, 1, size, s->stream);
    if (ferror(s->stream)) s->error = errno;
    if (!s->is_started && count >= 3 && memcmp(buffer, "\xEF\xBB\xBF", 3) == 0) {
        count -= 3;
        memmove(buffer, (char *)buffer + 3, count);
    }
    s->is_started = true;
    return count;
}

int json_read(json_t **out, const char *path, const char *expected) {
    source       s = {.stream = fopen(path, "rb")};
    json_error_t error;
    *out = NULL;
    if (!s.stream) {
        return command_fail(COMMAND_ENVIRONMENT, "cannot open %s: %s", path, strerror(errno));
    }
    *out = json_load_callback(read_some, &s, JSON_REJECT_DUPLICATES, &error);
    (void)fclose(s.stream);
    if (*out) return COMMAND_DONE;
    if (s.error != 0) {
        return command_fail(COMMAND_ENVIRONMENT, "cannot read %s: %s", path, strerror(s.error));
    }
    return command_fail(COMMAND_BAD_INPUT, "%s: line %d: %s; expected %s", path, error.line,
                        error.text, expected);
}

/* ---- writing ----------------------------------------------------------------------------- */

enum { FLAGS = JSON_INDENT(2) | JSON_REAL_PRECISION(12) };

/* A write that fails shows in the stream and is said by output_publish. */
static int write_to(const json_t *document, const char *path) {
    output    out;
    const int code = output_open(&out, path);
    if (code != COMMAND_DONE) return code;
    const bool is_complete = json_dumpf(document, out.stream, FLAGS) == 0;
    if (!is_complete && !ferror(out.stream)) {
        output_discard(&out);
        return command_fail(COMMAND_ENVIRONMENT, "out of memory while writing JSON");
    }
    fputc('\n', out.stream);
    return output_publish(&out);
}

int json_write(json_t *document, const char *path) {
    if (!document) {
        return command_fail(COMMAND_ENVIRONMENT, "no JSON could be made: out of memory, or a name "
                                                 "is not UTF-8");
    }
    const int code = write_to(document, path);
    json_decref(document);
    return code;
}
