/* Branch and bound over pairs: a team goes to a need, or it does not. The relaxation, in
 * which teams may be split, is a transportation problem and solved exactly by the network
 * simplex, so nothing is ever cut off by a rounding error, which GLPK cannot promise when
 * values of 10^10 differ by 100.
 *
 * Where the relaxation splits no team and keeps every minimum it is the best plan of its
 * case. Else a pair is decided both ways, "goes" first: of a team that is split, the part
 * that is largest; else of a need below its minimum, the nearest that is open. */
#include "solver/people_proof.h"

#include "core/alloc.h"
#include "solver/people_value.h"

typedef enum decision { OPEN, GOES, STAYS } decision;

typedef struct proof {
    const mu_people_choice *choice;
    const mu_market        *market;
    const mu_watch         *watch;
    uint32_t                node_count, node_limit;
    uint8_t                *decision; /* [choice.arc_count] */
    /* The relaxation: sources and sinks renumbered within the choice. */
    uint32_t      source_count;
    uint32_t     *source_of, *sink_of; /* by the market's number */
    int64_t      *supply, *demand, *flow;
    mu_objective *short_cost;
    mu_flow_arc  *arc;
    size_t       *pair;     /* of each arc of the relaxation: its place in the choice */
    size_t       *main_arc; /* by source: where most of it goes */
    uint32_t     *trial, *best;
    mu_objective  best_value;
    bool          has_open;
    mu_objective  open_bound;
} proof;

static const mu_flow_arc *pair_at(const proof *p, size_t i) {
    return &p->market->arc[p->choice->arc[i]];
}

/* ---- the relaxation ------------------------------------------------------------------ */

static mu_flow_problem relaxation(proof *p) {
    size_t count = 0;
    for (size_t i = 0; i < p->choice->arc_count; ++i) {
        if (p->decision[i] == STAYS) continue;
        const mu_flow_arc *arc = pair_at(p, i);
        p->arc[count] = (mu_flow_arc){arc->cost, p->source_of[arc->source], p->sink_of[arc->sink]};
        p->pair[count++] = i;
    }
    return (mu_flow_problem){.source_count = p->source_count,
                             .sink_count   = p->choice->sink_count,
                             .supply       = p->supply,
                             .demand       = p->demand,
                             .short_cost   = p->short_cost,
                             .arc_count    = count,
                             .arc          = p->arc};
}

static mu_objective value_of_flow(const proof *p, const mu_flow_problem *flow_problem) {
    mu_objective sum = 0;
    for (uint32_t j = 0; j < flow_problem->sink_count; ++j) sum += p->demand[j] * p->short_cost[j];
    for (size_t a = 0; a < flow_problem->arc_count; ++a) {
        sum += p->flow[a] * (p->arc[a].cost - p->short_cost[p->arc[a].sink]);
    }
    return sum;
}

/* ---- one case ------------------------------------------------------------------------ */

/* The place in the choice of the largest part of the first team that is split; arc_count:
 * none is. `trial` receives the plan that the relaxation suggests: every team goes where
 * most of it goes. */
static size_t read_flow(proof *p, size_t flow_arc_count) {
    const mu_people_choice *c     = p->choice;
    size_t                  split = c->arc_count;
    for (uint32_t s = 0; s < p->source_count; ++s) p->main_arc[s] = flow_arc_count;
    for (size_t i = 0; i < c->arc_count; ++i) p->trial[pair_at(p, i)->source] = MUSTER_NONE;
    for (size_t a = 0; a < flow_arc_count; ++a) {
        size_t *main_arc = &p->main_arc[p->arc[a].source];
        if (p->flow[a] == 0) continue;
        const bool is_split = *main_arc < flow_arc_count;
        if (!is_split || p->flow[a] > p->flow[*main_arc]) *main_arc = a;
        if (is_split && split == c->arc_count) split = p->pair[*main_arc];
        const mu_flow_arc *pair = pair_at(p, p->pair[*main_arc]);
        p->trial[pair->source]  = pair->sink;
    }
    return split;
}

/* The nearest open pair of a need that the trial sends fewer than its minimum; arc_count:
 * there is none, and those who are decided to go there are better off at home. */
static size_t find_below_minimum(const proof *p) {
    const mu_market *m = p->market;
    size_t           i = 0;
    while (i < p->choice->arc_count) {
        const uint32_t sink = pair_at(p, i)->sink;
        size_t         open = p->choice->arc_count;
        int64_t        sent = 0;
        for (; i < p->choice->arc_count && pair_at(p, i)->sink == sink; ++i) {
            const uint32_t team = pair_at(p, i)->source;
            if (p->trial[team] == sink) sent += m->supply[team];
            if (p->decision[i] == OPEN && open == p->choice->arc_count) open = i;
        }
        if (sent > 0 && sent < m->candidates->minimum[m->need[sink]]) return open;
    }
    return p->choice->arc_count;
}

static mu_objective settle_trial(proof *p) {
    mu_objective value = 0;
    for (uint32_t i = 0; i < p->choice->sink_count; ++i) {
        value += mu_people_settle(p->market, p->choice->sink[i], p->trial);
    }
    if (value >= p->best_value) return value;
    for (size_t i = 0; i < p->choice->arc_count; ++i) {
        p->best[pair_at(p, i)->source] = p->trial[pair_at(p, i)->source];
    }
    p->best_value = value;
    return value;
}

static muster_status explore(proof *p, mu_objective bound);

static muster_status decide(proof *p, size_t pair, mu_objective bound) {
    const uint32_t team = pair_at(p, pair)->source;
    uint8_t       *before;
    MU_TRY(mu_alloc_copy(&before, p->decision, p->choice->arc_count, sizeof *before));
    for (size_t i = 0; i < p->choice->arc_count; ++i) {
        if (pair_at(p, i)->source == team) p->decision[i] = i == pair ? GOES : STAYS;
    }
    const muster_status status = explore(p, bound);
    for (size_t i = 0; i < p->choice->arc_count; ++i) p->decision[i] = before[i];
    mu_free(before);
    if (status != MUSTER_OK) return status;
    p->decision[pair] = STAYS;
    MU_TRY(explore(p, bound));
    p->decision[pair] = OPEN;
    return MUSTER_OK;
}

static void leave_open(proof *p, mu_objective bound) {
    if (!p->has_open || bound < p->open_bound) p->open_bound = bound;
    p->has_open = true;
}

/* All plans under the decisions so far; none of them is better than `bound`. */
static muster_status explore(proof *p, mu_objective bound) {
    bool                  is_optimal;
    const mu_flow_problem flow_problem = relaxation(p);
    if (bound >= p->best_value) return MUSTER_OK;
    if (p->node_count++ >= p->node_limit || mu_watch_is_over(p->watch)) {
        leave_open(p, bound);
        return MUSTER_OK;
    }
    MU_TRY(mu_flow_solve(&flow_problem, p->watch, p->flow, NULL, &is_optimal));
    if (!is_optimal) {
        leave_open(p, bound);
        return MUSTER_OK;
    }
    const mu_objective relaxed = value_of_flow(p, &flow_problem);
    if (relaxed >= p->best_value) return MUSTER_OK;
    size_t pair = read_flow(p, flow_problem.arc_count);
    if (pair == p->choice->arc_count) pair = find_below_minimum(p);
    if (settle_trial(p) <= relaxed) return MUSTER_OK;
    if (pair == p->choice->arc_count) {
        /* The relaxation knows nothing of fixed costs. */
        if (p->market->candidates->has_fixed_cost) leave_open(p, relaxed);
        return MUSTER_OK;
    }
    return decide(p, pair, relaxed);
}

/* ---- start and end ------------------------------------------------------------------- */

static muster_status prepare(proof *p, const uint32_t *team_of) {
    const mu_people_choice *c = p->choice;
    const mu_market        *m = p->market;
    const size_t            n = c->arc_count;
    MU_TRY(mu_alloc_zeroed(&p->decision, n, sizeof *p->decision));
    MU_TRY(mu_alloc(&p->source_of, m->source_count, sizeof *p->source_of));
    MU_TRY(mu_alloc(&p->sink_of, m->sink_count, sizeof *p->sink_of));
    MU_TRY(mu_alloc(&p->supply, m->source_count, sizeof *p->supply));
    MU_TRY(mu_alloc(&p->main_arc, m->source_count, sizeof *p->main_arc));
    MU_TRY(mu_alloc(&p->demand, c->sink_count, sizeof *p->demand));
    MU_TRY(mu_alloc(&p->short_cost, c->sink_count, sizeof *p->short_cost));
    MU_TRY(mu_alloc(&p->arc, n, sizeof *p->arc));
    MU_TRY(mu_alloc(&p->pair, n, sizeof *p->pair));
    MU_TRY(mu_alloc(&p->flow, n, sizeof *p->flow));
    MU_TRY(mu_alloc_copy(&p->trial, team_of, m->source_count, sizeof *team_of));
    return mu_alloc_copy(&p->best, team_of, m->source_count, sizeof *team_of);
}

static void number(proof *p) {
    const mu_market *m = p->market;
    for (uint32_t s = 0; s < m->source_count; ++s) p->source_of[s] = MUSTER_NONE;
    for (uint32_t j = 0; j < p->choice->sink_count; ++j) {
        p->sink_of[p->choice->sink[j]] = j;
        p->demand[j]                   = m->demand[p->choice->sink[j]];
        p->short_cost[j]               = m->short_cost[p->choice->sink[j]];
    }
    for (size_t i = 0; i < p->choice->arc_count; ++i) {
        const uint32_t team = pair_at(p, i)->source;
        if (p->source_of[team] != MUSTER_NONE) continue;
        p->supply[p->source_count] = m->supply[team];
        p->source_of[team]         = p->source_count++;
    }
}

static void give_back(proof *p) {
    mu_free(p->decision);
    mu_free(p->source_of);
    mu_free(p->sink_of);
    mu_free(p->supply);
    mu_free(p->main_arc);
    mu_free(p->demand);
    mu_free(p->short_cost);
    mu_free(p->arc);
    mu_free(p->pair);
    mu_free(p->flow);
    mu_free(p->trial);
    mu_free(p->best);
}

muster_status mu_people_prove(const mu_people_choice *choice, const mu_watch *watch,
                              uint32_t node_limit, uint32_t *team_of, mu_objective *out_bound) {
    proof p = {
        .choice = choice, .market = choice->market, .watch = watch, .node_limit = node_limit};
    muster_status status = prepare(&p, team_of);
    if (status == MUSTER_OK) {
        number(&p);
        for (uint32_t i = 0; i < choice->sink_count; ++i) {
            p.best_value += mu_people_settle(p.market, choice->sink[i], p.best);
        }
        status = explore(&p, 0);
    }
    if (status == MUSTER_OK) {
        *out_bound = p.has_open && p.open_bound < p.best_value ? p.open_bound : p.best_value;
        for (uint32_t s = 0; s < p.market->source_count; ++s) team_of[s] = p.best[s];
    }
    give_back(&p);
    return status;
}
