/* A table is made from what is left of the last one for the same use and metric. Of some tables everything is
 * looked at: there from all rows to the columns that are new is asked, and from the rows that are new to the others.
 * Of others one cell in ten is, most of them in columns of places that are cut off, where the answer is always the
 * same: there the first answer of that kind is reason enough to see how far ways to the place come down from
 * (core/query.h), and nobody else has to be asked whom no such way can meet. What is left is asked for together. All
 * ways have the same answers to the last bit. */
#include "solver/judge_tables.h"

#include <muster/matrix.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/metric.h"
#include "core/query.h"

static size_t cell_at(const mu_judge_table *t, uint32_t row, uint32_t column) {
    return (size_t)row * t->column_count + column;
}

static void set_ms(mu_judge_table *t, uint32_t row, uint32_t column, uint32_t ms) {
    t->ms[cell_at(t, row, column)]    = ms;
    t->state[cell_at(t, row, column)] = MU_JUDGE_KNOWN;
}

void mu_judge_table_fini(mu_judge_table *t) {
    mu_free(t->row_of);
    mu_free(t->column_of);
    mu_free(t->row);
    mu_free(t->column);
    mu_free(t->ms);
    mu_free(t->state);
    mu_free(t->summit);
    mu_free(t->wanted);
    *t = (mu_judge_table){0};
}

/* ---- made from the last one ---------------------------------------------------------------- */

/* Rows or columns, each place once. */
static muster_status number(uint32_t places, uint32_t count, const uint32_t *place,
                            uint32_t **out_number_of, uint32_t **out, uint32_t *out_count) {
    uint32_t different = 0;
    MU_TRY(mu_alloc(out_number_of, places, sizeof **out_number_of));
    MU_TRY(mu_alloc(out, count, sizeof **out));
    uint32_t *number_of = *out_number_of;
    for (uint32_t i = 0; i < places; ++i) number_of[i] = MUSTER_NONE;
    for (uint32_t i = 0; i < count; ++i) {
        if (number_of[place[i]] != MUSTER_NONE) continue;
        number_of[place[i]] = different;
        (*out)[different++] = place[i];
    }
    *out_count = different;
    return MUSTER_OK;
}

static void copy_row(mu_judge_table *t, const mu_judge_table *last, uint32_t row, uint32_t was,
                     const uint32_t *column_was) {
    for (uint32_t c = 0; c < t->column_count; ++c) {
        if (column_was[c] == MUSTER_NONE) continue;
        const size_t at = cell_at(last, was, column_was[c]);
        if (last->state[at] == MU_JUDGE_KNOWN) set_ms(t, row, c, last->ms[at]);
    }
}

static muster_status copy_known(mu_judge_table *t, const mu_judge_table *last) {
    uint32_t *column_was;
    MU_TRY(mu_alloc(&column_was, t->column_count, sizeof *column_was));
    for (uint32_t c = 0; c < t->column_count; ++c) {
        column_was[c] = last->column_of[t->column[c]];
        if (column_was[c] != MUSTER_NONE) t->summit[c] = last->summit[column_was[c]];
    }
    for (uint32_t r = 0; r < t->row_count; ++r) {
        const uint32_t was = last->row_of[t->row[r]];
        if (was != MUSTER_NONE) copy_row(t, last, r, was, column_was);
    }
    mu_free(column_was);
    return MUSTER_OK;
}

static muster_status fill(mu_judge_table *t, const mu_judge_table *last, uint32_t places,
                          uint32_t from_count, const uint32_t *from, uint32_t to_count,
                          const uint32_t *to) {
    MU_TRY(number(places, from_count, from, &t->row_of, &t->row, &t->row_count));
    MU_TRY(number(places, to_count, to, &t->column_of, &t->column, &t->column_count));
    const size_t cells = (size_t)t->row_count * t->column_count;
    MU_TRY(mu_alloc(&t->ms, cells, sizeof *t->ms));
    MU_TRY(mu_alloc_zeroed(&t->state, cells, sizeof *t->state));
    MU_TRY(mu_alloc(&t->summit, t->column_count, sizeof *t->summit));
    for (uint32_t c = 0; c < t->column_count; ++c) t->summit[c] = MUSTER_NONE;
    return last->ms ? copy_known(t, last) : MUSTER_OK;
}

muster_status mu_judge_table_open(mu_judge_roads *roads, mu_judge_table_use use, uint32_t metric,
                                  uint32_t from_count, const uint32_t *from, uint32_t to_count,
                                  const uint32_t *to) {
    mu_judge_table     *table = &roads->table[use][metric];
    mu_judge_table      now   = {0};
    const muster_status status =
        fill(&now, table, roads->places.count, from_count, from, to_count, to);
    mu_judge_table_fini(status == MUSTER_OK ? table : &now);
    if (status != MUSTER_OK) return status;
    *table = now;
    return MUSTER_OK;
}

/* ---- a part as a whole ----------------------------------------------------------------------- */

static muster_status snap_some(mu_judge_roads *roads, uint32_t metric, uint32_t count,
                               const uint32_t *number, const uint32_t *place, muster_snap *out) {
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(mu_judge_snap(roads, metric, place[number[i]], &out[i]));
    }
    return MUSTER_OK;
}

/* Some rows and some columns of a table, by their numbers. */
typedef struct part {
    uint32_t  row_count, column_count;
    uint32_t *row, *column;
} part;

static muster_status ask_snapped(const muster_metric *metric, mu_judge_table *t, const part *p,
                                 const muster_snap *from, const muster_snap *to) {
    uint32_t *ms;
    MU_TRY(mu_alloc(&ms, (size_t)p->row_count * p->column_count, sizeof *ms));
    const muster_status status =
        muster_matrix(metric, p->row_count, from, p->column_count, to, 1, ms, NULL);
    for (size_t r = 0; status == MUSTER_OK && r < p->row_count; ++r) {
        for (size_t c = 0; c < p->column_count; ++c) {
            set_ms(t, p->row[r], p->column[c], ms[r * p->column_count + c]);
        }
    }
    mu_free(ms);
    return status;
}

static muster_status ask_part(mu_judge_roads *roads, uint32_t metric, mu_judge_table *t,
                              const part *p) {
    muster_snap *snap;
    if (p->row_count == 0 || p->column_count == 0) return MUSTER_OK;
    MU_TRY(mu_alloc(&snap, (size_t)p->row_count + p->column_count, sizeof *snap));
    muster_snap  *to     = snap + p->row_count;
    muster_status status = snap_some(roads, metric, p->row_count, p->row, t->row, snap);
    if (status == MUSTER_OK) {
        status = snap_some(roads, metric, p->column_count, p->column, t->column, to);
    }
    if (status == MUSTER_OK) {
        status = ask_snapped(roads->problem->metric[metric], t, p, snap, to);
    }
    mu_free(snap);
    return status;
}

static muster_status part_init(part *p, const mu_judge_table *t) {
    *p = (part){0};
    MU_TRY(mu_alloc(&p->row, t->row_count, sizeof *p->row));
    return mu_alloc(&p->column, t->column_count, sizeof *p->column);
}

static void part_fini(part *p) {
    mu_free(p->row);
    mu_free(p->column);
}

/* ---- all of it --------------------------------------------------------------------------------- */

static bool is_row_new(const mu_judge_table *t, uint32_t row) {
    uint32_t c = 0;
    while (c < t->column_count && t->state[cell_at(t, row, c)] != MU_JUDGE_KNOWN) ++c;
    return c == t->column_count;
}

/* Something is not known of it, and not of new rows alone. */
static bool is_column_open(const mu_judge_table *t, const bool *is_new, uint32_t column) {
    uint32_t r = 0;
    while (r < t->row_count && (is_new[r] || t->state[cell_at(t, r, column)] == MU_JUDGE_KNOWN))
        ++r;
    return r < t->row_count;
}

/* From all rows to columns that are open, and from new rows to the others. */
static muster_status ask_all(mu_judge_roads *roads, uint32_t metric, mu_judge_table *t, part *all,
                             part *new, bool *is_new) {
    MU_TRY(part_init(all, t));
    MU_TRY(part_init(new, t));
    for (uint32_t r = 0; r < t->row_count; ++r) {
        all->row[all->row_count++] = r;
        is_new[r]                  = is_row_new(t, r);
        if (is_new[r]) new->row[new->row_count++] = r;
    }
    for (uint32_t c = 0; c < t->column_count; ++c) {
        part *of                       = is_column_open(t, is_new, c) ? all : new;
        of->column[of->column_count++] = c;
    }
    MU_TRY(ask_part(roads, metric, t, all));
    return ask_part(roads, metric, t, new);
}

muster_status mu_judge_tabulate(mu_judge_roads *roads, mu_judge_table_use use, uint32_t metric,
                                uint32_t from_count, const uint32_t *from, uint32_t to_count,
                                const uint32_t *to, const mu_judge_table **out) {
    mu_judge_table *table = &roads->table[use][metric];
    part            all = {0}, new = {0};
    bool           *is_new;
    MU_TRY(mu_judge_table_open(roads, use, metric, from_count, from, to_count, to));
    MU_TRY(mu_alloc(&is_new, table->row_count, sizeof *is_new));
    const muster_status status = ask_all(roads, metric, table, &all, &new, is_new);
    part_fini(&all);
    part_fini(&new);
    mu_free(is_new);
    *out = table;
    return status;
}

/* ---- what is wanted ---------------------------------------------------------------------------- */

muster_status mu_judge_table_want(mu_judge_table *t, uint32_t row, uint32_t column) {
    uint8_t *state = &t->state[cell_at(t, row, column)];
    if (*state != MU_JUDGE_UNKNOWN) return MUSTER_OK;
    MU_TRY(mu_grow(&t->wanted, &t->wanted_capacity, t->wanted_count, sizeof *t->wanted));
    t->wanted[t->wanted_count++] = (mu_judge_cell){row, column};
    *state                       = MU_JUDGE_WANTED;
    return MUSTER_OK;
}

static int by_column(const void *a, const void *b) {
    const mu_judge_cell *c = a, *d = b;
    if (c->column != d->column) return c->column < d->column ? -1 : 1;
    return c->row < d->row ? -1 : c->row > d->row;
}

/* The looking at what is wanted, column by column. */
typedef struct asking {
    mu_judge_roads *roads;
    uint32_t        metric;
    mu_judge_table *table;
    mu_query        query;
    muster_snap     to; /* of the column in hand */
} asking;

/* The first of the wanted cells behind `first` that is of another column. */
static size_t end_of_column(const mu_judge_table *t, size_t first) {
    size_t end = first;
    while (end < t->wanted_count && t->wanted[end].column == t->wanted[first].column) ++end;
    return end;
}

static muster_status ask_one(asking *a, mu_judge_cell cell) {
    muster_snap from;
    MU_TRY(mu_judge_snap(a->roads, a->metric, a->table->row[cell.row], &from));
    const mu_cost cost = mu_query_run(&a->query, &from, &a->to);
    set_ms(a->table, cell.row, cell.column,
           cost != MU_NO_PATH ? mu_cost_ms(cost) : MUSTER_UNREACHABLE_MS);
    return MUSTER_OK;
}

/* No way leads there from where none meets a way that comes down from the summit. */
static muster_status cut_off(asking *a, uint32_t count, const mu_judge_cell *cell) {
    const uint32_t summit = a->table->summit[cell->column];
    for (uint32_t i = 0; i < count; ++i) {
        muster_snap from;
        MU_TRY(mu_judge_snap(a->roads, a->metric, a->table->row[cell[i].row], &from));
        if (mu_query_meets(&a->query, &from, &a->to, summit)) continue;
        set_ms(a->table, cell[i].row, cell[i].column, MUSTER_UNREACHABLE_MS);
    }
    return MUSTER_OK;
}

/* Whoever is the first to be asked tells whether the place may be cut off. */
static muster_status look_at_column(asking *a, uint32_t count, const mu_judge_cell *cell) {
    mu_judge_table *t = a->table;
    MU_TRY(mu_judge_snap(a->roads, a->metric, t->column[cell->column], &a->to));
    if (a->to.edge == MUSTER_NONE) {
        for (uint32_t i = 0; i < count; ++i) {
            set_ms(t, cell[i].row, cell[i].column, MUSTER_UNREACHABLE_MS);
        }
        return MUSTER_OK;
    }
    uint32_t *summit = &t->summit[cell->column];
    if (*summit == MUSTER_NONE) {
        MU_TRY(ask_one(a, *cell));
        if (mu_judge_table_cell(t, cell->row, cell->column) != MUSTER_UNREACHABLE_MS) {
            return MUSTER_OK;
        }
        *summit = mu_query_summit(&a->query, MU_DESCENT, &a->to);
    }
    return cut_off(a, count, cell);
}

/* The cells that are still wanted move to the front. */
static void keep_wanted(mu_judge_table *t) {
    size_t kept = 0;
    for (size_t i = 0; i < t->wanted_count; ++i) {
        const mu_judge_cell cell = t->wanted[i];
        if (t->state[cell_at(t, cell.row, cell.column)] == MU_JUDGE_WANTED) {
            t->wanted[kept++] = cell;
        }
    }
    t->wanted_count = kept;
}

static muster_status look_at_columns(asking *a) {
    mu_judge_table *t = a->table;
    for (size_t i = 0, end; i < t->wanted_count; i = end) {
        end = end_of_column(t, i);
        MU_TRY(look_at_column(a, (uint32_t)(end - i), &t->wanted[i]));
    }
    return MUSTER_OK;
}

/* The rows and columns in which something is wanted. */
static void list_part(const mu_judge_table *t, part *p, bool *has_row) {
    for (size_t i = 0; i < t->wanted_count; ++i) {
        const mu_judge_cell cell = t->wanted[i];
        if (i == 0 || t->wanted[i - 1].column != cell.column) {
            p->column[p->column_count++] = cell.column;
        }
        if (!has_row[cell.row]) p->row[p->row_count++] = cell.row;
        has_row[cell.row] = true;
    }
}

static muster_status ask_table(mu_judge_roads *roads, uint32_t metric, mu_judge_table *t) {
    part          p;
    bool         *has_row;
    muster_status status = part_init(&p, t);
    if (status == MUSTER_OK) status = mu_alloc_zeroed(&has_row, t->row_count, sizeof *has_row);
    if (status == MUSTER_OK) {
        list_part(t, &p, has_row);
        status = ask_part(roads, metric, t, &p);
        mu_free(has_row);
    }
    part_fini(&p);
    return status;
}

static muster_status find_cut_off(mu_judge_roads *roads, uint32_t metric, mu_judge_table *t) {
    asking a = {.roads = roads, .metric = metric, .table = t};
    MU_TRY(mu_query_init_few(&a.query, roads->problem->metric[metric]));
    const muster_status status = look_at_columns(&a);
    mu_query_fini(&a.query);
    return status;
}

muster_status mu_judge_table_ask(mu_judge_roads *roads, uint32_t metric, mu_judge_table *t) {
    const muster_metric *by         = roads->problem->metric[metric];
    const bool           is_climbed = by->weights.hierarchy && !mu_metric_flies(by);
    if (t->wanted_count == 0) return MUSTER_OK;
    qsort(t->wanted, t->wanted_count, sizeof *t->wanted, by_column);
    if (is_climbed) MU_TRY(find_cut_off(roads, metric, t));
    keep_wanted(t);
    MU_TRY(ask_table(roads, metric, t));
    t->wanted_count = 0;
    return MUSTER_OK;
}
