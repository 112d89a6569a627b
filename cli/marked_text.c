#include "cli/marked_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/output.h"

enum { MARK_BYTES = 128, TEXT_MOST = 16 << 20 };

static int read_text(char **out, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return command_fail(COMMAND_ENVIRONMENT, "cannot open %s: %s", path, strerror(errno));
    char        *text    = malloc(TEXT_MOST + 1);
    const size_t size    = text ? fread(text, 1, TEXT_MOST + 1, file) : 0;
    const bool   is_read = text && !ferror(file);
    (void)fclose(file);
    if (is_read && size <= TEXT_MOST) {
        text[size] = 0;
        *out       = text;
        return COMMAND_DONE;
    }
    free(text);
    return is_read ? command_fail(COMMAND_BAD_INPUT, "%s is larger than 16 MB", path)
                   : command_fail(COMMAND_ENVIRONMENT, "cannot read %s", path);
}

int marked_text_replace(const char *path, const char *name, void (*print)(void *user, FILE *stream),
                        void *user) {
    char   begin[MARK_BYTES], end[MARK_BYTES], *text = NULL;
    output out;
    int    code = read_text(&text, path);
    if (code != COMMAND_DONE) return code;
    (void)snprintf(begin, sizeof begin, "<!-- %s: begin -->\n", name);
    (void)snprintf(end, sizeof end, "<!-- %s: end -->", name);
    char *head = strstr(text, begin), *tail = head ? strstr(head, end) : NULL;
    if (!tail) {
        free(text);
        return command_fail(COMMAND_BAD_INPUT,
                            "%s has no place for the table; expected a line \"<!-- %s: begin -->\" "
                            "and, below it, \"%s\"",
                            path, name, end);
    }
    code = output_open(&out, path);
    if (code == COMMAND_DONE) {
        (void)fwrite(text, 1, (size_t)(head - text) + strlen(begin), out.stream);
        fputc('\n', out.stream);
        print(user, out.stream);
        fputc('\n', out.stream);
        (void)fwrite(tail, 1, strlen(tail), out.stream);
        code = output_publish(&out);
    }
    free(text);
    return code;
}
