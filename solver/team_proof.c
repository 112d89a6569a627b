/* Branch and price (Barnhart et al., "Branch-and-price: column generation for solving huge integer
 * programs", Oper. Res. 1998) on two decisions that the pricing can obey (solver/bundle.c):
 *
 *   - a sink that is served by so many people in one part of the mixture and by others in the
 *     rest: at most so many, or at least one more. This is what moves tier 1;
 *   - a team that goes to a sink in a part of the mixture only: not there, or there.
 *
 * The case that the mixture leans to comes first, and is gone into before its sibling. A case is
 * done with when its bound, worked out in integers, is as good as a plan that is known. */
#include "solver/team_proof.h"

#include <math.h>
#include <string.h>

#include "core/alloc.h"

/* ---- bounds ------------------------------------------------------------------------------ */

/* What plans cost is a multiple of this. */
static int64_t unit_of(mu_rates rates) {
    return rates.response_time > 0 ? rates.response_time : rates.unmet_need;
}

static int64_t round_up(int64_t bound, int64_t unit) {
    const int64_t rest = bound % unit;
    return rest > 0 ? bound + unit - rest : bound - rest;
}

/* The bound at the best prices, each part of it rounded up to what a plan can cost. */
static int64_t bound_by_part(mu_team_proof *p) {
    const int64_t unit  = unit_of(p->master->currency->rates);
    int64_t       bound = 0;
    if (mu_team_prices_evaluate(p->prices, p->master->currency, p->part, p->part_bound) ==
        MU_NO_BUNDLE) {
        return MU_NO_BUNDLE;
    }
    for (uint32_t j = 0; j < p->market->sink_count; ++j) {
        if (p->part[j] == j && p->part_bound[j] > 0) bound += round_up(p->part_bound[j], unit);
    }
    return bound;
}

/* ---- what to decide ---------------------------------------------------------------------- */

typedef struct decision {
    uint32_t sink;   /* MUSTER_NONE: nothing is left to be decided */
    int64_t  served; /* at most so many, or more; where `arc` is SIZE_MAX */
    size_t   arc;
    bool     is_likely; /* the second case first */
} decision;

static const decision NOTHING = {.sink = MUSTER_NONE, .arc = SIZE_MAX};

static bool is_used(const mu_master *w, const double *value, uint32_t column) {
    return value[column] > 1e-6 && !w->is_out[column];
}

/* Are there fewer possibilities in both cases? Not where GLPK's numbers are wrong: then deciding would
 * go on for ever. */
static bool parts_the_rest(const mu_team_proof *p, uint32_t sink, double level) {
    return level >= (double)p->rules.least[sink] && level < (double)p->rules.most[sink];
}

/* The sink whose number of people is least decided, by what tells in tier 1. */
static muster_status find_level(const mu_team_proof *p, decision *best) {
    const mu_master *w     = p->master;
    const mu_market *m     = p->market;
    const double    *value = mu_lp_live_values(w->lp);
    double           most  = 0;
    double          *mean, *low;
    *best = NOTHING;
    MU_TRY(mu_alloc_zeroed(&mean, 2 * (size_t)m->sink_count, sizeof *mean));
    low = mean + m->sink_count;
    for (uint32_t c = m->sink_count; c < w->given_count; ++c) {
        if (is_used(w, value, c)) mean[w->sink[c]] += value[c] * (double)w->served[c];
    }
    for (uint32_t c = m->sink_count; c < w->given_count; ++c) {
        const uint32_t j = w->sink[c];
        if (is_used(w, value, c) && (double)w->served[c] < mean[j] - 1e-6) {
            low[j] += value[c] * (mean[j] - (double)w->served[c]);
        }
    }
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        const double tells = low[j] * (double)mu_objective_unmet_need(m->short_cost[j]);
        const double level = floor(mean[j] + 1e-9);
        if (tells <= most + 1e-9 || !mu_bundle_is_exact(m, j)) continue;
        if (!parts_the_rest(p, j, level)) continue;
        most            = tells;
        best->sink      = j;
        best->served    = (int64_t)level;
        best->is_likely = mean[j] - floor(mean[j]) > 0.5;
    }
    mu_free(mean);
    return MUSTER_OK;
}

/* The pair of team and sink that is least decided. */
static muster_status find_pair(const mu_team_proof *p, decision *best) {
    const mu_master *w     = p->master;
    const mu_market *m     = p->market;
    const double    *value = mu_lp_live_values(w->lp);
    double          *share;
    *best = NOTHING;
    MU_TRY(mu_alloc_zeroed(&share, m->arc_count, sizeof *share));
    for (uint32_t c = m->sink_count; c < w->given_count; ++c) {
        if (!is_used(w, value, c)) continue;
        for (size_t i = w->first_arc[c]; i < w->first_arc[c + 1]; ++i) share[w->arc[i]] += value[c];
    }
    double nearest = 0.5 - 1e-5;
    for (size_t a = 0; a < m->arc_count; ++a) {
        if (fabs(share[a] - 0.5) >= nearest || p->rules.is_forced[a]) continue;
        if (!mu_bundle_is_exact(m, m->arc[a].sink)) continue;
        nearest = fabs(share[a] - 0.5);
        *best   = (decision){m->arc[a].sink, 0, a, share[a] >= 0.5};
    }
    mu_free(share);
    return MUSTER_OK;
}

/* ---- cases -------------------------------------------------------------------------------- */

static muster_status explore(mu_team_proof *p, int64_t bound);

/* The arc's team goes there and nowhere else, or not there; `step` -1 takes it back. */
static void decide_pair(mu_team_proof *p, size_t arc, bool goes, int step) {
    const mu_market *m = p->market;
    mu_bundle_rules *r = &p->rules;
    if (goes) {
        r->is_forced[arc] = step > 0;
        r->forced_count[m->arc[arc].sink] += (uint32_t)step;
    }
    for (size_t a = 0; a < m->arc_count; ++a) {
        if (m->arc[a].source != m->arc[arc].source || (a != arc) != goes) continue;
        r->is_forbidden[a] = (uint8_t)(r->is_forbidden[a] + step);
    }
}

static muster_status try_pair(mu_team_proof *p, decision d, bool goes, int64_t bound) {
    decide_pair(p, d.arc, goes, 1);
    const muster_status status = explore(p, bound);
    decide_pair(p, d.arc, goes, -1);
    return status;
}

static muster_status try_level(mu_team_proof *p, decision d, bool is_more, int64_t bound) {
    int64_t      *limit        = is_more ? &p->rules.least[d.sink] : &p->rules.most[d.sink];
    const int64_t before       = *limit;
    *limit                     = is_more ? d.served + 1 : d.served;
    const muster_status status = explore(p, bound);
    *limit                     = before;
    return status;
}

static muster_status try_case(mu_team_proof *p, decision d, bool second, int64_t bound) {
    return d.arc == SIZE_MAX ? try_level(p, d, second, bound) : try_pair(p, d, second, bound);
}

/* The mixture is a plan. */
static muster_status tell(mu_team_proof *p) {
    const mu_master *w     = p->master;
    const double    *value = mu_lp_live_values(w->lp);
    for (uint32_t t = 0; t < p->market->source_count; ++t) p->team_of[t] = MUSTER_NONE;
    for (uint32_t c = p->market->sink_count; c < w->given_count; ++c) {
        if (value[c] < 0.5 || w->is_out[c]) continue;
        for (size_t i = w->first_arc[c]; i < w->first_arc[c + 1]; ++i) {
            p->team_of[p->market->arc[w->arc[i]].source] = w->sink[c];
        }
    }
    return p->found(p->user, p->team_of);
}

static void leave_open(mu_team_proof *p, int64_t bound) {
    if (bound < p->open) p->open = bound;
}

/* The case's own bound, no worse than that of the case it is a part of. */
static muster_status bound_case(mu_team_proof *p, int64_t *bound, bool *out_is_solved) {
    int64_t own;
    MU_TRY(mu_master_set_rules(p->master, &p->rules));
    MU_TRY(mu_master_generate(p->master, p->watch, p->target, &own, out_is_solved));
    if (own != MU_NO_BUNDLE && own < p->target) own = bound_by_part(p);
    if (own > *bound) *bound = own;
    return MUSTER_OK;
}

/* All plans that keep to the rules; none costs less than `bound`. */
static muster_status explore(mu_team_proof *p, int64_t bound) {
    bool is_solved = false;
    if (bound >= p->target) return MUSTER_OK;
    ++p->node_count;
    if (mu_watch_is_over(p->watch)) {
        leave_open(p, bound);
        return MUSTER_OK;
    }
    MU_TRY(bound_case(p, &bound, &is_solved));
    if (bound >= p->target) return MUSTER_OK;
    if (!is_solved) {
        leave_open(p, bound);
        return MUSTER_OK;
    }
    decision d;
    MU_TRY(find_level(p, &d));
    if (d.sink == MUSTER_NONE) MU_TRY(find_pair(p, &d));
    if (d.sink == MUSTER_NONE) {
        MU_TRY(tell(p));
        if (bound < p->target) leave_open(p, bound); /* the same but for rounding */
        return MUSTER_OK;
    }
    MU_TRY(try_case(p, d, d.is_likely, bound));
    return try_case(p, d, !d.is_likely, bound);
}

/* ---- start and end ------------------------------------------------------------------------ */

static muster_status prepare(mu_team_proof *p) {
    const mu_market *m = p->market;
    MU_TRY(mu_alloc_zeroed(&p->rules.is_forbidden, m->arc_count, 1));
    MU_TRY(mu_alloc_zeroed(&p->rules.is_forced, m->arc_count, 1));
    MU_TRY(mu_alloc_zeroed(&p->rules.forced_count, m->sink_count, sizeof *p->rules.forced_count));
    MU_TRY(mu_alloc_zeroed(&p->rules.least, m->sink_count, sizeof *p->rules.least));
    MU_TRY(mu_alloc_copy(&p->rules.most, m->demand, m->sink_count, sizeof *p->rules.most));
    MU_TRY(mu_alloc_zeroed(&p->part_bound, m->sink_count, sizeof *p->part_bound));
    return mu_alloc(&p->team_of, m->source_count, sizeof *p->team_of);
}

muster_status mu_team_prove(mu_team_proof *p, int64_t *out_bound) {
    p->open              = INT64_MAX;
    muster_status status = prepare(p);
    if (status == MUSTER_OK) status = explore(p, INT64_MIN);
    if (status == MUSTER_OK) status = mu_master_set_rules(p->master, NULL);
    mu_team_prices_set_rules(p->prices, NULL);
    *out_bound = p->open < p->target ? p->open : p->target;
    if (status != MUSTER_OK) *out_bound = INT64_MIN;
    mu_free(p->rules.is_forbidden);
    mu_free(p->rules.is_forced);
    mu_free(p->rules.forced_count);
    mu_free(p->rules.least);
    mu_free(p->rules.most);
    mu_free(p->part_bound);
    mu_free(p->team_of);
    return status;
}
