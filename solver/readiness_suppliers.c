/* Who counts for the kinds that standards ask for. Many stand at the same place and travel by the same
 * metric: they share a row of the table. Rows are numbered metric by metric, so that those of one are a
 * table of their own. */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/readiness.h"
#include "solver/site_index.h"

/* ---- by kind ------------------------------------------------------------------------------ */

/* Called for each resource that is there and each kind that it is of. */
typedef struct visit {
    const muster_readiness *r;
    const bool             *is_asked; /* by kind */
    size_t                 *next;     /* by kind: how many so far, or where the next one goes */
    mu_supplier            *supplier; /* NULL: they are counted */
    const uint32_t         *part;     /* of resources, one after the other */
} visit;

static void meet(const visit *v, muster_resource resource, uint32_t index, uint32_t part,
                 uint32_t kind) {
    if (!v->is_asked[kind]) return;
    const size_t at = v->next[kind]++;
    if (!v->supplier) return;
    const muster_unit *unit = muster_problem_unit(v->r->problem, resource, index);
    v->supplier[at]         = (mu_supplier){
                .row      = MUSTER_NONE,
                .ready_ms = unit->turnout_ms > unit->available_ms ? unit->turnout_ms : unit->available_ms,
                .end_ms   = unit->shift_end_ms > 0 ? unit->shift_end_ms : UINT32_MAX,
                .part     = part,
                .quantity = v->r->left[resource][index],
                .index    = index,
                .resource = (uint8_t)resource};
}

/* A capability that is listed twice counts once. */
static bool is_listed_before(const muster_team *team, uint32_t c) {
    uint32_t i = 0;
    while (team->capability[i] != team->capability[c]) ++i;
    return i < c;
}

static void meet_unit(const visit *v, muster_resource resource, uint32_t index, uint32_t part) {
    const muster_problem *p = v->r->problem;
    switch (resource) {
    case MUSTER_PEOPLE:
        for (uint32_t c = 0; c < p->team[index].capability_count; ++c) {
            if (is_listed_before(&p->team[index], c)) continue;
            meet(v, resource, index, part, p->team[index].capability[c]);
        }
        return;
    case MUSTER_VEHICLE:
        meet(v, resource, index, part, p->vehicle[index].kind);
        return;
    case MUSTER_MACHINE:
        meet(v, resource, index, part, p->machine[index].kind);
        return;
    default:
        meet(v, resource, index, part, p->stock[index].kind);
    }
}

static void meet_all(const visit *v) {
    const uint32_t *part = v->part;
    for (unsigned k = 0; k < MUSTER_RESOURCE_COUNT; ++k) {
        const muster_resource resource = (muster_resource)k;
        const uint32_t        count    = muster_problem_unit_count(v->r->problem, resource);
        for (uint32_t i = 0; i < count; ++i) {
            if (v->r->left[k][i] > 0) meet_unit(v, resource, i, part[i]);
        }
        part += count;
    }
}

static muster_status list_by_kind(muster_readiness *r, visit *v) {
    const uint32_t kinds = r->problem->kind_count;
    size_t         count = 0;
    MU_TRY(mu_alloc(&r->first_supplier, (size_t)kinds + 1, sizeof *r->first_supplier));
    meet_all(v);
    for (uint32_t k = 0; k < kinds; ++k) {
        r->first_supplier[k] = count;
        count += v->next[k];
        v->next[k] = r->first_supplier[k];
    }
    r->first_supplier[kinds] = count;
    if (count >= MUSTER_NONE) {
        return muster_fail(MUSTER_E_INVALID, "%zu resources by kind; expected fewer than %u", count,
                           MUSTER_NONE);
    }
    MU_TRY(mu_alloc(&r->supplier, count, sizeof *r->supplier));
    v->supplier = r->supplier;
    meet_all(v);
    return MUSTER_OK;
}

/* ---- parts ---------------------------------------------------------------------------------- */

typedef struct stock_code {
    const char *code;
    uint32_t    stock;
} stock_code;

static int by_code(const void *a, const void *b) {
    const stock_code *x = a, *y = b;
    const int         order = strcmp(x->code, y->code);
    return order != 0 ? order : x->stock < y->stock ? -1 : x->stock > y->stock;
}

/* Teams, vehicles and machines are parts of their own; stocks of one code are one. */
static muster_status number_parts(muster_readiness *r, uint32_t *part) {
    const muster_problem *p      = r->problem;
    const uint32_t        others = p->team_count + p->vehicle_count + p->machine_count;
    stock_code           *sorted;
    r->part_count = others;
    for (uint32_t i = 0; i < others; ++i) part[i] = i;
    MU_TRY(mu_alloc(&sorted, p->stock_count, sizeof *sorted));
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        sorted[s] = (stock_code){p->stock[s].unit.code, s};
    }
    qsort(sorted, p->stock_count, sizeof *sorted, by_code);
    for (uint32_t i = 0; i < p->stock_count; ++i) {
        const bool is_new = i == 0 || strcmp(sorted[i - 1].code, sorted[i].code) != 0;
        r->part_count += is_new;
        part[others + sorted[i].stock] = r->part_count - 1;
    }
    mu_free(sorted);
    return MUSTER_OK;
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* Rows of one metric: each different site of its suppliers. */
static muster_status number_rows_of(muster_readiness *r, uint32_t metric, size_t suppliers) {
    const uint32_t first = r->row_count;
    mu_site_index  index;
    MU_TRY(mu_site_index_init(&index, (uint32_t)suppliers));
    for (size_t i = 0; i < suppliers; ++i) {
        mu_supplier       *s = &r->supplier[i];
        const muster_unit *unit =
            muster_problem_unit(r->problem, (muster_resource)s->resource, s->index);
        if (unit->metric != metric) continue;
        uint32_t *at = mu_site_index_at(&index, r->row_site + first, unit->site);
        if (*at == MUSTER_NONE) {
            *at                         = r->row_count - first;
            r->row_site[r->row_count++] = unit->site;
        }
        s->row = first + *at;
    }
    mu_site_index_fini(&index);
    return MUSTER_OK;
}

static muster_status number_rows(muster_readiness *r) {
    const uint32_t metrics   = r->problem->metric_count;
    const size_t   suppliers = r->first_supplier[r->problem->kind_count];
    MU_TRY(mu_alloc(&r->first_row, (size_t)metrics + 1, sizeof *r->first_row));
    MU_TRY(mu_alloc(&r->row_site, suppliers, sizeof *r->row_site));
    for (uint32_t m = 0; m < metrics; ++m) {
        r->first_row[m] = r->row_count;
        MU_TRY(number_rows_of(r, m, suppliers));
    }
    r->first_row[metrics] = r->row_count;
    MU_TRY(mu_alloc(&r->row_anchor, r->row_count, sizeof *r->row_anchor));
    return mu_alloc(&r->row_snap, r->row_count, sizeof *r->row_snap);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static muster_status list(muster_readiness *r, visit *v, bool *is_asked, uint32_t *part) {
    for (uint32_t s = 0; s < r->standard_count; ++s) is_asked[r->standard[s].kind] = true;
    MU_TRY(number_parts(r, part));
    MU_TRY(list_by_kind(r, v));
    return number_rows(r);
}

muster_status mu_readiness_list_suppliers(muster_readiness *r) {
    const muster_problem *p = r->problem;
    const size_t          resources =
        (size_t)p->team_count + p->vehicle_count + p->machine_count + p->stock_count;
    bool         *is_asked = NULL;
    uint32_t     *part     = NULL;
    visit         v        = {.r = r};
    muster_status status   = mu_alloc_zeroed(&v.next, p->kind_count, sizeof *v.next);
    if (status == MUSTER_OK) status = mu_alloc_zeroed(&is_asked, p->kind_count, sizeof *is_asked);
    if (status == MUSTER_OK) status = mu_alloc(&part, resources, sizeof *part);
    v.is_asked = is_asked;
    v.part     = part;
    if (status == MUSTER_OK) status = list(r, &v, is_asked, part);
    mu_free(v.next);
    mu_free(is_asked);
    mu_free(part);
    return status;
}
