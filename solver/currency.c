#include "solver/currency.h"

#include "core/alloc.h"

/* Of arcs that are sorted by cost, as the nearest first mostly are, those are their own. */
static void find_later_costs(mu_currency *c, size_t first, size_t end) {
    int64_t least = INT64_MAX;
    for (size_t a = end; a-- > first;) {
        if (c->unit_cost[a] < least) least = c->unit_cost[a];
        c->later_cost[a] = least;
    }
}

muster_status mu_currency_init(mu_currency *c, const mu_market *m, mu_rates rates) {
    *c                   = (mu_currency){.rates = rates};
    muster_status status = mu_alloc(&c->unit_cost, m->arc_count, sizeof *c->unit_cost);
    if (status == MUSTER_OK) status = mu_alloc(&c->fixed_cost, m->arc_count, sizeof *c->fixed_cost);
    if (status == MUSTER_OK) status = mu_alloc(&c->later_cost, m->arc_count, sizeof *c->later_cost);
    if (status == MUSTER_OK)
        status = mu_alloc(&c->short_cost, m->sink_count, sizeof *c->short_cost);
    if (status == MUSTER_OK) status = mu_alloc_zeroed(&c->stake, m->sink_count, sizeof *c->stake);
    if (status != MUSTER_OK) {
        mu_currency_fini(c);
        return status;
    }
    for (size_t a = 0; a < m->arc_count; ++a) {
        c->unit_cost[a]  = mu_rates_worth(rates, m->arc[a].cost);
        c->fixed_cost[a] = mu_rates_worth(rates, m->fixed_cost[a]);
    }
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        c->short_cost[j] = mu_rates_worth(rates, m->short_cost[j]);
        find_later_costs(c, m->first_arc[j], m->first_arc[j + 1]);
    }
    return MUSTER_OK;
}

int64_t mu_currency_dearest(const mu_currency *c, const mu_market *m) {
    int64_t most = 0;
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        const int64_t cost = c->short_cost[j] * m->demand[j] + c->stake[j];
        if (cost > most) most = cost;
    }
    return most;
}

void mu_currency_count_stakes(mu_currency *c, const mu_market *m) {
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        c->stake[j] = mu_market_stake(m, j) * c->rates.unmet_need;
    }
}

void mu_currency_fini(mu_currency *c) {
    mu_free(c->unit_cost);
    mu_free(c->fixed_cost);
    mu_free(c->later_cost);
    mu_free(c->short_cost);
    mu_free(c->stake);
    *c = (mu_currency){0};
}
