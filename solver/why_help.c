/* What one more would be worth.
 *
 * All needs that share resources with this one are a transportation problem once teams may be split
 * and minimums do not count. It is solved as it is, and once more with one unit less asked for here:
 * that is one unit more, standing at the incident. The difference is exact, for the relaxation.
 *
 * The prices of the first solution bound it: a linear program's optimum is convex in what is asked
 * for, so its slope at hand is never less than what a step gains. A need's price follows from those
 * of the sources: it is served by the cheapest of them, or goes short. */
#include <string.h>

#include "core/alloc.h"
#include "solver/candidates.h"
#include "solver/flow.h"
#include "solver/weights.h"
#include "solver/why.h"

typedef struct relaxation {
    const muster_reasons *book;
    muster_resource       resource;
    uint32_t              sink_count, here; /* `here`: the sink of the need asked about */
    uint32_t             *need;             /* [sink_count] */
    int64_t              *supply;           /* by unit: each is a source */
    int64_t              *demand;           /* [sink_count] */
    mu_objective         *short_cost;       /* [sink_count] */
    mu_flow_arc          *arc;
    int64_t              *response_s; /* by arc: as tier 2 counts the ETA */
    size_t                arc_count;
    int64_t              *flow;
    mu_objective         *price; /* by unit */
} relaxation;

typedef struct value {
    int64_t unmet_need, response_time;
} value;

/* People have several capabilities, so all needs of people hang together. */
static bool shares(const muster_problem *p, uint32_t a, uint32_t b) {
    if (mu_need_resource(p, a) == MUSTER_PEOPLE) return mu_need_resource(p, b) == MUSTER_PEOPLE;
    return p->need[a].kind == p->need[b].kind;
}

static muster_status list_sinks(relaxation *r, uint32_t need) {
    const muster_problem *p = r->book->problem;
    MU_TRY(mu_alloc(&r->need, p->need_count, sizeof *r->need));
    MU_TRY(mu_alloc(&r->demand, p->need_count, sizeof *r->demand));
    MU_TRY(mu_alloc(&r->short_cost, p->need_count, sizeof *r->short_cost));
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const size_t arcs = r->book->first[n + 1] - r->book->first[n];
        if (n == need) {
            r->here = r->sink_count;
        } else if (!shares(p, need, n) || arcs == 0) {
            continue;
        }
        r->need[r->sink_count]         = n;
        r->demand[r->sink_count]       = p->need[n].quantity;
        r->short_cost[r->sink_count++] = mu_objective_of(mu_price(p, n), 0);
        r->arc_count += arcs;
    }
    return MUSTER_OK;
}

static muster_status list_arcs(relaxation *r) {
    const muster_problem *p     = r->book->problem;
    const uint32_t        units = muster_problem_unit_count(p, r->resource);
    size_t                next  = 0;
    MU_TRY(mu_alloc(&r->supply, units, sizeof *r->supply));
    MU_TRY(mu_alloc(&r->price, units, sizeof *r->price));
    MU_TRY(mu_alloc(&r->arc, r->arc_count, sizeof *r->arc));
    MU_TRY(mu_alloc(&r->response_s, r->arc_count, sizeof *r->response_s));
    MU_TRY(mu_alloc(&r->flow, r->arc_count, sizeof *r->flow));
    for (uint32_t u = 0; u < units; ++u) r->supply[u] = mu_book_supply(r->book, r->resource, u);
    for (uint32_t j = 0; j < r->sink_count; ++j) {
        const uint32_t n = r->need[j];
        for (size_t a = r->book->first[n]; a < r->book->first[n + 1]; ++a) {
            const mu_book_arc *arc = &r->book->arc[a];
            r->response_s[next]    = mu_response_s(p, p->need[n].incident, arc->eta_ms);
            r->arc[next] = (mu_flow_arc){mu_objective_of(0, mu_price(p, n) * r->response_s[next]),
                                         arc->index, j};
            ++next;
        }
    }
    return MUSTER_OK;
}

static void relaxation_fini(relaxation *r) {
    mu_free(r->need);
    mu_free(r->demand);
    mu_free(r->short_cost);
    mu_free(r->supply);
    mu_free(r->price);
    mu_free(r->arc);
    mu_free(r->response_s);
    mu_free(r->flow);
}

/* The tiers apart, since differences of the two in one number would run into each other. */
static value evaluate(const relaxation *r) {
    const muster_problem *p   = r->book->problem;
    value                 out = {0};
    for (uint32_t j = 0; j < r->sink_count; ++j) {
        out.unmet_need += mu_price(p, r->need[j]) * r->demand[j];
    }
    for (size_t a = 0; a < r->arc_count; ++a) {
        const int64_t price = mu_price(p, r->need[r->arc[a].sink]);
        out.unmet_need -= price * r->flow[a];
        out.response_time += price * r->flow[a] * r->response_s[a];
    }
    return out;
}

/* A price as tiers; the second may be negative beside the first. */
static value split(mu_objective o) {
    const mu_objective half = (mu_objective)1 << 63;
    const int64_t      high = (int64_t)((o + half) >> 64);
    return (value){high, (int64_t)(o - (mu_objective)high * (half * 2))};
}

static void read_prices(const relaxation *r, muster_help *out) {
    mu_objective here = r->short_cost[r->here], scarcest = -1;
    out->source = MUSTER_NONE;
    for (size_t a = 0; a < r->arc_count; ++a) {
        if (r->arc[a].sink != r->here) continue;
        const uint32_t     u    = r->arc[a].source;
        const mu_objective cost = r->arc[a].cost + r->price[u];
        if (cost < here) here = cost;
        if (r->price[u] <= scarcest) continue; /* nearest first: of equal ones the nearest */
        scarcest    = r->price[u];
        out->source = u;
    }
    const value bound        = split(here);
    out->unmet_need_bound    = bound.unmet_need;
    out->response_time_bound = bound.response_time;
    if (out->source == MUSTER_NONE) return;
    const value source        = split(scarcest);
    out->source_unmet_need    = source.unmet_need;
    out->source_response_time = source.response_time;
}

static bool is_exact(const relaxation *r) {
    if (r->resource == MUSTER_PEOPLE || r->book->problem->rule_count > 0) return false;
    if (r->resource == MUSTER_VEHICLE &&
        r->book->problem->item_transport == MUSTER_ITEMS_BY_VEHICLE) {
        return false;
    }
    for (uint32_t j = 0; j < r->sink_count; ++j) {
        if (r->book->problem->need[r->need[j]].minimum > 1) return false;
        if (mu_book_is_bound(r->book, r->need[j])) return false;
    }
    return true;
}

/* Solve the first `arc_count` arcs; no clock runs, so the end is the optimum. */
static muster_status solve(relaxation *r, value *out) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = 0;
    mu_watch watch;
    bool     is_optimal;
    mu_watch_start(&watch, &options);
    const mu_flow_problem flow = {.source_count =
                                      muster_problem_unit_count(r->book->problem, r->resource),
                                  .sink_count = r->sink_count,
                                  .supply     = r->supply,
                                  .demand     = r->demand,
                                  .short_cost = r->short_cost,
                                  .arc_count  = r->arc_count,
                                  .arc        = r->arc};
    MU_TRY(mu_flow_solve(&flow, &watch, r->flow, r->price, &is_optimal));
    *out = evaluate(r);
    return MUSTER_OK;
}

/* One unit less is asked for here. A sink that asks for nothing has no arcs. */
static void take_one(relaxation *r) {
    if (--r->demand[r->here] > 0) return;
    size_t kept = 0;
    for (size_t a = 0; a < r->arc_count; ++a) {
        if (r->arc[a].sink == r->here) continue;
        r->arc[kept]          = r->arc[a];
        r->response_s[kept++] = r->response_s[a];
    }
    r->arc_count = kept;
}

static muster_status compare(relaxation *r, uint32_t need, muster_help *out) {
    value now, then;
    MU_TRY(list_sinks(r, need));
    MU_TRY(list_arcs(r));
    MU_TRY(solve(r, &now));
    read_prices(r, out);
    out->is_exact = is_exact(r);
    take_one(r);
    MU_TRY(solve(r, &then));
    out->unmet_need_gain    = now.unmet_need - then.unmet_need;
    out->response_time_gain = now.response_time - then.response_time;
    return MUSTER_OK;
}

muster_status mu_why_find_help(muster_why *why) {
    relaxation r     = {.book = why->book};
    why->help.source = MUSTER_NONE;
    if (mu_is_shipped(why->book->problem, why->need)) return MUSTER_OK;
    r.resource                 = mu_need_resource(why->book->problem, why->need);
    const muster_status status = compare(&r, why->need, &why->help);
    relaxation_fini(&r);
    return status;
}
