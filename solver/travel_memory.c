/* One more incident is one more column, a unit that has moved another row: what is new is searched
 * for, and the rest of the table is the last one's. Places are known by their coordinates, metrics,
 * which never change, by their numbers. A closed road makes a new metric of an old one: what the change
 * does not reach is the old one's, most often nearly all.
 *
 * Two tables complete it: from all places to those that are new, and from the places that are new to
 * those that are known.
 *
 * Who asks for few cells has a table of which the others are open (open_table.c). Such tables are kept beside those
 * that are whole, so that whoever needs one whole finds the last one as it was. */
#include "solver/travel_memory.h"

#include <muster/matrix.h>
#include <string.h>
#include <time.h>

#include "core/alloc.h"
#include "core/metric_id.h"
#include "core/unchanged.h"
#include "solver/site_index.h"

/* ---- places ------------------------------------------------------------------------------ */

/* Which of `known` each of `site` is, or MUSTER_NONE. */
static muster_status match(uint32_t *out, uint32_t count, const muster_site *site,
                           uint32_t known_count, const muster_site *known) {
    mu_site_index index;
    MU_TRY(mu_site_index_init(&index, known_count));
    for (uint32_t k = 0; k < known_count; ++k) {
        uint32_t *at = mu_site_index_at(&index, known, known[k]);
        if (*at == MUSTER_NONE) *at = k;
    }
    for (uint32_t i = 0; i < count; ++i) out[i] = *mu_site_index_at(&index, known, site[i]);
    mu_site_index_fini(&index);
    return MUSTER_OK;
}

/* One side of a table: which of its places are known, and the others. */
typedef struct side {
    uint32_t           count, fresh_count;
    uint32_t          *old;   /* [count] which place of the last table it is, or MUSTER_NONE */
    uint32_t          *fresh; /* [fresh_count] those that are none */
    const muster_snap *snap;  /* [count] */
    muster_snap       *part;  /* [count] scratch: snaps of some */
} side;

static void side_fini(side *s) {
    mu_free(s->old);
    mu_free(s->fresh);
    mu_free(s->part);
}

/* Roads have changed since: whoever is reached by that, or is on another road, is as good as new. */
static void pass_over_reached(const side *s, const muster_snap *known_at,
                              const mu_unchanged *since) {
    for (uint32_t i = 0; i < s->count; ++i) {
        if (s->old[i] == MUSTER_NONE) continue;
        if (!mu_unchanged_at(since, &known_at[s->old[i]], &s->snap[i])) s->old[i] = MUSTER_NONE;
    }
}

/* `since` is NULL where the last table is of the same metric. */
static muster_status side_init(side *s, const mu_table_side *now, uint32_t known_count,
                               const muster_site *known, const muster_snap *known_at,
                               const mu_unchanged *since) {
    *s = (side){.count = now->count, .snap = now->snap};
    MU_TRY(mu_alloc(&s->old, s->count, sizeof *s->old));
    MU_TRY(mu_alloc(&s->fresh, s->count, sizeof *s->fresh));
    MU_TRY(mu_alloc(&s->part, s->count, sizeof *s->part));
    MU_TRY(match(s->old, s->count, now->site, known_count, known));
    if (since) pass_over_reached(s, known_at, since);
    for (uint32_t i = 0; i < s->count; ++i) {
        if (s->old[i] == MUSTER_NONE) s->fresh[s->fresh_count++] = i;
    }
    return MUSTER_OK;
}

/* ---- cells --------------------------------------------------------------------------------- */

static void copy_known(mu_kept_table *t, const mu_kept_table *old, const side *from,
                       const side *to) {
    for (uint32_t i = 0; i < from->count; ++i) {
        if (from->old[i] == MUSTER_NONE) continue;
        const size_t row = (size_t)i * t->to_count, was = (size_t)from->old[i] * old->to_count;
        for (uint32_t j = 0; j < to->count; ++j) {
            if (to->old[j] == MUSTER_NONE) continue;
            const uint32_t known_ms = old->duration_ms[was + to->old[j]];
            if (known_ms != MU_NOT_ASKED) t->duration_ms[row + j] = known_ms;
        }
    }
}

/* Waking threads takes longer than one needs for so many cells. */
static uint32_t threads_for(size_t cells, uint32_t threads) {
    enum { FEW = 10000 };
    return cells < FEW ? 1 : threads;
}

/* The rows `row` and columns `column` of the table; NULL: all of them. */
static muster_status search(mu_kept_table *t, const muster_metric *metric, uint32_t row_count,
                            const uint32_t *row, const muster_snap *from, uint32_t column_count,
                            const uint32_t *column, const muster_snap *to, uint32_t threads) {
    const size_t cells = (size_t)row_count * column_count;
    uint32_t    *ms    = t->duration_ms;
    if (cells == 0) return MUSTER_OK;
    threads = threads_for(cells, threads);
    if (!row && column_count == t->to_count) {
        return muster_matrix(metric, row_count, from, column_count, to, threads, ms, NULL);
    }
    MU_TRY(mu_alloc(&ms, cells, sizeof *ms));
    const muster_status status =
        muster_matrix(metric, row_count, from, column_count, to, threads, ms, NULL);
    for (size_t i = 0; status == MUSTER_OK && i < row_count; ++i) {
        for (size_t j = 0; j < column_count; ++j) {
            t->duration_ms[(row ? row[i] : i) * t->to_count + column[j]] = ms[i * column_count + j];
        }
    }
    mu_free(ms);
    return status;
}

static void pick(muster_snap *out, const side *s, bool fresh) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->count; ++i) {
        if ((s->old[i] == MUSTER_NONE) == fresh) out[count++] = s->snap[i];
    }
}

/* From all rows to the columns that are new. */
static muster_status search_columns(mu_kept_table *t, const muster_metric *metric, side *from,
                                    side *to, uint32_t threads) {
    pick(to->part, to, true);
    return search(t, metric, from->count, NULL, from->snap, to->fresh_count, to->fresh, to->part,
                  threads);
}

/* From the rows that are new to the columns that are known. */
static muster_status search_rows(mu_kept_table *t, const muster_metric *metric, side *from,
                                 side *to, uint32_t threads) {
    uint32_t *column, count = 0;
    MU_TRY(mu_alloc(&column, to->count, sizeof *column));
    for (uint32_t j = 0; j < to->count; ++j) {
        if (to->old[j] != MUSTER_NONE) column[count++] = j;
    }
    pick(from->part, from, true);
    pick(to->part, to, false);
    const muster_status status = search(t, metric, from->fresh_count, from->fresh, from->part,
                                        count, column, to->part, threads);
    mu_free(column);
    return status;
}

/* ---- tables -------------------------------------------------------------------------------- */

static void table_fini(mu_kept_table *t) {
    mu_free(t->from);
    mu_free(t->to);
    mu_free(t->from_at);
    mu_free(t->to_at);
    mu_free(t->duration_ms);
    *t = (mu_kept_table){0};
}

static muster_status allocate(mu_kept_table *t, const mu_table_side *from,
                              const mu_table_side *to) {
    const size_t cells = (size_t)t->from_count * t->to_count;
    MU_TRY(mu_alloc_copy(&t->from, from->site, from->count, sizeof *from->site));
    MU_TRY(mu_alloc_copy(&t->to, to->site, to->count, sizeof *to->site));
    MU_TRY(mu_alloc_copy(&t->from_at, from->snap, from->count, sizeof *from->snap));
    MU_TRY(mu_alloc_copy(&t->to_at, to->snap, to->count, sizeof *to->snap));
    return mu_alloc(&t->duration_ms, cells, sizeof *t->duration_ms);
}

/* What a table is made from: the last one of its metric, or of the one that that was changed from. */
typedef struct source {
    const mu_kept_table *table;
    bool                 is_changed;
    mu_unchanged         since; /* if it is: what has not */
} source;

static muster_status sides_init(side *from, side *to, const mu_table_side *now_from,
                                const mu_table_side *now_to, const source *s) {
    const mu_kept_table *old   = s->table;
    const mu_unchanged  *since = s->is_changed ? &s->since : NULL;
    MU_TRY(side_init(from, now_from, old->from_count, old->from, old->from_at, since));
    return side_init(to, now_to, old->to_count, old->to, old->to_at, since);
}

/* Where nothing is known all columns are new, and there are no rows to search beside them. */
static muster_status complete(mu_kept_table *t, const source *s, const muster_metric *metric,
                              const mu_table_side *now_from, const mu_table_side *now_to,
                              uint32_t threads, uint64_t *searched) {
    side          from = {0}, to = {0};
    muster_status status = sides_init(&from, &to, now_from, now_to, s);
    if (status == MUSTER_OK) {
        copy_known(t, s->table, &from, &to);
        status = search_columns(t, metric, &from, &to, threads);
    }
    if (status == MUSTER_OK) status = search_rows(t, metric, &from, &to, threads);
    *searched = (uint64_t)from.count * to.fresh_count +
                (uint64_t)from.fresh_count * (to.count - to.fresh_count);
    side_fini(&from);
    side_fini(&to);
    return status;
}

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static size_t find(const mu_travel_memory *memory, uint64_t metric_id, mu_table_use use,
                   bool is_open) {
    size_t i = 0;
    while (i < memory->count &&
           (memory->table[i].metric_id != metric_id || memory->table[i].use != use ||
            memory->table[i].is_open != is_open)) {
        ++i;
    }
    return i;
}

muster_status mu_travel_memory_places(mu_travel_memory *memory, mu_places *places,
                                      const muster_problem *problem, uint32_t thread_count) {
    const int64_t       start_us = now_us();
    const muster_status status   = mu_places_init(places, problem, thread_count, &memory->places);
    memory->spent_us += (uint64_t)(now_us() - start_us);
    return status;
}

/* `at` is the table of the metric, which may be blank. */
static muster_status find_source(source *s, const mu_travel_memory *memory, size_t at,
                                 const muster_metric *metric) {
    const mu_kept_table *own   = &memory->table[at];
    const uint64_t       since = own->duration_ms ? 0 : mu_unchanged_since(metric);
    *s                         = (source){.table = own};
    if (since == 0) return MUSTER_OK;
    const size_t before = find(memory, since, own->use, own->is_open);
    if (before == memory->count) return MUSTER_OK;
    MU_TRY(mu_unchanged_init(&s->since, metric));
    s->table      = &memory->table[before];
    s->is_changed = true;
    return MUSTER_OK;
}

static void source_fini(source *s) {
    if (s->is_changed) mu_unchanged_fini(&s->since);
}

/* The table that is to be, beside the one that was. */
static muster_status renew(mu_travel_memory *memory, size_t at, mu_kept_table *t,
                           const muster_metric *metric, const mu_table_side *from,
                           const mu_table_side *to, uint32_t threads) {
    uint64_t      searched = 0;
    source        s        = {0};
    muster_status status   = allocate(t, from, to);
    if (status == MUSTER_OK) status = find_source(&s, memory, at, metric);
    if (status == MUSTER_OK) status = complete(t, &s, metric, from, to, threads, &searched);
    source_fini(&s);
    if (status != MUSTER_OK) {
        table_fini(t);
        return status;
    }
    memory->searched += searched;
    memory->known += (uint64_t)t->from_count * t->to_count - searched;
    table_fini(&memory->table[at]);
    memory->table[at] = *t;
    return MUSTER_OK;
}

muster_status mu_travel_memory_table(mu_travel_memory *memory, mu_table_use use,
                                     const muster_metric *metric, const mu_table_side *from,
                                     const mu_table_side *to, uint32_t thread_count,
                                     uint32_t *out_ms) {
    const int64_t  start_us = now_us();
    const uint64_t id       = mu_metric_id(metric);
    const size_t   at = find(memory, id, use, false), cells = (size_t)from->count * to->count;
    mu_kept_table  t = {.metric_id  = id,
                        .use        = use,
                        .from_count = from->count,
                        .to_count   = to->count,
                        .is_used    = true};
    if (at == memory->count) {
        MU_TRY(mu_grow(&memory->table, &memory->capacity, memory->count, sizeof *memory->table));
        memory->table[memory->count++] = (mu_kept_table){.metric_id = id, .use = use};
    }
    MU_TRY(renew(memory, at, &t, metric, from, to, thread_count));
    if (cells > 0) memcpy(out_ms, t.duration_ms, cells * sizeof *out_ms);
    memory->spent_us += (uint64_t)(now_us() - start_us);
    return MUSTER_OK;
}

/* ---- open tables --------------------------------------------------------------------------- */

/* Columns mostly stay side by side: how many from each on, that are known or that are not. */
static muster_status find_runs(uint32_t **out, const side *to) {
    uint32_t *run;
    MU_TRY(mu_alloc(&run, to->count, sizeof *run));
    for (uint32_t j = to->count; j-- > 0;) {
        const uint32_t after = to->old[j] != MUSTER_NONE ? to->old[j] + 1 : MUSTER_NONE;
        run[j]               = j + 1 < to->count && to->old[j + 1] == after ? run[j + 1] + 1 : 1;
    }
    *out = run;
    return MUSTER_OK;
}

/* Every cell, as `old` has it. */
static muster_status recall_cells(mu_kept_table *t, const mu_kept_table *old, const side *from,
                                  const side *to) {
    uint32_t *run;
    MU_TRY(find_runs(&run, to));
    for (uint32_t i = 0; i < from->count; ++i) {
        const uint32_t  row = from->old[i];
        uint32_t       *now = t->duration_ms + (size_t)i * t->to_count;
        const uint32_t *was =
            row != MUSTER_NONE ? old->duration_ms + (size_t)row * old->to_count : now;
        for (uint32_t j = 0; j < to->count; j += run[j]) {
            if (row != MUSTER_NONE && to->old[j] != MUSTER_NONE) {
                memcpy(now + j, was + to->old[j], run[j] * sizeof *now);
            } else {
                for (uint32_t k = j; k < j + run[j]; ++k) now[k] = MU_NOT_ASKED;
            }
        }
    }
    mu_free(run);
    return MUSTER_OK;
}

/* From an open table, which knows all cells or none, or beside that from one that is whole. */
static muster_status recall(mu_kept_table *t, const source *s, const mu_table_side *now_from,
                            const mu_table_side *now_to) {
    side          from = {0}, to = {0};
    muster_status status = sides_init(&from, &to, now_from, now_to, s);
    if (status == MUSTER_OK && s->table->is_open) {
        status = recall_cells(t, s->table, &from, &to);
    } else if (status == MUSTER_OK) {
        copy_known(t, s->table, &from, &to);
    }
    side_fini(&from);
    side_fini(&to);
    return status;
}

static uint64_t count_known(const mu_kept_table *t) {
    const size_t cells = (size_t)t->from_count * t->to_count;
    uint64_t     known = 0;
    for (size_t c = 0; c < cells; ++c) known += t->duration_ms[c] != MU_NOT_ASKED;
    return known;
}

/* Room for what is given back: a table of which nothing is known. */
static muster_status reserve(mu_travel_memory *memory, const mu_kept_table *t) {
    const size_t at = find(memory, t->metric_id, t->use, true);
    if (at < memory->count) {
        memory->table[at].is_used = true;
        return MUSTER_OK;
    }
    MU_TRY(mu_grow(&memory->table, &memory->capacity, memory->count, sizeof *memory->table));
    memory->table[memory->count++] =
        (mu_kept_table){.metric_id = t->metric_id, .use = t->use, .is_open = true, .is_used = true};
    return MUSTER_OK;
}

static muster_status recall_all(mu_travel_memory *memory, const muster_metric *metric,
                                mu_kept_table *t, const mu_table_side *from,
                                const mu_table_side *to) {
    source s;
    MU_TRY(reserve(memory, t));
    MU_TRY(allocate(t, from, to));
    MU_TRY(find_source(&s, memory, find(memory, t->metric_id, t->use, true), metric));
    muster_status status = recall(t, &s, from, to);
    source_fini(&s);
    const size_t whole = find(memory, t->metric_id, t->use, false);
    if (status == MUSTER_OK && whole < memory->count) {
        memory->table[whole].is_used = true;
        status = recall(t, &(source){.table = &memory->table[whole]}, from, to);
    }
    if (status == MUSTER_OK) memory->known += count_known(t);
    return status;
}

muster_status mu_travel_memory_lend(mu_travel_memory *memory, mu_table_use use,
                                    const muster_metric *metric, const mu_table_side *from,
                                    const mu_table_side *to, mu_kept_table *out) {
    const int64_t start_us     = now_us();
    *out                       = (mu_kept_table){.metric_id  = mu_metric_id(metric),
                                                 .use        = use,
                                                 .is_open    = true,
                                                 .from_count = from->count,
                                                 .to_count   = to->count,
                                                 .is_used    = true};
    const muster_status status = recall_all(memory, metric, out, from, to);
    if (status != MUSTER_OK) table_fini(out);
    memory->spent_us += (uint64_t)(now_us() - start_us);
    return status;
}

void mu_travel_memory_return(mu_travel_memory *memory, mu_kept_table *table) {
    const size_t at = find(memory, table->metric_id, table->use, true);
    table_fini(&memory->table[at]);
    memory->table[at] = *table;
    *table            = (mu_kept_table){0};
}

void mu_travel_memory_forget(mu_travel_memory *memory) {
    size_t kept = 0;
    for (size_t i = 0; i < memory->count; ++i) {
        if (!memory->table[i].is_used) {
            table_fini(&memory->table[i]);
            continue;
        }
        memory->table[kept]           = memory->table[i];
        memory->table[kept++].is_used = false;
    }
    memory->count = kept;
}

void mu_travel_memory_fini(mu_travel_memory *memory) {
    for (size_t i = 0; i < memory->count; ++i) table_fini(&memory->table[i]);
    mu_known_places_fini(&memory->places);
    mu_free(memory->way);
    mu_free(memory->table);
    *memory = (mu_travel_memory){0};
}
