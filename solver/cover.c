#include "solver/cover.h"

#include "core/alloc.h"
#include "solver/candidates.h"
#include "solver/weights.h"

/* A unit that is of a zone's kind, and in some plan free. */
typedef struct guard {
    uint32_t index, zone;
} guard;

/* What is being made, of one resource. */
typedef struct making {
    const mu_travel *travel;
    muster_resource  resource;
    uint32_t        *zone; /* [zone_count] those of the resource */
    uint32_t         zone_count;
    bool            *is_bound; /* [unit count] it is in no plan free */
    guard           *guard;    /* [count] by index, then zone */
    size_t           count, capacity;
} making;

static void making_fini(making *m) {
    mu_free(m->zone);
    mu_free(m->is_bound);
    mu_free(m->guard);
}

static bool covers(const mu_travel *t, muster_resource resource, const guard *g) {
    const muster_problem *p      = t->problem;
    const uint32_t        eta_ms = mu_travel_cover_ms(t, resource, g->index, g->zone);
    const uint32_t        end_ms = muster_problem_unit(p, resource, g->index)->shift_end_ms;
    return eta_ms != MUSTER_UNREACHABLE_MS && eta_ms <= p->zone[g->zone].radius_ms &&
           (end_ms == 0 || eta_ms <= end_ms);
}

static muster_status find_zones(making *m) {
    const muster_problem *p = m->travel->problem;
    MU_TRY(mu_alloc(&m->zone, p->zone_count, sizeof *m->zone));
    for (uint32_t z = 0; z < p->zone_count; ++z) {
        if (p->kind[p->zone[z].kind].resource == m->resource) m->zone[m->zone_count++] = z;
    }
    return MUSTER_OK;
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

/* Most zones ask for the same few kinds, one after the other. */
static muster_status find_guards_of(making *m, uint32_t index) {
    const muster_problem *p          = m->travel->problem;
    uint32_t              kind       = MUSTER_NONE;
    bool                  is_of_kind = false;
    for (uint32_t i = 0; i < m->zone_count; ++i) {
        const uint32_t asked = p->zone[m->zone[i]].kind;
        if (asked != kind) is_of_kind = mu_is_of_kind(p, m->resource, index, asked);
        kind = asked;
        if (!is_of_kind) continue;
        MU_TRY(mu_grow(&m->guard, &m->capacity, m->count, sizeof *m->guard));
        m->guard[m->count++] = (guard){index, m->zone[i]};
    }
    return MUSTER_OK;
}

static muster_status find_guards(making *m, bool skips_bound) {
    const uint32_t units = muster_problem_unit_count(m->travel->problem, m->resource);
    MU_TRY(mu_alloc_zeroed(&m->is_bound, units, sizeof *m->is_bound));
    if (skips_bound) find_bound(m);
    for (uint32_t i = 0; i < units; ++i) {
        if (!m->is_bound[i]) MU_TRY(find_guards_of(m, i));
    }
    return MUSTER_OK;
}

static muster_status start(making *m, const mu_travel *t, muster_resource resource,
                           bool skips_bound) {
    *m = (making){.travel = t, .resource = resource};
    MU_TRY(find_zones(m));
    if (m->zone_count > 0) MU_TRY(find_guards(m, skips_bound));
    for (size_t g = 0; t->open && g < m->count; ++g) {
        MU_TRY(mu_travel_expect(t, resource, m->guard[g].index,
                                t->problem->incident_count + m->guard[g].zone));
    }
    return MUSTER_OK;
}

static muster_status list_zones(mu_cover *c, const making *m) {
    const muster_resource resource = m->resource;
    const muster_problem *p        = m->travel->problem;
    const uint32_t        units    = muster_problem_unit_count(p, resource);
    size_t                g = 0, count = 0;
    MU_TRY(mu_alloc_zeroed(&c->first[resource], (size_t)units + 1, sizeof(size_t)));
    MU_TRY(mu_alloc(&c->zone[resource], m->count, sizeof(uint32_t)));
    for (uint32_t i = 0; i < units; ++i) {
        for (; g < m->count && m->guard[g].index == i; ++g) {
            if (!covers(m->travel, resource, &m->guard[g])) continue;
            c->zone[resource][count++] = m->guard[g].zone;
            c->exist[m->guard[g].zone] += mu_supply(p, resource, i);
        }
        c->first[resource][i + 1] = count;
    }
    return MUSTER_OK;
}

static muster_status make(mu_cover *c, const mu_travel *t, bool skips_bound,
                          making m[MUSTER_RESOURCE_COUNT]) {
    MU_TRY(mu_alloc_zeroed(&c->exist, t->problem->zone_count, sizeof *c->exist));
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(start(&m[r], t, (muster_resource)r, skips_bound));
    }
    MU_TRY(mu_travel_search(t));
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        if (m[r].zone_count > 0) MU_TRY(list_zones(c, &m[r]));
    }
    return MUSTER_OK;
}

static muster_status init(mu_cover *c, const mu_travel *t, bool skips_bound) {
    making m[MUSTER_RESOURCE_COUNT] = {0};
    *c                              = (mu_cover){0};
    const muster_status status      = make(c, t, skips_bound, m);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) making_fini(&m[r]);
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
