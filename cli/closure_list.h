/* Closures by number, from 1 in the order in which the command meets them, and where each stands. */
#ifndef CLI_CLOSURE_LIST_H
#define CLI_CLOSURE_LIST_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

typedef struct closure_source {
    const char *file; /* NULL: an edge of the command line, or a hazard */
    size_t      feature;
    char       *name; /* of the feature, or the edge's id; NULL: it has none */
    char       *code; /* of a hazard; else NULL */
} closure_source;

typedef struct closure_list {
    uint32_t        count;
    closure_source *source; /* [count] */
} closure_list;

/* Give the next closure its number. `name` may be NULL and is copied; `file` must outlive the list.
 * Returns the exit code. */
int  closure_list_add(closure_list *list, const char *file, size_t feature, const char *name);
int  closure_list_add_hazard(closure_list *list, const char *code, const char *name);
void closure_list_free(closure_list *list);

/* 4 (flood.geojson, feature 2 "North dike"), or 4 (hazard F-2 "North dike") */
void closure_list_print(const closure_list *list, uint32_t number, FILE *stream);
/* closure, and file, feature, name, or hazard, name, or edge_id; NULL: no memory. */
json_t *closure_list_json(const closure_list *list, uint32_t number);

#endif
