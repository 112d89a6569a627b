#include "solver/cover.h"

#include "core/alloc.h"
#include "solver/candidates.h"
#include "solver/weights.h"

/* What is being made: how, and of whom. */
typedef struct making {
    const mu_travel *travel;
    muster_resource  resource;
    bool *is_bound; /* [unit count] it is in no plan free; NULL: no zone is of the resource */
} making;

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

/* Teams and vehicles that are locked as a whole. */
static void find_bound(making *m) {
    const muster_problem *p = m->travel->problem;
    for (uint32_t r = 0; r < p->rule_count; ++r) {
        const muster_rule *rule = &p->rule[r];
        if (rule->type != MUSTER_LOCK || rule->resource != m->resource) continue;
        if (m->resource != MUSTER_PEOPLE && m->resource != MUSTER_VEHICLE) continue;
        m->is_bound[rule->index] |= rule->quantity == 0;
    }
}

static muster_status expect_times(const making *m) {
    const mu_travel      *t = m->travel;
    const muster_problem *p = t->problem;
    for (uint32_t i = 0; t->open && i < muster_problem_unit_count(p, m->resource); ++i) {
        for (uint32_t z = 0; z < p->zone_count && !m->is_bound[i]; ++z) {
            if (!mu_is_of_kind(p, m->resource, i, p->zone[z].kind)) continue;
            MU_TRY(mu_travel_expect(t, m->resource, i, p->incident_count + z));
        }
    }
    return MUSTER_OK;
}

static muster_status list_zones(mu_cover *c, const making *m) {
    const muster_resource resource = m->resource;
    const muster_problem *p        = m->travel->problem;
    const uint32_t        units    = muster_problem_unit_count(p, resource);
    size_t                capacity = 0, count = 0;
    MU_TRY(mu_alloc_zeroed(&c->first[resource], (size_t)units + 1, sizeof(size_t)));
    for (uint32_t i = 0; i < units; ++i) {
        for (uint32_t z = 0; z < p->zone_count && !m->is_bound[i]; ++z) {
            if (!covers(m->travel, resource, i, z)) continue;
            MU_TRY(mu_grow(&c->zone[resource], &capacity, count, sizeof(uint32_t)));
            c->zone[resource][count++] = z;
            c->exist[z] += mu_supply(p, resource, i);
        }
        c->first[resource][i + 1] = count;
    }
    return MUSTER_OK;
}

static muster_status start(making *m, const mu_travel *t, muster_resource resource,
                           bool skips_bound) {
    *m = (making){.travel = t, .resource = resource};
    if (!has_zone(t->problem, resource)) return MUSTER_OK;
    MU_TRY(mu_alloc_zeroed(&m->is_bound, muster_problem_unit_count(t->problem, resource),
                           sizeof *m->is_bound));
    if (skips_bound) find_bound(m);
    return expect_times(m);
}

static muster_status make(mu_cover *c, const mu_travel *t, bool skips_bound,
                          making m[MUSTER_RESOURCE_COUNT]) {
    MU_TRY(mu_alloc_zeroed(&c->exist, t->problem->zone_count, sizeof *c->exist));
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(start(&m[r], t, (muster_resource)r, skips_bound));
    }
    MU_TRY(mu_travel_search(t));
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        if (m[r].is_bound) MU_TRY(list_zones(c, &m[r]));
    }
    return MUSTER_OK;
}

static muster_status init(mu_cover *c, const mu_travel *t, bool skips_bound) {
    making m[MUSTER_RESOURCE_COUNT] = {0};
    *c                              = (mu_cover){0};
    const muster_status status      = make(c, t, skips_bound, m);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(m[r].is_bound);
    if (status != MUSTER_OK) mu_cover_fini(c);
    return status;
}

muster_status mu_cover_init(mu_cover *c, const mu_travel *t) {
    return init(c, t, false);
}

/* Where reserve comes first, costs of locks ask what the locked are missed for. */
muster_status mu_cover_init_free(mu_cover *c, const mu_travel *t) {
    return init(c, t, !mu_weights(t->problem)->reserve_before_response);
}

void mu_cover_fini(mu_cover *c) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        mu_free(c->first[r]);
        mu_free(c->zone[r]);
    }
    mu_free(c->exist);
    *c = (mu_cover){0};
}
