#include "simulation/stage.h"

muster_status mu_stage_init(mu_stage *g, const char *scenario, const muster_problem *problem,
                            mu_road_base *roads) {
    uint32_t                 profile_count;
    const char *const *const profile = mu_road_base_profiles(roads, &profile_count);
    *g                               = (mu_stage){.problem = problem};
    MU_TRY(mu_base_new(&g->base, scenario, problem, profile, mu_road_base_checksum(roads)));
    g->roads = mu_road_base_hold(roads);
    return MUSTER_OK;
}

void mu_stage_fini(mu_stage *g) {
    if (g->base) mu_base_release(g->base);
    mu_road_base_release(g->roads);
    *g = (mu_stage){0};
}
