/* The network simplex against GLPK on random transportation problems, tier by tier, and
 * against the conditions that every flow must meet. */
#include "solver/flow.h"

#include <math.h>

#include "solver/lp.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { SOURCES = 8, SINKS = 9, ROUNDS = 400 };

typedef struct random_flow {
    int64_t      supply[SOURCES], demand[SINKS];
    mu_objective short_cost[SINKS];
    mu_flow_arc  arc[SOURCES * SINKS];
} random_flow;

static mu_flow_problem random_flow_problem(random_flow *r, uint64_t seed) {
    uint64_t rng  = seed * 7919 + 1;
    size_t   arcs = 0;
    for (uint32_t i = 0; i < SOURCES; ++i) r->supply[i] = random_below(&rng, 30);
    for (uint32_t j = 0; j < SINKS; ++j) {
        r->demand[j]     = 1 + random_below(&rng, 30);
        r->short_cost[j] = mu_objective_of(1 + random_below(&rng, 1000), 0);
    }
    for (uint32_t j = 0; j < SINKS; ++j) {
        for (uint32_t i = 0; i < SOURCES; ++i) {
            if (random_below(&rng, 3) == 0) continue;
            r->arc[arcs++] = (mu_flow_arc){mu_objective_of(0, random_below(&rng, 5) * 1000), i, j};
        }
    }
    return (mu_flow_problem){SOURCES, SINKS, r->supply, r->demand, r->short_cost, arcs, r->arc};
}

/* Every unit comes from somewhere and no sink gets more than it wants. */
static mu_objective judge(const mu_flow_problem *p, const int64_t *flow) {
    int64_t      sent[SOURCES] = {0}, got[SINKS] = {0};
    mu_objective sum = 0;
    for (size_t a = 0; a < p->arc_count; ++a) {
        assert_true(flow[a] >= 0);
        sent[p->arc[a].source] += flow[a];
        got[p->arc[a].sink] += flow[a];
        sum += flow[a] * p->arc[a].cost;
    }
    for (uint32_t i = 0; i < SOURCES; ++i) assert_true(sent[i] <= p->supply[i]);
    for (uint32_t j = 0; j < SINKS; ++j) {
        assert_true(got[j] <= p->demand[j]);
        sum += (p->demand[j] - got[j]) * p->short_cost[j];
    }
    return sum;
}

/* What tier 1 is worth in units of tier 2: more than all of tier 2 together. */
static const double TIER_1 = 1e7;

static double in_one(mu_objective o) {
    return TIER_1 * (double)mu_objective_unmet_need(o) + (double)mu_objective_response_time(o);
}

/* Both tiers by GLPK: a row a sink, then a row a source; a column an arc, then one a sink for who
 * stays short. */
static double solve_by_glpk(const mu_flow_problem *p, mu_watch *watch) {
    enum { COLUMNS = SOURCES * SINKS + SINKS };
    mu_lp_range row[SINKS + SOURCES];
    double      cost[COLUMNS];
    size_t      first[COLUMNS + 1] = {0}, entries = 0;
    uint32_t    entry[2 * COLUMNS], columns       = 0;
    mu_lp_live *lp;
    bool        is_optimal;
    for (uint32_t j = 0; j < SINKS; ++j) {
        row[j] = (mu_lp_range){(double)p->demand[j], (double)p->demand[j]};
    }
    for (uint32_t i = 0; i < SOURCES; ++i) {
        row[SINKS + i] = (mu_lp_range){-INFINITY, (double)p->supply[i]};
    }
    for (size_t a = 0; a < p->arc_count; ++a) {
        cost[columns]    = in_one(p->arc[a].cost);
        entry[entries++] = p->arc[a].sink;
        entry[entries++] = SINKS + p->arc[a].source;
        first[++columns] = entries;
    }
    for (uint32_t j = 0; j < SINKS; ++j) {
        cost[columns]    = in_one(p->short_cost[j]);
        entry[entries++] = j;
        first[++columns] = entries;
    }
    assert_int_equal(mu_lp_live_new(&lp, SINKS + SOURCES, row), MUSTER_OK);
    assert_int_equal(mu_lp_live_add(lp, columns, cost, first, entry), MUSTER_OK);
    assert_int_equal(mu_lp_live_solve(lp, MU_LP_PRIMAL, watch, &is_optimal), MUSTER_OK);
    assert_true(is_optimal);
    const double found = mu_lp_live_objective(lp);
    mu_lp_live_free(lp);
    return found;
}

static void network_simplex_agrees_with_glpk(void **state) {
    (void)state;
    const muster_solve_options no_limit = {.time_limit_ms = 0};
    mu_watch                   watch;
    mu_watch_start(&watch, &no_limit);
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        random_flow           r;
        int64_t               flow[SOURCES * SINKS];
        bool                  is_optimal;
        const mu_flow_problem p = random_flow_problem(&r, seed);
        assert_int_equal(mu_flow_solve(&p, &watch, flow, NULL, &is_optimal), MUSTER_OK);
        assert_true(is_optimal);
        const double found = in_one(judge(&p, flow));
        assert_true(fabs(found - solve_by_glpk(&p, &watch)) < 1e-9 * found + 1e-2);
    }
}

static void nothing_to_send_or_nobody_to_send_it_to(void **state) {
    (void)state;
    const muster_solve_options no_limit = {.time_limit_ms = 0};
    mu_watch                   watch;
    bool                       is_optimal = false;
    int64_t                    flow       = 7;
    const int64_t              one        = 1;
    const mu_objective         cost       = mu_objective_of(5, 0);
    const mu_flow_problem      nothing    = {0};
    const mu_flow_problem      alone      = {0, 1, NULL, &one, &cost, 0, NULL};
    mu_watch_start(&watch, &no_limit);
    assert_int_equal(mu_flow_solve(&nothing, &watch, &flow, NULL, &is_optimal), MUSTER_OK);
    assert_true(is_optimal);
    assert_int_equal(mu_flow_solve(&alone, &watch, &flow, NULL, &is_optimal), MUSTER_OK);
    assert_true(is_optimal);
    assert_int_equal(flow, 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(network_simplex_agrees_with_glpk),
        cmocka_unit_test(nothing_to_send_or_nobody_to_send_it_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
