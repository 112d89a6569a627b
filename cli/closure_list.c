/* See closure_list.h. */
#include "cli/closure_list.h"

#include <inttypes.h>
#include <stdbool.h>
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

/* Takes the copies over, which are NULL where there is nothing to copy, or no memory. */
static int add(closure_list *list, closure_source source, bool is_whole) {
    if (is_whole && make_room(list)) {
        list->source[list->count++] = source;
        return COMMAND_DONE;
    }
    free(source.name);
    free(source.code);
    return command_fail(COMMAND_ENVIRONMENT, "out of memory for %" PRIu32 " closures", list->count);
}

int closure_list_add(closure_list *list, const char *file, size_t feature, const char *name) {
    const closure_source source = {file, feature, name ? strdup(name) : NULL, NULL};
    return add(list, source, !name || source.name);
}

int closure_list_add_hazard(closure_list *list, const char *code, const char *name) {
    const closure_source source = {NULL, 0, name ? strdup(name) : NULL, strdup(code)};
    return add(list, source, source.code && (!name || source.name));
}

void closure_list_free(closure_list *list) {
    for (uint32_t i = 0; i < list->count; ++i) {
        free(list->source[i].name);
        free(list->source[i].code);
    }
    free(list->source);
    *list = (closure_list){0};
}

void closure_list_print(const closure_list *list, uint32_t number, FILE *stream) {
    const closure_source *s = &list->source[number - 1];
    fprintf(stream, "%" PRIu32 " (", number);
    if (s->file) {
        fprintf(stream, "%s, feature %zu", s->file, s->feature);
    } else if (s->code) {
        fprintf(stream, "hazard %s", s->code);
    } else {
        fprintf(stream, "edge %s", s->name);
    }
    if ((s->file || s->code) && s->name) {
        fputs(" \"", stream);
        text_print_cut(stream, s->name, NAME_WIDTH);
        fputc('"', stream);
    }
    fputc(')', stream);
}

json_t *closure_list_json(const closure_list *list, uint32_t number) {
    const closure_source *s = &list->source[number - 1];
    if (s->code) {
        return json_pack("{s:I, s:s, s:s?}", "closure", (json_int_t)number, "hazard", s->code,
                         "name", s->name);
    }
    if (!s->file) {
        return json_pack("{s:I, s:I}", "closure", (json_int_t)number, "edge_id",
                         (json_int_t)strtoll(s->name, NULL, 10));
    }
    return json_pack("{s:I, s:s, s:I, s:s?}", "closure", (json_int_t)number, "file", s->file,
                     "feature", (json_int_t)s->feature, "name", s->name);
}
