/* How long after its time limit does a solve come back, while other work keeps every core busy?
 *
 * usage: bench_deadline [--solves N] [--first N] [--seed N] [--idle] SCENARIO.gpkg CODE
 * Solve after solve draws incidents of the scenario, 1 to 300 of them (in equal numbers from 1 to 10,
 * 10 to 100 and so on), what they need - people alone, everything by itself, everything with items by
 * vehicle - and a limit of 5 to 200 ms, while one thread a core does nothing but count (--idle: none).
 * An overrun is what the caller's clock shows beyond the limit; 0 where the solve was done before.
 * There is always a plan, so a limit cannot be kept in which no first plan can be found, written and
 * judged. How long that takes is asked first, of the same problem with the same other work, by
 * MUSTER_METHOD_GREEDY. The lines "possible" are of the solves whose limit is no shorter, nor shorter than
 * this first plan took and as long again as it took to write and judge that one. The lines "or first" are
 * of all, but of what lies beyond the limit and beyond twice the time to the first plan. The worst solves are listed with
 * their numbers: `--first NUMBER --solves 1` is one of them again.
 *
 * Part of an overrun is the machine's: whoever shares a core is not running when his time comes. Before
 * each solve the calling thread does nothing but look at the clock for 20 ms, and the line "clock" is how
 * much later than that it saw that they were over.
 */
#include <math.h>
#include <muster/gis.h>
#include <muster/muster.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/part.h"

enum {
    MOST_INCIDENTS = 300,
    LEAST_LIMIT_MS = 5,
    MOST_LIMIT_MS  = 200,
    LOOK_MS        = 20,
    WORST          = 8,
    MOST_CORES     = 256
};

typedef enum mix { PEOPLE, BY_THEMSELVES, BY_VEHICLE, MIXES } mix;

static const char *const MIX_NAME[MIXES] = {"people", "by themselves", "by vehicle"};

typedef struct trial {
    uint32_t number, incidents, limit_ms, first_ms;
    mix      mix;
    double   least_ms;           /* that a first plan alone takes */
    double   late_ms, excess_ms; /* beyond the limit; and beyond twice the first plan's time too */
    double   clock_ms;           /* of a thread that looks at the clock alone */
} trial;

static int failed(void) {
    fprintf(stderr, "bench_deadline: %s\n", muster_error_message());
    return 1;
}

/* ---- other work --------------------------------------------------------------------------- */

static atomic_bool is_over;
static atomic_uint ready_count;
static pthread_t   busy[MOST_CORES];

static void *count(void *user) {
    volatile unsigned counted = 0;
    (void)user;
    atomic_fetch_add(&ready_count, 1);
    while (!atomic_load_explicit(&is_over, memory_order_relaxed)) {
        for (int i = 0; i < 10000; ++i) counted = counted + 1;
    }
    return NULL;
}

static long load_cores(void) {
    const long cores   = sysconf(_SC_NPROCESSORS_ONLN);
    long       started = 0;
    while (started < cores && started < MOST_CORES &&
           pthread_create(&busy[started], NULL, count, NULL) == 0)
        ++started;
    while (atomic_load(&ready_count) < (unsigned)started) sched_yield();
    return started;
}

static void unload_cores(long started) {
    atomic_store(&is_over, true);
    for (long i = 0; i < started; ++i) pthread_join(busy[i], NULL);
}

/* How much later than it is over a thread sees that, which does nothing else. */
static double look_at_clock(void) {
    const double until = bench_now_ms() + LOOK_MS;
    double       now;
    do {
        now = bench_now_ms();
    } while (now < until);
    return now - until;
}

/* ---- one solve ---------------------------------------------------------------------------- */

static muster_status draw(bench_part *part, trial *t, const muster_problem *whole, uint64_t seed) {
    uint64_t random = seed * 1000003u + t->number;
    t->mix          = (mix)random_below(&random, MIXES);
    t->limit_ms     = LEAST_LIMIT_MS + random_below(&random, MOST_LIMIT_MS - LEAST_LIMIT_MS + 1);
    const double  incidents = exp(log(MOST_INCIDENTS) * random_unit(&random));
    muster_status status    = bench_part_new(part, whole);
    if (status != MUSTER_OK) return status;
    status = bench_part_incidents(part, (uint32_t)(incidents + 0.5), t->mix == PEOPLE, random);
    part->problem.item_transport =
        t->mix == BY_VEHICLE ? MUSTER_ITEMS_BY_VEHICLE : MUSTER_ITEMS_BY_THEMSELVES;
    t->incidents = part->problem.incident_count;
    return status;
}

/* *out_first_ms: until there is a plan. */
static muster_status solve(const muster_problem *problem, const muster_solve_options *options,
                           double *out_ms, uint32_t *out_first_ms) {
    muster_plan        *plan;
    const double        start  = bench_now_ms();
    const muster_status status = muster_solve(&plan, problem, options);
    *out_ms                    = bench_now_ms() - start;
    if (status != MUSTER_OK) return status;
    *out_first_ms = muster_plan_first_feasible_ms(plan);
    muster_plan_free(plan);
    return MUSTER_OK;
}

static muster_status try_limit(trial *t, const muster_problem *problem) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    double               greedy_ms, elapsed_ms;
    uint32_t             greedy_first_ms;
    options.method       = MUSTER_METHOD_GREEDY;
    muster_status status = solve(problem, &options, &greedy_ms, &greedy_first_ms);
    if (status != MUSTER_OK) return status;
    options.method        = MUSTER_METHOD_OPTIMIZE;
    options.time_limit_ms = t->limit_ms;
    status                = solve(problem, &options, &elapsed_ms, &t->first_ms);
    if (status != MUSTER_OK) return status;
    t->least_ms  = greedy_ms + fmax(0, (double)t->first_ms - greedy_first_ms);
    t->late_ms   = fmax(0, elapsed_ms - t->limit_ms);
    t->excess_ms = fmin(t->late_ms, fmax(0, elapsed_ms - 2.0 * t->first_ms));
    return MUSTER_OK;
}

static muster_status run(trial *t, const muster_problem *whole, uint64_t seed) {
    bench_part    part   = {0};
    muster_status status = draw(&part, t, whole, seed);
    t->clock_ms          = look_at_clock();
    if (status == MUSTER_OK && t->incidents > 0) status = try_limit(t, &part.problem);
    bench_part_free(&part);
    return status;
}

/* ---- what came out ------------------------------------------------------------------------ */

/* The smallest that so large a share of `count` sorted values does not exceed. */
static double quantile(const double *sorted, size_t count, double share) {
    const double rank = ceil(share * (double)count);
    return sorted[rank < 1 ? 0 : (size_t)rank - 1];
}

static void print_row(const char *name, const char *beyond, size_t count, double *overrun) {
    size_t late = 0;
    if (count == 0) return;
    for (size_t i = 0; i < count; ++i) late += overrun[i] > 0;
    qsort(overrun, count, sizeof *overrun, bench_by_size);
    printf("%-14s %-9s %7zu %7zu %8.2f %8.2f %8.2f %8.2f\n", name, beyond, count, late,
           quantile(overrun, count, 0.5), quantile(overrun, count, 0.99),
           quantile(overrun, count, 0.999), overrun[count - 1]);
}

typedef enum view { LIMIT, POSSIBLE, OR_FIRST, VIEWS } view;

static const char *const VIEW_NAME[VIEWS] = {"limit", "possible", "or first"};

static void report(const char *name, const trial *trials, size_t count, int only_mix, view seen,
                   double *room) {
    size_t solves = 0;
    for (size_t i = 0; i < count; ++i) {
        if (only_mix >= 0 && trials[i].mix != (unsigned)only_mix) continue;
        if (seen == POSSIBLE && trials[i].limit_ms < trials[i].least_ms) continue;
        room[solves++] = seen == OR_FIRST ? trials[i].excess_ms : trials[i].late_ms;
    }
    print_row(name, VIEW_NAME[seen], solves, room);
}

static void report_clock(const trial *trials, size_t count, double *room) {
    for (size_t i = 0; i < count; ++i) room[i] = trials[i].clock_ms;
    print_row("clock", "20 ms", count, room);
}

/* How late beyond what was possible. */
static double blame_ms(const trial *t) {
    return t->limit_ms < t->least_ms ? 0 : t->late_ms;
}

static int by_blame(const void *a, const void *b) {
    const trial *s = a, *t = b;
    if (blame_ms(s) != blame_ms(t)) return blame_ms(s) > blame_ms(t) ? -1 : 1;
    if (s->excess_ms != t->excess_ms) return s->excess_ms > t->excess_ms ? -1 : 1;
    return s->number < t->number ? -1 : s->number > t->number;
}

static void report_worst(trial *trials, size_t count) {
    qsort(trials, count, sizeof *trials, by_blame);
    printf("\n%-8s %-14s %9s %9s %9s %9s %9s %9s\n", "number", "worst", "incidents", "limit ms",
           "first ms", "least ms", "late ms", "or first");
    for (size_t i = 0; i < count && i < WORST; ++i) {
        printf("%-8u %-14s %9u %9u %9u %9.2f %9.2f %9.2f\n", trials[i].number,
               MIX_NAME[trials[i].mix], trials[i].incidents, trials[i].limit_ms, trials[i].first_ms,
               trials[i].least_ms, trials[i].late_ms, trials[i].excess_ms);
    }
}

static void report_all(trial *trials, size_t count, double *room) {
    printf("%-14s %-9s %7s %7s %8s %8s %8s %8s\n", "overrun, ms", "beyond", "solves", "late", "p50",
           "p99", "p99.9", "most");
    report_clock(trials, count, room);
    for (int v = 0; v < VIEWS; ++v) {
        for (int m = 0; m < MIXES; ++m) {
            report(MIX_NAME[m], trials, count, m, (view)v, room);
        }
        report("together", trials, count, -1, (view)v, room);
    }
    report_worst(trials, count);
}

/* ---- all of it ---------------------------------------------------------------------------- */

typedef struct wishes {
    uint32_t    solves, first;
    uint64_t    seed;
    bool        is_idle;
    const char *path, *code;
} wishes;

static bool read_wishes(wishes *w, int argc, char **argv) {
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; ++i) {
        if (strcmp(argv[i], "--idle") == 0) {
            w->is_idle = true;
        } else if (i + 1 < argc && strcmp(argv[i], "--solves") == 0) {
            w->solves = (uint32_t)strtoul(argv[++i], NULL, 10);
        } else if (i + 1 < argc && strcmp(argv[i], "--first") == 0) {
            w->first = (uint32_t)strtoul(argv[++i], NULL, 10);
        } else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0) {
            w->seed = strtoull(argv[++i], NULL, 10);
        } else {
            return false;
        }
    }
    if (argc - i != 2 || w->solves == 0) return false;
    w->path = argv[i], w->code = argv[i + 1];
    return true;
}

static muster_status run_all(const wishes *w, const muster_problem *problem) {
    trial        *trials = calloc(w->solves, sizeof *trials);
    double       *room   = malloc(w->solves * sizeof *room);
    muster_status status = MUSTER_OK;
    if (!trials || !room) status = muster_fail(MUSTER_E_NOMEM, "out of memory for overruns");
    const long loaded = w->is_idle ? 0 : load_cores();
    for (uint32_t i = 0; i < w->solves && status == MUSTER_OK; ++i) {
        trials[i].number = w->first + i;
        status           = run(&trials[i], problem, w->seed);
    }
    unload_cores(loaded);
    if (status == MUSTER_OK) {
        printf("%u solves, seed %llu, %ld threads of other work\n", w->solves,
               (unsigned long long)w->seed, loaded);
        report_all(trials, w->solves, room);
    }
    free(trials);
    free(room);
    return status;
}

int main(int argc, char **argv) {
    wishes           w = {.solves = 2000, .seed = 1};
    muster_scenario *scenario;
    if (!read_wishes(&w, argc, argv)) {
        fprintf(stderr, "usage: bench_deadline [--solves N] [--first N] [--seed N] [--idle] "
                        "SCENARIO.gpkg CODE\n");
        return 2;
    }
    if (muster_scenario_load(&scenario, w.path, w.code)) return failed();
    if (run_all(&w, muster_scenario_problem(scenario))) return failed();
    muster_scenario_free(scenario);
    return 0;
}
