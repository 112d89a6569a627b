/* The list of what hurts most, in order. */
#include "solver/critical.h"

#include <string.h>

#include "core/alloc.h"

const char *muster_part_name(muster_part part) {
    static const char *const NAMES[] = {"road", "bridge", "warehouse", "unit"};
    return (unsigned)part < MUSTER_PART_COUNT ? NAMES[part] : NULL;
}

/* ---- order -------------------------------------------------------------------------------- */

/* Does `a` come before `b`? By what is lost, then by what it is. */
static bool comes_before(const muster_critical *a, const muster_critical *b) {
    if (a->loss.fallen_count != b->loss.fallen_count) {
        return a->loss.fallen_count > b->loss.fallen_count;
    }
    if (a->loss.lost_ms != b->loss.lost_ms) return a->loss.lost_ms > b->loss.lost_ms;
    if (a->edge != b->edge) return a->edge < b->edge;
    if (a->resource != b->resource) return a->resource < b->resource;
    return a->index < b->index;
}

bool mu_criticals_admits(const muster_criticals *list, const muster_critical *critical) {
    return list->count < list->most || comes_before(critical, &list->critical[list->count - 1]);
}

void mu_criticals_offer(muster_criticals *list, const muster_critical *critical) {
    uint32_t at = 0;
    if (critical->loss.slower_count == 0 || !mu_criticals_admits(list, critical)) return;
    while (at < list->count && comes_before(&list->critical[at], critical)) ++at;
    if (list->count < list->most) ++list->count;
    memmove(&list->critical[at + 1], &list->critical[at],
            (list->count - at - 1) * sizeof *list->critical);
    list->critical[at] = *critical;
}

/* ---- the public face ---------------------------------------------------------------------- */

static uint32_t count_roads(const muster_readiness *r, const mu_road_groups *groups,
                            bool are_bridges) {
    uint32_t count = 0;
    if (groups->count == 0) return 0;
    const muster_network_data *v =
        muster_network_view(muster_metric_network(r->problem->metric[0]));
    for (uint32_t g = 0; g < groups->count; ++g) {
        const uint8_t flags = v->edge_flags[groups->edge[groups->first[g]]];
        count += !are_bridges || (flags & MUSTER_EDGE_BRIDGE);
    }
    return count;
}

static uint32_t count_others(const muster_readiness *r, muster_part part) {
    const muster_problem *p      = r->problem;
    const uint32_t        others = p->team_count + p->vehicle_count + p->machine_count;
    return part == MUSTER_PART_UNIT ? others : r->part_count - others;
}

static muster_status find(muster_criticals *list, const muster_readiness *r, muster_part part,
                          uint32_t most, const mu_critical_watch *watch) {
    const bool are_roads = part == MUSTER_PART_ROAD || part == MUSTER_PART_BRIDGE;
    if (are_roads && r->problem->metric_count > 0) {
        MU_TRY(mu_road_groups_init(&list->groups, muster_metric_network(r->problem->metric[0])));
    }
    list->effort.part_count = are_roads ? count_roads(r, &list->groups, part == MUSTER_PART_BRIDGE)
                                        : count_others(r, part);
    list->most              = most < list->effort.part_count ? most : list->effort.part_count;
    MU_TRY(mu_alloc(&list->critical, list->most, sizeof *list->critical));
    if (list->most == 0) return MUSTER_OK;
    return are_roads ? mu_critical_roads(list, r, part == MUSTER_PART_BRIDGE, watch)
                     : mu_critical_parts(list, r, part == MUSTER_PART_WAREHOUSE, watch);
}

muster_status muster_criticals_find(muster_criticals **out, const muster_readiness *r,
                                    muster_part part, uint32_t most, muster_progress progress,
                                    void *progress_user) {
    const mu_critical_watch watch = {progress, progress_user};
    muster_criticals       *list;
    *out = NULL;
    if ((unsigned)part >= MUSTER_PART_COUNT) {
        return muster_fail(MUSTER_E_INVALID, "part is %u; expected 0 to %d", (unsigned)part,
                           MUSTER_PART_COUNT - 1);
    }
    if (most == 0) {
        return muster_fail(MUSTER_E_INVALID, "most is 0; expected 1 part or more");
    }
    MU_TRY(mu_alloc_zeroed(&list, 1, sizeof *list));
    const muster_status status = find(list, r, part, most, &watch);
    if (status != MUSTER_OK) {
        muster_criticals_free(list);
        return status;
    }
    *out = list;
    return MUSTER_OK;
}

void muster_criticals_free(muster_criticals *list) {
    if (!list) return;
    mu_road_groups_fini(&list->groups);
    mu_free(list->critical);
    mu_free(list);
}

const muster_critical *muster_criticals_list(const muster_criticals *list, uint32_t *out_count) {
    *out_count = list->count;
    return list->critical;
}

const uint32_t *muster_criticals_edges(const muster_criticals *list, uint32_t i,
                                       uint32_t *out_count) {
    const mu_road_groups *g = &list->groups;
    *out_count              = 0;
    if (i >= list->count || list->critical[i].edge == MUSTER_NONE) return NULL;
    const uint32_t group = g->of_edge[list->critical[i].edge];
    *out_count           = g->first[group + 1] - g->first[group];
    return g->edge + g->first[group];
}

muster_criticals_effort muster_criticals_effort_of(const muster_criticals *list) {
    return list->effort;
}
