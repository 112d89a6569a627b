#include "solver/cover.h"

#include "core/alloc.h"
#include "solver/candidates.h"

static bool covers(const mu_travel *t, muster_resource resource, uint32_t index, uint32_t zone) {
    const muster_problem *p = t->problem;
    if (!mu_is_of_kind(p, resource, index, p->zone[zone].kind)) return false;
    const uint32_t eta_ms = mu_travel_cover_ms(t, resource, index, zone);
    const uint32_t end_ms = muster_problem_unit(p, resource, index)->shift_end_ms;
    return eta_ms != MUSTER_UNREACHABLE_MS && eta_ms <= p->zone[zone].radius_ms &&
           (end_ms == 0 || eta_ms <= end_ms);
}

static bool has_zone(const muster_problem *p, muster_resource resource) {
    uint32_t z = 0;
    while (z < p->zone_count && p->kind[p->zone[z].kind].resource != resource) ++z;
    return z < p->zone_count;
}

static muster_status cover_by(mu_cover *c, const mu_travel *t, muster_resource resource) {
    const muster_problem *p        = t->problem;
    const uint32_t        units    = muster_problem_unit_count(p, resource);
    size_t                capacity = 0, count = 0;
    if (!has_zone(p, resource)) return MUSTER_OK;
    MU_TRY(mu_alloc_zeroed(&c->first[resource], (size_t)units + 1, sizeof(size_t)));
    for (uint32_t i = 0; i < units; ++i) {
        for (uint32_t z = 0; z < p->zone_count; ++z) {
            if (!covers(t, resource, i, z)) continue;
            MU_TRY(mu_grow(&c->zone[resource], &capacity, count, sizeof(uint32_t)));
            c->zone[resource][count++] = z;
            c->exist[z] += mu_supply(p, resource, i);
        }
        c->first[resource][i + 1] = count;
    }
    return MUSTER_OK;
}

muster_status mu_cover_init(mu_cover *c, const mu_travel *t) {
    *c                   = (mu_cover){0};
    muster_status status = mu_alloc_zeroed(&c->exist, t->problem->zone_count, sizeof *c->exist);
    for (unsigned r = 0; status == MUSTER_OK && r < MUSTER_RESOURCE_COUNT; ++r) {
        status = cover_by(c, t, (muster_resource)r);
    }
    if (status != MUSTER_OK) mu_cover_fini(c);
    return status;
}

void mu_cover_fini(mu_cover *c) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        mu_free(c->first[r]);
        mu_free(c->zone[r]);
    }
    mu_free(c->exist);
    *c = (mu_cover){0};
}
