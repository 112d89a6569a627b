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
        r->short_cost[j] = mu_cost_unmet(1 + random_below(&rng, 1000));
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

/* Tier 1 by GLPK, or tier 2 where tier 1 is held at `unmet_need`. */
static double solve_by_glpk(const mu_flow_problem *p, const mu_watch *watch, bool is_second,
                            double unmet_need) {
    mu_lp        lp = {0};
    double       x[SOURCES * SINKS + SINKS];
    mu_lp_result result;
    for (size_t a = 0; a < p->arc_count; ++a) {
        const double cost = is_second ? (double)mu_objective_response_time(p->arc[a].cost) : 0;
        mu_lp_add_column(&lp, (mu_lp_column){{0, INFINITY}, cost, false});
    }
    for (uint32_t j = 0; j < p->sink_count; ++j) {
        const double cost = is_second ? 0 : (double)mu_objective_unmet_need(p->short_cost[j]);
        mu_lp_add_column(&lp, (mu_lp_column){{0, INFINITY}, cost, false});
        mu_lp_add_row(&lp, (double)p->demand[j], (double)p->demand[j]);
        mu_lp_add_entry(&lp, j, (uint32_t)p->arc_count + j, 1);
    }
    for (uint32_t i = 0; i < p->source_count; ++i) {
        mu_lp_add_row(&lp, -INFINITY, (double)p->supply[i]);
    }
    for (size_t a = 0; a < p->arc_count; ++a) {
        mu_lp_add_entry(&lp, p->arc[a].sink, (uint32_t)a, 1);
        mu_lp_add_entry(&lp, p->sink_count + p->arc[a].source, (uint32_t)a, 1);
    }
    mu_lp_add_row(&lp, -INFINITY, is_second ? unmet_need : INFINITY);
    for (uint32_t j = 0; is_second && j < p->sink_count; ++j) {
        mu_lp_add_entry(&lp, p->sink_count + p->source_count, (uint32_t)p->arc_count + j,
                        (double)mu_objective_unmet_need(p->short_cost[j]));
    }
    assert_int_equal(mu_lp_solve(&lp, watch, 0, NULL, x, &result), MUSTER_OK);
    assert_true(result.is_optimal);
    mu_lp_fini(&lp);
    return result.bound;
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
        const mu_objective found  = judge(&p, flow);
        const double       first  = solve_by_glpk(&p, &watch, false, 0);
        const double       second = solve_by_glpk(&p, &watch, true, first);
        assert_true(fabs(first - (double)mu_objective_unmet_need(found)) < 1e-3);
        assert_true(fabs(second - (double)mu_objective_response_time(found)) < 1e-2);
    }
}

static void nothing_to_send_or_nobody_to_send_it_to(void **state) {
    (void)state;
    const muster_solve_options no_limit = {.time_limit_ms = 0};
    mu_watch                   watch;
    bool                       is_optimal = false;
    int64_t                    flow       = 7;
    const int64_t              one        = 1;
    const mu_objective         cost       = mu_cost_unmet(5);
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
