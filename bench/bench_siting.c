/* Siting: covering and the other models on the home scenario's at-risk sites, villages and warehouses, moves
 * of its hazmat teams between towns, and the p-median and p-center problems of OR-Library.
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

enum { TIME_LIMIT_MS = 600000, RUNS = 3, MOST_TEAMS = 64 };

static int failed(void) {
    fprintf(stderr, "bench_siting: %s\n", muster_error_message());
    return 1;
}

/* ---- a problem ------------------------------------------------------------------------------ */

static muster_status solve(const muster_siting_problem *p, uint32_t limit_ms,
                           muster_siting_result *out, double *out_ms) {
    muster_siting_options options = MUSTER_SITING_OPTIONS_INIT;
    muster_siting        *siting;
    const double          start = bench_now_ms();
    options.time_limit_ms       = limit_ms;
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

/* At-risk sites first, then villages; and towns. */
static muster_status read_named(points *demand, uint32_t *out_at_risk, points *towns,
                                const char *path) {
    muster_named_sites *sites;
    uint32_t            count;
    const muster_status status = muster_named_sites_load(&sites, path);
    if (status != MUSTER_OK) return status;
    const muster_named_site *site = muster_named_sites_list(sites, &count);
    if (!points_init(demand, count) || !points_init(towns, count + MOST_TEAMS)) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory");
    }
    for (uint32_t i = 0; i < count; ++i) {
        if (strcmp(site[i].level, "town") == 0) {
            points_add(towns, site[i].lon_deg, site[i].lat_deg, 1);
        }
    }
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
    bool                is_at_risk;   /* else villages too */
    uint32_t            busy_percent; /* of expected covering */
} job;

static const job JOBS[] = {
    {"set-cover, at-risk, 15 min", MUSTER_SET_COVER, 0, 15, true, 0},
    {"set-cover, all, 16 min", MUSTER_SET_COVER, 0, 16, false, 0},
    {"max-cover, at-risk, 10 more, 10 min", MUSTER_MAX_COVER, 10, 10, true, 0},
    {"max-cover, all, 10 more, 10 min", MUSTER_MAX_COVER, 10, 10, false, 0},
    {"p-center, at-risk, 10 more", MUSTER_P_CENTER, 10, 0, true, 0},
    {"p-center, all, 10 more", MUSTER_P_CENTER, 10, 0, false, 0},
    {"p-median, at-risk, 10 more", MUSTER_P_MEDIAN, 10, 0, true, 0},
    {"p-median, all, 10 more", MUSTER_P_MEDIAN, 10, 0, false, 0},
    {"expected-cover, at-risk, 10 more, 15 min", MUSTER_EXPECTED_COVER, 10, 15, true, 30},
    {"expected-cover, at-risk, 40 more, 15 min", MUSTER_EXPECTED_COVER, 40, 15, true, 30},
    {"expected-cover, all, 20 more, 15 min", MUSTER_EXPECTED_COVER, 20, 15, false, 30},
    {"same, busy 10 %", MUSTER_EXPECTED_COVER, 20, 15, false, 10},
    {"same, busy 60 %", MUSTER_EXPECTED_COVER, 20, 15, false, 60},
    {"expected-cover, all, 40 more, 10 min", MUSTER_EXPECTED_COVER, 40, 10, false, 30},
    {"expected-cover, all, 40 more, 20 min", MUSTER_EXPECTED_COVER, 40, 20, false, 30},
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

static muster_status run_problem(const char *name, const muster_siting_problem *p,
                                 uint32_t limit_ms) {
    muster_siting_result r;
    bench_times          times = {0};
    double               ms;
    for (int run = 0; run < RUNS; ++run) {
        const muster_status status = solve(p, limit_ms, &r, &ms);
        if (status != MUSTER_OK) return status;
        bench_add(&times, ms);
    }
    print_line(name, p, &r, r.bound, bench_fastest_ms(&times));
    return MUSTER_OK;
}

static muster_status run_job(const job *j, muster_siting_problem *p) {
    p->model           = (uint8_t)j->model;
    p->count           = j->count;
    p->within_ms       = j->within_min * 60000;
    p->busy_millionths = j->busy_percent * 10000;
    return run_problem(j->name, p, TIME_LIMIT_MS);
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

/* From each of some places to each of others; *out is the caller's, whatever the status. */
static muster_status find_table(uint32_t **out, const muster_metric *metric, uint32_t from_count,
                                const muster_snap *from, uint32_t to_count, const muster_snap *to) {
    *out = malloc(((size_t)from_count * to_count + 1) * sizeof **out);
    if (!*out) return muster_fail(MUSTER_E_NOMEM, "out of memory for a table");
    return muster_matrix(metric, from_count, from, to_count, to, 0, *out, NULL);
}

static muster_status snap(const muster_metric *metric, points *p) {
    return muster_snap_sites(metric, p->count, p->lon_deg, p->lat_deg, NULL, p->snap);
}

static muster_status measure_new(const muster_metric *metric, const muster_problem *problem,
                                 const points *demand, uint32_t at_risk) {
    points        places;
    uint32_t     *travel_ms = NULL;
    muster_status status    = read_warehouses(&places, problem);
    if (status == MUSTER_OK) status = snap(metric, &places);
    if (status == MUSTER_OK) {
        status =
            find_table(&travel_ms, metric, places.count, places.snap, demand->count, demand->snap);
    }
    if (status == MUSTER_OK) status = run_jobs(&places, demand, at_risk, travel_ms);
    free(travel_ms);
    points_free(&places);
    return status;
}

/* ---- moves ---------------------------------------------------------------------------------- */

static const struct {
    const char         *name;
    muster_siting_model goal;
    uint32_t            moves, busy_percent, limit_ms;
} MOVES[] = {
    {"move-up, expected-cover, 6 moves, 15 min", MUSTER_EXPECTED_COVER, 6, 30, TIME_LIMIT_MS},
    {"move-up, expected-cover, 12 moves, 15 min", MUSTER_EXPECTED_COVER, 12, 30, TIME_LIMIT_MS},
    {"same, busy 60 %", MUSTER_EXPECTED_COVER, 12, 60, TIME_LIMIT_MS},
    {"move-up, max-cover, 6 moves, 15 min", MUSTER_MAX_COVER, 6, 0, TIME_LIMIT_MS},
    {"move-up, max-cover, 12 moves, 15 min", MUSTER_MAX_COVER, 12, 0, TIME_LIMIT_MS},
    {"move-up, p-median, 3 moves", MUSTER_P_MEDIAN, 3, 0, TIME_LIMIT_MS},
    {"move-up, p-median, 6 moves", MUSTER_P_MEDIAN, 6, 0, TIME_LIMIT_MS},
    {"move-up, p-median, 12 moves, 5 s at most", MUSTER_P_MEDIAN, 12, 0, 5000},
};

static bool is_of_kind(const muster_problem *p, const muster_team *team, const char *code) {
    for (uint32_t c = 0; c < team->capability_count; ++c) {
        if (strcmp(p->kind[team->capability[c]].code, code) == 0) return true;
    }
    return false;
}

static uint32_t find_or_add(points *p, muster_site site) {
    for (uint32_t i = 0; i < p->count; ++i) {
        if (p->lon_deg[i] == site.lon_deg && p->lat_deg[i] == site.lat_deg) return i;
    }
    points_add(p, site.lon_deg, site.lat_deg, 1);
    return p->count - 1;
}

/* Their places come after the towns. */
static uint32_t place_teams(const muster_problem *p, points *places, uint32_t *unit_place) {
    uint32_t count = 0;
    for (uint32_t t = 0; t < p->team_count && count < MOST_TEAMS; ++t) {
        if (!is_of_kind(p, &p->team[t], "hazmat")) continue;
        unit_place[count++] = find_or_add(places, p->team[t].unit.site);
    }
    return count;
}

static muster_status run_moves(muster_siting_problem *p) {
    muster_status status = MUSTER_OK;
    for (size_t i = 0; i < sizeof MOVES / sizeof *MOVES && status == MUSTER_OK; ++i) {
        p->goal            = (uint8_t)MOVES[i].goal;
        p->move_count      = MOVES[i].moves;
        p->busy_millionths = MOVES[i].busy_percent * 10000;
        status             = run_problem(MOVES[i].name, p, MOVES[i].limit_ms);
    }
    return status;
}

/* towns: with room for the teams. */
static muster_status measure_moves(const muster_metric *metric, const muster_problem *problem,
                                   const points *demand, points *towns) {
    uint32_t              unit_place[MOST_TEAMS], *travel_ms = NULL, *move_ms = NULL;
    muster_siting_problem p     = MUSTER_SITING_PROBLEM_INIT;
    muster_snap          *units = NULL;
    p.model                     = MUSTER_MOVE_UP;
    p.unit_count                = place_teams(problem, towns, unit_place);
    p.unit_place                = unit_place;
    p.place_count               = towns->count;
    p.demand_count              = demand->count;
    p.weight                    = demand->weight;
    p.within_ms                 = 15 * 60000;
    p.move_limit_ms             = 60 * 60000;
    muster_status status        = snap(metric, towns);
    units                       = malloc((p.unit_count + 1) * sizeof *units);
    if (!units) status = muster_fail(MUSTER_E_NOMEM, "out of memory");
    for (uint32_t u = 0; status == MUSTER_OK && u < p.unit_count; ++u) {
        units[u] = towns->snap[unit_place[u]];
    }
    if (status == MUSTER_OK) {
        status = find_table(&travel_ms, metric, p.place_count, towns->snap, p.demand_count,
                            demand->snap);
    }
    if (status == MUSTER_OK) {
        status = find_table(&move_ms, metric, p.unit_count, units, p.place_count, towns->snap);
    }
    p.travel_ms = travel_ms;
    p.move_ms   = move_ms;
    if (status == MUSTER_OK) status = run_moves(&p);
    free(travel_ms);
    free(move_ms);
    free(units);
    return status;
}

static muster_status measure(const muster_scenario *scenario, points *demand, uint32_t at_risk,
                             points *towns) {
    const muster_problem *problem = muster_scenario_problem(scenario);
    muster_profile        profile;
    muster_metric        *metric = NULL;
    muster_status         status = muster_profile_builtin(&profile, "heavy");
    if (status == MUSTER_OK) {
        status = muster_metric_new(&metric, muster_scenario_network(scenario), &profile);
    }
    if (status == MUSTER_OK) status = snap(metric, demand);
    if (status == MUSTER_OK) status = measure_new(metric, problem, demand, at_risk);
    if (status == MUSTER_OK) status = measure_moves(metric, problem, demand, towns);
    muster_metric_free(metric);
    return status;
}

static int bench_scenario(const char *path) {
    muster_scenario *scenario = NULL;
    points           demand = {0}, towns = {0};
    uint32_t         at_risk = 0;
    muster_status    status  = read_named(&demand, &at_risk, &towns, path);
    if (status == MUSTER_OK) status = muster_scenario_load(&scenario, path, NULL);
    if (status == MUSTER_OK) status = measure(scenario, &demand, at_risk, &towns);
    muster_scenario_free(scenario);
    points_free(&demand);
    points_free(&towns);
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
        const muster_status status     = solve(&p, TIME_LIMIT_MS, &r, &ms);
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
