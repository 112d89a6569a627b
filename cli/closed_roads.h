/* The value of --closures: a metric with closures in it, and why there is no way on it. */
#ifndef CLI_CLOSED_ROADS_H
#define CLI_CLOSED_ROADS_H

#include <muster/explain.h>

#include "cli/closure_list.h"
#include "cli/coordinate_system.h"
#include "cli/profile.h"

typedef struct closed_roads {
    const muster_metric *before; /* without closures */
    muster_metric       *owned;  /* the same where it has been replaced, else NULL */
    muster_closure      *closure;
    muster_explainer    *explainer; /* made when somebody asks */
    closure_list         list;
} closed_roads;

/* Close in `loaded` what the file of `path` holds; NULL: nothing. Its coordinates are those of
 * `system` where it does not say itself. Returns the exit code; then, too, there may be something to
 * free. */
int  closed_roads_apply(closed_roads *closed, profile_network *loaded, const char *path,
                        const coordinate_system *system);
void closed_roads_free(closed_roads *closed);

/* Returns the exit code. */
int closed_roads_explain(closed_roads *closed, const muster_snap *from, const muster_snap *to,
                         muster_explanation *out);

#endif
