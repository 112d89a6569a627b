/* A plan beside the greedy one: what `muster plan --compare greedy` adds to the outputs. */
#ifndef CLI_PLAN_COMPARE_H
#define CLI_PLAN_COMPARE_H

#include <jansson.h>
#include <stdio.h>

#include "cli/plan_view.h"

typedef struct plan_compare {
    muster_plan *plan;
    plan_view    view;
} plan_compare;

/* Plan the scenario of `view` by the greedy method, and have `view` compared with it from here on.
 * Returns COMMAND_DONE, or the exit code after saying why; plan_compare_fini is due in either
 * case. `out` must have been zeroed. */
int  plan_compare_init(plan_compare *out, plan_view *view, uint32_t thread_count);
void plan_compare_fini(plan_compare *compare);

/* A section of the summary, and the field "compare" of plan.json (NULL without memory). `view` is
 * compared with something. */
void    plan_compare_print(FILE *stream, const plan_view *view);
json_t *plan_compare_json(const plan_view *view);

#endif
