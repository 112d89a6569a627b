/* See closure_list.h. */
#include "cli/closure_list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/text_width.h"

enum { FIRST_CAPACITY = 16, NAME_WIDTH = 40 };

/* Room doubles whenever the count is a power of two. */
static bool make_room(closure_list *list) {
    const uint32_t n = list->count;
    if (n > 0 && (n < FIRST_CAPACITY || (n & (n - 1)) != 0)) return true;
    const size_t    larger = n < FIRST_CAPACITY ? FIRST_CAPACITY : 2 * (size_t)n;
    closure_source *source = realloc(list->source, larger * sizeof *source);
    if (source) list->source = source;
    return source != NULL;
}

int closure_list_add(closure_list *list, const char *file, size_t feature, const char *name) {
    char *copy = name ? strdup(name) : NULL;
    if ((name && !copy) || !make_room(list)) {
        free(copy);
        return command_fail(COMMAND_ENVIRONMENT, "out of memory for %" PRIu32 " closures",
                            list->count);
    }
    list->source[list->count++] = (closure_source){file, feature, copy};
    return COMMAND_DONE;
}

void closure_list_free(closure_list *list) {
    for (uint32_t i = 0; i < list->count; ++i) free(list->source[i].name);
    free(list->source);
    *list = (closure_list){0};
}

void closure_list_print(const closure_list *list, uint32_t number, FILE *stream) {
    const closure_source *s = &list->source[number - 1];
    fprintf(stream, "%" PRIu32 " (", number);
    if (s->file) {
        fprintf(stream, "%s, feature %zu", s->file, s->feature);
    } else {
        fprintf(stream, "edge %s", s->name);
    }
    if (s->file && s->name) {
        fputs(" \"", stream);
        text_print_cut(stream, s->name, NAME_WIDTH);
        fputc('"', stream);
    }
    fputc(')', stream);
}

json_t *closure_list_json(const closure_list *list, uint32_t number) {
    const closure_source *s = &list->source[number - 1];
    if (!s->file) {
        return json_pack("{s:I, s:I}", "closure", (json_int_t)number, "edge_id",
                         (json_int_t)strtoll(s->name, NULL, 10));
    }
    return json_pack("{s:I, s:s, s:I, s:s?}", "closure", (json_int_t)number, "file", s->file,
                     "feature", (json_int_t)s->feature, "name", s->name);
}
