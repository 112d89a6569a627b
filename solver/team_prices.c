/* Lagrangian relaxation of "each team goes to one place" (Fisher, "The Lagrangian relaxation
 * method for solving integer programming problems", Manag. Sci. 1981).
 *
 * Teams have a price. Every sink takes its best bundle at these prices, as if it were alone; the
 * sum of what they pay, less what all teams are worth, is a bound, whatever the prices. So prices
 * may come from anywhere, from floating-point arithmetic too: the bound is worked out in
 * integers, here. The best of all bounds equals the linear program over all bundles. */
#include "solver/team_prices.h"

#include "core/alloc.h"
#include "core/threads.h"

/* ---- life ---------------------------------------------------------------------------- */

static muster_status allocate(mu_team_prices *p) {
    const mu_market *m = p->market;
    MU_TRY(mu_alloc_zeroed(&p->price, m->source_count, sizeof *p->price));
    MU_TRY(mu_alloc_zeroed(&p->value, m->sink_count, sizeof *p->value));
    MU_TRY(mu_alloc_zeroed(&p->is_chosen, m->arc_count, 1));
    MU_TRY(mu_alloc_zeroed(&p->bundlers, p->thread_count, sizeof *p->bundlers));
    for (uint32_t t = 0; t < p->thread_count; ++t) MU_TRY(mu_bundler_init(&p->bundlers[t], m));
    return MUSTER_OK;
}

muster_status mu_team_prices_init(mu_team_prices *p, const mu_market *market,
                                  uint32_t thread_count) {
    *p                         = (mu_team_prices){.market       = market,
                                                  .thread_count = mu_thread_count(thread_count, market->sink_count)};
    const muster_status status = allocate(p);
    if (status != MUSTER_OK) mu_team_prices_fini(p);
    return status;
}

void mu_team_prices_fini(mu_team_prices *p) {
    for (uint32_t t = 0; p->bundlers && t < p->thread_count; ++t) mu_bundler_fini(&p->bundlers[t]);
    mu_free(p->bundlers);
    mu_free(p->price);
    mu_free(p->value);
    mu_free(p->is_chosen);
    *p = (mu_team_prices){0};
}

/* ---- prices of the relaxation ------------------------------------------------------------ */

/* The relaxation, in one currency. */
typedef struct relaxation {
    mu_flow_arc  *arc;
    mu_objective *short_cost, *person_price;
    int64_t      *flow;
} relaxation;

static muster_status relax(relaxation *r, const mu_market *m, const mu_currency *c,
                           const mu_watch *watch, bool *out_is_optimal) {
    mu_flow_problem problem = mu_market_flow_problem(m);
    MU_TRY(mu_alloc(&r->arc, m->arc_count, sizeof *r->arc));
    MU_TRY(mu_alloc(&r->short_cost, m->sink_count, sizeof *r->short_cost));
    MU_TRY(mu_alloc(&r->person_price, m->source_count, sizeof *r->person_price));
    MU_TRY(mu_alloc(&r->flow, m->arc_count, sizeof *r->flow));
    for (size_t a = 0; a < m->arc_count; ++a) {
        r->arc[a] = (mu_flow_arc){c->unit_cost[a], m->arc[a].source, m->arc[a].sink};
    }
    for (uint32_t j = 0; j < m->sink_count; ++j) r->short_cost[j] = c->short_cost[j];
    problem.arc        = r->arc;
    problem.short_cost = r->short_cost;
    return mu_flow_solve(&problem, watch, r->flow, r->person_price, out_is_optimal);
}

muster_status mu_team_prices_relax(mu_team_prices *p, const mu_currency *currency,
                                   const mu_watch *watch) {
    relaxation          r          = {0};
    bool                is_optimal = false;
    const muster_status status     = relax(&r, p->market, currency, watch, &is_optimal);
    for (uint32_t t = 0; status == MUSTER_OK && is_optimal && t < p->market->source_count; ++t) {
        p->price[t] = (int64_t)r.person_price[t] * p->market->supply[t];
    }
    mu_free(r.arc);
    mu_free(r.short_cost);
    mu_free(r.person_price);
    mu_free(r.flow);
    return status;
}

/* ---- the bound --------------------------------------------------------------------------- */

static void choose_bundle(mu_team_prices *p, mu_bundler *bundler, const mu_currency *currency,
                          uint32_t sink) {
    const mu_market *m = p->market;
    for (size_t a = m->first_arc[sink]; a < m->first_arc[sink + 1]; ++a) p->is_chosen[a] = 0;
    p->value[sink] = mu_bundle_find(bundler, currency, sink, p->price);
    for (uint32_t i = 0; i < bundler->arc_count; ++i) p->is_chosen[bundler->arc[i]] = 1;
}

typedef struct choosing {
    mu_team_prices    *prices;
    const mu_currency *currency;
} choosing;

static void choose_bundle_of(void *user, uint32_t sink, uint32_t worker) {
    const choosing *c = user;
    choose_bundle(c->prices, &c->prices->bundlers[worker], c->currency, sink);
}

void mu_team_prices_set_rules(mu_team_prices *p, const mu_bundle_rules *rules) {
    for (uint32_t t = 0; t < p->thread_count; ++t) p->bundlers[t].rules = rules;
}

/* A team is of the part of any sink that could use it. */
static void add_parts(const mu_team_prices *p, const uint32_t *part, int64_t *part_bound) {
    const mu_market *m = p->market;
    for (uint32_t j = 0; j < m->sink_count; ++j) part_bound[j] = 0;
    for (uint32_t j = 0; j < m->sink_count; ++j) part_bound[part[j]] += p->value[j];
    for (uint32_t t = 0; t < m->source_count; ++t)
        part_bound[part[m->first_sink[t]]] -= p->price[t];
}

int64_t mu_team_prices_evaluate(mu_team_prices *p, const mu_currency *currency,
                                const uint32_t *part, int64_t *part_bound) {
    const mu_market *m     = p->market;
    choosing         work  = {p, currency};
    int64_t          bound = 0;
    mu_share_jobs(m->sink_count, p->thread_count, choose_bundle_of, &work);
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        if (p->value[j] >= MU_NO_BUNDLE) return MU_NO_BUNDLE;
        bound += p->value[j];
    }
    for (uint32_t t = 0; t < m->source_count; ++t) bound -= p->price[t];
    if (part) add_parts(p, part, part_bound);
    return bound;
}

uint64_t mu_team_prices_work(const mu_team_prices *p) {
    uint64_t work = 0;
    for (uint32_t t = 0; t < p->thread_count; ++t) work += p->bundlers[t].work;
    return work;
}
