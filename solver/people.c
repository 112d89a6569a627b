/* If teams could be split, people would be a transportation problem. That relaxation gives
 * the bound, over all pairs, in milliseconds. The plan comes from there in two ways:
 *
 *   - Needs that share no team are independent. A component with few pairs is solved and
 *     proven exactly (people_proof.c); its value is the bound then.
 *   - A larger component is beyond GLPK (51% gap after a minute at 100 incidents), so its
 *     plan is improved piece by piece (large neighbourhood search: Shaw, CP 1998): a need,
 *     the needs it competes with for teams, and the teams near them are freed and decided
 *     anew by the same branch and bound, until rounds over all needs bring nothing or time
 *     is up. (With GLPK for the pieces, 300 incidents were at 453 M of unmet need after 2 s;
 *     this way they are at 346 M.)
 *
 * The needs' own order, integers, and comparisons without ties by clock make each round the
 * same every time; only how many rounds there are depends on the time limit. */
#include "solver/people.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/people_model.h"
#include "solver/people_piece.h"
#include "solver/people_proof.h"
#include "solver/people_value.h"

enum {
    EXACT_PAIRS    = 150,
    SHORT_PROOF    = 300, /* nodes: a few milliseconds */
    LONG_PROOF     = 20000,
    EXACT_LIMIT_MS = 1000 /* for each tier's program of a small component */
};

typedef struct people {
    mu_market market;
    mu_watch *watch;
    mu_piece  piece;
    uint32_t *team_of;    /* [source_count] sink, or MUSTER_NONE */
    uint32_t *component;  /* [sink_count] its smallest sink */
    size_t   *pair_count; /* [sink_count] of the component, at its smallest sink */
    /* Scratch for the choice in hand. */
    uint32_t *sink;
    size_t   *arc;
    uint32_t *before;
} people;

/* ---- values -------------------------------------------------------------------------- */

static mu_objective settle_choice(people *s, const mu_people_choice *choice) {
    mu_objective value = 0;
    for (uint32_t i = 0; i < choice->sink_count; ++i) {
        value += mu_people_settle(&s->market, choice->sink[i], s->team_of);
    }
    return value;
}

/* Decide a choice anew by GLPK; keep the result if it is better. A failing solver changes
 * nothing. */
static muster_status decide(people *s, const mu_people_choice *choice) {
    const mu_objective old = settle_choice(s, choice);
    for (uint32_t t = 0; t < s->market.source_count; ++t) s->before[t] = s->team_of[t];
    const muster_status status = mu_people_choose(choice, s->watch, EXACT_LIMIT_MS, s->team_of);
    if (status != MUSTER_OK && status != MUSTER_E_SOLVER) return status;
    if (settle_choice(s, choice) < old) return MUSTER_OK;
    for (uint32_t t = 0; t < s->market.source_count; ++t) s->team_of[t] = s->before[t];
    return MUSTER_OK;
}

/* ---- components ---------------------------------------------------------------------- */

static uint32_t find(uint32_t *leader, uint32_t sink) {
    while (leader[sink] != sink) {
        leader[sink] = leader[leader[sink]];
        sink         = leader[sink];
    }
    return sink;
}

/* Sinks that share a team are one component, led by its smallest. */
static muster_status find_components(people *s) {
    const mu_market *m = &s->market;
    uint32_t        *first_sink;
    MU_TRY(mu_alloc(&first_sink, m->source_count, sizeof *first_sink));
    for (uint32_t t = 0; t < m->source_count; ++t) first_sink[t] = MUSTER_NONE;
    for (uint32_t j = 0; j < m->sink_count; ++j) s->component[j] = j;
    for (size_t a = 0; a < m->arc_count; ++a) {
        uint32_t *first = &first_sink[m->arc[a].source];
        if (*first == MUSTER_NONE) *first = m->arc[a].sink;
        const uint32_t x = find(s->component, *first), y = find(s->component, m->arc[a].sink);
        if (x < y) s->component[y] = x;
        if (y < x) s->component[x] = y;
    }
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        s->component[j] = find(s->component, j);
        s->pair_count[s->component[j]] += s->market.first_arc[j + 1] - s->market.first_arc[j];
    }
    mu_free(first_sink);
    return MUSTER_OK;
}

static mu_people_choice choose_component(people *s, uint32_t leader) {
    mu_people_choice c = {.market = &s->market, .sink = s->sink, .arc = s->arc};
    for (uint32_t j = leader; j < s->market.sink_count; ++j) {
        if (s->component[j] != leader) continue;
        s->sink[c.sink_count++] = j;
        for (size_t a = s->market.first_arc[j]; a < s->market.first_arc[j + 1]; ++a)
            s->arc[c.arc_count++] = a;
    }
    return c;
}

/* ---- pieces of large components ------------------------------------------------------ */

/* How hard to try: cheap pieces until a round brings nothing, then larger and deeper ones. */
typedef struct effort {
    mu_piece_size size;
    uint32_t      nodes; /* of the branch and bound */
} effort;

/* One piece round every need of a large component. */
static muster_status do_round(people *s, const effort *e, uint32_t stride, bool *out_is_better) {
    *out_is_better = false;
    for (uint32_t j = 0; j < s->market.sink_count && !mu_watch_is_over(s->watch); ++j) {
        mu_objective bound; /* of this piece: no use to the whole */
        if (s->pair_count[s->component[j]] <= EXACT_PAIRS) continue;
        mu_watch_report(s->watch, "improving teams", (double)j / s->market.sink_count);
        const mu_people_choice c   = mu_piece_choose(&s->piece, e->size, s->team_of, j, stride);
        const mu_objective     old = settle_choice(s, &c);
        MU_TRY(mu_people_prove(&c, s->watch, e->nodes, s->team_of, &bound));
        *out_is_better |= settle_choice(s, &c) < old;
    }
    return MUSTER_OK;
}

static muster_status improve_pieces(people *s) {
    enum { STRIDES = 4 };
    static const effort EFFORT[] = {{{6, 8}, 60}, {{8, 10}, 400}, {{12, 12}, 3000}};
    for (size_t level = 0; level < sizeof EFFORT / sizeof *EFFORT; ++level) {
        for (uint32_t stride = 1, idle_rounds = 0; idle_rounds < STRIDES;) {
            bool is_better;
            if (mu_watch_is_over(s->watch)) return MUSTER_OK;
            MU_TRY(do_round(s, &EFFORT[level], stride, &is_better));
            idle_rounds = is_better ? 0 : idle_rounds + 1;
            stride      = stride % STRIDES + 1;
        }
    }
    return MUSTER_OK;
}

/* ---- bounds -------------------------------------------------------------------------- */

/* Add what the relaxation says about each component, at its leader; nothing where the watch
 * ran out before it was solved: no plan costs less than nothing. */
static muster_status relax(people *s, mu_objective *component_bound) {
    const mu_market      *m = &s->market;
    const mu_flow_problem p = mu_market_flow_problem(m);
    int64_t              *flow;
    bool                  is_optimal;
    MU_TRY(mu_alloc(&flow, m->arc_count, sizeof *flow));
    const muster_status status = mu_flow_solve(&p, s->watch, flow, &is_optimal);
    for (uint32_t j = 0; status == MUSTER_OK && is_optimal && j < m->sink_count; ++j) {
        mu_objective *bound = &component_bound[s->component[j]];
        *bound += m->demand[j] * m->short_cost[j];
        for (size_t a = s->market.first_arc[j]; a < s->market.first_arc[j + 1]; ++a) {
            *bound += flow[a] * (m->arc[a].cost - m->short_cost[j]);
        }
    }
    mu_free(flow);
    return status;
}

/* A short proof is the quickest way to the best plan of most; where it is not short, the
 * integer program finds a good plan first, which is what a long one needs. */
static muster_status solve_small(people *s, uint32_t leader, mu_objective *bound) {
    mu_objective           proven;
    const mu_people_choice c = choose_component(s, leader);
    if (settle_choice(s, &c) == *bound) return MUSTER_OK;
    MU_TRY(mu_people_prove(&c, s->watch, SHORT_PROOF, s->team_of, &proven));
    if (settle_choice(s, &c) != proven) {
        MU_TRY(decide(s, &c));
        MU_TRY(mu_people_prove(&c, s->watch, LONG_PROOF, s->team_of, &proven));
    }
    if (proven > *bound) *bound = proven;
    return MUSTER_OK;
}

static muster_status solve_small_components(people *s, mu_objective *component_bound) {
    for (uint32_t j = 0; j < s->market.sink_count; ++j) {
        if (s->component[j] != j || s->pair_count[j] > EXACT_PAIRS) continue;
        MU_TRY(solve_small(s, j, &component_bound[j]));
    }
    return MUSTER_OK;
}

/* ---- all of it ----------------------------------------------------------------------- */

static muster_status prepare(people *s) {
    const mu_market *m = &s->market;
    MU_TRY(mu_alloc(&s->team_of, m->source_count, sizeof *s->team_of));
    MU_TRY(mu_alloc(&s->before, m->source_count, sizeof *s->before));
    MU_TRY(mu_alloc(&s->component, m->sink_count, sizeof *s->component));
    MU_TRY(mu_alloc_zeroed(&s->pair_count, m->sink_count, sizeof *s->pair_count));
    MU_TRY(mu_alloc(&s->sink, m->sink_count, sizeof *s->sink));
    MU_TRY(mu_alloc(&s->arc, m->arc_count, sizeof *s->arc));
    return mu_piece_init(&s->piece, m);
}

static void give_back(people *s) {
    mu_free(s->team_of);
    mu_free(s->before);
    mu_free(s->component);
    mu_free(s->pair_count);
    mu_free(s->sink);
    mu_free(s->arc);
    mu_piece_fini(&s->piece);
    mu_market_fini(&s->market);
}

static muster_status read_incumbent(people *s, const mu_draft *incumbent) {
    const mu_market      *m = &s->market;
    const muster_problem *p = m->candidates->travel->problem;
    uint32_t             *need_of; /* by team */
    MU_TRY(mu_alloc(&need_of, p->team_count, sizeof *need_of));
    for (uint32_t t = 0; t < p->team_count; ++t) need_of[t] = MUSTER_NONE;
    for (size_t i = 0; i < incumbent->count; ++i) {
        const mu_dispatch *d = &incumbent->dispatch[i];
        if (d->resource == MUSTER_PEOPLE) need_of[d->index] = d->need;
    }
    for (uint32_t t = 0; t < m->source_count; ++t) s->team_of[t] = MUSTER_NONE;
    for (size_t a = 0; a < m->arc_count; ++a) {
        const mu_flow_arc *arc = &m->arc[a];
        if (need_of[m->index[arc->source]] == m->need[arc->sink]) {
            s->team_of[arc->source] = arc->sink;
        }
    }
    mu_free(need_of);
    return MUSTER_OK;
}

static muster_status write_plan(const people *s, mu_draft *draft) {
    const mu_market *m = &s->market;
    for (size_t a = 0; a < m->arc_count; ++a) {
        const mu_flow_arc *arc = &m->arc[a];
        if (s->team_of[arc->source] != arc->sink) continue;
        MU_TRY(mu_draft_add(draft, MUSTER_PEOPLE, m->index[arc->source], m->need[arc->sink],
                            m->eta_ms[a], m->supply[arc->source]));
    }
    return MUSTER_OK;
}

static muster_status improve(people *s, const mu_draft *incumbent, mu_draft *draft,
                             mu_objective *bound) {
    mu_objective *component_bound;
    MU_TRY(prepare(s));
    MU_TRY(read_incumbent(s, incumbent));
    MU_TRY(find_components(s));
    MU_TRY(mu_alloc_zeroed(&component_bound, s->market.sink_count, sizeof *component_bound));
    muster_status status = relax(s, component_bound);
    if (status == MUSTER_OK) status = solve_small_components(s, component_bound);
    if (status == MUSTER_OK) status = improve_pieces(s);
    for (uint32_t j = 0; j < s->market.sink_count; ++j) {
        (void)mu_people_settle(&s->market, j, s->team_of);
        if (s->component[j] == j) *bound += component_bound[j];
    }
    mu_free(component_bound);
    if (status == MUSTER_OK) status = write_plan(s, draft);
    return status;
}

static muster_status list_needs(const muster_problem *p, uint32_t **out, uint32_t *out_count) {
    MU_TRY(mu_alloc(out, p->need_count, sizeof **out));
    *out_count = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (mu_need_resource(p, n) == MUSTER_PEOPLE) (*out)[(*out_count)++] = n;
    }
    return MUSTER_OK;
}

muster_status mu_people_improve(mu_draft *draft, mu_objective *bound, const mu_draft *incumbent,
                                const mu_candidates *candidates, mu_watch *watch) {
    people    s = {.watch = watch};
    uint32_t *need, need_count;
    MU_TRY(list_needs(candidates->travel->problem, &need, &need_count));
    muster_status status = mu_market_init(&s.market, candidates, MUSTER_PEOPLE, need, need_count);
    mu_free(need);
    if (status == MUSTER_OK) status = improve(&s, incumbent, draft, bound);
    give_back(&s);
    return status;
}
