/* What the judge is told of the roads is what the road engine says, however it was asked before; and a
 * judge who knows the roads already is no milder. */
#include "solver/judge_roads.h"

#include <math.h>
#include <muster/matrix.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/check.h"
#include "solver/plan.h"
#include "tests/support/random_problem.h"

enum { SEEDS = 40, METRICS = 2, MOST = 64 };

static random_problem r;

static muster_site site_of(const mu_judge_roads *roads, uint32_t place) {
    return roads->site[place];
}

static muster_snap snap_of(const mu_judge_roads *roads, uint32_t metric, uint32_t place) {
    const muster_site site = site_of(roads, place);
    muster_snap       snap;
    assert_int_equal(
        muster_snap_sites(r.problem.metric[metric], 1, &site.lon_deg, &site.lat_deg, NULL, &snap),
        MUSTER_OK);
    return snap;
}

static void assert_is_answer(const mu_judge_roads *roads, const mu_judge_way *asked,
                             const mu_judge_way *way) {
    const muster_snap from = snap_of(roads, asked->metric, asked->from);
    const muster_snap to   = snap_of(roads, asked->metric, asked->to);
    uint32_t          ms;
    double            m;
    assert_int_equal(muster_matrix(r.problem.metric[way->metric], 1, &from, 1, &to, 1, &ms, &m),
                     MUSTER_OK);
    assert_int_equal(way->ms, ms);
    assert_true(isnan(m) ? isnan(way->m) : way->m == m);
}

static uint32_t draw_ways(const mu_judge_roads *roads, uint64_t *rng, mu_judge_way way[MOST]) {
    const uint32_t count = random_below(rng, MOST + 1);
    for (uint32_t i = 0; i < count; ++i) {
        way[i] = (mu_judge_way){.metric = random_below(rng, METRICS),
                                .from   = random_below(rng, roads->place_count),
                                .to     = random_below(rng, roads->place_count)};
    }
    return count;
}

static void each_way_is_a_cell_of_a_table_whatever_was_asked_before(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        mu_judge_roads roads = {0};
        mu_judge_way   asked[MOST], way[MOST];
        uint64_t       rng = seed;
        random_problem_new(&r, seed);
        assert_int_equal(mu_judge_roads_open(&roads, &r.problem, 1), MUSTER_OK);
        for (int round = 0; round < 4; ++round) {
            const uint32_t count = draw_ways(&roads, &rng, asked);
            memcpy(way, asked, count * sizeof *way);
            assert_int_equal(mu_judge_measure(&roads, count, way), MUSTER_OK);
            for (uint32_t i = 0; i < count; ++i) assert_is_answer(&roads, &asked[i], &way[i]);
        }
        mu_judge_roads_fini(&roads);
        random_problem_free(&r);
    }
}

static void draw_places(const mu_judge_roads *roads, uint64_t *rng, uint32_t count, uint32_t *out) {
    for (uint32_t i = 0; i < count; ++i) out[i] = random_below(rng, roads->place_count);
}

/* Rows and columns that the last table had, that are new, and that come twice. */
static void a_table_made_of_an_old_one_is_as_good_as_a_new_one(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        mu_judge_roads        roads = {0};
        uint32_t              from[MOST], to[MOST];
        const mu_judge_table *table;
        uint64_t              rng = seed;
        random_problem_new(&r, seed);
        assert_int_equal(mu_judge_roads_open(&roads, &r.problem, 1), MUSTER_OK);
        draw_places(&roads, &rng, MOST, from);
        for (int round = 0; round < 6; ++round) {
            const uint32_t metric = random_below(&rng, METRICS);
            const uint32_t rows   = random_below(&rng, MOST + 1);
            const uint32_t cols   = random_below(&rng, MOST + 1);
            if (round % 3 == 2) draw_places(&roads, &rng, MOST, from);
            draw_places(&roads, &rng, cols, to);
            assert_int_equal(
                mu_judge_tabulate(&roads, MU_JUDGE_REASONS, metric, rows, from, cols, to, &table),
                MUSTER_OK);
            for (uint32_t i = 0; i < rows * cols; i += 1 + random_below(&rng, 9)) {
                const uint32_t a = from[i / cols], b = to[i % cols];
                mu_judge_way   way = {metric, a, b, 0, 0};
                assert_int_equal(mu_judge_measure(&roads, 1, &way), MUSTER_OK);
                assert_int_equal(mu_judge_table_ms(table, a, b), way.ms);
            }
        }
        mu_judge_roads_fini(&roads);
        random_problem_free(&r);
    }
}

/* Other roads in place of the first would be noticed. */
static void what_has_been_answered_is_not_asked_for_again(void **state) {
    (void)state;
    mu_judge_roads        roads = {0};
    mu_judge_way          way[MOST], again[MOST];
    uint32_t              to[MOST], first_ms[MOST];
    const mu_judge_table *table;
    uint64_t              rng = 3;
    random_problem_new(&r, 3);
    assert_int_equal(mu_judge_roads_open(&roads, &r.problem, 1), MUSTER_OK);
    const uint32_t count = draw_ways(&roads, &rng, way);
    draw_places(&roads, &rng, MOST, to);
    memcpy(again, way, sizeof way);
    assert_int_equal(mu_judge_measure(&roads, count, way), MUSTER_OK);
    assert_int_equal(mu_judge_tabulate(&roads, MU_JUDGE_COVER, 0, MOST, to, MOST, to, &table),
                     MUSTER_OK);
    for (uint32_t i = 0; i < MOST; ++i) first_ms[i] = mu_judge_table_ms(table, to[0], to[i]);

    r.metric_of[0] = r.metric_of[1] = NULL;
    assert_int_equal(mu_judge_roads_open(&roads, &r.problem, 1), MUSTER_OK);
    assert_int_equal(mu_judge_measure(&roads, count, again), MUSTER_OK);
    assert_memory_equal(way, again, count * sizeof *way);
    assert_int_equal(mu_judge_tabulate(&roads, MU_JUDGE_COVER, 0, MOST / 2, to, MOST, to, &table),
                     MUSTER_OK);
    for (uint32_t i = 0; i < MOST; ++i) {
        assert_int_equal(mu_judge_table_ms(table, to[0], to[i]), first_ms[i]);
    }
    mu_judge_roads_fini(&roads);
    random_problem_free(&r);
}

static muster_plan *solve(void) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    options.method = MUSTER_METHOD_GREEDY;
    assert_int_equal(muster_solve(&plan, &r.problem, &options), MUSTER_OK);
    return plan;
}

static void who_knows_the_roads_judges_as_before(void **state) {
    (void)state;
    uint32_t refused = 0;
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        mu_judge_roads roads = {0};
        random_problem_new(&r, seed);
        muster_plan *plan = solve();
        assert_int_equal(mu_plan_judge(plan, &r.problem, 2, &roads), MUSTER_OK);
        for (uint32_t i = 0; i < plan->assignment_count; ++i, ++refused) {
            plan->assignment[i].distance_m += 1;
            assert_int_equal(mu_plan_judge(plan, &r.problem, 2, &roads), MUSTER_E_INTERNAL);
            plan->assignment[i].distance_m -= 1;
            plan->assignment[i].eta_ms += 1;
            assert_int_equal(mu_plan_judge(plan, &r.problem, 2, &roads), MUSTER_E_INTERNAL);
            plan->assignment[i].eta_ms -= 1;
        }
        assert_int_equal(mu_plan_judge(plan, &r.problem, 2, &roads), MUSTER_OK);
        mu_judge_roads_fini(&roads);
        muster_plan_free(plan);
        random_problem_free(&r);
    }
    assert_true(refused > SEEDS);
}

/* Whatever was known when memory ran out is right. */
static void every_allocation_may_fail_and_the_next_judgement_is_sound(void **state) {
    (void)state;
    random_problem_new(&r, 7);
    muster_plan   *plan  = solve();
    mu_judge_roads whole = {0};
    (void)mu_alloc_fail_after(-1);
    assert_int_equal(mu_plan_judge(plan, &r.problem, 1, &whole), MUSTER_OK);
    const int64_t count = mu_alloc_fail_after(-1);
    assert_true(count > 20);
    for (int64_t failing = 0; failing < count; ++failing) {
        mu_judge_roads roads = {0};
        (void)mu_alloc_fail_once_after(failing);
        assert_int_equal(mu_plan_judge(plan, &r.problem, 1, &roads), MUSTER_E_NOMEM);
        (void)mu_alloc_fail_after(-1);
        assert_int_equal(mu_plan_judge(plan, &r.problem, 1, &roads), MUSTER_OK);
        assert_int_equal(roads.way_count, whole.way_count);
        mu_judge_roads_fini(&roads);
    }
    mu_judge_roads_fini(&whole);
    muster_plan_free(plan);
    random_problem_free(&r);
}

static void another_problem_has_other_roads(void **state) {
    (void)state;
    mu_judge_roads roads = {0};
    random_problem_new(&r, 1);
    muster_problem copy = r.problem;
    assert_int_equal(mu_judge_roads_open(&roads, &r.problem, 1), MUSTER_OK);
    mu_judge_way way = {.from = 0, .to = roads.place_count - 1};
    assert_int_equal(mu_judge_measure(&roads, 1, &way), MUSTER_OK);
    assert_int_equal(roads.way_count, 1);
    assert_int_equal(mu_judge_roads_open(&roads, &copy, 1), MUSTER_OK);
    assert_int_equal(roads.way_count, 0);
    assert_ptr_equal(roads.problem, &copy);
    mu_judge_roads_fini(&roads);
    random_problem_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_is_a_cell_of_a_table_whatever_was_asked_before),
        cmocka_unit_test(a_table_made_of_an_old_one_is_as_good_as_a_new_one),
        cmocka_unit_test(what_has_been_answered_is_not_asked_for_again),
        cmocka_unit_test(who_knows_the_roads_judges_as_before),
        cmocka_unit_test(every_allocation_may_fail_and_the_next_judgement_is_sound),
        cmocka_unit_test(another_problem_has_other_roads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
