/* A world that is too simple to be wrong: plain lists in which nothing is ever forgotten, and no sum is
 * kept. What is free, delivered or in the books is added up from all orders and movements there ever
 * were, whenever somebody asks. It is of the inventory of small_base.h. */
#ifndef TESTS_SUPPORT_WORLD_MODEL_H
#define TESTS_SUPPORT_WORLD_MODEL_H

#include "tests/support/small_base.h"

enum { MODEL_MOST = 2000, MODEL_ROWS = 3, MODEL_CODE = 24 };

typedef struct model_unit {
    bool     is_there, is_available;
    double   lon_deg, lat_deg;
    int64_t  seen_ms, status_ms, crew_ms, shift_ms;
    int64_t  count; /* as last told, or at the beginning */
    int64_t  moved; /* stock that came, less what left */
    int64_t  ready_ms, end_ms, duty_ms;
    uint32_t authority;
} model_unit;

typedef struct model_incident {
    char     code[MODEL_CODE];
    bool     is_open;
    double   lon_deg, lat_deg;
    uint8_t  severity;
    uint32_t authority;
    int64_t  updated_ms, needs_ms;
    int64_t  need[SMALL_KINDS];   /* 0: none */
    int64_t  before[SMALL_KINDS]; /* handed over when it was not needed (yet) */
} model_incident;

typedef struct model_order {
    uint8_t            resource, state;
    uint32_t           unit, incident, kind; /* kind MUSTER_NONE: a trip */
    int64_t            quantity;
    uint64_t           trip;      /* a number, 0: none */
    uint32_t           warehouse; /* of a trip: its stock row */
    bool               is_loaded, is_handed_over;
    int64_t            changed_ms;
    muster_claim_state claim;
} model_order;

typedef struct model_rule {
    char     code[MODEL_CODE];
    uint8_t  command, resource;
    uint32_t unit, incident;
    int64_t  quantity, told_ms;
    bool     holds;
} model_rule;

/* A road or a hazard that is, or was. */
typedef struct model_place {
    char    code[MODEL_CODE];
    bool    is_there;
    int64_t told_ms, ended_ms;
} model_place;

typedef struct world_model {
    model_unit unit[MUSTER_RESOURCE_COUNT][MODEL_ROWS];
    uint32_t   incident_count, order_count, rule_count, road_count, hazard_count, lifted_count,
        id_count;
    model_incident incident[MODEL_MOST];
    model_order    order[MODEL_MOST]; /* number less 1 */
    model_rule     rule[MODEL_MOST];
    model_place    road[MODEL_MOST], hazard[MODEL_MOST], lifted[MODEL_MOST]; /* rules */
    char           id[2 * MODEL_MOST][MODEL_CODE];
} world_model;

/* ---- the inventory --------------------------------------------------------------------------- */

static inline void model_begin(world_model *m, const mu_world *w) {
    memset(m, 0, sizeof *m);
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < w->base->unit_count[r]; ++u) {
            m->unit[r][u] = (model_unit){.is_there     = true,
                                         .is_available = true,
                                         .lon_deg      = w->unit[r][u].lon_deg,
                                         .lat_deg      = w->unit[r][u].lat_deg,
                                         .count        = w->unit[r][u].quantity,
                                         .authority    = w->base->unit[r][u].authority};
        }
    }
}

static inline bool model_is_over(uint32_t above, uint32_t below) {
    if (above == MUSTER_NONE || below == MUSTER_NONE || above == below) return true;
    const uint32_t parent = SMALL_AUTHORITY[below].parent;
    return parent != MUSTER_NONE && model_is_over(above, parent);
}

/* The lowest authority that is over both, if the incident's own is not over the unit. */
static inline uint32_t model_consent(uint32_t unit, uint32_t incident) {
    uint32_t best = MUSTER_NONE;
    if (unit == MUSTER_NONE || incident == MUSTER_NONE || model_is_over(incident, unit)) {
        return MUSTER_NONE;
    }
    for (uint32_t a = 0; a < SMALL_AUTHORITIES; ++a) {
        if (!model_is_over(a, unit) || !model_is_over(a, incident)) continue;
        if (best == MUSTER_NONE || SMALL_AUTHORITY[a].level < SMALL_AUTHORITY[best].level) best = a;
    }
    return best;
}

static inline bool model_can_serve(uint8_t resource, uint32_t unit, uint32_t kind) {
    static const uint32_t VEHICLE[] = {SMALL_AMBULANCE, SMALL_TRUCK};
    static const uint32_t STOCK[]   = {SMALL_SANDBAG, SMALL_TENT, SMALL_SANDBAG};
    if (resource == MUSTER_PEOPLE) {
        return kind == SMALL_RESCUE || (kind == SMALL_MEDICAL && unit != 1);
    }
    if (resource == MUSTER_VEHICLE) return VEHICLE[unit] == kind;
    return resource == MUSTER_MACHINE ? kind == SMALL_PUMP : STOCK[unit] == kind;
}

/* Rows 0 and 1 are of warehouse W-1. */
static inline bool model_is_same_warehouse(uint32_t a, uint32_t b) {
    return (a == 2) == (b == 2);
}

static inline bool model_is_counted(uint8_t resource) {
    return resource == MUSTER_MACHINE || resource == MUSTER_ITEM;
}

/* ---- sums ------------------------------------------------------------------------------------ */

static inline bool model_is_open(const model_order *o) {
    return o->state < MUSTER_ORDER_RELEASED;
}

static inline int64_t model_ordered(const world_model *m, uint8_t resource, uint32_t unit) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < m->order_count; ++i) {
        const model_order *o = &m->order[i];
        if (o->resource == resource && o->unit == unit && model_is_open(o) && !o->is_handed_over) {
            sum += o->quantity;
        }
    }
    return sum;
}

static inline int64_t model_quantity(const world_model *m, uint8_t resource, uint32_t unit) {
    int64_t sum = m->unit[resource][unit].count + m->unit[resource][unit].moved;
    for (uint32_t i = 0; resource == MUSTER_ITEM && i < m->order_count; ++i) {
        const model_order *o = &m->order[i];
        if (o->resource == MUSTER_ITEM && o->unit == unit && o->is_handed_over) sum -= o->quantity;
    }
    return sum;
}

/* All that was ever handed over there. */
static inline int64_t model_handed_over(const world_model *m, uint32_t incident, uint32_t kind) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < m->order_count; ++i) {
        const model_order *o = &m->order[i];
        if (o->is_handed_over && o->incident == incident && o->kind == kind) sum += o->quantity;
    }
    return sum;
}

static inline bool model_is_lock(const model_rule *r) {
    return r->holds && (r->command == MUSTER_COMMAND_LOCK || r->command == MUSTER_COMMAND_FORCE);
}

/* What a lock keeps back beside what is under orders for it. */
static inline int64_t model_kept(const world_model *m, const model_rule *r) {
    int64_t kept = r->quantity > 0 ? r->quantity : model_quantity(m, r->resource, r->unit);
    for (uint32_t i = 0; i < m->order_count; ++i) {
        const model_order *o = &m->order[i];
        if (o->resource == r->resource && o->unit == r->unit && o->incident == r->incident &&
            model_is_open(o) && !o->is_handed_over) {
            kept -= o->quantity;
        }
    }
    return kept > 0 ? kept : 0;
}

/* ---- changes of orders ------------------------------------------------------------------------ */

static inline void model_put(model_unit *u, double lon_deg, double lat_deg, int64_t ms) {
    if (ms < u->seen_ms) return;
    u->lon_deg = lon_deg;
    u->lat_deg = lat_deg;
    u->seen_ms = ms;
}

static inline void model_end_locks(world_model *m, const model_order *o, bool in_part) {
    for (uint32_t i = 0; i < m->rule_count; ++i) {
        model_rule *r = &m->rule[i];
        if (!model_is_lock(r) || r->resource != o->resource || r->unit != o->unit ||
            r->incident != o->incident) {
            continue;
        }
        if (in_part && r->quantity > o->quantity) {
            r->quantity -= o->quantity;
        } else {
            r->holds = false;
        }
    }
}

static inline void model_set_one(world_model *m, model_order *o, uint8_t state, int64_t ms) {
    const model_incident *i = &m->incident[o->incident];
    model_unit           *u = &m->unit[o->resource][o->unit];
    if (state == MUSTER_ORDER_ON_SCENE && !model_is_counted(o->resource)) {
        model_put(u, i->lon_deg, i->lat_deg, ms);
    }
    if (state == MUSTER_ORDER_LOADED && o->kind == MUSTER_NONE) {
        model_put(u, 120.7, 30.7, ms); /* both warehouses are there */
    }
    if (o->kind == MUSTER_NONE &&
        (state == MUSTER_ORDER_LOADED || state == MUSTER_ORDER_ON_SCENE)) {
        o->is_loaded = true;
    }
    if (state == MUSTER_ORDER_ON_SCENE && o->resource == MUSTER_ITEM) {
        model_end_locks(m, o, true);
        o->is_handed_over = true;
    }
    if (state == MUSTER_ORDER_RELEASED && o->resource != MUSTER_ITEM) model_end_locks(m, o, true);
    if (state >= MUSTER_ORDER_RELEASED && !o->is_handed_over) o->claim = MUSTER_CLAIM_STATE_NONE;
    o->state = state;
    if (ms > o->changed_ms) o->changed_ms = ms;
}

static inline void model_set(world_model *m, uint64_t number, uint8_t state, int64_t ms) {
    model_set_one(m, &m->order[number - 1], state, ms);
    for (uint32_t i = 0; i < m->order_count; ++i) {
        if (m->order[i].trip == number) model_set_one(m, &m->order[i], state, ms);
    }
}

/* ---- finding ---------------------------------------------------------------------------------- */

static inline uint32_t model_find_incident(const world_model *m, const char *code) {
    uint32_t i = 0;
    while (i < m->incident_count && strcmp(m->incident[i].code, code) != 0) ++i;
    return i < m->incident_count ? i : MUSTER_NONE;
}

static inline model_place *model_find_place(model_place *list, uint32_t count, const char *code) {
    for (uint32_t i = 0; i < count; ++i) {
        if (strcmp(list[i].code, code) == 0) return &list[i];
    }
    return NULL;
}

static inline model_place *model_add_place(model_place *list, uint32_t *count, const char *code) {
    model_place *p = model_find_place(list, *count, code);
    if (p) return p;
    p = &list[(*count)++];
    snprintf(p->code, sizeof p->code, "%s", code);
    return p;
}

static inline model_rule *model_find_rule(world_model *m, const char *code) {
    for (uint32_t i = 0; i < m->rule_count; ++i) {
        if (m->rule[i].holds && strcmp(m->rule[i].code, code) == 0) return &m->rule[i];
    }
    return NULL;
}

#endif
