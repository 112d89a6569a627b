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

static uint32_t count_parts(const muster_readiness *r, muster_part part) {
    const muster_problem *p      = r->problem;
    const uint32_t        others = p->team_count + p->vehicle_count + p->machine_count;
    if (part == MUSTER_PART_UNIT) return others;
    if (part == MUSTER_PART_WAREHOUSE) return r->part_count - others;
    if (p->metric_count == 0) return 0;
    const muster_network_data *v       = muster_network_view(muster_metric_network(p->metric[0]));
    uint32_t                   bridges = 0;
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        bridges += (v->edge_flags[e] & MUSTER_EDGE_BRIDGE) != 0;
    }
    return part == MUSTER_PART_ROAD ? v->edge_count : bridges;
}

static muster_status find(muster_criticals *list, const muster_readiness *r, muster_part part,
                          uint32_t most) {
    list->effort.part_count = count_parts(r, part);
    list->most              = most < list->effort.part_count ? most : list->effort.part_count;
    MU_TRY(mu_alloc(&list->critical, list->most, sizeof *list->critical));
    if (list->most == 0) return MUSTER_OK;
    return part == MUSTER_PART_ROAD || part == MUSTER_PART_BRIDGE
               ? mu_critical_roads(list, r, part == MUSTER_PART_BRIDGE)
               : mu_critical_parts(list, r, part == MUSTER_PART_WAREHOUSE);
}

muster_status muster_criticals_find(muster_criticals **out, const muster_readiness *r,
                                    muster_part part, uint32_t most) {
    muster_criticals *list;
    *out = NULL;
    if ((unsigned)part >= MUSTER_PART_COUNT) {
        return muster_fail(MUSTER_E_INVALID, "part is %u; expected 0 to %d", (unsigned)part,
                           MUSTER_PART_COUNT - 1);
    }
    if (most == 0) {
        return muster_fail(MUSTER_E_INVALID, "most is 0; expected 1 part or more");
    }
    MU_TRY(mu_alloc_zeroed(&list, 1, sizeof *list));
    const muster_status status = find(list, r, part, most);
    if (status != MUSTER_OK) {
        muster_criticals_free(list);
        return status;
    }
    *out = list;
    return MUSTER_OK;
}

void muster_criticals_free(muster_criticals *list) {
    if (!list) return;
    mu_free(list->critical);
    mu_free(list);
}

const muster_critical *muster_criticals_list(const muster_criticals *list, uint32_t *out_count) {
    *out_count = list->count;
    return list->critical;
}

muster_criticals_effort muster_criticals_effort_of(const muster_criticals *list) {
    return list->effort;
}
