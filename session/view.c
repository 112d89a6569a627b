#include "session/view.h"

#include <stdatomic.h>
#include <string.h>

#include "core/alloc.h"
#include "session/event_copy.h"

struct muster_view {
    atomic_uint           holders;
    mu_base              *base;
    uint32_t              authority;
    uint64_t              sequence;
    mu_arena              arena;
    uint32_t              unit_count, incident_count, order_count;
    uint32_t              road_count, hazard_count, rule_count;
    muster_view_unit     *unit;
    muster_view_incident *incident;
    muster_order         *order;
    muster_event_road    *road;
    muster_hazard        *hazard;
    muster_event_rule    *rule;
};

/* ---- who sees what ------------------------------------------------------------------------- */

static bool sees(const muster_view *v, uint32_t authority) {
    return mu_base_is_over(v->base, v->authority, authority);
}

static const mu_base_unit *base_unit(const mu_world *w, uint8_t resource, uint32_t row) {
    return &w->base->unit[resource][row];
}

static bool sees_order(const muster_view *v, const mu_world *w, const mu_world_order *o) {
    return sees(v, base_unit(w, o->resource, o->unit)->authority) ||
           sees(v, w->incident[o->incident].authority);
}

static bool sees_rule(const muster_view *v, const mu_world *w, const mu_world_rule *r) {
    return sees(v, base_unit(w, r->rule.unit.resource, r->unit)->authority) ||
           (r->incident != MUSTER_NONE && sees(v, w->incident[r->incident].authority));
}

static const char *authority_code(const mu_base *base, uint32_t authority) {
    return authority == MUSTER_NONE ? NULL : base->authority[authority].code;
}

static const char *kind_code(const mu_base *base, uint32_t kind) {
    return kind == MUSTER_NONE ? NULL : base->kind[kind].code;
}

/* ---- units --------------------------------------------------------------------------------- */

static muster_status copy_unit(muster_view *v, const mu_base_unit *base, uint8_t resource,
                               const mu_world_unit *unit) {
    muster_view_unit *out = &v->unit[v->unit_count++];
    *out                  = (muster_view_unit){.resource        = resource,
                                               .code            = base->code,
                                               .name            = base->name,
                                               .kind            = kind_code(v->base, base->kind),
                                               .authority       = authority_code(v->base, base->authority),
                                               .lon_deg         = unit->lon_deg,
                                               .lat_deg         = unit->lat_deg,
                                               .seen_at_ms      = unit->seen_at_ms,
                                               .is_available    = unit->is_available,
                                               .quantity        = unit->quantity,
                                               .under_order     = unit->ordered,
                                               .ready_at_ms     = unit->ready_at_ms,
                                               .shift_end_at_ms = unit->shift_end_at_ms,
                                               .duty_since_ms   = unit->duty_since_ms};
    return mu_arena_text(&v->arena, &out->reason, unit->reason);
}

static muster_status copy_units(muster_view *v, const mu_world *w) {
    size_t most = 0;
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) most += w->base->unit_count[r];
    MU_TRY(mu_arena_take(&v->arena, &v->unit, most, sizeof *v->unit));
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < w->base->unit_count[r]; ++u) {
            const mu_base_unit *base = base_unit(w, (uint8_t)r, u);
            if (sees(v, base->authority)) MU_TRY(copy_unit(v, base, (uint8_t)r, &w->unit[r][u]));
        }
    }
    return MUSTER_OK;
}

/* ---- incidents ----------------------------------------------------------------------------- */

static muster_status copy_needs(muster_view *v, const mu_world_incident *i,
                                muster_view_incident *out) {
    muster_view_need *need;
    MU_TRY(mu_arena_take(&v->arena, &need, i->need_count, sizeof *need));
    for (uint32_t n = 0; n < i->need_count; ++n) {
        const mu_world_need *from = &i->need[n];
        need[n]                   = (muster_view_need){.kind      = kind_code(v->base, from->kind),
                                                       .quantity  = from->quantity,
                                                       .minimum   = from->minimum,
                                                       .grade     = from->grade,
                                                       .delivered = from->delivered};
    }
    out->need_count = i->need_count;
    out->need       = need;
    return MUSTER_OK;
}

static muster_status copy_incident(muster_view *v, const mu_world_incident *i) {
    muster_view_incident *out = &v->incident[v->incident_count++];
    *out                      = (muster_view_incident){.lon_deg        = i->lon_deg,
                                                       .lat_deg        = i->lat_deg,
                                                       .severity       = i->severity,
                                                       .reported_at_ms = i->reported_at_ms,
                                                       .deadline_at_ms = i->deadline_at_ms,
                                                       .closed_at_ms   = i->closed_at_ms,
                                                       .on_scene_ms    = i->on_scene_ms,
                                                       .authority      = authority_code(v->base, i->authority),
                                                       .all_or_nothing = i->all_or_nothing};
    MU_TRY(mu_arena_text(&v->arena, &out->code, i->code));
    MU_TRY(mu_arena_text(&v->arena, &out->name, i->name));
    return copy_needs(v, i, out);
}

/* The one of a kind; NULL where it is not needed any more. */
static muster_view_need *find_need(const mu_world_incident *i, const muster_view_incident *out,
                                   uint32_t kind) {
    for (uint32_t n = 0; n < i->need_count; ++n) {
        if (i->need[n].kind == kind) return (muster_view_need *)&out->need[n];
    }
    return NULL;
}

/* Items that have arrived are handed over, and are not counted a second time. */
static void count_order(muster_view_need *need, const mu_world_order *o) {
    const bool has_arrived = o->state == MUSTER_ORDER_ON_SCENE;
    if (has_arrived && o->resource != MUSTER_ITEM) need->on_scene += o->quantity;
    if (!has_arrived) need->coming += o->quantity;
}

/* `place` tells of each incident of the world which one of the view it is. */
static void count_orders(const muster_view *v, const mu_world *w, const uint32_t *place) {
    for (uint32_t o = 0; o < w->order_count; ++o) {
        const mu_world_order *order = &w->order[o];
        const uint32_t        at    = place[order->incident];
        if (muster_order_is_over(order->state) || order->need == MUSTER_NONE) continue;
        if (at == MUSTER_NONE) continue;
        muster_view_need *need =
            find_need(&w->incident[order->incident], &v->incident[at], order->need);
        if (need) count_order(need, order);
    }
}

static muster_status copy_incidents(muster_view *v, const mu_world *w) {
    uint32_t *place;
    MU_TRY(mu_arena_take(&v->arena, &v->incident, w->incident_count, sizeof *v->incident));
    MU_TRY(mu_arena_take(&v->arena, &place, w->incident_count, sizeof *place));
    for (uint32_t i = 0; i < w->incident_count; ++i) {
        place[i] = MUSTER_NONE;
        if (!sees(v, w->incident[i].authority)) continue;
        place[i] = v->incident_count;
        MU_TRY(copy_incident(v, &w->incident[i]));
    }
    count_orders(v, w, place);
    return MUSTER_OK;
}

/* ---- orders -------------------------------------------------------------------------------- */

muster_status mu_view_order(mu_arena *arena, const mu_world *w, const mu_world_order *o,
                            muster_order *out) {
    const mu_base      *base = w->base;
    const mu_base_unit *unit = base_unit(w, o->resource, o->unit);
    *out                     = (muster_order){.number        = o->number,
                                              .sequence      = o->sequence,
                                              .state         = o->state,
                                              .claim         = o->claim,
                                              .resource      = o->resource,
                                              .quantity      = o->quantity,
                                              .trip          = o->trip,
                                              .issued_at_ms  = o->issued_at_ms,
                                              .changed_at_ms = o->changed_at_ms,
                                              .depart_at_ms  = o->depart_at_ms,
                                              .load_at_ms    = o->load_at_ms,
                                              .eta_at_ms     = o->eta_at_ms,
                                              .distance_m    = o->distance_m,
                                              .claim_number  = o->claim_number};
    MU_TRY(mu_arena_text(arena, &out->unit, unit->code));
    if (o->resource == MUSTER_ITEM) {
        MU_TRY(mu_arena_text(arena, &out->kind, kind_code(base, unit->kind)));
    }
    if (o->warehouse != MUSTER_NONE) {
        const char *warehouse = base_unit(w, MUSTER_ITEM, o->warehouse)->code;
        MU_TRY(mu_arena_text(arena, &out->warehouse, warehouse));
    }
    MU_TRY(mu_arena_text(arena, &out->incident, w->incident[o->incident].code));
    MU_TRY(mu_arena_text(arena, &out->need, kind_code(base, o->need)));
    MU_TRY(mu_arena_text(arena, &out->issued_by, o->issued_by));
    MU_TRY(mu_arena_text(arena, &out->changed_by, o->changed_by));
    MU_TRY(mu_arena_text(arena, &out->consent, authority_code(base, o->consent)));
    return mu_arena_text(arena, &out->reason, o->reason);
}

static muster_status copy_orders(muster_view *v, const mu_world *w) {
    MU_TRY(mu_arena_take(&v->arena, &v->order, w->order_count, sizeof *v->order));
    for (uint32_t o = 0; o < w->order_count; ++o) {
        if (!sees_order(v, w, &w->order[o])) continue;
        MU_TRY(mu_view_order(&v->arena, w, &w->order[o], &v->order[v->order_count++]));
    }
    return MUSTER_OK;
}

/* ---- roads, hazards, rules ----------------------------------------------------------------- */

static muster_status copy_roads(muster_view *v, const mu_world *w) {
    MU_TRY(mu_arena_take(&v->arena, &v->road, w->road_count, sizeof *v->road));
    MU_TRY(mu_arena_take(&v->arena, &v->hazard, w->hazard_count, sizeof *v->hazard));
    for (; v->road_count < w->road_count; ++v->road_count) {
        MU_TRY(mu_copy_road(&v->arena, &v->road[v->road_count], &w->road[v->road_count].road));
    }
    for (; v->hazard_count < w->hazard_count; ++v->hazard_count) {
        const uint32_t h = v->hazard_count;
        MU_TRY(mu_copy_hazard(&v->arena, &v->hazard[h], &w->hazard[h].hazard));
    }
    return MUSTER_OK;
}

static muster_status copy_rules(muster_view *v, const mu_world *w) {
    MU_TRY(mu_arena_take(&v->arena, &v->rule, w->rule_count, sizeof *v->rule));
    for (uint32_t r = 0; r < w->rule_count; ++r) {
        if (!sees_rule(v, w, &w->rule[r])) continue;
        MU_TRY(mu_copy_rule(&v->arena, &v->rule[v->rule_count++], &w->rule[r].rule));
    }
    return MUSTER_OK;
}

/* ---- life ---------------------------------------------------------------------------------- */

static muster_status copy_all(muster_view *v, const mu_world *w) {
    MU_TRY(copy_units(v, w));
    MU_TRY(copy_incidents(v, w));
    MU_TRY(copy_orders(v, w));
    MU_TRY(copy_roads(v, w));
    return copy_rules(v, w);
}

muster_status mu_view_new(muster_view **out, const mu_world *world, uint32_t authority) {
    muster_view *view;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&view, 1, sizeof *view));
    atomic_init(&view->holders, 1);
    view->base                 = mu_base_hold(world->base);
    view->authority            = authority;
    view->sequence             = world->sequence;
    const muster_status status = copy_all(view, world);
    if (status != MUSTER_OK) {
        muster_view_free(view);
        return status;
    }
    *out = view;
    return MUSTER_OK;
}

muster_view *mu_view_hold(muster_view *view) {
    atomic_fetch_add(&view->holders, 1);
    return view;
}

void muster_view_free(muster_view *view) {
    if (!view || atomic_fetch_sub(&view->holders, 1) > 1) return;
    mu_arena_fini(&view->arena);
    mu_base_release(view->base);
    mu_free(view);
}

/* ---- for users ----------------------------------------------------------------------------- */

uint32_t mu_view_authority(const muster_view *view) {
    return view->authority;
}

uint64_t muster_view_sequence(const muster_view *view) {
    return view->sequence;
}

const muster_view_unit *muster_view_units(const muster_view *view, uint32_t *out_count) {
    *out_count = view->unit_count;
    return view->unit;
}

const muster_view_incident *muster_view_incidents(const muster_view *view, uint32_t *out_count) {
    *out_count = view->incident_count;
    return view->incident;
}

const muster_order *muster_view_orders(const muster_view *view, uint32_t *out_count) {
    *out_count = view->order_count;
    return view->order;
}

const muster_event_road *muster_view_roads(const muster_view *view, uint32_t *out_count) {
    *out_count = view->road_count;
    return view->road;
}

const muster_hazard *muster_view_hazards(const muster_view *view, uint32_t *out_count) {
    *out_count = view->hazard_count;
    return view->hazard;
}

const muster_event_rule *muster_view_rules(const muster_view *view, uint32_t *out_count) {
    *out_count = view->rule_count;
    return view->rule;
}
