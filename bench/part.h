/* A part of a scenario, for benchmarks that ask how costs grow: some of its incidents, people alone,
 * some of its units, more or less of what it needs.
 *
 * The part is a copy of the problem's rows, drawn from a seed; names, sites and metrics stay the
 * scenario's, which has to outlive it. Rules go by the numbers of rows and are refused. */
#ifndef BENCH_PART_H
#define BENCH_PART_H

#include <muster/muster.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/random.h"

typedef struct bench_part {
    muster_problem   problem; /* of the rows below */
    muster_team     *team;
    muster_vehicle  *vehicle;
    muster_machine  *machine;
    muster_stock    *stock;
    muster_incident *incident;
    muster_need     *need;
} bench_part;

static inline void *bench_copy(const void *rows, size_t count, size_t size) {
    void *copy = malloc(count * size + 1);
    if (copy && count > 0) memcpy(copy, rows, count * size);
    return copy;
}

static inline void bench_part_free(bench_part *part) {
    free(part->team);
    free(part->vehicle);
    free(part->machine);
    free(part->stock);
    free(part->incident);
    free(part->need);
    *part = (bench_part){0};
}

/* All of it, to begin with. */
static inline muster_status bench_part_new(bench_part *out, const muster_problem *p) {
    *out = (bench_part){.problem = *p};
    if (p->rule_count > 0) {
        return muster_fail(MUSTER_E_INVALID, "the scenario has %u rules; expected none",
                           p->rule_count);
    }
    out->team     = bench_copy(p->team, p->team_count, sizeof *p->team);
    out->vehicle  = bench_copy(p->vehicle, p->vehicle_count, sizeof *p->vehicle);
    out->machine  = bench_copy(p->machine, p->machine_count, sizeof *p->machine);
    out->stock    = bench_copy(p->stock, p->stock_count, sizeof *p->stock);
    out->incident = bench_copy(p->incident, p->incident_count, sizeof *p->incident);
    out->need     = bench_copy(p->need, p->need_count, sizeof *p->need);
    if (!out->team || !out->vehicle || !out->machine || !out->stock || !out->incident ||
        !out->need) {
        bench_part_free(out);
        return muster_fail(MUSTER_E_NOMEM, "out of memory for a part of a scenario");
    }
    out->problem.team = out->team, out->problem.vehicle = out->vehicle;
    out->problem.machine = out->machine, out->problem.stock = out->stock;
    out->problem.incident = out->incident, out->problem.need = out->need;
    return MUSTER_OK;
}

/* ---- incidents and needs ------------------------------------------------------------------ */

/* Of the incidents that are kept, those with a need that is kept; the needs go with them. */
static inline muster_status bench_keep(bench_part *part, bool *keep_incident,
                                       const bool *keep_need) {
    muster_problem *p      = &part->problem;
    uint32_t       *number = malloc(p->incident_count * sizeof *number + 1);
    uint32_t        needs = 0, incidents = 0;
    if (!number) return muster_fail(MUSTER_E_NOMEM, "out of memory for a part of a scenario");
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        bool has_need = false;
        for (uint32_t n = 0; keep_incident[i] && n < p->need_count; ++n) {
            has_need |= keep_need[n] && part->need[n].incident == i;
        }
        keep_incident[i] = has_need;
        number[i]        = incidents;
        if (has_need) part->incident[incidents++] = part->incident[i];
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const uint32_t incident = part->need[n].incident;
        if (!keep_need[n] || !keep_incident[incident]) continue;
        part->need[needs]            = part->need[n];
        part->need[needs++].incident = number[incident];
    }
    p->incident_count = incidents, p->need_count = needs;
    free(number);
    return MUSTER_OK;
}

/* So many of the incidents, drawn; `only_people`: and of their needs those for people alone. */
static inline muster_status bench_part_incidents(bench_part *part, uint32_t count, bool only_people,
                                                 uint64_t seed) {
    const muster_problem *p    = &part->problem;
    bool                 *keep = calloc((size_t)p->incident_count + p->need_count + 1, 1);
    if (!keep) return muster_fail(MUSTER_E_NOMEM, "out of memory for a part of a scenario");
    bool    *keep_need = keep + p->incident_count;
    uint32_t wanted    = count < p->incident_count ? count : p->incident_count;
    /* Each of those left has the same chance (Fan, Muller and Rezucha, JASA 1962). */
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        keep[i] = random_below(&seed, p->incident_count - i) < wanted;
        wanted -= keep[i];
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        keep_need[n] = !only_people || p->kind[part->need[n].kind].resource == MUSTER_PEOPLE;
    }
    const muster_status status = bench_keep(part, keep, keep_need);
    free(keep);
    return status;
}

/* So many percent of each quantity that is needed, and of its minimum; 1 at least. */
static inline void bench_part_scale_needs(bench_part *part, uint32_t percent) {
    for (uint32_t n = 0; n < part->problem.need_count; ++n) {
        muster_need *need = &part->need[n];
        need->quantity    = need->quantity * percent / 100;
        if (need->quantity < 1) need->quantity = 1;
        need->minimum = need->minimum * percent / 100;
        if (need->minimum > need->quantity) need->minimum = need->quantity;
    }
}

/* ---- units -------------------------------------------------------------------------------- */

#define BENCH_THIN(rows, count)                                                                    \
    do {                                                                                           \
        uint32_t kept_ = 0;                                                                        \
        for (uint32_t i_ = 0; i_ < (count); ++i_) {                                                \
            if (random_below(&seed, 100) < percent) (rows)[kept_++] = (rows)[i_];                  \
        }                                                                                          \
        (count) = kept_;                                                                           \
    } while (0)

/* Each team, vehicle, pool of machines and row of stock with a chance of so many in a hundred. */
static inline void bench_part_thin_units(bench_part *part, uint32_t percent, uint64_t seed) {
    BENCH_THIN(part->team, part->problem.team_count);
    BENCH_THIN(part->vehicle, part->problem.vehicle_count);
    BENCH_THIN(part->machine, part->problem.machine_count);
    BENCH_THIN(part->stock, part->problem.stock_count);
}

/* ---- as programs are asked for it --------------------------------------------------------- */

typedef struct bench_cut {
    uint32_t needs_percent, units_percent;
    uint64_t seed;
} bench_cut;

#define BENCH_CUT_ALL                                                                              \
    { 100, 100, 1 }
#define BENCH_CUT_USAGE "[--needs PERCENT] [--units PERCENT] [--seed N]"

/* Is argv[*i] one of those in BENCH_CUT_USAGE? Then it is read, and *i is left at its value. */
static inline bool bench_cut_read(bench_cut *cut, int argc, char **argv, int *i) {
    if (*i + 1 >= argc) return false;
    const unsigned long value = strtoul(argv[*i + 1], NULL, 10);
    if (strcmp(argv[*i], "--needs") == 0) {
        cut->needs_percent = (uint32_t)value;
    } else if (strcmp(argv[*i], "--units") == 0) {
        cut->units_percent = (uint32_t)value;
    } else if (strcmp(argv[*i], "--seed") == 0) {
        cut->seed = value;
    } else {
        return false;
    }
    ++*i;
    return true;
}

static inline muster_status bench_part_cut(bench_part *out, const muster_problem *whole,
                                           const bench_cut *cut) {
    const muster_status status = bench_part_new(out, whole);
    if (status != MUSTER_OK) return status;
    if (cut->needs_percent != 100) bench_part_scale_needs(out, cut->needs_percent);
    if (cut->units_percent != 100) bench_part_thin_units(out, cut->units_percent, cut->seed);
    return MUSTER_OK;
}

#endif
