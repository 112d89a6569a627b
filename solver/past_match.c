/* Most rows are where they were, or a few places further on: so each is looked for behind the one
 * before it first. Only where that fails are the codes of all rows entered into a hash table. */
#include "solver/past_match.h"

#include <string.h>

#include "core/alloc.h"
#include "solver/travel.h"

typedef struct key {
    const char *first, *second;
} key;

static uint32_t row_count(const muster_problem *p, unsigned rows) {
    if (rows < MUSTER_RESOURCE_COUNT) return muster_problem_unit_count(p, (muster_resource)rows);
    return rows == MU_ROWS_INCIDENT ? p->incident_count : p->need_count;
}

static key key_of(const muster_problem *p, unsigned rows, uint32_t i) {
    switch (rows) {
    case MUSTER_ITEM:
        return (key){p->stock[i].unit.code, p->kind[p->stock[i].kind].code};
    case MU_ROWS_INCIDENT:
        return (key){p->incident[i].code, ""};
    case MU_ROWS_NEED:
        return (key){p->incident[p->need[i].incident].code, p->kind[p->need[i].kind].code};
    default:
        return (key){muster_problem_unit(p, (muster_resource)rows, i)->code, ""};
    }
}

static bool is_equal(key a, key b) {
    return strcmp(a.first, b.first) == 0 && strcmp(a.second, b.second) == 0;
}

static uint64_t hash_text(uint64_t hash, const char *text) { /* FNV-1a */
    do {
        hash = (hash ^ (uint8_t)*text) * 0x100000001B3u;
    } while (*text++);
    return hash;
}

static uint32_t hash_of(key k) {
    const uint64_t hash = hash_text(hash_text(0xCBF29CE484222325u, k.first), k.second);
    return (uint32_t)(hash ^ hash >> 32);
}

/* The rows of now that are called the same are one list, in their order. */
typedef struct directory {
    const muster_problem *now;
    unsigned              rows;
    uint32_t              count, mask;
    uint32_t             *slot; /* the first row of a list; NULL: not made yet */
    uint32_t             *next; /* by row */
    uint32_t             *last; /* by slot */
} directory;

static uint32_t find_slot(const directory *d, key k) {
    uint32_t at = hash_of(k) & d->mask;
    while (d->slot[at] != MUSTER_NONE && !is_equal(key_of(d->now, d->rows, d->slot[at]), k)) {
        at = (at + 1) & d->mask;
    }
    return at;
}

static muster_status open_directory(directory *d) {
    size_t slots = 16;
    while (slots < 2 * (size_t)d->count) slots *= 2;
    d->mask = (uint32_t)(slots - 1);
    MU_TRY(mu_alloc(&d->next, d->count, sizeof *d->next));
    MU_TRY(mu_alloc(&d->last, slots, sizeof *d->last));
    MU_TRY(mu_alloc(&d->slot, slots, sizeof *d->slot));
    for (size_t s = 0; s < slots; ++s) d->slot[s] = MUSTER_NONE;
    for (uint32_t j = 0; j < d->count; ++j) {
        const uint32_t at = find_slot(d, key_of(d->now, d->rows, j));
        d->next[j]        = MUSTER_NONE;
        if (d->slot[at] == MUSTER_NONE) {
            d->slot[at] = j;
        } else {
            d->next[d->last[at]] = j;
        }
        d->last[at] = j;
    }
    return MUSTER_OK;
}

static void close_directory(directory *d) {
    mu_free(d->slot);
    mu_free(d->next);
    mu_free(d->last);
}

/* The first row of that name that nobody is yet. */
static muster_status look_up(directory *d, key k, const uint32_t *taken, uint32_t *out) {
    if (!d->slot) MU_TRY(open_directory(d));
    *out = d->slot[find_slot(d, k)];
    while (*out != MUSTER_NONE && taken[*out] != MUSTER_NONE) *out = d->next[*out];
    return MUSTER_OK;
}

static muster_status match_all(directory *d, const muster_problem *past, uint32_t count,
                               uint32_t *now, uint32_t *before) {
    uint32_t guess = 0;
    for (uint32_t j = 0; j < d->count; ++j) before[j] = MUSTER_NONE;
    for (uint32_t i = 0; i < count; ++i) {
        const key k      = key_of(past, d->rows, i);
        bool      is_hit = guess < d->count && before[guess] == MUSTER_NONE &&
                      is_equal(key_of(d->now, d->rows, guess), k);
        now[i] = guess;
        if (!is_hit) MU_TRY(look_up(d, k, before, &now[i]));
        if (now[i] == MUSTER_NONE) continue;
        before[now[i]] = i;
        guess          = now[i] + 1;
    }
    return MUSTER_OK;
}

static muster_status match_rows(mu_past_match *m, unsigned rows, const muster_problem *past,
                                const muster_problem *now) {
    directory      d     = {.now = now, .rows = rows, .count = row_count(now, rows)};
    const uint32_t count = row_count(past, rows);
    MU_TRY(mu_alloc(&m->now[rows], count, sizeof *m->now[rows]));
    MU_TRY(mu_alloc(&m->past[rows], d.count, sizeof *m->past[rows]));
    const muster_status status = match_all(&d, past, count, m->now[rows], m->past[rows]);
    close_directory(&d);
    return status;
}

muster_status mu_past_match_init(mu_past_match *m, const mu_past *past,
                                 const muster_problem *problem) {
    *m                   = (mu_past_match){0};
    muster_status status = MUSTER_OK;
    for (unsigned rows = 0; status == MUSTER_OK && rows < MU_ROWS_COUNT; ++rows) {
        status = match_rows(m, rows, &past->problem, problem);
    }
    if (status != MUSTER_OK) mu_past_match_fini(m);
    return status;
}

void mu_past_match_fini(mu_past_match *m) {
    for (unsigned rows = 0; rows < MU_ROWS_COUNT; ++rows) {
        mu_free(m->now[rows]);
        mu_free(m->past[rows]);
    }
    *m = (mu_past_match){0};
}
