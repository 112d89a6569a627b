/* GLPK in a storm. Whatever happens in it, there is a plan, the bound is one, and the process is
 * alive: GLPK runs out of memory at each of its allocations, ends in each of its calls and at each
 * line that its simplex method would print, fails, and lies, also in two solves at the same time.
 *
 * The calls that solver/lp_glpk.c makes come here first (the linker's --wrap), and so do GLPK's
 * malloc and realloc, because a program's own come before the C library's. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <glpk.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <muster/siting.h>

#include "solver/team_engine.h"
#include "tests/support/random_city.h"
#include "tests/support/random_market.h"
#include "tests/support/rounds.h"

/* ---- the weather --------------------------------------------------------------------------- */

enum { ONCE = -1 };

typedef enum weather {
    CALM,
    NO_MEMORY,  /* an allocation fails */
    ABORTS,     /* a call ends with GLPK's own fatal error */
    INTERRUPTS, /* so does a line that the simplex method prints */
    NO_ENVIRONMENT,
    NO_THREAD,
    GIVES_UP, /* the simplex method says that it has failed */
    LIES      /* what it says of the solution is not so */
} weather;

/* What values and prices are, in place of what they are. */
typedef enum lie { NOT_A_NUMBER, INFINITE, HUGE_VALUES, NEGATIVE, ONES, ZEROS, HALVES, ANY } lie;

static atomic_int    now; /* the weather */
static atomic_int    which_lie;
static atomic_llong  left;      /* so many occasions are still let pass */
static atomic_llong  every;     /* so many again after each fault; ONCE: there is but one */
static atomic_llong  occasions; /* that there have been */
static atomic_llong  faults;
static atomic_llong  lost_blocks; /* that GLPK has forgotten */
static atomic_ullong seed_of_lies;

static void let_there_be(weather w, int64_t after, int64_t interval) {
    atomic_store(&left, after);
    atomic_store(&every, interval);
    atomic_store(&occasions, 0);
    atomic_store(&faults, 0);
    atomic_store(&now, w);
}

/* Does it strike here? */
static bool strikes(weather w) {
    if (atomic_load(&now) != (int)w) return false;
    atomic_fetch_add(&occasions, 1);
    if (atomic_fetch_sub(&left, 1) != 0) return false;
    if (atomic_load(&every) != ONCE) atomic_store(&left, atomic_load(&every));
    atomic_fetch_add(&faults, 1);
    return true;
}

/* ---- memory -------------------------------------------------------------------------------- */

static _Thread_local bool is_glpks_thread;

/* A sanitizer asks for memory before it can be asked for anything itself. */
#define EARLY    __attribute__((no_sanitize_address, no_sanitize_undefined))
#define EXPORTED __attribute__((visibility("default")))

typedef union next_of {
    void *symbol;
    void *(*malloc)(size_t);
    void *(*realloc)(void *, size_t);
} next_of;

EXPORTED EARLY void *malloc(size_t size) {
    static next_of real;
    if (!real.symbol) real.symbol = dlsym(RTLD_NEXT, "malloc");
    if (is_glpks_thread && strikes(NO_MEMORY)) return NULL;
    return real.malloc(size);
}

/* GLPK takes a block out of its list before it asks for a larger one, and forgets it where there is
 * none: one block for a failure, which is given back here so that a leak of ours would show. */
EXPORTED EARLY void *realloc(void *old, size_t size) {
    static next_of real;
    if (!real.symbol) real.symbol = dlsym(RTLD_NEXT, "realloc");
    if (is_glpks_thread && strikes(NO_MEMORY)) {
        atomic_fetch_add(&lost_blocks, old != NULL);
        free(old);
        return NULL;
    }
    return real.realloc(old, size);
}

/* ---- calls --------------------------------------------------------------------------------- */

static void may_abort(void) {
    if (strikes(ABORTS)) glp_error_(__FILE__, __LINE__)("the storm\n");
}

int       __real_glp_init_env(void);
int       __real_glp_free_env(void);
int       __real_glp_simplex(glp_prob *p, const glp_smcp *parameters);
int       __real_glp_get_status(glp_prob *p);
double    __real_glp_get_obj_val(glp_prob *p);
double    __real_glp_get_col_prim(glp_prob *p, int column);
double    __real_glp_get_row_dual(glp_prob *p, int row);
glp_prob *__real_glp_create_prob(void);
int       __real_glp_add_rows(glp_prob *p, int count);
int       __real_glp_add_cols(glp_prob *p, int count);
void      __real_glp_set_row_bnds(glp_prob *p, int row, int type, double lower, double upper);
void      __real_glp_set_col_bnds(glp_prob *p, int column, int type, double lower, double upper);
void      __real_glp_set_obj_coef(glp_prob *p, int column, double value);
void      __real_glp_set_mat_col(glp_prob *p, int column, int count, const int *row,
                                 const double *value);
int       __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                void *(*start)(void *), void            *argument);

int       __wrap_glp_init_env(void);
int       __wrap_glp_free_env(void);
int       __wrap_glp_simplex(glp_prob *p, const glp_smcp *parameters);
int       __wrap_glp_get_status(glp_prob *p);
double    __wrap_glp_get_obj_val(glp_prob *p);
double    __wrap_glp_get_col_prim(glp_prob *p, int column);
double    __wrap_glp_get_row_dual(glp_prob *p, int row);
glp_prob *__wrap_glp_create_prob(void);
int       __wrap_glp_add_rows(glp_prob *p, int count);
int       __wrap_glp_add_cols(glp_prob *p, int count);
void      __wrap_glp_set_row_bnds(glp_prob *p, int row, int type, double lower, double upper);
void      __wrap_glp_set_col_bnds(glp_prob *p, int column, int type, double lower, double upper);
void      __wrap_glp_set_obj_coef(glp_prob *p, int column, double value);
void      __wrap_glp_set_mat_col(glp_prob *p, int column, int count, const int *row,
                                 const double *value);
int       __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                void *(*start)(void *), void            *argument);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void            *argument) {
    if (strikes(NO_THREAD)) return 11; /* EAGAIN */
    return __real_pthread_create(thread, attributes, start, argument);
}

int __wrap_glp_init_env(void) {
    if (strikes(NO_ENVIRONMENT)) return 2;
    is_glpks_thread = true;
    return __real_glp_init_env();
}

int __wrap_glp_free_env(void) {
    is_glpks_thread = false;
    return __real_glp_free_env();
}

glp_prob *__wrap_glp_create_prob(void) {
    may_abort();
    return __real_glp_create_prob();
}

int __wrap_glp_add_rows(glp_prob *p, int count) {
    may_abort();
    return __real_glp_add_rows(p, count);
}

int __wrap_glp_add_cols(glp_prob *p, int count) {
    may_abort();
    return __real_glp_add_cols(p, count);
}

void __wrap_glp_set_row_bnds(glp_prob *p, int row, int type, double lower, double upper) {
    may_abort();
    __real_glp_set_row_bnds(p, row, type, lower, upper);
}

void __wrap_glp_set_col_bnds(glp_prob *p, int column, int type, double lower, double upper) {
    may_abort();
    __real_glp_set_col_bnds(p, column, type, lower, upper);
}

void __wrap_glp_set_obj_coef(glp_prob *p, int column, double value) {
    may_abort();
    __real_glp_set_obj_coef(p, column, value);
}

void __wrap_glp_set_mat_col(glp_prob *p, int column, int count, const int *row,
                            const double *value) {
    may_abort();
    __real_glp_set_mat_col(p, column, count, row, value);
}

/* ---- the simplex method -------------------------------------------------------------------- */

static int interrupt(void *user, const char *text) {
    (void)user;
    (void)text;
    if (strikes(INTERRUPTS)) glp_error_(__FILE__, __LINE__)("the storm\n");
    return 1;
}

/* Let it print a line each iteration, and end it in the middle of one. */
static int simplex_with_lines(glp_prob *p, const glp_smcp *parameters) {
    glp_smcp talkative = *parameters;
    talkative.msg_lev  = GLP_MSG_ALL;
    talkative.out_frq  = 1;
    glp_term_hook(interrupt, NULL);
    return __real_glp_simplex(p, &talkative);
}

int __wrap_glp_simplex(glp_prob *p, const glp_smcp *parameters) {
    static const int WHY[] = {GLP_EBADB, GLP_ESING, GLP_ECOND, GLP_EBOUND, GLP_EFAIL, GLP_EITLIM};
    may_abort();
    if (atomic_load(&now) == INTERRUPTS) return simplex_with_lines(p, parameters);
    const int ended = __real_glp_simplex(p, parameters);
    if (strikes(GIVES_UP)) return WHY[atomic_load(&occasions) % 6];
    return ended;
}

static double lie_about(double truth) {
    if (!strikes(LIES)) return truth;
    uint64_t rng = atomic_fetch_add(&seed_of_lies, 1);
    switch ((lie)atomic_load(&which_lie)) {
    case NOT_A_NUMBER:
        return (double)NAN;
    case INFINITE:
        return random_below(&rng, 2) ? INFINITY : -INFINITY;
    case HUGE_VALUES:
        return random_below(&rng, 2) ? 1e300 : -1e300;
    case NEGATIVE:
        return -1 - fabs(truth);
    case ONES:
        return 1;
    case ZEROS:
        return 0;
    case HALVES:
        return 0.5;
    case ANY:
    default:
        return 4 * random_unit(&rng) - 2;
    }
}

int __wrap_glp_get_status(glp_prob *p) {
    may_abort();
    return __real_glp_get_status(p);
}

double __wrap_glp_get_obj_val(glp_prob *p) {
    may_abort();
    return lie_about(__real_glp_get_obj_val(p));
}

double __wrap_glp_get_col_prim(glp_prob *p, int column) {
    may_abort();
    return lie_about(__real_glp_get_col_prim(p, column));
}

double __wrap_glp_get_row_dual(glp_prob *p, int row) {
    may_abort();
    return lie_about(__real_glp_get_row_dual(p, row));
}

/* ---- one market ---------------------------------------------------------------------------- */

typedef struct trial {
    random_market r;
    mu_objective  best;
} trial;

static void trial_init(trial *t, uint64_t seed) {
    uint32_t team_of[TEAMS];
    random_market_new(&t->r, seed);
    for (uint32_t i = 0; i < TEAMS; ++i) team_of[i] = MUSTER_NONE;
    t->best = judge(&t->r, team_of);
    try_all(&t->r, 0, team_of, &t->best);
}

/* The plan is one, the bound is no higher than the best plan, and what is proven is best. Returns
 * whether it is. */
static bool run(trial *t, uint64_t work_limit) {
    const muster_solve_options options = {.work_limit = work_limit};
    mu_watch                   watch;
    mu_bound                   bound = mu_bound_start(&t->r.candidates);
    uint32_t                   part[SINKS], team_of[TEAMS];
    muster_tier_result         unmet, response;
    mu_watch_start(&watch, &options);
    mu_market_find_parts(&t->r.market, part);
    for (uint32_t i = 0; i < TEAMS; ++i) team_of[i] = MUSTER_NONE;
    const muster_status status =
        mu_team_engine_run(&t->r.market, part, 1, &watch, team_of, &bound, NULL);
    if (status != MUSTER_OK) fail_msg("%s", muster_error_message());
    const mu_objective found = judge(&t->r, team_of);
    assert_true(found >= t->best);
    mu_bound_tiers(&bound, t->best, &unmet, &response);
    assert_true(unmet.bound <= unmet.value && response.bound <= response.value);
    mu_bound_tiers(&bound, found, &unmet, &response);
    const bool is_proven = unmet.value == unmet.bound && response.value == response.bound;
    assert_true(!is_proven || found == t->best);
    return is_proven;
}

/* Strike at each occasion in turn, or at every so many of them. */
static void strike_everywhere(weather w, uint64_t seed, int64_t most) {
    trial t;
    trial_init(&t, seed);
    let_there_be(w, INT64_MAX, ONCE);
    (void)run(&t, 0);
    const int64_t count = atomic_load(&occasions), step = count / most + 1;
    uint64_t      proven = 0, struck = 0;
    for (int64_t at = (int64_t)seed % step; at < count; at += step, ++struck) {
        let_there_be(w, at, ONCE);
        proven += run(&t, 0);
        assert_int_equal(atomic_load(&faults), 1);
    }
    let_there_be(CALM, 0, ONCE);
    mu_market_fini(&t.r.market);
    print_message("seed %llu: %lld occasions, %llu struck, %llu proven all the same\n",
                  (unsigned long long)seed, (long long)count, (unsigned long long)struck,
                  (unsigned long long)proven);
    assert_true(count > 0);
}

static int64_t most_strikes(int64_t usual) {
    return (int64_t)number_asked("MUSTER_STORM_STRIKES", (uint64_t)usual / SANITIZERS_SHARE);
}

static void each_allocation_of_glpk_may_fail(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 8; ++seed) strike_everywhere(NO_MEMORY, seed, most_strikes(40));
    print_message("GLPK forgot %lld blocks\n", (long long)atomic_load(&lost_blocks));
}

static void each_call_of_glpk_may_end_in_a_fatal_error(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 8; ++seed) strike_everywhere(ABORTS, seed, most_strikes(40));
}

static void the_simplex_method_may_end_in_any_iteration(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 8; ++seed) {
        strike_everywhere(INTERRUPTS, seed, most_strikes(40));
    }
}

static void the_simplex_method_may_fail_each_time(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 8; ++seed) strike_everywhere(GIVES_UP, seed, most_strikes(40));
}

static void there_may_be_no_thread_and_no_environment(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 8; ++seed) {
        strike_everywhere(NO_ENVIRONMENT, seed, 100);
        strike_everywhere(NO_THREAD, seed, 100);
    }
}

/* It costs work, which a limit bounds: never the plan or the bound. */
static void glpk_may_lie_about_everything(void **state) {
    (void)state;
    enum { WORK = 300000 };
    for (uint64_t seed = 0; seed < 12 / SANITIZERS_SHARE; ++seed) {
        trial t;
        trial_init(&t, seed);
        for (int l = NOT_A_NUMBER; l <= ANY; ++l) {
            for (int64_t between = 1; between < 100; between *= 7) {
                atomic_store(&which_lie, l);
                let_there_be(LIES, (int64_t)seed, between - 1);
                (void)run(&t, WORK);
            }
        }
        let_there_be(CALM, 0, ONCE);
        mu_market_fini(&t.r.market);
    }
}

/* ---- whole problems ------------------------------------------------------------------------ */

static muster_plan *solve_city(const muster_problem *problem) {
    muster_plan *plan = city_solve(problem, CITY_WORK / 4, 1);
    assert_int_equal(muster_plan_check(plan, problem), MUSTER_OK);
    return plan;
}

/* Bounds are below the plan of a calm day, whose bounds are below those of the storm's plan. */
static void compare(const muster_plan *calm, const muster_plan *storm) {
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        const muster_tier_result a = muster_plan_tier(calm, (muster_tier)t);
        const muster_tier_result b = muster_plan_tier(storm, (muster_tier)t);
        assert_true(b.bound <= a.value && a.bound <= b.value);
        if (a.value != b.value) return; /* later bounds are of plans that are as good as theirs */
    }
}

static void whole_plans_come_out_of_every_storm(void **state) {
    (void)state;
    static const weather WEATHER[] = {NO_MEMORY, ABORTS,   INTERRUPTS, NO_ENVIRONMENT,
                                      NO_THREAD, GIVES_UP, LIES};
    city_roads           roads;
    city_roads_init(&roads);
    for (uint64_t seed = 0; seed < 4 / SANITIZERS_SHARE; ++seed) {
        static random_city c;
        random_city_new(&c, &roads, seed, CITY_COMMAND * (seed % 2));
        muster_plan *calm = solve_city(&c.problem);
        for (size_t w = 0; w < sizeof WEATHER / sizeof *WEATHER; ++w) {
            for (int64_t after = 0; after < 100000; after = 7 * after + 1 + (int64_t)seed) {
                atomic_store(&which_lie, (int)((seed + (uint64_t)after) % (ANY + 1)));
                let_there_be(WEATHER[w], after, WEATHER[w] == LIES ? 3 : ONCE);
                muster_plan *plan   = solve_city(&c.problem);
                const bool   struck = atomic_load(&faults) > 0;
                let_there_be(CALM, 0, ONCE);
                compare(calm, plan);
                muster_plan_free(plan);
                assert_true(struck || after > 0);
                if (!struck) break;
            }
        }
        muster_plan_free(calm);
    }
    city_roads_fini(&roads);
}

/* ---- sitings ------------------------------------------------------------------------------- */

enum { STORM_PLACES = 14, STORM_DEMANDS = 30, STORM_UNITS = 4 };

/* Travel times by row; of moves, the first places hold the units. */
static int64_t solve_siting(const uint32_t *travel_ms, muster_siting_model model) {
    static const uint32_t AT[STORM_UNITS] = {0, 0, 1, 2};
    uint32_t              move_ms[STORM_UNITS * STORM_PLACES];
    muster_siting_problem p       = MUSTER_SITING_PROBLEM_INIT;
    muster_siting_options options = MUSTER_SITING_OPTIONS_INIT;
    muster_siting        *siting;
    memcpy(move_ms, travel_ms, sizeof move_ms);
    p.model               = (uint8_t)model;
    p.place_count         = STORM_PLACES;
    p.demand_count        = STORM_DEMANDS;
    p.travel_ms           = travel_ms;
    p.within_ms           = 35;
    p.count               = 4;
    p.busy_millionths     = 400000;
    p.unit_count          = STORM_UNITS;
    p.unit_place          = AT;
    p.move_ms             = move_ms;
    p.move_count          = 3;
    p.move_limit_ms       = 70;
    options.time_limit_ms = 0;
    options.thread_count  = 1;
    assert_int_equal(muster_siting_solve(&siting, &p, &options), MUSTER_OK);
    const muster_siting_result *r         = muster_siting_view(siting);
    const int64_t               objective = r->objective;
    assert_int_equal(r->outcome, MUSTER_SITING_OPTIMAL);
    muster_siting_free(siting);
    return objective;
}

/* Prices may be missing or wrong: the best siting is found and proven all the same. */
static void sitings_are_proven_in_every_storm(void **state) {
    (void)state;
    static const weather             WEATHER[] = {NO_MEMORY, ABORTS,   INTERRUPTS, NO_ENVIRONMENT,
                                                  NO_THREAD, GIVES_UP, LIES};
    static const muster_siting_model MODEL[]   = {MUSTER_SET_COVER, MUSTER_P_CENTER,
                                                  MUSTER_EXPECTED_COVER, MUSTER_MOVE_UP};
    int64_t                          struck_by[4] = {0};
    enum { SEEDS = SANITIZERS_SHARE > 1 ? 4 : 8 };
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        const muster_siting_model model = MODEL[seed % 4];
        uint64_t                  rng   = seed;
        uint32_t                  travel_ms[STORM_PLACES * STORM_DEMANDS];
        for (size_t i = 0; i < sizeof travel_ms / sizeof *travel_ms; ++i) {
            travel_ms[i] = i % STORM_PLACES == i / STORM_DEMANDS ? 30 : random_below(&rng, 100);
        }
        const int64_t calm = solve_siting(travel_ms, model);
        for (size_t w = 0; w < sizeof WEATHER / sizeof *WEATHER; ++w) {
            for (int64_t after = 0; after < 1000; after = 3 * after + 1) {
                atomic_store(&which_lie, (int)((seed + (uint64_t)after) % (ANY + 1)));
                let_there_be(WEATHER[w], after, WEATHER[w] == LIES ? 2 : ONCE);
                assert_int_equal(solve_siting(travel_ms, model), calm);
                struck_by[seed % 4] += atomic_load(&faults);
                let_there_be(CALM, 0, ONCE);
            }
        }
    }
    for (size_t i = 0; i < 4; ++i) {
        print_message("%s struck %lld times\n", muster_siting_model_name(MODEL[i]),
                      (long long)struck_by[i]);
        assert_true(struck_by[i] > 20);
    }
}

/* ---- at the same time ---------------------------------------------------------------------- */

enum { SOLVES = 60 / SANITIZERS_SHARE };

static void *solve_in_the_storm(void *user) {
    trial *t = user;
    for (int i = 0; i < SOLVES; ++i) (void)run(t, 300000);
    return NULL;
}

static void two_solves_at_a_time_come_out_of_it(void **state) {
    (void)state;
    static const weather WEATHER[] = {NO_MEMORY, ABORTS, INTERRUPTS, GIVES_UP, LIES};
    for (size_t w = 0; w < sizeof WEATHER / sizeof *WEATHER; ++w) {
        trial     t[2];
        pthread_t thread[2];
        for (int i = 0; i < 2; ++i) trial_init(&t[i], w * 2 + (uint64_t)i);
        atomic_store(&which_lie, ANY);
        let_there_be(WEATHER[w], 10, WEATHER[w] == NO_MEMORY ? 997 : 101);
        for (int i = 0; i < 2; ++i) {
            assert_int_equal(pthread_create(&thread[i], NULL, solve_in_the_storm, &t[i]), 0);
        }
        for (int i = 0; i < 2; ++i) assert_int_equal(pthread_join(thread[i], NULL), 0);
        assert_true(atomic_load(&faults) > 0);
        let_there_be(CALM, 0, ONCE);
        for (int i = 0; i < 2; ++i) mu_market_fini(&t[i].r.market);
    }
}

/* Afterwards GLPK is as good as before. */
static void the_sun_shines_again(void **state) {
    (void)state;
    uint32_t proven = 0;
    for (uint64_t seed = 0; seed < 20; ++seed) {
        trial t;
        trial_init(&t, seed);
        proven += run(&t, 0);
        mu_market_fini(&t.r.market);
    }
    assert_true(proven >= 18);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_allocation_of_glpk_may_fail),
        cmocka_unit_test(each_call_of_glpk_may_end_in_a_fatal_error),
        cmocka_unit_test(the_simplex_method_may_end_in_any_iteration),
        cmocka_unit_test(the_simplex_method_may_fail_each_time),
        cmocka_unit_test(there_may_be_no_thread_and_no_environment),
        cmocka_unit_test(glpk_may_lie_about_everything),
        cmocka_unit_test(whole_plans_come_out_of_every_storm),
        cmocka_unit_test(sitings_are_proven_in_every_storm),
        cmocka_unit_test(two_solves_at_a_time_come_out_of_it),
        cmocka_unit_test(the_sun_shines_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
