/* See siting_lp.h. A row for each demand, a column for each option; the program stays, and columns are held
 * and set free as ranges are. */
#include "solver/siting_lp.h"

#include <math.h>

#include "core/alloc.h"
#include "solver/lp.h"

enum { FREE = -1 };

struct mu_siting_lp {
    const mu_siting_model *model;
    mu_lp_live            *live; /* NULL: it has failed */
    int8_t                *held; /* [option_count] at 0 or 1, or FREE */
    uint32_t              *list; /* [option_count] scratch */
    bool                   is_new;
};

void mu_siting_lp_free(mu_siting_lp *lp) {
    if (!lp) return;
    mu_lp_live_free(lp->live);
    mu_free(lp->held);
    mu_free(lp->list);
    mu_free(lp);
}

/* GLPK's failures are its own business; memory of ours is not. */
static muster_status forgive(mu_siting_lp *lp, muster_status status) {
    if (status != MUSTER_E_SOLVER) return status;
    mu_lp_live_free(lp->live);
    lp->live = NULL;
    return MUSTER_OK;
}

/* ---- the program --------------------------------------------------------------------------- */

/* Entries by option, from lists by demand. */
static void fill_columns(const mu_siting_model *m, const uint32_t *option_at, size_t *first,
                         uint32_t *row) {
    for (uint32_t o = m->option_count; o > 0; --o) first[o] = first[o - 1];
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        for (size_t e = m->first[d]; e < m->first[d + 1]; ++e) {
            row[first[option_at[m->place[e]] + 1]++] = d;
        }
    }
}

static muster_status add_columns(mu_siting_lp *lp, uint32_t *option_at, size_t *first,
                                 uint32_t *row, double *cost) {
    const mu_siting_model *m = lp->model;
    for (uint32_t o = 0; o < m->option_count; ++o) {
        option_at[m->option[o].place] = o;
        cost[o]                       = (double)m->price;
    }
    for (size_t e = 0; e < m->first[m->demand_count]; ++e) ++first[option_at[m->place[e]] + 1];
    for (uint32_t o = 0; o < m->option_count; ++o) first[o + 1] += first[o];
    fill_columns(m, option_at, first, row);
    return mu_lp_live_add(lp->live, m->option_count, cost, first, row);
}

static muster_status make_columns(mu_siting_lp *lp) {
    const mu_siting_model *m         = lp->model;
    uint32_t              *option_at = NULL, *row = NULL;
    size_t                *first = NULL;
    double                *cost  = NULL;
    muster_status          status;
    MU_TRY_GOTO(status, mu_alloc(&option_at, m->place_count, sizeof *option_at), done);
    MU_TRY_GOTO(status, mu_alloc(&row, m->first[m->demand_count], sizeof *row), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&first, (size_t)m->option_count + 1, sizeof *first), done);
    MU_TRY_GOTO(status, mu_alloc(&cost, m->option_count, sizeof *cost), done);
    status = add_columns(lp, option_at, first, row, cost);
done:
    mu_free(option_at);
    mu_free(row);
    mu_free(first);
    mu_free(cost);
    return status;
}

static muster_status make_rows(mu_siting_lp *lp) {
    const mu_siting_model *m = lp->model;
    mu_lp_range           *range;
    MU_TRY(mu_alloc(&range, m->demand_count, sizeof *range));
    for (uint32_t d = 0; d < m->demand_count; ++d) range[d] = (mu_lp_range){1, INFINITY};
    const muster_status status = mu_lp_live_new(&lp->live, m->demand_count, range);
    mu_free(range);
    return status;
}

static muster_status make(mu_siting_lp *lp) {
    const mu_siting_model *m = lp->model;
    MU_TRY(mu_alloc(&lp->held, m->option_count, sizeof *lp->held));
    MU_TRY(mu_alloc(&lp->list, m->option_count, sizeof *lp->list));
    for (uint32_t o = 0; o < m->option_count; ++o) lp->held[o] = FREE;
    lp->is_new = true;
    MU_TRY(make_rows(lp));
    return make_columns(lp);
}

muster_status mu_siting_lp_new(mu_siting_lp **out, const mu_siting_model *m) {
    mu_siting_lp *lp;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&lp, 1, sizeof *lp));
    lp->model                  = m;
    const muster_status status = forgive(lp, make(lp));
    if (status == MUSTER_OK && lp->live) {
        *out = lp;
    } else {
        mu_siting_lp_free(lp);
    }
    return status;
}

/* ---- prices -------------------------------------------------------------------------------- */

static int8_t held_by(mu_siting_range range) {
    return range.low == range.high ? (int8_t)(range.low > 0) : FREE;
}

static muster_status hold(mu_siting_lp *lp, const mu_siting_range *range) {
    for (int8_t value = FREE; value <= 1; ++value) {
        uint32_t count = 0;
        for (uint32_t o = 0; o < lp->model->option_count; ++o) {
            if (held_by(range[o]) != value || lp->held[o] == value) continue;
            lp->held[o]       = value;
            lp->list[count++] = o;
        }
        MU_TRY(mu_lp_live_fix(lp->live, count, lp->list, value));
    }
    return MUSTER_OK;
}

static void read(const mu_siting_lp *lp, int64_t *price, double *share) {
    const mu_siting_model *m     = lp->model;
    const double          *dual  = mu_lp_live_duals(lp->live);
    const double          *value = mu_lp_live_values(lp->live);
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        const double most  = (double)mu_siting_most_price(m, d);
        const double found = ldexp(dual[d], (int)m->shift);
        price[d]           = found > 0 ? (int64_t)fmin(found, most) : 0;
    }
    for (uint32_t o = 0; o < m->option_count; ++o) share[o] = fmin(fmax(value[o], 0), 1);
}

muster_status mu_siting_lp_price(mu_siting_lp *lp, const mu_siting_range *range, mu_watch *watch,
                                 int64_t *price, double *share, bool *out_is_priced) {
    *out_is_priced = false;
    if (!lp || !lp->live) return MUSTER_OK;
    muster_status status = hold(lp, range);
    if (status == MUSTER_OK) {
        status = mu_lp_live_solve(lp->live, lp->is_new ? MU_LP_PRIMAL : MU_LP_DUAL, watch,
                                  out_is_priced);
    }
    lp->is_new = false;
    if (status != MUSTER_OK) *out_is_priced = false;
    if (*out_is_priced) read(lp, price, share);
    return forgive(lp, status);
}
