/* A readiness is a table of travel times from wherever somebody stands to all places, and what follows
 * from it. A what-if is another readiness that takes over from its base what the change leaves as it is:
 * snaps of those whose road is still open, and the columns of metrics that stay. */
#include "solver/readiness.h"

#include <string.h>

#include <muster/closure.h>

#include "core/alloc.h"
#include "solver/readiness_check.h"

void muster_readiness_free(muster_readiness *r) {
    if (!r) return;
    for (uint32_t m = 0; r->owned && m < r->problem->metric_count; ++m) {
        muster_metric_free(r->owned[m]);
    }
    for (unsigned k = 0; k < MUSTER_RESOURCE_COUNT; ++k) mu_free(r->left[k]);
    mu_free(r->owned);
    mu_free(r->metric);
    mu_free(r->island);
    mu_free(r->place);
    mu_free(r->standard);
    mu_free(r->first_supplier);
    mu_free(r->supplier);
    mu_free(r->first_row);
    mu_free(r->row_site);
    mu_free(r->row_snap);
    mu_free(r->row_anchor);
    mu_free(r->place_snap);
    mu_free(r->place_anchor);
    mu_free(r->travel_ms);
    mu_free(r->cell);
    mu_free(r->state);
    mu_free(r->weakest);
    mu_free(r);
}

/* ---- what there is ---------------------------------------------------------------------------- */

static int64_t quantity_of(const muster_problem *p, muster_resource resource, uint32_t index) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return p->team[index].people;
    case MUSTER_VEHICLE:
        return 1;
    case MUSTER_MACHINE:
        return p->machine[index].count;
    default:
        return p->stock[index].quantity;
    }
}

/* Of the problem, or of the base's that are left. */
static muster_status take_stock(muster_readiness *r, const muster_readiness *base) {
    for (unsigned k = 0; k < MUSTER_RESOURCE_COUNT; ++k) {
        const uint32_t count = muster_problem_unit_count(r->problem, (muster_resource)k);
        MU_TRY(mu_alloc(&r->left[k], count, sizeof *r->left[k]));
        for (uint32_t i = 0; i < count; ++i) {
            r->left[k][i] =
                base ? base->left[k][i] : quantity_of(r->problem, (muster_resource)k, i);
        }
    }
    return MUSTER_OK;
}

static void take_away(muster_readiness *r, uint32_t count, const muster_gone *gone) {
    for (uint32_t i = 0; i < count; ++i) {
        int64_t   *left    = &r->left[gone[i].resource][gone[i].index];
        const bool is_pool = gone[i].resource == MUSTER_MACHINE || gone[i].resource == MUSTER_ITEM;
        const bool is_part = is_pool && gone[i].quantity > 0 && gone[i].quantity < *left;
        *left              = is_part ? *left - gone[i].quantity : 0;
    }
}

/* ---- roads ------------------------------------------------------------------------------------ */

static muster_status take_metrics(muster_readiness *r, const muster_metric *const *metric,
                                  const muster_metric *const *island) {
    const uint32_t count = r->problem->metric_count;
    MU_TRY(mu_alloc_copy(&r->metric, metric, count, sizeof(void *)));
    MU_TRY(mu_alloc_copy(&r->island, island, count, sizeof(void *)));
    return mu_alloc_zeroed(&r->owned, count, sizeof(void *));
}

static muster_status close_roads(muster_readiness *r, uint32_t count, const uint32_t *edge) {
    muster_arc_change *change;
    muster_status      status = MUSTER_OK;
    if (count == 0) return MUSTER_OK;
    if (count > UINT32_MAX / 2) {
        return muster_fail(MUSTER_E_INVALID, "%u edges are closed; expected at most %u", count,
                           UINT32_MAX / 2);
    }
    MU_TRY(mu_alloc(&change, 2 * (size_t)count, sizeof *change));
    for (uint32_t i = 0; i < 2 * count; ++i) {
        change[i] = (muster_arc_change){2 * edge[i / 2] + i % 2, MUSTER_UNREACHABLE_MS};
    }
    for (uint32_t m = 0; m < r->problem->metric_count && status == MUSTER_OK; ++m) {
        if (muster_metric_flies(r->metric[m])) continue;
        status = muster_metric_change(&r->owned[m], r->metric[m], 2 * count, change);
        if (status == MUSTER_OK) r->metric[m] = r->owned[m];
    }
    mu_free(change);
    return status;
}

/* ---- making one ------------------------------------------------------------------------------- */

static muster_status make(muster_readiness **out, const muster_problem *problem,
                          uint32_t place_count, const muster_readiness_place *places,
                          uint32_t standard_count, const muster_readiness_standard *standards) {
    muster_readiness *r;
    MU_TRY(mu_alloc_zeroed(&r, 1, sizeof *r));
    r->problem           = problem;
    r->place_count       = place_count;
    r->standard_count    = standard_count;
    muster_status status = mu_alloc_copy(&r->place, places, place_count, sizeof *r->place);
    if (status == MUSTER_OK) {
        status = mu_alloc_copy(&r->standard, standards, standard_count, sizeof *r->standard);
    }
    *out = r;
    return status;
}

static muster_status work_out(muster_readiness *r, const muster_readiness *base) {
    MU_TRY(mu_readiness_list_suppliers(r));
    MU_TRY(mu_readiness_measure(r, base));
    return mu_readiness_fill_cells(r);
}

static muster_status hand_over(muster_readiness **out, muster_readiness *r, muster_status status) {
    if (status != MUSTER_OK) {
        muster_readiness_free(r);
        return status;
    }
    *out = r;
    return MUSTER_OK;
}

muster_status muster_readiness_new(muster_readiness **out, const muster_problem *problem,
                                   uint32_t place_count, const muster_readiness_place *places,
                                   uint32_t                         standard_count,
                                   const muster_readiness_standard *standards,
                                   const muster_readiness_options  *options) {
    static const muster_readiness_options DEFAULTS = MUSTER_READINESS_OPTIONS_INIT;
    const muster_readiness_options       *o        = options ? options : &DEFAULTS;
    muster_readiness                     *r        = NULL;
    *out                                           = NULL;
    MU_TRY(mu_readiness_check_options(o));
    MU_TRY(muster_problem_check(problem));
    MU_TRY(mu_readiness_check_standards(problem, standard_count, standards, o->horizon_ms));
    MU_TRY(mu_readiness_check_places(place_count, places, standard_count, o->horizon_ms));
    muster_status status = make(&r, problem, place_count, places, standard_count, standards);
    if (status == MUSTER_OK) {
        r->thread_count = o->thread_count;
        r->horizon_ms   = o->horizon_ms;
        status          = take_metrics(r, problem->metric, problem->metric);
    }
    if (status == MUSTER_OK) status = take_stock(r, NULL);
    if (status == MUSTER_OK) status = work_out(r, NULL);
    return hand_over(out, r, status);
}

muster_status muster_readiness_change(muster_readiness **out, const muster_readiness *base,
                                      const muster_what_if *change) {
    const muster_problem *problem = change->problem ? change->problem : base->problem;
    muster_readiness     *r       = NULL;
    *out                          = NULL;
    MU_TRY(mu_readiness_check_change(base, change));
    muster_status status =
        make(&r, problem, base->place_count, base->place, base->standard_count, base->standard);
    if (status == MUSTER_OK) {
        r->thread_count = base->thread_count;
        r->horizon_ms   = base->horizon_ms;
        status = take_metrics(r, change->problem ? problem->metric : base->metric, base->island);
    }
    if (status == MUSTER_OK) status = take_stock(r, change->problem ? NULL : base);
    if (status == MUSTER_OK) {
        take_away(r, change->gone_count, change->gone);
        status = close_roads(r, change->edge_count, change->edge);
    }
    if (status == MUSTER_OK) status = work_out(r, base);
    return hand_over(out, r, status);
}

/* ---- looking into one ------------------------------------------------------------------------- */

uint32_t muster_readiness_place_count(const muster_readiness *r) {
    return r->place_count;
}

uint32_t muster_readiness_standard_count(const muster_readiness *r) {
    return r->standard_count;
}

const muster_readiness_cell *muster_readiness_cells(const muster_readiness *r) {
    return r->cell;
}

const muster_readiness_state *muster_readiness_states(const muster_readiness *r) {
    return r->state;
}

const uint32_t *muster_readiness_weakest(const muster_readiness *r) {
    return r->weakest;
}
