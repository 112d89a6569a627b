/* Within a time, is it enough to open so many places? is a covering problem (Minieka, SIAM Review 12, 1970),
 * and its answer turns from no to yes once, at the optimum. A yes brings a solution whose longest time
 * may be shorter than asked. */
#include "solver/siting_center.h"

#include <string.h>

#include "core/alloc.h"
#include "solver/siting_decide.h"
#include "solver/siting_table.h"

typedef struct finder {
    mu_siting_center            *center;
    const muster_siting_problem *problem;
    mu_watch                    *watch;
    uint32_t                     thread_count;
    uint32_t                    *units;
} finder;

/* The longest time to the nearest of some places: those with units, or all that may be used. */
static int64_t longest(const muster_siting_problem *p, const uint32_t *units) {
    int64_t longest_ms = 0;
    for (uint32_t j = 0; j < p->demand_count; ++j) {
        uint32_t nearest_ms = MUSTER_UNREACHABLE_MS;
        if (mu_siting_weight(p, j) == 0) continue;
        for (uint32_t i = 0; i < p->place_count; ++i) {
            const bool is_used = mu_siting_existing(p, i) > 0 ||
                                 (units ? units[i] > 0 : mu_siting_room(p, i, 1) > 0);
            const uint32_t time_ms = mu_siting_time(p, i, j);
            if (is_used && time_ms < nearest_ms) nearest_ms = time_ms;
        }
        if (nearest_ms > longest_ms) longest_ms = nearest_ms;
    }
    return longest_ms;
}

/* Yes: keep it; no: what it took; neither within the limits: say so. */
static muster_status ask(finder *f, int64_t within_ms, bool *out_is_known) {
    mu_siting_center *c = f->center;
    int64_t           cost, bound;
    MU_TRY(mu_siting_decide_cover(f->problem, (uint32_t)within_ms, f->problem->count, f->watch,
                                  f->thread_count, f->units, &cost, &bound));
    *out_is_known = true;
    if (cost <= f->problem->count) {
        c->is_found = true;
        memcpy(c->units, f->units, f->problem->place_count * sizeof *c->units);
        c->longest_ms = longest(f->problem, c->units);
    } else if (bound > f->problem->count) {
        c->bound_ms = within_ms + 1;
    } else {
        *out_is_known = false;
    }
    return MUSTER_OK;
}

/* How many it takes to reach everybody at all. */
static muster_status count_least(finder *f) {
    int64_t cost;
    return mu_siting_decide_cover(f->problem, MUSTER_UNREACHABLE_MS - 1, MU_SITING_NEVER, f->watch,
                                  f->thread_count, f->units, &cost, &f->center->least_count);
}

static muster_status find(finder *f) {
    mu_siting_center *c        = f->center;
    bool              is_known = true;
    c->bound_ms                = longest(f->problem, NULL);
    MU_TRY(ask(f, MUSTER_UNREACHABLE_MS - 1, &is_known));
    if (is_known && !c->is_found) return count_least(f);
    while (is_known && c->bound_ms < c->longest_ms && !mu_watch_is_over(f->watch)) {
        mu_watch_report(f->watch, "radii");
        MU_TRY(ask(f, c->bound_ms + (c->longest_ms - c->bound_ms) / 2, &is_known));
    }
    return MUSTER_OK;
}

muster_status mu_siting_center_find(mu_siting_center *c, const muster_siting_problem *p,
                                    mu_watch *watch, uint32_t thread_count) {
    finder f       = {c, p, watch, thread_count, NULL};
    c->is_found    = false;
    c->longest_ms  = 0;
    c->least_count = 0;
    MU_TRY(mu_alloc(&f.units, p->place_count, sizeof *f.units));
    const muster_status status = find(&f);
    mu_free(f.units);
    return status;
}
