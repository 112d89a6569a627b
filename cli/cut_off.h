/* Why there is no way, for people and for programs. */
#ifndef CLI_CUT_OFF_H
#define CLI_CUT_OFF_H

#include <muster/explain.h>

#include "cli/closure_list.h"

/* cut off by closure 4 (flood.geojson, feature 2 "North dike") */
void cut_off_print(const muster_explanation *why, const closure_list *list, FILE *stream);
/* The same in memory that is to be freed; NULL: no memory. */
char *cut_off_text(const muster_explanation *why, const closure_list *list);
/* kind: "each", "all" or "always"; closures; NULL: no memory. A null where there is a way. */
json_t *cut_off_json(const muster_explanation *why, const closure_list *list);
/* In a column: 4|7, of which one is to be lifted; 4+7, all of which are; "-", no road anyway. */
void cut_off_print_cell(const muster_explanation *why, FILE *stream);

#endif
