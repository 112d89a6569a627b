/* A scenario as plain rows, for whoever wants to give it to another solver (peers_plan/): what is
 * needed, what there is, who could go where and how late he would be; and the plan that muster
 * makes of it, with its tiers, so that the reader can check that he counts as muster does.
 *
 * usage: bench_model [--limit MS] [--needs PERCENT] [--units PERCENT] [--seed N] SCENARIO.gpkg CODE
 *                    FOLDER
 * Items travel by themselves. Everything is worked out by the public calls from what
 * muster/problem.h says, not by the optimizer. FOLDER receives
 *   need.tsv    incident, resource, kind, quantity, minimum, price, all_or_nothing, operator_kind,
 *               operator_count (of each machine; 0: none)
 *   supply.tsv  resource, index, amount, kinds (of a team: all that it can do, by commas)
 *   pair_need.u32, pair_supply.u32, pair_eta_ms.u32, pair_response_s.u32
 *               a pair each: rows of the two tables, and the ETA, which in seconds and with lateness
 *               is what each unit of the need counts in tier 2, times the price
 *   plan.tsv    need, supply, quantity
 *   tier.tsv    unmet, unmet_bound, response, response_bound, elapsed_ms */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>

#include "bench/clock.h"
#include "bench/part.h"

typedef struct model {
    const muster_problem *problem;
    const char           *folder;
    muster_weights        weights;
    uint32_t              first[MUSTER_RESOURCE_COUNT + 1]; /* supplies by resource */
    uint32_t             *travel_ms;                        /* [supplies * incidents] */
} model;

static int failed(void) {
    fprintf(stderr, "bench_model: %s\n", muster_error_message());
    return 1;
}

/* ---- what there is -------------------------------------------------------------------------- */

static void number_supplies(model *m) {
    const muster_problem *p = m->problem;
    const uint32_t count[]  = {p->team_count, p->vehicle_count, p->machine_count, p->stock_count};
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) m->first[r + 1] = m->first[r] + count[r];
}

static unsigned resource_of(const model *m, uint32_t supply) {
    unsigned r = 0;
    while (supply >= m->first[r + 1]) ++r;
    return r;
}

static const muster_unit *unit_of(const model *m, uint32_t supply) {
    const unsigned        r = resource_of(m, supply);
    const uint32_t        i = supply - m->first[r];
    const muster_problem *p = m->problem;
    if (r == MUSTER_PEOPLE) return &p->team[i].unit;
    if (r == MUSTER_VEHICLE) return &p->vehicle[i].unit;
    return r == MUSTER_MACHINE ? &p->machine[i].unit : &p->stock[i].unit;
}

static int64_t amount_of(const model *m, uint32_t supply) {
    const unsigned        r = resource_of(m, supply);
    const uint32_t        i = supply - m->first[r];
    const muster_problem *p = m->problem;
    if (r == MUSTER_PEOPLE) return p->team[i].people;
    if (r == MUSTER_VEHICLE) return 1;
    return r == MUSTER_MACHINE ? p->machine[i].count : p->stock[i].quantity;
}

static const uint32_t *kinds_of(const model *m, uint32_t supply, uint32_t *out_count) {
    const unsigned        r = resource_of(m, supply);
    const uint32_t        i = supply - m->first[r];
    const muster_problem *p = m->problem;
    *out_count              = r == MUSTER_PEOPLE ? p->team[i].capability_count : 1;
    if (r == MUSTER_PEOPLE) return p->team[i].capability;
    if (r == MUSTER_VEHICLE) return &p->vehicle[i].kind;
    return r == MUSTER_MACHINE ? &p->machine[i].kind : &p->stock[i].kind;
}

static bool is_of_kind(const model *m, uint32_t supply, uint32_t kind) {
    uint32_t        count;
    const uint32_t *kinds = kinds_of(m, supply, &count);
    for (uint32_t k = 0; k < count; ++k) {
        if (kinds[k] == kind) return true;
    }
    return false;
}

/* ---- travel times --------------------------------------------------------------------------- */

typedef struct desk {
    double      *lon, *lat; /* [supplies or incidents] */
    muster_snap *from, *to;
    uint32_t    *supply; /* by row of the metric's table */
    uint32_t    *duration_ms;
} desk;

static muster_status travel_by(const model *m, uint32_t metric, const desk *d) {
    const muster_problem *p = m->problem;
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        d->lon[i] = p->incident[i].site.lon_deg, d->lat[i] = p->incident[i].site.lat_deg;
    }
    muster_status status =
        muster_snap_sites(p->metric[metric], p->incident_count, d->lon, d->lat, NULL, d->to);
    uint32_t rows = 0;
    for (uint32_t s = 0; s < m->first[MUSTER_RESOURCE_COUNT]; ++s) {
        const muster_unit *unit = unit_of(m, s);
        if (unit->metric != metric) continue;
        d->lon[rows] = unit->site.lon_deg, d->lat[rows] = unit->site.lat_deg;
        d->supply[rows++] = s;
    }
    if (status == MUSTER_OK)
        status = muster_snap_sites(p->metric[metric], rows, d->lon, d->lat, NULL, d->from);
    if (status == MUSTER_OK)
        status = muster_matrix(p->metric[metric], rows, d->from, p->incident_count, d->to, 0,
                               d->duration_ms, NULL);
    for (uint32_t r = 0; r < rows && status == MUSTER_OK; ++r) {
        memcpy(m->travel_ms + (size_t)d->supply[r] * p->incident_count,
               d->duration_ms + (size_t)r * p->incident_count,
               p->incident_count * sizeof *m->travel_ms);
    }
    return status;
}

static muster_status travel(model *m) {
    const muster_problem *p        = m->problem;
    const size_t          supplies = m->first[MUSTER_RESOURCE_COUNT];
    const size_t          most     = supplies > p->incident_count ? supplies : p->incident_count;
    desk                  d;
    d.lon           = malloc((most + 1) * sizeof *d.lon);
    d.lat           = malloc((most + 1) * sizeof *d.lat);
    d.from          = malloc((most + 1) * sizeof *d.from);
    d.to            = malloc((most + 1) * sizeof *d.to);
    d.supply        = malloc((most + 1) * sizeof *d.supply);
    d.duration_ms   = malloc((supplies * p->incident_count + 1) * sizeof *d.duration_ms);
    m->travel_ms    = malloc((supplies * p->incident_count + 1) * sizeof *m->travel_ms);
    muster_status s = MUSTER_OK;
    if (!d.lon || !d.lat || !d.from || !d.to || !d.supply || !d.duration_ms || !m->travel_ms)
        s = muster_fail(MUSTER_E_NOMEM, "out of memory for travel times");
    for (uint32_t i = 0; i < p->metric_count && s == MUSTER_OK; ++i) s = travel_by(m, i, &d);
    free(d.lon);
    free(d.lat);
    free(d.from);
    free(d.to);
    free(d.supply);
    free(d.duration_ms);
    return s;
}

/* ---- who could go where --------------------------------------------------------------------- */

/* Up from the incident's authority until it is over the unit's as well. */
static uint32_t levels_up(const muster_problem *p, uint32_t own, uint32_t other) {
    if (p->authority_count == 0 || own == MUSTER_NONE || other == MUSTER_NONE) return 0;
    for (uint32_t asked = own; asked != MUSTER_NONE; asked = p->authority[asked].parent) {
        uint32_t below = other;
        while (below != MUSTER_NONE && below != asked) below = p->authority[below].parent;
        if (below == asked) return (uint32_t)p->authority[asked].level - p->authority[own].level;
    }
    return (uint32_t)MUSTER_MUTUAL_AID - p->authority[own].level;
}

static uint64_t eta_ms(const model *m, uint32_t supply, uint32_t incident) {
    const muster_problem *p         = m->problem;
    const muster_unit    *unit      = unit_of(m, supply);
    const uint32_t        travel_ms = m->travel_ms[(size_t)supply * p->incident_count + incident];
    const uint32_t        up = levels_up(p, p->incident[incident].authority, unit->authority);
    const uint64_t ready_ms  = (uint64_t)unit->turnout_ms + m->weights.escalation_delay_ms[up];
    if (travel_ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNREACHABLE_MS;
    return (ready_ms > unit->available_ms ? ready_ms : unit->available_ms) + travel_ms;
}

static bool is_good_enough(const model *m, uint32_t supply, const muster_need *need) {
    if (need->grade == 0 || supply >= m->first[MUSTER_PEOPLE + 1]) return true;
    const uint32_t grade = m->problem->team[supply].grade;
    return grade > 0 && grade <= need->grade;
}

/* False: it cannot go, and nothing is written. */
static bool could_go(const model *m, uint32_t supply, uint32_t need, uint32_t *out_eta_ms) {
    const muster_need     *n      = &m->problem->need[need];
    const muster_incident *at     = &m->problem->incident[n->incident];
    const uint32_t         end_ms = unit_of(m, supply)->shift_end_ms;
    if (!is_of_kind(m, supply, n->kind) || amount_of(m, supply) == 0) return false;
    if (!is_good_enough(m, supply, n)) return false;
    const uint64_t eta = eta_ms(m, supply, n->incident);
    if (eta >= MUSTER_UNREACHABLE_MS) return false;
    if (end_ms != 0 && eta + at->on_scene_ms > end_ms) return false;
    *out_eta_ms = (uint32_t)eta;
    return true;
}

static uint32_t response_s(const model *m, const muster_incident *at, uint32_t eta) {
    const uint32_t step_ms = m->weights.lateness_step_ms;
    if (at->deadline_ms == 0 || eta <= at->deadline_ms || step_ms == 0) return eta / 1000;
    const uint32_t late_ms = eta - at->deadline_ms;
    return eta / 1000 + (late_ms + step_ms - 1) / step_ms * m->weights.lateness_step_s;
}

/* ---- writing -------------------------------------------------------------------------------- */

static FILE *create(const model *m, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", m->folder, name);
    return fopen(path, "wb");
}

static muster_status finish(FILE *file, const char *name) {
    const bool is_written = file && !ferror(file);
    if (file && fclose(file) == 0 && is_written) return MUSTER_OK;
    return muster_fail(MUSTER_E_IO, "cannot write %s", name);
}

static int64_t price(const model *m, const muster_need *need) {
    const int64_t each = m->weights.severity[m->problem->incident[need->incident].severity] *
                         1000000 / need->quantity;
    return each > 0 ? each : 1;
}

static muster_status write_needs(const model *m) {
    FILE *file = create(m, "need.tsv");
    if (file)
        fprintf(file, "incident\tresource\tkind\tquantity\tminimum\tprice\tall_or_nothing\t"
                      "operator_kind\toperator_count\n");
    for (uint32_t n = 0; file && n < m->problem->need_count; ++n) {
        const muster_need *need = &m->problem->need[n];
        const muster_kind *kind = &m->problem->kind[need->kind];
        fprintf(file, "%u\t%u\t%u\t%lld\t%lld\t%lld\t%u\t%u\t%u\n", need->incident, kind->resource,
                need->kind, (long long)need->quantity, (long long)need->minimum,
                (long long)price(m, need), m->problem->incident[need->incident].all_or_nothing != 0,
                kind->operator_count > 0 ? kind->operator_kind : 0, kind->operator_count);
    }
    return finish(file, "need.tsv");
}

static muster_status write_supplies(const model *m) {
    FILE *file = create(m, "supply.tsv");
    if (file) fprintf(file, "resource\tindex\tamount\tkinds\n");
    for (uint32_t s = 0; file && s < m->first[MUSTER_RESOURCE_COUNT]; ++s) {
        uint32_t        count;
        const unsigned  r     = resource_of(m, s);
        const uint32_t *kinds = kinds_of(m, s, &count);
        fprintf(file, "%u\t%u\t%lld\t", r, s - m->first[r], (long long)amount_of(m, s));
        for (uint32_t k = 0; k < count; ++k) fprintf(file, k > 0 ? ",%u" : "%u", kinds[k]);
        fprintf(file, "\n");
    }
    return finish(file, "supply.tsv");
}

enum { PAIR_NEED, PAIR_SUPPLY, PAIR_ETA_MS, PAIR_RESPONSE_S, PAIR_COLUMNS };

static void write_pairs_of(const model *m, uint32_t need, FILE *file[PAIR_COLUMNS]) {
    const muster_need *n = &m->problem->need[need];
    const unsigned     r = m->problem->kind[n->kind].resource;
    uint32_t           eta;
    for (uint32_t s = m->first[r]; s < m->first[r + 1]; ++s) {
        if (!could_go(m, s, need, &eta)) continue;
        const uint32_t row[PAIR_COLUMNS] = {need, s, eta,
                                            response_s(m, &m->problem->incident[n->incident], eta)};
        for (int c = 0; c < PAIR_COLUMNS; ++c) fwrite(&row[c], sizeof row[c], 1, file[c]);
    }
}

static muster_status write_pairs(const model *m) {
    static const char *const NAME[PAIR_COLUMNS] = {"pair_need.u32", "pair_supply.u32",
                                                   "pair_eta_ms.u32", "pair_response_s.u32"};
    FILE                    *file[PAIR_COLUMNS];
    bool                     are_open = true;
    muster_status            status   = MUSTER_OK;
    for (int c = 0; c < PAIR_COLUMNS; ++c) {
        file[c] = create(m, NAME[c]);
        are_open &= file[c] != NULL;
    }
    for (uint32_t n = 0; are_open && n < m->problem->need_count; ++n) write_pairs_of(m, n, file);
    for (int c = 0; c < PAIR_COLUMNS; ++c) {
        const muster_status written = finish(file[c], NAME[c]);
        if (status == MUSTER_OK) status = written;
    }
    return status;
}

static muster_status write_plan(const model *m, const muster_plan *plan) {
    uint32_t                 count;
    const muster_assignment *a    = muster_plan_assignments(plan, &count);
    FILE                    *file = create(m, "plan.tsv");
    if (file) fprintf(file, "need\tsupply\tquantity\n");
    for (uint32_t i = 0; file && i < count; ++i) {
        fprintf(file, "%u\t%u\t%lld\n", a[i].need, m->first[a[i].resource] + a[i].index,
                (long long)a[i].quantity);
    }
    return finish(file, "plan.tsv");
}

static muster_status write_tiers(const model *m, const muster_plan *plan) {
    const muster_tier_result unmet    = muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED);
    const muster_tier_result response = muster_plan_tier(plan, MUSTER_TIER_RESPONSE_TIME);
    FILE                    *file     = create(m, "tier.tsv");
    if (file)
        fprintf(file,
                "unmet\tunmet_bound\tresponse\tresponse_bound\telapsed_ms\n%lld\t%lld\t%lld\t%lld"
                "\t%u\n",
                (long long)unmet.value, (long long)unmet.bound, (long long)response.value,
                (long long)response.bound, muster_plan_elapsed_ms(plan));
    return finish(file, "tier.tsv");
}

/* ---- all of it ------------------------------------------------------------------------------ */

static muster_status write_all(model *m, uint32_t limit_ms) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan    = NULL;
    options.time_limit_ms        = limit_ms;
    number_supplies(m);
    muster_status status = travel(m);
    if (status == MUSTER_OK) status = write_needs(m);
    if (status == MUSTER_OK) status = write_supplies(m);
    if (status == MUSTER_OK) status = write_pairs(m);
    if (status == MUSTER_OK) status = muster_solve(&plan, m->problem, &options);
    if (status == MUSTER_OK) status = write_plan(m, plan);
    if (status == MUSTER_OK) status = write_tiers(m, plan);
    muster_plan_free(plan);
    free(m->travel_ms);
    return status;
}

static muster_status run(const muster_problem *whole, const bench_cut *cut, uint32_t limit_ms,
                         const char *folder) {
    static const muster_weights USUAL  = MUSTER_WEIGHTS_INIT;
    bench_part                  part   = {0};
    muster_status               status = bench_part_cut(&part, whole, cut);
    part.problem.item_transport        = MUSTER_ITEMS_BY_THEMSELVES;
    model m                            = {.problem = &part.problem,
                                          .folder  = folder,
                                          .weights = part.problem.weights ? *part.problem.weights : USUAL};
    if (status == MUSTER_OK) status = write_all(&m, limit_ms);
    bench_part_free(&part);
    return status;
}

int main(int argc, char **argv) {
    bench_cut        cut      = BENCH_CUT_ALL;
    uint32_t         limit_ms = 2000;
    muster_scenario *scenario;
    int              i = 1;
    for (; i < argc && argv[i][0] == '-'; ++i) {
        if (bench_cut_read(&cut, argc, argv, &i)) continue;
        if (i + 1 >= argc || strcmp(argv[i], "--limit") != 0) break;
        limit_ms = (uint32_t)strtoul(argv[++i], NULL, 10);
    }
    if (argc - i != 3 || argv[i][0] == '-') {
        fprintf(stderr,
                "usage: bench_model [--limit MS] " BENCH_CUT_USAGE " SCENARIO.gpkg CODE FOLDER\n");
        return 2;
    }
    if (muster_scenario_load(&scenario, argv[i], argv[i + 1])) return failed();
    if (run(muster_scenario_problem(scenario), &cut, limit_ms, argv[i + 2])) return failed();
    muster_scenario_free(scenario);
    return 0;
}
