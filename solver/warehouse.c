/* Stocks of one warehouse are mostly neighbours: each is compared with the one before it, and only who begins
 * another warehouse is looked for in a hash table of those that have begun. */
#include "solver/warehouse.h"

#include <string.h>

#include "core/alloc.h"
#include "core/stir.h"

int mu_warehouse_compare(const muster_unit *a, const muster_unit *b) {
    const int by_code = a->code == b->code ? 0 : strcmp(a->code, b->code);
    if (by_code != 0) return by_code;
    if (a->site.lon_deg != b->site.lon_deg) return a->site.lon_deg < b->site.lon_deg ? -1 : 1;
    if (a->site.lat_deg != b->site.lat_deg) return a->site.lat_deg < b->site.lat_deg ? -1 : 1;
    if (a->turnout_ms != b->turnout_ms) return a->turnout_ms < b->turnout_ms ? -1 : 1;
    if (a->authority != b->authority) return a->authority < b->authority ? -1 : 1;
    if (a->available_ms != b->available_ms) return a->available_ms < b->available_ms ? -1 : 1;
    if (a->shift_end_ms != b->shift_end_ms) return a->shift_end_ms < b->shift_end_ms ? -1 : 1;
    return 0;
}

/* ---- rows of one warehouse --------------------------------------------------------------- */

typedef struct table {
    const muster_problem *problem;
    uint32_t             *slot; /* [mask + 1] the first stock of a warehouse; MUSTER_NONE: none */
    uint32_t             *last; /* by stock that is the first: the last one so far */
    size_t                mask;
} table;

static bool is_one(const table *t, uint32_t stock, uint32_t other) {
    return mu_warehouse_compare(&t->problem->stock[stock].unit, &t->problem->stock[other].unit) ==
           0;
}

/* Where the warehouse of a stock is, or is to be. Adding 0 makes 0 of -0. */
static uint32_t *slot_of(const table *t, uint32_t stock) {
    const muster_unit *u   = &t->problem->stock[stock].unit;
    uint64_t           sum = mu_stir_text(0, u->code);
    sum       = mu_stir_double(mu_stir_double(sum, u->site.lon_deg + 0.0), u->site.lat_deg + 0.0);
    sum       = mu_stir(sum, (uint64_t)u->turnout_ms << 32 | u->authority);
    sum       = mu_stir(sum, (uint64_t)u->available_ms << 32 | u->shift_end_ms);
    size_t at = sum & t->mask;
    while (t->slot[at] != MUSTER_NONE && !is_one(t, t->slot[at], stock)) at = (at + 1) & t->mask;
    return &t->slot[at];
}

static uint32_t first_of(const table *t, const mu_warehouse_rows *rows, uint32_t stock) {
    if (stock > 0 && is_one(t, stock - 1, stock)) return rows->first[stock - 1];
    uint32_t *slot = slot_of(t, stock);
    if (*slot == MUSTER_NONE) *slot = stock;
    return *slot;
}

static void string_together(const table *t, mu_warehouse_rows *rows) {
    for (uint32_t s = 0; s < t->problem->stock_count; ++s) {
        const uint32_t first = first_of(t, rows, s);
        rows->first[s]       = first;
        rows->next[s]        = MUSTER_NONE;
        if (first != s) rows->next[t->last[first]] = s;
        t->last[first] = s;
    }
}

static muster_status open_table(table *t) {
    size_t slots = 16;
    while (slots < 2 * (size_t)t->problem->stock_count) slots *= 2;
    t->mask = slots - 1;
    MU_TRY(mu_alloc(&t->last, t->problem->stock_count, sizeof *t->last));
    MU_TRY(mu_alloc(&t->slot, slots, sizeof *t->slot));
    for (size_t s = 0; s < slots; ++s) t->slot[s] = MUSTER_NONE;
    return MUSTER_OK;
}

muster_status mu_warehouse_rows_init(mu_warehouse_rows *rows, const muster_problem *problem) {
    table t = {.problem = problem};
    *rows   = (mu_warehouse_rows){0};
    MU_TRY(mu_alloc(&rows->first, problem->stock_count, sizeof *rows->first));
    MU_TRY(mu_alloc(&rows->next, problem->stock_count, sizeof *rows->next));
    const muster_status status = open_table(&t);
    if (status == MUSTER_OK) string_together(&t, rows);
    mu_free(t.slot);
    mu_free(t.last);
    return status;
}

void mu_warehouse_rows_fini(mu_warehouse_rows *rows) {
    mu_free(rows->first);
    mu_free(rows->next);
    *rows = (mu_warehouse_rows){0};
}
