/* Readiness of all at-risk sites and villages of a scenario: as it is, after twenty what-ifs, and which
 * single road, bridge, warehouse or unit hurts most.
 *
 * usage: bench_readiness SCENARIO.gpkg
 * Every kind that somebody is of is a standard: two units within 30 minutes. The what-ifs are a bridge
 * closed (5), a road (3), a warehouse (4) or a tenth of all units (3) gone, and the floods of the
 * scenario 6, 12, 18, 24 and 30 hours after the first begins (5). One line a job: name, runs, fastest and
 * median in milliseconds, and what came out. */
#include <muster/gis.h>
#include <muster/hazard.h>
#include <muster/muster.h>
#include <muster/readiness.h>
#include <stdio.h>
#include <string.h>

#include "bench/clock.h"
#include "tests/support/random.h"

enum { RUNS = 5, N_1_RUNS = 1, WHAT_IFS = 20, FLOODS = 5, WORST = 20, WITHIN_MS = 1800000 };

static int failed(void) {
    fprintf(stderr, "bench_readiness: %s\n", muster_error_message());
    return 1;
}

typedef struct what_if {
    muster_what_if  change;
    uint32_t        edge;
    muster_gone    *gone;
    muster_problem  flooded;
    muster_metric **metric; /* [metric_count] of a flood; else NULL */
} what_if;

typedef struct bench {
    muster_scenario           *scenario;
    const muster_problem      *problem;
    muster_named_sites        *sites;
    uint32_t                   place_count, standard_count;
    muster_readiness_place    *place;
    muster_readiness_standard *standard;
    what_if                    what_if[WHAT_IFS];
} bench;

static void print_times(const char *job, bench_times *times) {
    const double fastest_ms = bench_fastest_ms(times);
    printf("%-28s %4d %10.1f %10.1f   ", job, times->count, fastest_ms, bench_median_ms(times));
}

/* ---- the questions ------------------------------------------------------------------------ */

static void take_places(bench *b) {
    uint32_t                 count;
    const muster_named_site *site = muster_named_sites_list(b->sites, &count);
    b->place                      = malloc((count + 1) * sizeof *b->place);
    for (uint32_t i = 0; b->place && i < count; ++i) {
        if (strcmp(site[i].table, "place") == 0 && strcmp(site[i].level, "village") != 0) continue;
        const int64_t people = site[i].population > 0 ? site[i].population : 1;
        b->place[b->place_count++] =
            (muster_readiness_place){site[i].code, {site[i].lon_deg, site[i].lat_deg}, people};
    }
}

static bool is_had(const muster_problem *p, uint32_t kind) {
    bool is = false;
    for (uint32_t i = 0; i < p->team_count; ++i) {
        for (uint32_t c = 0; c < p->team[i].capability_count; ++c) {
            is |= p->team[i].capability[c] == kind;
        }
    }
    for (uint32_t i = 0; i < p->vehicle_count; ++i) is |= p->vehicle[i].kind == kind;
    for (uint32_t i = 0; i < p->machine_count; ++i) is |= p->machine[i].kind == kind;
    for (uint32_t i = 0; i < p->stock_count; ++i) is |= p->stock[i].kind == kind;
    return is;
}

static void take_standards(bench *b) {
    b->standard = malloc(b->problem->kind_count * sizeof *b->standard);
    for (uint32_t k = 0; b->standard && k < b->problem->kind_count; ++k) {
        if (!is_had(b->problem, k)) continue;
        b->standard[b->standard_count++] = (muster_readiness_standard){k, WITHIN_MS, 2, 0};
    }
}

/* ---- what-ifs ------------------------------------------------------------------------------ */

static uint32_t draw_edge(const muster_network_data *v, bool is_bridge, uint64_t *rng) {
    uint32_t edge = random_below(rng, v->edge_count);
    while (is_bridge && !(v->edge_flags[edge] & MUSTER_EDGE_BRIDGE)) {
        edge = random_below(rng, v->edge_count);
    }
    return edge;
}

static void close_edge(what_if *w, const muster_network_data *v, bool is_bridge, uint64_t *rng) {
    w->edge              = draw_edge(v, is_bridge, rng);
    w->change.edge_count = 1;
    w->change.edge       = &w->edge;
}

static void lose_units(what_if *w, const muster_problem *p, uint64_t *rng) {
    w->gone        = malloc((p->team_count + p->vehicle_count + 1) * sizeof *w->gone);
    w->change.gone = w->gone;
    for (uint32_t i = 0; w->gone && i < p->team_count + p->vehicle_count; ++i) {
        if (random_below(rng, 10) != 0) continue;
        const bool is_team              = i < p->team_count;
        w->gone[w->change.gone_count++] = (muster_gone){is_team ? MUSTER_PEOPLE : MUSTER_VEHICLE,
                                                        is_team ? i : i - p->team_count, 0};
    }
}

static void lose_warehouse(what_if *w, const muster_problem *p, uint64_t *rng) {
    const char *code = p->stock[random_below(rng, p->stock_count)].unit.code;
    w->gone          = malloc((p->stock_count + 1) * sizeof *w->gone);
    w->change.gone   = w->gone;
    for (uint32_t i = 0; w->gone && i < p->stock_count; ++i) {
        if (strcmp(p->stock[i].unit.code, code) != 0) continue;
        w->gone[w->change.gone_count++] = (muster_gone){MUSTER_ITEM, i, 0};
    }
}

static muster_status flood_metric(muster_metric **out, const muster_metric *base,
                                  const muster_profile *profile, const muster_hazards *hazards) {
    uint32_t             count;
    muster_closure      *closure;
    const muster_hazard *hazard = muster_hazards_list(hazards, &count);
    muster_status        status = muster_closure_new(&closure, base);
    for (uint32_t i = 0; i < count && status == MUSTER_OK; ++i) {
        status = muster_hazard_close(closure, profile, &hazard[i], NULL);
    }
    const muster_arc_change *change =
        status == MUSTER_OK ? muster_closure_changes(closure, &count) : NULL;
    if (status == MUSTER_OK) status = muster_metric_change(out, base, count, change);
    muster_closure_free(closure);
    return status;
}

static muster_status flood(what_if *w, const bench *b, const muster_hazards *hazards) {
    const muster_problem  *p        = b->problem;
    const muster_profiles *profiles = muster_scenario_profiles(b->scenario);
    w->metric                       = calloc(p->metric_count + 1, sizeof *w->metric);
    if (!w->metric) return muster_fail(MUSTER_E_NOMEM, "out of memory");
    for (uint32_t m = 0; m < p->metric_count; ++m) {
        const muster_profile *profile;
        muster_status         status =
            muster_profiles_find(&profile, profiles, muster_metric_profile_name(p->metric[m]));
        if (status == MUSTER_OK) {
            status = flood_metric(&w->metric[m], p->metric[m], profile, hazards);
        }
        if (status != MUSTER_OK) return status;
    }
    w->flooded        = *p;
    w->flooded.metric = (const muster_metric *const *)w->metric;
    w->change.problem = &w->flooded;
    return MUSTER_OK;
}

static muster_status make_floods(bench *b, const char *path) {
    muster_hazards *all, *now;
    int64_t         first_s = INT64_MAX;
    uint32_t        count;
    muster_status   status = muster_hazards_new(&all);
    if (status == MUSTER_OK) {
        status = muster_hazards_add_store(all, path, muster_scenario_code(b->scenario));
    }
    const muster_hazard *hazard = muster_hazards_list(all, &count);
    for (uint32_t i = 0; i < count; ++i) {
        if (hazard[i].starts_at_s < first_s) first_s = hazard[i].starts_at_s;
    }
    for (int i = 0; i < FLOODS && status == MUSTER_OK; ++i) {
        status = muster_hazards_at(&now, all, first_s + 3600 * (6 + 6 * i));
        if (status == MUSTER_OK) status = flood(&b->what_if[WHAT_IFS - FLOODS + i], b, now);
        muster_hazards_free(now);
    }
    muster_hazards_free(all);
    return status;
}

static void make_changes(bench *b) {
    const muster_network_data *v   = muster_network_view(muster_scenario_network(b->scenario));
    uint64_t                   rng = 1;
    for (int i = 0; i < 8; ++i) close_edge(&b->what_if[i], v, i < 5, &rng);
    for (int i = 8; i < 12; ++i) lose_warehouse(&b->what_if[i], b->problem, &rng);
    for (int i = 12; i < 15; ++i) lose_units(&b->what_if[i], b->problem, &rng);
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static uint32_t count_unready(const muster_readiness *r) {
    uint32_t count = 0;
    for (uint32_t p = 0; p < muster_readiness_place_count(r); ++p) {
        count += muster_readiness_states(r)[p].unmet_count > 0;
    }
    return count;
}

static muster_status make_base(const bench *b, muster_readiness **out) {
    return muster_readiness_new(out, b->problem, b->place_count, b->place, b->standard_count,
                                b->standard, NULL);
}

static muster_status ask_what_ifs(const bench *b, const muster_readiness *base,
                                  uint32_t *out_fallen) {
    *out_fallen = 0;
    for (int i = 0; i < WHAT_IFS; ++i) {
        muster_readiness     *after;
        muster_readiness_loss loss;
        muster_status         status = muster_readiness_change(&after, base, &b->what_if[i].change);
        if (status == MUSTER_OK) status = muster_readiness_compare(base, after, &loss, NULL);
        muster_readiness_free(after);
        if (status != MUSTER_OK) return status;
        *out_fallen += loss.fallen_count;
    }
    return MUSTER_OK;
}

static muster_status bench_what_ifs(const bench *b) {
    bench_times       base_times = {0}, times = {0}, together = {0};
    muster_readiness *base;
    uint32_t          fallen = 0, unready = 0;
    for (int run = 0; run < RUNS; ++run) {
        const double  start  = bench_now_ms();
        muster_status status = make_base(b, &base);
        const double  middle = bench_now_ms();
        if (status == MUSTER_OK) status = ask_what_ifs(b, base, &fallen);
        const double end = bench_now_ms();
        if (status == MUSTER_OK) unready = count_unready(base);
        muster_readiness_free(base);
        if (status != MUSTER_OK) return status;
        bench_add(&base_times, middle - start);
        bench_add(&times, end - middle);
        bench_add(&together, end - start);
    }
    print_times("as it is", &base_times);
    printf("%u of %u places below a standard\n", unready, b->place_count);
    print_times("20 what-ifs", &times);
    printf("%u places fall in them\n", fallen);
    print_times("both", &together);
    puts("");
    return MUSTER_OK;
}

static muster_status bench_part(const muster_readiness *base, muster_part part) {
    bench_times             times = {0};
    muster_criticals_effort effort;
    uint32_t                count = 0, fallen = 0;
    char                    job[40];
    for (int run = 0; run < N_1_RUNS; ++run) {
        muster_criticals   *list;
        const double        start  = bench_now_ms();
        const muster_status status = muster_criticals_find(&list, base, part, WORST, NULL, NULL);
        if (status != MUSTER_OK) return status;
        bench_add(&times, bench_now_ms() - start);
        const muster_critical *worst = muster_criticals_list(list, &count);
        fallen                       = count > 0 ? worst->loss.fallen_count : 0;
        effort                       = muster_criticals_effort_of(list);
        muster_criticals_free(list);
    }
    snprintf(job, sizeof job, "N-1, worst %d: %ss", WORST, muster_part_name(part));
    print_times(job, &times);
    printf("of %u %u can hurt, %u tried; the worst: %u places fall\n", effort.part_count,
           effort.candidate_count, effort.tried_count, fallen);
    return MUSTER_OK;
}

static muster_status bench_all(bench *b, const char *path) {
    muster_readiness *base;
    take_places(b);
    take_standards(b);
    if (!b->place || !b->standard) return muster_fail(MUSTER_E_NOMEM, "out of memory");
    make_changes(b);
    muster_status status = make_floods(b, path);
    printf("%s: %u places, %u standards\n", path, b->place_count, b->standard_count);
    printf("%-28s %4s %10s %10s\n", "job", "runs", "fastest ms", "median ms");
    if (status == MUSTER_OK) status = bench_what_ifs(b);
    if (status == MUSTER_OK) status = make_base(b, &base);
    if (status != MUSTER_OK) return status;
    for (unsigned part = 0; part < MUSTER_PART_COUNT && status == MUSTER_OK; ++part) {
        status = bench_part(base, (muster_part)part);
    }
    muster_readiness_free(base);
    return status;
}

static void free_all(bench *b) {
    for (int i = 0; i < WHAT_IFS; ++i) {
        what_if *w = &b->what_if[i];
        for (uint32_t m = 0; w->metric && m < b->problem->metric_count; ++m) {
            muster_metric_free(w->metric[m]);
        }
        free(w->metric);
        free(w->gone);
    }
    free(b->place);
    free(b->standard);
    muster_named_sites_free(b->sites);
    muster_scenario_free(b->scenario);
}

int main(int argc, char **argv) {
    static bench b;
    if (argc != 2) {
        fputs("usage: bench_readiness SCENARIO.gpkg\n", stderr);
        return 2;
    }
    muster_status status = muster_scenario_load(&b.scenario, argv[1], NULL);
    if (status != MUSTER_OK) return failed();
    b.problem = muster_scenario_problem(b.scenario);
    status    = muster_named_sites_load(&b.sites, argv[1]);
    if (status == MUSTER_OK) status = bench_all(&b, argv[1]);
    free_all(&b);
    return status == MUSTER_OK ? 0 : failed();
}
