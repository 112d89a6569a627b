#include "simulation/record.h"

#include <string.h>

#include "core/alloc.h"
#include "session/event_copy.h"

/* ---- tables -------------------------------------------------------------------------------- */

muster_status mu_table_add(void *inout_rows, size_t *capacity, uint32_t *count, size_t size,
                           void *out_row) {
    char *rows;
    MU_TRY(mu_grow(inout_rows, capacity, *count, size));
    memcpy(&rows, inout_rows, sizeof rows);
    rows += (size_t)(*count)++ * size;
    memset(rows, 0, size);
    memcpy(out_row, &rows, sizeof rows);
    return MUSTER_OK;
}

/* ---- life ---------------------------------------------------------------------------------- */

muster_status mu_record_new(muster_replication **out, const char *policy, uint32_t number,
                            int64_t start_at_ms, bool is_recorded) {
    MU_TRY(mu_alloc_zeroed(out, 1, sizeof **out));
    (*out)->number             = number;
    (*out)->start_at_ms        = start_at_ms;
    (*out)->is_recorded        = is_recorded;
    const muster_status status = mu_record_text(*out, &(*out)->policy, policy);
    if (status == MUSTER_OK) return MUSTER_OK;
    mu_record_free(*out);
    *out = NULL;
    return status;
}

void mu_record_free(muster_replication *r) {
    if (!r) return;
    mu_free(r->incident.row);
    mu_free(r->need.row);
    mu_free(r->order.row);
    mu_free(r->series.row);
    mu_free(r->plan.row);
    mu_free(r->refusal.row);
    mu_free(r->stock.row);
    mu_free(r->move.row);
    mu_free(r->hazard.row);
    mu_free(r->price.row);
    mu_free(r->explanation.row);
    mu_arena_fini(&r->arena);
    mu_free(r);
}

muster_status mu_record_text(muster_replication *r, const char **out, const char *text) {
    return mu_arena_text(&r->arena, out, text);
}

muster_status mu_record_hazard(muster_replication *r, const muster_hazard **out,
                               const muster_hazard *hazard) {
    muster_hazard *copy;
    MU_TRY(mu_arena_take(&r->arena, &copy, 1, sizeof *copy));
    *out = copy;
    return mu_copy_hazard(&r->arena, copy, hazard);
}

/* ---- moves --------------------------------------------------------------------------------- */

static muster_status copy_points(muster_replication *r, muster_simulated_move *m, const mu_way *w,
                                 uint32_t whole, int64_t after_ms) {
    double   *lon_deg, *lat_deg;
    uint32_t *offset_ms;
    m->point_count = whole + 1;
    MU_TRY(mu_arena_take(&r->arena, &lon_deg, m->point_count, sizeof *lon_deg));
    MU_TRY(mu_arena_take(&r->arena, &lat_deg, m->point_count, sizeof *lat_deg));
    MU_TRY(mu_arena_take(&r->arena, &offset_ms, m->point_count, sizeof *offset_ms));
    memcpy(lon_deg, w->lon_deg, whole * sizeof *lon_deg);
    memcpy(lat_deg, w->lat_deg, whole * sizeof *lat_deg);
    memcpy(offset_ms, w->offset_ms, whole * sizeof *offset_ms);
    mu_way_place(w, after_ms, &lon_deg[whole], &lat_deg[whole]);
    offset_ms[whole] = (uint32_t)after_ms;
    m->lon_deg       = lon_deg;
    m->lat_deg       = lat_deg;
    m->offset_ms     = offset_ms;
    return MUSTER_OK;
}

muster_status mu_record_move(muster_replication *r, const muster_simulated_move *move,
                             const mu_way *way, int64_t after_ms) {
    muster_simulated_move *row;
    uint32_t               whole = 0;
    if (!r->is_recorded || !way->route) return MUSTER_OK;
    if (after_ms > way->duration_ms) after_ms = way->duration_ms;
    while (whole < way->point_count && way->offset_ms[whole] < after_ms) ++whole;
    if (whole == 0) return MUSTER_OK; /* it has not left */
    MU_TRY(MU_TABLE_ADD(&r->move, &row));
    *row = *move;
    MU_TRY(copy_points(r, row, way, whole, after_ms));
    return mu_record_text(r, &row->unit, move->unit);
}

/* ---- sums ---------------------------------------------------------------------------------- */

void mu_record_sum(muster_replication *r) {
    muster_simulated_totals *t = &r->totals;
    t->incident_count          = r->incident.count;
    t->plan_count              = r->plan.count;
    t->order_count             = r->order.count;
    for (uint32_t i = 0; i < r->incident.count; ++i) {
        const muster_simulated_incident *row = &r->incident.row[i];
        t->closed_count += row->closed_ms != MU_NEVER;
        t->standard_count += row->standard_ms > 0;
        t->within_count += row->standard_ms > 0 && row->response_ms != MU_NEVER &&
                           row->response_ms <= row->standard_ms;
        t->need_quantity += row->need_quantity;
        t->met_quantity += row->met_quantity;
    }
    for (uint32_t n = 0; n < r->need.count; ++n)
        t->open_quantity_ms += r->need.row[n].open_quantity_ms;
}

/* ---- reading ------------------------------------------------------------------------------- */

static const char *const LEG[MUSTER_LEG_COUNT] = {
    [MUSTER_LEG_TO_WAREHOUSE] = "to_warehouse",
    [MUSTER_LEG_TO_SCENE]     = "to_scene",
    [MUSTER_LEG_TRANSPORT]    = "transport",
    [MUSTER_LEG_RETURN]       = "return",
};

const char *muster_simulation_leg_name(muster_leg leg) {
    return (unsigned)leg < MUSTER_LEG_COUNT ? LEG[leg] : NULL;
}

const char *muster_simulation_policy(const muster_replication *r) {
    return r->policy;
}

uint32_t muster_simulation_replication(const muster_replication *r) {
    return r->number;
}

muster_simulated_totals muster_simulation_totals(const muster_replication *r) {
    return r->totals;
}

#define READ(name, table, type)                                                                    \
    const type *muster_simulation_##name(const muster_replication *r, uint32_t *out_count) {       \
        *out_count = r->table.count;                                                               \
        return r->table.row;                                                                       \
    }

READ(incidents, incident, muster_simulated_incident)
READ(needs, need, muster_simulated_need)
READ(orders, order, muster_simulated_order)
READ(series, series, muster_simulated_moment)
READ(plans, plan, muster_simulated_plan)
READ(refusals, refusal, muster_simulated_refusal)
READ(stock, stock, muster_simulated_stock)
READ(moves, move, muster_simulated_move)
READ(hazards, hazard, muster_simulated_hazard)
READ(prices, price, muster_simulated_price)
READ(explanations, explanation, muster_simulated_explanation)
