/* The values of --hazards and --at of `muster plan`: a problem as it is inside the hazards. */
#ifndef CLI_PLAN_HAZARDS_H
#define CLI_PLAN_HAZARDS_H

#include <muster/hazard.h>
#include <muster/problem.h>
#include <muster/profile_file.h>

#include "cli/hazard_choice.h"

/* What a changed problem refers to. Start from zeros. */
typedef struct plan_hazards {
    muster_hazards       *active; /* those that hold; NULL: none were asked for */
    uint32_t              metric_count;
    muster_metric       **changed; /* [metric_count] */
    const muster_metric **metric;
    muster_team          *team;
    muster_vehicle       *vehicle;
    muster_machine       *machine;
    muster_stock         *stock;
    muster_rule          *rule;
} plan_hazards;

/* Put what holds at the moment into the problem: every metric has it closed, units inside a hazard start
 * where their way out ends and so much later, those who have none are held. How many they are is said
 * on standard error. `scenario_code` is whose hazards of a store. Returns the exit code; then, too,
 * there may be something to free, after the problem. */
int  plan_hazards_apply(plan_hazards *hazards, muster_problem *problem, const hazard_choice *choice,
                        const char *scenario_code, const muster_profiles *profiles);
void plan_hazards_free(plan_hazards *hazards);

#endif
