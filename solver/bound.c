#include "solver/bound.h"

#include "core/alloc.h"
#include "solver/weights.h"

enum {
    /* What one unit of tier 1 is worth in the longest times there are. At 8, plans hardly ever trade
     * tier 1 for times, and tier 2 is bounded best; 1,000 times that bounds tier 1 to 0.2 % on 300
     * incidents (bench/bench_plan.c). */
    BALANCED_TIMES = 8,
    STRICT_TIMES   = 1000,
    /* Prices are whole numbers in units of so many to one of tier 2. */
    FINEST = 256
};

/* One unit of tier 1 is worth so many of tier 2, in the finest units that fit. */
static mu_rates rates_of(int64_t times, int64_t most) {
    if (times > most) times = most;
    if (times == 0) return (mu_rates){0, 0};
    const int64_t fine = most / times < FINEST ? most / times : FINEST;
    return (mu_rates){times * fine, fine};
}

/* The most that serving a unit of a need costs in tier 2, in what it is worth in tier 1. */
static int64_t longest_time(const mu_candidates *c, uint32_t need) {
    const int64_t price   = mu_objective_unmet_need(mu_unmet_cost(c, need));
    int64_t       longest = 0;
    for (size_t i = c->first[need]; i < c->first[need + 1]; ++i) {
        const int64_t time =
            mu_objective_response_time(c->candidate[i].unit_cost + c->candidate[i].fixed_cost);
        if (time > longest) longest = time;
    }
    return longest / price;
}

mu_bound mu_bound_start(const mu_candidates *candidates) {
    const muster_problem *p       = candidates->travel->problem;
    mu_objective          all     = 1;
    int64_t               longest = 1;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const int64_t time = longest_time(candidates, n);
        all += (mu_objective)p->need[n].quantity * mu_price(p, n) + mu_stake(candidates, n);
        if (time > longest) longest = time;
    }
    /* A diversion of each unit that is on its way, at what tier 2 is worth of tier 1. */
    const muster_weights *w = mu_weights(p);
    all += p->rule_count * ((mu_objective)w->diversion_unmet_need +
                            w->diversion_response_time / (BALANCED_TIMES * longest));
    /* Everything unmet at these rates has to fit, with room for sums of prices. */
    const int64_t most     = (int64_t)((mu_objective)(INT64_MAX / 64) / all);
    const int64_t balanced = BALANCED_TIMES * longest;
    return (mu_bound){.rates = {rates_of(balanced, most), rates_of(balanced * STRICT_TIMES, most)}};
}

muster_status mu_bound_count_together(mu_bound *bound, const mu_candidates *c) {
    const size_t incidents = c->travel->problem->incident_count;
    if (!c->has_stake) return MUSTER_OK;
    MU_TRY(mu_alloc_zeroed(&bound->whole[0], (MU_BOUND_RATES + 1) * incidents,
                           sizeof *bound->whole[0]));
    for (size_t r = 1; r <= MU_BOUND_RATES; ++r) {
        bound->whole[r] = bound->whole[0] + r * incidents;
    }
    return MUSTER_OK;
}

mu_bound mu_bound_of_part(const mu_bound *whole) {
    mu_bound part = *whole;
    part.tiers = part.together = 0;
    for (int r = 0; r < MU_BOUND_RATES; ++r) part.weighed[r] = 0;
    return part;
}

void mu_bound_add(mu_bound *bound, const mu_bound *part) {
    bound->tiers += part->tiers;
    bound->together += mu_objective_unmet_need(part->tiers);
    for (int r = 0; r < MU_BOUND_RATES; ++r) bound->weighed[r] += part->weighed[r];
}

/* In one currency. Prices may come from the lexicographic relaxation, where both halves of a
 * price have a sign of their own. */
static mu_objective worth(mu_rates r, mu_objective o) {
    const int64_t response_time = mu_objective_response_time(o);
    return ((o - response_time) >> 64) * r.unmet_need +
           (mu_objective)response_time * r.response_time;
}

void mu_bound_add_constant(mu_bound *bound, mu_objective cost) {
    bound->tiers += cost;
    bound->together += mu_objective_unmet_need(cost);
    for (int r = 0; r < MU_BOUND_RATES; ++r) bound->weighed[r] += worth(bound->rates[r], cost);
}

/* What a unit of a sink costs at least where it is served; false where nobody could. */
static bool find_least(const mu_market *m, const mu_objective *price, mu_rates rates, uint32_t sink,
                       mu_objective *out) {
    for (size_t a = m->first_arc[sink]; a < m->first_arc[sink + 1]; ++a) {
        const mu_objective p = worth(rates, price[m->arc[a].source]);
        const mu_objective c = worth(rates, m->arc[a].cost) + (p > 0 ? p : 0);
        if (a == m->first_arc[sink] || c < *out) *out = c;
    }
    return m->first_arc[sink] < m->first_arc[sink + 1];
}

/* `whole` by incident, or NULL. */
static mu_objective relaxed(const mu_market *m, const mu_objective *price, mu_rates rates,
                            mu_whole *whole) {
    const muster_need *need = m->candidates->travel->problem->need;
    mu_objective       sum  = 0;
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        const mu_objective unmet   = worth(rates, m->short_cost[j]);
        const int64_t      minimum = mu_market_minimum(m, j);
        mu_objective       served  = unmet;
        const bool         can_be  = find_least(m, price, rates, j, &served);
        const mu_objective least   = served < unmet ? served : unmet;
        sum += m->demand[j] * least;
        if (!whole || !can_be || m->demand[j] < minimum) continue;
        whole[need[m->need[j]].incident].all += minimum * (served - least);
        whole[need[m->need[j]].incident].nothing += m->demand[j] * (unmet - least);
    }
    for (uint32_t s = 0; s < m->source_count; ++s) {
        const mu_objective p = worth(rates, price[s]);
        if (p > 0) sum -= m->supply[s] * p;
    }
    return sum;
}

void mu_bound_add_relaxation(mu_bound *bound, const mu_market *market, const mu_objective *price) {
    for (int r = 0; r < MU_BOUND_RATES; ++r) {
        bound->weighed[r] += relaxed(market, price, bound->rates[r], bound->whole[r]);
    }
    const mu_rates unmet_need = {1, 0};
    bound->together += relaxed(market, price, unmet_need, bound->whole[MU_BOUND_RATES]);
}

void mu_bound_tiers(const mu_bound *bound, mu_objective value, muster_tier_result *out_unmet_need,
                    muster_tier_result *out_response_time) {
    const int64_t unmet_need  = mu_objective_unmet_need(value);
    const int64_t tiers_unmet = mu_objective_unmet_need(bound->tiers);
    const bool    is_together = bound->whole[0] && bound->together > tiers_unmet;
    const int64_t least_unmet = is_together ? (int64_t)bound->together : tiers_unmet;
    int64_t       response_time =
        unmet_need == tiers_unmet ? mu_objective_response_time(bound->tiers) : 0;
    for (int r = 0; r < MU_BOUND_RATES; ++r) {
        const mu_rates     rates = bound->rates[r];
        const mu_objective left  = bound->weighed[r] - (mu_objective)rates.unmet_need * unmet_need;
        if (rates.response_time == 0 || left <= 0) continue;
        const int64_t least = (int64_t)((left + rates.response_time - 1) / rates.response_time);
        if (least > response_time) response_time = least;
    }
    *out_unmet_need    = (muster_tier_result){unmet_need, least_unmet};
    *out_response_time = (muster_tier_result){mu_objective_response_time(value), response_time};
}
