/* Twelve significant digits carry a coordinate to a tenth of a micrometre and a distance round
 * the earth to its centimetre, and they do not show that 0.1 is no binary fraction. */
#include "cli/json_file.h"

#include "cli/command.h"
#include "cli/output.h"

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
