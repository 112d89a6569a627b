/* A what-if as it is asked for, and the problem that becomes of it. */
#ifndef CLI_WHAT_IF_H
#define CLI_WHAT_IF_H

#include <stdbool.h>

#include <muster/profile_file.h>
#include <muster/readiness.h>

#include "cli/coordinate_system.h"
#include "cli/hazard_choice.h"
#include "cli/plan_hazards.h"

/* Strings are the caller's. */
typedef struct what_if_spec {
    const char   *name; /* NULL: it has none */
    uint32_t      edge_count;
    int64_t      *edge_id; /* with room for as many as were announced */
    const char   *closures;
    hazard_choice hazards;
    uint32_t      without_count;
    const char  **without;
    const char   *after;
} what_if_spec;

/* Nothing yet, with room for `most` edges and `most` codes. Returns the exit code. */
int  what_if_spec_init(what_if_spec *spec, size_t most);
void what_if_spec_free(what_if_spec *spec);
/* Add the id that `text` is; false: it is none. */
bool what_if_parse_edge(what_if_spec *spec, const char *text);
bool what_if_is_empty(const what_if_spec *spec);

/* What it is about. */
typedef struct what_if_base {
    const char            *where; /* for messages: the file and the what-if, or the command line */
    const muster_problem  *problem;
    const muster_profiles *profiles;
    const char            *scenario_code;
    const coordinate_system *system; /* of closures */
} what_if_base;

/* What a change points to. Start from zeros. */
typedef struct what_if {
    muster_what_if        change;
    uint32_t             *edge;
    muster_gone          *gone;
    muster_problem        problem; /* where metrics or units are others */
    plan_hazards          hazards;
    uint32_t              metric_count;
    muster_metric       **closed; /* [metric_count] by the closures */
    const muster_metric **metric;
} what_if;

/* Returns the exit code; what_if_free is due in either case, after whatever was made of it. */
int  what_if_make(what_if *out, const what_if_spec *spec, const what_if_base *base);
void what_if_free(what_if *w);

#endif
