/* Siting against trying everything: each way to put up, open or move units, on thousands of small
 * problems of every model; and the p-medians and p-centers that OR-Library publishes. */
#include <inttypes.h>
#include <muster/siting.h>
#include <string.h>

#include "core/alloc.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/orlib_pmed.h"
#include "tests/support/random_siting.h"
#include "tests/support/rounds.h"
#include "tests/support/shared_data.h"

/* ---- trying everything ----------------------------------------------------------------------- */

typedef struct trial {
    const muster_siting_problem *p;
    uint32_t                     units[SITING_PLACES]; /* that are there, existing ones included */
    uint32_t                     added;
    bool                         has_best;
    int64_t                      best;
    bool                         reaches_all; /* any number of places does */
    uint32_t                     least;       /* the fewest that do */
} trial;

static muster_siting_model goal_of(const muster_siting_problem *p) {
    return (muster_siting_model)(p->model == MUSTER_MOVE_UP ? p->goal : p->model);
}

static bool is_minimum(const muster_siting_problem *p) {
    const muster_siting_model goal = goal_of(p);
    return goal != MUSTER_MAX_COVER && goal != MUSTER_EXPECTED_COVER;
}

static int64_t weight_of(const muster_siting_problem *p, uint32_t j) {
    return p->weight ? p->weight[j] : 1;
}

static uint32_t existing_of(const muster_siting_problem *p, uint32_t i) {
    return p->existing ? p->existing[i] : 0;
}

static bool is_within(const muster_siting_problem *p, uint32_t i, uint32_t j) {
    const uint32_t time_ms = p->travel_ms[i * p->demand_count + j];
    return time_ms < MUSTER_UNREACHABLE_MS &&
           time_ms <= (p->within_of_demand_ms ? p->within_of_demand_ms[j] : p->within_ms);
}

static int64_t chance(uint32_t busy, uint32_t n) {
    int64_t level = MUSTER_MILLION - busy;
    for (uint32_t i = 1; i < n; ++i) level = level * busy / MUSTER_MILLION;
    return level;
}

/* -1: somebody is not served. */
static int64_t worth(const trial *t) {
    const muster_siting_problem *p    = t->p;
    const muster_siting_model    goal = goal_of(p);
    int64_t                      sum = 0, longest = 0;
    for (uint32_t j = 0; j < p->demand_count; ++j) {
        uint32_t nearest = MUSTER_UNREACHABLE_MS, within = 0;
        for (uint32_t i = 0; i < p->place_count; ++i) {
            const uint32_t time_ms = p->travel_ms[i * p->demand_count + j];
            if (t->units[i] > 0 && time_ms < nearest) nearest = time_ms;
            if (is_within(p, i, j)) within += t->units[i];
        }
        if (weight_of(p, j) == 0) continue;
        if (goal == MUSTER_SET_COVER && within == 0) return -1;
        if (goal == MUSTER_P_MEDIAN || goal == MUSTER_P_CENTER) {
            if (nearest == MUSTER_UNREACHABLE_MS) return -1;
            sum += weight_of(p, j) * nearest;
            if (nearest > longest) longest = nearest;
        }
        if (goal == MUSTER_MAX_COVER && within > 0) sum += weight_of(p, j);
        for (uint32_t n = 1; goal == MUSTER_EXPECTED_COVER && n <= within; ++n) {
            sum += weight_of(p, j) * chance(p->busy_millionths, n);
        }
    }
    return goal == MUSTER_P_CENTER ? longest : goal == MUSTER_SET_COVER ? t->added : sum;
}

static void weigh(trial *t) {
    const int64_t value = worth(t);
    if (value < 0) return;
    if (!t->reaches_all || t->added < t->least) t->least = t->added;
    t->reaches_all = true;
    if (t->p->model != MUSTER_SET_COVER && t->p->model != MUSTER_MOVE_UP &&
        t->added > t->p->count) {
        return;
    }
    if (!t->has_best || (is_minimum(t->p) ? value < t->best : value > t->best)) t->best = value;
    t->has_best = true;
}

static void add_from(trial *t, uint32_t place) {
    const muster_siting_problem *p    = t->p;
    const uint32_t               most = p->model == MUSTER_EXPECTED_COVER ? p->count : 1;
    if (place == p->place_count) {
        weigh(t);
        return;
    }
    const uint32_t room = p->room && p->room[place] < most ? p->room[place] : most;
    for (uint32_t n = 0; n <= room; ++n) {
        t->units[place] += n;
        t->added += n;
        if (p->model != MUSTER_EXPECTED_COVER || t->added <= p->count) add_from(t, place + 1);
        t->units[place] -= n;
        t->added -= n;
    }
}

static bool have_room(const trial *t) {
    const muster_siting_problem *p = t->p;
    for (uint32_t i = 0; i < p->place_count && p->room; ++i) {
        uint32_t standing = 0;
        for (uint32_t u = 0; u < p->unit_count; ++u) standing += p->unit_place[u] == i;
        const uint32_t most = standing > p->room[i] ? standing : p->room[i];
        if (t->units[i] - existing_of(p, i) > most) return false;
    }
    return true;
}

static void move_from(trial *t, uint32_t unit) {
    const muster_siting_problem *p = t->p;
    if (unit == p->unit_count) {
        if (have_room(t)) weigh(t);
        return;
    }
    for (uint32_t i = 0; i < p->place_count; ++i) {
        const bool     moves   = i != p->unit_place[unit];
        const uint32_t time_ms = p->move_ms[unit * p->place_count + i];
        if (moves && (t->added == p->move_count || time_ms > p->move_limit_ms ||
                      time_ms >= MUSTER_UNREACHABLE_MS)) {
            continue;
        }
        if (moves && p->room && p->room[i] == 0) continue;
        t->units[i] += 1;
        t->added += moves;
        move_from(t, unit + 1);
        t->units[i] -= 1;
        t->added -= moves;
    }
}

static trial try_all(const muster_siting_problem *p) {
    trial t = {.p = p};
    for (uint32_t i = 0; i < p->place_count; ++i) t.units[i] = existing_of(p, i);
    if (p->model == MUSTER_MOVE_UP) {
        move_from(&t, 0);
    } else {
        add_from(&t, 0);
    }
    return t;
}

/* ---- what is said ---------------------------------------------------------------------------- */

static muster_siting *solve(const muster_siting_problem *p, uint64_t work, uint32_t threads) {
    muster_siting_options options = MUSTER_SITING_OPTIONS_INIT;
    muster_siting        *siting;
    options.time_limit_ms = 0;
    options.work_limit    = work;
    options.thread_count  = threads;
    if (muster_siting_solve(&siting, p, &options) != MUSTER_OK) {
        fail_msg("model %u: %s", p->model, muster_error_message());
    }
    return siting;
}

/* Each demand is served from the nearest place with a unit, the first of equally near ones; what is
 * said of units is worth what is said. */
static void check_siting(const muster_siting_problem *p, const muster_siting_result *r) {
    trial t = {.p = p, .added = r->chosen_count};
    for (uint32_t i = 0; i < p->place_count; ++i) t.units[i] = r->unit_count[i];
    assert_int_equal(worth(&t), r->objective);
    for (uint32_t j = 0; j < p->demand_count; ++j) {
        uint32_t nearest = MUSTER_NONE, time_ms = MUSTER_UNREACHABLE_MS;
        for (uint32_t i = 0; i < p->place_count; ++i) {
            const uint32_t way_ms = p->travel_ms[i * p->demand_count + j];
            if (r->unit_count[i] == 0 || way_ms >= time_ms) continue;
            nearest = i;
            time_ms = way_ms;
        }
        assert_int_equal(r->place_of_demand[j], nearest);
        assert_int_equal(r->travel_ms[j], time_ms);
    }
}

/* Demands that no place may serve, one by one. */
static void check_stranded(const muster_siting_problem *p, const muster_siting_result *r) {
    const muster_siting_model goal     = goal_of(p);
    uint32_t                  stranded = 0;
    for (uint32_t j = 0; j < p->demand_count; ++j) {
        bool is_reached = weight_of(p, j) == 0;
        for (uint32_t i = 0; i < p->place_count; ++i) {
            bool is_usable = existing_of(p, i) > 0;
            if (p->model != MUSTER_MOVE_UP) {
                is_usable |= !p->room || p->room[i] > 0;
            }
            for (uint32_t u = 0; p->model == MUSTER_MOVE_UP && u < p->unit_count; ++u) {
                const uint32_t time_ms = p->move_ms[u * p->place_count + i];
                is_usable |= p->unit_place[u] == i ||
                             (p->move_count > 0 && (!p->room || p->room[i] > 0) &&
                              time_ms <= p->move_limit_ms && time_ms < MUSTER_UNREACHABLE_MS);
            }
            const bool serves = goal == MUSTER_P_MEDIAN || goal == MUSTER_P_CENTER
                                    ? p->travel_ms[i * p->demand_count + j] < MUSTER_UNREACHABLE_MS
                                    : is_within(p, i, j);
            is_reached |= is_usable && serves;
        }
        if (is_reached) continue;
        assert_true(stranded < r->stranded_count);
        assert_int_equal(r->stranded[stranded++], j);
    }
    assert_int_equal(r->stranded_count, stranded);
}

static void check_same(const muster_siting_problem *p, const muster_siting_result *a,
                       const muster_siting_result *b) {
    assert_int_equal(a->outcome, b->outcome);
    assert_int_equal(a->objective, b->objective);
    assert_int_equal(a->bound, b->bound);
    assert_int_equal(a->work, b->work);
    assert_memory_equal(a->unit_count, b->unit_count, p->place_count * sizeof *a->unit_count);
}

static void a_siting_is_as_good_as_any_that_there_is(void **state) {
    (void)state;
    const seeds asked                                 = seeds_asked(6000);
    uint32_t    outcomes[MUSTER_SITING_OUTCOME_COUNT] = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_siting r;
        random_siting_new(&r, seed);
        const trial                 best   = try_all(&r.problem);
        muster_siting              *siting = solve(&r.problem, 0, 1);
        const muster_siting_result *said   = muster_siting_view(siting);
        const int expected = best.has_best ? MUSTER_SITING_OPTIMAL : MUSTER_SITING_INFEASIBLE;
        if (said->outcome != expected || (best.has_best && said->objective != best.best)) {
            fail_msg("seed %" PRIu64 ", %s: %s %" PRId64 " (bound %" PRId64
                     "), but it is %s %" PRId64,
                     seed, muster_siting_model_name(r.problem.model),
                     muster_siting_outcome_name(said->outcome), said->objective, said->bound,
                     muster_siting_outcome_name((muster_siting_outcome)expected), best.best);
        }
        assert_int_equal(said->bound, said->objective);
        check_stranded(&r.problem, said);
        if (best.has_best) check_siting(&r.problem, said);
        const bool counts =
            r.problem.model == MUSTER_P_MEDIAN || r.problem.model == MUSTER_P_CENTER;
        const bool is_short = counts && !best.has_best && best.reaches_all;
        assert_int_equal(said->least_count, is_short ? best.least : 0);
        ++outcomes[said->outcome];
        muster_siting_free(siting);
    }
    print_message("%u optimal, %u infeasible\n", outcomes[MUSTER_SITING_OPTIMAL],
                  outcomes[MUSTER_SITING_INFEASIBLE]);
}

/* With little work allowed, too; and the same on two threads. */
static void a_bound_is_one_wherever_the_work_ends(void **state) {
    (void)state;
    const seeds asked                                 = seeds_asked(4000);
    uint32_t    outcomes[MUSTER_SITING_OUTCOME_COUNT] = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_siting r;
        random_siting_new(&r, seed);
        const trial                 best  = try_all(&r.problem);
        const uint64_t              work  = 1 + seed % 7 * (seed % 97);
        muster_siting              *one   = solve(&r.problem, work, 1);
        muster_siting              *two   = solve(&r.problem, work, 2);
        const muster_siting_result *said  = muster_siting_view(one);
        const bool                  found = said->outcome <= MUSTER_SITING_FEASIBLE;
        check_same(&r.problem, said, muster_siting_view(two));
        if (found) check_siting(&r.problem, said);
        if (said->outcome == MUSTER_SITING_OPTIMAL) assert_int_equal(said->objective, best.best);
        if (said->outcome == MUSTER_SITING_INFEASIBLE) assert_false(best.has_best);
        if (found && is_minimum(&r.problem)) {
            assert_true(said->bound <= best.best && best.best <= said->objective);
        } else if (found) {
            assert_true(said->bound >= best.best && best.best >= said->objective);
        }
        ++outcomes[said->outcome];
        muster_siting_free(one);
        muster_siting_free(two);
    }
    print_message("%u optimal, %u feasible, %u infeasible, %u undecided\n", outcomes[0],
                  outcomes[1], outcomes[2], outcomes[3]);
    assert_true(outcomes[MUSTER_SITING_FEASIBLE] > 0);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void each_allocation_that_fails_is_said(void **state) {
    (void)state;
    const seeds asked = seeds_asked(60);
    int64_t     all   = 0;
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_siting r;
        random_siting_new(&r, seed);
        (void)mu_alloc_fail_after(-1);
        muster_siting_free(solve(&r.problem, 0, 1));
        const int64_t         count   = mu_alloc_fail_after(-1);
        muster_siting_options options = MUSTER_SITING_OPTIONS_INIT;
        options.thread_count          = 1;
        for (int64_t failing = 0; failing < count; ++failing) {
            muster_siting *siting;
            (void)mu_alloc_fail_once_after(failing);
            const muster_status status = muster_siting_solve(&siting, &r.problem, &options);
            (void)mu_alloc_fail_after(-1);
            assert_int_equal(status, MUSTER_E_NOMEM);
            assert_null(siting);
        }
        all += count;
    }
    print_message("%" PRId64 " allocations failed alone\n", all);
}

/* ---- OR-Library ------------------------------------------------------------------------------ */

static void check_pmed(int number, muster_siting_model model, int64_t optimum) {
    char name[64];
    pmed graph;
    snprintf(name, sizeof name, "orlib/pmed/pmed%d.txt", number);
    assert_true(pmed_read(&graph, shared_data(name)));
    muster_siting_problem p = MUSTER_SITING_PROBLEM_INIT;
    p.model                 = (uint8_t)model;
    p.place_count = p.demand_count = graph.node_count;
    p.travel_ms                    = graph.length;
    p.count                        = graph.median_count;
    muster_siting *siting          = solve(&p, 0, 0);
    assert_int_equal(muster_siting_view(siting)->outcome, MUSTER_SITING_OPTIMAL);
    assert_int_equal(muster_siting_view(siting)->objective, optimum);
    muster_siting_free(siting);
    pmed_free(&graph);
}

/* All forty are in bench/bench_siting.c. */
static void medians_of_or_library_are_found_and_proven(void **state) {
    static const int NUMBER[] = {1, 2, 3, 4, 5, 8, 10, 13, 18, 23, 28, 33};
    (void)state;
    for (size_t i = 0; i < sizeof NUMBER / sizeof *NUMBER; ++i) {
        check_pmed(NUMBER[i], MUSTER_P_MEDIAN, PMED_MEDIAN[NUMBER[i] - 1]);
    }
}

static void centers_of_or_library_are_found_and_proven(void **state) {
    static const int NUMBER[] = {2, 4, 5, 9, 10, 12, 14};
    (void)state;
    for (size_t i = 0; i < sizeof NUMBER / sizeof *NUMBER; ++i) {
        check_pmed(NUMBER[i], MUSTER_P_CENTER, PMED_CENTER[NUMBER[i] - 1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_siting_is_as_good_as_any_that_there_is),
        cmocka_unit_test(a_bound_is_one_wherever_the_work_ends),
        cmocka_unit_test(each_allocation_that_fails_is_said),
        cmocka_unit_test(medians_of_or_library_are_found_and_proven),
        cmocka_unit_test(centers_of_or_library_are_found_and_proven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
