/* An earlier plan to start from: what `muster plan --after` reads, and adds to the outputs. */
#ifndef CLI_PLAN_AFTER_H
#define CLI_PLAN_AFTER_H

#include <muster/gis.h>
#include <muster/replan.h>

#include "cli/plan_options.h"
#include "cli/plan_read.h"
#include "cli/plan_view.h"

typedef struct plan_after {
    json_t          *document;
    muster_scenario *scenario; /* what the plan was for; NULL: the scenario that is planned now */
    muster_problem   problem;
    plan_moves       moves;
    muster_planner  *planner;
} plan_after;

/* Read the plan that the options name; where they name no scenario, they name the plan's from here
 * on. `out` must have been zeroed. Returns COMMAND_DONE, or the exit code after saying why;
 * plan_after_fini is due in either case. */
int plan_after_read(plan_after *out, plan_options *options);
/* Have a planner take it over. `scenario` is the one that is planned now, and its problem. */
int  plan_after_adopt(plan_after *after, const plan_options *options,
                      const muster_scenario *scenario, const muster_problem *problem,
                      const muster_profiles *profiles);
void plan_after_fini(plan_after *after);

/* A section of the summary, and the field "changes" of plan.json (NULL without memory). `view` has
 * a planner. */
void    plan_after_print(FILE *stream, const plan_view *view);
json_t *plan_after_json(const plan_view *view);

#endif
