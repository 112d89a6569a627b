#include "cli/report_summary.h"

#include <math.h>
#include <stdlib.h>

static const double MS_PER_MIN = 60e3;

static json_t *number_json(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

/* ---- response times ------------------------------------------------------------------ */

/* Response times of a selection of outcomes under one policy. */
typedef struct responses {
    uint32_t count, reached, within;
    double  *minutes; /* rising, infinite where nobody came; room for all outcomes */
} responses;

static int rising(const void *x, const void *y) {
    const double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void add_outcome(responses *s, const outcome *o) {
    const bool came        = o->response_ms != TABLE_NEVER;
    s->minutes[s->count++] = came ? (double)o->response_ms / MS_PER_MIN : (double)INFINITY;
    s->reached += came;
    s->within += outcome_is_within(o);
}

/* Those with this standard; -1: all. */
static void select_standard(responses *s, const outcomes *o, uint32_t policy, int64_t standard_ms) {
    s->count = s->reached = s->within = 0;
    for (uint32_t i = 0; i < o->count; ++i) {
        const outcome *each = &o->list[i];
        if (each->policy == policy && (standard_ms < 0 || each->standard_ms == standard_ms)) {
            add_outcome(s, each);
        }
    }
    qsort(s->minutes, s->count, sizeof *s->minutes, rising);
}

static double mean(const responses *s) {
    double sum = 0;
    for (uint32_t i = 0; i < s->reached; ++i) sum += s->minutes[i];
    return s->reached > 0 ? sum / s->reached : (double)NAN;
}

static json_t *distribution_new(const responses *s) {
    json_t *list = json_array();
    for (int percent = 0; percent <= 100; ++percent) {
        json_array_append_new(list, number_json(quantile(s->minutes, s->count, percent / 100.0)));
    }
    return json_pack("{s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "count", (json_int_t)s->count,
                     "reached", (json_int_t)s->reached, "within", (json_int_t)s->within, "mean_min",
                     number_json(mean(s)), "p50_min",
                     number_json(quantile(s->minutes, s->reached, 0.5)), "p90_min",
                     number_json(quantile(s->minutes, s->reached, 0.9)), "quantile_min", list);
}

static json_t *of_standard_new(const results *r, const outcomes *o, responses *s,
                               int64_t standard_ms) {
    json_t *policies = json_array();
    for (uint32_t p = 0; p < r->policy_count; ++p) {
        select_standard(s, o, p, standard_ms);
        json_array_append_new(policies, distribution_new(s));
    }
    return json_pack("{s:o, s:o}", "standard_ms",
                     standard_ms < 0 ? json_null() : json_integer(standard_ms), "policies",
                     policies);
}

/* The smallest standard above `than_ms`; -1: there is none. */
static int64_t next_standard(const outcomes *o, int64_t than_ms) {
    int64_t next = -1;
    for (uint32_t i = 0; i < o->count; ++i) {
        const int64_t ms = o->list[i].standard_ms;
        if (ms > than_ms && (next < 0 || ms < next)) next = ms;
    }
    return next;
}

json_t *report_responses_new(const results *r, const outcomes *o) {
    responses s    = {.minutes = malloc((o->count + 1) * sizeof *s.minutes)};
    json_t   *list = s.minutes ? json_array() : NULL;
    if (list) json_array_append_new(list, of_standard_new(r, o, &s, -1));
    for (int64_t ms = next_standard(o, 0); list && ms > 0; ms = next_standard(o, ms)) {
        json_array_append_new(list, of_standard_new(r, o, &s, ms));
    }
    free(s.minutes);
    return list;
}

/* ---- places -------------------------------------------------------------------------- */

/* Cells are about square. There are the more of them the more incidents there are, a few in each. */
enum { FEWEST_ACROSS = 6, MOST_ACROSS = 24 };
static const double INCIDENTS_A_CELL = 3;
static const double KM_PER_DEG       = 111.195;

typedef struct grid {
    double   west, south, width_deg, height_deg; /* of a cell */
    uint32_t columns, rows;
} grid;

typedef struct placed {
    uint32_t       cell;
    const outcome *outcome;
} placed;

static bool is_placed(const outcome *o) {
    return !isnan(o->lon_deg) && !isnan(o->lat_deg);
}

static double cells_across(uint32_t incidents) {
    return fmin(fmax(floor(sqrt(incidents / INCIDENTS_A_CELL)), FEWEST_ACROSS), MOST_ACROSS);
}

/* Round all incidents; false where none has a place. */
static bool make_grid(grid *g, const results *r, const outcomes *o) {
    double west = 180, south = 90, east = -180, north = -90;
    for (uint32_t i = 0; i < o->count; ++i) {
        if (!is_placed(&o->list[i])) continue;
        west  = fmin(west, o->list[i].lon_deg);
        east  = fmax(east, o->list[i].lon_deg);
        south = fmin(south, o->list[i].lat_deg);
        north = fmax(north, o->list[i].lat_deg);
    }
    if (west > east) return false;
    const double shrink = fmax(0.05, cos((south + north) / 2 * acos(-1) / 180));
    const double wide = fmax(fmax((east - west) * shrink, north - south), 0.02); /* 2 km at least */
    const double height = wide / cells_across(o->count / r->policy_count);
    *g                  = (grid){west, south, height / shrink, height, 0, 0};
    g->columns          = (uint32_t)((east - west) / g->width_deg) + 1;
    g->rows             = (uint32_t)((north - south) / g->height_deg) + 1;
    return true;
}

static uint32_t cell_of(const grid *g, const outcome *o) {
    const uint32_t column = (uint32_t)((o->lon_deg - g->west) / g->width_deg);
    const uint32_t row    = (uint32_t)((o->lat_deg - g->south) / g->height_deg);
    return row * g->columns + column;
}

static int by_cell_policy(const void *x, const void *y) {
    const placed *a = x, *b = y;
    if (a->cell != b->cell) return a->cell < b->cell ? -1 : 1;
    return (a->outcome->policy > b->outcome->policy) - (a->outcome->policy < b->outcome->policy);
}

static json_t *cell_policy_new(responses *s) {
    qsort(s->minutes, s->count, sizeof *s->minutes, rising);
    return json_pack("{s:I, s:o, s:I}", "count", (json_int_t)s->count, "median_min",
                     number_json(quantile(s->minutes, s->count, 0.5)), "within",
                     (json_int_t)s->within);
}

/* The outcomes of one cell, by policy. */
static json_t *cell_new(const grid *g, const results *r, const placed *list, uint32_t count,
                        responses *s) {
    const uint32_t column = list->cell % g->columns, row = list->cell / g->columns;
    const double   west     = g->west + column * g->width_deg;
    const double   south    = g->south + row * g->height_deg;
    json_t        *policies = json_array();
    uint32_t       i        = 0;
    for (uint32_t p = 0; p < r->policy_count; ++p) {
        s->count = s->reached = s->within = 0;
        for (; i < count && list[i].outcome->policy == p; ++i) add_outcome(s, list[i].outcome);
        json_array_append_new(policies, cell_policy_new(s));
    }
    return json_pack("{s:f, s:f, s:f, s:f, s:o}", "west", west, "south", south, "east",
                     west + g->width_deg, "north", south + g->height_deg, "policies", policies);
}

static json_t *cells_new(const grid *g, const results *r, const outcomes *o, placed *list,
                         responses *s) {
    json_t  *cells = json_array();
    uint32_t count = 0;
    for (uint32_t i = 0; i < o->count; ++i) {
        if (is_placed(&o->list[i])) list[count++] = (placed){cell_of(g, &o->list[i]), &o->list[i]};
    }
    qsort(list, count, sizeof *list, by_cell_policy);
    for (uint32_t first = 0, end = 0; first < count; first = end) {
        while (end < count && list[end].cell == list[first].cell) ++end;
        json_array_append_new(cells, cell_new(g, r, list + first, end - first, s));
    }
    return cells;
}

json_t *report_places_new(const results *r, const outcomes *o) {
    grid       g    = {0};
    responses  s    = {.minutes = malloc((o->count + 1) * sizeof *s.minutes)};
    placed    *list = malloc((o->count + 1) * sizeof *list);
    const bool ok   = s.minutes && list;
    json_t *cells = !ok ? NULL : make_grid(&g, r, o) ? cells_new(&g, r, o, list, &s) : json_array();
    free(s.minutes);
    free(list);
    return json_pack("{s:o, s:f}", "cells", cells, "size_km", g.height_deg * KM_PER_DEG);
}

/* ---- measures ------------------------------------------------------------------------ */

/* `values` are sorted on the way. */
static json_t *spread_new(double *value, uint32_t count) {
    uint32_t known = 0;
    double   sum   = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (isnan(value[i])) continue;
        sum += value[i];
        value[known++] = value[i];
    }
    qsort(value, known, sizeof *value, rising);
    return json_pack("{s:o, s:o, s:o}", "mean", number_json(known > 0 ? sum / known : (double)NAN),
                     "low", number_json(quantile(value, known, 0.05)), "high",
                     number_json(quantile(value, known, 0.95)));
}

static json_t *measure_new(const results *r, const measures *m, measure_id measure, double *room) {
    json_t *policies = json_array();
    for (uint32_t p = 0; p < r->policy_count; ++p) {
        const double *value = measures_of(m, p, measure);
        for (uint32_t i = 0; i < m->replication_count; ++i) room[i] = value[i];
        json_array_append_new(policies, spread_new(room, m->replication_count));
    }
    const measure_words *words = &MEASURE_WORDS[measure];
    return json_pack("{s:s, s:s, s:s, s:o}", "name", words->name, "unit", words->unit, "better",
                     words->is_lower_better ? "lower" : "higher", "policies", policies);
}

json_t *report_measures_new(const results *r, const measures *m) {
    double *room = malloc(m->replication_count * sizeof *room);
    json_t *list = room ? json_array() : NULL;
    for (int each = 0; list && each < MEASURE_COUNT; ++each) {
        json_array_append_new(list, measure_new(r, m, (measure_id)each, room));
    }
    free(room);
    return list;
}
