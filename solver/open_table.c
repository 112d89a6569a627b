/* To keep a plan takes the times of what is locked, of those who might go where something is missing, and of those
 * who cover a zone: of a typhoon's tables, one cell in ten, and of those from vehicles to warehouses one in a
 * hundred. Each time that a road is closed all would have to be searched for.
 *
 * So cells are searched for when they are asked for. One by one they are walks up the elimination tree (core/query.c),
 * two for a cell. Whoever knows beforehand what he is going to ask says so: what is expected is searched for together,
 * by stars or as a table, whichever is cheaper, and the table may hold more than was expected, which is as good.
 * All ways give the same to the last bit, as core/matrix.c has it.
 *
 * A cell that is asked for cannot fail: what that takes is allocated beforehand. */
#include "solver/open_table.h"

#include <muster/matrix.h>
#include <time.h>

#include "core/alloc.h"
#include "core/flight.h"
#include "core/query.h"
#include "solver/site_index.h"

/* ---- life ---------------------------------------------------------------------------------- */

struct mu_asker {
    mu_query     query; /* blank where all metrics fly */
    muster_snap *other; /* [longest_side] scratch */
    mu_cost     *cost;  /* the same */
};

/* A metric that drives, if there is one. Returns whether all that drive have a hierarchy. */
static bool find_driving(uint32_t metric_count, const muster_metric *const *metric,
                         const muster_metric **out) {
    bool have_hierarchy = true;
    *out                = NULL;
    for (uint32_t m = 0; m < metric_count; ++m) {
        if (mu_metric_flies(metric[m])) continue;
        have_hierarchy &= metric[m]->weights.hierarchy != NULL;
        *out = metric[m];
    }
    return have_hierarchy;
}

static muster_status prepare(mu_asker *a, const muster_metric *driving, uint32_t longest_side) {
    MU_TRY(mu_alloc(&a->other, longest_side, sizeof *a->other));
    MU_TRY(mu_alloc(&a->cost, longest_side, sizeof *a->cost));
    return driving ? mu_query_init_few(&a->query, driving) : MUSTER_OK;
}

muster_status mu_asker_new(mu_asker **out, uint32_t metric_count,
                           const muster_metric *const *metric, uint32_t longest_side) {
    const muster_metric *driving;
    mu_asker            *a;
    *out = NULL;
    if (!find_driving(metric_count, metric, &driving)) return MUSTER_OK;
    MU_TRY(mu_alloc_zeroed(&a, 1, sizeof *a));
    const muster_status status = prepare(a, driving, longest_side);
    if (status == MUSTER_OK) {
        *out = a;
    } else {
        mu_asker_free(a);
    }
    return status;
}

void mu_asker_free(mu_asker *a) {
    if (!a) return;
    mu_query_fini(&a->query);
    mu_free(a->other);
    mu_free(a->cost);
    mu_free(a);
}

/* Incidents at one site, and warehouses, have one column. */
static muster_status find_twins(mu_open_table *t, const mu_table_side *to) {
    mu_site_index index;
    MU_TRY(mu_alloc(&t->twin, to->count, sizeof *t->twin));
    MU_TRY(mu_site_index_init(&index, to->count));
    for (uint32_t i = 0; i < to->count; ++i) {
        uint32_t *first = mu_site_index_at(&index, to->site, to->site[i]);
        if (*first == MUSTER_NONE) *first = i;
        t->twin[i] = *first;
    }
    mu_site_index_fini(&index);
    return MUSTER_OK;
}

static muster_status lay_open(mu_open_table *t, mu_table_use use, const mu_table_side *from,
                              const mu_table_side *to) {
    MU_TRY(mu_alloc(&t->summit, to->count, sizeof *t->summit));
    for (uint32_t i = 0; i < to->count; ++i) t->summit[i] = MUSTER_NONE;
    MU_TRY(find_twins(t, to));
    return mu_travel_memory_lend(t->memory, use, t->metric, from, to, &t->times);
}

muster_status mu_open_table_init(mu_open_table *t, mu_travel_memory *memory, mu_table_use use,
                                 const muster_metric *metric, const mu_table_side *from,
                                 const mu_table_side *to, mu_asker *asker) {
    *t = (mu_open_table){.metric = metric, .memory = memory, .asker = asker};
    const muster_status status = lay_open(t, use, from, to);
    if (status != MUSTER_OK) mu_open_table_fini(t);
    return status;
}

void mu_open_table_fini(mu_open_table *t) {
    for (size_t i = 0; i < t->expected_count; ++i) { /* after a failure */
        t->times
            .duration_ms[(size_t)t->expected[i].row * t->times.to_count + t->expected[i].column] =
            MU_NOT_ASKED;
    }
    if (t->times.duration_ms) mu_travel_memory_return(t->memory, &t->times);
    mu_free(t->twin);
    mu_free(t->summit);
    mu_free(t->expected);
    *t = (mu_open_table){0};
}

/* ---- cells ----------------------------------------------------------------------------------- */

static uint32_t *cell(const mu_open_table *t, uint32_t row, uint32_t column) {
    return &t->times.duration_ms[(size_t)row * t->times.to_count + column];
}

static uint32_t ms_of(mu_cost cost) {
    return cost != MU_NO_PATH ? mu_cost_ms(cost) : MUSTER_UNREACHABLE_MS;
}

/* The asker's, which may have been another table's the last time. */
static mu_query *query_of(const mu_open_table *t) {
    mu_query *query = &t->asker->query;
    if (query->metric != t->metric) mu_query_turn_to(query, t->metric);
    return query;
}

static mu_cost ask_one(const mu_open_table *t, const muster_snap *from, const muster_snap *to) {
    if (mu_metric_flies(t->metric)) return mu_flight_cost(t->metric, from, to);
    return mu_query_run(query_of(t), from, to);
}

/* Nobody from outside gets to a place that is cut off, and who might go there are many: all of them are asked. The
 * first answer of that kind is reason enough to see how far ways to the place come down from. */
uint32_t mu_open_table_ask(mu_open_table *t, uint32_t row, uint32_t column) {
    column                = t->twin[column];
    uint32_t          *at = cell(t, row, column), *summit = &t->summit[column];
    const muster_snap *from = &t->times.from_at[row], *to = &t->times.to_at[column];
    const bool         is_on_roads = !mu_metric_flies(t->metric) && to->edge != MUSTER_NONE;
    ++t->memory->searched;
    *at = MUSTER_UNREACHABLE_MS;
    if (is_on_roads && *summit != MUSTER_NONE && !mu_query_meets(query_of(t), from, to, *summit)) {
        return *at;
    }
    *at = ms_of(ask_one(t, from, to));
    if (is_on_roads && *at == MUSTER_UNREACHABLE_MS && *summit == MUSTER_NONE) {
        *summit = mu_query_summit(query_of(t), MU_DESCENT, to);
    }
    return *at;
}

/* ---- what is expected --------------------------------------------------------------------- */

/* Is the answer at hand, because one of the two is not on the road or both are on the same? */
static bool is_next_door(const mu_open_table *t, uint32_t row, uint32_t column) {
    const uint32_t from = t->times.from_at[row].edge, to = t->times.to_at[column].edge;
    return from == to || from == MUSTER_NONE || to == MUSTER_NONE;
}

muster_status mu_open_table_expect(mu_open_table *t, uint32_t row, uint32_t column) {
    column       = t->twin[column];
    uint32_t *at = cell(t, row, column);
    if (*at != MU_NOT_ASKED) return MUSTER_OK;
    if (is_next_door(t, row, column)) {
        (void)mu_open_table_ask(t, row, column);
        return MUSTER_OK;
    }
    MU_TRY(mu_grow(&t->expected, &t->expected_capacity, t->expected_count, sizeof *t->expected));
    t->expected[t->expected_count++] = (mu_open_cell){row, column};
    *at                              = MU_EXPECTED;
    return MUSTER_OK;
}

/* The rows or columns in which something is expected, each once. */
typedef struct side {
    uint32_t     count;
    uint32_t    *line;   /* [count] in order of number */
    uint32_t    *number; /* by line; MUSTER_NONE: nothing is */
    muster_snap *snap;   /* [count] */
} side;

static void side_fini(side *s) {
    mu_free(s->line);
    mu_free(s->number);
    mu_free(s->snap);
}

static muster_status side_init(side *s, uint32_t lines) {
    *s = (side){0};
    MU_TRY(mu_alloc(&s->line, lines, sizeof *s->line));
    MU_TRY(mu_alloc(&s->number, lines, sizeof *s->number));
    MU_TRY(mu_alloc(&s->snap, lines, sizeof *s->snap));
    for (uint32_t i = 0; i < lines; ++i) s->number[i] = MUSTER_NONE;
    return MUSTER_OK;
}

static void add_line(side *s, uint32_t line, const muster_snap *snap) {
    if (s->number[line] != MUSTER_NONE) return;
    s->number[line]     = s->count;
    s->snap[s->count]   = snap[line];
    s->line[s->count++] = line;
}

/* What is expected in one line after the other. */
static void search_lines(const mu_open_table *t, bool is_column, const side *hub) {
    const mu_asker *a = t->asker;
    for (uint32_t h = 0; h < hub->count; ++h) {
        uint32_t count = 0;
        for (size_t i = 0; i < t->expected_count; ++i) {
            const mu_open_cell e = t->expected[i];
            if ((is_column ? e.column : e.row) != hub->line[h]) continue;
            a->other[count++] = is_column ? t->times.from_at[e.row] : t->times.to_at[e.column];
        }
        mu_query_star(query_of(t), is_column ? MU_DESCENT : MU_ASCENT, &hub->snap[h], count,
                      a->other, a->cost);
        count = 0;
        for (size_t i = 0; i < t->expected_count; ++i) {
            const mu_open_cell e = t->expected[i];
            if ((is_column ? e.column : e.row) != hub->line[h]) continue;
            *cell(t, e.row, e.column) = ms_of(a->cost[count++]);
        }
        t->memory->searched += count;
    }
}

static muster_status search_table(mu_open_table *t, const side *row, const side *column) {
    uint32_t *ms;
    MU_TRY(mu_alloc(&ms, (size_t)row->count * column->count, sizeof *ms));
    const muster_status status =
        muster_matrix(t->metric, row->count, row->snap, column->count, column->snap, 1, ms, NULL);
    for (size_t r = 0; status == MUSTER_OK && r < row->count; ++r) {
        for (size_t c = 0; c < column->count; ++c) {
            *cell(t, row->line[r], column->line[c]) = ms[r * column->count + c];
        }
    }
    t->memory->searched += (uint64_t)row->count * column->count;
    mu_free(ms);
    return status;
}

/* As core/matrix.c has it: so many walks take as long as a table that needs no more. */
enum { MOST_CLIMBS = 64 };

static muster_status search_with(mu_open_table *t, side *row, side *column) {
    MU_TRY(side_init(row, t->times.from_count));
    MU_TRY(side_init(column, t->times.to_count));
    for (size_t i = 0; i < t->expected_count; ++i) {
        add_line(row, t->expected[i].row, t->times.from_at);
        add_line(column, t->expected[i].column, t->times.to_at);
    }
    const bool  is_column = column->count <= row->count;
    const side *hub       = is_column ? column : row;
    if (hub->count + t->expected_count > MOST_CLIMBS) return search_table(t, row, column);
    search_lines(t, is_column, hub);
    return MUSTER_OK;
}

/* By air each is by itself. */
static void search_each(mu_open_table *t) {
    for (size_t i = 0; i < t->expected_count; ++i) {
        const mu_open_cell e = t->expected[i];
        *cell(t, e.row, e.column) =
            ms_of(ask_one(t, &t->times.from_at[e.row], &t->times.to_at[e.column]));
    }
    t->memory->searched += t->expected_count;
}

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static muster_status search(mu_open_table *t) {
    side row = {0}, column = {0};
    if (mu_metric_flies(t->metric)) {
        search_each(t);
        return MUSTER_OK;
    }
    const muster_status status = search_with(t, &row, &column);
    side_fini(&row);
    side_fini(&column);
    return status;
}

muster_status mu_open_table_search(mu_open_table *t) {
    if (t->expected_count == 0) return MUSTER_OK;
    const int64_t       start_us = now_us();
    const muster_status status   = search(t);
    if (status == MUSTER_OK) t->expected_count = 0;
    t->memory->spent_us += (uint64_t)(now_us() - start_us);
    return status;
}
