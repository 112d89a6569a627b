/* What the judge is told of the roads is what the road engine says, however it was asked before; and a
 * judge who knows the roads already is no milder. */
#include "solver/judge_tables.h"

#include <math.h>
#include <muster/closure.h>
#include <muster/matrix.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/check.h"
#include "solver/plan.h"
#include "tests/support/random_problem.h"

enum { SEEDS = 40, METRICS = 2, MOST = 64 };

static random_problem r;

static muster_site site_of(const mu_judge_roads *roads, uint32_t place) {
    return roads->places.site[place];
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
                                .from   = random_below(rng, roads->places.count),
                                .to     = random_below(rng, roads->places.count)};
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
    for (uint32_t i = 0; i < count; ++i) out[i] = random_below(rng, roads->places.count);
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

/* ---- from problem to problem ------------------------------------------------------------- */

/* Some go elsewhere, some places are left, and roads of one metric are closed. */
static void live_on(uint64_t *rng, muster_metric **changed) {
    const muster_metric *old   = r.metric_of[0];
    const uint32_t       edges = muster_network_view(r.network)->edge_count;
    for (uint32_t t = 0; t < r.problem.team_count; ++t) {
        if (random_below(rng, 3) == 0) r.team[t].unit.site = random_site(rng);
        if (random_below(rng, 4) == 0) r.team[t].unit.site = r.incident[0].site;
    }
    for (uint32_t i = 0; i < r.problem.incident_count; ++i) {
        if (random_below(rng, 4) == 0) r.incident[i].site = random_site(rng);
    }
    if (random_below(rng, 2) == 0) { /* the other way round, they have other numbers */
        r.metric_of[0] = r.metric_of[1];
        r.metric_of[1] = old;
    }
    if (random_below(rng, 3) > 0) return;
    const muster_arc_change cut = {random_below(rng, 2 * edges), MUSTER_UNREACHABLE_MS};
    assert_int_equal(muster_metric_change(changed, r.metric_of[1], 1, &cut), MUSTER_OK);
    r.metric_of[1] = *changed;
}

/* Where places are on the road, as far as anybody has asked. Returns of how many that is known. */
static uint32_t assert_snaps_are_fresh(const mu_judge_roads *roads) {
    uint32_t known = 0;
    for (uint32_t i = 0; i < roads->places.count * METRICS; ++i) {
        if (roads->number[i] == MUSTER_NONE) continue;
        const muster_snap asked = snap_of(roads, i % METRICS, i / METRICS);
        const muster_snap kept  = roads->snap[roads->number[i]];
        assert_int_equal(kept.edge, asked.edge);
        assert_true(kept.fraction == asked.fraction && kept.distance_m == asked.distance_m);
        ++known;
    }
    return known;
}

static void assert_table_is_fresh(mu_judge_roads *roads, uint64_t *rng) {
    uint32_t              from[MOST], to[MOST];
    const mu_judge_table *table;
    const uint32_t        metric = random_below(rng, METRICS);
    const uint32_t        rows = random_below(rng, 6), columns = random_below(rng, 6);
    draw_places(roads, rng, rows, from);
    draw_places(roads, rng, columns, to);
    assert_int_equal(
        mu_judge_tabulate(roads, MU_JUDGE_COVER, metric, rows, from, columns, to, &table),
        MUSTER_OK);
    for (uint32_t i = 0; i < rows * columns; ++i) {
        const muster_snap a = snap_of(roads, metric, from[i / columns]);
        const muster_snap b = snap_of(roads, metric, to[i % columns]);
        uint32_t          ms;
        assert_int_equal(muster_matrix(r.problem.metric[metric], 1, &a, 1, &b, 1, &ms, NULL),
                         MUSTER_OK);
        assert_int_equal(mu_judge_table_ms(table, from[i / columns], to[i % columns]), ms);
    }
}

static void what_the_next_problem_has_in_common_is_what_would_be_asked(void **state) {
    (void)state;
    enum { PROBLEMS = 12 };
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        mu_judge_roads roads             = {0};
        muster_metric *changed[PROBLEMS] = {NULL};
        uint64_t       rng               = seed + 50;
        random_problem_new(&r, seed);
        for (uint32_t n = 0; n < PROBLEMS; ++n) {
            mu_judge_way asked[MOST], way[MOST];
            assert_int_equal(mu_judge_roads_open(&roads, &r.problem, 1), MUSTER_OK);
            assert_int_equal(assert_snaps_are_fresh(&roads), roads.snap_count);
            const uint32_t count = draw_ways(&roads, &rng, asked);
            memcpy(way, asked, count * sizeof *way);
            assert_int_equal(mu_judge_measure(&roads, count, way), MUSTER_OK);
            for (uint32_t i = 0; i < count; ++i) assert_is_answer(&roads, &asked[i], &way[i]);
            for (int t = 0; t < 4; ++t) assert_table_is_fresh(&roads, &rng);
            mu_judge_roads_leave(&roads);
            live_on(&rng, &changed[n]);
        }
        mu_judge_roads_fini(&roads);
        for (uint32_t n = 0; n < PROBLEMS; ++n) muster_metric_free(changed[n]);
        random_problem_free(&r);
    }
}

/* Half of all arcs of a metric, so that many places are cut off. */
static void flood(uint64_t *rng, muster_metric **changed) {
    const uint32_t     arcs  = 2 * muster_network_view(r.network)->edge_count;
    muster_arc_change *cut   = calloc(arcs, sizeof *cut);
    uint32_t           count = 0;
    assert_non_null(cut);
    for (uint32_t a = 0; a < arcs; ++a) {
        if (random_below(rng, 2)) cut[count++] = (muster_arc_change){a, MUSTER_UNREACHABLE_MS};
    }
    assert_int_equal(muster_metric_change(changed, r.metric[0], count, cut), MUSTER_OK);
    r.metric_of[0] = *changed;
    free(cut);
}

static void want_some(mu_judge_table *table, uint64_t *rng, uint32_t share) {
    for (uint32_t i = 0; i < table->row_count * table->column_count; ++i) {
        if (random_below(rng, share) > 0) continue;
        assert_int_equal(
            mu_judge_table_want(table, i / table->column_count, i % table->column_count),
            MUSTER_OK);
    }
}

/* Returns how many cells are known. */
static uint32_t assert_known_are_fresh(const mu_judge_roads *roads, uint32_t metric) {
    const mu_judge_table *table = &roads->table[MU_JUDGE_REASONS][metric];
    uint32_t              known = 0;
    for (uint32_t row = 0; row < table->row_count; ++row) {
        for (uint32_t column = 0; column < table->column_count; ++column) {
            if (!mu_judge_table_knows(table, row, column)) continue;
            const muster_snap a = snap_of(roads, metric, table->row[row]);
            const muster_snap b = snap_of(roads, metric, table->column[column]);
            uint32_t          ms;
            assert_int_equal(muster_matrix(r.problem.metric[metric], 1, &a, 1, &b, 1, &ms, NULL),
                             MUSTER_OK);
            assert_int_equal(mu_judge_table_cell(table, row, column), ms);
            ++known;
        }
    }
    return known;
}

static void what_is_wanted_of_a_table_is_what_would_be_asked(void **state) {
    (void)state;
    enum { PROBLEMS = 8 };
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        mu_judge_roads roads                 = {0};
        muster_metric *changed[2 * PROBLEMS] = {NULL};
        uint64_t       rng                   = seed + 70;
        random_problem_new(&r, seed);
        for (uint32_t n = 0; n < PROBLEMS; ++n) {
            assert_int_equal(mu_judge_roads_open(&roads, &r.problem, 1), MUSTER_OK);
            for (uint32_t metric = 0; metric < METRICS; ++metric) {
                uint32_t        from[MOST], to[MOST];
                mu_judge_table *table = &roads.table[MU_JUDGE_REASONS][metric];
                draw_places(&roads, &rng, MOST, from);
                draw_places(&roads, &rng, MOST, to);
                assert_int_equal(mu_judge_table_open(&roads, MU_JUDGE_REASONS, metric,
                                                     random_below(&rng, MOST), from,
                                                     random_below(&rng, MOST), to),
                                 MUSTER_OK);
                for (uint32_t share = 24; share > 0; share /= 3) { /* at last, all of it */
                    want_some(table, &rng, share);
                    assert_int_equal(mu_judge_table_ask(&roads, metric, table), MUSTER_OK);
                    assert_int_equal(table->wanted_count, 0);
                    const uint32_t known = assert_known_are_fresh(&roads, metric);
                    if (random_below(&rng, 4) == 0) break;
                    if (share > 1) continue;
                    assert_int_equal(known, table->row_count * table->column_count);
                }
            }
            mu_judge_roads_leave(&roads);
            live_on(&rng, &changed[2 * n]);
            if (random_below(&rng, 3) == 0) flood(&rng, &changed[2 * n + 1]);
        }
        mu_judge_roads_fini(&roads);
        for (uint32_t n = 0; n < 2 * PROBLEMS; ++n) muster_metric_free(changed[n]);
        random_problem_free(&r);
    }
}

/* What was wanted and not asked for is neither known nor wanted afterwards. */
static void memory_may_run_out_while_the_roads_are_asked(void **state) {
    (void)state;
    uint64_t       rng = 5;
    muster_status  status;
    int64_t        failing = 0;
    mu_judge_roads roads   = {0};
    random_problem_new(&r, 5);
    do {
        uint32_t        from[MOST], to[MOST];
        mu_judge_table *table;
        mu_judge_roads_fini(&roads);
        assert_int_equal(mu_judge_roads_open(&roads, &r.problem, 1), MUSTER_OK);
        table = &roads.table[MU_JUDGE_REASONS][0];
        draw_places(&roads, &rng, MOST, from);
        draw_places(&roads, &rng, MOST, to);
        assert_int_equal(mu_judge_table_open(&roads, MU_JUDGE_REASONS, 0, MOST, from, MOST, to),
                         MUSTER_OK);
        want_some(table, &rng, 2);
        (void)mu_alloc_fail_after(failing++);
        status = mu_judge_table_ask(&roads, 0, table);
        (void)mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || status == MUSTER_E_NOMEM);
        (void)assert_known_are_fresh(&roads, 0);
        assert_int_equal(mu_judge_table_open(&roads, MU_JUDGE_REASONS, 0, MOST, from, MOST, to),
                         MUSTER_OK);
        want_some(table, &rng, 1);
        assert_int_equal(mu_judge_table_ask(&roads, 0, table), MUSTER_OK);
        assert_int_equal(assert_known_are_fresh(&roads, 0), table->row_count * table->column_count);
    } while (status != MUSTER_OK);
    assert_true(failing > 4);
    mu_judge_roads_fini(&roads);
    random_problem_free(&r);
}

/* Another address alone makes no difference; other places do, and metrics, as far as a change of them reaches. */
static void only_what_is_new_is_asked_for_the_next_problem(void **state) {
    (void)state;
    mu_judge_roads roads = {0};
    mu_judge_way   way[MOST], again[MOST];
    uint64_t       rng                           = 1;
    muster_metric *changed[2 * RANDOM_MAX_EDGES] = {NULL};
    uint32_t       cuts                          = 0;
    random_problem_new(&r, 1);
    assert_int_equal(mu_judge_roads_open(&roads, &r.problem, 1), MUSTER_OK);
    uint32_t count = draw_ways(&roads, &rng, way);
    assert_true(count > 8);
    memcpy(again, way, sizeof way);
    assert_int_equal(mu_judge_measure(&roads, count, way), MUSTER_OK);
    const uint32_t known   = roads.way_count;
    const size_t   snapped = roads.snap_count;
    muster_problem copy    = r.problem;
    mu_judge_roads_leave(&roads);
    assert_int_equal(mu_judge_roads_open(&roads, &copy, 1), MUSTER_OK);
    assert_ptr_equal(roads.problem, &copy);
    assert_int_equal(roads.way_count, known);
    assert_int_equal(mu_judge_measure(&roads, count, again), MUSTER_OK);
    assert_memory_equal(way, again, count * sizeof *way);
    assert_int_equal(roads.way_count, known);
    assert_int_equal(roads.snap_count, snapped);
    mu_judge_roads_leave(&roads);
    do { /* arcs are closed, one after the other, until one is that matters */
        const muster_arc_change cut = {cuts, MUSTER_UNREACHABLE_MS};
        assert_int_equal(muster_metric_change(&changed[cuts], r.metric_of[0], 1, &cut), MUSTER_OK);
        r.metric_of[0] = changed[cuts++];
        assert_int_equal(mu_judge_roads_open(&roads, &copy, 1), MUSTER_OK);
        mu_judge_roads_leave(&roads);
    } while (roads.way_count == known);
    assert_int_equal(mu_judge_roads_open(&roads, &copy, 1), MUSTER_OK);
    assert_int_equal(assert_snaps_are_fresh(&roads), roads.snap_count);
    assert_true(roads.way_count > 0 && roads.way_count < known);
    uint32_t unreached = 0;
    for (uint32_t i = 0; i < roads.way_count; ++i) {
        assert_is_answer(&roads, &roads.way[i], &roads.way[i]);
        unreached += roads.way[i].metric == 0;
    }
    assert_true(unreached > 0);
    mu_judge_roads_fini(&roads);
    while (cuts > 0) muster_metric_free(changed[--cuts]);
    random_problem_free(&r);
}

/* A judge who knows the last problem is no milder with the plan of the next. */
static void who_knows_the_last_problem_judges_the_next_as_before(void **state) {
    (void)state;
    uint32_t refused = 0;
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        mu_judge_roads roads   = {0};
        muster_metric *changed = NULL;
        uint64_t       rng     = seed + 90;
        random_problem_new(&r, seed);
        muster_plan *before = solve();
        assert_int_equal(mu_plan_judge(before, &r.problem, 1, &roads), MUSTER_OK);
        mu_judge_roads_leave(&roads);
        live_on(&rng, &changed);
        muster_plan *plan = solve();
        assert_int_equal(mu_plan_judge(plan, &r.problem, 1, &roads), MUSTER_OK);
        for (uint32_t i = 0; i < plan->assignment_count; ++i, ++refused) {
            plan->assignment[i].eta_ms += 1;
            assert_int_equal(mu_plan_judge(plan, &r.problem, 1, &roads), MUSTER_E_INTERNAL);
            plan->assignment[i].eta_ms -= 1;
        }
        for (uint32_t i = 0; i < plan->unmet_count; ++i, ++refused) {
            const uint8_t reason      = plan->unmet[i].reason;
            plan->unmet[i].reason     = (uint8_t)((reason + 1) % (MUSTER_UNMET_NO_VEHICLE + 1));
            const muster_status known = mu_plan_judge(plan, &r.problem, 1, &roads);
            assert_int_equal(known, muster_plan_check(plan, &r.problem));
            plan->unmet[i].reason = reason;
        }
        mu_judge_roads_fini(&roads);
        muster_plan_free(before);
        muster_plan_free(plan);
        muster_metric_free(changed);
        random_problem_free(&r);
    }
    assert_true(refused > SEEDS);
}

/* Whatever it fails at, the judge knows afterwards what is so. */
static void memory_may_run_out_on_the_way_to_the_next_problem(void **state) {
    (void)state;
    bool is_over = false;
    for (int64_t failing = 0; !is_over; ++failing) {
        mu_judge_roads roads   = {0};
        muster_metric *changed = NULL;
        uint64_t       rng     = 7;
        random_problem_new(&r, 7);
        muster_plan *before = solve();
        assert_int_equal(mu_plan_judge(before, &r.problem, 1, &roads), MUSTER_OK);
        mu_judge_roads_leave(&roads);
        live_on(&rng, &changed);
        muster_plan *plan = solve();
        (void)mu_alloc_fail_once_after(failing);
        const muster_status status = mu_plan_judge(plan, &r.problem, 1, &roads);
        is_over                    = mu_alloc_fail_after(-1) <= failing;
        assert_int_equal(status, is_over ? MUSTER_OK : MUSTER_E_NOMEM);
        mu_judge_roads_leave(&roads);
        assert_int_equal(mu_plan_judge(plan, &r.problem, 1, &roads), MUSTER_OK);
        mu_judge_roads_fini(&roads);
        muster_plan_free(before);
        muster_plan_free(plan);
        muster_metric_free(changed);
        random_problem_free(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_is_a_cell_of_a_table_whatever_was_asked_before),
        cmocka_unit_test(a_table_made_of_an_old_one_is_as_good_as_a_new_one),
        cmocka_unit_test(what_has_been_answered_is_not_asked_for_again),
        cmocka_unit_test(who_knows_the_roads_judges_as_before),
        cmocka_unit_test(every_allocation_may_fail_and_the_next_judgement_is_sound),
        cmocka_unit_test(what_the_next_problem_has_in_common_is_what_would_be_asked),
        cmocka_unit_test(what_is_wanted_of_a_table_is_what_would_be_asked),
        cmocka_unit_test(memory_may_run_out_while_the_roads_are_asked),
        cmocka_unit_test(only_what_is_new_is_asked_for_the_next_problem),
        cmocka_unit_test(who_knows_the_last_problem_judges_the_next_as_before),
        cmocka_unit_test(memory_may_run_out_on_the_way_to_the_next_problem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
