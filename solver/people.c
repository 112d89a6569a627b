/* Needs that share no team are independent. A component with few pairs is solved and proven
 * exactly (people_proof.c); the others go to the engine for large ones together
 * (team_engine.c). First of all the relaxation, in which teams may be split: a transportation
 * problem, it bounds each component and sometimes settles it. */
#include "solver/people.h"

#include "core/alloc.h"
#include "solver/people_proof.h"
#include "solver/people_value.h"
#include "solver/team_engine.h"

enum {
    EXACT_PAIRS = 150,
    PROOF_NODES = 20000 /* of the branch and bound of a small component */
};

typedef struct people {
    mu_market     market;
    mu_watch     *watch;
    mu_warm      *warm;
    uint32_t     *team_of;    /* [source_count] sink, or MUSTER_NONE */
    uint32_t     *component;  /* [sink_count] its smallest sink */
    size_t       *pair_count; /* [sink_count] of the component, at its smallest sink */
    mu_objective *least;      /* [sink_count] the component's bound, at its smallest sink */
    mu_objective *price;      /* [source_count] of a person, from the relaxation */
    bool         *is_open;    /* [sink_count] the component is not settled yet, at its leader */
    /* Scratch for the component in hand. */
    uint32_t *sink;
    size_t   *arc;
} people;

/* ---- components ---------------------------------------------------------------------- */

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

static mu_objective settle_component(people *s, uint32_t leader) {
    mu_objective value = 0;
    for (uint32_t j = leader; j < s->market.sink_count; ++j) {
        if (s->component[j] == leader) value += mu_people_settle(&s->market, j, s->team_of);
    }
    return value;
}

/* ---- bounds -------------------------------------------------------------------------- */

/* What the relaxation says about each component, at its leader; nothing where the watch ran out
 * before it was solved: no plan costs less than nothing. */
static muster_status relax(people *s) {
    const mu_market      *m = &s->market;
    const mu_flow_problem p = mu_market_flow_problem(m);
    int64_t              *flow;
    bool                  is_optimal = false;
    MU_TRY(mu_alloc(&flow, m->arc_count, sizeof *flow));
    const muster_status status = mu_flow_solve(&p, s->watch, flow, s->price, &is_optimal);
    for (uint32_t j = 0; status == MUSTER_OK && is_optimal && j < m->sink_count; ++j) {
        mu_objective *least = &s->least[s->component[j]];
        *least += m->demand[j] * m->short_cost[j];
        for (size_t a = s->market.first_arc[j]; a < s->market.first_arc[j + 1]; ++a) {
            *least += flow[a] * (m->arc[a].cost - m->short_cost[j]);
        }
    }
    mu_free(flow);
    return status;
}

static muster_status solve_small_components(people *s) {
    for (uint32_t j = 0; j < s->market.sink_count; ++j) {
        mu_objective proven;
        if (s->component[j] != j || s->pair_count[j] > EXACT_PAIRS) continue;
        if (settle_component(s, j) == s->least[j]) continue;
        const mu_people_choice c = choose_component(s, j);
        MU_TRY(mu_people_prove(&c, s->watch, PROOF_NODES, s->team_of, &proven));
        if (proven > s->least[j]) s->least[j] = proven;
    }
    return MUSTER_OK;
}

/* ---- open components ------------------------------------------------------------------- */

/* A component is not settled as long as an incident that is all or nothing lacks its minimum. */
static void open_broken(people *s) {
    const mu_market *m = &s->market;
    for (uint32_t j = 0; m->candidates->has_stake && j < m->sink_count; ++j) {
        int64_t sent = 0;
        if (mu_market_stake(m, j) == 0) continue;
        for (size_t a = m->first_arc[j]; a < m->first_arc[j + 1]; ++a) {
            if (s->team_of[m->arc[a].source] == j) sent += m->supply[m->arc[a].source];
        }
        if (sent < mu_market_minimum(m, j)) s->is_open[s->component[j]] = true;
    }
}

/* The market of the needs that are open, or of those that are not. */
static muster_status make_market(const people *s, bool open, mu_market *out) {
    bool *is_chosen;
    *out = (mu_market){0};
    MU_TRY(mu_alloc(&is_chosen, s->market.sink_count, sizeof *is_chosen));
    for (uint32_t j = 0; j < s->market.sink_count; ++j) {
        is_chosen[j] = s->is_open[s->component[j]] == open;
    }
    const muster_status status = mu_market_init_chosen(out, &s->market, is_chosen);
    mu_free(is_chosen);
    return status;
}

/* Scratch for the engine's own view of the open needs. */
typedef struct open_needs {
    mu_market market;
    uint32_t *team_of, *part, *sink_of, *source_of, *open_of;
} open_needs;

static muster_status run_engine(people *s, open_needs *o, uint32_t thread_count, mu_bound *bound) {
    mu_market *m = &o->market;
    MU_TRY(make_market(s, true, m));
    if (m->sink_count == 0) return MUSTER_OK;
    MU_TRY(mu_alloc(&o->team_of, m->source_count, sizeof *o->team_of));
    MU_TRY(mu_alloc(&o->part, m->sink_count, sizeof *o->part));
    MU_TRY(mu_alloc(&o->sink_of, m->sink_count, sizeof *o->sink_of));
    MU_TRY(mu_alloc(&o->open_of, s->market.sink_count, sizeof *o->open_of));
    MU_TRY(mu_alloc(&o->source_of, m->source_count, sizeof *o->source_of));
    MU_TRY(mu_market_match_sources(m, &s->market, o->source_of));
    mu_market_match_sinks(m, &s->market, o->sink_of);
    for (uint32_t j = 0; j < m->sink_count; ++j) o->open_of[o->sink_of[j]] = j;
    for (uint32_t t = 0; t < m->source_count; ++t) {
        const uint32_t sink = s->team_of[o->source_of[t]];
        o->team_of[t]       = sink == MUSTER_NONE ? MUSTER_NONE : o->open_of[sink];
    }
    mu_market_find_parts(m, o->part);
    MU_TRY(mu_team_engine_run(m, o->part, thread_count, s->watch, o->team_of, bound, s->warm));
    for (uint32_t t = 0; t < m->source_count; ++t) {
        s->team_of[o->source_of[t]] =
            o->team_of[t] == MUSTER_NONE ? MUSTER_NONE : o->sink_of[o->team_of[t]];
    }
    return MUSTER_OK;
}

static muster_status solve_open(people *s, uint32_t thread_count, mu_bound *bound) {
    open_needs          o      = {0};
    const muster_status status = run_engine(s, &o, thread_count, bound);
    mu_market_fini(&o.market);
    mu_free(o.team_of);
    mu_free(o.part);
    mu_free(o.sink_of);
    mu_free(o.open_of);
    mu_free(o.source_of);
    return status;
}

/* The settled components cost the same whatever the weights say, but their bound at these weights
 * is the relaxation's. */
static muster_status bound_settled(const people *s, mu_bound *bound) {
    mu_market     settled;
    uint32_t     *source_of = NULL;
    mu_objective *price     = NULL;
    MU_TRY(make_market(s, false, &settled));
    muster_status status = mu_alloc(&source_of, settled.source_count, sizeof *source_of);
    if (status == MUSTER_OK) status = mu_alloc(&price, settled.source_count, sizeof *price);
    if (status == MUSTER_OK) status = mu_market_match_sources(&settled, &s->market, source_of);
    if (status == MUSTER_OK) {
        for (uint32_t t = 0; t < settled.source_count; ++t) {
            price[t] = s->price[source_of[t]];
        }
        mu_bound_add_relaxation(bound, &settled, price);
    }
    mu_free(source_of);
    mu_free(price);
    mu_market_fini(&settled);
    return status;
}

/* ---- all of it ----------------------------------------------------------------------- */

static muster_status prepare(people *s) {
    const mu_market *m = &s->market;
    MU_TRY(mu_alloc(&s->team_of, m->source_count, sizeof *s->team_of));
    MU_TRY(mu_alloc_zeroed(&s->price, m->source_count, sizeof *s->price));
    MU_TRY(mu_alloc(&s->component, m->sink_count, sizeof *s->component));
    MU_TRY(mu_alloc_zeroed(&s->pair_count, m->sink_count, sizeof *s->pair_count));
    MU_TRY(mu_alloc_zeroed(&s->least, m->sink_count, sizeof *s->least));
    MU_TRY(mu_alloc_zeroed(&s->is_open, m->sink_count, sizeof *s->is_open));
    MU_TRY(mu_alloc(&s->sink, m->sink_count, sizeof *s->sink));
    MU_TRY(mu_alloc(&s->arc, m->arc_count, sizeof *s->arc));
    mu_market_find_parts(m, s->component);
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        s->pair_count[s->component[j]] += m->first_arc[j + 1] - m->first_arc[j];
    }
    return MUSTER_OK;
}

static void give_back(people *s) {
    mu_free(s->team_of);
    mu_free(s->price);
    mu_free(s->component);
    mu_free(s->pair_count);
    mu_free(s->least);
    mu_free(s->is_open);
    mu_free(s->sink);
    mu_free(s->arc);
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

/* Open components are bounded by the relaxation and by the engine: the better one counts. */
static void add_bounds(people *s, const mu_bound *engine, mu_bound *bound) {
    mu_objective relaxed = 0;
    for (uint32_t j = 0; j < s->market.sink_count; ++j) {
        if (s->component[j] != j) continue;
        if (s->is_open[j]) {
            relaxed += s->least[j];
        } else {
            bound->tiers += s->least[j];
        }
    }
    const mu_objective open  = relaxed > engine->tiers ? relaxed : engine->tiers;
    const int64_t      unmet = mu_objective_unmet_need(open);
    bound->tiers += open;
    bound->together += engine->together > unmet ? engine->together : unmet;
    for (int r = 0; r < MU_BOUND_RATES; ++r) bound->weighed[r] += engine->weighed[r];
}

static muster_status improve(people *s, const mu_draft *incumbent, uint32_t thread_count,
                             mu_draft *draft, mu_bound *bound) {
    mu_bound engine = mu_bound_of_part(bound);
    MU_TRY(prepare(s));
    MU_TRY(read_incumbent(s, incumbent));
    MU_TRY(relax(s));
    MU_TRY(solve_small_components(s));
    for (uint32_t j = 0; j < s->market.sink_count; ++j) {
        if (s->component[j] == j) s->is_open[j] = settle_component(s, j) != s->least[j];
    }
    open_broken(s);
    MU_TRY(bound_settled(s, bound));
    if (bound->rates[0].unmet_need > 0 && !mu_watch_is_late(s->watch)) {
        MU_TRY(solve_open(s, thread_count, &engine));
    }
    for (uint32_t j = 0; j < s->market.sink_count; ++j) {
        (void)mu_people_settle(&s->market, j, s->team_of);
    }
    add_bounds(s, &engine, bound);
    return write_plan(s, draft);
}

static muster_status list_needs(const muster_problem *p, uint32_t **out, uint32_t *out_count) {
    MU_TRY(mu_alloc(out, p->need_count, sizeof **out));
    *out_count = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (mu_need_resource(p, n) == MUSTER_PEOPLE) (*out)[(*out_count)++] = n;
    }
    return MUSTER_OK;
}

muster_status mu_people_improve(mu_draft *draft, mu_bound *bound, const mu_draft *incumbent,
                                const mu_candidates *candidates, uint32_t thread_count,
                                mu_watch *watch, mu_warm *warm) {
    people    s = {.watch = watch, .warm = warm};
    uint32_t *need, need_count;
    MU_TRY(list_needs(candidates->travel->problem, &need, &need_count));
    muster_status status = mu_market_init(&s.market, candidates, MUSTER_PEOPLE, need, need_count);
    mu_free(need);
    if (status == MUSTER_OK) status = improve(&s, incumbent, thread_count, draft, bound);
    give_back(&s);
    return status;
}
