/* The values of --closures and --hazards: a metric with what is closed in it, why there is no way on it,
 * and how those who are inside a hazard get out. */
#ifndef CLI_CLOSED_ROADS_H
#define CLI_CLOSED_ROADS_H

#include <muster/explain.h>
#include <muster/hazard.h>
#include <muster/leave.h>

#include "cli/closure_list.h"
#include "cli/coordinate_system.h"
#include "cli/hazard_choice.h"
#include "cli/profile.h"

typedef struct closed_roads {
    const muster_metric *before; /* without closures */
    muster_metric       *owned;  /* the same where it has been replaced, else NULL */
    muster_closure      *closure;
    muster_explainer    *explainer; /* made when somebody asks */
    closure_list         list;
    bool                 has_hazards;
} closed_roads;

/* Close in `loaded`, whose profile is given, what the file of `path` holds, NULL: nothing, and what of
 * the hazards holds at their moment. Coordinates are those of `system` where the file does not say
 * itself. Returns the exit code; then, too, there may be something to free. */
int closed_roads_apply(closed_roads *closed, profile_network *loaded, const muster_profile *profile,
                       const char *path, const coordinate_system *system,
                       const hazard_choice *hazards);
void closed_roads_free(closed_roads *closed);

/* Put all hazards into a closure of a metric of that profile, each under a cause of its own: its number
 * in the list. Returns the exit code. */
int closed_roads_add_hazards(muster_closure *closure, const muster_profile *profile,
                             const muster_hazards *hazards, closure_list *list);

/* How sites that are inside a hazard get out, on the metric with what is closed; who stands elsewhere
 * need not leave. out_before: [count] where they are snapped to without hazards. Returns the exit
 * code. */
int closed_roads_leave(const closed_roads *closed, const muster_metric *metric, uint32_t count,
                       const double *lon_deg, const double *lat_deg, muster_snap *out_before,
                       muster_leave *out);

/* Returns the exit code. */
int closed_roads_explain(closed_roads *closed, const muster_snap *from, const muster_snap *to,
                         muster_explanation *out);

#endif
