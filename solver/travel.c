/* Many units stand at the same place: pumps in a depot, teams at a station. Each different place
 * (places.c) becomes one row for each metric by which somebody sets out from there, and a metric's
 * rows, which lie together, are filled by a single call to muster_matrix.
 *
 * Durations are all that is decided by. Distances would double the work, and only those of the ways
 * that a plan has in the end are ever asked for: plan_distances.c. */
#include "solver/travel.h"

#include <muster/matrix.h>

#include "core/alloc.h"
#include "core/pairs.h"
#include "solver/authority.h"
#include "solver/weights.h"

/* ---- rows ---------------------------------------------------------------------------- */

/* By place and metric: MUSTER_NONE, or from now on the row. */
static void number_rows(mu_travel *t, uint32_t *row_of) {
    const muster_problem *p       = t->problem;
    const uint32_t        metrics = p->metric_count;
    for (uint32_t m = 0; m < metrics; ++m) {
        for (uint32_t i = 0; i < t->places.count; ++i) {
            uint32_t *row = &row_of[(size_t)i * metrics + m];
            if (*row == MUSTER_NONE) continue;
            *row                         = t->row_count;
            t->row_metric[t->row_count]  = m;
            t->row_place[t->row_count++] = i;
        }
    }
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < muster_problem_unit_count(p, (muster_resource)r); ++i) {
            const uint32_t metric = muster_problem_unit(p, (muster_resource)r, i)->metric;
            t->row[r][i]          = row_of[(size_t)t->places.of_unit[r][i] * metrics + metric];
        }
    }
}

static muster_status make_rows(mu_travel *t, size_t units) {
    const muster_problem *p     = t->problem;
    const size_t          cells = (size_t)t->places.count * p->metric_count;
    uint32_t             *row_of;
    MU_TRY(mu_alloc(&t->row_metric, units, sizeof *t->row_metric));
    MU_TRY(mu_alloc(&t->row_place, units, sizeof *t->row_place));
    MU_TRY(mu_alloc(&row_of, cells, sizeof *row_of));
    for (size_t c = 0; c < cells; ++c) row_of[c] = MUSTER_NONE;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < muster_problem_unit_count(p, (muster_resource)r); ++i) {
            const uint32_t metric = muster_problem_unit(p, (muster_resource)r, i)->metric;
            row_of[(size_t)t->places.of_unit[r][i] * p->metric_count + metric] = 0;
        }
    }
    number_rows(t, row_of);
    mu_free(row_of);
    return MUSTER_OK;
}

static muster_status count_units(mu_travel *t, size_t *out_units) {
    *out_units = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t count = muster_problem_unit_count(t->problem, (muster_resource)r);
        MU_TRY(mu_alloc(&t->row[r], count, sizeof *t->row[r]));
        *out_units += count;
    }
    if (*out_units + t->column_count < MUSTER_NONE) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "%zu resources and %u incidents and zones; expected fewer than %u in all",
                       *out_units, t->column_count, MUSTER_NONE);
}

/* ---- the table ----------------------------------------------------------------------- */

/* The two sides of the table by one metric. */
typedef struct desk {
    muster_snap *from, *to;
    muster_site *from_site, *to_site; /* only where there is a memory */
} desk;

static void lay_out(const mu_travel *t, uint32_t m, uint32_t first, uint32_t count, desk *d) {
    for (uint32_t i = 0; i < count; ++i) {
        d->from[i] = *mu_places_snap(&t->places, t->row_place[first + i], m);
    }
    for (uint32_t c = 0; c < t->column_count; ++c) {
        d->to[c] = *mu_places_snap(&t->places, t->places.of_column[c], m);
    }
    for (uint32_t i = 0; d->from_site && i < count; ++i) {
        d->from_site[i] = t->places.site[t->row_place[first + i]];
    }
}

/* The rows first .. first + count - 1, which travel by metric m. */
static muster_status fill_rows(mu_travel *t, uint32_t m, uint32_t first, uint32_t count,
                               uint32_t threads, mu_travel_memory *memory, desk *d) {
    const muster_problem *p    = t->problem;
    uint32_t             *cell = t->duration_ms + (size_t)first * t->column_count;
    lay_out(t, m, first, count, d);
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        if (d->to[i].edge != MUSTER_NONE) t->incident_has_road[i] = true;
    }
    if (count == 0) return MUSTER_OK;
    if (!memory) {
        return muster_matrix(p->metric[m], count, d->from, t->column_count, d->to, threads, cell,
                             NULL);
    }
    const mu_table_side from = {count, d->from_site, d->from};
    const mu_table_side to   = {t->column_count, d->to_site, d->to};
    return mu_travel_memory_table(memory, MU_TABLE_TO_INCIDENTS, p->metric[m], &from, &to, threads,
                                  cell);
}

static muster_status fill(mu_travel *t, uint32_t threads, mu_travel_memory *memory, desk *d) {
    uint32_t first = 0;
    for (uint32_t m = 0; m < t->problem->metric_count; ++m) {
        uint32_t end = first;
        while (end < t->row_count && t->row_metric[end] == m) ++end;
        MU_TRY(fill_rows(t, m, first, end - first, threads, memory, d));
        first = end;
    }
    return MUSTER_OK;
}

static muster_status sit_down(desk *d, const mu_travel *t, bool has_memory) {
    MU_TRY(mu_alloc(&d->from, t->row_count, sizeof *d->from));
    MU_TRY(mu_alloc(&d->to, t->column_count, sizeof *d->to));
    if (!has_memory) return MUSTER_OK;
    MU_TRY(mu_alloc(&d->from_site, t->row_count, sizeof *d->from_site));
    MU_TRY(mu_alloc(&d->to_site, t->column_count, sizeof *d->to_site));
    for (uint32_t c = 0; c < t->column_count; ++c) {
        d->to_site[c] = t->places.site[t->places.of_column[c]];
    }
    return MUSTER_OK;
}

static void stand_up(desk *d) {
    mu_free(d->from_site);
    mu_free(d->to_site);
    mu_free(d->from);
    mu_free(d->to);
}

static muster_status make_table(mu_travel *t, uint32_t threads, mu_travel_memory *memory) {
    const size_t cells = (size_t)t->row_count * t->column_count;
    desk         d     = {0};
    MU_TRY(mu_alloc_zeroed(&t->incident_has_road, t->problem->incident_count,
                           sizeof *t->incident_has_road));
    MU_TRY(mu_alloc(&t->duration_ms, cells, sizeof *t->duration_ms));
    if (t->column_count == 0) return MUSTER_OK;
    muster_status status = sit_down(&d, t, memory != NULL);
    if (status == MUSTER_OK) status = fill(t, threads, memory, &d);
    stand_up(&d);
    return status;
}

/* ---- cells as they are asked for ------------------------------------------------------ */

/* One open table for each metric, whose rows lie together. */
static muster_status open_metric(mu_travel *t, uint32_t m, mu_travel_memory *memory, desk *d) {
    const uint32_t first = t->first_row[m], count = t->first_row[m + 1] - first;
    lay_out(t, m, first, count, d);
    for (uint32_t i = 0; i < t->problem->incident_count; ++i) {
        if (d->to[i].edge != MUSTER_NONE) t->incident_has_road[i] = true;
    }
    const mu_table_side from = {count, d->from_site, d->from};
    const mu_table_side to   = {t->column_count, d->to_site, d->to};
    return mu_open_table_init(&t->open[m], memory, MU_TABLE_TO_INCIDENTS, t->problem->metric[m],
                              &from, &to, t->asker);
}

static muster_status open_tables(mu_travel *t, mu_travel_memory *memory) {
    const uint32_t metrics = t->problem->metric_count;
    desk           d       = {0};
    MU_TRY(mu_alloc_zeroed(&t->incident_has_road, t->problem->incident_count,
                           sizeof *t->incident_has_road));
    MU_TRY(mu_alloc_zeroed(&t->open, metrics, sizeof *t->open));
    MU_TRY(mu_alloc(&t->first_row, (size_t)metrics + 1, sizeof *t->first_row));
    for (uint32_t m = 0, row = 0; m <= metrics; ++m) {
        while (row < t->row_count && t->row_metric[row] < m) ++row;
        t->first_row[m] = row;
    }
    muster_status status = sit_down(&d, t, true);
    for (uint32_t m = 0; status == MUSTER_OK && m < metrics; ++m) {
        status = open_metric(t, m, memory, &d);
    }
    stand_up(&d);
    return status;
}

muster_status mu_travel_expect(const mu_travel *t, muster_resource resource, uint32_t index,
                               uint32_t column) {
    if (!t->open) return MUSTER_OK;
    const uint32_t row = t->row[resource][index], m = t->row_metric[row];
    return mu_open_table_expect(&t->open[m], row - t->first_row[m], column);
}

bool mu_travel_is_known(const mu_travel *t, muster_resource resource, uint32_t index,
                        uint32_t column) {
    if (!t->open) return true;
    const uint32_t row = t->row[resource][index], m = t->row_metric[row];
    return mu_open_table_is_known(&t->open[m], row - t->first_row[m], column);
}

muster_status mu_travel_search(const mu_travel *t) {
    for (uint32_t m = 0; t->open && m < t->problem->metric_count; ++m) {
        MU_TRY(mu_open_table_search(&t->open[m]));
    }
    return MUSTER_OK;
}

static muster_status search_locks(const mu_travel *t) {
    for (uint32_t r = 0; r < t->problem->rule_count; ++r) {
        const muster_rule *rule = &t->problem->rule[r];
        if (rule->type != MUSTER_LOCK) continue;
        MU_TRY(mu_travel_expect(t, (muster_resource)rule->resource, rule->index, rule->incident));
    }
    return mu_travel_search(t);
}

/* ---- locks alone --------------------------------------------------------------------- */

/* The way of each lock, and the cell that it belongs to. */
typedef struct lock_ways {
    uint32_t  count;
    mu_pair  *pair;
    size_t   *cell;
    uint32_t *ms;
    double   *m;
} lock_ways;

static size_t cell_of(const mu_travel *t, muster_resource resource, uint32_t index,
                      uint32_t column) {
    return (size_t)t->row[resource][index] * t->column_count + column;
}

static void list_locks(const mu_travel *t, lock_ways *w) {
    const muster_problem *p = t->problem;
    for (uint32_t r = 0; r < p->rule_count; ++r) {
        const muster_rule *rule = &p->rule[r];
        if (rule->type != MUSTER_LOCK) continue;
        const muster_resource resource = (muster_resource)rule->resource;
        const uint32_t        metric   = muster_problem_unit(p, resource, rule->index)->metric;
        const uint32_t        place    = t->places.of_unit[resource][rule->index];
        const uint32_t        column   = t->places.of_column[rule->incident];
        w->cell[w->count]              = cell_of(t, resource, rule->index, rule->incident);
        w->pair[w->count++] =
            (mu_pair){p->metric[metric], *mu_places_snap(&t->places, place, metric),
                      *mu_places_snap(&t->places, column, metric)};
    }
}

static muster_status measure_locks(mu_travel *t, lock_ways *w) {
    const uint32_t rules = t->problem->rule_count;
    MU_TRY(mu_alloc(&w->pair, rules, sizeof *w->pair));
    MU_TRY(mu_alloc(&w->cell, rules, sizeof *w->cell));
    MU_TRY(mu_alloc(&w->ms, rules, sizeof *w->ms));
    MU_TRY(mu_alloc(&w->m, rules, sizeof *w->m));
    list_locks(t, w);
    MU_TRY(mu_pairs_measure(w->count, w->pair, 1, w->ms, w->m));
    for (uint32_t i = 0; i < w->count; ++i) t->duration_ms[w->cell[i]] = w->ms[i];
    return MUSTER_OK;
}

static muster_status fill_locks(mu_travel *t) {
    const size_t cells = (size_t)t->row_count * t->column_count;
    lock_ways    w     = {0};
    MU_TRY(mu_alloc_zeroed(&t->incident_has_road, t->problem->incident_count,
                           sizeof *t->incident_has_road));
    MU_TRY(mu_alloc(&t->duration_ms, cells, sizeof *t->duration_ms));
    for (size_t c = 0; c < cells; ++c) t->duration_ms[c] = MUSTER_UNREACHABLE_MS;
    const muster_status status = measure_locks(t, &w);
    mu_free(w.pair);
    mu_free(w.cell);
    mu_free(w.ms);
    mu_free(w.m);
    return status;
}

/* ---- all of it ----------------------------------------------------------------------- */

static muster_status find_places(mu_travel *t, uint32_t threads, mu_travel_memory *memory) {
    return memory ? mu_travel_memory_places(memory, &t->places, t->problem, threads)
                  : mu_places_init(&t->places, t->problem, threads, NULL);
}

static muster_status start(mu_travel *t, const muster_problem *problem, size_t *out_units) {
    const uint64_t columns = (uint64_t)problem->incident_count + problem->zone_count;
    *t                     = (mu_travel){.problem = problem, .column_count = (uint32_t)columns};
    if (columns < MUSTER_NONE) return count_units(t, out_units);
    return muster_fail(MUSTER_E_INVALID, "%llu incidents and zones; expected fewer than %u",
                       (unsigned long long)columns, MUSTER_NONE);
}

muster_status mu_travel_init(mu_travel *travel, const muster_problem *problem,
                             uint32_t thread_count) {
    return mu_travel_init_from(travel, problem, thread_count, NULL);
}

muster_status mu_travel_init_from(mu_travel *travel, const muster_problem *problem,
                                  uint32_t thread_count, mu_travel_memory *memory) {
    size_t        units  = 0;
    muster_status status = start(travel, problem, &units);
    if (status == MUSTER_OK) status = find_places(travel, thread_count, memory);
    if (status == MUSTER_OK) status = make_rows(travel, units);
    if (status == MUSTER_OK) status = make_table(travel, thread_count, memory);
    if (status != MUSTER_OK) mu_travel_fini(travel);
    return status;
}

/* No side of a table is longer than there are resources, or incidents and zones. */
static muster_status open_or_fill(mu_travel *t, uint32_t units, uint32_t threads,
                                  mu_travel_memory *memory) {
    const muster_problem *p       = t->problem;
    const uint32_t        longest = units > t->column_count ? units : t->column_count;
    MU_TRY(mu_asker_new(&t->asker, p->metric_count, p->metric, longest));
    if (!t->asker) return make_table(t, threads, memory);
    MU_TRY(open_tables(t, memory));
    return search_locks(t);
}

muster_status mu_travel_init_open(mu_travel *travel, const muster_problem *problem,
                                  uint32_t thread_count, mu_travel_memory *memory) {
    size_t        units  = 0;
    muster_status status = start(travel, problem, &units);
    if (status == MUSTER_OK) status = find_places(travel, thread_count, memory);
    if (status == MUSTER_OK) status = make_rows(travel, units);
    if (status == MUSTER_OK) status = open_or_fill(travel, (uint32_t)units, thread_count, memory);
    if (status != MUSTER_OK) mu_travel_fini(travel);
    return status;
}

muster_status mu_travel_init_locks(mu_travel *travel, const muster_problem *problem) {
    size_t        units  = 0;
    muster_status status = start(travel, problem, &units);
    if (status == MUSTER_OK) status = mu_places_init_locks(&travel->places, problem);
    if (status == MUSTER_OK) status = make_rows(travel, units);
    if (status == MUSTER_OK) status = fill_locks(travel);
    if (status != MUSTER_OK) mu_travel_fini(travel);
    return status;
}

void mu_travel_fini(mu_travel *travel) {
    mu_places_fini(&travel->places);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(travel->row[r]);
    mu_free(travel->row_metric);
    mu_free(travel->row_place);
    mu_free(travel->duration_ms);
    for (uint32_t m = 0; travel->open && m < travel->problem->metric_count; ++m) {
        mu_open_table_fini(&travel->open[m]);
    }
    mu_free(travel->open);
    mu_free(travel->first_row);
    mu_asker_free(travel->asker);
    mu_free(travel->incident_has_road);
    *travel = (mu_travel){0};
}

uint32_t mu_unit_escalation(const muster_problem *p, muster_resource resource, uint32_t index,
                            uint32_t incident) {
    return mu_escalation(p, p->incident[incident].authority,
                         muster_problem_unit(p, resource, index)->authority);
}

static uint32_t saturate(uint64_t ms) {
    return ms < MUSTER_UNREACHABLE_MS ? (uint32_t)ms : MUSTER_UNREACHABLE_MS;
}

uint32_t mu_depart_ms(const muster_problem *p, muster_resource resource, uint32_t index,
                      uint32_t incident) {
    const muster_unit *unit  = muster_problem_unit(p, resource, index);
    const uint32_t     level = mu_unit_escalation(p, resource, index, incident);
    const uint64_t     ready_ms =
        (uint64_t)unit->turnout_ms + mu_weights(p)->escalation_delay_ms[level];
    return saturate(ready_ms > unit->available_ms ? ready_ms : unit->available_ms);
}

static uint32_t way_ms(const mu_travel *t, muster_resource resource, uint32_t index,
                       uint32_t column) {
    if (!t->open) return t->duration_ms[cell_of(t, resource, index, column)];
    const uint32_t row = t->row[resource][index], m = t->row_metric[row];
    return mu_open_table_ms(&t->open[m], row - t->first_row[m], column);
}

uint32_t mu_travel_eta_ms(const mu_travel *t, muster_resource resource, uint32_t index,
                          uint32_t incident) {
    const uint32_t travel_ms = way_ms(t, resource, index, incident);
    if (travel_ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNREACHABLE_MS;
    return saturate((uint64_t)mu_depart_ms(t->problem, resource, index, incident) + travel_ms);
}

uint32_t mu_travel_cover_ms(const mu_travel *t, muster_resource resource, uint32_t index,
                            uint32_t zone) {
    const muster_unit *unit = muster_problem_unit(t->problem, resource, index);
    const uint32_t     ready_ms =
        unit->turnout_ms > unit->available_ms ? unit->turnout_ms : unit->available_ms;
    const uint32_t travel_ms = way_ms(t, resource, index, t->problem->incident_count + zone);
    if (travel_ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNREACHABLE_MS;
    return saturate((uint64_t)ready_ms + travel_ms);
}
