/* Siting: covering and the other models on the home scenario's at-risk sites, villages and warehouses, and
 * the p-median and p-center problems of OR-Library.
 *
 * usage: bench_siting SCENARIO.gpkg [FOLDER of pmed1.txt to pmed40.txt]
 * One line a problem: its size, the outcome, the objective, the bound or, of OR-Library, the published
 * optimum, the fastest of three runs in milliseconds; of OR-Library's there is one run. Ends with 1
 * where a published optimum is not found and proven. */
#include <inttypes.h>
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <string.h>

#include "bench/clock.h"
#include "tests/support/orlib_pmed.h"

enum { TIME_LIMIT_MS = 600000, RUNS = 3 };

static int failed(void) {
    fprintf(stderr, "bench_siting: %s\n", muster_error_message());
    return 1;
}

/* ---- a problem ------------------------------------------------------------------------------ */

static muster_status solve(const muster_siting_problem *p, muster_siting_result *out,
                           double *out_ms) {
    muster_siting_options options = MUSTER_SITING_OPTIONS_INIT;
    muster_siting        *siting;
    const double          start = bench_now_ms();
    options.time_limit_ms       = TIME_LIMIT_MS;
    const muster_status status  = muster_siting_solve(&siting, p, &options);
    *out_ms                     = bench_now_ms() - start;
    if (status != MUSTER_OK) return status;
    *out = *muster_siting_view(siting); /* whose numbers alone are looked at */
    muster_siting_free(siting);
    return MUSTER_OK;
}

static void print_line(const char *name, const muster_siting_problem *p,
                       const muster_siting_result *r, int64_t beside, double ms) {
    printf("%-44s %5" PRIu32 " x %-5" PRIu32 " %-9s %16" PRId64 " %16" PRId64 " %10.1f\n", name,
           p->place_count, p->demand_count,
           muster_siting_outcome_name((muster_siting_outcome)r->outcome), r->objective, beside, ms);
    fflush(stdout);
}

/* ---- the home scenario ---------------------------------------------------------------------- */

/* Points by longitude and latitude, with what they weigh. */
typedef struct points {
    uint32_t     count;
    double      *lon_deg, *lat_deg;
    int64_t     *weight;
    muster_snap *snap;
} points;

static bool points_init(points *p, size_t room) {
    *p = (points){0, malloc((room + 1) * sizeof *p->lon_deg),
                  malloc((room + 1) * sizeof *p->lat_deg), malloc((room + 1) * sizeof *p->weight),
                  malloc((room + 1) * sizeof *p->snap)};
    return p->lon_deg && p->lat_deg && p->weight && p->snap;
}

static void points_free(points *p) {
    free(p->lon_deg);
    free(p->lat_deg);
    free(p->weight);
    free(p->snap);
}

static void points_add(points *p, double lon_deg, double lat_deg, int64_t weight) {
    p->lon_deg[p->count]  = lon_deg;
    p->lat_deg[p->count]  = lat_deg;
    p->weight[p->count++] = weight;
}

/* At-risk sites first, then villages. */
static muster_status read_demand(points *demand, uint32_t *out_at_risk, const char *path) {
    muster_named_sites *sites;
    uint32_t            count;
    const muster_status status = muster_named_sites_load(&sites, path);
    if (status != MUSTER_OK) return status;
    const muster_named_site *site = muster_named_sites_list(sites, &count);
    if (!points_init(demand, count)) return muster_fail(MUSTER_E_NOMEM, "out of memory");
    for (int villages = 0; villages < 2; ++villages) {
        for (uint32_t i = 0; i < count; ++i) {
            const char *level = villages ? "village" : "";
            if (strcmp(site[i].level, level) != 0) continue;
            points_add(demand, site[i].lon_deg, site[i].lat_deg,
                       site[i].population < 0 ? 1 : site[i].population);
        }
        if (!villages) *out_at_risk = demand->count;
    }
    muster_named_sites_free(sites);
    return MUSTER_OK;
}

static muster_status read_warehouses(points *places, const muster_problem *p) {
    if (!points_init(places, p->stock_count)) return muster_fail(MUSTER_E_NOMEM, "out of memory");
    for (uint32_t i = 0; i < p->stock_count; ++i) {
        const muster_unit *unit = &p->stock[i].unit;
        if (i > 0 && strcmp(unit->code, p->stock[i - 1].unit.code) == 0) continue;
        points_add(places, unit->site.lon_deg, unit->site.lat_deg, 1);
    }
    return MUSTER_OK;
}

typedef struct job {
    const char         *name;
    muster_siting_model model;
    uint32_t            count, within_min;
    bool                is_at_risk; /* else villages too */
} job;

static const job JOBS[] = {
    {"set-cover, at-risk, 15 min", MUSTER_SET_COVER, 0, 15, true},
    {"set-cover, all, 16 min", MUSTER_SET_COVER, 0, 16, false},
    {"max-cover, at-risk, 10 more, 10 min", MUSTER_MAX_COVER, 10, 10, true},
    {"max-cover, all, 10 more, 10 min", MUSTER_MAX_COVER, 10, 10, false},
    {"p-center, at-risk, 10 more", MUSTER_P_CENTER, 10, 0, true},
    {"p-center, all, 10 more", MUSTER_P_CENTER, 10, 0, false},
    {"p-median, at-risk, 10 more", MUSTER_P_MEDIAN, 10, 0, true},
    {"p-median, all, 10 more", MUSTER_P_MEDIAN, 10, 0, false},
    {"expected-cover, at-risk, 10 more, 15 min", MUSTER_EXPECTED_COVER, 10, 15, true},
};

/* Travel times of the at-risk sites alone are the first columns of those of all. */
static uint32_t *columns_of(const uint32_t *travel_ms, uint32_t rows, uint32_t all,
                            uint32_t count) {
    uint32_t *part = malloc(((size_t)rows * count + 1) * sizeof *part);
    for (uint32_t i = 0; part && i < rows; ++i) {
        memcpy(part + (size_t)i * count, travel_ms + (size_t)i * all, count * sizeof *part);
    }
    return part;
}

static muster_status run_job(const job *j, muster_siting_problem *p) {
    muster_siting_result r;
    bench_times          times = {0};
    double               ms;
    p->model           = (uint8_t)j->model;
    p->count           = j->count;
    p->within_ms       = j->within_min * 60000;
    p->busy_millionths = 300000;
    for (int run = 0; run < RUNS; ++run) {
        const muster_status status = solve(p, &r, &ms);
        if (status != MUSTER_OK) return status;
        bench_add(&times, ms);
    }
    print_line(j->name, p, &r, r.bound, bench_fastest_ms(&times));
    return MUSTER_OK;
}

static muster_status run_jobs(const points *places, const points *demand, uint32_t at_risk,
                              const uint32_t *travel_ms) {
    uint32_t     *part = columns_of(travel_ms, places->count, demand->count, at_risk);
    muster_status status =
        part ? MUSTER_OK : muster_fail(MUSTER_E_NOMEM, "out of memory for a table");
    for (size_t i = 0; i < sizeof JOBS / sizeof *JOBS && status == MUSTER_OK; ++i) {
        muster_siting_problem p = MUSTER_SITING_PROBLEM_INIT;
        p.place_count           = places->count;
        p.demand_count          = JOBS[i].is_at_risk ? at_risk : demand->count;
        p.travel_ms             = JOBS[i].is_at_risk ? part : travel_ms;
        p.weight                = demand->weight;
        status                  = run_job(&JOBS[i], &p);
    }
    free(part);
    return status;
}

static muster_status measure(const muster_scenario *scenario, points *places, points *demand,
                             uint32_t at_risk) {
    const muster_problem *problem = muster_scenario_problem(scenario);
    muster_profile        profile;
    muster_metric        *metric    = NULL;
    uint32_t             *travel_ms = NULL;
    muster_status         status    = read_warehouses(places, problem);
    if (status == MUSTER_OK) status = muster_profile_builtin(&profile, "heavy");
    if (status == MUSTER_OK) {
        status = muster_metric_new(&metric, muster_scenario_network(scenario), &profile);
    }
    if (status == MUSTER_OK) {
        status = muster_snap_sites(metric, places->count, places->lon_deg, places->lat_deg, NULL,
                                   places->snap);
    }
    if (status == MUSTER_OK) {
        status = muster_snap_sites(metric, demand->count, demand->lon_deg, demand->lat_deg, NULL,
                                   demand->snap);
    }
    travel_ms = malloc(((size_t)places->count * demand->count + 1) * sizeof *travel_ms);
    if (status == MUSTER_OK && !travel_ms) status = muster_fail(MUSTER_E_NOMEM, "out of memory");
    if (status == MUSTER_OK) {
        status = muster_matrix(metric, places->count, places->snap, demand->count, demand->snap, 0,
                               travel_ms, NULL);
    }
    if (status == MUSTER_OK) status = run_jobs(places, demand, at_risk, travel_ms);
    free(travel_ms);
    muster_metric_free(metric);
    return status;
}

static int bench_scenario(const char *path) {
    muster_scenario *scenario = NULL;
    points           places = {0}, demand = {0};
    uint32_t         at_risk = 0;
    muster_status    status  = read_demand(&demand, &at_risk, path);
    if (status == MUSTER_OK) status = muster_scenario_load(&scenario, path, NULL);
    if (status == MUSTER_OK) status = measure(scenario, &places, &demand, at_risk);
    muster_scenario_free(scenario);
    points_free(&places);
    points_free(&demand);
    printf("\n");
    return status == MUSTER_OK ? 0 : failed();
}

/* ---- OR-Library ----------------------------------------------------------------------------- */

static int bench_orlib(const char *folder, muster_siting_model model, const int64_t *optimum) {
    const char *name     = muster_siting_model_name(model);
    double      total_ms = 0;
    int         right    = 0;
    for (int i = 0; i < PMED_COUNT; ++i) {
        pmed                  graph;
        muster_siting_result  r;
        muster_siting_problem p = MUSTER_SITING_PROBLEM_INIT;
        char                  path[4096], line[64];
        double                ms;
        snprintf(path, sizeof path, "%s/pmed%d.txt", folder, i + 1);
        if (!pmed_read(&graph, path)) {
            fprintf(stderr, "bench_siting: %s is no graph of OR-Library\n", path);
            return 1;
        }
        p.model       = (uint8_t)model;
        p.place_count = p.demand_count = graph.node_count;
        p.travel_ms                    = graph.length;
        p.count                        = graph.median_count;
        const muster_status status     = solve(&p, &r, &ms);
        pmed_free(&graph);
        if (status != MUSTER_OK) return failed();
        snprintf(line, sizeof line, "%s, pmed%d, p = %" PRIu32, name, i + 1, p.count);
        print_line(line, &p, &r, optimum[i], ms);
        right += r.outcome == MUSTER_SITING_OPTIMAL && r.objective == optimum[i];
        total_ms += ms;
    }
    printf("%s: %d of %d found and proven at the published optimum, %.1f s together\n\n", name,
           right, PMED_COUNT, total_ms / 1000);
    return right < PMED_COUNT;
}

int main(int argc, char **argv) {
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: bench_siting SCENARIO.gpkg [FOLDER]\n");
        return 2;
    }
    printf("%-44s %13s %-9s %16s %16s %10s\n", "siting", "places x all", "outcome", "objective",
           "bound/published", "ms");
    int code = bench_scenario(argv[1]);
    if (code == 0 && argc == 3) code = bench_orlib(argv[2], MUSTER_P_MEDIAN, PMED_MEDIAN);
    if (code == 0 && argc == 3) code = bench_orlib(argv[2], MUSTER_P_CENTER, PMED_CENTER);
    return code;
}
