/* The transportation problem is integral, so the network simplex gives the best plan and the
 * proof in one. What spoils it is the useful minimum: a need takes nothing or at least so
 * much. Where the optimum sends less, two cases are tried: nothing, and at least the minimum
 * (branch and bound). Minima bind seldom, so the tree is small; past NODE_LIMIT the best of
 * the cases not yet tried is still a bound.
 *
 * "At least the minimum" splits the need in two: the minimum, which is missed at a price
 * beyond everything else together, and the rest. A need with a stake is split as long as nothing is
 * decided, too: each unit of its minimum is worth its share of the stake beside its own price. That
 * bounds nothing, so where such a need goes without its minimum, all is solved a second time. */
#include "solver/transport.h"

#include <string.h>

#include "core/alloc.h"
#include "solver/market.h"
#include "solver/weights.h"

enum { NODE_LIMIT = 200 };

typedef enum sink_case { ANY, NOTHING, AT_LEAST_MINIMUM } sink_case;

typedef struct search {
    mu_market       market;
    const mu_watch *watch;
    uint8_t        *sink_case;    /* [sink_count] */
    int64_t        *minimum;      /* [sink_count] */
    mu_objective    forcing_cost; /* more than all that could be short; 0: numbers too large */
    bool            counts_stakes;
    int64_t        *flow; /* [arc_count] of the case being looked at */
    /* The split problem, with room for two sinks and two arcs for each. */
    int64_t      *split_demand, *split_flow;
    mu_objective *split_short_cost;
    mu_flow_arc  *split_arc;
    mu_objective *price;     /* [source_count] in the case where nothing is decided */
    int64_t      *best_flow; /* [arc_count] */
    bool          has_best;
    mu_objective  best, open_bound; /* open_bound: of cases given up before they were decided */
    bool          has_open;
    uint32_t      node_count;
} search;

/* ---- one case ------------------------------------------------------------------------ */

static int64_t stake_of(const search *s, uint32_t sink) {
    const bool is_possible = s->market.demand[sink] >= s->minimum[sink];
    return s->counts_stakes && is_possible ? mu_market_stake(&s->market, sink) : 0;
}

/* Sink j becomes 2j, the minimum that is forced or worth more, and 2j + 1, the rest. */
static void split_sinks(search *s) {
    const mu_market *m = &s->market;
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        const bool    is_forced  = s->sink_case[j] == AT_LEAST_MINIMUM;
        const int64_t stake      = stake_of(s, j);
        int64_t      *demand     = &s->split_demand[2 * (size_t)j];
        mu_objective *short_cost = &s->split_short_cost[2 * (size_t)j];
        demand[0]                = is_forced || stake > 0 ? s->minimum[j] : 0;
        demand[1]                = m->demand[j] - demand[0];
        short_cost[0]            = m->short_cost[j] + (is_forced ? s->forcing_cost : 0);
        short_cost[1]            = m->short_cost[j];
        if (stake > 0) short_cost[0] += mu_objective_of(stake / s->minimum[j], 0);
    }
}

static size_t split_arcs(search *s) {
    const mu_market *m     = &s->market;
    size_t           count = 0;
    for (size_t a = 0; a < m->arc_count; ++a) {
        const uint32_t j = m->arc[a].sink;
        if (s->sink_case[j] == NOTHING) continue;
        for (uint32_t part = 0; part < 2; ++part) {
            if (s->split_demand[2 * j + part] == 0) continue;
            s->split_arc[count]        = m->arc[a];
            s->split_arc[count++].sink = 2 * j + part;
        }
    }
    return count;
}

static void join_flow(search *s) {
    const mu_market *m     = &s->market;
    size_t           count = 0;
    for (size_t a = 0; a < m->arc_count; ++a) {
        const uint32_t j = m->arc[a].sink;
        s->flow[a]       = 0;
        if (s->sink_case[j] == NOTHING) continue;
        for (uint32_t part = 0; part < 2; ++part) {
            if (s->split_demand[2 * j + part] > 0) s->flow[a] += s->split_flow[count++];
        }
    }
}

static muster_status solve_case(search *s, bool *out_is_optimal) {
    split_sinks(s);
    mu_flow_problem p   = mu_market_flow_problem(&s->market);
    p.sink_count        = 2 * s->market.sink_count;
    p.demand            = s->split_demand;
    p.short_cost        = s->split_short_cost;
    p.arc_count         = split_arcs(s);
    p.arc               = s->split_arc;
    mu_objective *price = s->node_count == 1 ? s->price : NULL;
    MU_TRY(mu_flow_solve(&p, s->watch, s->split_flow, price, out_is_optimal));
    join_flow(s);
    return MUSTER_OK;
}

/* The sink that falls short of its minimum by most; sink_count: none does. A forced minimum
 * that is not reached makes the case impossible. */
static uint32_t find_useless(const search *s, bool *out_is_possible) {
    const mu_market *m     = &s->market;
    uint32_t         worst = m->sink_count;
    int64_t          most  = 0;
    *out_is_possible       = true;
    for (size_t a = 0; a < m->arc_count;) {
        const uint32_t j    = m->arc[a].sink;
        int64_t        sent = 0;
        for (; a < m->arc_count && m->arc[a].sink == j; ++a) sent += s->flow[a];
        if (sent >= s->minimum[j]) continue;
        if (s->sink_case[j] == AT_LEAST_MINIMUM) *out_is_possible = false;
        if (sent == 0 || s->minimum[j] - sent <= most) continue;
        most  = s->minimum[j] - sent;
        worst = j;
    }
    return worst;
}

/* What the flow costs. Stakes count in shares, so that this is least for the flow of a case. */
static mu_objective value_of(const search *s) {
    const mu_market *m   = &s->market;
    mu_objective     sum = mu_market_objective(m, s->flow);
    for (uint32_t j = 0; s->counts_stakes && j < m->sink_count; ++j) {
        const int64_t stake = stake_of(s, j);
        int64_t       lacks = s->minimum[j];
        if (stake == 0) continue;
        for (size_t a = m->first_arc[j]; a < m->first_arc[j + 1]; ++a) lacks -= s->flow[a];
        if (lacks > 0) sum += lacks * mu_objective_of(stake / s->minimum[j], 0);
    }
    return sum;
}

static void keep_best(search *s, mu_objective value) {
    if (s->has_best && value >= s->best) return;
    for (size_t a = 0; a < s->market.arc_count; ++a) s->best_flow[a] = s->flow[a];
    s->best     = value;
    s->has_best = true;
}

static void leave_open(search *s, mu_objective bound) {
    if (!s->has_open || bound < s->open_bound) s->open_bound = bound;
    s->has_open = true;
}

/* All plans under the cases chosen so far; none of them is better than `bound`. */
static muster_status explore(search *s, mu_objective bound) {
    bool is_optimal, is_possible;
    if (s->node_count++ >= NODE_LIMIT || mu_watch_is_over(s->watch)) {
        leave_open(s, bound);
        return MUSTER_OK;
    }
    MU_TRY(solve_case(s, &is_optimal));
    const mu_objective value  = value_of(s);
    const uint32_t     branch = find_useless(s, &is_possible);
    if (is_possible && branch == s->market.sink_count) keep_best(s, value);
    if (!is_optimal) {
        leave_open(s, bound);
        return MUSTER_OK;
    }
    if (!is_possible || branch == s->market.sink_count) return MUSTER_OK;
    if (s->has_best && value >= s->best) return MUSTER_OK;
    s->sink_case[branch] = NOTHING;
    MU_TRY(explore(s, value));
    s->sink_case[branch] = AT_LEAST_MINIMUM;
    if (s->forcing_cost > 0) {
        MU_TRY(explore(s, value));
    } else {
        leave_open(s, value);
    }
    s->sink_case[branch] = ANY;
    return MUSTER_OK;
}

/* ---- one kind ------------------------------------------------------------------------ */

/* One more than everything short, with all stakes, and every source diverted at once, as long as
 * all minima at that price still fit. */
static mu_objective choose_forcing_cost(const search *s) {
    const mu_market *m       = &s->market;
    mu_objective     all     = 1;
    mu_objective     minimum = 1;
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        all += (mu_objective)m->demand[j] * mu_objective_unmet_need(m->short_cost[j]);
        all += mu_market_stake(m, j);
        minimum += s->minimum[j];
    }
    all += (mu_objective)m->source_count *
           mu_weights(m->candidates->travel->problem)->diversion_unmet_need;
    const mu_objective room = (mu_objective)1 << 60;
    return all > room || minimum > room / all ? 0 : mu_objective_of((int64_t)all, 0);
}

static muster_status prepare(search *s) {
    const mu_market *m = &s->market;
    const size_t     n = m->sink_count, arcs = m->arc_count;
    MU_TRY(mu_alloc_zeroed(&s->sink_case, n, sizeof *s->sink_case));
    MU_TRY(mu_alloc(&s->minimum, n, sizeof *s->minimum));
    MU_TRY(mu_alloc(&s->flow, arcs, sizeof *s->flow));
    MU_TRY(mu_alloc(&s->best_flow, arcs, sizeof *s->best_flow));
    MU_TRY(mu_alloc_zeroed(&s->price, m->source_count, sizeof *s->price));
    MU_TRY(mu_alloc(&s->split_demand, 2 * n, sizeof *s->split_demand));
    MU_TRY(mu_alloc(&s->split_short_cost, 2 * n, sizeof *s->split_short_cost));
    MU_TRY(mu_alloc(&s->split_arc, 2 * arcs, sizeof *s->split_arc));
    MU_TRY(mu_alloc(&s->split_flow, 2 * arcs, sizeof *s->split_flow));
    for (size_t j = 0; j < n; ++j) {
        s->minimum[j] = m->candidates->minimum[m->need[j]];
    }
    s->forcing_cost = choose_forcing_cost(s);
    return MUSTER_OK;
}

static void give_back(search *s) {
    mu_free(s->sink_case);
    mu_free(s->minimum);
    mu_free(s->flow);
    mu_free(s->best_flow);
    mu_free(s->price);
    mu_free(s->split_demand);
    mu_free(s->split_short_cost);
    mu_free(s->split_arc);
    mu_free(s->split_flow);
    mu_market_fini(&s->market);
}

static muster_status add_best(const search *s, mu_draft *draft) {
    const mu_market *m = &s->market;
    for (size_t a = 0; s->has_best && a < m->arc_count; ++a) {
        if (s->best_flow[a] == 0) continue;
        MU_TRY(mu_draft_add(draft, m->resource, m->index[m->arc[a].source], m->need[m->arc[a].sink],
                            m->eta_ms[a], s->best_flow[a]));
    }
    return MUSTER_OK;
}

static muster_status list_needs(const muster_problem *p, uint32_t kind, uint32_t **out,
                                uint32_t *out_count) {
    MU_TRY(mu_alloc(out, p->need_count, sizeof **out));
    *out_count = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (p->need[n].kind == kind) (*out)[(*out_count)++] = n;
    }
    return MUSTER_OK;
}

/* What stays unmet in any case. */
static mu_objective cost_beyond_room(const search *s) {
    const mu_market *m   = &s->market;
    mu_objective     sum = 0;
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        sum += (m->candidates->demand[m->need[j]] - m->demand[j]) * m->short_cost[j];
    }
    return sum;
}

static void add_bounds(const search *s, mu_bound *bound) {
    mu_bound_add_relaxation(bound, &s->market, s->price);
    if (s->has_open) {
        bound->tiers += s->has_best && s->best < s->open_bound ? s->best : s->open_bound;
    } else {
        bound->tiers += s->best;
    }
    mu_bound_add_constant(bound, cost_beyond_room(s));
}

/* A better plan by stakes than the best without, where that leaves one unmet. */
static muster_status search_with_stakes(search *s) {
    const mu_market *m = &s->market;
    if (!m->candidates->has_stake || !s->has_best) return MUSTER_OK;
    memcpy(s->flow, s->best_flow, m->arc_count * sizeof *s->flow);
    s->counts_stakes = true;
    s->best          = value_of(s);
    if (s->best == mu_market_objective(m, s->flow)) return MUSTER_OK;
    s->node_count = 0;
    return explore(s, 0);
}

muster_status mu_transport_kind(mu_draft *draft, mu_bound *bound, const mu_candidates *candidates,
                                uint32_t kind, const int64_t *room, const mu_watch *watch) {
    const muster_problem *p = candidates->travel->problem;
    search                s = {.watch = watch};
    uint32_t             *need, need_count;
    MU_TRY(list_needs(p, kind, &need, &need_count));
    muster_status status = mu_market_init_within(
        &s.market, candidates, (muster_resource)p->kind[kind].resource, need, need_count, room);
    mu_free(need);
    if (status == MUSTER_OK) status = prepare(&s);
    if (status == MUSTER_OK) status = explore(&s, 0);
    if (status == MUSTER_OK) add_bounds(&s, bound);
    if (status == MUSTER_OK) status = search_with_stakes(&s);
    if (status == MUSTER_OK) status = add_best(&s, draft);
    give_back(&s);
    return status;
}
