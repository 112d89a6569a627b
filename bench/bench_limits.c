/* Scenarios under one time limit after another, and by greedy: how good is a plan after so long?
 *
 * usage: bench_limits [--limits MS,MS,...] [--items by-vehicle|by-themselves] [--needs PERCENT]
 *                     [--units PERCENT] [--seed N] SCENARIO.gpkg CODE...
 * Tab-separated, for programs (peers_plan/): a line of names, then one for greedy (limit 0) and one
 * for each limit, until both tiers are proven. Times are the caller's, travel times included, of
 * which travel_ms is the part that any solver needs before it can begin.
 * response_p90_s is the ETA that nine tenths of what is served keep, each unit of a need weighing
 * what it weighs in the tiers. --needs and --units scale what is needed and thin out who is there. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>

#include "bench/clock.h"
#include "bench/part.h"

enum { MOST_LIMITS = 32 };

typedef struct wishes {
    uint32_t  limit_ms[MOST_LIMITS];
    int       limit_count;
    int       items; /* a muster_item_transport; -1: as the scenario has it */
    bench_cut cut;
} wishes;

static int failed(void) {
    fprintf(stderr, "bench_limits: %s\n", muster_error_message());
    return 1;
}

/* ---- the ninetieth percentile --------------------------------------------------------------- */

typedef struct served {
    uint32_t eta_ms;
    int64_t  weight;
} served;

static int by_eta(const void *a, const void *b) {
    const served *s = a, *t = b;
    return s->eta_ms < t->eta_ms ? -1 : s->eta_ms > t->eta_ms;
}

static int64_t price(const muster_problem *p, const muster_need *need) {
    const uint8_t severity = p->incident[need->incident].severity;
    const int64_t weight =
        p->weights ? p->weights->severity[severity] : muster_severity_weight(severity);
    const int64_t each = weight * 1000000 / need->quantity;
    return each > 0 ? each : 1;
}

/* Assignments come need by need, the nearest first; people beyond the need do not count. */
static uint32_t list_served(const muster_problem *p, const muster_assignment *a, uint32_t count,
                            served *out) {
    int64_t missing = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const muster_need *need = &p->need[a[i].need];
        if (i == 0 || a[i].need != a[i - 1].need) missing = need->quantity;
        const int64_t quantity = a[i].quantity < missing ? a[i].quantity : missing;
        missing -= quantity;
        out[i] = (served){a[i].eta_ms, price(p, need) * quantity};
    }
    return count;
}

static muster_status response_p90_s(const muster_plan *plan, const muster_problem *p, double *out) {
    uint32_t                 count;
    const muster_assignment *a    = muster_plan_assignments(plan, &count);
    served                  *list = malloc((count + 1) * sizeof *list);
    int64_t                  sum = 0, reached = 0;
    if (!list) return muster_fail(MUSTER_E_NOMEM, "out of memory for response times");
    qsort(list, list_served(p, a, count, list), sizeof *list, by_eta);
    for (uint32_t i = 0; i < count; ++i) sum += list[i].weight;
    for (uint32_t i = 0; i < count && reached * 10 < sum * 9; ++i) {
        reached += list[i].weight;
        *out = list[i].eta_ms / 1000.0;
    }
    free(list);
    return MUSTER_OK;
}

/* ---- a line --------------------------------------------------------------------------------- */

static void print_names(void) {
    printf("code\tincidents\tteams\tpeople_needed\tpeople_there\tlimit_ms\telapsed_ms\ttravel_ms\t"
           "first_ms\tunmet\tunmet_bound\tresponse\tresponse_bound\tresponse_p90_s\n");
}

static void print_size(const char *code, const muster_problem *p) {
    long long needed = 0, there = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (p->kind[p->need[n].kind].resource == MUSTER_PEOPLE) needed += p->need[n].quantity;
    }
    for (uint32_t t = 0; t < p->team_count; ++t) there += p->team[t].people;
    printf("%s\t%u\t%u\t%lld\t%lld", code, p->incident_count, p->team_count, needed, there);
}

/* When the solve began, how long travel times took, and until there was a plan. */
typedef struct stopwatch {
    double start_ms, travel_ms, first_ms;
} stopwatch;

static bool watch(void *user, const muster_solve_state *state) {
    stopwatch   *w             = user;
    const double elapsed_ms    = bench_now_ms() - w->start_ms;
    const bool   is_travelling = strcmp(state->phase, "travel times") == 0;
    if (w->travel_ms == 0 && !is_travelling) w->travel_ms = elapsed_ms;
    if (w->first_ms == 0 && state->unmet_need != INT64_MAX) w->first_ms = elapsed_ms;
    return true;
}

static bool is_proven(muster_tier_result tier) {
    return tier.value == tier.bound;
}

/* limit_ms 0: greedy. */
static muster_status run(const char *code, const muster_problem *p, uint32_t limit_ms,
                         bool *out_is_proven) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    double               p90_s   = 0;
    stopwatch            stopped = {.start_ms = bench_now_ms()};
    options.method               = limit_ms == 0 ? MUSTER_METHOD_GREEDY : MUSTER_METHOD_OPTIMIZE;
    options.time_limit_ms        = limit_ms;
    options.watcher = watch, options.watcher_user = &stopped;
    muster_status status  = muster_solve(&plan, p, &options);
    const double  elapsed = bench_now_ms() - stopped.start_ms;
    if (status != MUSTER_OK) return status;
    const muster_tier_result unmet    = muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED);
    const muster_tier_result response = muster_plan_tier(plan, MUSTER_TIER_RESPONSE_TIME);
    status                            = response_p90_s(plan, p, &p90_s);
    if (status == MUSTER_OK) {
        print_size(code, p);
        printf("\t%u\t%.3f\t%.3f\t%.3f\t%lld\t%lld\t%lld\t%lld\t%.3f\n", limit_ms, elapsed,
               stopped.travel_ms, stopped.first_ms > 0 ? stopped.first_ms : elapsed,
               (long long)unmet.value, (long long)unmet.bound, (long long)response.value,
               (long long)response.bound, p90_s);
        fflush(stdout);
    }
    *out_is_proven = is_proven(unmet) && is_proven(response);
    muster_plan_free(plan);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static muster_status run_all(const muster_scenario *scenario, const wishes *w) {
    const char   *code      = muster_scenario_code(scenario);
    bench_part    part      = {0};
    bool          is_proven = false;
    muster_status status    = bench_part_cut(&part, muster_scenario_problem(scenario), &w->cut);
    if (status == MUSTER_OK && w->items >= 0) part.problem.item_transport = (uint8_t)w->items;
    if (status == MUSTER_OK) status = run(code, &part.problem, 0, &is_proven);
    is_proven = false;
    for (int i = 0; i < w->limit_count && status == MUSTER_OK && !is_proven; ++i) {
        status = run(code, &part.problem, w->limit_ms[i], &is_proven);
    }
    bench_part_free(&part);
    return status;
}

static bool read_limits(wishes *w, const char *text) {
    char *end = NULL;
    for (w->limit_count = 0; w->limit_count < MOST_LIMITS; text = end + 1) {
        const unsigned long ms = strtoul(text, &end, 10);
        if (end == text || ms == 0 || ms > UINT32_MAX) return false;
        w->limit_ms[w->limit_count++] = (uint32_t)ms;
        if (*end != ',') return *end == '\0';
    }
    return false;
}

static bool read_items(wishes *w, const char *text) {
    if (strcmp(text, "by-vehicle") == 0) w->items = MUSTER_ITEMS_BY_VEHICLE;
    if (strcmp(text, "by-themselves") == 0) w->items = MUSTER_ITEMS_BY_THEMSELVES;
    return w->items >= 0;
}

/* Returns the number of the first argument that is none of the options; 0: a wrong one. */
static int read_wishes(wishes *w, int argc, char **argv) {
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; ++i) {
        if (bench_cut_read(&w->cut, argc, argv, &i)) continue;
        if (i + 1 >= argc) return 0;
        const bool is_limits = strcmp(argv[i], "--limits") == 0;
        if (!is_limits && strcmp(argv[i], "--items") != 0) return 0;
        ++i;
        if (is_limits ? !read_limits(w, argv[i]) : !read_items(w, argv[i])) return 0;
    }
    return argc - i < 2 ? 0 : i;
}

int main(int argc, char **argv) {
    wishes    w     = {.limit_ms = {2000}, .limit_count = 1, .items = -1, .cut = BENCH_CUT_ALL};
    const int first = read_wishes(&w, argc, argv);
    if (first == 0) {
        fprintf(stderr,
                "usage: bench_limits [--limits MS,MS,...] "
                "[--items by-vehicle|by-themselves] " BENCH_CUT_USAGE " SCENARIO.gpkg CODE...\n");
        return 2;
    }
    print_names();
    for (int i = first + 1; i < argc; ++i) {
        muster_scenario *scenario;
        if (muster_scenario_load(&scenario, argv[first], argv[i])) return failed();
        if (run_all(scenario, &w)) return failed();
        muster_scenario_free(scenario);
    }
    return 0;
}
