#include "solver/siting_decide.h"

#include <string.h>

#include "core/alloc.h"

muster_status mu_siting_decision_init(mu_siting_decision *d, const muster_siting_problem *p,
                                      mu_watch *watch, uint32_t thread_count) {
    *d = (mu_siting_decision){0};
    MU_TRY(mu_siting_model_init(&d->model, p, thread_count));
    /* A pair is looked at some three times, until it is in a list. */
    mu_watch_count(watch, 3 * (uint64_t)p->place_count * p->demand_count);
    muster_status status = mu_siting_search_init(&d->search, &d->model, watch, thread_count);
    if (status == MUSTER_OK) status = mu_alloc_zeroed(&d->units, p->place_count, sizeof *d->units);
    if (status != MUSTER_OK) mu_siting_decision_fini(d);
    return status;
}

void mu_siting_decision_fini(mu_siting_decision *d) {
    mu_siting_search_fini(&d->search);
    mu_siting_model_fini(&d->model);
    mu_free(d->units);
    *d = (mu_siting_decision){0};
}

muster_status mu_siting_decide(mu_siting_decision *d, int64_t enough) {
    mu_siting_search *s = &d->search;
    s->enough           = enough;
    MU_TRY(mu_siting_start(s));
    if (enough == MU_SITING_NEVER || s->best_cost > enough) MU_TRY(mu_siting_prove(s));
    mu_siting_units(&d->model, s->best, d->units);
    return MUSTER_OK;
}

muster_status mu_siting_decide_cover(const muster_siting_problem *p, uint32_t within_ms,
                                     int64_t enough, mu_watch *watch, uint32_t thread_count,
                                     uint32_t *units, int64_t *out_cost, int64_t *out_bound) {
    muster_siting_problem cover = *p;
    mu_siting_decision    d;
    cover.model               = MUSTER_SET_COVER;
    cover.within_ms           = within_ms;
    cover.within_of_demand_ms = NULL;
    MU_TRY(mu_siting_decision_init(&d, &cover, watch, thread_count));
    const muster_status status = mu_siting_decide(&d, enough);
    *out_cost                  = d.search.best_cost;
    *out_bound                 = d.search.bound;
    if (status == MUSTER_OK && units) memcpy(units, d.units, p->place_count * sizeof *units);
    mu_siting_decision_fini(&d);
    return status;
}
